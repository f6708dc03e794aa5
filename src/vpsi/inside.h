/* SPDX-License-Identifier: Apache-2.0
 *
 * Private to the vpsi layer: what a session holds, and the seams between plan.c (sizes), session.c (order, transcript, failure),
 * opening.c (salts and commitments), receiver.c and sender.c (the work of a role).
 */
#ifndef VPSI_INSIDE_H
#define VPSI_INSIDE_H

#include "crypto/secret.h"
#include "okvs/okvs.h"
#include "vole/vole.h"
#include "vpsi/items.h"
#include "vpsi/masks.h"
#include "vpsi/message.h"
#include "vpsi/vpsi.h"

enum {
    VPSI_SLOT_BATCH = 32768,   /* slots in one SLOTS */
    VPSI_HEAD_BATCH = 1 << 19, /* bytes in one HEADS */
    VPSI_MASK_BATCH = 8192,    /* masks in one MASKS */
    VPSI_RETURN_BATCH = 4096,  /* values in one RETURNS */
    VPSI_SECRET_LEN = 32,
    VPSI_TERMS_LEN = 8 + 8 + 4 + 4 + 4 + 1 + 1
};

/* The steps of vpsi 2, the same on both sides; from BEGIN to RETURNS once for each pass:
 *
 *     COMMIT > NONCE > SALT > BEGIN > VOLE > SLOTS > SHIFT > OPEN > HEADS > MASKS > RETURNS > RECEIVER_DONE > SENDER_DONE > END
 *                        |       ^                                              |        |    ^
 *                        |       +----------------- another pass ---------------+--------+    |
 *                        +------------------------- an empty set ---------------+-------------+
 */
enum vpsi_step {
    VPSI_STEP_COMMIT,
    VPSI_STEP_NONCE,
    VPSI_STEP_SALT,
    VPSI_STEP_BEGIN,
    VPSI_STEP_VOLE,
    VPSI_STEP_SLOTS,
    VPSI_STEP_SHIFT,
    VPSI_STEP_OPEN,
    VPSI_STEP_HEADS,
    VPSI_STEP_MASKS,
    VPSI_STEP_RETURNS,
    VPSI_STEP_RECEIVER_DONE,
    VPSI_STEP_SENDER_DONE,
    VPSI_STEP_END
};

/* Where a role's arrays lie in its arena, in bytes from the start. Two parts are used by one after another (vpsi 8):
 *
 *     work      places and sorted places of hashing; the slots and the rows of encoding; decoded values and sorted places of masks
 *     shared    pairs of hashing; the VOLE; masks and their places
 */
struct vpsi_layout {
    size_t order, passes, keys, values, index, heads, work, shared, total;
};

/* All sizes that follow from the terms. */
struct vpsi_plan {
    bool is_empty;                        /* a set is empty: nothing to find */
    uint32_t passes;
    uint64_t receiver_room, sender_room;  /* items in a pass */
    uint64_t room;                        /* one's own of the two */
    struct okvs_params okvs;              /* for receiver_room keys */
    struct vole_params vole;              /* for its slots */
    struct vpsi_code code;                /* for sender_room masks */
    uint64_t slot_messages, head_messages, mask_messages;
    struct vpsi_layout layout;
};
enum base_code vpsi_plan_make(const struct vpsi_terms *terms, enum vpsi_role role, unsigned threads,
                              struct vpsi_plan *out) BASE_MUST_USE;

/* An item found: entry `at` of the own set is the peer's mask number `rank`. */
struct vpsi_match {
    uint32_t at, rank;
};

/* What has been computed in this pass. */
enum vpsi_stage { VPSI_STAGE_NONE, VPSI_STAGE_SET, VPSI_STAGE_ENCODED, VPSI_STAGE_DECODED, VPSI_STAGE_MASKED };

struct vpsi_session {
    enum vpsi_role role;
    struct vpsi_terms terms;
    struct vpsi_plan plan;
    const uint8_t *items, *payloads;
    unsigned threads;
    uint8_t *arena;
    size_t arena_len;
    struct crypto_hash context; /* of config.context */

    enum vpsi_state state;
    enum vpsi_step step;
    uint64_t number; /* messages of this step so far */
    uint32_t pass;
    uint32_t sent, received;
    uint64_t steps_done; /* messages, for progress */
    uint8_t tag[VPSI_TAG_LEN];
    struct crypto_running running[2]; /* messages by role, up to RECEIVER_DONE */
    struct crypto_hash transcript;
    struct base_buffer inner; /* a message of the VOLE */

    struct block_aes generator; /* all of one's own randomness, from one seed */
    uint64_t generated;
    uint8_t own_salt[VPSI_SECRET_LEN], own_shift[VPSI_SECRET_LEN];
    struct crypto_hash salt_commitment, shift_commitment; /* the receiver has them from the sender */
    uint8_t salt[VPSI_SALT_LEN];
    struct vpsi_hashes hashes;

    enum vpsi_stage stage;
    bool is_split; /* items are divided among the passes */
    uint64_t pass_begins[(1 << VPSI_PASS_BITS_MAX) + 1];
    struct vpsi_set set;
    struct block okvs_seed, shift;
    struct vole_session *vole;
    struct vole_result vole_result;
    struct vpsi_code_reader reader; /* receiver */
    uint64_t cursor;                /* receiver: own masks below all that are still to come */

    struct vpsi_match *matches; /* receiver: in this pass, ascending by rank */
    size_t match_count, match_capacity;
    uint64_t return_count, returned, least_rank; /* of this pass; ranks below least_rank may not come any more */
    struct vpsi_place *found; /* hits so far: own index and number of payload */
    size_t found_count, found_capacity;
    struct vpsi_hit *hits;
    struct base_buffer peer_payloads;
    size_t payload_count;
};

/* Arrays in the arena. */
uint32_t *vpsi_order(const struct vpsi_session *session);
struct block *vpsi_decoded(const struct vpsi_session *session);
struct block *vpsi_masks(const struct vpsi_session *session);
struct vpsi_place *vpsi_places(const struct vpsi_session *session);
struct vpsi_place *vpsi_sorted(const struct vpsi_session *session);
struct block *vpsi_slots(const struct vpsi_session *session); /* receiver: all of them; sender: room for one message */
void *vpsi_rows(const struct vpsi_session *session);          /* receiver: what encoding needs */
uint8_t *vpsi_heads(const struct vpsi_session *session);

/* Random bytes of this session's own. */
void vpsi_generate(struct vpsi_session *session, void *out, size_t len);
/* Hashes and sorts the items of this pass, once. The VOLE comes after it, because it takes the memory. */
enum base_code vpsi_make_set(struct vpsi_session *session) BASE_MUST_USE;
/* Keeps what was found at entry `at` and all that repeat it; payload is the peer's, encrypted, or NULL. */
enum base_code vpsi_keep_hit(struct vpsi_session *session, size_t at, enum vpsi_use use, const uint8_t *payload,
                             size_t payload_len) BASE_MUST_USE;
uint64_t vpsi_batch(uint64_t count, uint64_t number, uint64_t batch); /* items in message `number` of a step */
void vpsi_hash_domain(const char *domain, const struct base_bytes *parts, size_t count, struct block *out);
enum base_code vpsi_expect(struct base_cursor *in, uint32_t expected, const char *what) BASE_MUST_USE;

/* One message of a step: its body is appended to out, or read to the end of the cursor. */
typedef enum base_code vpsi_write(struct vpsi_session *session, uint64_t number, struct base_buffer *out);
typedef enum base_code vpsi_read(struct vpsi_session *session, uint64_t number, struct base_cursor *in);
vpsi_write vpsi_write_commit, vpsi_write_nonce, vpsi_write_salt, vpsi_write_begin, vpsi_write_slots, vpsi_write_shift,
    vpsi_write_open, vpsi_write_heads, vpsi_write_masks, vpsi_write_returns;
vpsi_read vpsi_read_commit, vpsi_read_nonce, vpsi_read_salt, vpsi_read_begin, vpsi_read_slots, vpsi_read_shift, vpsi_read_open,
    vpsi_read_heads, vpsi_read_masks, vpsi_read_returns;

/* What the receiver can compute ahead of the next message, once its items are hashed. */
enum base_code vpsi_receiver_work(struct vpsi_session *session) BASE_MUST_USE;

#endif
