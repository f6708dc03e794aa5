/* SPDX-License-Identifier: Apache-2.0
 *
 * Whole exports: sound ones, and one of each way to tamper with one, with the exact line and exit code.
 */
#include "story.h"

#include <unistd.h>

#define OFFER   "nonce: " STORY_HASH "\nkeys: 3\ncommitment: " STORY_HASH "\nrules: " STORY_HASH "\n"
#define SAID    "move: suspend\nreason: \n"
#define MATCH                                                                                      \
    "keys: 3\ncommitment: " STORY_HASH "\nkeys-other: 4\ncommitment-other: " STORY_HASH "\nrules: " STORY_HASH                      \
    "\ntranscript: " STORY_HASH "\n"

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

static void say_everything(void)
{
    story_say(&story, "match-offer", 0, 0, OFFER, "a");
    story_say(&story, "match-accept", 1, 1, "about: @1\n" OFFER, "b");
    story_say(&story, "match", 0, 2, "about: @2\n" MATCH, "ab");
    story_say(&story, "receipt", 0, 3, "about: @3\n", "a");
    story_say(&story, "match-offer", 0, 4, OFFER, "a");
    story_hear(&story, "refusal", "2026-11-24T06:00:05Z", "about: @5\nerror: over-budget\nreason: four a day\n");
    story_say(&story, "match-abort", 0, 6, "about: @5\nerror: timed-out\nreason: \n", "a");
    story_say(&story, "receipt", 1, 7, "about: @8\n", "b");
    story_hear(&story, "state", "2026-11-24T06:00:08Z", "move: suspend\nreason: as agreed\n");
}

static const char *ok_line(unsigned owner)
{
    static char line[1024];
    snprintf(line, sizeof line, "OK: %zu entries of %s, cosigned by %s at 2026-11-24T06:00:00Z", story.count,
             story.parties[owner].fingerprint, story.parties[!owner].fingerprint);
    return line;
}

static void a_sound_export_verifies(void **state)
{
    (void)state;
    static char output[65536];
    EXPECT(0, ok_line(1), story_export(&story, 1, "b"));
    say_everything();
    EXPECT(0, ok_line(0), story_export(&story, 0, "a"));
    const char *arguments[] = {story_export(&story, 0, "c"), NULL};
    assert_int_equal(0, story_verify(output, sizeof output, arguments));
    assert_non_null(strstr(output, "  index  time                  kind              signed by\n"
                                   "      0  2026-11-24T05:00:00Z  terms             owner-identity, cosigner-identity\n"
                                   "      1  2026-11-24T06:00:00Z  match-offer       owner\n"
                                   "      2  2026-11-24T06:00:01Z  match-accept      cosigner\n"
                                   "      3  2026-11-24T06:00:02Z  match             owner, cosigner\n"
                                   "      4  2026-11-24T06:00:03Z  receipt           owner\n"));
}

static void the_result_is_said_in_json_too(void **state)
{
    (void)state;
    static char output[65536];
    const char *folder = story_export(&story, 0, "a");
    const char *arguments[] = {folder, "--json", NULL};
    assert_int_equal(0, story_verify(output, sizeof output, arguments));
    assert_non_null(strstr(output, "{\"result\":\"ok\",\"compartment\":\"" STORY_COMPARTMENT "\","));
    assert_non_null(strstr(output, "\"kind\":\"terms\""));
    assert_non_null(strstr(output, "\"signed_by\":[\"owner-identity\",\"cosigner-identity\"]}]}\n"));
    story_flip(folder, "tile/0/000.p/1", 3);
    assert_int_equal(1, story_verify(output, sizeof output, arguments));
    assert_non_null(strstr(output, "{\"result\":\"not-ok\",\"where\":\"tile/0/000.p/1\",\"clause\":\"ledger 6.9\",\"reason\":"));
}

static void an_empty_ledger_verifies(void **state)
{
    (void)state;
    base_buffer_release(&story.entries[0]);
    story.count = 0;
    EXPECT(0, ok_line(0), story_export(&story, 0, "a"));
}

static void a_large_ledger_verifies_on_every_level(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 599; i++)
        story_say(&story, "state", 0, i, SAID, "a");
    const char *folder = story_export(&story, 0, "a");
    EXPECT(0, ok_line(0), folder);
    story_flip(folder, "tile/1/000.p/2", 40);
    EXPECT(1, "NOT OK: tile/1/000.p/2: hash 1 is not that of what stands below it (ledger 6.9)", folder);
    story_flip(folder, "tile/1/000.p/2", 40);
    story_flip(folder, "tile/0/001", 8191);
    EXPECT(1, "NOT OK: tile/0/001: hash 255 is not that of what stands below it (ledger 6.9)", folder);
    story_flip(folder, "tile/0/001", 8191);
    EXPECT(0, ok_line(0), folder);
}

static void a_full_tile_stands_for_its_beginning(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 299; i++)
        story_say(&story, "state", 0, i, SAID, "a");
    const char *longer = story_export(&story, 0, "longer");
    while (story.count > 5)
        base_buffer_release(&story.entries[--story.count]);
    const char *folder = story_export(&story, 0, "a");
    struct base_buffer content = BASE_BUFFER_EMPTY;
    char path[256];
    static const char *const partial[] = {"tile/0/000.p/5", "tile/entries/000.p/5"}, *const full[] = {"tile/0/000", "tile/entries/000"};
    for (size_t i = 0; i < 2; i++) {
        story_read(longer, full[i], &content);
        story_write(folder, full[i], base_bytes_buffer(&content));
        snprintf(path, sizeof path, "%s/%s", folder, partial[i]);
        assert_int_equal(0, unlink(path));
    }
    EXPECT(0, ok_line(0), folder);
    base_buffer_release(&content);
}

static void every_flipped_bit_is_found(void **state)
{
    (void)state;
    static const char *const files[] = {"checkpoint", "keys", "tile/0/000.p/2", "tile/entries/000.p/2"};
    static char output[65536];
    story_say(&story, "state", 0, 0, SAID, "a");
    const char *folder = story_export(&story, 0, "a");
    const char *arguments[] = {folder, NULL};
    struct base_buffer content = BASE_BUFFER_EMPTY;
    for (size_t i = 0; i < 4; i++) {
        story_read(folder, files[i], &content);
        for (size_t at = 0; at < content.len; at += 1 + content.len / 64) {
            story_flip(folder, files[i], at);
            if (story_verify(output, sizeof output, arguments) != 1)
                fail_msg("byte %zu of %s: %s", at, files[i], output);
            assert_non_null(strstr(output, "NOT OK: "));
            story_flip(folder, files[i], at);
        }
    }
    base_buffer_release(&content);
    EXPECT(0, ok_line(0), folder);
}

static void every_missing_file_is_named(void **state)
{
    (void)state;
    static const char *const files[][2] = {
        {"checkpoint", "NOT OK: checkpoint: the file is missing (ledger 5.1)"},
        {"tile/0/000.p/1", "NOT OK: tile/0/000.p/1: the file is missing (ledger 6.6)"},
        {"tile/entries/000.p/1", "NOT OK: tile/entries/000.p/1: the file is missing (ledger 6.6)"},
    };
    for (size_t i = 0; i < 3; i++) {
        char path[256];
        const char *folder = story_export(&story, 0, i == 0 ? "a" : i == 1 ? "b" : "c");
        snprintf(path, sizeof path, "%s/%s", folder, files[i][0]);
        assert_int_equal(0, unlink(path));
        EXPECT(1, files[i][1], folder);
    }
    EXPECT(2, "entente-verify: keys: not there: this is not the folder of an export", "/nonexistent");
}

/* Cuts or extends a file by some bytes. */
static void resize(const char *folder, const char *path, long by)
{
    struct base_buffer content = BASE_BUFFER_EMPTY;
    story_read(folder, path, &content);
    if (by > 0)
        assert_ok(base_buffer_append(&content, base_bytes_of("\0\0\0\0\0\0\0\0", (size_t)by)));
    else
        content.len -= (size_t)-by;
    story_write(folder, path, base_bytes_buffer(&content));
    base_buffer_release(&content);
}

static void lengths_must_be_exact(void **state)
{
    (void)state;
    const char *folder = story_export(&story, 0, "a");
    resize(folder, "tile/0/000.p/1", -1);
    EXPECT(1, "NOT OK: tile/0/000.p/1: 31 bytes, not 32 (ledger 6.6)", folder);
    resize(folder, "tile/0/000.p/1", 2);
    EXPECT(1, "NOT OK: tile/0/000.p/1: 33 bytes, not 32 (ledger 6.6)", folder);
    folder = story_export(&story, 0, "b");
    resize(folder, "tile/entries/000.p/1", 2);
    EXPECT(1, "NOT OK: tile/entries/000.p/1: the bundle goes on after its last entry (ledger 6.7)", folder);
    resize(folder, "tile/entries/000.p/1", -3);
    EXPECT(1, "NOT OK: tile/entries/000.p/1: the bundle ends after 0 of its 1 entries (ledger 6.7)", folder);
    folder = story_export(&story, 0, "c");
    resize(folder, "checkpoint", -1);
    EXPECT(1, "NOT OK: checkpoint: a note that does not end in a line feed (ledger 2.1)", folder);
    folder = story_export(&story, 0, "d");
    resize(folder, "keys", -1);
    EXPECT(1, "NOT OK: keys: the last line does not end (ledger 5.6)", folder);
}

static void a_file_without_end_is_not_read(void **state)
{
    (void)state;
    char path[256];
    const char *folder = story_export(&story, 0, "a");
    snprintf(path, sizeof path, "%s/keys", folder);
    assert_int_equal(0, unlink(path));
    assert_int_equal(0, symlink("/dev/zero", path));
    EXPECT(2, "entente-verify: keys: larger than 4096 bytes", folder);
}

/* Replaces the first `from` in a file. */
static void replace(const char *folder, const char *path, const char *from, const char *to)
{
    struct base_buffer content = BASE_BUFFER_EMPTY, changed = BASE_BUFFER_EMPTY;
    story_read(folder, path, &content);
    const char *text = base_buffer_c_string(&content), *found = strstr(text, from);
    assert_non_null(found);
    assert_ok(base_buffer_format(&changed, "%.*s%s%s", (int)(found - text), text, to, found + strlen(from)));
    story_write(folder, path, base_bytes_buffer(&changed));
    base_buffer_release(&content);
    base_buffer_release(&changed);
}

static void the_checkpoint_is_checked(void **state)
{
    (void)state;
    const char *folder = story_export(&story, 0, "a");
    replace(folder, "checkpoint", "\n1\n", "\n2\n");
    EXPECT(1, "NOT OK: checkpoint: the owner's signature does not verify (ledger 6.4)", folder);
    replace(folder, "checkpoint", "\n2\n", "\n02\n");
    EXPECT(1, "NOT OK: checkpoint: the second line is not a number of entries (ledger 4.3)", folder);
    folder = story_export(&story, 0, "b");
    replace(folder, "checkpoint", "\xe2\x80\x94 entente/", "\xe2\x80\x94 untente/");
    EXPECT(1, "NOT OK: checkpoint: not signed by the owner (ledger 6.4)", folder);
    folder = story_export(&story, 0, "c");
    replace(folder, "checkpoint", "entente/", "untente/");
    EXPECT(1, "NOT OK: checkpoint: the origin is not the owner's name (ledger 6.3)", folder);
}

static void the_cosignature_is_checked(void **state)
{
    (void)state;
    struct base_buffer content = BASE_BUFFER_EMPTY;
    const char *folder = story_export(&story, 0, "a");
    story_read(folder, "checkpoint", &content);
    char *last = strrchr((char *)content.data, ' ');
    last[10] = last[10] == 'A' ? 'B' : 'A'; /* in the time, behind the four bytes of the key id */
    story_write(folder, "checkpoint", base_bytes_buffer(&content));
    EXPECT(1, "NOT OK: checkpoint: the cosignature does not verify (ledger 6.5)", folder);
    char *line = strstr((char *)content.data, "\n\n") + 2;
    content.len = (size_t)(strchr(line, '\n') + 1 - (char *)content.data);
    story_write(folder, "checkpoint", base_bytes_buffer(&content));
    EXPECT(1, "NOT OK: checkpoint: not cosigned by the other party (ledger 6.5)", folder);
    base_buffer_release(&content);
}

static void a_checkpoint_of_other_entries_is_refused(void **state)
{
    (void)state;
    struct base_buffer other = BASE_BUFFER_EMPTY;
    story_say(&story, "state", 0, 0, SAID, "a");
    const char *folder = story_export(&story, 0, "a");
    base_buffer_release(&story.entries[--story.count]);
    story_say(&story, "state", 0, 1, SAID, "a");
    story_checkpoint(&story, 0, 1795500000, &other);
    story_write(folder, "checkpoint", base_bytes_buffer(&other));
    EXPECT(1, "NOT OK: checkpoint: the root is not that of the entries (ledger 6.8)", folder);
    base_buffer_release(&other);
}

static void an_older_checkpoint_must_be_continued(void **state)
{
    (void)state;
    struct base_buffer older = BASE_BUFFER_EMPTY, newer = BASE_BUFFER_EMPTY;
    char path[256];
    story_checkpoint(&story, 0, 1795400000, &older);
    story_say(&story, "state", 0, 0, SAID, "a");
    const char *folder = story_export(&story, 0, "a");
    story_say(&story, "state", 0, 1, SAID, "a");
    story_checkpoint(&story, 0, 1795600000, &newer);
    base_buffer_release(&story.entries[--story.count]);
    story_write(story.folder, "older", base_bytes_buffer(&older));
    story_write(story.folder, "newer", base_bytes_buffer(&newer));
    snprintf(path, sizeof path, "%s/older", story.folder);
    EXPECT(0, ok_line(0), folder, "--older", path);
    char line[1024];
    snprintf(line, sizeof line, "NOT OK: %s/newer: it speaks of 3 entries, the export has 2 (ledger 6.12)", story.folder);
    snprintf(path, sizeof path, "%s/newer", story.folder);
    EXPECT(1, line, folder, "--older", path);
    base_buffer_release(&older);

    /* Another first entry: the terms signed in the other order are another note. */
    struct base_buffer text = BASE_BUFFER_EMPTY;
    story_terms_text(&story, NULL, NULL, &text);
    while (story.count > 0)
        base_buffer_release(&story.entries[--story.count]);
    story_add(&story, base_buffer_c_string(&text), "BA");
    story_checkpoint(&story, 0, 1795400000, &older);
    story_write(story.folder, "older", base_bytes_buffer(&older));
    snprintf(path, sizeof path, "%s/older", story.folder);
    snprintf(line, sizeof line,
             "NOT OK: %s: the export does not begin with what it speaks of: the owner showed two histories (ledger 6.12)", path);
    EXPECT(1, line, folder, "--older", path);
    base_buffer_release(&text);
    base_buffer_release(&older);
    base_buffer_release(&newer);
}

static void keys_must_fit_each_other(void **state)
{
    (void)state;
    const char *folder = story_export(&story, 0, "a");
    replace(folder, "keys", "cosigner ", "owner ");
    EXPECT(1, "NOT OK: keys: the role owner stands there twice (ledger 5.6)", folder);
    folder = story_export(&story, 0, "b");
    replace(folder, "keys", "owner ", "proprietor ");
    EXPECT(1, "NOT OK: keys: a line without one of the four roles (ledger 5.6)", folder);
    folder = story_export(&story, 0, "c");
    replace(folder, "keys", "entente/0011", "entente/0012");
    EXPECT(1, "NOT OK: keys: what stands for owner is not a verifier key (ledger 2.9)", folder);
    struct base_buffer content = BASE_BUFFER_EMPTY;
    folder = story_export(&story, 0, "d");
    story_read(folder, "keys", &content);
    content.len = (size_t)(strstr((char *)content.data, "cosigner-identity") - (char *)content.data);
    story_write(folder, "keys", base_bytes_buffer(&content));
    EXPECT(1, "NOT OK: keys: there is no key of cosigner-identity (ledger 6.1)", folder);
    base_buffer_release(&content);
}

static void the_parties_must_be_the_expected_ones(void **state)
{
    (void)state;
    const char *folder = story_export(&story, 0, "a");
    const char *a = story.parties[0].fingerprint, *b = story.parties[1].fingerprint;
    char line[1024];
    EXPECT(0, ok_line(0), folder, "--owner", a, "--cosigner", b);
    snprintf(line, sizeof line, "NOT OK: keys: the owner is %s, not %s as given (ledger 6.2)", a, b);
    EXPECT(1, line, folder, "--owner", b);
    snprintf(line, sizeof line, "NOT OK: keys: the cosigner is %s, not %s as given (ledger 6.2)", b, a);
    EXPECT(1, line, folder, "--cosigner", a);
}

static void wrong_usage_is_said(void **state)
{
    (void)state;
    static const char last[] = "Exit code: 0 verified, 1 not verified, 2 wrong usage or not readable.";
    EXPECT(2, last, "--json");
    EXPECT(2, last, "a", "b");
    EXPECT(2, last, "a", "--unknown", "b");
    EXPECT(2, last, "a", "--against");
    EXPECT(2, last, "a", "--owner", "ABC");
    EXPECT(0, last, "--help");
}

int main(void)
{
#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        STORY(a_sound_export_verifies),
        STORY(the_result_is_said_in_json_too),
        STORY(an_empty_ledger_verifies),
        STORY(a_large_ledger_verifies_on_every_level),
        STORY(a_full_tile_stands_for_its_beginning),
        STORY(every_flipped_bit_is_found),
        STORY(every_missing_file_is_named),
        STORY(lengths_must_be_exact),
        STORY(a_file_without_end_is_not_read),
        STORY(the_checkpoint_is_checked),
        STORY(the_cosignature_is_checked),
        STORY(a_checkpoint_of_other_entries_is_refused),
        STORY(an_older_checkpoint_must_be_continued),
        STORY(keys_must_fit_each_other),
        STORY(the_parties_must_be_the_expected_ones),
        STORY(wrong_usage_is_said),
    };
#undef STORY
    return cmocka_run_group_tests(tests, NULL, NULL);
}
