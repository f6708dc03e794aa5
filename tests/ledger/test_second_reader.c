/* SPDX-License-Identifier: Apache-2.0
 *
 * Exports read by the independent verifier: both were written from doc/spec/ledger.md, and here they meet. Every size at
 * which files appear or become full; one bit changed in each file of an export is noticed.
 */
#include "exchange/statement.h"
#include "ledger/checkpoint.h"
#include "ledger/export.h"
#include "ledger/note.h"

#include "base/file.h"
#include "support/test.h"
#include "support/tiles.h"
#include "verify/export.h"

#include <stdlib.h>
#include <unistd.h>

enum { OWNER, COSIGNER, OWNER_IDENTITY, COSIGNER_IDENTITY, KEYS, MOST = 700, FILES_MAX = 16 };

static struct crypto_sign_secret secrets[KEYS];
static struct crypto_sign_public publics[KEYS];
static char names[KEYS][EXCHANGE_KEY_NAME_LEN];
static struct exchange_terms terms;
static struct base_buffer notes[MOST];
static struct test_tiles memory;
static struct ledger_tiles port;

static char folder[64];
static char files[FILES_MAX][LEDGER_PATH_MAX];
static size_t file_count;

static void make_keys(void)
{
    memset(terms.compartment.bytes, 0xc0, sizeof terms.compartment.bytes);
    for (uint8_t i = 0; i < KEYS; i++)
        crypto_sign_keys_from_seed(&(struct crypto_key){{(uint8_t)(i + 1)}}, &secrets[i], &publics[i]);
    for (size_t i = 0; i < 2; i++) {
        struct exchange_id fingerprint;
        exchange_fingerprint(&publics[OWNER_IDENTITY + i], &fingerprint);
        exchange_key_name(&terms.compartment, &fingerprint, names[OWNER + i]);
        exchange_identity_name(&fingerprint, names[OWNER_IDENTITY + i]);
        terms.sides[i].identity = publics[OWNER_IDENTITY + i];
        terms.sides[i].key = publics[OWNER + i];
    }
    snprintf(terms.purpose, sizeof terms.purpose, "a test of two readers");
    terms.max_list = terms.max_keys = terms.matches_per_day = 100;
    exchange_terms_defaults(&terms);
}

static void make_terms_note(struct base_buffer *out)
{
    struct base_buffer text = BASE_BUFFER_EMPTY, proposed = BASE_BUFFER_EMPTY;
    assert_ok(exchange_terms_format(&terms, &text));
    assert_ok(ledger_note_sign(base_bytes_buffer(&text), names[OWNER_IDENTITY], &secrets[OWNER_IDENTITY], &proposed));
    assert_ok(ledger_note_add_signature(base_bytes_buffer(&proposed), names[COSIGNER_IDENTITY], &secrets[COSIGNER_IDENTITY], out));
    base_buffer_release(&text);
    base_buffer_release(&proposed);
}

/* By the two in turn; what the cosigner says is receipted by the owner right behind. */
static void make_statement(size_t index, const struct crypto_hash *terms_hash, struct base_buffer *out)
{
    bool is_receipt = index % 4 == 2 && index > 4, is_cosigners = index % 4 == 1 && index > 4;
    size_t by = is_cosigners ? COSIGNER : OWNER;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    struct exchange_statement statement = {.kind = is_receipt ? EXCHANGE_KIND_RECEIPT : EXCHANGE_KIND_STATE, .move = EXCHANGE_SUSPEND,
                                           .compartment = terms.compartment, .terms = *terms_hash, .time_ms = 1000 * (int64_t)index};
    exchange_fingerprint(&publics[OWNER_IDENTITY + by], &statement.from);
    if (is_receipt)
        ledger_leaf_hash(base_bytes_buffer(&notes[index - 1]), &statement.about);
    assert_ok(exchange_statement_format(&statement, &text));
    assert_ok(ledger_note_sign(base_bytes_buffer(&text), names[by], &secrets[by], out));
    base_buffer_release(&text);
}

static int make_ledger(void **state)
{
    (void)state;
    struct crypto_hash leaf, terms_hash;
    uint64_t size = 0;
    make_keys();
    port = test_tiles_port(&memory);
    assert_ok(exchange_terms_hash(&terms, &terms_hash));
    for (size_t i = 0; i < MOST; i++) {
        if (i == 0)
            make_terms_note(&notes[i]);
        else
            make_statement(i, &terms_hash, &notes[i]);
        ledger_leaf_hash(base_bytes_buffer(&notes[i]), &leaf);
        assert_ok(ledger_tree_append(&port, &size, &leaf, 1));
    }
    return 0;
}

static int release_ledger(void **state)
{
    (void)state;
    for (size_t i = 0; i < MOST; i++)
        base_buffer_release(&notes[i]);
    test_tiles_release(&memory);
    return 0;
}

static enum base_code read_entry(void *context, uint64_t index, struct base_buffer *out)
{
    (void)context;
    return base_buffer_append(out, base_bytes_buffer(&notes[index]));
}

static enum base_code write_file(void *context, const char *path, struct base_bytes content)
{
    char whole[2048];
    (void)context;
    assert_true(file_count < FILES_MAX);
    snprintf(files[file_count++], LEDGER_PATH_MAX, "%s", path);
    snprintf(whole, sizeof whole, "%s/%s", folder, path);
    *strrchr(whole, '/') = 0;
    BASE_TRY(base_folder_make(whole, 0700));
    snprintf(whole, sizeof whole, "%s/%s", folder, path);
    return base_file_write(whole, content, 0600);
}

static void write_checkpoint(uint64_t size)
{
    struct base_buffer text = BASE_BUFFER_EMPTY, signed_note = BASE_BUFFER_EMPTY, cosigned = BASE_BUFFER_EMPTY;
    struct ledger_checkpoint checkpoint = {.size = size};
    snprintf(checkpoint.origin, sizeof checkpoint.origin, "%s", names[OWNER]);
    assert_ok(ledger_tree_root(&port, size, &checkpoint.root));
    assert_ok(ledger_checkpoint_format(&checkpoint, &text));
    assert_ok(ledger_note_sign(base_bytes_buffer(&text), names[OWNER], &secrets[OWNER], &signed_note));
    assert_ok(ledger_cosign(base_bytes_buffer(&signed_note), names[COSIGNER], &secrets[COSIGNER], 1764000000, &cosigned));
    assert_ok(write_file(NULL, "checkpoint", base_bytes_buffer(&cosigned)));
    base_buffer_release(&text);
    base_buffer_release(&signed_note);
    base_buffer_release(&cosigned);
}

static void write_keys(void)
{
    static const char *const roles[KEYS] = {"owner", "cosigner", "owner-identity", "cosigner-identity"};
    struct base_buffer lines = BASE_BUFFER_EMPTY;
    for (size_t i = 0; i < KEYS; i++) {
        struct ledger_verifier verifier;
        assert_ok(ledger_verifier_init(&verifier, names[i], i == COSIGNER ? LEDGER_KEY_COSIGNATURE : LEDGER_KEY_ED25519, &publics[i]));
        assert_ok(base_buffer_format(&lines, "%s ", roles[i]));
        assert_ok(ledger_verifier_format(&verifier, &lines));
        assert_ok(base_buffer_text(&lines, "\n"));
    }
    assert_ok(write_file(NULL, "keys", base_bytes_buffer(&lines)));
    base_buffer_release(&lines);
}

static void write_export(uint64_t size)
{
    struct ledger_entries entries = {NULL, read_entry};
    struct ledger_files sink = {NULL, write_file};
    file_count = 0;
    snprintf(folder, sizeof folder, "/tmp/entente-export-XXXXXX");
    assert_non_null(mkdtemp(folder));
    assert_ok(ledger_export(&port, size, &entries, &sink));
    write_checkpoint(size);
    write_keys();
}

static void remove_export(void)
{
    for (size_t i = 0; i < file_count; i++) {
        char path[2048];
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        unlink(path);
        for (char *end; strlen(path) > strlen(folder) && (end = strrchr(path, '/')) != NULL;) {
            *end = 0;
            rmdir(path); /* fails while something is in it */
        }
    }
}

static enum verify_result verify(uint64_t *size, struct verify_report *report)
{
    static const char *const expected[2] = {NULL, NULL};
    struct verify_export export = VERIFY_EXPORT_EMPTY;
    const struct verify_folder at = verify_folder_at(folder);
    memset(report, 0, sizeof *report);
    enum verify_result result = verify_export_read(&export, &at, expected, report);
    *size = export.size;
    verify_export_release(&export);
    return result;
}

static void exports_of_every_shape_verify(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {0, 1, 2, 255, 256, 257, 511, 512, 513, MOST};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct verify_report report;
        uint64_t size;
        write_export(sizes[i]);
        if (verify(&size, &report) != VERIFY_OK)
            fail_msg("%llu entries: %s: %s (%s)", (unsigned long long)sizes[i], report.where, report.reason, report.clause);
        assert_int_equal(size, sizes[i]);
        remove_export();
    }
}

/* The bit that turns a letter into its other case leaves texts texts; it is flipped in the middle of the file. */
static void a_bit_changed_in_any_file_is_noticed(void **state)
{
    (void)state;
    write_export(300);
    assert_int_equal(file_count, 2 + 1 + 2 + 2);
    for (size_t i = 0; i < file_count; i++) {
        struct verify_report report;
        struct base_buffer content = BASE_BUFFER_EMPTY;
        char path[2048];
        uint64_t size;
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        assert_ok(base_file_read(path, 1 << 20, &content));
        content.data[content.len / 2] ^= 0x20;
        assert_ok(base_file_write(path, base_bytes_buffer(&content), 0600));
        assert_int_equal(verify(&size, &report), VERIFY_REFUTED);
        content.data[content.len / 2] ^= 0x20;
        assert_ok(base_file_write(path, base_bytes_buffer(&content), 0600));
        assert_int_equal(verify(&size, &report), VERIFY_OK);
        unlink(path);
        assert_int_not_equal(verify(&size, &report), VERIFY_OK);
        assert_ok(base_file_write(path, base_bytes_buffer(&content), 0600));
        base_buffer_release(&content);
    }
    remove_export();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exports_of_every_shape_verify),
        cmocka_unit_test(a_bit_changed_in_any_file_is_noticed),
    };
    return cmocka_run_group_tests(tests, make_ledger, release_ledger);
}
