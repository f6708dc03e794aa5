/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/words.h"

#include <string.h>

#define LIST(name, ...)                                                                            \
    static const char *const name##_items[] = {__VA_ARGS__};                                       \
    const struct verify_words name = {name##_items, sizeof name##_items / sizeof name##_items[0]}

/* statements 3.1, 3.7, 4.3 */
LIST(verify_starters, "both", "proposer", "accepter");
LIST(verify_releases, "none", "answers", "all");
LIST(verify_moves, "suspend", "resume", "close");
/* 5.1 */
LIST(verify_tells, "contact", "travel", "whereabouts", "record");
/* 5.2 */
LIST(verify_labels, "TLP:RED", "TLP:AMBER+STRICT", "TLP:AMBER", "TLP:GREEN", "TLP:CLEAR");
LIST(verify_gradings, "A1", "A2", "A3", "A4", "B1", "B2", "B3", "B4", "C1", "C2", "C3", "C4", "X1", "X2", "X3", "X4");
LIST(verify_handlings, "H0", "H1", "H2", "H3");
/* 5.3 */
LIST(verify_urgencies, "urgent", "normal", "other");
LIST(verify_outcomes, "answered", "partly-answered", "no-trace", "transferred");
LIST(verify_yes_no, "no", "yes");
LIST(verify_uses, "useful", "not-useful", "not-used");
LIST(verify_actions, "correct", "restrict", "erase");
LIST(verify_dids, "corrected", "restricted", "erased", "not-held");
LIST(verify_grades, "exact", "strong", "possible");
LIST(verify_verdicts, "confirmed", "rejected", "unsure", "assessed");
/* 5.4 */
LIST(verify_codes, "OUT_OF_SCOPE", "NOT_HELD", "NEEDS_JUDICIAL_AUTHORISATION", "NEEDS_COERCION", "MINOR_OFFENCE", "NATIONAL_SECURITY",
     "JEOPARDISES_INVESTIGATION", "ENDANGERS_PERSON", "DISPROPORTIONATE", "CONTRARY_TO_FUNDAMENTAL_LAW", "RIGHTS_RISK",
     "PROTECTION_INADEQUATE", "NO_RECIPROCITY", "ORIGINATOR_WITHHOLDS", "DATA_DOUBTFUL", "REQUEST_INCOMPLETE", "NO_LEGAL_BASIS",
     "EVIDENCE_USE_NOT_ALLOWED", "NEITHER_CONFIRM_NOR_DENY");
/* 6.1 */
LIST(verify_duties, "answer", "feedback", "tell", "task", "review", "justify", "correction", "receipt", "cosign");

_Static_assert(sizeof verify_codes_items / sizeof verify_codes_items[0] == VERIFY_CODE_COUNT, "statements 5.4");

int verify_word_find(const struct verify_words *words, struct verify_span word)
{
    for (unsigned i = 0; i < words->count; i++)
        if (verify_span_is(word, words->items[i]))
            return (int)i;
    return -1;
}

bool verify_words_read(const struct verify_words *words, struct verify_span line, uint32_t *out)
{
    int last = -1;
    *out = 0;
    for (;;) {
        const uint8_t *blank = line.len == 0 ? NULL : memchr(line.data, ' ', line.len);
        size_t len = blank == NULL ? line.len : (size_t)(blank - line.data);
        int place = verify_word_find(words, verify_span_of(line.data, len));
        if (place <= last)
            return false;
        *out |= 1u << place;
        last = place;
        if (blank == NULL)
            return true;
        line = verify_span_of(blank + 1, line.len - len - 1);
    }
}
