/* SPDX-License-Identifier: Apache-2.0 */
#include "store/users.h"

#include "store/scratch.h"

#include <sqlite3.h>

static const uint8_t everywhere[STORE_ID_LEN] = {0}, border[STORE_ID_LEN] = {1}, banks[STORE_ID_LEN] = {2};

static struct store_user user_of(const char *name, uint8_t key)
{
    struct store_user user = {.since_ms = 1000 + key};
    snprintf(user.name, sizeof user.name, "%s", name);
    memset(user.key_hash, key, sizeof user.key_hash);
    return user;
}

static struct store_role role_of(const char *user, const uint8_t compartment[STORE_ID_LEN], uint32_t role)
{
    struct store_role out = {.role = role, .since_ms = 5};
    snprintf(out.user, sizeof out.user, "%s", user);
    memcpy(out.compartment, compartment, STORE_ID_LEN);
    return out;
}

static void look(struct store *store, const char *user, const uint8_t compartment[STORE_ID_LEN], const char *subject)
{
    struct store_look row = {.time_ms = 7000, .user = user, .what = "record", .subject = subject, .why = "a test"};
    memcpy(row.compartment, compartment, STORE_ID_LEN);
    assert_ok(store_look_append(store, &row));
}

static void sql(struct scratch *scratch, const char *text)
{
    sqlite3 *database;
    char *message = NULL;
    assert_int_equal(SQLITE_OK, sqlite3_open(scratch->path, &database));
    if (sqlite3_exec(database, text, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", text, message);
    sqlite3_close(database);
}

struct lines {
    char text[512];
};

static void add_line(struct lines *lines, const char *format, ...) BASE_FORMAT(2, 3);
static void add_line(struct lines *lines, const char *format, ...)
{
    va_list arguments;
    size_t len = strlen(lines->text);
    va_start(arguments, format);
    vsnprintf(lines->text + len, sizeof lines->text - len, format, arguments);
    va_end(arguments);
}

static enum base_code list_user(void *context, const struct store_user *user)
{
    add_line(context, "%s %u %u %lld;", user->name, user->key_hash[31], user->state, (long long)user->since_ms);
    return BASE_OK;
}

static enum base_code list_role(void *context, const struct store_role *role)
{
    add_line(context, "%s %u %u;", role->user, role->compartment[0], role->role);
    return BASE_OK;
}

static enum base_code list_look(void *context, const struct store_look *row)
{
    add_line(context, "%llu %s %s;", (unsigned long long)row->number, row->user, row->subject);
    return BASE_OK;
}

static void users_are_added_once_found_and_changed(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    struct store_user mara = user_of("mara", 3), ilse = user_of("ilse", 4), found;
    struct lines lines = {""};
    uint64_t count;
    assert_fails(BASE_E_NOT_FOUND, store_user_find(store, "mara", &found));
    assert_fails(BASE_E_NOT_FOUND, store_user_change(store, &mara));
    assert_ok(store_users_count(store, &count));
    assert_int_equal(0, count);
    assert_ok(store_user_add(store, &mara));
    assert_ok(store_user_add(store, &ilse));
    mara.key_hash[31] = 9;
    assert_fails(BASE_E_EXISTS, store_user_add(store, &mara));
    assert_ok(store_user_find(store, "mara", &found));
    assert_int_equal(3, found.key_hash[31]);
    mara.state = 1;
    mara.since_ms = 77;
    assert_ok(store_user_change(store, &mara));
    assert_ok(store_users_each(store, list_user, &lines));
    assert_string_equal("ilse 4 0 1004;mara 9 1 77;", lines.text);
    assert_ok(store_users_count(store, &count));
    assert_int_equal(2, count);
}

static void roles_are_granted_to_users_only_and_revoked(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    struct store_user mara = user_of("mara", 3), ilse = user_of("ilse", 4);
    struct store_role role = role_of("nobody", border, 0);
    struct lines all = {""}, one = {""}, left = {""};
    assert_ok(store_user_add(store, &mara));
    assert_ok(store_user_add(store, &ilse));
    assert_fails(BASE_E_NOT_FOUND, store_role_grant(store, &role));
    const struct store_role roles[] = {role_of("mara", border, 2), role_of("mara", border, 0), role_of("mara", border, 0),
                                       role_of("ilse", everywhere, 3), role_of("mara", banks, 1)};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        assert_ok(store_role_grant(store, &roles[i]));
    assert_ok(store_roles_each(store, NULL, list_role, &all));
    assert_string_equal("ilse 0 3;mara 1 0;mara 1 2;mara 2 1;", all.text);
    assert_ok(store_roles_each(store, "ilse", list_role, &one));
    assert_string_equal("ilse 0 3;", one.text);
    assert_ok(store_role_revoke(store, "mara", border, 0));
    assert_fails(BASE_E_NOT_FOUND, store_role_revoke(store, "mara", border, 0));
    assert_fails(BASE_E_NOT_FOUND, store_role_revoke(store, "ilse", border, 3)); /* the role in all is another */
    assert_ok(store_roles_each(store, "mara", list_role, &left));
    assert_string_equal("mara 1 2;mara 2 1;", left.text);
}

static void looks_are_numbered_and_shown_newest_first(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    struct lines all = {""}, of_mara = {""}, of_border = {""}, newest = {""};
    look(store, "mara", border, "12");
    look(store, "ilse", banks, "13");
    look(store, "mara", everywhere, "14");
    assert_ok(store_looks_each(store, &(struct store_look_filter){0}, list_look, &all));
    assert_string_equal("3 mara 14;2 ilse 13;1 mara 12;", all.text);
    assert_ok(store_looks_each(store, &(struct store_look_filter){.user = "mara"}, list_look, &of_mara));
    assert_string_equal("3 mara 14;1 mara 12;", of_mara.text);
    assert_ok(store_looks_each(store, &(struct store_look_filter){.compartment = border}, list_look, &of_border));
    assert_string_equal("1 mara 12;", of_border.text);
    assert_ok(store_looks_each(store, &(struct store_look_filter){.limit = 2}, list_look, &newest));
    assert_string_equal("3 mara 14;2 ilse 13;", newest.text);
}

static void a_look_that_is_too_long_is_refused_whole(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    char text[STORE_LOOK_WHY_MAX + 2];
    struct store_looks_head head;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = 0;
    struct store_look row = {.user = "mara", .what = "record", .subject = "1", .why = text};
    assert_fails(BASE_E_LIMIT, store_look_append(store, &row));
    row.why = text + 1;
    row.subject = text + sizeof text - 1 - STORE_LOOK_SUBJECT_MAX - 1;
    assert_fails(BASE_E_LIMIT, store_look_append(store, &row));
    row.subject++;
    row.what = text + sizeof text - 1 - STORE_LOOK_WHAT_MAX - 1;
    assert_fails(BASE_E_LIMIT, store_look_append(store, &row));
    row.what++;
    assert_ok(store_look_append(store, &row));
    assert_ok(store_looks_check(store, NULL, &head));
    assert_int_equal(1, head.number);
}

static void a_look_in_a_transaction_goes_with_it(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    struct store_looks_head head;
    assert_ok(store_begin(store));
    look(store, "mara", border, "1");
    assert_true(store_is_in_transaction(store));
    store_rollback(store);
    assert_ok(store_looks_check(store, NULL, &head));
    assert_int_equal(0, head.number);
    assert_ok(store_begin(store));
    look(store, "mara", border, "1");
    look(store, "mara", border, "2");
    assert_ok(store_commit(store));
    assert_ok(store_looks_check(store, NULL, &head));
    assert_int_equal(2, head.number);
}

/* What somebody did to four looks, and the number of the row that shows it. */
static void tampering_shows(void **state)
{
    static const struct {
        const char *sql;
        const char *detail;
    } cases[] = {
        {"DELETE FROM looks WHERE number=2", "look 2 is missing"},
        {"DELETE FROM looks WHERE number=1", "look 1 is missing"},
        {"DELETE FROM looks WHERE number=4", "look 4 is missing"},
        {"DELETE FROM looks", "look 1 is missing"},
        {"DELETE FROM looks WHERE number=2; UPDATE looks SET number=number-1 WHERE number>2", "look 2 is not as it was written"},
        {"UPDATE looks SET why='b test' WHERE number=3", "look 3 is not as it was written"},
        {"UPDATE looks SET user='ilse' WHERE number=1", "look 1 is not as it was written"},
        {"UPDATE looks SET subject='9' WHERE number=4", "look 4 is not as it was written"},
        {"UPDATE looks SET what='hits' WHERE number=4", "look 4 is not as it was written"},
        {"UPDATE looks SET time_ms=time_ms+1 WHERE number=2", "look 2 is not as it was written"},
        {"UPDATE looks SET compartment=zeroblob(16) WHERE number=2", "look 2 is not as it was written"},
        /* moved from one field to the next: the same letters in the same order */
        {"UPDATE looks SET what='recor', subject='d2' WHERE number=2", "look 2 is not as it was written"},
        {"UPDATE looks SET number=99 WHERE number=2; UPDATE looks SET number=2 WHERE number=3; UPDATE looks SET number=3 WHERE number=99",
         "look 2 is not as it was written"},
        {"INSERT INTO looks SELECT 5, time_ms, user, compartment, what, subject, why, chain FROM looks WHERE number=4",
         "look 5 is not as it was written"},
        {"UPDATE looks SET chain=zeroblob(32) WHERE number=4", "look 4 is not as it was written"},
        {"UPDATE looks SET chain=x'00' WHERE number=4", "a value of 1 bytes where 32 belong"},
        {"UPDATE looks SET why='a test'||char(0)||'more' WHERE number=2", "look 2 has a text that nobody wrote so"},
        {"UPDATE settings SET value=zeroblob(39) WHERE name='looks-head'", "the head of the looks is not of its form"},
        {"DELETE FROM settings WHERE name='looks-head'", "look 4 is not the newest that was written"},
    };
    struct scratch *scratch = *state;
    struct store_looks_head head;
    for (unsigned i = 1; i <= 4; i++) {
        char subject[8];
        snprintf(subject, sizeof subject, "%u", i);
        look(scratch->store, "mara", border, subject);
    }
    sql(scratch, "CREATE TABLE kept_looks AS SELECT * FROM looks; CREATE TABLE kept_head AS SELECT * FROM settings WHERE name='looks-head'");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_ok(store_looks_check(scratch->store, NULL, &head));
        assert_int_equal(4, head.number);
        sql(scratch, cases[i].sql);
        assert_fails(BASE_E_CORRUPT, store_looks_check(scratch->store, NULL, &head));
        assert_string_equal(cases[i].detail, base_detail());
        sql(scratch, "DELETE FROM looks; INSERT INTO looks SELECT * FROM kept_looks;"
                     "DELETE FROM settings WHERE name='looks-head'; INSERT INTO settings SELECT * FROM kept_head");
    }
}

/* Who may write the file can make the whole log anew: only a head that was noted outside shows it. */
static void a_log_made_anew_does_not_meet_a_head_that_was_noted(void **state)
{
    struct scratch *scratch = *state;
    struct store_looks_head noted, later;
    look(scratch->store, "mara", border, "1");
    look(scratch->store, "mara", border, "2");
    assert_ok(store_looks_check(scratch->store, NULL, &noted));
    look(scratch->store, "mara", border, "3");
    assert_ok(store_looks_check(scratch->store, &noted, &later));
    assert_int_equal(3, later.number);
    sql(scratch, "DELETE FROM looks; DELETE FROM settings WHERE name='looks-head'");
    look(scratch->store, "mara", border, "1");
    assert_ok(store_looks_check(scratch->store, NULL, &later));
    assert_fails(BASE_E_CORRUPT, store_looks_check(scratch->store, &noted, &later));
    assert_string_equal("look 2 is missing", base_detail());
    look(scratch->store, "ilse", border, "2");
    look(scratch->store, "mara", border, "3");
    assert_ok(store_looks_check(scratch->store, NULL, &later));
    assert_fails(BASE_E_CORRUPT, store_looks_check(scratch->store, &noted, &later));
    assert_string_equal("look 2 is not the one that was noted: the log was made anew", base_detail());
}

/* The first chain, computed by hand from doc/spec/users.md 5.2. */
static void the_chain_is_what_the_page_says(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    static const uint8_t expected[STORE_CHAIN_LEN] = {0xfd, 0x39, 0x82, 0xd3, 0x8e, 0x71, 0xeb, 0xe2, 0x1e, 0x25, 0x34, 0xbe, 0xd4, 0x03, 0x29, 0xce,
                                                       0x9c, 0x11, 0x4a, 0xb8, 0x76, 0x95, 0x29, 0x14, 0xd1, 0x09, 0x76, 0xf4, 0xe2, 0xd9, 0xf6, 0xd6};
    struct store_looks_head head;
    look(store, "mara", border, "12");
    assert_ok(store_looks_check(store, NULL, &head));
    assert_memory_equal(expected, head.chain, STORE_CHAIN_LEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(users_are_added_once_found_and_changed),
        SCRATCH_TEST(roles_are_granted_to_users_only_and_revoked),
        SCRATCH_TEST(looks_are_numbered_and_shown_newest_first),
        SCRATCH_TEST(a_look_that_is_too_long_is_refused_whole),
        SCRATCH_TEST(a_look_in_a_transaction_goes_with_it),
        SCRATCH_TEST(tampering_shows),
        SCRATCH_TEST(a_log_made_anew_does_not_meet_a_head_that_was_noted),
        SCRATCH_TEST(the_chain_is_what_the_page_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
