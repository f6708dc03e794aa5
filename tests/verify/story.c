/* SPDX-License-Identifier: Apache-2.0 */
#include "story.h"

#include "base/file.h"
#include "crypto/text.h"
#include "ledger/export.h"

#include <ftw.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TILES_MAX = 64, FILE_MAX = 1 << 22 };

static void make_key(uint8_t number, struct crypto_sign_secret *secret, struct crypto_sign_public *public_key)
{
    struct crypto_key seed;
    memset(seed.bytes, number, sizeof seed.bytes);
    crypto_sign_keys_from_seed(&seed, secret, public_key);
}

static void make_party(struct story_party *party, uint8_t number)
{
    struct crypto_hash hash;
    make_key(number, &party->identity, &party->identity_public);
    make_key((uint8_t)(number + 1), &party->key, &party->key_public);
    struct base_bytes part = base_bytes_of(party->identity_public.bytes, 32);
    crypto_hash_domain("entente/exchange/party/v1", &part, 1, &hash);
    crypto_hex_encode(base_bytes_of(hash.bytes, 16), party->fingerprint);
    snprintf(party->identity_name, sizeof party->identity_name, "entente/%s", party->fingerprint);
    snprintf(party->key_name, sizeof party->key_name, "entente/%s/%s", STORY_COMPARTMENT, party->fingerprint);
}

static void put_key(struct base_buffer *out, const char *word, const struct crypto_sign_public *key)
{
    assert_ok(base_buffer_format(out, "%s: ", word));
    assert_ok(crypto_base64_append(base_bytes_of(key->bytes, 32), out));
    assert_ok(base_buffer_text(out, "\n"));
}

void story_terms_text(const struct story *story, const char *from, const char *to, struct base_buffer *out)
{
    struct base_buffer text = BASE_BUFFER_EMPTY;
    assert_ok(base_buffer_text(&text, "entente/terms/v2\ncompartment: " STORY_COMPARTMENT "\n"));
    put_key(&text, "proposer-identity", &story->parties[0].identity_public);
    put_key(&text, "proposer-key", &story->parties[0].key_public);
    put_key(&text, "accepter-identity", &story->parties[1].identity_public);
    put_key(&text, "accepter-key", &story->parties[1].key_public);
    assert_ok(base_buffer_text(&text, "purpose: tracing of the missing\nrules: " STORY_HASH "\nmax-list: 1000\nmax-keys: 9000\n"
                                      "matches-per-day: 4\nstarters: both\nalerts-per-day: 10\nasks-per-day: 10\n"
                                      "answer-urgent-hours: 8\nanswer-normal-hours: 168\nanswer-other-hours: 168\ntell-hours: 24\n"
                                      "task-hours: 72\nreceipt-hours: 24\ncosign-hours: 24\nfeedback-hours: 720\n"
                                      "correction-hours: 168\nretention-days: 1095\nmax-attachment: 0\nrelease: answers\n"
                                      "reasons: all\ntime: 2026-11-24T05:00:00Z\n"));
    const char *whole = base_buffer_c_string(&text);
    const char *found = from == NULL ? NULL : strstr(whole, from);
    assert_true(from == NULL || found != NULL);
    if (found == NULL)
        assert_ok(base_buffer_text(out, whole));
    else
        assert_ok(base_buffer_format(out, "%.*s%s%s", (int)(found - whole), whole, to, found + strlen(from)));
    base_buffer_release(&text);
}

static void sign_with(const struct story *story, char signer, struct base_bytes text, bool is_first, struct base_buffer *note)
{
    struct crypto_sign_secret stranger;
    struct crypto_sign_public unused;
    const struct story_party *party = &story->parties[signer == 'b' || signer == 'B'];
    bool is_identity = signer == 'A' || signer == 'B';
    make_key(200, &stranger, &unused);
    const char *name = signer == 'x' ? "stranger" : is_identity ? party->identity_name : party->key_name;
    const struct crypto_sign_secret *secret = signer == 'x' ? &stranger : is_identity ? &party->identity : &party->key;
    struct base_buffer longer = BASE_BUFFER_EMPTY;
    if (is_first)
        assert_ok(ledger_note_sign(text, name, secret, &longer));
    else
        assert_ok(ledger_note_add_signature(base_bytes_buffer(note), name, secret, &longer));
    base_buffer_release(note);
    *note = longer;
}

void story_add(struct story *story, const char *text, const char *signers)
{
    struct base_buffer note = BASE_BUFFER_EMPTY;
    for (size_t i = 0; signers[i] != 0; i++)
        sign_with(story, signers[i], base_bytes_text(text), i == 0, &note);
    assert_ok(base_grow_array((void **)&story->entries, &story->capacity, story->count + 1, sizeof story->entries[0]));
    story->entries[story->count++] = note;
}

/* "@7": the leaf hash of entry 7; "$0", "$1": the fingerprint of a party. */
static void expand(const struct story *story, const char *lines, struct base_buffer *out)
{
    while (*lines != 0) {
        size_t plain = strcspn(lines, "@$");
        assert_ok(base_buffer_append(out, base_bytes_of(lines, plain)));
        lines += plain;
        if (*lines == '$') {
            assert_ok(base_buffer_text(out, story->parties[lines[1] == '1'].fingerprint));
            lines += 2;
        } else if (*lines == '@') {
            struct crypto_hash leaf;
            char hex[65], *end;
            size_t index = strtoul(lines + 1, &end, 10);
            assert_true(index < story->count);
            ledger_leaf_hash(base_bytes_buffer(&story->entries[index]), &leaf);
            crypto_hex_encode(base_bytes_of(leaf.bytes, 32), hex);
            assert_ok(base_buffer_text(out, hex));
            lines = end;
        }
    }
}

void story_say_at(struct story *story, const char *kind, unsigned from, const char *time, const char *lines, const char *signers)
{
    struct base_buffer text = BASE_BUFFER_EMPTY;
    assert_ok(base_buffer_format(&text, "entente/%s/v1\ncompartment: " STORY_COMPARTMENT "\nterms: %s\nfrom: %s\ntime: %s\n", kind,
                                 story->terms, story->parties[from].fingerprint, time));
    expand(story, lines, &text);
    story_add(story, base_buffer_c_string(&text), signers);
    base_buffer_release(&text);
}

void story_say(struct story *story, const char *kind, unsigned from, unsigned second, const char *lines, const char *signers)
{
    char time[32];
    snprintf(time, sizeof time, "2026-11-24T06:%02u:%02uZ", second / 60 % 60, second % 60);
    story_say_at(story, kind, from, time, lines, signers);
}

void story_hear(struct story *story, const char *kind, const char *time, const char *lines)
{
    char about[32];
    story_say_at(story, kind, 1, time, lines, "b");
    snprintf(about, sizeof about, "about: @%zu\n", story->count - 1);
    story_say_at(story, "receipt", 0, time, about, "a");
}

void story_begin(struct story *story)
{
    struct base_buffer text = BASE_BUFFER_EMPTY;
    struct crypto_hash hash;
    memset(story, 0, sizeof *story);
    story->cosigned = 1795500000;
    assert_ok(crypto_start());
    make_party(&story->parties[0], 1);
    make_party(&story->parties[1], 11);
    story_terms_text(story, NULL, NULL, &text);
    struct base_bytes part = base_bytes_buffer(&text);
    crypto_hash_domain("entente/exchange/terms/v1", &part, 1, &hash);
    crypto_hex_encode(base_bytes_of(hash.bytes, 32), story->terms);
    story_add(story, base_buffer_c_string(&text), "AB");
    base_buffer_release(&text);
    snprintf(story->folder, sizeof story->folder, "/tmp/entente-test-verify-XXXXXX");
    assert_non_null(mkdtemp(story->folder));
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status, (void)type, (void)walk;
    return remove(path);
}

void story_end(struct story *story)
{
    for (size_t i = 0; i < story->count; i++)
        base_buffer_release(&story->entries[i]);
    free(story->entries);
    nftw(story->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

struct memory_tile {
    unsigned level;
    uint64_t index;
    struct base_buffer hashes;
};

struct memory_tiles {
    struct memory_tile tiles[TILES_MAX];
    size_t count;
};

static struct memory_tile *find_tile(struct memory_tiles *memory, unsigned level, uint64_t index)
{
    for (size_t i = 0; i < memory->count; i++)
        if (memory->tiles[i].level == level && memory->tiles[i].index == index)
            return &memory->tiles[i];
    return NULL;
}

static enum base_code read_tile(void *context, unsigned level, uint64_t index, struct base_buffer *out)
{
    struct memory_tile *tile = find_tile(context, level, index);
    return tile == NULL ? base_fail(BASE_E_NOT_FOUND, "no such tile") : base_buffer_append(out, base_bytes_buffer(&tile->hashes));
}

static enum base_code write_tile(void *context, unsigned level, uint64_t index, struct base_bytes hashes)
{
    struct memory_tiles *memory = context;
    struct memory_tile *tile = find_tile(memory, level, index);
    if (tile == NULL) {
        assert_true(memory->count < TILES_MAX);
        tile = &memory->tiles[memory->count++];
        *tile = (struct memory_tile){level, index, BASE_BUFFER_EMPTY};
    }
    base_buffer_clear(&tile->hashes);
    return base_buffer_append(&tile->hashes, hashes);
}

static void build_tree(const struct story *story, struct memory_tiles *memory, struct crypto_hash *root)
{
    struct ledger_tiles tiles = {memory, read_tile, write_tile};
    uint64_t size = 0;
    memory->count = 0;
    for (size_t i = 0; i < story->count; i++) {
        struct crypto_hash leaf;
        ledger_leaf_hash(base_bytes_buffer(&story->entries[i]), &leaf);
        assert_ok(ledger_tree_append(&tiles, &size, &leaf, 1));
    }
    assert_ok(ledger_tree_root(&tiles, size, root));
}

static void release_tiles(struct memory_tiles *memory)
{
    for (size_t i = 0; i < memory->count; i++)
        base_buffer_release(&memory->tiles[i].hashes);
}

void story_checkpoint(struct story *story, unsigned owner, uint64_t seconds, struct base_buffer *out)
{
    static struct memory_tiles memory;
    struct ledger_checkpoint checkpoint = {.size = story->count};
    struct base_buffer text = BASE_BUFFER_EMPTY, note = BASE_BUFFER_EMPTY;
    const struct story_party *mine = &story->parties[owner], *other = &story->parties[!owner];
    snprintf(checkpoint.origin, sizeof checkpoint.origin, "%s", mine->key_name);
    build_tree(story, &memory, &checkpoint.root);
    release_tiles(&memory);
    assert_ok(ledger_checkpoint_format(&checkpoint, &text));
    assert_ok(ledger_note_sign(base_bytes_buffer(&text), mine->key_name, &mine->key, &note));
    assert_ok(ledger_cosign(base_bytes_buffer(&note), other->key_name, &other->key, seconds, out));
    base_buffer_release(&text);
    base_buffer_release(&note);
}

void story_proof_lines(struct story *story, uint64_t index, struct base_buffer *out)
{
    static struct memory_tiles memory;
    struct ledger_tiles tiles = {&memory, read_tile, write_tile};
    struct crypto_hash root;
    struct ledger_proof proof;
    build_tree(story, &memory, &root);
    assert_ok(ledger_tree_prove_inclusion(&tiles, story->count, index, &proof));
    release_tiles(&memory);
    for (size_t i = 0; i < proof.count; i++) {
        assert_ok(crypto_base64_append(base_bytes_of(proof.hashes[i].bytes, 32), out));
        assert_ok(base_buffer_text(out, "\n"));
    }
}

void story_put_base64(struct base_buffer *out, const char *key, struct base_bytes bytes)
{
    assert_ok(base_buffer_format(out, "%s: ", key));
    assert_ok(crypto_base64_append(bytes, out));
    assert_ok(base_buffer_text(out, "\n"));
}

static enum base_code read_entry(void *context, uint64_t index, struct base_buffer *out)
{
    const struct story *story = context;
    return base_buffer_append(out, base_bytes_buffer(&story->entries[index]));
}

static enum base_code write_file(void *context, const char *path, struct base_bytes content)
{
    story_write(context, path, content);
    return BASE_OK;
}

static void put_role(struct base_buffer *out, const char *role, const char *name, uint8_t type, const struct crypto_sign_public *key)
{
    struct ledger_verifier verifier;
    assert_ok(ledger_verifier_init(&verifier, name, type, key));
    assert_ok(base_buffer_format(out, "%s ", role));
    assert_ok(ledger_verifier_format(&verifier, out));
    assert_ok(base_buffer_text(out, "\n"));
}

const char *story_export(struct story *story, unsigned owner, const char *name)
{
    static struct memory_tiles memory;
    static char paths[4][128];
    static unsigned next;
    char *folder = paths[next++ % 4];
    struct base_buffer content = BASE_BUFFER_EMPTY;
    struct crypto_hash root;
    const struct story_party *mine = &story->parties[owner], *other = &story->parties[!owner];
    snprintf(folder, sizeof paths[0], "%s/%s", story->folder, name);
    build_tree(story, &memory, &root);
    struct ledger_tiles tiles = {&memory, read_tile, write_tile};
    struct ledger_entries entries = {story, read_entry};
    struct ledger_files files = {folder, write_file};
    assert_ok(ledger_export(&tiles, story->count, &entries, &files));
    release_tiles(&memory);
    story_checkpoint(story, owner, story->cosigned, &content);
    story_write(folder, "checkpoint", base_bytes_buffer(&content));
    base_buffer_clear(&content);
    put_role(&content, "owner", mine->key_name, LEDGER_KEY_ED25519, &mine->key_public);
    put_role(&content, "cosigner", other->key_name, LEDGER_KEY_COSIGNATURE, &other->key_public);
    put_role(&content, "owner-identity", mine->identity_name, LEDGER_KEY_ED25519, &mine->identity_public);
    put_role(&content, "cosigner-identity", other->identity_name, LEDGER_KEY_ED25519, &other->identity_public);
    story_write(folder, "keys", base_bytes_buffer(&content));
    base_buffer_release(&content);
    return folder;
}

void story_read(const char *folder, const char *path, struct base_buffer *out)
{
    char whole[512];
    snprintf(whole, sizeof whole, "%s/%s", folder, path);
    base_buffer_clear(out);
    assert_ok(base_file_read(whole, FILE_MAX, out));
}

void story_write(const char *folder, const char *path, struct base_bytes content)
{
    char whole[512];
    snprintf(whole, sizeof whole, "%s/%s", folder, path);
    char *slash = strrchr(whole, '/');
    *slash = 0;
    assert_ok(base_folder_make(whole, 0700));
    *slash = '/';
    FILE *file = fopen(whole, "wb");
    assert_non_null(file);
    assert_int_equal(content.len, fwrite(content.data, 1, content.len, file));
    fclose(file);
}

void story_flip(const char *folder, const char *path, size_t at)
{
    struct base_buffer content = BASE_BUFFER_EMPTY;
    story_read(folder, path, &content);
    assert_true(at < content.len);
    content.data[at] ^= 1;
    story_write(folder, path, base_bytes_buffer(&content));
    base_buffer_release(&content);
}

static void run_program(int to, const char *const *arguments)
{
    const char *program = getenv("ENTENTE_VERIFY");
    char *copies[12] = {strdup(program == NULL ? "entente-verify" : program)};
    for (size_t i = 0; arguments[i] != NULL && i < 10; i++)
        copies[i + 1] = strdup(arguments[i]);
    dup2(to, 1);
    dup2(to, 2);
    execv(copies[0], copies);
    _exit(127);
}

int story_verify(char *output, size_t capacity, const char *const *arguments)
{
    int ends[2], status;
    size_t len = 0;
    assert_int_equal(0, pipe(ends));
    pid_t process = fork();
    assert_true(process >= 0);
    if (process == 0)
        run_program(ends[1], arguments);
    close(ends[1]);
    for (ssize_t got; (got = read(ends[0], output + len, capacity - 1 - len)) > 0;)
        len += (size_t)got;
    output[len] = 0;
    close(ends[0]);
    assert_int_equal(process, waitpid(process, &status, 0));
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void story_expect(int code, const char *last_line, const char *const *arguments)
{
    static char output[1 << 18];
    int got = story_verify(output, sizeof output, arguments);
    size_t len = strlen(output);
    if (len > 0 && output[len - 1] == '\n')
        output[--len] = 0;
    const char *newline = strrchr(output, '\n');
    assert_string_equal(last_line, newline == NULL ? output : newline + 1);
    assert_int_equal(code, got);
}
