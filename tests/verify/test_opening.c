/* SPDX-License-Identifier: Apache-2.0
 *
 * Openings: a sound one, and each way to open what was not committed to, with the exact line and exit code.
 */
#include "story.h"

#include "crypto/text.h"

#include <sys/stat.h>

#define HANDLED "label: TLP:AMBER\ngrading: B2\nhandling: H1\n"
#define CONTENT "{\"texts\": {\"text\": \"an invented person\"}}"
enum { ALERT = 2 }; /* the entry that is opened */

static struct story story;
static uint8_t salt[32];

static void commitment(const char *content, char out[65])
{
    struct crypto_hash hash;
    const struct base_bytes parts[] = {base_bytes_of(salt, sizeof salt), base_bytes_text(content)};
    crypto_hash_domain("entente/exchange/content/v1", parts, 2, &hash);
    crypto_hex_encode(base_bytes_of(hash.bytes, 32), out);
}

static int begin(void **state)
{
    char hash[65], lines[400];
    (void)state;
    memset(salt, 0x5a, sizeof salt);
    story_begin(&story);
    commitment(CONTENT, hash);
    story_say(&story, "state", 0, 0, "move: suspend\nreason: \n", "a");
    snprintf(lines, sizeof lines, "content: %s\npersons: 1\nclass: 1\ntell: -\n" HANDLED "review: 2026-12-24T06:00:00Z\n", hash);
    story_say(&story, "alert", 0, 1, lines, "a");
    story_say(&story, "state", 0, 2, "move: resume\nreason: \n", "a");
    return 0;
}

static int end(void **state)
{
    (void)state;
    story_end(&story);
    return 0;
}

/* What an opening is made of; each part can be another. */
struct opening {
    const char *first, *compartment, *entry, *content, *blank, *proof, *index;
    uint8_t salt[32];
    const struct base_buffer *terms, *note;
    uint64_t proof_of;
    const struct base_buffer *checkpoint; /* NULL: of these entries */
    const char *more; /* behind everything */
};

static struct opening sound(void)
{
    struct opening opening = {"entente/opening/v1", STORY_COMPARTMENT, "2", CONTENT, "\n", "c2sp.org/tlog-proof@v1", "2", {0},
                              &story.entries[0], &story.entries[ALERT], ALERT, NULL, ""};
    memcpy(opening.salt, salt, sizeof salt);
    return opening;
}

static const char *write_opening(const struct opening *opening)
{
    static char path[128];
    char hex[65];
    struct base_buffer out = BASE_BUFFER_EMPTY, checkpoint = BASE_BUFFER_EMPTY;
    crypto_hex_encode(base_bytes_of(opening->salt, 32), hex);
    assert_ok(base_buffer_format(&out, "%s\ncompartment: %s\nentry: %s\nsalt: %s\n", opening->first, opening->compartment, opening->entry, hex));
    story_put_base64(&out, "content", base_bytes_text(opening->content));
    story_put_base64(&out, "terms", base_bytes_buffer(opening->terms));
    story_put_base64(&out, "note", base_bytes_buffer(opening->note));
    assert_ok(base_buffer_format(&out, "%s%s\nindex %s\n", opening->blank, opening->proof, opening->index));
    story_proof_lines(&story, opening->proof_of, &out);
    assert_ok(base_buffer_text(&out, "\n"));
    story_checkpoint(&story, 0, story.cosigned, &checkpoint);
    assert_ok(base_buffer_append(&out, base_bytes_buffer(opening->checkpoint == NULL ? &checkpoint : opening->checkpoint)));
    assert_ok(base_buffer_text(&out, opening->more));
    story_write(story.folder, "opening", base_bytes_buffer(&out));
    snprintf(path, sizeof path, "%s/opening", story.folder);
    base_buffer_release(&out);
    base_buffer_release(&checkpoint);
    return path;
}

static void expect(const struct opening *opening, int code, const char *line)
{
    EXPECT(code, line, "--open", write_opening(opening));
}

static void a_sound_opening_is_shown(void **state)
{
    (void)state;
    static char output[65536];
    char expected[1024];
    struct opening opening = sound();
    static const char last[] = "OK: entry 2 committed to this content before 2026-11-24T06:00:00Z";
    expect(&opening, 0, last);
    const char *arguments[] = {"--open", write_opening(&opening), NULL};
    assert_int_equal(0, story_verify(output, sizeof output, arguments));
    snprintf(expected, sizeof expected,
             "entry 2 of the ledger of %s in compartment " STORY_COMPARTMENT "\n"
             "  alert, said by %s at 2026-11-24T06:00:01Z\n"
             "  committed to before 2026-11-24T06:00:00Z, when %s cosigned 4 entries\n"
             "  content, 41 bytes:\n" CONTENT "\n%s\n",
             story.parties[0].fingerprint, story.parties[0].fingerprint, story.parties[1].fingerprint, last);
    assert_string_equal(expected, output);
    const char *in_json[] = {"--open", write_opening(&opening), "--json", NULL};
    assert_int_equal(0, story_verify(output, sizeof output, in_json));
    assert_non_null(strstr(output, "{\"result\":\"ok\",\"compartment\":\"" STORY_COMPARTMENT "\",\"owner\":\""));
    assert_non_null(strstr(output, "\"entry\":2,\"kind\":\"alert\",\"from\":\"owner\",\"time\":\"2026-11-24T06:00:01Z\","
                                   "\"cosigned_at\":\"2026-11-24T06:00:00Z\",\"size\":4,"
                                   "\"content\":\"{\\\"texts\\\": {\\\"text\\\": \\\"an invented person\\\"}}\"}\n"));
}

static void only_what_was_committed_to_is_opened(void **state)
{
    (void)state;
    struct opening opening = sound();
    opening.content = "{\"texts\": {\"text\": \"an invented persom\"}}";
    expect(&opening, 1, "NOT OK: entry 2: salt and content are not what the statement committed to (statements 5.5)");
    opening = sound();
    opening.salt[31] ^= 1;
    expect(&opening, 1, "NOT OK: entry 2: salt and content are not what the statement committed to (statements 5.5)");
    opening = sound();
    opening.note = &story.entries[1];
    opening.entry = opening.index = "1";
    opening.proof_of = 1;
    expect(&opening, 1, "NOT OK: entry 1: the statement commits to no content (oversight 5.5)");
    opening.note = &story.entries[0];
    opening.entry = opening.index = "0";
    opening.proof_of = 0;
    expect(&opening, 1, "NOT OK: entry 0: the statement commits to no content (oversight 5.5)");
}

static void the_entry_stands_where_it_says(void **state)
{
    (void)state;
    struct opening opening = sound();
    opening.entry = "3";
    expect(&opening, 1, "NOT OK: proof: the proof is of entry 2, the opening of entry 3 (oversight 5.4)");
    opening.index = "3";
    expect(&opening, 1, "NOT OK: proof: the proof does not lead from the entry to the root of the checkpoint (ledger 3.4)");
    opening.proof_of = 3;
    expect(&opening, 1, "NOT OK: proof: the proof does not lead from the entry to the root of the checkpoint (ledger 3.4)");
    opening = sound();
    opening.note = &story.entries[3];
    expect(&opening, 1, "NOT OK: proof: the proof does not lead from the entry to the root of the checkpoint (ledger 3.4)");
    opening = sound();
    opening.entry = opening.index = "4";
    expect(&opening, 1, "NOT OK: proof: the proof does not lead from the entry to the root of the checkpoint (ledger 3.4)");
}

static void the_terms_and_the_checkpoint_are_those_of_the_compartment(void **state)
{
    (void)state;
    struct base_buffer checkpoint = BASE_BUFFER_EMPTY, text = BASE_BUFFER_EMPTY;
    struct opening opening = sound();
    opening.compartment = "01112233445566778899aabbccddeeff";
    expect(&opening, 1, "NOT OK: terms: the terms are of another compartment (oversight 5.3)");
    opening = sound();
    opening.terms = &story.entries[1];
    expect(&opening, 1, "NOT OK: terms: the line \"proposer-identity\" does not stand where it must (statements 3.1)");
    /* a checkpoint that is signed and not cosigned */
    story_checkpoint(&story, 0, story.cosigned, &checkpoint);
    char *last = strstr((char *)checkpoint.data, "\n\n") + 2;
    checkpoint.len = (size_t)(strchr(last, '\n') + 1 - (char *)checkpoint.data);
    opening = sound();
    opening.checkpoint = &checkpoint;
    expect(&opening, 1, "NOT OK: checkpoint: not cosigned by the other party (ledger 6.5)");
    /* other terms of the same parties, under which the statement was not said */
    story_terms_text(&story, "max-list: 1000", "max-list: 1001", &text);
    story_add(&story, base_buffer_c_string(&text), "AB");
    struct base_buffer other = story.entries[--story.count];
    opening = sound();
    opening.terms = &other;
    expect(&opening, 1, "NOT OK: entry 2: a statement under other terms (statements 4.6)");
    base_buffer_release(&other);
    base_buffer_release(&text);
    base_buffer_release(&checkpoint);
    /* of the other party's ledger: the same entries, its checkpoint */
    story_checkpoint(&story, 1, story.cosigned, &checkpoint);
    opening = sound();
    opening.checkpoint = &checkpoint;
    expect(&opening, 0, "OK: entry 2 committed to this content before 2026-11-24T06:00:00Z");
    char line[256];
    snprintf(line, sizeof line, "NOT OK: terms: the owner is %s, not %s as given (ledger 6.2)", story.parties[1].fingerprint,
             story.parties[0].fingerprint);
    EXPECT(1, line, "--open", write_opening(&opening), "--owner", story.parties[0].fingerprint);
    base_buffer_release(&checkpoint);
}

static void the_form_is_strict(void **state)
{
    (void)state;
    struct opening opening = sound();
    opening.first = "entente/opening/v2";
    expect(&opening, 1, "NOT OK: opening: not an opening (oversight 5.2)");
    opening = sound();
    opening.entry = "02";
    expect(&opening, 1, "NOT OK: opening: the line \"entry\" is not a number (oversight 5.2)");
    opening = sound();
    opening.blank = "";
    expect(&opening, 1, "NOT OK: opening: no empty line stands before the proof (oversight 5.2)");
    opening = sound();
    opening.blank = "more: x\n\n";
    expect(&opening, 1, "NOT OK: opening: no empty line stands before the proof (oversight 5.2)");
    opening = sound();
    opening.proof = "c2sp.org/tlog-proof@v2";
    expect(&opening, 1, "NOT OK: opening: no proof stands where it must (oversight 5.2)");
    opening = sound();
    opening.index = "x";
    expect(&opening, 1, "NOT OK: opening: the proof does not say its index (oversight 5.2)");
    opening = sound();
    opening.index = "2\nabc";
    expect(&opening, 1, "NOT OK: opening: a line of the proof is not base64 of a hash (oversight 5.2)");
    opening = sound();
    opening.more = "x";
    expect(&opening, 1, "NOT OK: checkpoint: a note that does not end in a line feed (ledger 2.1)");
    opening.more = "more\n";
    expect(&opening, 1, "NOT OK: checkpoint: a signature line without its dash (ledger 2.3)");
    char *large = calloc(1, 1048578);
    assert_non_null(large);
    memset(large, 'x', 1048577);
    opening = sound();
    opening.content = large;
    expect(&opening, 1, "NOT OK: opening: the line \"content\" is not base64 of at most 1048576 bytes (oversight 5.2)");
    free(large);
    EXPECT(2, "entente-verify: /nonexistent: the file is not there", "--open", "/nonexistent");
}

/* Every byte of an opening, changed: nothing in it is without meaning. */
static void every_changed_byte_is_found(void **state)
{
    (void)state;
    static char output[65536];
    struct opening opening = sound();
    struct base_buffer bytes = BASE_BUFFER_EMPTY;
    const char *path = write_opening(&opening), *arguments[] = {"--open", path, NULL};
    story_read(story.folder, "opening", &bytes);
    for (size_t at = 0; at < bytes.len; at += STORY_BYTE_STEP) {
        bytes.data[at] ^= at % 2 == 0 ? 1 : 0x20;
        story_write(story.folder, "opening", base_bytes_buffer(&bytes));
        if (story_verify(output, sizeof output, arguments) != 1)
            fail_msg("byte %zu: %s", at, output);
        bytes.data[at] ^= at % 2 == 0 ? 1 : 0x20;
    }
    base_buffer_release(&bytes);
}

static void what_could_move_a_cursor_is_escaped(void **state)
{
    (void)state;
    static char output[65536];
    static const char content[] = "a\x1b[2Jb\xc2\x9b"
                                  "c\x7f\nd\xc3\xa9";
    char hash[65], lines[400];
    base_buffer_release(&story.entries[ALERT]);
    struct base_buffer last = story.entries[3];
    story.count = ALERT;
    commitment(content, hash);
    snprintf(lines, sizeof lines, "content: %s\npersons: 1\nclass: 1\ntell: -\n" HANDLED "review: 2026-12-24T06:00:00Z\n", hash);
    story_say(&story, "alert", 0, 1, lines, "a");
    story.entries[story.count++] = last;
    struct opening opening = sound();
    opening.content = content;
    const char *arguments[] = {"--open", write_opening(&opening), NULL};
    assert_int_equal(0, story_verify(output, sizeof output, arguments));
    assert_non_null(strstr(output, "\na\\x1b[2Jb\\xc2\\x9bc\\x7f\nd\xc3\xa9\nOK: "));
    const char *in_json[] = {"--open", write_opening(&opening), "--json", NULL};
    assert_int_equal(0, story_verify(output, sizeof output, in_json));
    assert_non_null(strstr(output, "\"content\":\"a\\u001b[2Jb\xc2\x9b"
                                   "c\\u007f\\u000ad\xc3\xa9\"}\n"));
}

static void an_export_beside_it_has_the_same_entry(void **state)
{
    (void)state;
    struct opening opening = sound();
    const char *folder = story_export(&story, 0, "a"), *other = story_export(&story, 1, "b");
    static const char last[] = "OK: entry 2 committed to this content before 2026-11-24T06:00:00Z";
    EXPECT(0, last, "--open", write_opening(&opening), folder);
    /* without receipts it is no ledger of the other's; what it has is compared with a sound one */
    EXPECT(1, "NOT OK: entry 1: the owner's receipt does not stand right behind it (conversations 3.2)", "--open", write_opening(&opening), other);
    struct base_buffer kept[2] = {story.entries[2], story.entries[3]};
    story.count = 2;
    const char *shorter = story_export(&story, 0, "shorter");
    story_say(&story, "state", 0, 9, "move: resume\nreason: \n", "a");
    const char *parted = story_export(&story, 0, "parted");
    base_buffer_release(&story.entries[2]);
    story.entries[2] = kept[0];
    story.entries[3] = kept[1];
    story.count = 4;
    EXPECT(1, "NOT OK: comparison: the export has 2 entries, the opening is of entry 2 (oversight 5.7)", "--open", write_opening(&opening), shorter);
    EXPECT(1, "NOT OK: comparison: the export has another entry at this place (oversight 5.7)", "--open", write_opening(&opening), parted);
}

int main(void)
{
#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        STORY(a_sound_opening_is_shown),
        STORY(only_what_was_committed_to_is_opened),
        STORY(the_entry_stands_where_it_says),
        STORY(the_terms_and_the_checkpoint_are_those_of_the_compartment),
        STORY(the_form_is_strict),
        STORY(every_changed_byte_is_found),
        STORY(what_could_move_a_cursor_is_escaped),
        STORY(an_export_beside_it_has_the_same_entry),
    };
#undef STORY
    return cmocka_run_group_tests(tests, NULL, NULL);
}
