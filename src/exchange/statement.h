/* SPDX-License-Identifier: Apache-2.0
 *
 * The texts of statements: what is said in a compartment and stands in both ledgers. One struct for all kinds; a table says
 * which lines a kind has. Texts only; the node signs them with compartment keys. doc/spec/statements.md, clause 4.
 */
#ifndef EXCHANGE_STATEMENT_H
#define EXCHANGE_STATEMENT_H

#include "exchange/terms.h"

enum exchange_kind {
    EXCHANGE_KIND_STATE,        /* suspend, resume or close, with a reason */
    EXCHANGE_KIND_MATCH_OFFER,  /* the starter's: nonce, keys, commitment */
    EXCHANGE_KIND_MATCH_ACCEPT, /* the other's: the offer's hash, nonce, keys, commitment */
    EXCHANGE_KIND_MATCH,        /* both sign: what was matched, sizes, commitments, transcript */
    EXCHANGE_KIND_MATCH_ABORT,  /* a match that was begun and not finished, with the error word */
    EXCHANGE_KIND_REFUSAL,      /* an offer that was refused, with the error word */
    EXCHANGE_KIND_RECEIPT,      /* this statement reached me then */
    EXCHANGE_KIND_COUNT
};

enum { EXCHANGE_REASON_MAX = 300, EXCHANGE_WORD_MAX = 32 };

struct exchange_statement {
    enum exchange_kind kind;
    struct exchange_id compartment;
    struct crypto_hash terms;
    struct exchange_id from; /* fingerprint of who says it; for a match: the starter */
    int64_t time_ms;         /* whole seconds */
    /* The rest as the kind has it (doc/spec/statements.md 4.3), zero otherwise. */
    struct crypto_hash about;         /* leaf hash of the statement this one answers */
    struct crypto_hash nonce;
    uint64_t keys[2];                 /* own in [0]; in a match: starter's [0], other's [1] */
    struct crypto_hash commitment[2]; /* likewise */
    struct crypto_hash rules;
    struct crypto_hash transcript;
    enum exchange_move move;
    char word[EXCHANGE_WORD_MAX + 1];     /* base_code_word() of a refusal or abort */
    char reason[EXCHANGE_REASON_MAX + 1]; /* one line; may be empty */
};

const char *exchange_kind_word(enum exchange_kind kind); /* "match-offer" ...: also the store's entry kind */
enum base_code exchange_statement_format(const struct exchange_statement *statement, struct base_buffer *out) BASE_MUST_USE;
/* Every line, in order, exactly once. BASE_E_VERSION for a kind not known, BASE_E_FORMAT, BASE_E_LIMIT, BASE_E_RANGE,
 * BASE_E_TRAILING. */
enum base_code exchange_statement_parse(struct base_bytes text, struct exchange_statement *out) BASE_MUST_USE;

#endif
