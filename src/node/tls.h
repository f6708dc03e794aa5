/* SPDX-License-Identifier: Apache-2.0
 *
 * The one port to OpenSSL's TLS. It turns plain bytes into TLS 1.3 records and back, does no I/O and knows no frames:
 * link.h carries the bytes. Profile and reasons: doc/spec/transport.md, sections 1 to 3.
 *
 * A `struct node_tls` is this party's side of every connection: its Ed25519 transport key and the self-signed certificate
 * made from it in memory. There is no certificate authority and nothing is trusted because of what a certificate says:
 * the peer's raw Ed25519 key is taken out of its certificate, TLS proves that the peer holds the key's secret, and the
 * owner decides whether it knows that key.
 *
 *     node_tls_new(&seed, &tls);
 *     node_tls_session_new(tls, NODE_TLS_DIAL, &expected, &session);
 *     repeat: node_tls_session_receive(session, bytes from the peer);
 *             node_tls_session_handshake(session, &is_done);
 *             send and drop what node_tls_session_output(session) holds;
 *     then:   node_tls_session_write(), node_tls_session_read(), node_tls_session_end(), and the output as before
 */
#ifndef NODE_TLS_H
#define NODE_TLS_H

#include "crypto/sign.h"

struct node_tls;

/* `seed` is the Ed25519 seed of the transport key (RFC 8032); it is copied, and wiped by node_tls_free(). BASE_E_TLS when
 * OpenSSL refuses, BASE_E_NOMEM. The context must outlive its sessions and hubs. */
enum base_code node_tls_new(const struct crypto_key *seed, struct node_tls **out) BASE_MUST_USE;
void node_tls_free(struct node_tls *tls); /* NULL is fine */
const struct crypto_sign_public *node_tls_public_key(const struct node_tls *tls);

/* One connection. */
struct node_tls_session;
enum node_tls_side { NODE_TLS_ACCEPT, NODE_TLS_DIAL };

/* `expected` (copied) is the only key the peer may have: any other ends the handshake with BASE_E_KEY, before this side has
 * said who it is. NULL takes any Ed25519 key (the accepting side: the owner asks for the key once the handshake is done). */
enum base_code node_tls_session_new(const struct node_tls *tls, enum node_tls_side side,
                                    const struct crypto_sign_public *expected,
                                    struct node_tls_session **out) BASE_MUST_USE;
void node_tls_session_free(struct node_tls_session *session); /* NULL is fine */

/* Takes bytes that came from the peer (copied). BASE_E_NOMEM. */
enum base_code node_tls_session_receive(struct node_tls_session *session, struct base_bytes bytes) BASE_MUST_USE;

/* Goes as far as the bytes received allow. *is_done once both Finished messages are checked. BASE_E_KEY for a key that is
 * not the expected one; BASE_E_TLS for everything else that OpenSSL or the profile refuses (no TLS 1.3, no certificate,
 * more than one, a key that is not Ed25519, another ALPN protocol, an alert from the peer). After an error the output
 * may still hold an alert to be sent. */
enum base_code node_tls_session_handshake(struct node_tls_session *session, bool *is_done) BASE_MUST_USE;

/* The peer's key; only after the handshake is done. */
const struct crypto_sign_public *node_tls_session_peer_key(const struct node_tls_session *session);

/* Up to `capacity` plain bytes. *len is 0 when more must be received first, or when *is_ended: the peer said
 * close_notify. BASE_E_TLS for a record that does not authenticate, or an alert. */
enum base_code node_tls_session_read(struct node_tls_session *session, void *out, size_t capacity, size_t *len,
                                     bool *is_ended) BASE_MUST_USE;

/* Encrypts all of `plain` to the output. BASE_E_TLS, BASE_E_NOMEM. */
enum base_code node_tls_session_write(struct node_tls_session *session, struct base_bytes plain) BASE_MUST_USE;

/* Appends close_notify to the output; no write after it. */
void node_tls_session_end(struct node_tls_session *session);

/* What has to go to the peer; the caller drops from the front what it has sent. */
struct base_buffer *node_tls_session_output(struct node_tls_session *session);

#endif
