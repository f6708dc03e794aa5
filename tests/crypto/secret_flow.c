/* SPDX-License-Identifier: Apache-2.0
 *
 * Secrets do not steer: no branch and no address depends on one. Run under valgrind's memcheck, which reports every jump and
 * every index that depends on undefined bytes; here the undefined bytes are the secrets (the method of A. Langley's ctgrind,
 * 2010). What leaves for the wire is public from then on, and is marked so. Prints TAP; without valgrind it skips.
 */
#include "crypto/oprf.h"
#include "crypto/ot.h"
#include "crypto/secret.h"
#include "crypto/sign.h"

#include <stdio.h>
#include <string.h>
#include <valgrind/memcheck.h>

#define SECRET(value) (void)VALGRIND_MAKE_MEM_UNDEFINED((value), sizeof *(value))
#define PUBLIC(value) (void)VALGRIND_MAKE_MEM_DEFINED((value), sizeof *(value))

static struct crypto_scalar key, blind, nonce;
static struct crypto_point public_key, blinded, evaluated;

static void declassify_code(enum base_code *code)
{
    PUBLIC(code); /* whether a call succeeded is public */
}

static void blinding(void)
{
    struct crypto_scalar secret = blind;
    struct crypto_point out;
    SECRET(&secret);
    enum base_code code = crypto_oprf_blind(CRYPTO_OPRF_VERIFIABLE, base_bytes_text("input"), &secret, &out);
    declassify_code(&code);
}

static void evaluating(void)
{
    struct crypto_scalar secret = key;
    struct crypto_point out;
    SECRET(&secret);
    enum base_code code = crypto_oprf_evaluate(&secret, &blinded, &out);
    declassify_code(&code);
}

static void unblinding(void)
{
    struct crypto_scalar secret = blind;
    uint8_t out[CRYPTO_OPRF_OUTPUT_LEN];
    SECRET(&secret);
    enum base_code code = crypto_oprf_finalize(CRYPTO_OPRF_VERIFIABLE, base_bytes_text("input"), base_bytes_of(NULL, 0), &secret,
                                               &evaluated, out);
    declassify_code(&code);
}

static void evaluating_an_own_token(void)
{
    struct crypto_scalar secret = key;
    uint8_t out[CRYPTO_OPRF_OUTPUT_LEN];
    SECRET(&secret);
    enum base_code code = crypto_oprf_output(CRYPTO_OPRF_VERIFIABLE, base_bytes_text("input"), base_bytes_of(NULL, 0), &secret, out);
    declassify_code(&code);
}

static void proving(void)
{
    struct crypto_scalar secret = key, random = nonce;
    struct crypto_oprf_proof proof;
    SECRET(&secret);
    SECRET(&random);
    enum base_code code = crypto_oprf_prove(CRYPTO_OPRF_VERIFIABLE, &secret, &public_key, &random, &blinded, &evaluated, 1, 1, &proof);
    declassify_code(&code);
}

static void comparing(void)
{
    uint8_t a[32] = {1}, b[32] = {1};
    SECRET(&a);
    SECRET(&b);
    bool is_equal = crypto_equal(a, b, sizeof a);
    PUBLIC(&is_equal);
}

static void deriving(void)
{
    struct crypto_key secret = {{7}}, out;
    SECRET(&secret);
    crypto_key_derive(&secret, "entente/test/v1", base_bytes_text("context"), &out);
}

static void sealing(void)
{
    struct crypto_key secret = {{7}};
    struct base_random random = base_random_system();
    struct base_buffer sealed = BASE_BUFFER_EMPTY, plain = BASE_BUFFER_EMPTY;
    uint8_t text[100] = {3};
    SECRET(&secret);
    SECRET(&text);
    enum base_code code = crypto_seal(&secret, base_bytes_text("label"), base_bytes_of(text, sizeof text), &random, &sealed);
    declassify_code(&code);
    (void)VALGRIND_MAKE_MEM_DEFINED(sealed.data, sealed.len); /* it stands on disk */
    code = crypto_open(&secret, base_bytes_text("label"), base_bytes_buffer(&sealed), &plain);
    declassify_code(&code);
    (void)VALGRIND_MAKE_MEM_DEFINED(plain.data, plain.len);
    crypto_wipe_buffer(&plain);
    base_buffer_release(&sealed);
}

static void signing(void)
{
    struct crypto_key seed = {{9}};
    struct crypto_sign_secret secret;
    struct crypto_sign_public own;
    struct crypto_signature signature;
    SECRET(&seed);
    crypto_sign_keys_from_seed(&seed, &secret, &own);
    PUBLIC(&own);
    (void)VALGRIND_MAKE_MEM_DEFINED(secret.bytes + 32, 32); /* the public half */
    crypto_sign_make(&secret, base_bytes_text("a message"), &signature);
}

static void transferring(void)
{
    static const struct crypto_hash context = {{1}};
    struct crypto_scalar secrets[2];
    struct crypto_ot_opening opening;
    struct crypto_ot_offer offer;
    struct crypto_ot_key sent[2], got;
    uint8_t wide[128] = {1, [64] = 2};
    unsigned choice = 1;
    SECRET(&wide);
    SECRET(&choice);
    enum base_code code = crypto_ot_open(wide + 64, &secrets[0], &opening);
    declassify_code(&code);
    PUBLIC(&opening);
    code = crypto_ot_choose(&context, 3, choice, wide, &secrets[1], &offer);
    declassify_code(&code);
    PUBLIC(&offer);
    code = crypto_ot_sender_keys(&context, 3, &secrets[0], &opening, &offer, sent);
    declassify_code(&code);
    code = crypto_ot_receiver_key(&context, 3, choice, &secrets[1], &opening, &offer, &got);
    declassify_code(&code);
}

static volatile int sink;

/* What the others must not do: without a report here the test proves nothing. */
static void a_leak(void)
{
    uint8_t secret[4] = {1, 2, 3, 4};
    SECRET(&secret);
    for (size_t i = 0; i < sizeof secret; i++)
        if (secret[i] == 3)
            sink = (int)i;
}

static const struct {
    const char *name;
    void (*run)(void);
    bool leaks;
} cases[] = {
    {"blinding", blinding, false},   {"evaluating", evaluating, false}, {"unblinding", unblinding, false},
    {"evaluating an own token", evaluating_an_own_token, false},        {"proving", proving, false},
    {"comparing", comparing, false}, {"deriving a key", deriving, false}, {"sealing and opening", sealing, false},
    {"signing", signing, false},     {"transferring", transferring, false}, {"a leak is seen", a_leak, true},
};
enum { CASES = sizeof cases / sizeof cases[0] };

static enum base_code prepare(void)
{
    const uint8_t seed[32] = {1};
    uint8_t wide[64] = {5};
    BASE_TRY(crypto_start());
    BASE_TRY(crypto_oprf_key_derive(CRYPTO_OPRF_VERIFIABLE, seed, base_bytes_text("test"), &key, &public_key));
    BASE_TRY(crypto_scalar_reduce(wide, &blind));
    wide[3] = 9;
    BASE_TRY(crypto_scalar_reduce(wide, &nonce));
    BASE_TRY(crypto_oprf_blind(CRYPTO_OPRF_VERIFIABLE, base_bytes_text("input"), &blind, &blinded));
    return crypto_oprf_evaluate(&key, &blinded, &evaluated);
}

int main(void)
{
    printf("1..%d\n", CASES);
    if (prepare() != BASE_OK) {
        printf("Bail out! the keys could not be made\n");
        return 1;
    }
    int failed = 0;
    for (int i = 0; i < CASES; i++) {
        if (!RUNNING_ON_VALGRIND) {
            printf("ok %d - %s # SKIP not under valgrind\n", i + 1, cases[i].name);
            continue;
        }
        unsigned before = (unsigned)VALGRIND_COUNT_ERRORS;
        cases[i].run();
        bool has_leaked = (unsigned)VALGRIND_COUNT_ERRORS != before;
        printf("%s %d - %s\n", has_leaked == cases[i].leaks ? "ok" : "not ok", i + 1, cases[i].name);
        failed += has_leaked != cases[i].leaks;
    }
    return failed != 0;
}
