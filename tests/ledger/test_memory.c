/* SPDX-License-Identifier: Apache-2.0
 *
 * Every function that allocates, with its first, second, third … allocation failing: the answer is BASE_E_NOMEM, what was
 * there before stays, and (under a sanitizer) nothing leaks. The linker puts the allocator below in front of the real one.
 */
#include "ledger/checkpoint.h"
#include "ledger/export.h"
#include "ledger/note.h"

#include "support/test.h"
#include "support/tiles.h"

void *__real_malloc(size_t len);
void *__real_calloc(size_t count, size_t len);
void *__real_realloc(void *old, size_t len);
void *__wrap_malloc(size_t len);
void *__wrap_calloc(size_t count, size_t len);
void *__wrap_realloc(void *old, size_t len);

static size_t allocations_left; /* 0: all succeed; n: the n-th from now fails */

static bool is_to_fail(void)
{
    return allocations_left > 0 && --allocations_left == 0;
}

void *__wrap_malloc(size_t len)
{
    return is_to_fail() ? NULL : __real_malloc(len);
}

void *__wrap_calloc(size_t count, size_t len)
{
    return is_to_fail() ? NULL : __real_calloc(count, len);
}

void *__wrap_realloc(void *old, size_t len)
{
    return is_to_fail() ? NULL : __real_realloc(old, len);
}

static struct crypto_sign_secret secret;
static struct crypto_sign_public public_key;
static struct base_buffer checkpoint_note, cosigned_note, vkey;
static struct ledger_verifier cosigner;
static struct test_tiles memory;
static struct ledger_tiles port;

enum { LEAVES = 300 };

static enum base_code read_entry(void *context, uint64_t index, struct base_buffer *out)
{
    (void)context;
    return base_buffer_append(out, base_bytes_of(&index, sizeof index));
}

static enum base_code ignore_file(void *context, const char *path, struct base_bytes content)
{
    (void)context, (void)path, (void)content;
    return BASE_OK;
}

static int prepare(void **state)
{
    (void)state;
    struct crypto_key seed = {{3}};
    struct ledger_checkpoint checkpoint = {"origin", 5, {{1}}};
    struct base_buffer text = BASE_BUFFER_EMPTY;
    uint64_t size = 0;
    crypto_sign_keys_from_seed(&seed, &secret, &public_key);
    assert_ok(ledger_verifier_init(&cosigner, "witness", LEDGER_KEY_COSIGNATURE, &public_key));
    assert_ok(ledger_verifier_format(&cosigner, &vkey));
    assert_ok(ledger_checkpoint_format(&checkpoint, &text));
    assert_ok(ledger_note_sign(base_bytes_buffer(&text), "origin", &secret, &checkpoint_note));
    assert_ok(ledger_cosign(base_bytes_buffer(&checkpoint_note), "witness", &secret, 7, &cosigned_note));
    base_buffer_release(&text);
    port = test_tiles_port(&memory);
    for (uint64_t i = 0; i < LEAVES; i++) {
        struct crypto_hash leaf;
        ledger_leaf_hash(base_bytes_of(&i, sizeof i), &leaf);
        assert_ok(ledger_tree_append(&port, &size, &leaf, 1));
    }
    return 0;
}

static int release(void **state)
{
    (void)state;
    base_buffer_release(&checkpoint_note);
    base_buffer_release(&cosigned_note);
    base_buffer_release(&vkey);
    test_tiles_release(&memory);
    return 0;
}

/* ---- the calls, each on a buffer that holds "kept" ---- */

static enum base_code parse_note(struct base_buffer *out)
{
    (void)out;
    struct ledger_note note;
    enum base_code code = ledger_note_parse(base_bytes_buffer(&cosigned_note), &note);
    ledger_note_release(&note);
    return code;
}

static enum base_code check_cosignature(struct base_buffer *out)
{
    (void)out;
    struct ledger_note note;
    enum base_code code = ledger_note_parse(base_bytes_buffer(&cosigned_note), &note);
    if (code == BASE_OK)
        code = ledger_note_check(&note, &cosigner);
    ledger_note_release(&note);
    return code;
}

static enum base_code sign(struct base_buffer *out)
{
    return ledger_note_sign(base_bytes_text("a text that is long enough to need more than what a buffer begins with\n"), "name", &secret, out);
}

static enum base_code add_signature(struct base_buffer *out)
{
    return ledger_note_add_signature(base_bytes_buffer(&checkpoint_note), "another", &secret, out);
}

static enum base_code cosign(struct base_buffer *out)
{
    return ledger_cosign(base_bytes_buffer(&checkpoint_note), "another", &secret, 8, out);
}

static enum base_code parse_verifier(struct base_buffer *out)
{
    (void)out;
    struct ledger_verifier verifier;
    return ledger_verifier_parse(base_bytes_buffer(&vkey), &verifier);
}

static enum base_code put_bundle(struct base_buffer *out)
{
    static const uint8_t entry[200];
    return ledger_bundle_put(out, base_bytes_of(entry, sizeof entry));
}

static enum base_code encode_proof(struct base_buffer *out)
{
    static const struct ledger_proof proof = {.count = 10};
    return ledger_proof_encode(&proof, out);
}

static enum base_code root(struct base_buffer *out)
{
    (void)out;
    struct crypto_hash hash;
    return ledger_tree_root(&port, LEAVES - 1, &hash);
}

static enum base_code prove(struct base_buffer *out)
{
    (void)out;
    struct ledger_proof proof;
    BASE_TRY(ledger_tree_prove_inclusion(&port, LEAVES, 17, &proof));
    return ledger_tree_prove_consistency(&port, 200, LEAVES, &proof);
}

static enum base_code export_all(struct base_buffer *out)
{
    (void)out;
    struct ledger_entries entries = {NULL, read_entry};
    struct ledger_files files = {NULL, ignore_file};
    return ledger_export(&port, LEAVES, &entries, &files);
}

/* Into tiles of its own, so that writing them allocates too; what a failure left behind is written over. */
static enum base_code append(struct base_buffer *out)
{
    (void)out;
    static const struct crypto_hash leaves[LEAVES];
    struct test_tiles own = {0};
    struct ledger_tiles own_port = test_tiles_port(&own);
    uint64_t size = 0;
    enum base_code code = ledger_tree_append(&own_port, &size, leaves, 10);
    if (code == BASE_OK)
        code = ledger_tree_append(&own_port, &size, leaves + 10, LEAVES - 10);
    if (code == BASE_OK && size != LEAVES)
        code = base_fail(BASE_E_INTERNAL, "a wrong size");
    test_tiles_release(&own);
    return code;
}

/* ---- every allocation of each fails once ---- */

struct call {
    const char *name;
    enum base_code (*run)(struct base_buffer *out);
};

static void fails_cleanly(const struct call *call)
{
    size_t failed = 0;
    for (enum base_code code = BASE_E_NOMEM; code != BASE_OK; failed++) {
        struct base_buffer out = BASE_BUFFER_EMPTY;
        assert_ok(base_buffer_text(&out, "kept"));
        allocations_left = failed + 1;
        code = call->run(&out);
        allocations_left = 0;
        if (code != BASE_OK && code != BASE_E_NOMEM)
            fail_msg("%s, allocation %zu: %s", call->name, failed + 1, base_detail());
        if (code != BASE_OK)
            assert_bytes("kept", base_bytes_buffer(&out));
        base_buffer_release(&out);
        assert_true(failed < 1000);
    }
    if (failed < 2)
        fail_msg("%s never allocates", call->name);
}

static void any_allocation_may_fail(void **state)
{
    (void)state;
    static const struct call calls[] = {
        {"parse a note", parse_note},     {"check a cosignature", check_cosignature},
        {"sign", sign},                   {"add a signature", add_signature},
        {"cosign", cosign},               {"parse a verifier key", parse_verifier},
        {"put into a bundle", put_bundle}, {"encode a proof", encode_proof},
        {"root", root},                   {"prove", prove},
        {"export", export_all},           {"append", append},
    };
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        fails_cleanly(&calls[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, prepare, release);
}
