/* SPDX-License-Identifier: Apache-2.0
 *
 * Every kind of statement, every line of it: good values are taken, wrong ones refused with the exact message; and the two
 * readers, this program's and the node's, written apart from one text, judge every changed text alike.
 */
#include "story.h"

#include "exchange/statement.h"
#include "ledger/note.h"
#include "verify/statement.h"

#include <unistd.h>

#define H  STORY_HASH
#define X  "content: " H "\n"
#define HANDLED "label: TLP:AMBER\ngrading: B2\nhandling: H1\n"
#define OFFER "nonce: " H "\nkeys: 3\ncommitment: " H "\nrules: " H "\n"
#define T  "2026-12-24T06:00:00Z"

static const struct sample {
    const char *kind, *lines, *signers;
} samples[] = {
    {"state", "move: suspend\nreason: as agreed\n", "a"},
    {"match-offer", OFFER, "a"},
    {"match-accept", "about: " H "\n" OFFER, "a"},
    {"match", "about: " H "\nkeys: 3\ncommitment: " H "\nkeys-other: 4\ncommitment-other: " H "\nrules: " H "\ntranscript: " H "\n", "ab"},
    {"match-abort", "about: " H "\nerror: timed-out\nreason: \n", "a"},
    {"refusal", "about: " H "\nerror: over-budget\nreason: four a day\n", "a"},
    {"receipt", "about: " H "\n", "a"},
    {"alert", X "persons: 2\nclass: 3\ntell: contact travel\n" HANDLED "review: " T "\n", "a"},
    {"alert-renew", "about: " H "\n" X "review: " T "\n", "a"},
    {"alert-close", "about: " H "\nreason: found\n", "a"},
    {"alert-served", "about: " H "\nreason: found\n", "a"},
    {"ask", "about: -\n" X "urgency: urgent\ndue: " T "\nfeedback: yes\n" HANDLED, "a"},
    {"answer", "about: " H "\noutcome: answered\n" X "feedback: no\n" HANDLED "reason: \n", "a"},
    {"decline", "about: " H "\ncode: NO_LEGAL_BASIS\nreason: \n", "a"},
    {"defer", "about: " H "\ndue: " T "\nreason: others are asked\n", "a"},
    {"withdraw", "about: " H "\nreason: \n", "a"},
    {"feedback", "about: " H "\nuse: useful\nreason: \n", "a"},
    {"tell", "about: " H "\nhit: " H "\n" X HANDLED, "a"},
    {"tell-decline", "about: " H "\nhit: " H "\ncode: ENDANGERS_PERSON\nreason: \n", "a"},
    {"correction", "about: " H "\naction: erase\ncontent: -\nreason: another person\n", "a"},
    {"corrected", "about: " H "\ndid: erased\nreason: \n", "a"},
    {"overdue", "about: " H "\nduty: answer\nowed-by: $1\ndue: " T "\nhit: -\n", "a"},
    {"hold", X, "a"},
    {"hit", "about: " H "\n" X "grade: strong\ntell: -\ndue: " T "\n", "a"},
    {"verdict", "about: " H "\n" X "verdict: confirmed\n", "a"},
    {"release", "about: " H "\n" X, "a"},
    {"retention", X "erased: 12\n", "a"},
    {"conflict", "about: " H "\n" X, "a"},
};
enum { SAMPLES = sizeof samples / sizeof samples[0], LINES_MAX = 16 };

/* Values of a line: all good ones are taken, and no wrong one, in every kind that has the line. */
#define WRONG_HASH "0", H "0", "0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef", ""
#define CODES "OUT_OF_SCOPE", "NOT_HELD", "NEEDS_JUDICIAL_AUTHORISATION", "NEEDS_COERCION", "MINOR_OFFENCE", "NATIONAL_SECURITY",    \
              "JEOPARDISES_INVESTIGATION", "ENDANGERS_PERSON", "DISPROPORTIONATE", "CONTRARY_TO_FUNDAMENTAL_LAW", "RIGHTS_RISK",     \
              "PROTECTION_INADEQUATE", "NO_RECIPROCITY", "ORIGINATOR_WITHHOLDS", "DATA_DOUBTFUL", "REQUEST_INCOMPLETE",             \
              "NO_LEGAL_BASIS", "EVIDENCE_USE_NOT_ALLOWED", "NEITHER_CONFIRM_NOR_DENY"
#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
static const struct values {
    const char *key;
    const char *good[24], *wrong[12];
} values[] = {
    {"nonce", {H}, {"-", WRONG_HASH}},
    {"commitment", {H}, {"-", WRONG_HASH}},
    {"commitment-other", {H}, {"-", WRONG_HASH}},
    {"rules", {H}, {"-", WRONG_HASH}},
    {"transcript", {H}, {"-", WRONG_HASH}},
    {"keys", {"0", "16777216"}, {"16777217", "-1", "03", "3 ", ""}},
    {"keys-other", {"0", "16777216"}, {"16777217", "-1", "03", "3 ", ""}},
    {"move", {"suspend", "resume", "close"}, {"accept", "suspend resume", ""}},
    {"error", {"io", "wrong-size"}, {"Wrong", "a b", ""}},
    {"persons", {"1", "16"}, {"17", "02", "-", ""}},
    {"class", {"1", "3", "5"}, {"0", "2", "4", "6", "7", "01", "-", ""}},
    {"tell", {"-", "contact", "record", "contact travel whereabouts record", "travel record"},
     {"travel contact", "contact contact", "contact  travel", "contact ", " contact", "all", "contact -", "- contact", ""}},
    {"label", {"TLP:RED", "TLP:AMBER+STRICT", "TLP:AMBER", "TLP:GREEN", "TLP:CLEAR"}, {"TLP:WHITE", "RED", "tlp:red", "-", ""}},
    {"grading", {"A1", "A4", "B3", "C2", "X4"}, {"D1", "A0", "A5", "A", "X44", "-", ""}},
    {"handling", {"H0", "H1", "H2", "H3"}, {"H4", "H", "h0", "-", ""}},
    {"review", {"2024-02-29T00:00:00Z"}, {"2026-02-29T00:00:00Z", "2026-12-24", "-", ""}},
    {"due", {"2024-02-29T00:00:00Z"}, {"2026-02-29T00:00:00Z", "2026-12-24", "-", ""}},
    {"urgency", {"urgent", "normal", "other"}, {"Urgent", "slow", "-", ""}},
    {"feedback", {"yes", "no"}, {"Yes", "true", "-", ""}},
    {"outcome", {"answered", "partly-answered", "no-trace", "transferred"}, {"declined", "silent", "no trace", "-", ""}},
    {"code", {CODES}, {"OUT_OF", "out_of_scope", "NOT_HELD NOT_HELD", "all", "-", ""}},
    {"use", {"useful", "not-useful", "not-used"}, {"used", "-", ""}},
    {"action", {"correct", "restrict", "erase"}, {"corrected", "erased", "-", ""}},
    {"did", {"corrected", "restricted", "erased", "not-held"}, {"correct", "erase", "-", ""}},
    {"duty", {"answer", "feedback", "tell", "task", "review", "justify", "correction", "receipt", "cosign"}, {"alert", "-", ""}},
    {"owed-by", {NULL}, {"-", "0123", "0123456789abcdef0123456789abcdeF", ""}},
    {"grade", {"exact", "strong", "possible"}, {"weak", "-", ""}},
    {"verdict", {"confirmed", "rejected", "unsure", "assessed"}, {"reject", "-", ""}},
    {"erased", {"0", "9223372036854775807"}, {"9223372036854775808", "-", "00", ""}},
};
enum { VALUES = sizeof values / sizeof values[0] };

/* Lines that may be "-" in these kinds only; the hash lines are tried apart. */
static const char *const may_be_none[][2] = {{"ask", "about"}, {"answer", "content"}, {"correction", "content"}, {"overdue", "hit"}};

static struct story story;
static struct verify_parties parties;
static struct verify_terms terms;

static int begin(void **state)
{
    (void)state;
    const char *const nothing[2] = {NULL, NULL};
    struct verify_report report;
    struct verify_entry entry;
    struct verify_said said;
    static struct base_buffer keys;
    story_begin(&story);
    story_read(story_export(&story, 0, "keys"), "keys", &keys);
    assert_int_equal(VERIFY_OK, verify_parties_read(verify_span_of(keys.data, keys.len), nothing, &parties, &report));
    base_buffer_release(&keys);
    struct verify_span note = verify_span_of(story.entries[0].data, story.entries[0].len);
    assert_int_equal(VERIFY_OK, verify_statement_check(&parties, 0, note, &terms, &entry, &said, &report));
    return 0;
}

static int end(void **state)
{
    (void)state;
    story_end(&story);
    return 0;
}

/* Signs the statement and has it checked. */
static enum verify_result check(const char *kind, const char *lines, const char *signers, struct verify_entry *entry,
                                struct verify_report *report)
{
    struct verify_said said;
    memset(report, 0, sizeof *report);
    story_say(&story, kind, 0, 0, lines, signers);
    struct base_buffer *note = &story.entries[--story.count];
    enum verify_result result =
        verify_statement_check(&parties, 1, verify_span_of(note->data, note->len), &terms, entry, &said, report);
    base_buffer_release(note);
    return result;
}

static void expect_taken(const struct sample *sample, const char *lines)
{
    struct verify_report report;
    struct verify_entry entry;
    if (check(sample->kind, lines, sample->signers, &entry, &report) != VERIFY_OK)
        fail_msg("%s\n%s: %s (%s)", sample->kind, lines, report.reason, report.clause);
    assert_string_equal(sample->kind, verify_kind_word((enum verify_kind)entry.kind));
}

static void expect_refused(const struct sample *sample, const char *lines, const char *reason, const char *clause)
{
    struct verify_report report;
    struct verify_entry entry;
    if (check(sample->kind, lines, sample->signers, &entry, &report) != VERIFY_REFUTED)
        fail_msg("%s was taken:\n%s", sample->kind, lines);
    assert_string_equal(reason, report.reason);
    assert_string_equal(clause, report.clause);
}

struct split {
    char keys[LINES_MAX][32], whole[LINES_MAX][128];
    size_t count;
};

static void split(const char *lines, struct split *out)
{
    out->count = 0;
    for (const char *at = lines; *at != 0; at = strchr(at, '\n') + 1, out->count++) {
        snprintf(out->whole[out->count], sizeof out->whole[0], "%.*s", (int)(strchr(at, '\n') + 1 - at), at);
        snprintf(out->keys[out->count], sizeof out->keys[0], "%.*s", (int)strcspn(at, ":"), at);
    }
}

/* The lines with line `index` replaced by `instead`. */
static const char *joined(const struct split *split, size_t index, const char *instead)
{
    static char text[4096];
    text[0] = 0;
    for (size_t i = 0; i < split->count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s", i == index ? instead : split->whole[i]);
    return text;
}

static const char *with_value(const struct split *split, size_t index, const char *value)
{
    char line[1024];
    snprintf(line, sizeof line, "%s: %s\n", split->keys[index], value);
    return joined(split, index, line);
}

static void every_kind_is_in_the_table(void **state)
{
    (void)state;
    bool seen[VERIFY_KIND_COUNT] = {[VERIFY_KIND_UNKNOWN] = true, [VERIFY_KIND_TERMS] = true};
    for (size_t i = 0; i < SAMPLES; i++) {
        struct verify_report report;
        struct verify_entry entry;
        expect_taken(&samples[i], samples[i].lines);
        assert_int_equal(VERIFY_OK, check(samples[i].kind, samples[i].lines, samples[i].signers, &entry, &report));
        assert_false(seen[entry.kind]);
        seen[entry.kind] = true;
    }
    for (size_t i = 0; i < VERIFY_KIND_COUNT; i++)
        assert_true(seen[i]);
}

static void every_line_stands_in_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        struct split lines;
        split(samples[i].lines, &lines);
        for (size_t at = 0; at < lines.count; at++) {
            char reason[128], twice[300];
            snprintf(reason, sizeof reason, "the line \"%s\" does not stand where it must", lines.keys[at]);
            expect_refused(&samples[i], joined(&lines, at, ""), reason, "statements 4.3");
            snprintf(twice, sizeof twice, "%s%s", lines.whole[at], lines.whole[at]);
            if (at + 1 < lines.count)
                snprintf(reason, sizeof reason, "the line \"%s\" does not stand where it must", lines.keys[at + 1]);
            else
                snprintf(reason, sizeof reason, "the text goes on after its last line");
            expect_refused(&samples[i], joined(&lines, at, twice), reason, "statements 4.3");
            snprintf(twice, sizeof twice, "%.*s%s", (int)strlen(lines.keys[at]) + 1, lines.whole[at],
                     lines.whole[at] + strlen(lines.keys[at]) + 2); /* without the blank */
            snprintf(reason, sizeof reason, "the line \"%s\" does not stand where it must", lines.keys[at]);
            expect_refused(&samples[i], joined(&lines, at, twice), reason, "statements 4.3");
        }
    }
}

static const struct values *values_of(const char *key)
{
    for (size_t i = 0; i < VALUES; i++)
        if (strcmp(values[i].key, key) == 0)
            return &values[i];
    return NULL;
}

static bool may_say_none(const char *kind, const char *key)
{
    for (size_t i = 0; i < sizeof may_be_none / sizeof may_be_none[0]; i++)
        if (strcmp(may_be_none[i][0], kind) == 0 && strcmp(may_be_none[i][1], key) == 0)
            return true;
    return false;
}

static void try_hash(const struct sample *sample, const struct split *lines, size_t at)
{
    char reason[128];
    static const char *const wrong[] = {WRONG_HASH, "--", "none"};
    snprintf(reason, sizeof reason, "the line \"%s\" is not of the form it must have", lines->keys[at]);
    expect_taken(sample, with_value(lines, at, H));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        expect_refused(sample, with_value(lines, at, wrong[i]), reason, "statements 4.3");
    if (may_say_none(sample->kind, lines->keys[at])) {
        expect_taken(sample, with_value(lines, at, "-"));
        expect_refused(sample, with_value(lines, at, ZEROS), reason, "statements 4.3");
    } else {
        expect_refused(sample, with_value(lines, at, "-"), reason, "statements 4.3");
        expect_taken(sample, with_value(lines, at, ZEROS));
    }
}

static void try_reason(const struct sample *sample, const struct split *lines, size_t at)
{
    static const char reason[] = "the line \"reason\" is not of the form it must have";
    char text[302];
    memset(text, 'x', 301);
    text[301] = 0;
    expect_refused(sample, with_value(lines, at, text), reason, "statements 4.3");
    text[300] = 0;
    expect_taken(sample, with_value(lines, at, text));
    expect_taken(sample, with_value(lines, at, ""));
    expect_refused(sample, with_value(lines, at, "a\x7f"), reason, "statements 4.3");
}

static void try_values(const struct sample *sample, const struct split *lines, size_t at)
{
    const struct values *of = values_of(lines->keys[at]);
    char reason[128];
    snprintf(reason, sizeof reason, "the line \"%s\" is not of the form it must have", lines->keys[at]);
    assert_non_null(of);
    for (size_t i = 0; i < 24 && of->good[i] != NULL; i++)
        expect_taken(sample, with_value(lines, at, of->good[i]));
    for (size_t i = 0; i < 12 && of->wrong[i] != NULL; i++)
        expect_refused(sample, with_value(lines, at, of->wrong[i]), reason, "statements 4.3");
}

static void every_line_has_its_form(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        struct split lines;
        split(samples[i].lines, &lines);
        for (size_t at = 0; at < lines.count; at++) {
            const char *key = lines.keys[at];
            if (strcmp(key, "about") == 0 || strcmp(key, "content") == 0 || strcmp(key, "hit") == 0)
                try_hash(&samples[i], &lines, at);
            else if (strcmp(key, "reason") == 0)
                try_reason(&samples[i], &lines, at);
            else
                try_values(&samples[i], &lines, at);
        }
    }
}

static void numbers_below_their_least_are_refused(void **state)
{
    (void)state;
    struct split lines;
    split(samples[7].lines, &lines);
    assert_string_equal("persons", lines.keys[1]);
    expect_refused(&samples[7], with_value(&lines, 1, "0"), "the line \"persons\" is not of the form it must have", "statements 4.3");
}

static void a_duty_is_owed_by_a_party(void **state)
{
    (void)state;
    struct verify_report report;
    struct verify_entry entry;
    const struct sample sample = {"overdue", "", "a"};
    static const char lines[] = "about: " H "\nduty: answer\nowed-by: %s\ndue: " T "\nhit: -\n";
    char text[512];
    for (unsigned party = 0; party < 2; party++) {
        snprintf(text, sizeof text, lines, party == 0 ? "$0" : "$1");
        assert_int_equal(VERIFY_OK, check("overdue", text, "a", &entry, &report));
        assert_int_equal(party, entry.owed_by);
    }
    snprintf(text, sizeof text, lines, "0123456789abcdef0123456789abcdef");
    expect_refused(&sample, text, "owed by somebody whom the terms do not name", "statements 6.2");
}

/* Statements of every kind are signed by the compartment key of who says them, not by the identity or the other party. */
static void every_kind_is_signed_by_who_says_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        struct sample sample = samples[i];
        for (size_t wrong = 0; wrong < 2; wrong++) {
            sample.signers = wrong == 0 ? "A" : "b";
            expect_refused(&sample, sample.lines, "not signed by the compartment key of who says it", "statements 4.2");
        }
        sample.signers = "x";
        expect_refused(&sample, sample.lines, "not signed by any known key", "ledger 6.10");
    }
}

/* What an entry keeps of its lines is what later checks and the account are made from. */
static void an_entry_keeps_what_its_lines_say(void **state)
{
    (void)state;
    struct verify_report report;
    struct verify_entry entry;
    assert_int_equal(VERIFY_OK, check("alert", samples[7].lines, "a", &entry, &report));
    assert_int_equal(2, entry.count);
    assert_int_equal(3, entry.review_class);
    assert_int_equal(3, entry.tell);
    assert_int_equal(2, entry.label);
    assert_int_equal(1798092000, entry.due);
    assert_int_equal(1795500000, entry.time);
    assert_true(entry.has_content);
    assert_int_equal(VERIFY_OK, check("answer", "about: " H "\noutcome: no-trace\ncontent: -\nfeedback: yes\n" HANDLED "reason: \n", "a",
                                      &entry, &report));
    assert_int_equal(VERIFY_NO_TRACE, entry.word);
    assert_true(entry.wants_feedback);
    assert_false(entry.has_content);
    assert_int_equal(1, entry.about.bytes[0]);
    assert_int_equal(VERIFY_OK, check("tell-decline", "about: " H "\nhit: " H "\ncode: NEITHER_CONFIRM_NOR_DENY\nreason: \n", "a", &entry,
                                      &report));
    assert_int_equal(VERIFY_CODE_COUNT - 1, entry.word);
    assert_int_equal(0x23, entry.second.bytes[1]);
}

/* Whether the node's own reader takes the text of a note. */
static bool exchange_takes(const struct base_buffer *bytes)
{
    struct ledger_note note;
    struct exchange_statement statement;
    if (ledger_note_parse(base_bytes_buffer(bytes), &note) != BASE_OK)
        return false;
    bool is_taken = exchange_statement_parse(note.text, &statement) == BASE_OK;
    ledger_note_release(&note);
    return is_taken;
}

static size_t taken_by_both;

static void compare_readers(const struct sample *sample, const char *lines)
{
    struct verify_report report = {"", "", ""};
    struct verify_entry entry;
    struct verify_said said;
    story_say(&story, sample->kind, 0, 0, lines, sample->signers);
    struct base_buffer *note = &story.entries[--story.count];
    bool exchange = exchange_takes(note);
    bool verifier = verify_statement_check(&parties, 1, verify_span_of(note->data, note->len), &terms, &entry, &said, &report) == VERIFY_OK;
    if (!verifier && strcmp(report.clause, "statements 6.2") == 0) /* another party: not a matter of form */
        verifier = true;
    taken_by_both += exchange && verifier;
    if (exchange != verifier)
        fail_msg("the node %s, the verifier %s (%s):\n%s\n%s", exchange ? "takes" : "refuses", verifier ? "takes" : "refuses",
                 report.reason, sample->kind, lines);
    base_buffer_release(note);
}

/* Lists where the two differ, and may: the verifier knows no list of error words, and an alert of nobody is refused by it alone. */
static bool may_differ(const struct split *lines, size_t at)
{
    return strcmp(lines->keys[at], "error") == 0 || strcmp(lines->keys[at], "persons") == 0;
}

static void change_line(const struct sample *sample, const struct split *lines, size_t at)
{
    static const char others[] = "0a-A9 z\x7f";
    size_t key = strlen(lines->keys[at]);
    for (size_t byte = 0; lines->whole[at][byte] != '\n'; byte++) {
        char changed[260];
        if (byte > key + 12 && byte % 7 != 0) /* not every digit of every hash */
            continue;
        for (const char *other = others; *other != 0; other++) {
            snprintf(changed, sizeof changed, "%s", lines->whole[at]);
            changed[byte] = *other;
            compare_readers(sample, joined(lines, at, changed));
        }
        snprintf(changed, sizeof changed, "%.*s%s", (int)byte, lines->whole[at], lines->whole[at] + byte + 1);
        compare_readers(sample, joined(lines, at, changed));
    }
}

static void both_readers_judge_alike(void **state)
{
    (void)state;
    taken_by_both = 0;
    for (size_t i = 0; i < SAMPLES; i++) {
        struct split lines;
        split(samples[i].lines, &lines);
        for (size_t at = 0; at < lines.count; at++) {
            char twice[300];
            snprintf(twice, sizeof twice, "%s%s", lines.whole[at], lines.whole[at]);
            compare_readers(&samples[i], joined(&lines, at, twice));
            compare_readers(&samples[i], joined(&lines, at, ""));
            for (size_t other = 0; other < lines.count; other++)
                compare_readers(&samples[i], joined(&lines, at, lines.whole[other]));
            if (!may_differ(&lines, at))
                change_line(&samples[i], &lines, at);
            const struct values *of = values_of(lines.keys[at]);
            for (size_t value = 0; of != NULL && value < 24 && of->good[value] != NULL; value++)
                compare_readers(&samples[i], with_value(&lines, at, of->good[value]));
            for (size_t value = 0; of != NULL && value < 12 && of->wrong[value] != NULL; value++)
                compare_readers(&samples[i], with_value(&lines, at, of->wrong[value]));
        }
    }
    assert_true(taken_by_both > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_in_the_table),      cmocka_unit_test(every_line_stands_in_its_place),
        cmocka_unit_test(every_line_has_its_form),         cmocka_unit_test(numbers_below_their_least_are_refused),
        cmocka_unit_test(a_duty_is_owed_by_a_party),       cmocka_unit_test(every_kind_is_signed_by_who_says_it),
        cmocka_unit_test(an_entry_keeps_what_its_lines_say), cmocka_unit_test(both_readers_judge_alike),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
