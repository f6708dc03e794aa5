/* SPDX-License-Identifier: Apache-2.0 */
#include "node/users.h"

#include "crypto/text.h"
#include "fixture.h"

static const struct exchange_id border = {{1}}, banks = {{2}};

static struct node_user owner_of(struct store *store)
{
    struct node_user owner;
    assert_ok(node_user_owner(store, &owner));
    assert_true(owner.is_owner);
    assert_string_equal("owner", owner.name);
    return owner;
}

/* A user with one role, made by the owner; their key's text. */
static struct node_user user_with(struct store *store, const char *name, const struct exchange_id *compartment, enum node_role role,
                                  char key[NODE_USER_KEY_TEXT_LEN + 1])
{
    struct base_random random = base_random_system();
    struct node_user owner = owner_of(store), user;
    assert_ok(node_user_add(store, &owner, name, &random, 1000, key));
    assert_ok(node_user_grant(store, &owner, name, compartment, role, 1000));
    assert_ok(node_user_of_key(store, base_bytes_text(key), &user));
    assert_string_equal(name, user.name);
    assert_false(user.is_owner);
    return user;
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    fixture_parties(fixture, "127.0.0.1:4711", "127.0.0.1:4712");
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    fixture_release(*state);
    free(*state);
    return 0;
}

static struct store *store_of(void **state)
{
    return ((struct fixture *)*state)->sides[HERE].party->store;
}

static void the_owner_may_do_everything_until_there_is_a_user(void **state)
{
    struct store *store = store_of(state);
    char key[NODE_USER_KEY_TEXT_LEN + 1];
    struct node_user owner = owner_of(store);
    for (unsigned role = 0; role < NODE_ROLE_COUNT; role++)
        assert_ok(node_user_check(store, &owner, &border, NODE_MAY(role)));
    user_with(store, "mara", &border, NODE_ROLE_ANALYST, key);
    assert_ok(node_user_check(store, &owner, &border, NODE_MAY(NODE_ROLE_ADMINISTRATOR)));
    assert_ok(node_user_check(store, &owner, &node_every_compartment, NODE_MAY(NODE_ROLE_ADMINISTRATOR)));
    for (unsigned role = 0; role < NODE_ROLE_ADMINISTRATOR; role++)
        assert_fails(BASE_E_ROLE, node_user_check(store, &owner, &border, NODE_MAY(role)));
    assert_non_null(strstr(base_detail(), "auditor"));
    assert_non_null(strstr(base_detail(), "administrator only"));
    assert_true(node_user_sees(store, &owner, &border));
    assert_ok(node_user_disable(store, &owner, "mara", 2000)); /* a disabled user still is one */
    assert_fails(BASE_E_ROLE, node_user_check(store, &owner, &border, NODE_MAY(NODE_ROLE_ANALYST)));
}

static void a_role_counts_in_its_compartment_only(void **state)
{
    struct store *store = store_of(state);
    char key[NODE_USER_KEY_TEXT_LEN + 1];
    struct node_user mara = user_with(store, "mara", &border, NODE_ROLE_ANALYST, key);
    assert_ok(node_user_check(store, &mara, &border, NODE_MAY(NODE_ROLE_ANALYST)));
    assert_ok(node_user_check(store, &mara, &border, NODE_MAY(NODE_ROLE_AUDITOR) | NODE_MAY(NODE_ROLE_ANALYST)));
    assert_ok(node_user_check(store, &mara, NULL, NODE_MAY(NODE_ROLE_ANALYST)));
    assert_true(node_user_sees(store, &mara, &border));
    assert_fails(BASE_E_ROLE, node_user_check(store, &mara, &banks, NODE_MAY_ANY));
    assert_false(node_user_sees(store, &mara, &banks));
    assert_fails(BASE_E_ROLE, node_user_check(store, &mara, &border, NODE_MAY(NODE_ROLE_RELEASER)));
    assert_string_equal("this takes the role releaser in this compartment", base_detail());
    assert_fails(BASE_E_ROLE, node_user_check(store, &mara, NULL, NODE_MAY(NODE_ROLE_RELEASER) | NODE_MAY(NODE_ROLE_ADMINISTRATOR)));
    assert_string_equal("this takes the role releaser or administrator in a compartment", base_detail());
    assert_fails(BASE_E_ROLE, node_user_check(store, &mara, &node_every_compartment, NODE_MAY(NODE_ROLE_ANALYST)));
    assert_string_equal("this takes the role analyst for all compartments", base_detail());
}

static void a_role_in_all_compartments_counts_in_each(void **state)
{
    struct store *store = store_of(state);
    char key[NODE_USER_KEY_TEXT_LEN + 1];
    struct node_user ilse = user_with(store, "ilse", &node_every_compartment, NODE_ROLE_AUDITOR, key), owner = owner_of(store);
    assert_ok(node_user_check(store, &ilse, &border, NODE_MAY(NODE_ROLE_AUDITOR)));
    assert_ok(node_user_check(store, &ilse, &node_every_compartment, NODE_MAY(NODE_ROLE_AUDITOR)));
    assert_ok(node_user_check(store, &ilse, NULL, NODE_MAY(NODE_ROLE_AUDITOR)));
    assert_true(node_user_sees(store, &ilse, &banks));
    assert_ok(node_user_revoke(store, &owner, "ilse", &node_every_compartment, NODE_ROLE_AUDITOR, 2000));
    assert_false(node_user_sees(store, &ilse, &banks));
    assert_fails(BASE_E_ROLE, node_user_check(store, &ilse, NULL, NODE_MAY_ANY));
}

static void keys_that_are_wrong_open_nothing(void **state)
{
    struct store *store = store_of(state);
    char mara[NODE_USER_KEY_TEXT_LEN + 1], ilse[NODE_USER_KEY_TEXT_LEN + 1], text[NODE_USER_KEY_TEXT_LEN + 3];
    struct node_user user;
    user_with(store, "mara", &border, NODE_ROLE_ANALYST, mara);
    user_with(store, "ilse", &border, NODE_ROLE_AUDITOR, ilse);
    assert_string_not_equal(mara, ilse);
    for (size_t i = 13; i < NODE_USER_KEY_TEXT_LEN; i++) { /* any one digit */
        memcpy(text, mara, sizeof mara);
        text[i] = text[i] == '0' ? '1' : '0';
        assert_fails(BASE_E_KEY, node_user_of_key(store, base_bytes_text(text), &user));
        assert_string_equal("", user.name);
        assert_false(user.is_owner);
    }
    snprintf(text, sizeof text, "%s\n", mara);
    assert_ok(node_user_of_key(store, base_bytes_text(text), &user));
    assert_string_equal("mara", user.name);
    snprintf(text, sizeof text, "%s\n\n", mara);
    assert_fails(BASE_E_FORMAT, node_user_of_key(store, base_bytes_text(text), &user));
    assert_fails(BASE_E_FORMAT, node_user_of_key(store, base_bytes_text(mara + 1), &user));
    assert_fails(BASE_E_FORMAT, node_user_of_key(store, base_bytes_text(mara + 13), &user));
    assert_fails(BASE_E_FORMAT, node_user_of_key(store, base_bytes_text(""), &user));
    assert_fails(BASE_E_FORMAT, node_user_of_key(store, base_bytes_of(NULL, 0), &user));
    memcpy(text, mara, sizeof mara);
    text[0] = 'E';
    assert_fails(BASE_E_FORMAT, node_user_of_key(store, base_bytes_text(text), &user));
    memcpy(text, mara, sizeof mara);
    text[20] = 'g';
    assert_fails(BASE_E_FORMAT, node_user_of_key(store, base_bytes_text(text), &user));
}

static void the_store_has_no_key(void **state)
{
    struct store *store = store_of(state);
    struct fixture *fixture = *state;
    char key[NODE_USER_KEY_TEXT_LEN + 1], path[128];
    struct base_buffer file = BASE_BUFFER_EMPTY;
    uint8_t bytes[32];
    user_with(store, "mara", &border, NODE_ROLE_ANALYST, key);
    assert_ok(crypto_hex_decode(base_bytes_of(key + 13, 64), bytes, sizeof bytes));
    for (unsigned i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/entente.db%s", fixture->sides[HERE].home, i == 0 ? "" : "-wal");
        base_buffer_clear(&file);
        assert_ok(base_file_read(path, 64 << 20, &file));
        assert_null(memmem(file.data, file.len, bytes, sizeof bytes));
        assert_null(memmem(file.data, file.len, key + 13, 64));
    }
    base_buffer_release(&file);
}

static void a_disabled_user_and_a_replaced_key_open_nothing(void **state)
{
    struct store *store = store_of(state);
    struct base_random random = base_random_system();
    char first[NODE_USER_KEY_TEXT_LEN + 1], second[NODE_USER_KEY_TEXT_LEN + 1];
    struct node_user mara = user_with(store, "mara", &border, NODE_ROLE_ANALYST, first), owner = owner_of(store), found;
    assert_ok(node_user_disable(store, &owner, "mara", 2000));
    assert_fails(BASE_E_KEY, node_user_of_key(store, base_bytes_text(first), &found));
    assert_fails(BASE_E_KEY, node_user_check(store, &mara, &border, NODE_MAY(NODE_ROLE_ANALYST))); /* one that was told apart before */
    assert_false(node_user_sees(store, &mara, &border));
    assert_ok(node_user_new_key(store, &owner, "mara", &random, 3000, second));
    assert_fails(BASE_E_KEY, node_user_of_key(store, base_bytes_text(first), &found));
    assert_ok(node_user_of_key(store, base_bytes_text(second), &found));
    assert_ok(node_user_check(store, &found, &border, NODE_MAY(NODE_ROLE_ANALYST))); /* the roles stay */
    assert_fails(BASE_E_NOT_FOUND, node_user_disable(store, &owner, "nobody", 1));
    assert_fails(BASE_E_NOT_FOUND, node_user_new_key(store, &owner, "nobody", &random, 1, second));
    assert_fails(BASE_E_NOT_FOUND, node_user_grant(store, &owner, "nobody", &border, NODE_ROLE_ANALYST, 1));
}

static void names_are_taken_once_and_owner_never(void **state)
{
    struct store *store = store_of(state);
    struct base_random random = base_random_system();
    char key[NODE_USER_KEY_TEXT_LEN + 1];
    struct node_user owner = owner_of(store);
    assert_fails(BASE_E_ARGUMENT, node_user_add(store, &owner, "owner", &random, 1, key));
    assert_fails(BASE_E_ARGUMENT, node_user_add(store, &owner, "two words", &random, 1, key));
    assert_fails(BASE_E_ARGUMENT, node_user_add(store, &owner, "", &random, 1, key));
    assert_ok(node_user_add(store, &owner, "mara", &random, 1, key));
    assert_fails(BASE_E_EXISTS, node_user_add(store, &owner, "mara", &random, 1, key));
    assert_int_equal(0, key[0]); /* no key of a user that is not there */
}

static void administrators_manage_others_where_they_are_administrators(void **state)
{
    struct store *store = store_of(state);
    struct base_random random = base_random_system();
    char key[NODE_USER_KEY_TEXT_LEN + 1];
    struct node_user local = user_with(store, "local", &border, NODE_ROLE_ADMINISTRATOR, key);
    struct node_user central = user_with(store, "central", &node_every_compartment, NODE_ROLE_ADMINISTRATOR, key);
    struct node_user mara = user_with(store, "mara", &border, NODE_ROLE_ANALYST, key);
    assert_ok(node_user_grant(store, &local, "mara", &border, NODE_ROLE_RELEASER, 2));
    assert_ok(node_user_revoke(store, &local, "mara", &border, NODE_ROLE_RELEASER, 2));
    assert_fails(BASE_E_ROLE, node_user_grant(store, &local, "mara", &banks, NODE_ROLE_ANALYST, 2));
    assert_fails(BASE_E_ROLE, node_user_grant(store, &local, "mara", &node_every_compartment, NODE_ROLE_ANALYST, 2));
    assert_fails(BASE_E_ROLE, node_user_add(store, &local, "ilse", &random, 2, key));
    assert_fails(BASE_E_ROLE, node_user_disable(store, &local, "mara", 2));
    assert_fails(BASE_E_ROLE, node_user_new_key(store, &local, "mara", &random, 2, key));
    assert_fails(BASE_E_ROLE, node_user_grant(store, &mara, "local", &border, NODE_ROLE_ANALYST, 2));
    assert_ok(node_user_add(store, &central, "ilse", &random, 2, key));
    assert_ok(node_user_grant(store, &central, "ilse", &banks, NODE_ROLE_AUDITOR, 2));
    assert_fails(BASE_E_ROLE, node_user_grant(store, &central, "central", &banks, NODE_ROLE_ANALYST, 2));
    assert_string_equal("nobody changes what they may do themselves: ask another administrator", base_detail());
    assert_ok(node_user_disable(store, &central, "local", 2));
}

struct lines {
    char text[1024];
};

static enum base_code list_look(void *context, const struct store_look *look)
{
    struct lines *lines = context;
    size_t len = strlen(lines->text);
    snprintf(lines->text + len, sizeof lines->text - len, "%s %u %s %s (%s);", look->user, look->compartment[0], look->what, look->subject, look->why);
    return BASE_OK;
}

static void what_is_done_to_users_is_kept_too(void **state)
{
    struct store *store = store_of(state);
    struct base_random random = base_random_system();
    char key[NODE_USER_KEY_TEXT_LEN + 1];
    struct node_user owner = owner_of(store);
    struct lines lines = {""};
    struct store_looks_head head;
    user_with(store, "mara", &border, NODE_ROLE_ANALYST, key);
    assert_ok(node_user_grant(store, &owner, "mara", &node_every_compartment, NODE_ROLE_AUDITOR, 2));
    assert_ok(node_user_revoke(store, &owner, "mara", &border, NODE_ROLE_ANALYST, 2));
    assert_fails(BASE_E_NOT_FOUND, node_user_revoke(store, &owner, "mara", &border, NODE_ROLE_ANALYST, 2)); /* and is not kept */
    assert_ok(node_user_new_key(store, &owner, "mara", &random, 2, key));
    assert_ok(node_user_disable(store, &owner, "mara", 2));
    assert_ok(store_looks_each(store, &(struct store_look_filter){0}, list_look, &lines));
    assert_string_equal("owner 0 user-disable mara ();owner 0 user-new-key mara ();owner 1 user-revoke mara analyst ();"
                        "owner 0 user-grant mara auditor * ();owner 1 user-grant mara analyst ();owner 0 user-add mara ();",
                        lines.text);
    assert_ok(store_looks_check(store, NULL, &head));
    assert_int_equal(6, head.number);
}

static void a_look_needs_a_reason_once_there_are_users(void **state)
{
    struct store *store = store_of(state);
    char key[NODE_USER_KEY_TEXT_LEN + 1];
    struct node_user owner = owner_of(store);
    struct lines lines = {""};
    assert_ok(node_look(store, &owner, NULL, "record", "12", NULL, 5));
    struct node_user mara = user_with(store, "mara", &border, NODE_ROLE_ANALYST, key);
    assert_fails(BASE_E_ARGUMENT, node_look(store, &mara, &border, "record", "12", NULL, 5));
    assert_fails(BASE_E_ARGUMENT, node_look(store, &mara, &border, "record", "12", "ab", 5));
    assert_fails(BASE_E_ARGUMENT, node_look(store, &mara, &border, "record", "12", "é é", 5)); /* characters, not bytes or blanks */
    assert_fails(BASE_E_ENCODING, node_look(store, &mara, &border, "record", "12", "abc\xff", 5));
    assert_fails(BASE_E_ENCODING, node_look(store, &mara, &border, "record", "1\xc3", "case 7", 5));
    assert_ok(node_look(store, &mara, &border, "record", "12", "é é é", 5));
    assert_ok(store_looks_each(store, &(struct store_look_filter){.limit = 1}, list_look, &lines));
    assert_string_equal("mara 1 record 12 (é é é);", lines.text);
}

static void a_request_gives_its_key_away(void **state)
{
    struct store *store = store_of(state);
    char key[NODE_USER_KEY_TEXT_LEN + 1];
    struct node_user user;
    user_with(store, "mara", &border, NODE_ROLE_ANALYST, key);
    json_t *request = json_pack("{s:s, s:s}", "do", "status", "user_key", key);
    assert_ok(node_user_of_request(store, request, &user));
    assert_string_equal("mara", user.name);
    assert_null(json_object_get(request, "user_key"));
    assert_int_equal(1, json_object_size(request));
    assert_ok(node_user_of_request(store, request, &user));
    assert_true(user.is_owner);
    assert_int_equal(0, json_object_set_new(request, "user_key", json_integer(7)));
    assert_fails(BASE_E_ARGUMENT, node_user_of_request(store, request, &user));
    assert_int_equal(0, json_object_set_new(request, "user_key", json_null()));
    assert_fails(BASE_E_ARGUMENT, node_user_of_request(store, request, &user));
    assert_int_equal(0, json_object_set_new(request, "user_key", json_string("")));
    assert_fails(BASE_E_FORMAT, node_user_of_request(store, request, &user));
    assert_int_equal(0, json_object_set_new(request, "user_key", json_stringn("entente-user-\0", 14)));
    assert_fails(BASE_E_FORMAT, node_user_of_request(store, request, &user));
    assert_null(json_object_get(request, "user_key"));
    json_decref(request);
}

#define PARTY_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PARTY_TEST(the_owner_may_do_everything_until_there_is_a_user),
        PARTY_TEST(a_role_counts_in_its_compartment_only),
        PARTY_TEST(a_role_in_all_compartments_counts_in_each),
        PARTY_TEST(keys_that_are_wrong_open_nothing),
        PARTY_TEST(the_store_has_no_key),
        PARTY_TEST(a_disabled_user_and_a_replaced_key_open_nothing),
        PARTY_TEST(names_are_taken_once_and_owner_never),
        PARTY_TEST(administrators_manage_others_where_they_are_administrators),
        PARTY_TEST(what_is_done_to_users_is_kept_too),
        PARTY_TEST(a_look_needs_a_reason_once_there_are_users),
        PARTY_TEST(a_request_gives_its_key_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
