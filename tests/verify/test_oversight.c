/* SPDX-License-Identifier: Apache-2.0
 *
 * Oversight files: what is said of a sound one, and each way to break one, with the exact line and exit code. The archives are
 * made here, by the words of doc/spec/oversight.md.
 */
#include "story.h"

#include "base/file.h"
#include "crypto/text.h"

#include <ftw.h>

#define X       "content: " STORY_HASH "\n"
#define HANDLED "label: TLP:AMBER\ngrading: B2\nhandling: H1\n"
enum { MEMBERS_MAX = 64, BLOCK = 512 };

static struct story story;

struct member {
    char name[128];
    struct base_buffer content;
};

static struct member members[MEMBERS_MAX];
static size_t member_count;

static int begin(void **state)
{
    (void)state;
    story_begin(&story);
    return 0;
}

static void forget_members(void)
{
    while (member_count > 0)
        base_buffer_release(&members[--member_count].content);
}

static int end(void **state)
{
    (void)state;
    forget_members();
    story_end(&story);
    return 0;
}

static struct member *add(const char *name, struct base_bytes content)
{
    struct member *member = &members[member_count++];
    assert_true(member_count <= MEMBERS_MAX);
    *member = (struct member){.content = BASE_BUFFER_EMPTY};
    snprintf(member->name, sizeof member->name, "%s", name);
    assert_ok(base_buffer_append(&member->content, content));
    return member;
}

static size_t folder_len;

static int add_file(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    struct base_buffer content = BASE_BUFFER_EMPTY;
    char name[256];
    (void)status, (void)walk;
    if (type != FTW_F)
        return 0;
    snprintf(name, sizeof name, STORY_COMPARTMENT "%s", path + folder_len);
    assert_ok(base_file_read(path, 1 << 24, &content));
    add(name, base_bytes_buffer(&content));
    base_buffer_release(&content);
    return 0;
}

static int by_name(const void *a, const void *b)
{
    const struct member *left = a, *right = b;
    return strcmp(left->name, right->name);
}

static void sort_members(void)
{
    qsort(members, member_count, sizeof members[0], by_name);
}

/* The files of an export, as members. */
static void add_export(const char *folder)
{
    folder_len = strlen(folder);
    assert_int_equal(0, nftw(folder, add_file, 16, FTW_PHYS));
    sort_members();
}

static void hex_of(struct base_bytes bytes, char out[65])
{
    struct crypto_hash hash;
    crypto_sha256(&bytes, 1, &hash);
    crypto_hex_encode(base_bytes_of(hash.bytes, 32), out);
}

/* The manifest of the members; `before` stands behind the party, `behind` before the sum. */
static void add_manifest(const char *before, const char *behind)
{
    struct base_buffer text = BASE_BUFFER_EMPTY;
    char hex[65];
    assert_ok(base_buffer_format(&text, "entente/oversight/v1\nparty: %s\n%s", story.parties[0].fingerprint, before));
    for (size_t i = 0; i < member_count; i++) {
        hex_of(base_bytes_buffer(&members[i].content), hex);
        assert_ok(base_buffer_format(&text, "file: %s %zu %s\n", hex, members[i].content.len, members[i].name));
    }
    assert_ok(base_buffer_text(&text, behind));
    hex_of(base_bytes_buffer(&text), hex);
    assert_ok(base_buffer_format(&text, "sum: %s\n", hex));
    add("manifest", base_bytes_buffer(&text));
    base_buffer_release(&text);
}

static void put_header(const struct member *member, struct base_buffer *out)
{
    uint8_t header[BLOCK] = {0};
    char text[16];
    unsigned sum = 0;
    memcpy(header, member->name, strlen(member->name) > 100 ? 100 : strlen(member->name));
    memcpy(header + 100, "0000644\0" "0000000\0" "0000000\0", 24);
    snprintf(text, sizeof text, "%011zo", member->content.len);
    memcpy(header + 124, text, 12);
    memcpy(header + 136, "00000000000", 12);
    memset(header + 148, ' ', 8);
    header[156] = '0';
    memcpy(header + 257, "ustar\0" "00", 8);
    memcpy(header + 329, "0000000\0" "0000000", 16);
    for (unsigned i = 0; i < BLOCK; i++)
        sum += header[i];
    snprintf(text, sizeof text, "%06o", sum);
    memcpy(header + 148, text, 7);
    assert_ok(base_buffer_append(out, base_bytes_of(header, sizeof header)));
}

static void pack(struct base_buffer *out)
{
    static const uint8_t zeros[2 * BLOCK];
    base_buffer_clear(out);
    for (size_t i = 0; i < member_count; i++) {
        put_header(&members[i], out);
        assert_ok(base_buffer_append(out, base_bytes_buffer(&members[i].content)));
        assert_ok(base_buffer_append(out, base_bytes_of(zeros, (BLOCK - out->len % BLOCK) % BLOCK)));
    }
    assert_ok(base_buffer_append(out, base_bytes_of(zeros, sizeof zeros)));
}

static const char *write_bytes(const struct base_buffer *bytes)
{
    static char path[128];
    story_write(story.folder, "oversight.tar", base_bytes_buffer(bytes));
    snprintf(path, sizeof path, "%s/oversight.tar", story.folder);
    return path;
}

static const char *write_members(void)
{
    struct base_buffer bytes = BASE_BUFFER_EMPTY;
    pack(&bytes);
    const char *path = write_bytes(&bytes);
    base_buffer_release(&bytes);
    return path;
}

static const char *ok_line(size_t compartments, size_t entries)
{
    static char line[256];
    snprintf(line, sizeof line, "OK: %zu compartments, %zu entries of %s", compartments, entries, story.parties[0].fingerprint);
    return line;
}

static void add_sound(void)
{
    forget_members();
    add_export(story_export(&story, 0, "a"));
}

static void put_peer_checkpoint(struct base_buffer *out)
{
    while (story.count > 1)
        base_buffer_release(&story.entries[--story.count]);
    story_checkpoint(&story, 1, story.cosigned, out);
}

static void a_sound_file_is_told(void **state)
{
    (void)state;
    static char output[65536];
    static const char *const lines[] = {
        "\n  theirs     the cosigner's own ledger had 1 entries when the owner cosigned it at 2027-01-25T18:00:00Z\n",
        "\n  terms      of 2026-11-24T05:00:00Z; to answer: 8, 168, 168 hours by urgency; contents kept 1095 days\n",
        "\n  asks: 2\n    entry  time                  from      urgency  due                   outcome\n",
        "\n        1  2026-11-24T06:00:00Z  owner     normal   2026-12-01T06:00:00Z  silent, LATE\n",
        "\n        2  2026-11-24T06:00:00Z  cosigner  normal   2026-12-01T06:00:00Z  declined NO_LEGAL_BASIS, 2026-12-02T06:00:00Z, LATE\n",
        "\n  alerts: 1\n    entry  time                  from      persons  class  review                state\n",
        "\n        6  2026-11-24T06:00:00Z  cosigner        2      1  2026-12-08T06:00:00Z  awake, LAPSED 2026-12-09T06:00:00Z, not decided\n",
        "\n           hits: exact 0, strong 1, possible 0; confirmed 0, rejected 0, unsure 0, not judged 1; assessed 0; ",
        "; told 0, declined 0, told LATE 0, judged LATE 0\n",
        "\n  retention: 1 runs, 3 contents erased\n       11  2026-12-09T06:00:00Z  erased 3\n",
        "\n  matches: 0; offers 0, refused 0, aborted 0\n",
        "\n  of the owner's statements 4 have no receipt yet, the oldest of 2026-11-24T06:00:00Z\n",
        "\n  corrections: 0\n  gaps: 0\n",
    };
    story.cosigned = 1800900000;
    struct base_buffer peer = BASE_BUFFER_EMPTY;
    put_peer_checkpoint(&peer);
    story_say_at(&story, "ask", 0, "2026-11-24T06:00:00Z", "about: -\n" X "urgency: normal\ndue: 2026-12-01T06:00:00Z\nfeedback: no\n" HANDLED, "a");
    story_hear(&story, "ask", "2026-11-24T06:00:00Z", "about: -\n" X "urgency: normal\ndue: 2026-12-01T06:00:00Z\nfeedback: no\n" HANDLED);
    story_say_at(&story, "overdue", 0, "2026-12-01T06:00:00Z", "about: @1\nduty: answer\nowed-by: $1\ndue: 2026-12-01T06:00:00Z\nhit: -\n", "a");
    story_say_at(&story, "decline", 0, "2026-12-02T06:00:00Z", "about: @2\ncode: NO_LEGAL_BASIS\nreason: \n", "a");
    story_hear(&story, "alert", "2026-11-24T06:00:00Z", X "persons: 2\nclass: 1\ntell: contact\n" HANDLED "review: 2026-12-08T06:00:00Z\n");
    story_say_at(&story, "hit", 0, "2026-11-24T06:00:00Z", "about: @6\n" X "grade: strong\ntell: contact\ndue: 2026-11-25T06:00:00Z\n", "a");
    story_say_at(&story, "overdue", 0, "2026-12-09T06:00:00Z", "about: @6\nduty: review\nowed-by: $1\ndue: 2026-12-08T06:00:00Z\nhit: -\n", "a");
    story_say_at(&story, "hold", 0, "2026-12-09T06:00:00Z", X, "a");
    story_say_at(&story, "retention", 0, "2026-12-09T06:00:00Z", X "erased: 3\n", "a");
    add_sound();
    add(STORY_COMPARTMENT "/peer-checkpoint", base_bytes_buffer(&peer));
    sort_members();
    add_manifest("not-cosigned: 11112233445566778899aabbccddeeff\n", "");
    const char *arguments[] = {write_members(), NULL};
    assert_int_equal(0, story_verify(output, sizeof output, arguments));
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (strstr(output, lines[i]) == NULL)
            fail_msg("not said: %s\nin:\n%s", lines[i], output);
    assert_non_null(strstr(output, "\nnot here, because the other party has cosigned nothing yet: compartment 11112233445566778899aabbccddeeff\n"));
    EXPECT(0, ok_line(1, 12), arguments[0]);
    EXPECT(0, ok_line(1, 12), arguments[0], "--owner", story.parties[0].fingerprint, "--cosigner", story.parties[1].fingerprint);
    const char *in_json[] = {arguments[0], "--json", NULL};
    assert_int_equal(0, story_verify(output, sizeof output, in_json));
    assert_non_null(strstr(output, "{\"compartments\":[{\"compartment\":\"" STORY_COMPARTMENT "\","));
    assert_non_null(strstr(output, "\"peer\":{\"size\":1,\"cosigned_at\":\"2027-01-25T18:00:00Z\"},"));
    assert_non_null(strstr(output, "\"asks\":[{\"entry\":1,\"time\":\"2026-11-24T06:00:00Z\",\"from\":\"owner\",\"urgency\":\"normal\","
                                   "\"due\":\"2026-12-01T06:00:00Z\",\"outcome\":\"silent\",\"ended\":null,\"deferred\":0,\"overdue\":1,"
                                   "\"late\":true,\"passed\":false},"));
    assert_non_null(strstr(output, "\"outcome\":\"declined\",\"code\":\"NO_LEGAL_BASIS\",\"ended\":\"2026-12-02T06:00:00Z\","));
    assert_non_null(strstr(output, "\"lapses\":1,\"lapsed\":\"2026-12-09T06:00:00Z\",\"decided\":null,"));
    assert_non_null(strstr(output, "\"not_cosigned\":[\"11112233445566778899aabbccddeeff\"]}\n"));
    base_buffer_release(&peer);
}

/* Changes bytes of the sound archive, and what is said of it. */
static void expect_changed(size_t at, const char *from, const char *to, const char *line)
{
    struct base_buffer bytes = BASE_BUFFER_EMPTY;
    pack(&bytes);
    assert_true(at + strlen(from) <= bytes.len);
    assert_memory_equal(bytes.data + at, from, strlen(from));
    memcpy(bytes.data + at, to, strlen(to));
    EXPECT(1, line, write_bytes(&bytes));
    base_buffer_release(&bytes);
}

static void headers_have_one_form(void **state)
{
    (void)state;
    static const char first[] = "NOT OK: " STORY_COMPARTMENT "/checkpoint: its header is not the one that its name and size give (oversight 1.2)";
    static const struct {
        size_t at;
        const char *from, *to;
    } changes[] = {{100, "0000644", "0000755"}, {108, "0000000", "0001750"}, {116, "0000000", "0001750"}, {136, "00000000000", "14500000000"},
                   {148, "0", "1"}, {156, "0", "5"}, {156, "0", "2"}, {156, "0", "L"}, {157, "", "x"}, {257, "ustar", "vstar"},
                   {263, "00", "  "}, {265, "", "root"}, {297, "", "root"}, {329, "0000000", "0000001"}, {345, "", "prefix"}, {500, "", "x"},
                   {80, "", "x"}};
    add_sound();
    add_manifest("", "");
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++)
        expect_changed(changes[i].at, changes[i].from, changes[i].to, first);
    expect_changed(124, "0", "8", "NOT OK: " STORY_COMPARTMENT "/checkpoint: its size is no number, or above 16777472 bytes (oversight 1.4)");
    expect_changed(124, "000", "777", "NOT OK: " STORY_COMPARTMENT "/checkpoint: its size is no number, or above 16777472 bytes (oversight 1.4)");
    expect_changed(0, "0", "\n", "NOT OK: archive: a file whose name is not of printable characters (oversight 1.3)");
    struct base_buffer bytes = BASE_BUFFER_EMPTY;
    pack(&bytes);
    memset(bytes.data + 43, 'x', 57);
    EXPECT(1, "NOT OK: archive: a file without a name, or with one that is too long (oversight 1.3)", write_bytes(&bytes));
    bytes.len = 0;
    EXPECT(1, "NOT OK: archive: the archive ends too early (oversight 1.3)", write_bytes(&bytes));
    base_buffer_release(&bytes);
}

static void names_ascend_and_the_end_is_exact(void **state)
{
    (void)state;
    struct base_buffer bytes = BASE_BUFFER_EMPTY;
    add_sound();
    add_manifest("", "");
    struct member kept = members[0];
    members[0] = members[1];
    members[1] = kept;
    EXPECT(1, "NOT OK: " STORY_COMPARTMENT "/checkpoint: it does not stand in the order of names (oversight 1.3)", write_members());
    members[1] = members[0];
    members[0] = kept;
    add("manifest", base_bytes_text("again"));
    EXPECT(1, "NOT OK: manifest: it does not stand in the order of names (oversight 1.3)", write_members());
    base_buffer_release(&members[--member_count].content);
    pack(&bytes);
    bytes.data[BLOCK + members[0].content.len] = 1;
    EXPECT(1, "NOT OK: " STORY_COMPARTMENT "/checkpoint: what fills it up is not zero (oversight 1.3)", write_bytes(&bytes));
    bytes.data[BLOCK + members[0].content.len] = 0;
    bytes.data[bytes.len - 1] = 1;
    EXPECT(1, "NOT OK: archive: the archive does not end after two blocks of zeros (oversight 1.3)", write_bytes(&bytes));
    bytes.data[bytes.len - 1] = 0;
    bytes.len -= BLOCK;
    EXPECT(1, "NOT OK: archive: the archive ends too early (oversight 1.3)", write_bytes(&bytes));
    bytes.len += BLOCK;
    static const uint8_t zeros[BLOCK];
    assert_ok(base_buffer_append(&bytes, base_bytes_of(zeros, sizeof zeros)));
    EXPECT(1, "NOT OK: archive: the archive does not end after two blocks of zeros (oversight 1.3)", write_bytes(&bytes));
    base_buffer_release(&bytes);
}

static void replace_in(struct member *member, const char *from, const char *to)
{
    struct base_buffer changed = BASE_BUFFER_EMPTY;
    const char *text = base_buffer_c_string(&member->content), *found = strstr(text, from);
    assert_non_null(found);
    assert_ok(base_buffer_format(&changed, "%.*s%s%s", (int)(found - text), text, to, found + strlen(from)));
    base_buffer_release(&member->content);
    member->content = changed;
}

static void the_manifest_holds_every_file(void **state)
{
    (void)state;
    add_sound();
    EXPECT(1, "NOT OK: manifest: the file is missing (oversight 1.4)", write_members());
    add_manifest("", "");
    base_buffer_release(&members[1].content); /* keys is left out of the archive */
    memmove(&members[1], &members[2], (member_count - 2) * sizeof members[0]);
    member_count--;
    EXPECT(1, "NOT OK: " STORY_COMPARTMENT "/tile/0/000.p/1: the manifest does not hold it as it is here (oversight 1.5)", write_members());
    add_sound();
    add_manifest("", "");
    add(STORY_COMPARTMENT "/more", base_bytes_text("x"));
    sort_members();
    EXPECT(1, "NOT OK: " STORY_COMPARTMENT "/more: the manifest does not hold it as it is here (oversight 1.5)", write_members());
    add_sound();
    add_manifest("", "");
    members[0].content.data[3] ^= 1;
    EXPECT(1, "NOT OK: " STORY_COMPARTMENT "/checkpoint: the manifest does not hold it as it is here (oversight 1.5)", write_members());
    static const char *const changes[][3] = {
        {"oversight/v1", "oversight/v2", "NOT OK: manifest: not the manifest of an oversight file (oversight 1.5)"},
        {"party: ", "by: ", "NOT OK: manifest: the line \"party\" does not stand where it must (oversight 1.5)"},
        {"party: ", "party: x", "NOT OK: manifest: the party is not a fingerprint (oversight 1.5)"},
        {"sum: ", "sum: 0", "NOT OK: manifest: its last line is not the hash of those before it (oversight 1.5)"},
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        add_sound();
        add_manifest("", "");
        replace_in(&members[member_count - 1], changes[i][0], changes[i][1]);
        EXPECT(1, changes[i][2], write_members());
    }
    add_sound();
    add_manifest("", "");
    assert_ok(base_buffer_text(&members[member_count - 1].content, "more: x\n"));
    EXPECT(1, "NOT OK: manifest: it goes on after its last line (oversight 1.5)", write_members());
    add_sound();
    add_manifest("", "file: " STORY_HASH " 1 " STORY_COMPARTMENT "/zzz\n");
    EXPECT(1, "NOT OK: manifest: the line \"sum\" does not stand where it must (oversight 1.5)", write_members());
    add_sound();
    add_manifest("not-cosigned: 2\n", "");
    EXPECT(1, "NOT OK: manifest: not the ids of at most 1024 compartments (oversight 1.5)", write_members());
    add_sound();
    add_manifest("not-cosigned: 11112233445566778899aabbccddeeff\nnot-cosigned: 11112233445566778899aabbccddeeff\n", "");
    EXPECT(1, "NOT OK: manifest: the compartments do not stand in their order (oversight 1.5)", write_members());
    add_sound();
    add_manifest("not-cosigned: " STORY_COMPARTMENT "\n", "");
    EXPECT(1, "NOT OK: " STORY_COMPARTMENT "/checkpoint: a compartment that is said not to be here is here (oversight 1.5)", write_members());
}

static void every_file_is_called_for(void **state)
{
    (void)state;
    static const char *const names[] = {STORY_COMPARTMENT "/more", STORY_COMPARTMENT "/tile/0/001.p/1", STORY_COMPARTMENT "/conflict/002",
                                        "more/keys", "readme"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char line[256];
        add_sound();
        add(names[i], base_bytes_text("x"));
        sort_members();
        add_manifest("", "");
        sort_members();
        snprintf(line, sizeof line, "NOT OK: %s: nothing calls for this file (oversight 2.4)", names[i]);
        EXPECT(1, line, write_members());
    }
}

static void ledgers_are_the_partys_own(void **state)
{
    (void)state;
    struct base_buffer peer = BASE_BUFFER_EMPTY;
    add_export(story_export(&story, 1, "b")); /* of the other party */
    add_manifest("", "");
    EXPECT(1, "NOT OK: " STORY_COMPARTMENT "/keys: the owner is not the party of the manifest (oversight 2.1)", write_members());
    add_sound();
    for (size_t i = 0; i < member_count; i++)
        memcpy(members[i].name, "01", 2);
    add_manifest("", "");
    EXPECT(1, "NOT OK: 01112233445566778899aabbccddeeff/keys: the ledger is of another compartment than its folder says (oversight 1.4)", write_members());
    add_sound();
    members[0].content.data[members[0].content.len - 9] ^= 1;
    add_manifest("", ""); /* a whole file, and a broken ledger in it */
    EXPECT(1, "NOT OK: " STORY_COMPARTMENT "/checkpoint: the cosignature does not verify (ledger 6.5)", write_members());
    add_sound();
    story_checkpoint(&story, 0, story.cosigned, &peer); /* not the other's */
    add(STORY_COMPARTMENT "/peer-checkpoint", base_bytes_buffer(&peer));
    sort_members();
    add_manifest("", "");
    EXPECT(1, "NOT OK: " STORY_COMPARTMENT "/peer-checkpoint: the origin is not the owner's name (ledger 6.3)", write_members());
    base_buffer_release(&peer);
}

/* Evidence as the node keeps it: two checkpoints of party 1, and in one case of party 0. */
static void put_evidence(unsigned party, struct base_buffer *out)
{
    struct base_buffer notes[2] = {BASE_BUFFER_EMPTY, BASE_BUFFER_EMPTY};
    for (unsigned i = 0; i < 2; i++) {
        story_say(&story, "state", party, 10 + i, "move: suspend\nreason: \n", party == 0 ? "a" : "b");
        story_checkpoint(&story, party, story.cosigned, &notes[i]);
        base_buffer_release(&story.entries[--story.count]);
    }
    assert_ok(base_buffer_text(out, "entente/conflict/v1\ncompartment: " STORY_COMPARTMENT "\n"));
    story_put_base64(out, "terms", base_bytes_buffer(&story.entries[0]));
    story_put_base64(out, "first", base_bytes_buffer(&notes[0]));
    story_put_base64(out, "second", base_bytes_buffer(&notes[1]));
    assert_ok(base_buffer_text(out, "proof: -\n"));
    base_buffer_release(&notes[0]);
    base_buffer_release(&notes[1]);
}

static void evidence_is_checked(void **state)
{
    (void)state;
    static char output[65536];
    struct base_buffer evidence = BASE_BUFFER_EMPTY;
    put_evidence(1, &evidence);
    add_sound();
    add(STORY_COMPARTMENT "/conflict/001", base_bytes_buffer(&evidence));
    sort_members();
    add_manifest("", "");
    const char *arguments[] = {write_members(), NULL};
    assert_int_equal(0, story_verify(output, sizeof output, arguments));
    assert_non_null(strstr(output, "\n  conflicts: 0 entries, 1 with evidence\n"));
    assert_non_null(strstr(output, "\n  both cannot be true: TWO HISTORIES, proven\n"));
    base_buffer_clear(&evidence);
    put_evidence(0, &evidence);
    add_sound();
    add(STORY_COMPARTMENT "/conflict/001", base_bytes_buffer(&evidence));
    sort_members();
    add_manifest("", "");
    EXPECT(1, "NOT OK: " STORY_COMPARTMENT "/conflict/001: the checkpoints are not of the other party in this compartment (oversight 2.3)", write_members());
    base_buffer_release(&evidence);
}

/* An opening of entry 1, an alert that commits to this content with a salt of zeros. */
static const char *write_opening(void)
{
    static char path[128];
    static const uint8_t salt[32];
    const struct base_bytes parts[] = {base_bytes_of(salt, sizeof salt), base_bytes_text("{}")};
    struct crypto_hash hash;
    struct base_buffer out = BASE_BUFFER_EMPTY;
    char hex[65], lines[400];
    crypto_hash_domain("entente/exchange/content/v1", parts, 2, &hash);
    crypto_hex_encode(base_bytes_of(hash.bytes, 32), hex);
    snprintf(lines, sizeof lines, "content: %s\npersons: 1\nclass: 1\ntell: -\n" HANDLED "review: 2026-12-24T06:00:00Z\n", hex);
    story_say(&story, "alert", 0, 0, lines, "a");
    crypto_hex_encode(parts[0], hex);
    assert_ok(base_buffer_format(&out, "entente/opening/v1\ncompartment: " STORY_COMPARTMENT "\nentry: 1\nsalt: %s\n", hex));
    story_put_base64(&out, "content", parts[1]);
    story_put_base64(&out, "terms", base_bytes_buffer(&story.entries[0]));
    story_put_base64(&out, "note", base_bytes_buffer(&story.entries[1]));
    assert_ok(base_buffer_text(&out, "\nc2sp.org/tlog-proof@v1\nindex 1\n"));
    story_proof_lines(&story, 1, &out);
    assert_ok(base_buffer_text(&out, "\n"));
    story_checkpoint(&story, 0, story.cosigned, &out);
    story_write(story.folder, "opening", base_bytes_buffer(&out));
    snprintf(path, sizeof path, "%s/opening", story.folder);
    base_buffer_release(&out);
    return path;
}

static void an_opening_is_found_in_it(void **state)
{
    (void)state;
    const char *opening = write_opening();
    add_sound();
    add_manifest("", "");
    EXPECT(0, "OK: entry 1 committed to this content before 2026-11-24T06:00:00Z", "--open", opening, write_members());
    base_buffer_release(&story.entries[--story.count]);
    forget_members();
    add_export(story_export(&story, 0, "shorter"));
    add_manifest("", "");
    EXPECT(1, "NOT OK: comparison: the export has 1 entries, the opening is of entry 1 (oversight 5.7)", "--open", opening, write_members());
    forget_members();
    add_manifest("", "");
    EXPECT(1, "NOT OK: comparison: the file has no such compartment (oversight 5.7)", "--open", opening, write_members());
}

static void what_is_no_such_file_is_said(void **state)
{
    (void)state;
    EXPECT(2, "entente-verify: keys: not there: this is not the folder of an export", "/nonexistent");
    add_sound();
    add_manifest("", "");
    const char *path = write_members();
    EXPECT(2, "entente-verify: keys: cannot be opened: Not a directory", path, "--older", path);
    char line[256];
    snprintf(line, sizeof line, "NOT OK: " STORY_COMPARTMENT "/keys: the owner is %s, not %s as given (ledger 6.2)", story.parties[0].fingerprint,
             story.parties[1].fingerprint);
    EXPECT(1, line, path, "--owner", story.parties[1].fingerprint);
}

int main(void)
{
#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        STORY(a_sound_file_is_told),
        STORY(headers_have_one_form),
        STORY(names_ascend_and_the_end_is_exact),
        STORY(the_manifest_holds_every_file),
        STORY(every_file_is_called_for),
        STORY(ledgers_are_the_partys_own),
        STORY(evidence_is_checked),
        STORY(an_opening_is_found_in_it),
        STORY(what_is_no_such_file_is_said),
    };
#undef STORY
    return cmocka_run_group_tests(tests, NULL, NULL);
}
