/* SPDX-License-Identifier: Apache-2.0
 *
 * bench-ledger: how fast a ledger takes entries, and what proofs cost in a tree of a million.
 *
 * Appending is one transaction of the store per batch: entries, tiles, a signed checkpoint. It is set against the same
 * notes written to a file with one write and one fsync per batch, in turns, in the same folder. Checking a proof is set
 * against as many SHA-256 of 64 bytes as the proof has hashes, right after it. All values are medians.
 *
 *     bench-ledger [folder]        (default: the current one; a folder on tmpfs measures no disk)
 */
#include "base/file.h"
#include "bench/ledger.h"
#include "support/tiles.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { TREE_SIZE = 1000000, PROOFS = 2001, SHA_ROUNDS = 20000, SHA_RUNS = 21 };

double bench_now_us(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static int compare_doubles(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

double bench_median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, compare_doubles);
    return values[count / 2];
}

void bench_must(enum base_code code, const char *what)
{
    if (code == BASE_OK)
        return;
    fprintf(stderr, "bench-ledger: %s: %s: %s\n", what, base_code_word(code), base_detail());
    exit(1);
}

/* The time of `count` SHA-256 of 64 bytes, each of which waits for the one before. */
static double sha256_64_us(size_t count)
{
    uint8_t block[64] = {1};
    struct base_bytes part = base_bytes_of(block, sizeof block);
    struct crypto_hash hash;
    double start = bench_now_us();
    for (size_t i = 0; i < count; i++) {
        crypto_sha256(&part, 1, &hash);
        memcpy(block, hash.bytes, sizeof hash.bytes);
    }
    return bench_now_us() - start;
}

static double median_sha256_64_us(void)
{
    double values[SHA_RUNS];
    for (size_t run = 0; run < SHA_RUNS; run++)
        values[run] = sha256_64_us(SHA_ROUNDS) / SHA_ROUNDS;
    return bench_median(values, SHA_RUNS);
}

struct sample {
    double make_us[PROOFS], check_us[PROOFS], sha_us[PROOFS], hashes[PROOFS];
};

static void report_proofs(const char *name, struct sample *sample)
{
    double least = sample->hashes[0], most = least;
    for (size_t i = 0; i < PROOFS; i++) {
        least = sample->hashes[i] < least ? sample->hashes[i] : least;
        most = sample->hashes[i] > most ? sample->hashes[i] : most;
    }
    double hashes = bench_median(sample->hashes, PROOFS), check = bench_median(sample->check_us, PROOFS);
    printf("%-12s %4.0f..%-4.0f %8.0f %10.1f %10.2f %10.0f %14.2f\n", name, 1 + 32 * least, 1 + 32 * most, 1 + 32 * hashes,
           bench_median(sample->make_us, PROOFS), check, 1e6 / check, check / bench_median(sample->sha_us, PROOFS));
}

static void leaf_of(uint64_t number, struct crypto_hash *out)
{
    ledger_leaf_hash(base_bytes_of(&number, sizeof number), out);
}

static void measure_inclusion(const struct ledger_tiles *port, const struct crypto_hash *root, struct sample *sample)
{
    for (size_t i = 0; i < PROOFS; i++) {
        struct ledger_proof proof;
        struct crypto_hash leaf;
        uint64_t index = i * 499979 % TREE_SIZE;
        leaf_of(index, &leaf);
        double start = bench_now_us();
        bench_must(ledger_tree_prove_inclusion(port, TREE_SIZE, index, &proof), "inclusion");
        double made = bench_now_us();
        bench_must(ledger_check_inclusion(&leaf, index, TREE_SIZE, &proof, root), "check of inclusion");
        sample->check_us[i] = bench_now_us() - made;
        sample->make_us[i] = made - start;
        sample->sha_us[i] = sha256_64_us(proof.count);
        sample->hashes[i] = (double)proof.count;
    }
}

static void measure_consistency(const struct ledger_tiles *port, const struct crypto_hash *root, struct sample *sample)
{
    for (size_t i = 0; i < PROOFS; i++) {
        struct ledger_proof proof;
        struct crypto_hash old_root;
        uint64_t old_size = 1 + i * 499979 % TREE_SIZE;
        bench_must(ledger_tree_root(port, old_size, &old_root), "root");
        double start = bench_now_us();
        bench_must(ledger_tree_prove_consistency(port, old_size, TREE_SIZE, &proof), "consistency");
        double made = bench_now_us();
        bench_must(ledger_check_consistency(old_size, &old_root, TREE_SIZE, root, &proof), "check of consistency");
        sample->check_us[i] = bench_now_us() - made;
        sample->make_us[i] = made - start;
        sample->sha_us[i] = sha256_64_us(proof.count);
        sample->hashes[i] = (double)proof.count;
    }
}

static void measure_tree(void)
{
    static struct test_tiles memory;
    static struct sample sample;
    struct ledger_tiles port = test_tiles_port(&memory);
    struct crypto_hash *leaves = base_alloc_array(TREE_SIZE, sizeof *leaves), root;
    uint64_t size = 0;
    bench_must(leaves == NULL ? BASE_E_NOMEM : BASE_OK, "leaves");
    for (uint64_t i = 0; i < TREE_SIZE; i++)
        leaf_of(i, &leaves[i]);
    double sha_us = median_sha256_64_us(), start = bench_now_us();
    bench_must(ledger_tree_append(&port, &size, leaves, TREE_SIZE), "append");
    bench_must(ledger_tree_root(&port, size, &root), "root");
    double built_us = bench_now_us() - start;

    printf("SHA-256 of 64 bytes: %.3f us, %.0f a second\n", sha_us, 1e6 / sha_us);
    printf("A tree of %d leaves, in memory: %.0f ms, x raw SHA-256 %.2f\n\n", TREE_SIZE, built_us / 1e3,
           built_us / (sha_us * (TREE_SIZE - 1)));
    printf("%-12s %10s %8s %10s %10s %10s %14s\n", "in 10^6", "bytes", "median", "make us", "check us", "checks/s",
           "x raw SHA-256");
    measure_inclusion(&port, &root, &sample);
    report_proofs("inclusion", &sample);
    measure_consistency(&port, &root, &sample);
    report_proofs("consistency", &sample);
    test_tiles_release(&memory);
    free(leaves);
}

int main(int count, char **arguments)
{
    bench_must(crypto_start(), "start");
    measure_tree();
    bench_ledger_appends(count > 1 ? arguments[1] : ".");
    return 0;
}
