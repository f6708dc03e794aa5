/* SPDX-License-Identifier: Apache-2.0
 *
 * What an oblivious key-value store costs: size, time on one core to encode and decode, and the memory it moves beside what
 * the same core copies in the same run. Medians.
 *
 *     bench-okvs               sizes and times
 *     bench-okvs --failures    how often arrays that are too small on purpose fail, beside the bound
 *     bench-okvs --table       the table of src/okvs/params.c from the bound
 */
#include "okvs/bound.h"
#include "okvs/keys.h"

#include <stdio.h>
#include <time.h>

enum { RUNS = 7, COPY_BYTES = 256 << 20 };

static void demand(enum base_code code)
{
    if (code == BASE_OK)
        return;
    fprintf(stderr, "bench-okvs: %s: %s\n", base_code_word(code), base_detail());
    exit(1);
}

static double now_s(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int compare_doubles(const void *a, const void *b)
{
    const double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double median(double *times)
{
    qsort(times, RUNS, sizeof times[0], compare_doubles);
    return times[RUNS / 2];
}

/* Bytes read and written a second. */
static double copy_rate(void)
{
    char *from = malloc(COPY_BYTES), *to = malloc(COPY_BYTES);
    double times[RUNS];
    if (from == NULL || to == NULL)
        exit(1);
    memset(from, 1, COPY_BYTES);
    memset(to, 2, COPY_BYTES);
    for (size_t i = 0; i < RUNS; i++) {
        const double start = now_s();
        memcpy(to, from, COPY_BYTES);
        __asm__ volatile("" : : "r"(to) : "memory");
        times[i] = now_s() - start;
    }
    free(from);
    free(to);
    return 2.0 * COPY_BYTES / median(times);
}

static void bench_size(size_t count, double copied)
{
    struct okvs_params params;
    demand(okvs_params_for(count, &params));
    struct block *keys = keys_blocks(count), *values = keys_blocks(count), *decoded = keys_blocks(count);
    struct block *slots = keys_blocks(params.slots);
    double *steps = malloc((count + 1) * sizeof *steps), encode[RUNS], decode[RUNS];
    void *arena = malloc(okvs_encode_arena(&params, 1));
    keys_in_order(1, keys, count, steps);
    keys_random(2, values, count);
    memset(slots, 0, params.slots * sizeof *slots);
    memset(decoded, 0, count * sizeof *decoded);
    memset(arena, 0, okvs_encode_arena(&params, 1));
    for (uint64_t i = 0; i < RUNS; i++) {
        const struct block seed = {{i, 3}};
        double start = now_s();
        demand(okvs_encode(&params, seed, keys, values, count, seed, 1, arena, slots));
        encode[i] = now_s() - start;
        start = now_s();
        demand(okvs_decode(&params, seed, keys, count, slots, 1, decoded));
        decode[i] = now_s() - start;
        if (memcmp(values, decoded, count * sizeof *values) != 0)
            demand(BASE_E_INTERNAL);
    }
    /* Keys and values in, a row and a right side written and read a slot, slots out; and slots, keys and values. */
    const double encode_bytes = 32.0 * (double)count + (32 * 2 + 16 * 3) * (double)params.slots;
    const double decode_bytes = 32.0 * (double)count + 16.0 * (double)params.slots;
    const double encode_s = median(encode), decode_s = median(decode);
    printf("%9zu %9llu %7.4f  %8.2f %6.1f %5.1f %4.0f%%  %8.2f %6.1f %5.1f %4.0f%%\n", count, (unsigned long long)params.slots,
           (double)params.slots / (double)count, encode_s * 1e3, encode_s * 1e9 / (double)count, encode_bytes / encode_s / 1e9,
           100 * encode_bytes / encode_s / copied, decode_s * 1e3, decode_s * 1e9 / (double)count, decode_bytes / decode_s / 1e9,
           100 * decode_bytes / decode_s / copied);
    free(keys);
    free(values);
    free(decoded);
    free(slots);
    free(steps);
    free(arena);
}

static void bench_times(void)
{
    const double copied = copy_rate();
    printf("one core, kernels %s; memory copied at %.1f GB/s (read and written)\n", block_level_name(block_level()), copied / 1e9);
    printf("                             encode                       decode\n");
    printf("     keys     slots  a key        ms ns/key  GB/s  mem        ms ns/key  GB/s  mem\n");
    for (unsigned log = 8; log <= 22; log += 2)
        bench_size((size_t)1 << log, copied);
}

/* Clopper and Pearson would be exact; with these counts Wilson's interval is near enough. */
static void print_failures(uint64_t count, uint64_t starts, unsigned trials)
{
    struct okvs_params params;
    okvs_params_with(count, 1, starts, &params);
    struct block *keys = keys_blocks(count), *values = keys_blocks(count), *slots = keys_blocks(params.slots);
    double *steps = malloc((count + 1) * sizeof *steps);
    void *arena = malloc(okvs_encode_arena(&params, 1));
    double failed = 0;
    keys_random(1, values, count);
    for (uint64_t i = 0; i < trials; i++) {
        keys_in_order(i + 1000000, keys, count, steps);
        failed += okvs_encode(&params, (struct block){{i, 0}}, keys, values, count, (struct block){{i, 1}}, 1, arena, slots) != BASE_OK;
    }
    const double share = failed / trials, z = 1.96, weight = z * z / trials;
    const double middle = (share + weight / 2) / (1 + weight);
    const double half = z / (1 + weight) * sqrt(share * (1 - share) / trials + weight / (4 * trials));
    printf("%7llu %7llu %7.4f %8u %7.0f  %6.2f  %6.2f to %6.2f  %7.2f\n", (unsigned long long)count, (unsigned long long)starts,
           (double)params.slots / (double)count, trials, failed, -log2(share), -log2(middle + half), -log2(middle - half),
           bound_bits(count, starts));
    fflush(stdout);
    free(keys);
    free(values);
    free(slots);
    free(steps);
    free(arena);
}

static void bench_failures(void)
{
    printf("-log2 of the share of sets that could not be encoded, its 95%% interval, and the bound of okvs 3.2\n");
    printf("   keys  starts   a key   trials  failed    bits       95%%           bound\n");
    print_failures(250, 1, 400000);
    print_failures(246, 1, 400000);
    print_failures(1000, 95, 200000);
    print_failures(1000, 96, 200000);
    print_failures(4096, 488, 40000);
    print_failures(4096, 490, 40000);
    print_failures(4096, 492, 40000);
    print_failures(16384, 2050, 10000);
    print_failures(16384, 2056, 10000);
    print_failures(65536, 8420, 3000);
}

static void print_table(void)
{
    for (unsigned log = 7; log <= 20; log++)
        for (uint64_t half = 2; half <= 3; half++) {
            const uint64_t count = half << (log - 1), starts = bound_starts(count, OKVS_LAMBDA);
            printf("{%llu, %llu}, bits %.2f\n", (unsigned long long)count, (unsigned long long)starts, bound_bits(count, starts));
            fflush(stdout);
        }
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--failures") == 0)
        bench_failures();
    else if (argc == 2 && strcmp(argv[1], "--table") == 0)
        print_table();
    else
        bench_times();
    return 0;
}
