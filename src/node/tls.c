/* SPDX-License-Identifier: Apache-2.0 */
#include "node/tls.h"

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* The protocol list of ALPN (RFC 7301): one name with its length in front (transport 1.5). */
static const uint8_t protocols[] = "\x09" "entente/1";
enum { PROTOCOLS_LEN = sizeof protocols - 1, CERTIFICATES_MAX_BYTES = 4096, RECORD_MAX = 16384 };

struct node_tls {
    SSL_CTX *context;
    BIO_METHOD *method;
    struct crypto_sign_public public_key;
};

struct node_tls_session {
    SSL *ssl;
    enum node_tls_side side;
    struct base_buffer in; /* received and not yet read by OpenSSL, from in_at on */
    size_t in_at;
    struct base_buffer out;
    bool is_pinned;
    bool is_wrong_key; /* the verify callback saw another key than the pinned one */
    struct crypto_sign_public expected;
    struct crypto_sign_public peer;
};

static enum base_code tls_error(const char *doing)
{
    unsigned long error = ERR_peek_last_error();
    const char *reason = error == 0 ? NULL : ERR_reason_error_string(error);
    ERR_clear_error();
    return base_fail(BASE_E_TLS, "%s: %s", doing, reason == NULL ? "refused" : reason);
}

/* The bytes of a session as OpenSSL sees them: a BIO over the two buffers. */

static int bio_write(BIO *bio, const char *data, int len)
{
    struct node_tls_session *session = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (len <= 0)
        return 0;
    if (base_buffer_append(&session->out, base_bytes_of(data, (size_t)len)) != BASE_OK)
        return -1;
    return len;
}

static int bio_read(BIO *bio, char *out, int capacity)
{
    struct node_tls_session *session = BIO_get_data(bio);
    size_t left = session->in.len - session->in_at;
    BIO_clear_retry_flags(bio);
    if (capacity <= 0)
        return 0;
    if (left == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    size_t len = left < (size_t)capacity ? left : (size_t)capacity;
    memcpy(out, session->in.data + session->in_at, len);
    session->in_at += len;
    if (session->in_at == session->in.len) {
        if (session->in.capacity > RECORD_MAX)
            base_buffer_release(&session->in);
        base_buffer_clear(&session->in);
        session->in_at = 0;
    }
    return (int)len;
}

static long bio_control(BIO *bio, int command, long number, void *pointer)
{
    (void)bio, (void)number, (void)pointer;
    return command == BIO_CTRL_FLUSH;
}

static BIO_METHOD *make_method(void)
{
    BIO_METHOD *method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "entente session");
    if (method == NULL)
        return NULL;
    BIO_meth_set_write(method, bio_write);
    BIO_meth_set_read(method, bio_read);
    BIO_meth_set_ctrl(method, bio_control);
    return method;
}

/* The certificate only carries the key: a fixed name, no end, signed by itself (transport 2.1). */

static bool fill_certificate(X509 *certificate, EVP_PKEY *key)
{
    X509_NAME *name = X509_get_subject_name(certificate);
    return X509_set_version(certificate, X509_VERSION_3) == 1 &&
           ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1) == 1 &&
           ASN1_TIME_set_string(X509_getm_notBefore(certificate), "20000101000000Z") == 1 &&
           ASN1_TIME_set_string(X509_getm_notAfter(certificate), "99991231235959Z") == 1 &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"entente", -1, -1, 0) == 1 &&
           X509_set_issuer_name(certificate, name) == 1 && X509_set_pubkey(certificate, key) == 1 &&
           X509_sign(certificate, key, NULL) > 0;
}

static enum base_code use_key(SSL_CTX *context, const struct crypto_key *seed)
{
    X509 *certificate = X509_new();
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed->bytes, sizeof seed->bytes);
    enum base_code code = BASE_OK;
    if (certificate == NULL || key == NULL || !fill_certificate(certificate, key) ||
        SSL_CTX_use_certificate(context, certificate) != 1 || SSL_CTX_use_PrivateKey(context, key) != 1)
        code = tls_error("making this party's certificate");
    X509_free(certificate);
    EVP_PKEY_free(key);
    return code;
}

static enum base_code raw_key(X509 *certificate, struct crypto_sign_public *out)
{
    EVP_PKEY *key = certificate == NULL ? NULL : X509_get0_pubkey(certificate);
    size_t len = sizeof out->bytes;
    if (key == NULL || EVP_PKEY_get_base_id(key) != EVP_PKEY_ED25519 || /* transport 2.3 */
        EVP_PKEY_get_raw_public_key(key, out->bytes, &len) != 1 || len != sizeof out->bytes)
        return base_fail(BASE_E_TLS, "the peer's certificate holds no Ed25519 key");
    return BASE_OK;
}

/* Takes the place of OpenSSL's whole chain check (transport 2.2, 3.1). That the peer holds the key's secret is shown by
 * its CertificateVerify, which OpenSSL checks after this. */
static int check_certificate(X509_STORE_CTX *store, void *unused)
{
    (void)unused;
    SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct node_tls_session *session = SSL_get_app_data(ssl);
    STACK_OF(X509) *sent = X509_STORE_CTX_get0_untrusted(store);
    X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED);
    if (sk_X509_num(sent) > 1) /* transport 2.2 */
        return 0;
    if (raw_key(X509_STORE_CTX_get0_cert(store), &session->peer) != BASE_OK)
        return 0;
    session->is_wrong_key = session->is_pinned &&
                            !crypto_equal(session->peer.bytes, session->expected.bytes, sizeof session->peer.bytes);
    if (session->is_wrong_key) /* transport 3.2 */
        return 0;
    X509_STORE_CTX_set_error(store, X509_V_OK);
    return 1;
}

static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_len, const unsigned char *offered,
                           unsigned offered_len, void *unused)
{
    (void)ssl, (void)unused;
    unsigned char *chosen;
    if (SSL_select_next_proto(&chosen, out_len, protocols, PROTOCOLS_LEN, offered, offered_len) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

/* transport 1 */
static bool set_profile(SSL_CTX *context)
{
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    SSL_CTX_set_cert_verify_callback(context, check_certificate, NULL);
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, NULL);
    SSL_CTX_set_max_cert_list(context, CERTIFICATES_MAX_BYTES);
    return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
           SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1 &&
           SSL_CTX_set_ciphersuites(context, "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256") == 1 &&
           SSL_CTX_set1_groups_list(context, "X25519") == 1 && SSL_CTX_set1_sigalgs_list(context, "ed25519") == 1 &&
           SSL_CTX_set_num_tickets(context, 0) == 1 && SSL_CTX_set_max_early_data(context, 0) == 1 &&
           SSL_CTX_set_alpn_protos(context, protocols, PROTOCOLS_LEN) == 0;
}

enum base_code node_tls_new(const struct crypto_key *seed, struct node_tls **out)
{
    struct crypto_sign_secret secret;
    enum base_code code = BASE_OK;
    struct node_tls *tls = calloc(1, sizeof *tls);
    if (tls == NULL)
        return base_fail(BASE_E_NOMEM, "the TLS context");
    crypto_sign_keys_from_seed(seed, &secret, &tls->public_key);
    crypto_wipe(&secret, sizeof secret);
    tls->method = make_method();
    tls->context = SSL_CTX_new(TLS_method());
    if (tls->method == NULL || tls->context == NULL || !set_profile(tls->context))
        code = tls_error("setting up TLS");
    else
        code = use_key(tls->context, seed);
    if (code != BASE_OK) {
        node_tls_free(tls);
        return code;
    }
    *out = tls;
    return BASE_OK;
}

void node_tls_free(struct node_tls *tls)
{
    if (tls == NULL)
        return;
    SSL_CTX_free(tls->context); /* wipes the key */
    BIO_meth_free(tls->method);
    free(tls);
}

const struct crypto_sign_public *node_tls_public_key(const struct node_tls *tls)
{
    return &tls->public_key;
}

enum base_code node_tls_session_new(const struct node_tls *tls, enum node_tls_side side,
                                    const struct crypto_sign_public *expected, struct node_tls_session **out)
{
    struct node_tls_session *session = calloc(1, sizeof *session);
    if (session == NULL)
        return base_fail(BASE_E_NOMEM, "a TLS session");
    BIO *bio = BIO_new(tls->method);
    session->ssl = SSL_new(tls->context);
    if (bio == NULL || session->ssl == NULL) {
        BIO_free(bio);
        node_tls_session_free(session);
        return tls_error("starting a TLS session");
    }
    BIO_set_data(bio, session);
    BIO_set_init(bio, 1);
    SSL_set_bio(session->ssl, bio, bio);
    SSL_set_app_data(session->ssl, session);
    session->side = side;
    if (side == NODE_TLS_DIAL)
        SSL_set_connect_state(session->ssl);
    else
        SSL_set_accept_state(session->ssl);
    session->is_pinned = expected != NULL;
    if (expected != NULL)
        session->expected = *expected;
    *out = session;
    return BASE_OK;
}

void node_tls_session_free(struct node_tls_session *session)
{
    if (session == NULL)
        return;
    SSL_free(session->ssl);
    base_buffer_release(&session->in);
    base_buffer_release(&session->out);
    free(session);
}

enum base_code node_tls_session_receive(struct node_tls_session *session, struct base_bytes bytes)
{
    base_buffer_drop_front(&session->in, session->in_at);
    session->in_at = 0;
    return base_buffer_append(&session->in, bytes);
}

static enum base_code check_agreed(struct node_tls_session *session)
{
    const unsigned char *chosen;
    unsigned chosen_len;
    SSL_get0_alpn_selected(session->ssl, &chosen, &chosen_len);
    if (chosen_len != PROTOCOLS_LEN - 1 || memcmp(chosen, protocols + 1, chosen_len) != 0) /* transport 1.5 */
        return base_fail(BASE_E_TLS, "the peer does not speak entente/1");
    return raw_key(SSL_get0_peer_certificate(session->ssl), &session->peer);
}

enum base_code node_tls_session_handshake(struct node_tls_session *session, bool *is_done)
{
    *is_done = false;
    ERR_clear_error();
    int result = SSL_do_handshake(session->ssl);
    if (result == 1) {
        BASE_TRY(check_agreed(session));
        *is_done = true;
        return BASE_OK;
    }
    if (SSL_get_error(session->ssl, result) == SSL_ERROR_WANT_READ)
        return BASE_OK;
    if (session->is_wrong_key) {
        ERR_clear_error();
        return base_fail(BASE_E_KEY, "the peer has another key than the one it is known by");
    }
    return tls_error("TLS handshake");
}

const struct crypto_sign_public *node_tls_session_peer_key(const struct node_tls_session *session)
{
    return &session->peer;
}

enum base_code node_tls_session_read(struct node_tls_session *session, void *out, size_t capacity, size_t *len,
                                     bool *is_ended)
{
    *is_ended = false;
    *len = 0;
    ERR_clear_error();
    int result = SSL_read_ex(session->ssl, out, capacity, len);
    if (result == 1)
        return BASE_OK;
    *len = 0;
    switch (SSL_get_error(session->ssl, result)) {
    case SSL_ERROR_WANT_READ:
        return BASE_OK;
    case SSL_ERROR_ZERO_RETURN:
        *is_ended = true;
        return BASE_OK;
    default:
        return tls_error("reading TLS");
    }
}

enum base_code node_tls_session_write(struct node_tls_session *session, struct base_bytes plain)
{
    /* The whole growth at once: every record adds at most 22 bytes (5 head, 16 tag, 1 type). */
    BASE_TRY(base_buffer_reserve(&session->out, plain.len + 32 * (plain.len / RECORD_MAX + 1)));
    ERR_clear_error();
    size_t written = 0;
    if (plain.len > 0 && (SSL_write_ex(session->ssl, plain.data, plain.len, &written) != 1 || written != plain.len))
        return tls_error("writing TLS");
    return BASE_OK;
}

void node_tls_session_end(struct node_tls_session *session)
{
    ERR_clear_error();
    SSL_shutdown(session->ssl); /* its answer tells of the other side's close_notify only */
    ERR_clear_error();
}

struct base_buffer *node_tls_session_output(struct node_tls_session *session)
{
    return &session->out;
}
