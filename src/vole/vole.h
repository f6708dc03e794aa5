/* SPDX-License-Identifier: Apache-2.0
 *
 * Vector oblivious linear evaluation over GF(2^128) (block/gf.h), in silence: two parties exchange some hundred kilobytes, whatever the
 * length n, and from then on the receiver holds vectors A and C, the sender a secret Delta and a vector B, with
 *
 *     C[i] = B[i] + Delta * A[i]     for all i < n.
 *
 * A and C look random to the sender, B and Delta to the receiver. Secure against a party that deviates from the protocol, which is
 * written down, with every parameter and its source, in doc/spec/vole.md. Bytes in, bytes out: no socket, no clock; randomness and
 * memory are given. Both parties run the same loop until the state is VOLE_DONE:
 *
 *     while (vole_session_state(session) == VOLE_RUNNING) {
 *         while (vole_session_pull(session, &message) == BASE_OK && message.len > 0) transport_send(message);
 *         vole_session_work(session);
 *         if (state is still VOLE_RUNNING) vole_session_push(session, transport_receive());
 *     }
 *
 * The order of messages; the first two may cross on the way:
 *
 *     receiver  BASE, EXTEND, CHECK          BASE is not waited for by CHOICE
 *     sender    CHOICE, TREES, PROOF         a length below vole_params.is_direct's bound ends after EXTEND
 *
 * After any error the session is VOLE_FAILED: it gives no more bytes and no results, and its secrets are wiped.
 */
#ifndef VOLE_VOLE_H
#define VOLE_VOLE_H

#include "base/random.h"
#include "block/block.h"
#include "crypto/hash.h"

enum vole_role { VOLE_RECEIVER, VOLE_SENDER };
enum vole_state { VOLE_RUNNING, VOLE_DONE, VOLE_FAILED };
/* The code: expander weight, convolution memory. The second does three times as much and tolerates less noise. */
enum vole_code { VOLE_CODE_7X24, VOLE_CODE_21X24 };

enum {
    VOLE_COUNT_MAX = 1 << 27,
    VOLE_MESSAGE_MAX = 1 << 20 /* bytes of one message */
};

/* All sizes that follow from the length. */
struct vole_params {
    size_t count; /* n */
    enum vole_code code;
    bool is_direct;      /* short: every item comes straight from the extension, without code and noise */
    size_t out_count;    /* n rounded up to whole cache lines */
    unsigned tree_depth; /* a tree has 2^tree_depth leaves, one of them noisy */
    size_t tree_count;   /* noisy positions, t */
    size_t noise_count;  /* leaves in all: the length of the code */
    size_t base_count;   /* items of the extension */
    double distance;     /* relative distance that the code is taken to have */
};

/* BASE_E_LIMIT for a count of 0 or over VOLE_COUNT_MAX. */
enum base_code vole_params_for(size_t count, enum vole_code code, struct vole_params *out) BASE_MUST_USE;
/* Bits of security against the best linear test, at most 128 (vole 3); how many bytes a party needs and sends. */
double vole_security_bits(const struct vole_params *params);
size_t vole_arena_size(const struct vole_params *params, enum vole_role role);
size_t vole_sent_bytes(const struct vole_params *params, enum vole_role role);
/* All of that as lines of text. BASE_E_NOMEM. */
enum base_code vole_params_describe(const struct vole_params *params, struct base_buffer *out) BASE_MUST_USE;

struct vole_config {
    enum vole_role role;
    struct vole_params params; /* as vole_params_for() gave them; the same on both sides */
    /* Binds the session: a hash over who talks to whom, about what, and fresh values of both. The same on both sides. */
    struct crypto_hash context;
    unsigned threads;
    struct base_random random; /* read only while vole_session_new() runs */
    void *arena;               /* vole_arena_size() bytes, borrowed until the session is freed; base/pages.h has such */
    size_t arena_len;
};

struct vole_session;

/* crypto_start() first. BASE_E_ARGUMENT for an arena that is too small or not a multiple of 64 in its address, BASE_E_NOMEM. */
enum base_code vole_session_new(const struct vole_config *config, struct vole_session **out) BASE_MUST_USE;
/* Wipes the session and, with VOLE_WIPE_ALL, the whole arena with the results in it. NULL is fine. */
enum vole_wipe { VOLE_KEEP_RESULTS, VOLE_WIPE_ALL };
void vole_session_free(struct vole_session *session, enum vole_wipe wipe);

/* Replaces *message with the next one to send, empty when the peer must speak first or all is said. */
enum base_code vole_session_pull(struct vole_session *session, struct base_buffer *message) BASE_MUST_USE;
/* Takes one message whole. BASE_E_LIMIT, BASE_E_TRUNCATED, BASE_E_TRAILING, BASE_E_VERSION, BASE_E_ORDER, BASE_E_TRANSCRIPT for another
 * session or other sizes, BASE_E_POINT, BASE_E_IDENTITY, BASE_E_PROOF for a check that fails; BASE_E_STATE after the end. */
enum base_code vole_session_push(struct vole_session *session, struct base_bytes message) BASE_MUST_USE;
/* Computes what needs nothing more from the peer, while its answer is on the way. Whoever leaves it out pays in the next call. */
enum base_code vole_session_work(struct vole_session *session) BASE_MUST_USE;

enum vole_state vole_session_state(const struct vole_session *session);

/* When VOLE_DONE; BASE_E_STATE before. The arrays lie in the arena, have `count` items, and are the caller's to change. */
struct vole_result {
    struct block *a, *c; /* receiver, else NULL */
    struct block *b;     /* sender, else NULL */
    struct block delta;  /* sender, else zero */
};
enum base_code vole_session_result(struct vole_session *session, struct vole_result *out) BASE_MUST_USE;

#endif
