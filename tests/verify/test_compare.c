/* SPDX-License-Identifier: Apache-2.0
 *
 * Two exports held against each other.
 */
#include "story.h"

#define H     STORY_HASH
#define SAID  "move: suspend\nreason: \n"
#define OFFER "nonce: " H "\nkeys: 3\ncommitment: " H "\nrules: " H "\n"
#define MATCH(keys)                                                                                \
    "about: @2\nkeys: " keys "\ncommitment: " H "\nkeys-other: 4\ncommitment-other: " H "\nrules: " H "\ntranscript: " H "\n"

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

static const char *ok_line(size_t count)
{
    static char line[1024];
    snprintf(line, sizeof line, "OK: %zu entries of %s, cosigned by %s at 2026-11-24T06:00:00Z", count, story.parties[0].fingerprint,
             story.parties[1].fingerprint);
    return line;
}

static void drop_last(void)
{
    base_buffer_release(&story.entries[--story.count]);
}

static void say_match(const char *lines)
{
    while (story.count > 1)
        drop_last();
    story_say(&story, "match-offer", 0, 0, OFFER, "a");
    story_say(&story, "match-accept", 1, 0, "about: @1\n" OFFER, "b");
    story_say(&story, "match", 0, 0, lines, "ab");
    story_say(&story, "receipt", 0, 0, "about: @3\n", "a");
}

static void equal_ledgers_agree(void **state)
{
    (void)state;
    static char output[65536];
    say_match(MATCH("3"));
    const char *a = story_export(&story, 0, "a"), *b = story_export(&story, 1, "b");
    EXPECT(0, ok_line(5), a, "--against", b);
    const char *arguments[] = {a, "--against", b, NULL};
    assert_int_equal(0, story_verify(output, sizeof output, arguments));
    assert_non_null(strstr(output, "\nboth have 5, among them 1 matches\nOK: "));
}

static void what_only_one_has_is_listed(void **state)
{
    (void)state;
    static char output[65536];
    story_say(&story, "state", 0, 0, SAID, "a");
    const char *a = story_export(&story, 0, "a");
    drop_last();
    story_say(&story, "state", 1, 1, SAID, "b");
    story_say(&story, "state", 1, 2, SAID, "b");
    const char *b = story_export(&story, 1, "b");
    const char *arguments[] = {a, "--against", b, NULL};
    assert_int_equal(0, story_verify(output, sizeof output, arguments));
    assert_non_null(strstr(output, "\nboth have 1, among them 0 matches\n"
                                   "only in the first: 1  2026-11-24T06:00:00Z  state\n"
                                   "only in the second: 1  2026-11-24T06:00:01Z  state\n"
                                   "only in the second: 2  2026-11-24T06:00:02Z  state\nOK: "));
    const char *in_json[] = {a, "--json", "--against", b, NULL};
    assert_int_equal(0, story_verify(output, sizeof output, in_json));
    assert_non_null(strstr(output, "\"common\":1,\"matches\":0,\"only\":[{\"in\":\"first\",\"index\":1},{\"in\":\"second\",\"index\":1},"
                                   "{\"in\":\"second\",\"index\":2}],"));
}

static void two_matches_about_one_acceptance_are_refused(void **state)
{
    (void)state;
    say_match(MATCH("3"));
    const char *a = story_export(&story, 0, "a");
    say_match(MATCH("2"));
    const char *b = story_export(&story, 1, "b");
    EXPECT(1, "NOT OK: comparison: entry 3 and entry 3 of the other are two matches about one acceptance (statements 4.2)", a,
           "--against", b);
}

static void two_histories_of_one_ledger_are_refused(void **state)
{
    (void)state;
    story_say(&story, "state", 0, 0, SAID, "a");
    const char *first = story_export(&story, 0, "first");
    story_say(&story, "state", 0, 1, SAID, "a");
    const char *longer = story_export(&story, 0, "longer");
    EXPECT(0, ok_line(3), longer, "--against", first);
    EXPECT(0, ok_line(2), first, "--against", longer);
    drop_last();
    drop_last();
    story_say(&story, "state", 0, 5, SAID, "a");
    const char *other = story_export(&story, 0, "other");
    EXPECT(1, "NOT OK: comparison: the owner showed two histories: they part at entry 1 (ledger 4.7)", first, "--against", other);
}

static void an_unsound_other_export_is_refused(void **state)
{
    (void)state;
    const char *a = story_export(&story, 0, "a"), *b = story_export(&story, 1, "b");
    story_flip(b, "tile/0/000.p/1", 0);
    EXPECT(1, "NOT OK: the other export: tile/0/000.p/1: hash 0 is not that of what stands below it (ledger 6.9)", a, "--against", b);
    EXPECT(2, "entente-verify: the other export: keys: not there: this is not the folder of an export", a, "--against", "/nonexistent");
}

static void other_terms_are_refused(void **state)
{
    (void)state;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    const char *a = story_export(&story, 0, "a");
    drop_last();
    story_terms_text(&story, "max-list: 1000", "max-list: 2000", &text);
    story_add(&story, base_buffer_c_string(&text), "AB");
    EXPECT(1, "NOT OK: comparison: the exports have different terms (statements 3.4)", a, "--against", story_export(&story, 1, "b"));
    base_buffer_release(&text);
}

int main(void)
{
#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        STORY(equal_ledgers_agree),
        STORY(what_only_one_has_is_listed),
        STORY(two_matches_about_one_acceptance_are_refused),
        STORY(two_histories_of_one_ledger_are_refused),
        STORY(an_unsound_other_export_is_refused),
        STORY(other_terms_are_refused),
    };
#undef STORY
    return cmocka_run_group_tests(tests, NULL, NULL);
}
