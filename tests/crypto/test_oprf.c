/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include "crypto/oprf.h"
#include "crypto/secret.h"
#include "crypto/text.h"

#include <jansson.h>

static const struct base_bytes no_info = {NULL, 0};

static size_t unhex(const char *text, uint8_t *out)
{
    size_t len = strlen(text) / 2;
    assert_ok(crypto_hex_decode(base_bytes_text(text), out, len));
    return len;
}

static struct crypto_point point_of(const char *text)
{
    struct crypto_point point;
    assert_int_equal(32, unhex(text, point.bytes));
    return point;
}

static struct crypto_scalar scalar_of(const char *text)
{
    struct crypto_scalar scalar;
    assert_int_equal(32, unhex(text, scalar.bytes));
    return scalar;
}

static void assert_hex(const char *expected, const void *got, size_t len)
{
    uint8_t bytes[256];
    assert_int_equal(len, unhex(expected, bytes));
    assert_memory_equal(bytes, got, len);
}

/* The group order, and a point written with a number that is not reduced (RFC 9496 A.3). */
static const char order[] = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";
static const char not_canonical[] = "00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";
static const char generator[] = "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"; /* RFC 9496 A.1 */

/* RFC 9380 K.3: SHA-512, DST QUUX-V01-CS02-with-expander-SHA512-256. */
static void test_expand(void **state)
{
    (void)state;
    uint8_t out[128];
    struct base_bytes domain = base_bytes_text("QUUX-V01-CS02-with-expander-SHA512-256");
    assert_ok(crypto_expand_xmd(base_bytes_text(""), domain, out, 32));
    assert_hex("6b9a7312411d92f921c6f68ca0b6380730a1a4d982c507211a90964c394179ba", out, 32);
    assert_ok(crypto_expand_xmd(base_bytes_text("abc"), domain, out, 32));
    assert_hex("0da749f12fbe5483eb066a5f595055679b976e93abe9be6f0f6318bce7aca8dc", out, 32);
}

static void test_expand_limits(void **state)
{
    (void)state;
    static uint8_t out[255 * 64 + 1], domain[256];
    assert_fails(BASE_E_LIMIT, crypto_expand_xmd(no_info, base_bytes_of(domain, 256), out, 32));
    assert_fails(BASE_E_LIMIT, crypto_expand_xmd(no_info, base_bytes_of(domain, 255), out, 255 * 64 + 1));
    assert_ok(crypto_expand_xmd(no_info, base_bytes_of(domain, 255), out, 255 * 64));
}

static void check_key(enum crypto_oprf_mode mode, const char *seed_text, const char *secret_text, const char *public_text)
{
    uint8_t seed[32];
    struct crypto_scalar secret;
    struct crypto_point public_key, again;
    unhex(seed_text, seed);
    assert_ok(crypto_oprf_key_derive(mode, seed, base_bytes_text("test key"), &secret, &public_key));
    assert_hex(secret_text, secret.bytes, 32);
    if (public_text != NULL)
        assert_hex(public_text, public_key.bytes, 32);
    assert_ok(crypto_oprf_key_public(&secret, &again));
    assert_memory_equal(public_key.bytes, again.bytes, 32);
}

/* RFC 9497 A.1.1 and A.1.2, first vector of each, without the file. */
static void test_facts(void **state)
{
    (void)state;
    static const char seed[] = "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3";
    struct crypto_scalar blind = scalar_of("64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706");
    struct crypto_scalar secret;
    struct crypto_point point;
    uint8_t output[CRYPTO_OPRF_OUTPUT_LEN];
    struct base_bytes input = base_bytes_of("\0", 1);

    check_key(CRYPTO_OPRF_BASE, seed, "5ebcea5ee37023ccb9fc2d2019f9d7737be85591ae8652ffa9ef0f4d37063b0e", NULL);
    assert_ok(crypto_oprf_blind(CRYPTO_OPRF_BASE, input, &blind, &point));
    assert_hex("609a0ae68c15a3cf6903766461307e5c8bb2f95e7e6550e1ffa2dc99e412803c", point.bytes, 32);
    secret = scalar_of("5ebcea5ee37023ccb9fc2d2019f9d7737be85591ae8652ffa9ef0f4d37063b0e");
    assert_ok(crypto_oprf_evaluate(&secret, &point, &point));
    assert_hex("7ec6578ae5120958eb2db1745758ff379e77cb64fe77b0b2d8cc917ea0869c7e", point.bytes, 32);
    assert_ok(crypto_oprf_finalize(CRYPTO_OPRF_BASE, input, no_info, &blind, &point, output));
    assert_hex("527759c3d9366f277d8c6020418d96bb393ba2afb20ff90df23fb7708264e2f3ab9135e3bd69955851de4b1f9fe8a0973396719b7912"
               "ba9ee8aa7d0b5e24bcf6", output, 64);

    check_key(CRYPTO_OPRF_VERIFIABLE, seed, "e6f73f344b79b379f1a0dd37e07ff62e38d9f71345ce62ae3a9bc60b04ccd909",
              "c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e");
    struct crypto_scalar nonce = scalar_of("222a5e897cf59db8145db8d16e597e8facb80ae7d4e26d9881aa6f61d645fc0e");
    struct crypto_point public_key = point_of("c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e");
    struct crypto_point evaluated;
    struct crypto_oprf_proof proof;
    secret = scalar_of("e6f73f344b79b379f1a0dd37e07ff62e38d9f71345ce62ae3a9bc60b04ccd909");
    assert_ok(crypto_oprf_blind(CRYPTO_OPRF_VERIFIABLE, input, &blind, &point));
    assert_ok(crypto_oprf_evaluate(&secret, &point, &evaluated));
    assert_ok(crypto_oprf_prove(CRYPTO_OPRF_VERIFIABLE, &secret, &public_key, &nonce, &point, &evaluated, 1, 1, &proof));
    assert_hex("ddef93772692e535d1a53903db24367355cc2cc78de93b3be5a8ffcc6985dd066d4346421d17bf5117a2a1ff0fcb2a759f58a539dfbe"
               "857a40bce4cf49ec600d", &proof, 64);
    assert_ok(crypto_oprf_finalize(CRYPTO_OPRF_VERIFIABLE, input, no_info, &blind, &evaluated, output));
    assert_hex("b58cfbe118e0cb94d79b5fd6a6dafb98764dff49c14e1770b566e42402da1a7da4d8527693914139caee5bd03903af43a491351d23b4"
               "30948dd50cde10d32b3c", output, 64);
}

enum { BATCH_MOST = 8 };

static size_t split(const char *list, char parts[BATCH_MOST][512])
{
    size_t count = 0;
    for (const char *at = list; count < BATCH_MOST; at++) {
        size_t len = strcspn(at, ",");
        assert_true(len < 512);
        memcpy(parts[count], at, len);
        parts[count++][len] = '\0';
        at += len;
        if (*at == '\0')
            break;
    }
    return count;
}

static const char *text(const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));
    assert_non_null(value);
    return value;
}

static void check_vector(enum crypto_oprf_mode mode, const struct crypto_scalar *secret, const struct crypto_point *public_key,
                         const json_t *vector)
{
    char inputs[BATCH_MOST][512], blinds[BATCH_MOST][512], blinded[BATCH_MOST][512], evaluated[BATCH_MOST][512];
    char outputs[BATCH_MOST][512];
    struct crypto_point first[BATCH_MOST], second[BATCH_MOST], key = *public_key;
    struct crypto_scalar used = *secret;
    uint8_t info_bytes[256];
    struct base_bytes info = no_info;
    size_t count = split(text(vector, "Input"), inputs);
    assert_int_equal(count, json_integer_value(json_object_get(vector, "Batch")));
    split(text(vector, "Blind"), blinds);
    split(text(vector, "BlindedElement"), blinded);
    split(text(vector, "EvaluationElement"), evaluated);
    split(text(vector, "Output"), outputs);
    if (mode == CRYPTO_OPRF_PARTIAL) {
        info = base_bytes_of(info_bytes, unhex(text(vector, "Info"), info_bytes));
        assert_ok(crypto_oprf_tweak_secret(secret, info, &used));
        assert_ok(crypto_oprf_tweak_public(public_key, info, &key));
    }
    for (size_t i = 0; i < count; i++) {
        uint8_t input_bytes[256], output[64];
        struct base_bytes input = base_bytes_of(input_bytes, unhex(inputs[i], input_bytes));
        struct crypto_scalar blind = scalar_of(blinds[i]);
        assert_ok(crypto_oprf_blind(mode, input, &blind, &first[i]));
        assert_hex(blinded[i], first[i].bytes, 32);
        if (mode == CRYPTO_OPRF_PARTIAL)
            assert_ok(crypto_oprf_evaluate_inverse(&used, &first[i], &second[i]));
        else
            assert_ok(crypto_oprf_evaluate(&used, &first[i], &second[i]));
        assert_hex(evaluated[i], second[i].bytes, 32);
        assert_ok(crypto_oprf_finalize(mode, input, info, &blind, &second[i], output));
        assert_hex(outputs[i], output, 64);
        assert_ok(crypto_oprf_output(mode, input, info, secret, output));
        assert_hex(outputs[i], output, 64);
    }
    if (mode == CRYPTO_OPRF_BASE)
        return;
    const json_t *proof_object = json_object_get(vector, "Proof");
    struct crypto_scalar nonce = scalar_of(text(proof_object, "r"));
    struct crypto_oprf_proof proof;
    const struct crypto_point *a = mode == CRYPTO_OPRF_PARTIAL ? second : first;
    const struct crypto_point *b = mode == CRYPTO_OPRF_PARTIAL ? first : second;
    assert_ok(crypto_oprf_prove(mode, &used, &key, &nonce, a, b, count, 2, &proof));
    assert_hex(text(proof_object, "proof"), &proof, 64);
    assert_ok(crypto_oprf_verify(mode, &key, a, b, count, 2, &proof));
}

static void test_vectors(void **state)
{
    (void)state;
    const char *path = test_shared_path("vectors/rfc9497-all.json");
    if (path == NULL)
        test_skip("no ../shared/vectors/rfc9497-all.json");
    json_t *suites = json_load_file(path, 0, NULL);
    assert_non_null(suites);
    size_t index, modes = 0, vectors = 0;
    json_t *suite;
    json_array_foreach(suites, index, suite) {
        if (strcmp(text(suite, "identifier"), "ristretto255-SHA512") != 0)
            continue;
        enum crypto_oprf_mode mode = (enum crypto_oprf_mode)json_integer_value(json_object_get(suite, "mode"));
        const char *public_text = json_string_value(json_object_get(suite, "pkSm"));
        check_key(mode, text(suite, "seed"), text(suite, "skSm"), public_text);
        struct crypto_scalar secret = scalar_of(text(suite, "skSm"));
        struct crypto_point public_key;
        assert_ok(crypto_oprf_key_public(&secret, &public_key));
        size_t at;
        json_t *vector;
        json_array_foreach(json_object_get(suite, "vectors"), at, vector) {
            check_vector(mode, &secret, &public_key, vector);
            vectors++;
        }
        modes++;
    }
    json_decref(suites);
    assert_int_equal(3, modes);
    assert_int_equal(8, vectors);
}

static void test_point_checks(void **state)
{
    (void)state;
    struct crypto_point identity = {{0}}, bad = point_of(not_canonical), good = point_of(generator), out;
    struct crypto_scalar one = {{1}}, zero = {{0}}, too_large = scalar_of(order);
    uint8_t output[64];
    assert_ok(crypto_point_check(&good));
    assert_fails(BASE_E_IDENTITY, crypto_point_check(&identity));
    assert_fails(BASE_E_POINT, crypto_point_check(&bad));
    good.bytes[0] ^= 1; /* negative field element */
    assert_fails(BASE_E_POINT, crypto_point_check(&good));
    good.bytes[0] ^= 1;
    assert_ok(crypto_oprf_evaluate(&one, &good, &out));
    assert_memory_equal(good.bytes, out.bytes, 32);
    assert_fails(BASE_E_IDENTITY, crypto_oprf_evaluate(&one, &identity, &out));
    assert_fails(BASE_E_POINT, crypto_oprf_evaluate(&one, &bad, &out));
    assert_fails(BASE_E_SCALAR, crypto_oprf_evaluate(&zero, &good, &out));
    assert_fails(BASE_E_SCALAR, crypto_oprf_evaluate(&too_large, &good, &out));
    assert_fails(BASE_E_IDENTITY, crypto_oprf_evaluate_inverse(&one, &identity, &out));
    assert_fails(BASE_E_SCALAR, crypto_oprf_evaluate_inverse(&zero, &good, &out));
    assert_fails(BASE_E_POINT, crypto_oprf_finalize(CRYPTO_OPRF_BASE, no_info, no_info, &one, &bad, output));
    assert_fails(BASE_E_IDENTITY, crypto_oprf_finalize(CRYPTO_OPRF_BASE, no_info, no_info, &one, &identity, output));
    assert_fails(BASE_E_SCALAR, crypto_oprf_finalize(CRYPTO_OPRF_BASE, no_info, no_info, &zero, &good, output));
}

static void test_scalar_checks(void **state)
{
    (void)state;
    struct crypto_scalar one = {{1}}, zero = {{0}}, too_large = scalar_of(order), out;
    struct crypto_point point;
    uint8_t wide[64] = {0}, output[64];
    assert_ok(crypto_scalar_check(&one));
    assert_fails(BASE_E_SCALAR, crypto_scalar_check(&zero));
    assert_fails(BASE_E_SCALAR, crypto_scalar_check(&too_large));
    too_large.bytes[0]--;
    assert_ok(crypto_scalar_check(&too_large));
    too_large.bytes[31] |= 0x80;
    assert_fails(BASE_E_SCALAR, crypto_scalar_check(&too_large));
    assert_fails(BASE_E_SCALAR, crypto_scalar_reduce(wide, &out));
    unhex(order, wide);
    assert_fails(BASE_E_SCALAR, crypto_scalar_reduce(wide, &out));
    wide[0]++;
    assert_ok(crypto_scalar_reduce(wide, &out));
    assert_memory_equal(one.bytes, out.bytes, 32);
    assert_fails(BASE_E_SCALAR, crypto_oprf_key_public(&zero, &point));
    assert_fails(BASE_E_SCALAR, crypto_oprf_blind(CRYPTO_OPRF_BASE, no_info, &zero, &point));
    assert_fails(BASE_E_SCALAR, crypto_oprf_output(CRYPTO_OPRF_BASE, no_info, no_info, &zero, output));
}

static void test_limits(void **state)
{
    (void)state;
    static uint8_t long_bytes[65536];
    struct base_bytes too_long = base_bytes_of(long_bytes, sizeof long_bytes), longest = base_bytes_of(long_bytes, 65535);
    struct crypto_scalar one = {{1}}, secret;
    struct crypto_point point;
    uint8_t output[64], seed[32] = {1};
    assert_fails(BASE_E_LIMIT, crypto_oprf_blind(CRYPTO_OPRF_BASE, too_long, &one, &point));
    assert_ok(crypto_oprf_blind(CRYPTO_OPRF_BASE, longest, &one, &point));
    assert_fails(BASE_E_LIMIT, crypto_oprf_output(CRYPTO_OPRF_BASE, too_long, no_info, &one, output));
    assert_fails(BASE_E_LIMIT, crypto_oprf_finalize(CRYPTO_OPRF_BASE, too_long, no_info, &one, &point, output));
    assert_fails(BASE_E_LIMIT, crypto_oprf_key_derive(CRYPTO_OPRF_BASE, seed, too_long, &secret, &point));
    assert_fails(BASE_E_LIMIT, crypto_oprf_tweak_secret(&one, too_long, &secret));
}

enum { PROOF_COUNT = 67 };
static struct crypto_point first_points[PROOF_COUNT], second_points[PROOF_COUNT];
static struct crypto_scalar proof_secret;
static struct crypto_point proof_public;

static void make_proof(unsigned threads, struct crypto_oprf_proof *proof)
{
    uint8_t seed[32] = {7};
    struct crypto_scalar nonce = {{9}};
    assert_ok(crypto_oprf_key_derive(CRYPTO_OPRF_VERIFIABLE, seed, no_info, &proof_secret, &proof_public));
    for (size_t i = 0; i < PROOF_COUNT; i++) {
        uint8_t input = (uint8_t)i;
        assert_ok(crypto_oprf_hash_to_group(CRYPTO_OPRF_VERIFIABLE, base_bytes_of(&input, 1), &first_points[i]));
        assert_ok(crypto_oprf_evaluate(&proof_secret, &first_points[i], &second_points[i]));
    }
    assert_ok(crypto_oprf_prove(CRYPTO_OPRF_VERIFIABLE, &proof_secret, &proof_public, &nonce, first_points, second_points,
                                PROOF_COUNT, threads, proof));
}

static enum base_code verify(const struct crypto_oprf_proof *proof, size_t count)
{
    return crypto_oprf_verify(CRYPTO_OPRF_VERIFIABLE, &proof_public, first_points, second_points, count, 2, proof);
}

static void test_proof_threads(void **state)
{
    (void)state;
    struct crypto_oprf_proof one, three;
    make_proof(1, &one);
    make_proof(3, &three);
    assert_memory_equal(&one, &three, sizeof one);
    assert_ok(verify(&one, PROOF_COUNT));
}

static void swap(struct crypto_point *a, struct crypto_point *b)
{
    struct crypto_point kept = *a;
    *a = *b;
    *b = kept;
}

static void test_proof_refused(void **state)
{
    (void)state;
    struct crypto_oprf_proof proof, changed;
    make_proof(2, &proof);
    for (size_t i = 0; i < 64; i += 9) { /* low bits of both scalars, so that most stay canonical */
        changed = proof;
        ((uint8_t *)&changed)[i % 31 + (i >= 32 ? 32 : 0)] ^= 1;
        assert_fails(BASE_E_PROOF, verify(&changed, PROOF_COUNT));
    }
    assert_fails(BASE_E_PROOF, verify(&proof, PROOF_COUNT - 1));
    changed = proof;
    changed.challenge = scalar_of(order);
    assert_fails(BASE_E_SCALAR, verify(&changed, PROOF_COUNT));
    changed = proof;
    changed.response = scalar_of(order);
    assert_fails(BASE_E_SCALAR, verify(&changed, PROOF_COUNT));
    memset(&changed, 0, sizeof changed);
    assert_fails(BASE_E_PROOF, verify(&changed, PROOF_COUNT));

    swap(&second_points[3], &second_points[60]); /* two evaluations exchanged: their sum is the same */
    assert_fails(BASE_E_PROOF, verify(&proof, PROOF_COUNT));
    swap(&second_points[3], &second_points[60]);
    struct crypto_point kept = second_points[5];
    second_points[5] = first_points[5];
    assert_fails(BASE_E_PROOF, verify(&proof, PROOF_COUNT));
    second_points[5] = point_of(not_canonical);
    assert_fails(BASE_E_POINT, verify(&proof, PROOF_COUNT));
    memset(&second_points[5], 0, sizeof second_points[5]);
    assert_fails(BASE_E_IDENTITY, verify(&proof, PROOF_COUNT));
    second_points[5] = kept;
    kept = proof_public;
    proof_public = point_of(generator);
    assert_fails(BASE_E_PROOF, verify(&proof, PROOF_COUNT));
    memset(&proof_public, 0, sizeof proof_public);
    assert_fails(BASE_E_IDENTITY, verify(&proof, PROOF_COUNT));
    proof_public = point_of(not_canonical);
    assert_fails(BASE_E_POINT, verify(&proof, PROOF_COUNT));
    proof_public = kept;
    assert_ok(verify(&proof, PROOF_COUNT));
}

static void test_proof_sizes(void **state)
{
    (void)state;
    struct crypto_oprf_proof proof;
    struct crypto_scalar zero = {{0}}, one = {{1}};
    make_proof(1, &proof);
    assert_fails(BASE_E_ARGUMENT, verify(&proof, 0));
    assert_fails(BASE_E_LIMIT, verify(&proof, 65536));
    assert_fails(BASE_E_SCALAR, crypto_oprf_prove(CRYPTO_OPRF_VERIFIABLE, &proof_secret, &proof_public, &zero, first_points,
                                                  second_points, 1, 1, &proof));
    assert_fails(BASE_E_SCALAR, crypto_oprf_prove(CRYPTO_OPRF_VERIFIABLE, &zero, &proof_public, &one, first_points,
                                                  second_points, 1, 1, &proof));
}

/* The key that is the negative of a tweak has no evaluation (RFC 9497 3.3.3, InverseError). */
static void test_tweak_meets_key(void **state)
{
    (void)state;
    uint8_t framed[] = "Info\0\3abc", wide[64] = {0};
    struct crypto_scalar tweak, negative, out;
    struct crypto_point public_key, tweaked;
    assert_ok(crypto_oprf_hash_to_scalar(CRYPTO_OPRF_PARTIAL, base_bytes_of(framed, 9), &tweak));
    unsigned borrow = 0;
    unhex(order, wide);
    for (size_t i = 0; i < 32; i++) {
        unsigned difference = 256u + wide[i] - tweak.bytes[i] - borrow;
        negative.bytes[i] = (uint8_t)difference;
        borrow = difference < 256;
    }
    assert_fails(BASE_E_SCALAR, crypto_oprf_tweak_secret(&negative, base_bytes_text("abc"), &out));
    assert_ok(crypto_oprf_key_public(&negative, &public_key));
    assert_fails(BASE_E_IDENTITY, crypto_oprf_tweak_public(&public_key, base_bytes_text("abc"), &tweaked));
    assert_ok(crypto_oprf_tweak_public(&public_key, base_bytes_text("abd"), &tweaked));
}

static int start(void **state)
{
    (void)state;
    return crypto_start() == BASE_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_expand),        cmocka_unit_test(test_expand_limits), cmocka_unit_test(test_facts),
        cmocka_unit_test(test_vectors),       cmocka_unit_test(test_point_checks),  cmocka_unit_test(test_scalar_checks),
        cmocka_unit_test(test_limits),        cmocka_unit_test(test_proof_threads), cmocka_unit_test(test_proof_refused),
        cmocka_unit_test(test_proof_sizes),   cmocka_unit_test(test_tweak_meets_key),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
