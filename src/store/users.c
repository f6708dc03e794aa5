/* SPDX-License-Identifier: Apache-2.0 */
#include "store/users.h"

#include "crypto/hash.h"
#include "store/sql.h"

#include <string.h>

static const char head_setting[] = "looks-head";

enum { HEAD_LEN = 8 + STORE_CHAIN_LEN };

static struct store_value id_value(const uint8_t id[STORE_ID_LEN])
{
    return store_blob(id, STORE_ID_LEN);
}

/* Users */

enum base_code store_user_add(struct store *store, const struct store_user *user)
{
    int changes = 0;
    BASE_TRY(store_run(store, "INSERT INTO users VALUES(?,?,?,?) ON CONFLICT(name) DO NOTHING",
                       STORE_VALUES(store_text(user->name), store_blob(user->key_hash, sizeof user->key_hash),
                                    store_int(user->state), store_int(user->since_ms)),
                       &changes));
    return changes == 1 ? BASE_OK : base_fail(BASE_E_EXISTS, "there is a user of that name already");
}

enum base_code store_user_change(struct store *store, const struct store_user *user)
{
    int changes = 0;
    BASE_TRY(store_run(store, "UPDATE users SET key=?, state=?, since_ms=? WHERE name=?",
                       STORE_VALUES(store_blob(user->key_hash, sizeof user->key_hash), store_int(user->state),
                                    store_int(user->since_ms), store_text(user->name)),
                       &changes));
    return changes == 1 ? BASE_OK : base_fail(BASE_E_NOT_FOUND, "there is no such user");
}

static enum base_code read_user(const struct store_query *query, struct store_user *out)
{
    *out = (struct store_user){.state = (uint32_t)store_column_int(query, 2), .since_ms = store_column_int(query, 3)};
    store_column_text(query, 0, out->name, sizeof out->name);
    return store_column_copy(query, 1, out->key_hash, sizeof out->key_hash);
}

enum base_code store_user_find(struct store *store, const char *name, struct store_user *out)
{
    struct store_query query;
    bool has_row;
    BASE_TRY(store_query_begin(store, "SELECT name, key, state, since_ms FROM users WHERE name=?", STORE_VALUES(store_text(name)), &query));
    enum base_code code = store_query_step(&query, &has_row);
    if (code == BASE_OK)
        code = has_row ? read_user(&query, out) : base_fail(BASE_E_NOT_FOUND, "there is no such user");
    store_query_end(&query);
    return code;
}

enum base_code store_users_each(struct store *store, store_user_visit *visit, void *context)
{
    struct store_query query;
    struct store_user user;
    bool has_row = false;
    BASE_TRY(store_query_begin(store, "SELECT name, key, state, since_ms FROM users ORDER BY name", NULL, 0, &query));
    enum base_code code;
    while ((code = store_query_step(&query, &has_row)) == BASE_OK && has_row)
        if ((code = read_user(&query, &user)) != BASE_OK || (code = visit(context, &user)) != BASE_OK)
            break;
    store_query_end(&query);
    return code;
}

enum base_code store_users_count(struct store *store, uint64_t *count)
{
    int64_t number;
    BASE_TRY(store_number(store, "SELECT COUNT(*) FROM users", NULL, 0, &number));
    *count = (uint64_t)number;
    return BASE_OK;
}

/* Roles */

enum base_code store_role_grant(struct store *store, const struct store_role *role)
{
    struct store_user user;
    BASE_TRY(store_user_find(store, role->user, &user));
    return store_run(store, "INSERT INTO roles VALUES(?,?,?,?) ON CONFLICT(user, compartment, role) DO NOTHING",
                     STORE_VALUES(store_text(role->user), id_value(role->compartment), store_int(role->role), store_int(role->since_ms)), NULL);
}

enum base_code store_role_revoke(struct store *store, const char *user, const uint8_t compartment[STORE_ID_LEN], uint32_t role)
{
    int changes = 0;
    BASE_TRY(store_run(store, "DELETE FROM roles WHERE user=? AND compartment=? AND role=?",
                       STORE_VALUES(store_text(user), id_value(compartment), store_int(role)), &changes));
    return changes == 1 ? BASE_OK : base_fail(BASE_E_NOT_FOUND, "the user does not have this role there");
}

enum base_code store_roles_each(struct store *store, const char *user, store_role_visit *visit, void *context)
{
    struct store_query query;
    bool has_row = false;
    BASE_TRY(store_query_begin(store,
                               "SELECT user, compartment, role, since_ms FROM roles WHERE ?='' OR user=?"
                               " ORDER BY user, compartment, role",
                               STORE_VALUES(store_text(user == NULL ? "" : user), store_text(user == NULL ? "" : user)), &query));
    enum base_code code;
    while ((code = store_query_step(&query, &has_row)) == BASE_OK && has_row) {
        struct store_role role = {.role = (uint32_t)store_column_int(&query, 2), .since_ms = store_column_int(&query, 3)};
        store_column_text(&query, 0, role.user, sizeof role.user);
        if ((code = store_column_copy(&query, 1, role.compartment, STORE_ID_LEN)) != BASE_OK || (code = visit(context, &role)) != BASE_OK)
            break;
    }
    store_query_end(&query);
    return code;
}

/* Looks */

static void put_u64(uint64_t number, uint8_t out[8])
{
    for (int i = 0; i < 8; i++)
        out[i] = (uint8_t)(number >> (56 - 8 * i));
}

static uint64_t get_u64(const uint8_t bytes[8])
{
    uint64_t number = 0;
    for (int i = 0; i < 8; i++)
        number = number << 8 | bytes[i];
    return number;
}

/* doc/spec/users.md 5.2 */
static void chain_of(const uint8_t before[STORE_CHAIN_LEN], const struct store_look *look, uint8_t out[STORE_CHAIN_LEN])
{
    uint8_t number[8], time[8];
    struct crypto_hash hash;
    put_u64(look->number, number);
    put_u64((uint64_t)look->time_ms, time);
    const struct base_bytes parts[] = {base_bytes_of(before, STORE_CHAIN_LEN),
                                       base_bytes_of(number, sizeof number),
                                       base_bytes_of(time, sizeof time),
                                       base_bytes_text(look->user),
                                       base_bytes_of(look->compartment, STORE_ID_LEN),
                                       base_bytes_text(look->what),
                                       base_bytes_text(look->subject),
                                       base_bytes_text(look->why)};
    crypto_hash_domain("entente/store/look/v1", parts, sizeof parts / sizeof *parts, &hash);
    memcpy(out, hash.bytes, STORE_CHAIN_LEN);
}

static enum base_code read_head(struct store *store, struct store_looks_head *out)
{
    struct base_buffer value = BASE_BUFFER_EMPTY;
    *out = (struct store_looks_head){0};
    enum base_code code = store_setting_get(store, head_setting, &value);
    if (code == BASE_OK && value.len == HEAD_LEN) {
        out->number = get_u64(value.data);
        memcpy(out->chain, value.data + 8, STORE_CHAIN_LEN);
    } else if (code == BASE_OK) {
        code = base_fail(BASE_E_CORRUPT, "the head of the looks is not of its form");
    }
    base_buffer_release(&value);
    return code == BASE_E_NOT_FOUND ? BASE_OK : code;
}

static enum base_code write_head(struct store *store, const struct store_looks_head *head)
{
    uint8_t value[HEAD_LEN];
    put_u64(head->number, value);
    memcpy(value + 8, head->chain, STORE_CHAIN_LEN);
    return store_setting_put(store, head_setting, base_bytes_of(value, sizeof value));
}

static enum base_code append(struct store *store, struct store_look *look)
{
    struct store_looks_head head;
    BASE_TRY(read_head(store, &head));
    look->number = head.number + 1;
    chain_of(head.chain, look, look->chain);
    head.number = look->number;
    memcpy(head.chain, look->chain, STORE_CHAIN_LEN);
    BASE_TRY(store_run(store, "INSERT INTO looks VALUES(?,?,?,?,?,?,?,?)",
                       STORE_VALUES(store_int((int64_t)look->number), store_int(look->time_ms), store_text(look->user),
                                    id_value(look->compartment), store_text(look->what), store_text(look->subject),
                                    store_text(look->why), store_blob(look->chain, STORE_CHAIN_LEN)),
                       NULL));
    return write_head(store, &head);
}

enum base_code store_look_append(struct store *store, struct store_look *look)
{
    if (strlen(look->user) > STORE_NAME_MAX || strlen(look->what) > STORE_LOOK_WHAT_MAX)
        return base_fail(BASE_E_LIMIT, "a look's user or word is too long");
    if (strlen(look->subject) > STORE_LOOK_SUBJECT_MAX)
        return base_fail(BASE_E_LIMIT, "what is looked at takes more than %d bytes to name", STORE_LOOK_SUBJECT_MAX);
    if (strlen(look->why) > STORE_LOOK_WHY_MAX)
        return base_fail(BASE_E_LIMIT, "a reason has at most %d bytes", STORE_LOOK_WHY_MAX);
    if (store_is_in_transaction(store))
        return append(store, look);
    BASE_TRY(store_begin(store));
    enum base_code code = append(store, look);
    if (code == BASE_OK)
        code = store_commit(store);
    store_rollback(store);
    return code;
}

struct look_texts {
    char user[STORE_NAME_MAX + 1], what[STORE_LOOK_WHAT_MAX + 1], subject[STORE_LOOK_SUBJECT_MAX + 1], why[STORE_LOOK_WHY_MAX + 1];
};

static enum base_code read_text(const struct store_query *query, int column, char *out, size_t capacity)
{
    struct base_bytes text = store_column_bytes(query, column);
    if (text.len >= capacity || memchr(text.data == NULL ? (const void *)"" : text.data, 0, text.len) != NULL)
        return base_fail(BASE_E_CORRUPT, "look %lld has a text that nobody wrote so", (long long)store_column_int(query, 0));
    store_column_text(query, column, out, capacity);
    return BASE_OK;
}

static enum base_code read_look(const struct store_query *query, struct look_texts *texts, struct store_look *out)
{
    *out = (struct store_look){.number = (uint64_t)store_column_int(query, 0), .time_ms = store_column_int(query, 1),
                               .user = texts->user, .what = texts->what, .subject = texts->subject, .why = texts->why};
    BASE_TRY(read_text(query, 2, texts->user, sizeof texts->user));
    BASE_TRY(store_column_copy(query, 3, out->compartment, STORE_ID_LEN));
    BASE_TRY(read_text(query, 4, texts->what, sizeof texts->what));
    BASE_TRY(read_text(query, 5, texts->subject, sizeof texts->subject));
    BASE_TRY(read_text(query, 6, texts->why, sizeof texts->why));
    return store_column_copy(query, 7, out->chain, STORE_CHAIN_LEN);
}

static enum base_code visit_looks(struct store_query *query, store_look_visit *visit, void *context)
{
    struct look_texts texts;
    struct store_look look;
    bool has_row = false;
    enum base_code code;
    while ((code = store_query_step(query, &has_row)) == BASE_OK && has_row)
        if ((code = read_look(query, &texts, &look)) != BASE_OK || (code = visit(context, &look)) != BASE_OK)
            break;
    store_query_end(query);
    return code;
}

enum base_code store_looks_each(struct store *store, const struct store_look_filter *filter, store_look_visit *visit, void *context)
{
    struct store_query query;
    struct store_value user = store_text(filter->user == NULL ? "" : filter->user);
    struct store_value compartment = store_blob(filter->compartment, filter->compartment == NULL ? 0 : STORE_ID_LEN);
    BASE_TRY(store_query_begin(store,
                               "SELECT number, time_ms, user, compartment, what, subject, why, chain FROM looks"
                               " WHERE (?='' OR user=?) AND (?=x'' OR compartment=?) ORDER BY number DESC LIMIT ?",
                               STORE_VALUES(user, user, compartment, compartment,
                                            store_int(filter->limit == 0 || filter->limit > INT64_MAX ? -1 : (int64_t)filter->limit)),
                               &query));
    return visit_looks(&query, visit, context);
}

struct checking {
    const struct store_looks_head *noted;
    struct store_looks_head *head;
};

static enum base_code check_look(void *context, const struct store_look *look)
{
    struct checking *checking = context;
    struct store_looks_head *head = checking->head;
    uint8_t expected[STORE_CHAIN_LEN];
    if (look->number != head->number + 1)
        return base_fail(BASE_E_CORRUPT, "look %llu is missing", (unsigned long long)head->number + 1);
    chain_of(head->chain, look, expected);
    if (memcmp(expected, look->chain, STORE_CHAIN_LEN) != 0)
        return base_fail(BASE_E_CORRUPT, "look %llu is not as it was written", (unsigned long long)look->number);
    head->number = look->number;
    memcpy(head->chain, look->chain, STORE_CHAIN_LEN);
    if (checking->noted != NULL && checking->noted->number == head->number &&
        memcmp(checking->noted->chain, head->chain, STORE_CHAIN_LEN) != 0)
        return base_fail(BASE_E_CORRUPT, "look %llu is not the one that was noted: the log was made anew",
                         (unsigned long long)head->number);
    return BASE_OK;
}

static enum base_code check_all(struct store *store, const struct store_looks_head *noted, struct store_looks_head *out)
{
    struct store_looks_head kept;
    struct store_query query;
    struct checking checking = {noted, out};
    BASE_TRY(read_head(store, &kept));
    BASE_TRY(store_query_begin(store, "SELECT number, time_ms, user, compartment, what, subject, why, chain FROM looks ORDER BY number",
                               NULL, 0, &query));
    BASE_TRY(visit_looks(&query, check_look, &checking));
    if (out->number < kept.number || (noted != NULL && out->number < noted->number))
        return base_fail(BASE_E_CORRUPT, "look %llu is missing", (unsigned long long)out->number + 1);
    if (out->number != kept.number || memcmp(out->chain, kept.chain, STORE_CHAIN_LEN) != 0)
        return base_fail(BASE_E_CORRUPT, "look %llu is not the newest that was written", (unsigned long long)out->number);
    return BASE_OK;
}

/* In one transaction: what is written meanwhile is not seen in the rows alone. */
enum base_code store_looks_check(struct store *store, const struct store_looks_head *noted, struct store_looks_head *out)
{
    *out = (struct store_looks_head){0};
    if (store_is_in_transaction(store))
        return check_all(store, noted, out);
    BASE_TRY(store_begin_reading(store));
    enum base_code code = check_all(store, noted, out);
    store_rollback(store);
    return code;
}
