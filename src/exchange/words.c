/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/words.h"

#define WORDS(name, ...)                                                                                               \
    static const char *const name##_items[] = {__VA_ARGS__};                                                           \
    const struct exchange_words name = {name##_items, sizeof name##_items / sizeof *name##_items}

WORDS(exchange_labels, "TLP:RED", "TLP:AMBER+STRICT", "TLP:AMBER", "TLP:GREEN", "TLP:CLEAR");
WORDS(exchange_gradings, "A1", "A2", "A3", "A4", "B1", "B2", "B3", "B4", "C1", "C2", "C3", "C4", "X1", "X2", "X3", "X4");
WORDS(exchange_handlings, "H0", "H1", "H2", "H3");
WORDS(exchange_urgencies, "urgent", "normal", "other");
WORDS(exchange_outcomes, "answered", "partly-answered", "no-trace", "transferred");
WORDS(exchange_codes, "OUT_OF_SCOPE", "NOT_HELD", "NEEDS_JUDICIAL_AUTHORISATION", "NEEDS_COERCION", "MINOR_OFFENCE",
      "NATIONAL_SECURITY", "JEOPARDISES_INVESTIGATION", "ENDANGERS_PERSON", "DISPROPORTIONATE", "CONTRARY_TO_FUNDAMENTAL_LAW",
      "RIGHTS_RISK", "PROTECTION_INADEQUATE", "NO_RECIPROCITY", "ORIGINATOR_WITHHOLDS", "DATA_DOUBTFUL", "REQUEST_INCOMPLETE",
      "NO_LEGAL_BASIS", "EVIDENCE_USE_NOT_ALLOWED", "NEITHER_CONFIRM_NOR_DENY");
WORDS(exchange_duties, "answer", "tell", "task", "review", "receipt", "cosign", "feedback", "correction", "justify");
WORDS(exchange_tells, "contact", "travel", "whereabouts", "record");
WORDS(exchange_actions, "correct", "restrict", "erase");
WORDS(exchange_dids, "corrected", "restricted", "erased", "not-held");
WORDS(exchange_verdicts, "confirmed", "rejected", "unsure", "assessed");
WORDS(exchange_grades, "exact", "strong", "possible");
WORDS(exchange_uses, "useful", "not-useful", "not-used");
WORDS(exchange_answers, "no", "yes");
WORDS(exchange_releases, "none", "answers", "all");

enum base_code exchange_words_find(const struct exchange_words *words, const char *key, struct base_bytes value, unsigned *out)
{
    for (unsigned i = 0; i < words->count; i++) {
        if (base_bytes_equal(value, base_bytes_text(words->items[i]))) {
            *out = i;
            return BASE_OK;
        }
    }
    return base_fail(BASE_E_FORMAT, "\"%s\" is not a word that may stand there", key);
}

const char *exchange_code_meaning(enum exchange_code code)
{
    static const char *const meanings[EXCHANGE_CODE_COUNT] = {
        [EXCHANGE_OUT_OF_SCOPE] = "outside the compartment's purpose",
        [EXCHANGE_NOT_HELD] = "not held and not to be had",
        [EXCHANGE_NEEDS_JUDICIAL_AUTHORISATION] = "needs a judge's authorisation, which was refused or not sought",
        [EXCHANGE_NEEDS_COERCION] = "could only be had by coercive measures",
        [EXCHANGE_MINOR_OFFENCE] = "less grave than the terms ask for",
        [EXCHANGE_NATIONAL_SECURITY] = "would harm essential security interests",
        [EXCHANGE_JEOPARDISES_INVESTIGATION] = "would harm a running investigation",
        [EXCHANGE_ENDANGERS_PERSON] = "would endanger a person",
        [EXCHANGE_DISPROPORTIONATE] = "clearly out of proportion to the purpose",
        [EXCHANGE_CONTRARY_TO_FUNDAMENTAL_LAW] = "against fundamental principles of national law",
        [EXCHANGE_RIGHTS_RISK] = "political or discriminatory, or a risk of torture",
        [EXCHANGE_PROTECTION_INADEQUATE] = "data would not be protected well enough",
        [EXCHANGE_NO_RECIPROCITY] = "the asker would not answer the same",
        [EXCHANGE_ORIGINATOR_WITHHOLDS] = "a third party's data, and it refuses",
        [EXCHANGE_DATA_DOUBTFUL] = "known to be inaccurate or outdated",
        [EXCHANGE_REQUEST_INCOMPLETE] = "facts, reason, link or use is missing",
        [EXCHANGE_NO_LEGAL_BASIS] = "no legal ground",
        [EXCHANGE_EVIDENCE_USE_NOT_ALLOWED] = "may be used for intelligence only",
        [EXCHANGE_NEITHER_CONFIRM_NOR_DENY] = "the answer itself would tell",
    };
    return meanings[code];
}
