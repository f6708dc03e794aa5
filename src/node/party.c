/* SPDX-License-Identifier: Apache-2.0 */
#include "node/party.h"

#include "base/cursor.h"
#include "base/file.h"
#include "crypto/text.h"
#include "ledger/note.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char SEALED_KIND[] = "entente/sealed-root/v1";
static const char CARD_SETTING[] = "card";

enum { SALT_LEN = 16, ROOT_LEN = 32, FILE_MAX = 4096, PASSPHRASE_LEAST = 8 };

/* The head of party.key, which is also the label under which the root is sealed. */
struct sealed_head {
    bool is_key_file;
    struct crypto_passphrase_cost cost;
    uint8_t salt[SALT_LEN];
};

static enum base_code home_path(const char *home, const char *file, char out[PATH_MAX])
{
    if (snprintf(out, PATH_MAX, "%s/%s", home, file) >= PATH_MAX)
        return base_fail(BASE_E_ARGUMENT, "the path of the home is too long");
    return BASE_OK;
}

static enum base_code head_format(const struct sealed_head *head, struct base_buffer *out)
{
    char salt[2 * SALT_LEN + 1];
    crypto_hex_encode(base_bytes_of(head->salt, SALT_LEN), salt);
    return base_buffer_format(out, "%s\nkdf: %s\npasses: %u\nmemory-kib: %u\nsalt: %s\n", SEALED_KIND,
                              head->is_key_file ? "key-file" : "argon2id", head->cost.passes, head->cost.memory_kib, salt);
}

static enum base_code take_value(struct base_cursor *in, const char *key, struct base_bytes *value)
{
    BASE_TRY(base_cursor_literal(in, key));
    return base_cursor_line(in, FILE_MAX, value);
}

static enum base_code take_cost(struct base_cursor *in, const char *key, uint32_t *out)
{
    struct base_bytes value;
    uint64_t number;
    BASE_TRY(take_value(in, key, &value));
    BASE_TRY(base_parse_decimal(value, UINT32_MAX, &number));
    *out = (uint32_t)number;
    return BASE_OK;
}

static enum base_code head_parse(struct base_cursor *in, struct sealed_head *out)
{
    struct base_bytes value;
    BASE_TRY(base_cursor_literal(in, SEALED_KIND));
    BASE_TRY(base_cursor_literal(in, "\n"));
    BASE_TRY(take_value(in, "kdf: ", &value));
    out->is_key_file = base_bytes_equal(value, base_bytes_text("key-file"));
    if (!out->is_key_file && !base_bytes_equal(value, base_bytes_text("argon2id")))
        return base_fail(BASE_E_VERSION, "party.key is sealed in a way that this version does not know");
    BASE_TRY(take_cost(in, "passes: ", &out->cost.passes));
    BASE_TRY(take_cost(in, "memory-kib: ", &out->cost.memory_kib));
    BASE_TRY(take_value(in, "salt: ", &value));
    return crypto_hex_decode(value, out->salt, SALT_LEN);
}

static enum base_code key_file_read(const char *path, struct crypto_key *out)
{
    struct base_buffer text = BASE_BUFFER_EMPTY;
    enum base_code code = base_file_read(path, FILE_MAX, &text);
    if (code == BASE_OK && text.len == 2 * sizeof out->bytes + 1 && text.data[text.len - 1] == '\n')
        code = crypto_hex_decode(base_bytes_of(text.data, text.len - 1), out->bytes, sizeof out->bytes);
    else if (code == BASE_OK)
        code = base_fail(BASE_E_FORMAT, "a key file is 64 hexadecimal digits and a line end");
    crypto_wipe_buffer(&text);
    return code;
}

static enum base_code key_file_make(const char *path, const struct base_random *random)
{
    struct crypto_key key;
    char hex[2 * sizeof key.bytes + 2];
    BASE_TRY(base_random_fill(random, key.bytes, sizeof key.bytes));
    crypto_hex_encode(base_bytes_of(key.bytes, sizeof key.bytes), hex);
    memcpy(hex + 2 * sizeof key.bytes, "\n", 2);
    enum base_code code = base_file_write(path, base_bytes_text(hex), 0600);
    crypto_wipe(&key, sizeof key);
    crypto_wipe(hex, sizeof hex);
    return code;
}

static enum base_code unlock_key(const struct node_unlock *unlock, const struct sealed_head *head, struct crypto_key *out)
{
    if (head->is_key_file != (unlock->key_file != NULL))
        return base_fail(BASE_E_PASSPHRASE, "the party's key is sealed by a %s",
                         head->is_key_file ? "key file: give --key-file" : "passphrase, not by a key file");
    if (!head->is_key_file)
        return crypto_key_from_passphrase(unlock->passphrase, head->salt, &head->cost, out);
    struct crypto_key key;
    BASE_TRY(key_file_read(unlock->key_file, &key));
    crypto_key_derive(&key, "entente/node/key-file/v1", base_bytes_of(head->salt, SALT_LEN), out);
    crypto_wipe(&key, sizeof key);
    return BASE_OK;
}

static enum base_code root_seal(const char *home, const struct node_unlock *unlock, const uint8_t root[ROOT_LEN],
                                const struct base_random *random)
{
    struct sealed_head head = {unlock->key_file != NULL, {CRYPTO_PASSPHRASE_PASSES, CRYPTO_PASSPHRASE_MEMORY_KIB}, {0}};
    struct base_buffer file = BASE_BUFFER_EMPTY, sealed = BASE_BUFFER_EMPTY;
    struct crypto_key key = {{0}};
    char path[PATH_MAX];
    enum base_code code = base_random_fill(random, head.salt, SALT_LEN);
    if (code == BASE_OK)
        code = unlock_key(unlock, &head, &key);
    if (code == BASE_OK)
        code = head_format(&head, &file);
    if (code == BASE_OK)
        code = crypto_seal(&key, base_bytes_buffer(&file), base_bytes_of(root, ROOT_LEN), random, &sealed);
    if (code == BASE_OK)
        code = base_buffer_text(&file, "sealed: ");
    if (code == BASE_OK)
        code = crypto_base64_append(base_bytes_buffer(&sealed), &file);
    if (code == BASE_OK)
        code = base_buffer_text(&file, "\n");
    if (code == BASE_OK)
        code = home_path(home, "party.key", path);
    if (code == BASE_OK)
        code = base_file_write(path, base_bytes_buffer(&file), 0600);
    crypto_wipe(&key, sizeof key);
    base_buffer_release(&file);
    base_buffer_release(&sealed);
    return code;
}

static enum base_code head_read(const char *home, struct base_buffer *file, struct base_cursor *in, struct sealed_head *head)
{
    char path[PATH_MAX];
    BASE_TRY(home_path(home, "party.key", path));
    if (!base_path_exists(path))
        return base_fail(BASE_E_NOT_FOUND, "there is no party in %s", home);
    BASE_TRY(base_file_read(path, FILE_MAX, file));
    *in = base_cursor_over(base_bytes_buffer(file));
    return head_parse(in, head);
}

/* The whole of party.key. *label_len bytes of the file are the label of what is sealed. */
static enum base_code file_parse(const char *home, struct base_buffer *file, struct sealed_head *head, size_t *label_len,
                                 struct base_buffer *sealed)
{
    struct base_cursor in;
    struct base_bytes value;
    enum base_code code = head_read(home, file, &in, head);
    if (code == BASE_OK) {
        *label_len = file->len - in.left;
        code = take_value(&in, "sealed: ", &value);
    }
    if (code == BASE_OK)
        code = base_cursor_end(&in);
    if (code == BASE_OK)
        code = crypto_base64_decode(value, sealed);
    if (code == BASE_OK || code == BASE_E_NOT_FOUND || code == BASE_E_VERSION || code == BASE_E_IO || code == BASE_E_NOMEM)
        return code;
    return base_fail(BASE_E_CORRUPT, "party.key is damaged");
}

static enum base_code root_open(const char *home, const struct node_unlock *unlock, struct crypto_key *root)
{
    struct base_buffer file = BASE_BUFFER_EMPTY, sealed = BASE_BUFFER_EMPTY, plain = BASE_BUFFER_EMPTY;
    struct sealed_head head;
    struct crypto_key key = {{0}};
    size_t label_len = 0;
    enum base_code code = file_parse(home, &file, &head, &label_len, &sealed);
    if (code == BASE_OK)
        code = unlock_key(unlock, &head, &key);
    if (code == BASE_OK)
        code = crypto_open(&key, base_bytes_of(file.data, label_len), base_bytes_buffer(&sealed), &plain);
    if (code == BASE_OK && plain.len != ROOT_LEN)
        code = base_fail(BASE_E_CORRUPT, "party.key holds %zu bytes", plain.len);
    if (code == BASE_OK)
        memcpy(root->bytes, plain.data, ROOT_LEN);
    crypto_wipe(&key, sizeof key);
    crypto_wipe_buffer(&plain);
    base_buffer_release(&file);
    base_buffer_release(&sealed);
    return code;
}

/* The keys that all come from the root secret. */
static void derive_keys(const struct crypto_key *root, struct node_party *party, struct exchange_card *card)
{
    struct crypto_key seed;
    struct crypto_sign_secret transport;
    crypto_key_derive(root, "entente/node/identity/v1", base_bytes_of(NULL, 0), &seed);
    crypto_sign_keys_from_seed(&seed, &party->identity, &card->identity);
    crypto_key_derive(root, "entente/node/transport/v1", base_bytes_of(NULL, 0), &party->transport_seed);
    crypto_sign_keys_from_seed(&party->transport_seed, &transport, &card->transport);
    crypto_key_derive(root, "entente/node/seal/v1", base_bytes_of(NULL, 0), &party->seal);
    crypto_wipe(&seed, sizeof seed);
    crypto_wipe(&transport, sizeof transport);
}

static enum base_code card_store(const char *path, const struct exchange_card *card, const struct crypto_sign_secret *identity)
{
    struct base_buffer text = BASE_BUFFER_EMPTY, note = BASE_BUFFER_EMPTY;
    struct exchange_id fingerprint;
    char name[EXCHANGE_KEY_NAME_LEN];
    struct store *store = NULL;
    exchange_fingerprint(&card->identity, &fingerprint);
    exchange_identity_name(&fingerprint, name);
    enum base_code code = exchange_card_format(card, &text);
    if (code == BASE_OK)
        code = ledger_note_sign(base_bytes_buffer(&text), name, identity, &note);
    if (code == BASE_OK)
        code = store_open(path, STORE_CREATE, &store);
    if (code == BASE_OK)
        code = store_setting_put(store, CARD_SETTING, base_bytes_buffer(&note));
    store_close(store);
    base_buffer_release(&text);
    base_buffer_release(&note);
    return code;
}

static enum base_code check_create(const char *home, const char *name, const struct node_unlock *unlock, char database[PATH_MAX])
{
    char key[PATH_MAX];
    BASE_TRY(exchange_name_check(name));
    if (unlock->key_file == NULL && unlock->passphrase.len < PASSPHRASE_LEAST)
        return base_fail(BASE_E_ARGUMENT, "a passphrase has at least %d bytes", PASSPHRASE_LEAST);
    BASE_TRY(home_path(home, "party.key", key));
    BASE_TRY(home_path(home, "entente.db", database));
    if (base_path_exists(key))
        return base_fail(BASE_E_EXISTS, "there is a party in %s already", home);
    if (base_path_exists(database))
        return base_fail(BASE_E_EXISTS, "%s holds a store without its party.key; use another folder", home);
    return BASE_OK;
}

enum base_code node_party_create(const char *home, const char *name, const char *address, const struct node_unlock *unlock,
                                 const struct base_random *random)
{
    char database[PATH_MAX];
    struct crypto_key root;
    struct node_party party = {0};
    struct exchange_card card = {0};
    BASE_TRY(check_create(home, name, unlock, database));
    if (strlen(address) >= sizeof card.address)
        return base_fail(BASE_E_ARGUMENT, "the address is too long");
    memcpy(card.name, name, strlen(name) + 1);
    memcpy(card.address, address, strlen(address) + 1);
    BASE_TRY(base_random_fill(random, root.bytes, sizeof root.bytes));
    derive_keys(&root, &party, &card);
    struct base_buffer trial = BASE_BUFFER_EMPTY;
    enum base_code code = exchange_card_format(&card, &trial); /* before anything is made on disk */
    if (code == BASE_OK)
        code = base_folder_make(home, 0700);
    if (code == BASE_OK && unlock->key_file != NULL && !base_path_exists(unlock->key_file))
        code = key_file_make(unlock->key_file, random);
    if (code == BASE_OK)
        code = card_store(database, &card, &party.identity);
    if (code == BASE_OK)
        code = root_seal(home, unlock, root.bytes, random);
    base_buffer_release(&trial);
    crypto_wipe(&root, sizeof root);
    crypto_wipe(&party, sizeof party);
    return code;
}

enum base_code node_party_needs_passphrase(const char *home, bool *needs)
{
    struct base_buffer file = BASE_BUFFER_EMPTY;
    struct base_cursor in;
    struct sealed_head head;
    enum base_code code = head_read(home, &file, &in, &head);
    if (code == BASE_OK)
        *needs = !head.is_key_file;
    base_buffer_release(&file);
    return code;
}

enum base_code node_party_open(const char *home, const struct node_unlock *unlock, struct node_party **out)
{
    struct crypto_key root;
    struct exchange_card derived = {0};
    struct node_party *party = calloc(1, sizeof *party);
    if (party == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for a party");
    enum base_code code = root_open(home, unlock, &root);
    if (code == BASE_OK)
        derive_keys(&root, party, &derived);
    crypto_wipe(&root, sizeof root);
    if (code == BASE_OK)
        code = node_store_open(home, true, &party->store);
    if (code == BASE_OK)
        code = node_card_own(party->store, &party->card);
    if (code == BASE_OK && memcmp(&party->card.identity, &derived.identity, sizeof derived.identity) != 0)
        code = base_fail(BASE_E_CORRUPT, "the store belongs to another party's key");
    if (code == BASE_OK && (party->home = base_bytes_dup(base_bytes_text(home))) == NULL)
        code = base_fail(BASE_E_NOMEM, "no memory for a path");
    if (code != BASE_OK) {
        node_party_close(party);
        return code;
    }
    exchange_fingerprint(&party->card.identity, &party->fingerprint);
    *out = party;
    return BASE_OK;
}

void node_party_close(struct node_party *party)
{
    if (party == NULL)
        return;
    store_close(party->store);
    free(party->home);
    crypto_wipe(party, sizeof *party);
    free(party);
}

enum base_code node_store_open(const char *home, bool is_writing, struct store **out)
{
    char path[PATH_MAX];
    BASE_TRY(home_path(home, "entente.db", path));
    if (!base_path_exists(path))
        return base_fail(BASE_E_NOT_FOUND, "there is no party in %s", home);
    return store_open(path, is_writing ? STORE_OPEN : STORE_READ, out);
}

enum base_code node_card_note(struct store *store, struct base_buffer *out)
{
    return store_setting_get(store, CARD_SETTING, out);
}

enum base_code node_card_own(struct store *store, struct exchange_card *out)
{
    struct base_buffer note = BASE_BUFFER_EMPTY;
    enum base_code code = node_card_note(store, &note);
    if (code == BASE_OK)
        code = node_card_check(base_bytes_buffer(&note), out);
    base_buffer_release(&note);
    return code;
}

enum base_code node_socket_path(const char *home, char out[108])
{
    if (snprintf(out, 108, "%s/node.sock", home) >= 108)
        return base_fail(BASE_E_LIMIT, "the home's path is too long for a socket: 97 bytes are allowed");
    return BASE_OK;
}
