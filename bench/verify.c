/* SPDX-License-Identifier: Apache-2.0
 *
 * bench-verify: how long entente-verify takes over an export, and how much memory, against as many bare Ed25519 verifications
 * in the same run. The ledger is invented: asks, answers with receipts, in turns.
 *
 *     bench-verify ENTENTE-VERIFY [entries]     (default: 100,000; the export is made in $TMPDIR or /tmp and removed)
 */
#include "base/file.h"
#include "bench/ledger.h"
#include "crypto/text.h"
#include "exchange/statement.h"
#include "ledger/checkpoint.h"
#include "ledger/export.h"
#include "ledger/note.h"
#include "support/tiles.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { OWNER, COSIGNER, OWNER_IDENTITY, COSIGNER_IDENTITY, KEYS, ROUNDS = 4000 };

static struct crypto_sign_secret secrets[KEYS];
static struct crypto_sign_public publics[KEYS];
static char names[KEYS][EXCHANGE_KEY_NAME_LEN];
static struct exchange_terms terms;
static struct crypto_hash terms_hash;
static struct test_tiles memory;
static struct ledger_tiles tree;
static struct crypto_hash *leaves;
static char folder[128];

static double now_s(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void must(enum base_code code, const char *what)
{
    if (code == BASE_OK)
        return;
    fprintf(stderr, "bench-verify: %s: %s: %s\n", what, base_code_word(code), base_detail());
    exit(1);
}

static void make_terms(void)
{
    memset(terms.compartment.bytes, 0xbe, sizeof terms.compartment.bytes);
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
    snprintf(terms.purpose, sizeof terms.purpose, "a benchmark");
    terms.max_list = terms.max_keys = terms.matches_per_day = 100;
    exchange_terms_defaults(&terms);
    must(exchange_terms_hash(&terms, &terms_hash), "terms");
}

static enum base_code put_terms(struct base_buffer *out)
{
    struct base_buffer text = BASE_BUFFER_EMPTY, half = BASE_BUFFER_EMPTY;
    must(exchange_terms_format(&terms, &text), "terms");
    must(ledger_note_sign(base_bytes_buffer(&text), names[OWNER_IDENTITY], &secrets[OWNER_IDENTITY], &half), "terms");
    must(ledger_note_add_signature(base_bytes_buffer(&half), names[COSIGNER_IDENTITY], &secrets[COSIGNER_IDENTITY], out), "terms");
    base_buffer_release(&text);
    base_buffer_release(&half);
    return BASE_OK;
}

/* An ask of the owner's, its answer, the receipt of the answer, in turns; made again whenever it is needed. */
static enum base_code put_entry(void *context, uint64_t index, struct base_buffer *out)
{
    (void)context;
    if (index == 0)
        return put_terms(out);
    static const enum exchange_kind kinds[] = {EXCHANGE_KIND_ASK, EXCHANGE_KIND_ANSWER, EXCHANGE_KIND_RECEIPT};
    unsigned turn = (unsigned)((index - 1) % 3), by = turn == 1 ? COSIGNER : OWNER;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    struct exchange_statement statement = {.kind = kinds[turn], .compartment = terms.compartment, .terms = terms_hash,
                                           .time_ms = 1000 * (int64_t)index, .content = {{1}}, .grading = EXCHANGE_GRADING_UNKNOWN};
    exchange_fingerprint(&publics[OWNER_IDENTITY + by], &statement.from);
    statement.due_ms = statement.time_ms + 365LL * 86400000;
    if (turn > 0)
        statement.about = leaves[index - 1];
    must(exchange_statement_format(&statement, &text), "statement");
    must(ledger_note_sign(base_bytes_buffer(&text), names[by], &secrets[by], out), "statement");
    base_buffer_release(&text);
    return BASE_OK;
}

static enum base_code put_file(void *context, const char *path, struct base_bytes content)
{
    char whole[512];
    (void)context;
    snprintf(whole, sizeof whole, "%s/%s", folder, path);
    *strrchr(whole, '/') = 0;
    BASE_TRY(base_folder_make(whole, 0700));
    snprintf(whole, sizeof whole, "%s/%s", folder, path);
    FILE *file = fopen(whole, "wb");
    bool is_written = file != NULL && fwrite(content.data, 1, content.len, file) == content.len;
    return file != NULL && fclose(file) == 0 && is_written ? BASE_OK : base_fail(BASE_E_IO, "cannot write %s", whole);
}

static void put_checkpoint(uint64_t size)
{
    struct base_buffer text = BASE_BUFFER_EMPTY, half = BASE_BUFFER_EMPTY, note = BASE_BUFFER_EMPTY;
    struct ledger_checkpoint checkpoint = {.size = size};
    snprintf(checkpoint.origin, sizeof checkpoint.origin, "%s", names[OWNER]);
    must(ledger_tree_root(&tree, size, &checkpoint.root), "root");
    must(ledger_checkpoint_format(&checkpoint, &text), "checkpoint");
    must(ledger_note_sign(base_bytes_buffer(&text), names[OWNER], &secrets[OWNER], &half), "checkpoint");
    must(ledger_cosign(base_bytes_buffer(&half), names[COSIGNER], &secrets[COSIGNER], 2000000000, &note), "checkpoint");
    must(put_file(NULL, "checkpoint", base_bytes_buffer(&note)), "checkpoint");
    base_buffer_release(&text);
    base_buffer_release(&half);
    base_buffer_release(&note);
}

static void put_keys(void)
{
    static const char *const roles[KEYS] = {"owner", "cosigner", "owner-identity", "cosigner-identity"};
    struct base_buffer lines = BASE_BUFFER_EMPTY;
    for (size_t i = 0; i < KEYS; i++) {
        struct ledger_verifier verifier;
        must(ledger_verifier_init(&verifier, names[i], i == COSIGNER ? LEDGER_KEY_COSIGNATURE : LEDGER_KEY_ED25519, &publics[i]), "keys");
        must(base_buffer_format(&lines, "%s ", roles[i]), "keys");
        must(ledger_verifier_format(&verifier, &lines), "keys");
        must(base_buffer_text(&lines, "\n"), "keys");
    }
    must(put_file(NULL, "keys", base_bytes_buffer(&lines)), "keys");
    base_buffer_release(&lines);
}

static void make_export(uint64_t entries)
{
    struct ledger_entries source = {NULL, put_entry};
    struct ledger_files files = {NULL, put_file};
    uint64_t size = 0;
    tree = test_tiles_port(&memory);
    leaves = base_alloc_array((size_t)entries, sizeof *leaves);
    for (uint64_t i = 0; i < entries; i++) {
        struct base_buffer note = BASE_BUFFER_EMPTY;
        must(put_entry(NULL, i, &note), "entry");
        ledger_leaf_hash(base_bytes_buffer(&note), &leaves[i]);
        base_buffer_release(&note);
    }
    must(ledger_tree_append(&tree, &size, leaves, (size_t)entries), "tree");
    must(ledger_export(&tree, size, &source, &files), "export");
    put_checkpoint(entries);
    put_keys();
}

/* Microseconds of one Ed25519 verification of a note of the usual length. */
static double verification_us(void)
{
    uint8_t text[600] = {1};
    struct base_bytes message = base_bytes_of(text, sizeof text);
    struct crypto_signature signature;
    crypto_sign_make(&secrets[OWNER], message, &signature);
    double start = now_s();
    for (unsigned i = 0; i < ROUNDS; i++)
        must(crypto_sign_check(&publics[OWNER], message, &signature), "yardstick");
    return (now_s() - start) * 1e6 / ROUNDS;
}

static int verify(const char *program)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, 1);
        execl(program, program, folder, (char *)NULL);
        _exit(127);
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status, (void)type, (void)walk;
    return remove(path);
}

int main(int count, char **arguments)
{
    uint64_t entries = count > 2 ? strtoull(arguments[2], NULL, 10) : 100000;
    struct rusage usage;
    if (count < 2 || entries < 1 || entries > 1u << 22) {
        fprintf(stderr, "usage: bench-verify ENTENTE-VERIFY [entries]\n");
        return 2;
    }
    entries = entries / 3 * 3 + 1; /* so that it ends with a receipt */
    snprintf(folder, sizeof folder, "%.90s/entente-bench-verify-XXXXXX", getenv("TMPDIR") == NULL ? "/tmp" : getenv("TMPDIR"));
    if (crypto_start() != BASE_OK || mkdtemp(folder) == NULL)
        return 1;
    make_terms();
    make_export(entries);
    double bare_us = verification_us(), start = now_s();
    int code = verify(arguments[1]);
    double seconds = now_s() - start;
    getrusage(RUSAGE_CHILDREN, &usage);
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    if (code != 0) {
        fprintf(stderr, "bench-verify: %s ended with %d\n", arguments[1], code);
        return 1;
    }
    printf("entries                    %llu\n", (unsigned long long)entries);
    printf("verified in                %.1f s, %.1f us an entry\n", seconds, seconds * 1e6 / (double)entries);
    printf("bare Ed25519 verification  %.1f us (libsodium): ratio %.2f\n", bare_us, seconds * 1e6 / (double)entries / bare_us);
    printf("largest memory             %.1f MiB, %.0f bytes an entry\n", (double)usage.ru_maxrss / 1024,
           (double)usage.ru_maxrss * 1024 / (double)entries);
    free(leaves);
    test_tiles_release(&memory);
    return 0;
}
