/* SPDX-License-Identifier: Apache-2.0
 *
 * The terms of a compartment, as text, and whether something lies within them. The proposer writes them with an empty
 * accepter key; the accepter fills in its key and changes nothing else; both sign the filled text with their identity keys.
 * doc/spec/statements.md, clause 3.
 */
#ifndef EXCHANGE_TERMS_H
#define EXCHANGE_TERMS_H

#include "exchange/party.h"
#include "exchange/words.h"

enum exchange_side { EXCHANGE_PROPOSER, EXCHANGE_ACCEPTER };
enum exchange_starters { EXCHANGE_START_BOTH, EXCHANGE_START_PROPOSER, EXCHANGE_START_ACCEPTER };

enum {
    EXCHANGE_PURPOSE_MAX = 500,         /* bytes, one line */
    EXCHANGE_LIST_MAX = 16777216,       /* persons */
    EXCHANGE_KEYS_MAX = 16777216,       /* match keys */
    EXCHANGE_MATCHES_PER_DAY_MAX = 1000,
    EXCHANGE_SAID_PER_DAY_MAX = 1000000, /* alerts, asks */
    EXCHANGE_HOURS_MAX = 87600,         /* ten years */
    EXCHANGE_RETENTION_DAYS_MAX = 36500,
    EXCHANGE_ATTACHMENT_MAX = 131072,   /* bytes of all attachments of one statement */
};

/* How long a party has, in hours, from 1 to EXCHANGE_HOURS_MAX (doc/spec/statements.md 3.7). */
struct exchange_hours {
    uint64_t answer[EXCHANGE_URGENCY_COUNT]; /* to an ask, by its urgency */
    uint64_t tell;       /* to tell of a hit, or to refuse */
    uint64_t task;       /* to look at a hit */
    uint64_t receipt;    /* to receipt a statement */
    uint64_t cosign;     /* to cosign a checkpoint */
    uint64_t feedback;   /* on an answer */
    uint64_t correction; /* to carry out a correction */
};

/* Deadlines that bodies already work under: "eu-2023-977", "eu-2006-960", "sirene", "pruem-2", "egmont", "fincen-314a". */
struct exchange_profile {
    const char *word;
    const char *source;
    uint64_t answer[EXCHANGE_URGENCY_COUNT]; /* hours */
};
extern const struct exchange_profile exchange_profiles[];
extern const unsigned exchange_profile_count;
const struct exchange_profile *exchange_profile_find(const char *word); /* NULL when there is none */
/* The profile that has these hours to answer, or NULL. */
const struct exchange_profile *exchange_profile_of(const struct exchange_hours *hours);

struct exchange_terms_side {
    struct crypto_sign_public identity;
    struct crypto_sign_public key; /* of this compartment; all zero while the accepter's is not filled in */
};

struct exchange_terms {
    struct exchange_id compartment;
    struct exchange_terms_side sides[2]; /* by enum exchange_side */
    char purpose[EXCHANGE_PURPOSE_MAX + 1];
    struct crypto_hash rules;  /* SHA-256 of the rule file */
    uint64_t max_list;         /* persons that a side may put into a match: kept by its own node */
    uint64_t max_keys;         /* match keys that a side may put in: enforced by the other's node */
    uint64_t matches_per_day;  /* offers in any 24 hours, from either side */
    enum exchange_starters starters;
    uint64_t alerts_per_day;   /* from one side in any 24 hours: what the other node takes */
    uint64_t asks_per_day;     /* likewise */
    struct exchange_hours hours;
    uint64_t retention_days;   /* contents go so long after what they belong to has ended */
    uint64_t max_attachment;   /* bytes of all attachments of one statement; 0 for none */
    enum exchange_release release;
    uint32_t codes;            /* reasons to decline that are accepted: bits of enum exchange_code */
    int64_t time_ms;           /* when proposed, whole seconds */
};

enum { EXCHANGE_CODES_ALL = (1u << EXCHANGE_CODE_COUNT) - 1 };
/* The values that stand unless somebody chooses others: the profile eu-2023-977, a day to receipt and cosign, three years. */
void exchange_terms_defaults(struct exchange_terms *terms);

enum base_code exchange_terms_format(const struct exchange_terms *terms, struct base_buffer *out) BASE_MUST_USE;
/* BASE_E_VERSION, BASE_E_FORMAT, BASE_E_LIMIT, BASE_E_RANGE, BASE_E_TRAILING; BASE_E_ARGUMENT when both sides are one party. */
enum base_code exchange_terms_parse(struct base_bytes text, struct exchange_terms *out) BASE_MUST_USE;
bool exchange_terms_is_filled(const struct exchange_terms *terms);
/* Are `filled` the terms of `proposal` with nothing but the accepter's key filled in? BASE_E_INCONSISTENT. */
enum base_code exchange_terms_check_filled(const struct exchange_terms *proposal, const struct exchange_terms *filled) BASE_MUST_USE;
/* SHA-256 over the domain "entente/exchange/terms/v1" and the filled text: what every statement cites. */
enum base_code exchange_terms_hash(const struct exchange_terms *terms, struct crypto_hash *out) BASE_MUST_USE;
/* Which side is this party on? BASE_E_KEY when on neither. */
enum base_code exchange_terms_side_of(const struct exchange_terms *terms, const struct exchange_id *fingerprint,
                                      enum exchange_side *out) BASE_MUST_USE;

const char *exchange_starters_word(enum exchange_starters starters); /* "both", "proposer", "accepter" */
enum base_code exchange_starters_from_word(struct base_bytes word, enum exchange_starters *out) BASE_MUST_USE; /* BASE_E_ARGUMENT */

/* The life of a compartment. exchange_state_move() is the only way from one state to another.
 *
 *     proposed ──accept──► active ◄──resume── suspended
 *        │                   │ ──suspend──────►  │
 *        └──────close───────►└──────close───────►┘──► closed
 */
enum exchange_state { EXCHANGE_PROPOSED, EXCHANGE_OFFERED, EXCHANGE_ACTIVE, EXCHANGE_SUSPENDED, EXCHANGE_CLOSED };
enum exchange_move { EXCHANGE_ACCEPT, EXCHANGE_SUSPEND, EXCHANGE_RESUME, EXCHANGE_CLOSE };
const char *exchange_state_word(enum exchange_state state);
const char *exchange_move_word(enum exchange_move move);
/* BASE_E_STATE for a move that is not allowed; *state is then as it was. */
enum base_code exchange_state_move(enum exchange_state *state, enum exchange_move move) BASE_MUST_USE;

/* May `starter` begin a match now? Everything that either node checks of an offer, in this order: BASE_E_SUSPENDED,
 * BASE_E_OUTSIDE_TERMS (who may start; keys over max_keys), BASE_E_OVER_BUDGET, BASE_E_RULES. */
struct exchange_match_plan {
    enum exchange_state state;
    enum exchange_side starter;
    uint64_t keys;           /* of the side that is checked */
    uint64_t offers_24h;     /* offers on record in the last 24 hours, without this one */
    struct crypto_hash rules;
};
enum base_code exchange_match_check(const struct exchange_terms *terms, const struct exchange_match_plan *plan) BASE_MUST_USE;

#endif
