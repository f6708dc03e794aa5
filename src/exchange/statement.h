/* SPDX-License-Identifier: Apache-2.0
 *
 * The texts of statements: what is said in a compartment and stands in the ledgers. One struct for all kinds; a table says
 * which lines a kind has, who hears it and whether content travels beside it. Texts only; the node signs them with
 * compartment keys. doc/spec/statements.md, clauses 4 and 5.
 */
#ifndef EXCHANGE_STATEMENT_H
#define EXCHANGE_STATEMENT_H

#include "exchange/terms.h"
#include "exchange/words.h"

enum exchange_kind {
    EXCHANGE_KIND_STATE,        /* suspend, resume or close, with a reason */
    EXCHANGE_KIND_MATCH_OFFER,  /* the starter's: nonce, keys, commitment */
    EXCHANGE_KIND_MATCH_ACCEPT, /* the other's: the offer's hash, nonce, keys, commitment */
    EXCHANGE_KIND_MATCH,        /* both sign: what was matched, sizes, commitments, transcript */
    EXCHANGE_KIND_MATCH_ABORT,  /* a match that was begun and not finished, with the error word */
    EXCHANGE_KIND_REFUSAL,      /* an offer that was refused, with the error word */
    EXCHANGE_KIND_RECEIPT,      /* this statement reached me then */
    EXCHANGE_KIND_ALERT,        /* a person, and what the sender wants to be told */
    EXCHANGE_KIND_RENEW,        /* the owner keeps an alert until a new review date, with its assessment */
    EXCHANGE_KIND_CLOSE,        /* an alert ends, by decision */
    EXCHANGE_KIND_SERVED,       /* the receiver holds that an alert has served its purpose */
    EXCHANGE_KIND_ASK,          /* a request for information with a deadline */
    EXCHANGE_KIND_ANSWER,       /* answered, partly answered, no trace, transferred */
    EXCHANGE_KIND_DECLINE,      /* an ask, with a coded reason */
    EXCHANGE_KIND_DEFER,        /* an ask, with a new date and a reason */
    EXCHANGE_KIND_WITHDRAW,     /* an ask, by the asker */
    EXCHANGE_KIND_FEEDBACK,     /* what use an answer was */
    EXCHANGE_KIND_TELL,         /* a hit on an alert, told as its sender asked */
    EXCHANGE_KIND_TELL_DECLINE, /* a hit on an alert that is not told, with a coded reason */
    EXCHANGE_KIND_CORRECTION,   /* what was sent earlier is to be corrected, restricted or erased */
    EXCHANGE_KIND_CORRECTED,    /* what was done about a correction */
    EXCHANGE_KIND_OVERDUE,      /* a duty whose time ran out */
    EXCHANGE_KIND_HOLD,         /* own ledger only: something is held, and not shared */
    EXCHANGE_KIND_HIT,          /* own ledger only: an alert met a record, an event or an alert */
    EXCHANGE_KIND_VERDICT,      /* own ledger only: what a person judged of a hit */
    EXCHANGE_KIND_RELEASE,      /* own ledger only: who wrote and who released a statement */
    EXCHANGE_KIND_RETENTION,    /* own ledger only: contents that were erased because their time was over */
    EXCHANGE_KIND_CONFLICT,     /* own ledger only: two checkpoints of the other party that cannot both be true */
    EXCHANGE_KIND_COUNT
};

/* How a kind reaches the other party. */
enum exchange_path {
    EXCHANGE_PATH_OUTBOX, /* delivered from the outbox until it is receipted */
    EXCHANGE_PATH_MATCH,  /* said inside a match */
    EXCHANGE_PATH_ANSWER, /* is itself the answer to a delivery */
    EXCHANGE_PATH_OWN,    /* stays in the ledger of who says it; the other cosigns that it is there, and does not see it */
};

enum { EXCHANGE_REASON_MAX = 300, EXCHANGE_WORD_MAX = 32, EXCHANGE_PERSONS_MAX = 16 };

struct exchange_statement {
    enum exchange_kind kind;
    struct exchange_id compartment;
    struct crypto_hash terms;
    struct exchange_id from; /* fingerprint of who says it; for a match: the starter */
    int64_t time_ms;         /* whole seconds */
    /* The rest as the kind has it (doc/spec/statements.md 4.3), zero otherwise. */
    struct crypto_hash about;   /* leaf hash of the statement this one speaks of; zero for "-", where that may stand */
    struct crypto_hash content; /* commitment to what travels beside the note; zero for "-" */
    struct crypto_hash hit;     /* leaf hash of the hit in the ledger of who says it; zero for "-" */
    struct crypto_hash nonce;
    uint64_t keys[2];                 /* own in [0]; in a match: starter's [0], other's [1] */
    struct crypto_hash commitment[2]; /* likewise */
    struct crypto_hash rules;
    struct crypto_hash transcript;
    enum exchange_move move;
    uint64_t count;         /* persons of an alert, contents erased by retention */
    uint64_t review_class;  /* years between reviews: 1, 3 or 5 */
    unsigned tell;          /* bits of enum exchange_tell */
    enum exchange_label label;
    unsigned grading;       /* place in exchange_gradings */
    enum exchange_handling handling;
    enum exchange_urgency urgency;
    unsigned feedback;      /* 1: feedback on use is asked for */
    int64_t due_ms;         /* review date of an alert, deadline, or the date that has passed */
    enum exchange_outcome outcome;
    enum exchange_code code;
    enum exchange_use use;
    enum exchange_action action;
    enum exchange_did did;
    enum exchange_duty duty;
    struct exchange_id owed_by;
    enum exchange_grade grade;
    enum exchange_verdict verdict;
    char word[EXCHANGE_WORD_MAX + 1];     /* base_code_word() of a refusal or abort */
    char reason[EXCHANGE_REASON_MAX + 1]; /* one line; may be empty */
};

const char *exchange_kind_word(enum exchange_kind kind); /* "match-offer" ...: also the store's entry kind */
/* BASE_E_VERSION when there is no such kind. */
enum base_code exchange_kind_find(struct base_bytes word, enum exchange_kind *out) BASE_MUST_USE;
enum exchange_path exchange_kind_path(enum exchange_kind kind);
bool exchange_kind_has_content(enum exchange_kind kind); /* a line "content": content may travel beside it */

enum base_code exchange_statement_format(const struct exchange_statement *statement, struct base_buffer *out) BASE_MUST_USE;
/* Every line, in order, exactly once. BASE_E_VERSION for a kind not known, BASE_E_FORMAT, BASE_E_LIMIT, BASE_E_RANGE,
 * BASE_E_TRAILING. */
enum base_code exchange_statement_parse(struct base_bytes text, struct exchange_statement *out) BASE_MUST_USE;

bool exchange_hash_is_none(const struct crypto_hash *hash); /* zero: the line says "-" */

#endif
