/* SPDX-License-Identifier: Apache-2.0
 *
 * The TLS profile, against peers that keep to it and peers made with OpenSSL directly that do not.
 */
#include "support/test.h"

#include "node/tls.h"

#include <openssl/ssl.h>
#include <openssl/x509.h>

enum { ROUNDS = 20 };

static struct node_tls *tls_of(uint8_t number)
{
    struct crypto_key seed;
    struct node_tls *tls = NULL;
    memset(seed.bytes, number, sizeof seed.bytes);
    assert_ok(crypto_start());
    assert_ok(node_tls_new(&seed, &tls));
    return tls;
}

static void carry(struct node_tls_session *from, struct node_tls_session *to)
{
    struct base_buffer *output = node_tls_session_output(from);
    assert_ok(node_tls_session_receive(to, base_bytes_buffer(output)));
    base_buffer_clear(output);
}

struct pair {
    struct node_tls *here_tls, *there_tls;
    struct node_tls_session *here, *there; /* `here` accepts, `there` dials */
};

static void pair_init(struct pair *pair)
{
    bool is_here_done = false, is_there_done = false;
    pair->here_tls = tls_of(1);
    pair->there_tls = tls_of(2);
    assert_ok(node_tls_session_new(pair->here_tls, NODE_TLS_ACCEPT, NULL, &pair->here));
    assert_ok(node_tls_session_new(pair->there_tls, NODE_TLS_DIAL, node_tls_public_key(pair->here_tls), &pair->there));
    for (int i = 0; i < ROUNDS && !(is_here_done && is_there_done); i++) {
        assert_ok(node_tls_session_handshake(pair->there, &is_there_done));
        carry(pair->there, pair->here);
        assert_ok(node_tls_session_handshake(pair->here, &is_here_done));
        carry(pair->here, pair->there);
    }
    assert_true(is_here_done && is_there_done);
}

static void pair_release(struct pair *pair)
{
    node_tls_session_free(pair->here);
    node_tls_session_free(pair->there);
    node_tls_free(pair->here_tls);
    node_tls_free(pair->there_tls);
}

static void both_learn_the_others_key(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair);
    assert_memory_equal(node_tls_public_key(pair.here_tls), node_tls_session_peer_key(pair.there), 32);
    assert_memory_equal(node_tls_public_key(pair.there_tls), node_tls_session_peer_key(pair.here), 32);
    pair_release(&pair);
}

static void plain_bytes_go_through_and_end(void **state)
{
    (void)state;
    static uint8_t plain[100000], back[sizeof plain];
    struct pair pair;
    size_t len, at = 0;
    bool is_ended;
    pair_init(&pair);
    for (size_t i = 0; i < sizeof plain; i++)
        plain[i] = (uint8_t)(i * 7);
    assert_ok(node_tls_session_write(pair.there, base_bytes_of(plain, sizeof plain)));
    node_tls_session_end(pair.there);
    assert_true(node_tls_session_output(pair.there)->len > sizeof plain);
    carry(pair.there, pair.here);
    do {
        assert_ok(node_tls_session_read(pair.here, back + at, sizeof back - at, &len, &is_ended));
        at += len;
    } while (len > 0 && at < sizeof back);
    assert_memory_equal(plain, back, sizeof plain);
    assert_ok(node_tls_session_read(pair.here, back, sizeof back, &len, &is_ended));
    assert_true(is_ended && len == 0);
    pair_release(&pair);
}

static void a_changed_or_repeated_record_is_refused(void **state)
{
    (void)state;
    for (int repeats = 0; repeats < 2; repeats++) {
        struct pair pair;
        uint8_t back[64];
        size_t len;
        bool is_ended;
        pair_init(&pair);
        assert_ok(node_tls_session_write(pair.there, base_bytes_text("once")));
        struct base_buffer *output = node_tls_session_output(pair.there);
        if (repeats) {
            assert_ok(node_tls_session_receive(pair.here, base_bytes_buffer(output)));
            assert_ok(node_tls_session_read(pair.here, back, sizeof back, &len, &is_ended));
            assert_int_equal(4, len);
        } else {
            output->data[output->len / 2] ^= 0x10;
        }
        carry(pair.there, pair.here);
        assert_fails(BASE_E_TLS, node_tls_session_read(pair.here, back, sizeof back, &len, &is_ended));
        assert_int_equal(0, len);
        pair_release(&pair);
    }
}

static void a_wrong_key_ends_it_before_this_side_shows_its_own(void **state)
{
    (void)state;
    struct node_tls *here_tls = tls_of(1), *there_tls = tls_of(2), *other_tls = tls_of(3);
    struct node_tls_session *here, *there;
    bool is_done;
    assert_ok(node_tls_session_new(here_tls, NODE_TLS_ACCEPT, NULL, &here));
    assert_ok(node_tls_session_new(there_tls, NODE_TLS_DIAL, node_tls_public_key(other_tls), &there));
    assert_ok(node_tls_session_handshake(there, &is_done));
    carry(there, here);
    assert_ok(node_tls_session_handshake(here, &is_done));
    carry(here, there);
    assert_fails(BASE_E_KEY, node_tls_session_handshake(there, &is_done));
    assert_true(node_tls_session_output(there)->len < 64); /* an alert and no certificate */
    carry(there, here);
    assert_fails(BASE_E_TLS, node_tls_session_handshake(here, &is_done));
    node_tls_session_free(here);
    node_tls_session_free(there);
    node_tls_free(here_tls);
    node_tls_free(there_tls);
    node_tls_free(other_tls);
}

/* Peers outside the profile. */

enum fault { NONE, NO_CERTIFICATE, P256_KEY, TLS12_ONLY, NO_ALPN, OTHER_ALPN, CHAIN_OF_TWO, FAULTS };

static X509 *certificate_of(EVP_PKEY *key, bool is_ed25519)
{
    X509 *certificate = X509_new();
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    assert_true(X509_sign(certificate, key, is_ed25519 ? NULL : EVP_sha256()) > 0);
    return certificate;
}

static SSL_CTX *faulty_context(enum fault fault)
{
    SSL_CTX *context = SSL_CTX_new(TLS_method());
    EVP_PKEY *key = fault == P256_KEY ? EVP_EC_gen("P-256") : EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    X509 *certificate = certificate_of(key, fault != P256_KEY);
    if (fault != NO_CERTIFICATE) {
        assert_int_equal(1, SSL_CTX_use_certificate(context, certificate));
        assert_int_equal(1, SSL_CTX_use_PrivateKey(context, key));
    }
    if (fault == CHAIN_OF_TWO)
        assert_int_equal(1, (int)SSL_CTX_add1_chain_cert(context, certificate));
    if (fault == TLS12_ONLY)
        SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
    if (fault == OTHER_ALPN)
        SSL_CTX_set_alpn_protos(context, (const unsigned char *)"\x02h2", 3);
    else if (fault != NO_ALPN)
        SSL_CTX_set_alpn_protos(context, (const unsigned char *)"\x09" "entente/1", 10);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return context;
}

static void move(BIO *from, struct node_tls_session *to)
{
    char bytes[16384];
    int len;
    while ((len = BIO_read(from, bytes, sizeof bytes)) > 0)
        assert_ok(node_tls_session_receive(to, base_bytes_of(bytes, (size_t)len)));
}

/* How the accepting side sees a peer with this fault. */
static enum base_code meet(enum fault fault)
{
    struct node_tls *tls = tls_of(1);
    struct node_tls_session *here;
    SSL_CTX *context = faulty_context(fault);
    SSL *there = SSL_new(context);
    BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());
    enum base_code code = BASE_OK;
    bool is_done = false;
    assert_ok(node_tls_session_new(tls, NODE_TLS_ACCEPT, NULL, &here));
    SSL_set_bio(there, in, out);
    SSL_set_connect_state(there);
    for (int i = 0; i < ROUNDS && code == BASE_OK && !is_done; i++) {
        SSL_do_handshake(there);
        move(out, here);
        code = node_tls_session_handshake(here, &is_done);
        struct base_buffer *output = node_tls_session_output(here);
        if (output->len > 0)
            BIO_write(in, output->data, (int)output->len);
        base_buffer_clear(output);
    }
    assert_true(is_done == (code == BASE_OK));
    SSL_free(there);
    SSL_CTX_free(context);
    node_tls_session_free(here);
    node_tls_free(tls);
    return code;
}

static void only_the_profile_gets_in(void **state)
{
    (void)state;
    assert_ok(meet(NONE));
    for (enum fault fault = NONE + 1; fault < FAULTS; fault++)
        assert_fails(BASE_E_TLS, meet(fault));
}

static void rubbish_is_refused(void **state)
{
    (void)state;
    struct node_tls *tls = tls_of(1);
    struct node_tls_session *session;
    bool is_done;
    assert_ok(node_tls_session_new(tls, NODE_TLS_ACCEPT, NULL, &session));
    assert_ok(node_tls_session_handshake(session, &is_done)); /* nothing yet is no error */
    assert_false(is_done);
    assert_ok(node_tls_session_receive(session, base_bytes_text("GET / HTTP/1.1\r\n\r\n")));
    assert_fails(BASE_E_TLS, node_tls_session_handshake(session, &is_done));
    node_tls_session_free(session);
    node_tls_free(tls);
    node_tls_session_free(NULL);
    node_tls_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_learn_the_others_key),
        cmocka_unit_test(plain_bytes_go_through_and_end),
        cmocka_unit_test(a_changed_or_repeated_record_is_refused),
        cmocka_unit_test(a_wrong_key_ends_it_before_this_side_shows_its_own),
        cmocka_unit_test(only_the_profile_gets_in),
        cmocka_unit_test(rubbish_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
