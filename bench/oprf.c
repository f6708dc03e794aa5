/* SPDX-License-Identifier: Apache-2.0
 *
 * What the OPRF and whole matchings cost, beside what the library's own group operations cost in the same run on the
 * same machine. Medians of five. The library is called directly for that yardstick and for nothing else.
 */
#include "crypto/hash.h"
#include "crypto/oprf.h"
#include "crypto/secret.h"
#include "psi/session.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RUNS = 5, BATCH = 1024 };

static struct crypto_scalar blinds[BATCH], secret;
static struct crypto_point public_key, points[BATCH], blinded[BATCH], evaluated[BATCH];
static uint8_t uniform[BATCH][64], outputs[BATCH][CRYPTO_OPRF_OUTPUT_LEN];
static struct crypto_oprf_proof proof;

static void demand(enum base_code code)
{
    if (code == BASE_OK)
        return;
    fprintf(stderr, "bench-oprf: %s: %s\n", base_code_word(code), base_detail());
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
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double median_s(void (*run)(void))
{
    double times[RUNS];
    for (size_t i = 0; i < RUNS; i++) {
        double start = now_s();
        run();
        times[i] = now_s() - start;
    }
    qsort(times, RUNS, sizeof times[0], compare_doubles);
    return times[RUNS / 2];
}

static void prepare(void)
{
    uint8_t seed[32] = {1};
    demand(crypto_start());
    demand(crypto_oprf_key_derive(CRYPTO_OPRF_VERIFIABLE, seed, base_bytes_text("bench"), &secret, &public_key));
    for (size_t i = 0; i < BATCH; i++) {
        crypto_sha512(&(const struct base_bytes){(const uint8_t *)&i, sizeof i}, 1, uniform[i]);
        demand(crypto_scalar_reduce(uniform[i], &blinds[i]));
        (void)crypto_core_ristretto255_from_hash(points[i].bytes, uniform[i]);
    }
}

static void multiply(void)
{
    uint8_t product[32];
    for (size_t i = 0; i < BATCH; i++) {
        if (crypto_scalarmult_ristretto255(product, blinds[i].bytes, points[i].bytes) != 0)
            exit(1);
    }
}

static void from_hash(void)
{
    uint8_t point[32];
    for (size_t i = 0; i < BATCH; i++)
        (void)crypto_core_ristretto255_from_hash(point, uniform[i]);
}

static struct base_bytes input_of(size_t i)
{
    return base_bytes_of(uniform[i], 32);
}

static void blind_all(void)
{
    for (size_t i = 0; i < BATCH; i++)
        demand(crypto_oprf_blind(CRYPTO_OPRF_VERIFIABLE, input_of(i), &blinds[i], &blinded[i]));
}

static void evaluate_all(void)
{
    for (size_t i = 0; i < BATCH; i++)
        demand(crypto_oprf_evaluate(&secret, &blinded[i], &evaluated[i]));
    demand(crypto_oprf_prove(CRYPTO_OPRF_VERIFIABLE, &secret, &public_key, &blinds[0], blinded, evaluated, BATCH, 1, &proof));
}

static void verify_all(void)
{
    demand(crypto_oprf_verify(CRYPTO_OPRF_VERIFIABLE, &public_key, blinded, evaluated, BATCH, 1, &proof));
}

static void finalize_all(void)
{
    for (size_t i = 0; i < BATCH; i++)
        demand(crypto_oprf_finalize(CRYPTO_OPRF_VERIFIABLE, input_of(i), base_bytes_of(NULL, 0), &blinds[i], &evaluated[i],
                                    outputs[i]));
}

static void output_all(void)
{
    for (size_t i = 0; i < BATCH; i++)
        demand(crypto_oprf_output(CRYPTO_OPRF_VERIFIABLE, input_of(i), base_bytes_of(NULL, 0), &secret, outputs[i]));
}

/* Sessions: what the runs share, since a run takes no argument. */
static struct {
    size_t count;
    unsigned threads;
    size_t bytes;
} session_case;

static int compare_tokens(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct crypto_hash));
}

/* Half of the tokens are held by both. */
static struct crypto_hash *tokens_of(size_t count, uint8_t owner)
{
    struct crypto_hash *tokens = base_alloc_array(count, sizeof *tokens);
    if (tokens == NULL)
        exit(1);
    for (size_t i = 0; i < count; i++) {
        uint8_t name[5] = {i % 2 == 0 ? 0 : owner, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i, 0};
        crypto_sha256(&(const struct base_bytes){name, sizeof name}, 1, &tokens[i]);
    }
    qsort(tokens, count, sizeof *tokens, compare_tokens);
    return tokens;
}

static void exchange(struct psi_session *sessions[2])
{
    struct base_buffer message = BASE_BUFFER_EMPTY;
    session_case.bytes = 0;
    while (psi_session_state(sessions[PSI_RECEIVER]) == PSI_RUNNING) {
        for (int role = PSI_SENDER; role >= PSI_RECEIVER; role--) {
            demand(psi_session_pull(sessions[role], &message));
            if (message.len == 0)
                continue;
            session_case.bytes += message.len;
            demand(psi_session_push(sessions[!role], base_bytes_buffer(&message)));
        }
    }
    base_buffer_release(&message);
}

static void session_run(void)
{
    struct psi_session *sessions[2];
    struct crypto_hash *tokens[2];
    const struct psi_hit *hits;
    size_t hit_count;
    for (unsigned role = 0; role < 2; role++) {
        tokens[role] = tokens_of(session_case.count, (uint8_t)(role + 1));
        struct psi_config config = {.role = role == 0 ? PSI_RECEIVER : PSI_SENDER,
                                    .tokens = tokens[role],
                                    .own_count = session_case.count,
                                    .peer_count = session_case.count,
                                    .threads = session_case.threads,
                                    .random = base_random_system()};
        demand(psi_session_new(&config, &sessions[role]));
    }
    exchange(sessions);
    demand(psi_session_hits(sessions[PSI_SENDER], &hits, &hit_count));
    if (hit_count != session_case.count / 2)
        exit(1);
    for (unsigned role = 0; role < 2; role++) {
        psi_session_free(sessions[role]);
        free(tokens[role]);
    }
}

static void print_step(const char *name, double seconds, double multiply_s)
{
    printf("%-34s %12.0f %12.2f\n", name, BATCH / seconds, seconds / multiply_s);
}

static void print_session(unsigned bits, unsigned threads, double multiply_s)
{
    session_case.count = (size_t)1 << bits;
    session_case.threads = threads;
    double seconds = median_s(session_run);
    double each = seconds / (double)session_case.count;
    printf("2^%-2u x 2^%-2u %8u %12.3f %14.2f %12.1f\n", bits, bits, threads, seconds, each / (multiply_s / BATCH),
           (double)session_case.bytes / (double)session_case.count);
}

int main(void)
{
    prepare();
    double multiply_s = median_s(multiply);
    printf("One core, batches of %d, medians of %d\n\n", (int)BATCH, (int)RUNS);
    printf("%-34s %12s %12s\n", "", "per second", "multiplies");
    print_step("library: ristretto255 multiply", multiply_s, multiply_s);
    print_step("library: ristretto255 from_hash", median_s(from_hash), multiply_s);
    print_step("blind", median_s(blind_all), multiply_s);
    print_step("evaluate, with proof", median_s(evaluate_all), multiply_s);
    print_step("verify a proof, per point", median_s(verify_all), multiply_s);
    print_step("finalize", median_s(finalize_all), multiply_s);
    print_step("output of an own token", median_s(output_all), multiply_s);
    printf("\nWhole sessions, both sides in one process by turns; cost of a token of each side\n\n");
    printf("%-12s %8s %12s %14s %12s\n", "sets", "threads", "seconds", "multiplies", "bytes");
    for (unsigned threads = 1; threads <= 2; threads++) {
        print_session(10, threads, multiply_s);
        print_session(13, threads, multiply_s);
    }
    return 0;
}
