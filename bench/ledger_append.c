/* SPDX-License-Identifier: Apache-2.0
 *
 * Appends to a ledger in a store, set against plain writes of the same notes.
 */
#include "bench/ledger.h"
#include "ledger/checkpoint.h"
#include "ledger/note.h"
#include "ledger/tree.h"
#include "store/ledgers.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BATCH_MAX = 256, ROUNDS_MAX = 201 };

static const char origin[] = "entente/00112233445566778899aabbccddeeff/ffeeddccbbaa99887766554433221100";

struct ledger {
    struct store *store;
    uint8_t compartment[STORE_ID_LEN];
    struct crypto_sign_secret secret;
    uint64_t size;
};

struct batch {
    struct base_buffer notes[BATCH_MAX];
    struct crypto_hash hashes[BATCH_MAX];
    size_t count;
};

static enum base_code read_tile(void *context, unsigned level, uint64_t index, struct base_buffer *out)
{
    struct ledger *ledger = context;
    return store_tile_get(ledger->store, ledger->compartment, level, index, out);
}

static enum base_code write_tile(void *context, unsigned level, uint64_t index, struct base_bytes hashes)
{
    struct ledger *ledger = context;
    return store_tile_put(ledger->store, ledger->compartment, level, index, hashes);
}

/* Notes as long as a statement, all different; signing them is not part of what is measured. */
static void make_batch(const struct ledger *ledger, size_t count, struct batch *batch)
{
    static uint64_t number;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    for (batch->count = 0; batch->count < count; batch->count++) {
        struct base_buffer *note = &batch->notes[batch->count];
        base_buffer_clear(&text);
        base_buffer_clear(note);
        bench_must(base_buffer_format(&text,
                                      "entente/receipt/v1\ncompartment: 00112233445566778899aabbccddeeff\nfrom: "
                                      "ffeeddccbbaa99887766554433221100\nnumber: %020" PRIu64 "\nabout: %064d\nterms: %064d\n"
                                      "time: 2026-11-24T05:00:00Z\n",
                                      number++, 0, 0),
                   "text");
        bench_must(ledger_note_sign(base_bytes_buffer(&text), origin, &ledger->secret, note), "note");
        ledger_leaf_hash(base_bytes_buffer(note), &batch->hashes[batch->count]);
    }
    base_buffer_release(&text);
}

static enum base_code put_checkpoint(struct ledger *ledger, const struct ledger_tiles *tiles, struct base_buffer *text,
                                     struct base_buffer *note)
{
    struct ledger_checkpoint checkpoint = {{0}, ledger->size, {{0}}};
    struct store_head head = {ledger->size, {0}, 0};
    memcpy(checkpoint.origin, origin, sizeof origin);
    BASE_TRY(ledger_tree_root(tiles, ledger->size, &checkpoint.root));
    BASE_TRY(ledger_checkpoint_format(&checkpoint, text));
    BASE_TRY(ledger_note_sign(base_bytes_buffer(text), origin, &ledger->secret, note));
    memcpy(head.root, checkpoint.root.bytes, sizeof head.root);
    return store_head_put(ledger->store, ledger->compartment, STORE_HEAD_OWN, &head, base_bytes_buffer(note));
}

static enum base_code append_batch(struct ledger *ledger, const struct batch *batch, struct base_buffer *text,
                                   struct base_buffer *note)
{
    struct ledger_tiles tiles = {ledger, read_tile, write_tile};
    BASE_TRY(store_begin(ledger->store));
    for (size_t i = 0; i < batch->count; i++) {
        struct store_entry entry = {.index = ledger->size + i, .kind = "receipt", .note = base_bytes_buffer(&batch->notes[i])};
        memcpy(entry.hash, batch->hashes[i].bytes, sizeof entry.hash);
        BASE_TRY(store_entry_add(ledger->store, ledger->compartment, &entry));
    }
    BASE_TRY(ledger_tree_append(&tiles, &ledger->size, batch->hashes, batch->count));
    BASE_TRY(put_checkpoint(ledger, &tiles, text, note));
    return store_commit(ledger->store);
}

static double append_us(struct ledger *ledger, const struct batch *batch)
{
    struct base_buffer text = BASE_BUFFER_EMPTY, note = BASE_BUFFER_EMPTY;
    double start = bench_now_us();
    bench_must(append_batch(ledger, batch, &text, &note), "append");
    double taken = bench_now_us() - start;
    base_buffer_release(&text);
    base_buffer_release(&note);
    return taken;
}

static double plain_us(int fd, const struct batch *batch)
{
    struct base_buffer bytes = BASE_BUFFER_EMPTY;
    for (size_t i = 0; i < batch->count; i++)
        bench_must(base_buffer_append(&bytes, base_bytes_buffer(&batch->notes[i])), "bytes");
    double start = bench_now_us();
    bool is_written = write(fd, bytes.data, bytes.len) == (ssize_t)bytes.len && fsync(fd) == 0;
    double taken = bench_now_us() - start;
    bench_must(is_written ? BASE_OK : BASE_E_IO, "plain write");
    base_buffer_release(&bytes);
    return taken;
}

static void measure_batches(struct ledger *ledger, int fd, size_t count, size_t rounds)
{
    static struct batch batch;
    double ledger_us[ROUNDS_MAX], file_us[ROUNDS_MAX];
    size_t note_len = 0;
    for (size_t i = 0; i < rounds; i++) {
        make_batch(ledger, count, &batch);
        note_len = batch.notes[0].len;
        ledger_us[i] = append_us(ledger, &batch);
        file_us[i] = plain_us(fd, &batch);
    }
    double own = bench_median(ledger_us, rounds), plain = bench_median(file_us, rounds);
    printf("%-10zu %10zu %12.2f %12.0f %14.2f %10.2f\n", count, note_len, own / 1e3, (double)count * 1e6 / own, plain / 1e3,
           own / plain);
    for (size_t i = 0; i < BATCH_MAX; i++)
        base_buffer_release(&batch.notes[i]);
}

static void ledger_open(struct ledger *ledger, const char *path)
{
    static const uint8_t none[1] = {0};
    struct crypto_key seed = {{1}};
    struct crypto_sign_public key;
    struct store_compartment compartment = {.name = "bench", .terms = {none, 1}, .keys = {none, 1}};
    memset(ledger, 0, sizeof *ledger);
    crypto_sign_keys_from_seed(&seed, &ledger->secret, &key);
    bench_must(store_open(path, STORE_CREATE, &ledger->store), "store");
    struct store_peer peer = {.name = "bench", .card = {none, 1}};
    bench_must(store_peer_put(ledger->store, &peer), "peer");
    bench_must(store_compartment_put(ledger->store, &compartment), "compartment");
}

void bench_ledger_appends(const char *folder)
{
    char path[4096];
    char work[4000];
    struct ledger ledger;
    snprintf(work, sizeof work, "%s/bench-ledger-XXXXXX", folder);
    bench_must(mkdtemp(work) == NULL ? BASE_E_IO : BASE_OK, "folder");
    snprintf(path, sizeof path, "%s/store", work);
    ledger_open(&ledger, path);
    snprintf(path, sizeof path, "%s/plain", work);
    int fd = open(path, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    bench_must(fd < 0 ? BASE_E_IO : BASE_OK, "plain file");

    printf("\n%-10s %10s %12s %12s %14s %10s\n", "batch", "note bytes", "ms a batch", "entries/s", "plain fsync ms", "x plain");
    measure_batches(&ledger, fd, 1, 201);
    measure_batches(&ledger, fd, 16, 101);
    measure_batches(&ledger, fd, 256, 41);

    close(fd);
    unlink(path);
    store_close(ledger.store);
    static const char *const left[] = {"store", "store-wal", "store-shm"};
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", work, left[i]);
        unlink(path);
    }
    rmdir(work);
}
