/* SPDX-License-Identifier: Apache-2.0 */
#include "node/users.h"

#include "crypto/hash.h"
#include "crypto/secret.h"
#include "crypto/text.h"

#include <stdio.h>
#include <string.h>

static const char key_prefix[] = "entente-user-";

enum { PREFIX_LEN = sizeof key_prefix - 1, KEY_LEN = 32 };

const struct exchange_id node_every_compartment = {{0}};

static const char *const role_words[NODE_ROLE_COUNT] = {"analyst", "releaser", "auditor", "administrator"};

const char *node_role_word(enum node_role role)
{
    return (unsigned)role < NODE_ROLE_COUNT ? role_words[role] : "unknown";
}

enum base_code node_role_of_word(const char *word, enum node_role *out)
{
    for (unsigned role = 0; role < NODE_ROLE_COUNT; role++)
        if (strcmp(word, role_words[role]) == 0) {
            *out = (enum node_role)role;
            return BASE_OK;
        }
    return base_fail(BASE_E_ARGUMENT, "a role is analyst, releaser, auditor or administrator");
}

enum base_code node_users_exist(struct store *store, bool *exist)
{
    uint64_t count;
    BASE_TRY(store_users_count(store, &count));
    *exist = count > 0;
    return BASE_OK;
}

/* Keys. The bytes are random, so one hash is enough: there is nothing to guess (users 2.3). */

static void hash_key(const uint8_t key[KEY_LEN], uint8_t out[32])
{
    struct crypto_hash hash;
    struct base_bytes part = base_bytes_of(key, KEY_LEN);
    crypto_hash_domain("entente/node/user-key/v1", &part, 1, &hash);
    memcpy(out, hash.bytes, sizeof hash.bytes);
    crypto_wipe(&hash, sizeof hash);
}

static enum base_code read_key(struct base_bytes text, uint8_t hash[32])
{
    uint8_t key[KEY_LEN];
    if (text.len == NODE_USER_KEY_TEXT_LEN + 1 && text.data[NODE_USER_KEY_TEXT_LEN] == '\n')
        text.len--;
    if (text.len != NODE_USER_KEY_TEXT_LEN || !base_bytes_equal(base_bytes_of(text.data, PREFIX_LEN), base_bytes_text(key_prefix)))
        return base_fail(BASE_E_FORMAT, "a user key is \"%s\" and 64 hexadecimal digits", key_prefix);
    BASE_TRY(crypto_hex_decode(base_bytes_of(text.data + PREFIX_LEN, text.len - PREFIX_LEN), key, sizeof key));
    hash_key(key, hash);
    crypto_wipe(key, sizeof key);
    return BASE_OK;
}

struct search {
    const uint8_t *hash;
    struct node_user *out;
    bool is_found;
};

static enum base_code compare_user(void *context, const struct store_user *user)
{
    struct search *search = context;
    bool is_same = crypto_equal(user->key_hash, search->hash, sizeof user->key_hash);
    if (is_same && user->state == NODE_USER_ENABLED) {
        snprintf(search->out->name, sizeof search->out->name, "%s", user->name);
        search->is_found = true;
    }
    return BASE_OK;
}

enum base_code node_user_of_key(struct store *store, struct base_bytes key_text, struct node_user *out)
{
    uint8_t hash[32];
    struct search search = {hash, out, false};
    *out = (struct node_user){.is_owner = false};
    BASE_TRY(read_key(key_text, hash));
    BASE_TRY(store_users_each(store, compare_user, &search));
    return search.is_found ? BASE_OK : base_fail(BASE_E_KEY, "the user key is unknown here, was replaced, or its user is disabled");
}

enum base_code node_user_owner(struct store *store, struct node_user *out)
{
    (void)store; /* what the owner may do is asked each time: the first user may come at any moment */
    *out = (struct node_user){.name = NODE_OWNER_NAME, .is_owner = true};
    return BASE_OK;
}

enum base_code node_user_of_request(struct store *store, json_t *request, struct node_user *out)
{
    json_t *field = json_object_get(request, "user_key");
    if (field == NULL)
        return node_user_owner(store, out);
    struct base_bytes text = base_bytes_of(json_string_value(field), json_string_length(field));
    enum base_code code = json_is_string(field) ? node_user_of_key(store, text, out) : base_fail(BASE_E_ARGUMENT, "\"user_key\" is a text");
    if (text.len > 0)
        crypto_wipe((void *)(uintptr_t)text.data, text.len);
    json_object_del(request, "user_key");
    return code;
}

/* Roles */

struct wanted {
    const struct exchange_id *compartment;
    unsigned roles;
    bool has;
};

static enum base_code weigh_role(void *context, const struct store_role *role)
{
    struct wanted *wanted = context;
    bool is_there = wanted->compartment == NULL || memcmp(role->compartment, node_every_compartment.bytes, STORE_ID_LEN) == 0 ||
                    memcmp(role->compartment, wanted->compartment->bytes, STORE_ID_LEN) == 0;
    wanted->has |= is_there && role->role < NODE_ROLE_COUNT && (wanted->roles & NODE_MAY(role->role)) != 0;
    return BASE_OK;
}

static enum base_code lacks(const char *who, unsigned roles, const char *where)
{
    char words[64] = "";
    for (unsigned role = 0; role < NODE_ROLE_COUNT; role++)
        if ((roles & NODE_MAY(role)) != 0) {
            size_t len = strlen(words);
            snprintf(words + len, sizeof words - len, "%s%s", len == 0 ? "" : " or ", role_words[role]);
        }
    return base_fail(BASE_E_ROLE, "%sthis takes the role %s%s", who, words, where);
}

static enum base_code check_owner(struct store *store, unsigned roles)
{
    bool exist;
    BASE_TRY(node_users_exist(store, &exist));
    if (!exist || (roles & NODE_MAY(NODE_ROLE_ADMINISTRATOR)) != 0)
        return BASE_OK;
    return lacks("since this party has users, its owner is an administrator only: ", roles, ", and the key of a user who has it");
}

enum base_code node_user_check(struct store *store, const struct node_user *user, const struct exchange_id *compartment, unsigned roles)
{
    struct wanted wanted = {compartment, roles, false};
    struct store_user row;
    if (user->is_owner)
        return check_owner(store, roles);
    enum base_code code = store_user_find(store, user->name, &row);
    if (code == BASE_E_NOT_FOUND || (code == BASE_OK && row.state != NODE_USER_ENABLED))
        return base_fail(BASE_E_KEY, "the user is disabled");
    BASE_TRY(code);
    BASE_TRY(store_roles_each(store, user->name, weigh_role, &wanted));
    if (wanted.has)
        return BASE_OK;
    if (compartment == NULL)
        return lacks("", roles, " in a compartment");
    return lacks("", roles, exchange_id_equal(compartment, &node_every_compartment) ? " for all compartments" : " in this compartment");
}

bool node_user_sees(struct store *store, const struct node_user *user, const struct exchange_id *compartment)
{
    return node_user_check(store, user, compartment, NODE_MAY_ANY) == BASE_OK;
}

/* Looks */

static enum base_code check_why(struct store *store, const char *why)
{
    bool exist;
    size_t characters = 0;
    BASE_TRY(node_users_exist(store, &exist));
    for (const char *at = why; *at != 0; at++)
        characters += (*at & 0xc0) != 0x80 && *at != ' ';
    return !exist || characters >= NODE_WHY_LEAST ? BASE_OK : base_fail(BASE_E_ARGUMENT, "say why, in at least %d characters", NODE_WHY_LEAST);
}

static enum base_code keep(struct store *store, const struct node_user *user, const struct exchange_id *compartment, const char *what,
                           const char *subject, const char *why, int64_t now_ms)
{
    struct store_look look = {.time_ms = now_ms, .user = user->name, .what = what, .subject = subject, .why = why};
    if (!base_bytes_is_utf8(base_bytes_text(subject)) || !base_bytes_is_utf8(base_bytes_text(why)))
        return base_fail(BASE_E_ENCODING, "what is kept of a look is UTF-8");
    if (compartment != NULL)
        memcpy(look.compartment, compartment->bytes, STORE_ID_LEN);
    return store_look_append(store, &look);
}

enum base_code node_look(struct store *store, const struct node_user *user, const struct exchange_id *compartment, const char *what,
                         const char *subject, const char *why, int64_t now_ms)
{
    BASE_TRY(check_why(store, why == NULL ? "" : why));
    return keep(store, user, compartment, what, subject, why == NULL ? "" : why, now_ms);
}

/* Managing users. Each change and its entry among the looks are one transaction. */

struct change {
    const struct node_user *by;
    const struct exchange_id *compartment;
    const char *what, *name;
    enum node_role role; /* NODE_ROLE_COUNT: none */
    int64_t now_ms;
    uint8_t key_hash[32];
};

static enum base_code change_user(struct store *store, const struct change *change)
{
    struct store_user user = {.state = NODE_USER_ENABLED, .since_ms = change->now_ms};
    if (strcmp(change->what, "user-add") != 0)
        BASE_TRY(store_user_find(store, change->name, &user));
    snprintf(user.name, sizeof user.name, "%s", change->name);
    user.since_ms = change->now_ms;
    if (strcmp(change->what, "user-disable") == 0) {
        user.state = NODE_USER_DISABLED;
        return store_user_change(store, &user);
    }
    user.state = NODE_USER_ENABLED;
    memcpy(user.key_hash, change->key_hash, sizeof user.key_hash);
    return strcmp(change->what, "user-add") == 0 ? store_user_add(store, &user) : store_user_change(store, &user);
}

static enum base_code change_role(struct store *store, const struct change *change)
{
    struct store_role role = {.role = change->role, .since_ms = change->now_ms};
    struct store_user user;
    BASE_TRY(store_user_find(store, change->name, &user));
    if (strcmp(change->what, "user-revoke") == 0)
        return store_role_revoke(store, change->name, change->compartment->bytes, change->role);
    snprintf(role.user, sizeof role.user, "%s", change->name);
    memcpy(role.compartment, change->compartment->bytes, STORE_ID_LEN);
    return store_role_grant(store, &role);
}

static enum base_code keep_change(struct store *store, const struct change *change)
{
    char subject[STORE_LOOK_SUBJECT_MAX + 1];
    bool is_role = change->role != NODE_ROLE_COUNT;
    bool is_everywhere = exchange_id_equal(change->compartment, &node_every_compartment);
    snprintf(subject, sizeof subject, "%s%s%s%s", change->name, is_role ? " " : "", is_role ? node_role_word(change->role) : "",
             is_role && is_everywhere ? " *" : "");
    return keep(store, change->by, change->compartment, change->what, subject, "", change->now_ms);
}

/* users 3.4: nobody changes their own roles or key's state. */
static enum base_code make_change(struct store *store, const struct change *change)
{
    BASE_TRY(store_begin(store));
    enum base_code code = node_user_check(store, change->by, change->compartment, NODE_MAY(NODE_ROLE_ADMINISTRATOR));
    if (code == BASE_OK && !change->by->is_owner && strcmp(change->by->name, change->name) == 0)
        code = base_fail(BASE_E_ROLE, "nobody changes what they may do themselves: ask another administrator");
    if (code == BASE_OK)
        code = change->role == NODE_ROLE_COUNT ? change_user(store, change) : change_role(store, change);
    if (code == BASE_OK)
        code = keep_change(store, change);
    if (code == BASE_OK)
        code = store_commit(store);
    store_rollback(store);
    return code;
}

static enum base_code set_key(struct store *store, struct change *change, const struct base_random *random, char key_text[NODE_USER_KEY_TEXT_LEN + 1])
{
    uint8_t key[KEY_LEN];
    BASE_TRY(base_random_fill(random, key, sizeof key));
    hash_key(key, change->key_hash);
    enum base_code code = make_change(store, change);
    memcpy(key_text, key_prefix, PREFIX_LEN);
    crypto_hex_encode(base_bytes_of(key, sizeof key), key_text + PREFIX_LEN);
    crypto_wipe(key, sizeof key);
    if (code != BASE_OK)
        crypto_wipe(key_text, NODE_USER_KEY_TEXT_LEN + 1);
    return code;
}

enum base_code node_user_add(struct store *store, const struct node_user *by, const char *name, const struct base_random *random,
                             int64_t now_ms, char key_text[NODE_USER_KEY_TEXT_LEN + 1])
{
    struct change change = {by, &node_every_compartment, "user-add", name, NODE_ROLE_COUNT, now_ms, {0}};
    BASE_TRY(exchange_name_check(name));
    if (strcmp(name, NODE_OWNER_NAME) == 0)
        return base_fail(BASE_E_ARGUMENT, "\"%s\" is the account that owns the party's folder", NODE_OWNER_NAME);
    return set_key(store, &change, random, key_text);
}

enum base_code node_user_new_key(struct store *store, const struct node_user *by, const char *name, const struct base_random *random,
                                 int64_t now_ms, char key_text[NODE_USER_KEY_TEXT_LEN + 1])
{
    struct change change = {by, &node_every_compartment, "user-new-key", name, NODE_ROLE_COUNT, now_ms, {0}};
    return set_key(store, &change, random, key_text);
}

enum base_code node_user_disable(struct store *store, const struct node_user *by, const char *name, int64_t now_ms)
{
    return make_change(store, &(struct change){by, &node_every_compartment, "user-disable", name, NODE_ROLE_COUNT, now_ms, {0}});
}

enum base_code node_user_grant(struct store *store, const struct node_user *by, const char *name, const struct exchange_id *compartment,
                               enum node_role role, int64_t now_ms)
{
    return make_change(store, &(struct change){by, compartment, "user-grant", name, role, now_ms, {0}});
}

enum base_code node_user_revoke(struct store *store, const struct node_user *by, const char *name, const struct exchange_id *compartment,
                                enum node_role role, int64_t now_ms)
{
    return make_change(store, &(struct change){by, compartment, "user-revoke", name, role, now_ms, {0}});
}
