/* SPDX-License-Identifier: Apache-2.0
 *
 * What entries say: each rule of the statements broken once, in an export whose signatures, tree and tiles are all sound.
 */
#include "story.h"

#define H     STORY_HASH
#define SAID  "move: suspend\nreason: \n"
#define OFFER "nonce: " H "\nkeys: 3\ncommitment: " H "\nrules: " H "\n"
#define MATCH                                                                                      \
    "about: " H "\nkeys: 3\ncommitment: " H "\nkeys-other: 4\ncommitment-other: " H "\nrules: " H "\ntranscript: " H "\n"

#define ALL_CODES                                                                                  \
    "OUT_OF_SCOPE NOT_HELD NEEDS_JUDICIAL_AUTHORISATION NEEDS_COERCION MINOR_OFFENCE NATIONAL_SECURITY JEOPARDISES_INVESTIGATION " \
    "ENDANGERS_PERSON DISPROPORTIONATE CONTRARY_TO_FUNDAMENTAL_LAW RIGHTS_RISK PROTECTION_INADEQUATE NO_RECIPROCITY "              \
    "ORIGINATOR_WITHHOLDS DATA_DOUBTFUL REQUEST_INCOMPLETE NO_LEGAL_BASIS EVIDENCE_USE_NOT_ALLOWED NEITHER_CONFIRM_NOR_DENY"

static struct story story;

static int begin(void **state)
{
    (void)state;
    story_begin(&story);
    return 0;
}

static int end(void **state)
{
    (void)state;
    story_end(&story);
    return 0;
}

/* The last entry added breaks this rule. */
static void expect_refused(const char *reason)
{
    static char line[1024];
    static unsigned number;
    char name[32];
    snprintf(name, sizeof name, "export-%u", number++);
    snprintf(line, sizeof line, "NOT OK: tile/entries/000.p/%zu: entry %zu: %s", story.count, story.count - 1, reason);
    EXPECT(1, line, story_export(&story, 0, name));
    base_buffer_release(&story.entries[--story.count]);
}

static void entries_are_signed_by_known_keys(void **state)
{
    (void)state;
    story_say(&story, "receipt", 0, 0, "about: " H "\n", "x");
    expect_refused("not signed by any known key (ledger 6.10)");
    story_say(&story, "receipt", 0, 0, "about: " H "\n", "a");
    struct base_buffer *note = &story.entries[story.count - 1];
    char *found = strstr((char *)note->data, "about: 0");
    assert_non_null(found);
    found[7] = '1';
    expect_refused("the signature by owner does not verify (ledger 6.10)");
    story_say(&story, "state", 0, 0, SAID, "xa"); /* a signature more than needed */
    char line[1024];
    snprintf(line, sizeof line, "OK: 2 entries of %s, cosigned by %s at 2026-11-24T06:00:00Z", story.parties[0].fingerprint,
             story.parties[1].fingerprint);
    EXPECT(0, line, story_export(&story, 0, "sound"));
}

static void statements_are_signed_by_who_says_them(void **state)
{
    (void)state;
    story_say(&story, "receipt", 0, 0, "about: " H "\n", "b");
    expect_refused("not signed by the compartment key of who says it (statements 4.2)");
    story_say(&story, "receipt", 0, 0, "about: " H "\n", "A");
    expect_refused("not signed by the compartment key of who says it (statements 4.2)");
    story_say(&story, "match", 0, 0, MATCH, "a");
    expect_refused("a match that only one side signed (statements 4.2)");
    story_say(&story, "match", 0, 0, MATCH, "ba");
    expect_refused("a match whose first signature is not the starter's (statements 4.2)");
}

static void the_first_line_says_the_kind(void **state)
{
    (void)state;
    static const char *const wrong[] = {"entente/receipt/v2\n", "entente//v1\n", "entente/Receipt/v1\n", "receipt\n", "entente/v1\n",
                                        "entente/a b/v1\n", "entente/a/b/v1\n",
                                        "entente/this-kind-has-a-far-too-long-name-for-a-kind/v1\n"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        story_add(&story, wrong[i], "a");
        expect_refused("the first line is not of the form entente/<kind>/v1 (ledger 6.11)");
    }
}

static void the_common_lines_come_first(void **state)
{
    (void)state;
    char text[600];
    static const char common[] = "entente/receipt/v1\ncompartment: %s\nterms: %s\nfrom: %s\ntime: %s\nabout: " H "\n";
    const char *from = story.parties[0].fingerprint, *time = "2026-11-24T06:00:00Z";
    story_add(&story, "entente/receipt/v1\nabout: " H "\n", "a");
    expect_refused("the line \"compartment\" does not stand where it must (statements 4.1)");
    snprintf(text, sizeof text, common, "ff112233445566778899aabbccddeeff", story.terms, from, time);
    story_add(&story, text, "a");
    expect_refused("a statement of another compartment (statements 4.6)");
    snprintf(text, sizeof text, common, STORY_COMPARTMENT, H, from, time);
    story_add(&story, text, "a");
    expect_refused("a statement under other terms (statements 4.6)");
    snprintf(text, sizeof text, common, STORY_COMPARTMENT, story.terms, "ff112233445566778899aabbccddeeff", time);
    story_add(&story, text, "a");
    expect_refused("a statement from somebody whom the terms do not name (statements 4.6)");
    snprintf(text, sizeof text, common, STORY_COMPARTMENT, story.terms, from, "2026-02-30T06:00:00Z");
    story_add(&story, text, "a");
    expect_refused("the line \"time\" is not of the form it must have (statements 4.1)");
    snprintf(text, sizeof text, common, STORY_COMPARTMENT, story.terms, "FF", time);
    story_add(&story, text, "a");
    expect_refused("the line \"from\" is not of the form it must have (statements 4.1)");
}

static void each_kind_has_its_lines(void **state)
{
    (void)state;
    static const struct {
        const char *kind, *lines, *reason;
    } wrong[] = {
        {"receipt", "", "the line \"about\" does not stand where it must (statements 4.3)"},
        {"receipt", "about: " H "\nabout: " H "\n", "the text goes on after its last line (statements 4.3)"},
        {"receipt", "about: " H "0\n", "the line \"about\" is not of the form it must have (statements 4.3)"},
        {"receipt", "about:" H "\n", "the line \"about\" does not stand where it must (statements 4.3)"},
        {"state", "move: leave\nreason: \n", "the line \"move\" is not of the form it must have (statements 4.3)"},
        {"state", "move: suspend resume\nreason: \n", "the line \"move\" is not of the form it must have (statements 4.3)"},
        {"state", "reason: \nmove: close\n", "the line \"move\" does not stand where it must (statements 4.3)"},
        {"state", "move: close\nreason:\n", "the line \"reason\" does not stand where it must (statements 4.3)"},
        {"refusal", "about: " H "\nerror: Over Budget\nreason: \n", "the line \"error\" is not of the form it must have (statements 4.3)"},
        {"match-offer", "nonce: " H "\nkeys: 03\ncommitment: " H "\nrules: " H "\n",
         "the line \"keys\" is not of the form it must have (statements 4.3)"},
        {"match-offer", "nonce: " H "\nkeys: 99999999999999999999\ncommitment: " H "\nrules: " H "\n",
         "the line \"keys\" is not of the form it must have (statements 4.3)"},
        {"match-accept", OFFER, "the line \"about\" does not stand where it must (statements 4.3)"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        story_say(&story, wrong[i].kind, 0, 0, wrong[i].lines, "a");
        expect_refused(wrong[i].reason);
    }
    char lines[400] = "move: close\nreason: ";
    memset(lines + 20, 'x', 301);
    lines[321] = '\n';
    story_say(&story, "state", 0, 0, lines, "a");
    expect_refused("the line \"reason\" is not of the form it must have (statements 4.3)");
}

static void an_unknown_kind_is_marked(void **state)
{
    (void)state;
    static char output[65536];
    story_say(&story, "alarm", 0, 0, "whatever: it says\n", "a");
    const char *arguments[] = {story_export(&story, 0, "a"), NULL};
    assert_int_equal(0, story_verify(output, sizeof output, arguments));
    assert_non_null(strstr(output, "alarm             owner  (kind not known here)\n"));
    assert_non_null(strstr(output, "1 of a kind whose lines this program does not know: only their common lines were checked\n"));
}

static void a_note_stands_there_once(void **state)
{
    (void)state;
    story_say(&story, "state", 0, 0, SAID, "a");
    story_say(&story, "state", 0, 1, SAID, "a");
    story_say(&story, "state", 0, 0, SAID, "a");
    EXPECT(1, "NOT OK: entry 3: the same note as entry 1 (statements 4.6)", story_export(&story, 0, "a"));
}

static void replace_terms(const char *from, const char *to, const char *signers)
{
    struct base_buffer text = BASE_BUFFER_EMPTY;
    while (story.count > 0)
        base_buffer_release(&story.entries[--story.count]);
    story_terms_text(&story, from, to, &text);
    story_add(&story, base_buffer_c_string(&text), signers);
    base_buffer_release(&text);
}

static void the_terms_are_checked(void **state)
{
    (void)state;
    static const char *const wrong[][4] = {
        {NULL, NULL, "A", "the terms are not signed by both identity keys (statements 3.6)"},
        {NULL, NULL, "ab", "the terms are not signed by both identity keys (statements 3.6)"},
        {"max-list: 1000", "max-list: 0", "AB", "the line \"max-list\" is not of the form it must have (statements 3.1)"},
        {"max-keys: 9000", "max-keys: 16777217", "AB", "the line \"max-keys\" is not of the form it must have (statements 3.1)"},
        {"day: 4", "day: 1001", "AB", "the line \"matches-per-day\" is not of the form it must have (statements 3.1)"},
        {"starters: both", "starters: none", "AB", "the line \"starters\" is not of the form it must have (statements 3.1)"},
        {"purpose: tracing of the missing", "purpose: ", "AB", "the line \"purpose\" is not of the form it must have (statements 3.1)"},
        {"05:00:00Z\n", "05:00:00Z\nmore: x\n", "AB", "the text goes on after its last line (statements 3.1)"},
        {"reasons: all", "reasons: ", "AB", "the line \"reasons\" is not of the form it must have (statements 3.1)"},
        {"reasons: all", "reasons: NOT_HELD OUT_OF_SCOPE", "AB", "the line \"reasons\" is not of the form it must have (statements 3.1)"},
        {"reasons: all", "reasons: NOT_HELD NOT_HELD", "AB", "the line \"reasons\" is not of the form it must have (statements 3.1)"},
        {"reasons: all", "reasons: NOT_HELD BUSY", "AB", "the line \"reasons\" is not of the form it must have (statements 3.1)"},
        {"reasons: all", "reasons: " ALL_CODES, "AB", "the line \"reasons\" is not of the form it must have (statements 3.1)"},
        {"release: answers", "release: some", "AB", "the line \"release\" is not of the form it must have (statements 3.1)"},
        {"task-hours: 72", "task-hours: 0", "AB", "the line \"task-hours\" is not of the form it must have (statements 3.1)"},
        {"task-hours: 72", "task-hours: 87601", "AB", "the line \"task-hours\" is not of the form it must have (statements 3.1)"},
        {"retention-days: 1095", "retention-days: 36501", "AB",
         "the line \"retention-days\" is not of the form it must have (statements 3.1)"},
        {"max-attachment: 0", "max-attachment: 131073", "AB",
         "the line \"max-attachment\" is not of the form it must have (statements 3.1)"},
        {"asks-per-day: 10", "asks-per-day: 1000001", "AB", "the line \"asks-per-day\" is not of the form it must have (statements 3.1)"},
        {"entente/terms/v2", "entente/terms/v1", "AB", "terms of a version that is not read any more (statements 3.8)"},
        {"compartment: 00", "compartment: 01", "AB", "the terms are of another compartment (statements 4.6)"},
        {"proposer-identity", "proposer", "AB", "the line \"proposer-identity\" does not stand where it must (statements 3.1)"},
        {"terms/v2", "card/v1", "AB", "the first entry is not the terms (statements 3.6)"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        replace_terms(wrong[i][0], wrong[i][1], wrong[i][2]);
        expect_refused(wrong[i][3]);
    }
    struct story_party kept = story.parties[0];
    story.parties[0].key_public = story.parties[1].key_public;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    story_terms_text(&story, NULL, NULL, &text);
    story.parties[0] = kept;
    story_add(&story, base_buffer_c_string(&text), "AB");
    expect_refused("the terms name other compartment keys (statements 3.1)");
    base_buffer_release(&text);
}

static void terms_stand_first_only(void **state)
{
    (void)state;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    story_terms_text(&story, "max-list: 1000", "max-list: 2000", &text);
    story_add(&story, base_buffer_c_string(&text), "AB");
    expect_refused("terms stand in a place other than the first (statements 3.6)");
    base_buffer_release(&text);
}

int main(void)
{
#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        STORY(entries_are_signed_by_known_keys),
        STORY(statements_are_signed_by_who_says_them),
        STORY(the_first_line_says_the_kind),
        STORY(the_common_lines_come_first),
        STORY(each_kind_has_its_lines),
        STORY(an_unknown_kind_is_marked),
        STORY(a_note_stands_there_once),
        STORY(the_terms_are_checked),
        STORY(terms_stand_first_only),
    };
#undef STORY
    return cmocka_run_group_tests(tests, NULL, NULL);
}
