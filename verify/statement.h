/* SPDX-License-Identifier: Apache-2.0
 *
 * What an entry says: the terms and the statements of a compartment, each for itself; how they stand to each other is
 * checked by order.h. doc/spec/ledger.md 6.10 and 6.11, doc/spec/statements.md, sections 3 to 5.
 */
#ifndef VERIFY_STATEMENT_H
#define VERIFY_STATEMENT_H

#include "verify/lines.h"
#include "verify/parties.h"

enum verify_kind {
    VERIFY_KIND_UNKNOWN, VERIFY_KIND_TERMS, VERIFY_KIND_STATE, VERIFY_KIND_MATCH_OFFER, VERIFY_KIND_MATCH_ACCEPT, VERIFY_KIND_MATCH,
    VERIFY_KIND_MATCH_ABORT, VERIFY_KIND_REFUSAL, VERIFY_KIND_RECEIPT, VERIFY_KIND_ALERT, VERIFY_KIND_RENEW, VERIFY_KIND_CLOSE,
    VERIFY_KIND_SERVED, VERIFY_KIND_ASK, VERIFY_KIND_ANSWER, VERIFY_KIND_DECLINE, VERIFY_KIND_DEFER, VERIFY_KIND_WITHDRAW,
    VERIFY_KIND_FEEDBACK, VERIFY_KIND_TELL, VERIFY_KIND_TELL_DECLINE, VERIFY_KIND_CORRECTION, VERIFY_KIND_CORRECTED,
    VERIFY_KIND_OVERDUE, VERIFY_KIND_HOLD, VERIFY_KIND_HIT, VERIFY_KIND_VERDICT, VERIFY_KIND_RELEASE, VERIFY_KIND_RETENTION,
    VERIFY_KIND_CONFLICT, VERIFY_KIND_COUNT
};

/* How a kind travels (statements 4.3). */
enum verify_path { VERIFY_PATH_NONE, VERIFY_PATH_OUT, VERIFY_PATH_MATCH, VERIFY_PATH_OWN };

const char *verify_kind_word(enum verify_kind kind);
enum verify_path verify_kind_path(enum verify_kind kind);

/* What the terms say that later statements are measured by (statements 3.7). */
enum verify_hours {
    VERIFY_HOURS_URGENT, VERIFY_HOURS_NORMAL, VERIFY_HOURS_OTHER, VERIFY_HOURS_TELL, VERIFY_HOURS_TASK, VERIFY_HOURS_RECEIPT,
    VERIFY_HOURS_COSIGN, VERIFY_HOURS_FEEDBACK, VERIFY_HOURS_CORRECTION, VERIFY_HOURS_COUNT
};
struct verify_terms {
    struct verify_hash hash; /* 3.4: what statements cite */
    int64_t hours[VERIFY_HOURS_COUNT];
    int64_t retention_days;
    uint32_t codes; /* bits of the list verify_codes that are accepted */
};

#define VERIFY_NONE UINT32_MAX

/* One for each entry of a ledger, in memory all at once: so it is small. What a kind does not have is zero. */
struct verify_entry {
    struct verify_hash about;  /* zero for "-" */
    struct verify_hash second; /* the line "hit"; of a match: SHA-256 of its text */
    int64_t time;              /* seconds since 1970, as all times here */
    int64_t due;               /* `due` or `review` */
    int64_t count;             /* `persons`, `erased` or `keys` */
    uint32_t about_at;         /* the index of what it is about; VERIFY_NONE when it is not in the ledger */
    uint32_t first, next;      /* the first entry about this one; the next one about what this one is about; or VERIFY_NONE */
    uint8_t kind;              /* enum verify_kind */
    uint8_t from;              /* 0 the owner, 1 the cosigner; 0 for the terms, which both say */
    uint8_t signers;           /* a bit for each enum verify_role */
    uint8_t word;              /* the place of `move`, `urgency`, `outcome`, `code`, `use`, `action`, `did`, `duty`, `grade` or
                                  `verdict` in its list; of an unknown kind: where the export keeps its word */
    uint8_t tell;              /* bits */
    uint8_t review_class;
    uint8_t label;
    uint8_t owed_by;           /* as `from` */
    bool wants_feedback;
    bool has_content;
};

/* What one entry says and a ledger's table does not keep. */
struct verify_said {
    char word[VERIFY_KIND_MAX + 1]; /* of the kind; of one that is not known too */
    struct verify_hash content;     /* the commitment; zero for "-" */
};

/* Checks entry `index` and fills in *entry but for the three places. Entry 0 gives *terms, which the others must cite. Of a
 * kind that this program does not know only the common lines are checked. */
enum verify_result verify_statement_check(const struct verify_parties *parties, uint64_t index, struct verify_span bytes,
                                          struct verify_terms *terms, struct verify_entry *entry, struct verify_said *said,
                                          struct verify_report *report) VERIFY_MUST_USE;

/* The parties by their terms alone: `bytes` is the note of entry 0, checked as such; the owner is the party whose key in the
 * compartment is named `origin`. */
enum verify_result verify_terms_read(struct verify_span bytes, struct verify_span origin, struct verify_parties *out,
                                     struct verify_terms *terms, struct verify_report *report) VERIFY_MUST_USE;

/* statements 5.5. False only without memory. */
bool verify_content_hash(const uint8_t salt[32], struct verify_span content, struct verify_hash *out);

#endif
