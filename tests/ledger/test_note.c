/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/note.h"

#include "crypto/hash.h"
#include "crypto/text.h"
#include "support/test.h"

#define DASH "\xe2\x80\x94 "

/* The example of C2SP signed-note. */
#define SPEC_VKEY "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
#define SPEC_NOTE                                                                                                              \
    "This is an example message.\n\n" DASH                                                                                     \
    "example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"

/* The example of golang.org/x/mod/sumdb/note, with its key: Ed25519 is deterministic, so signing gives these very bytes. */
#define GO_VKEY "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define GO_SEED "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
#define GO_TEXT                                                                                                                \
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
#define GO_LINE DASH "PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"

/* The example of C2SP tlog-cosignature: a checkpoint with a log's line and a witness's. */
#define SOFA_TEXT "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
#define SOFA_NOTE                                                                                                              \
    SOFA_TEXT "\n" DASH "example.com/behind-the-sofa "                                                                         \
              "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n" DASH            \
              "witness.example.com/w1 "                                                                                        \
              "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"

static struct crypto_sign_secret secret_of(uint8_t number, struct crypto_sign_public *public_key)
{
    struct crypto_key seed = {{number}};
    struct crypto_sign_secret secret;
    crypto_sign_keys_from_seed(&seed, &secret, public_key);
    return secret;
}

static struct ledger_verifier verifier_of(const char *name, uint8_t type, uint8_t number)
{
    struct crypto_sign_public key;
    struct ledger_verifier verifier;
    secret_of(number, &key);
    assert_ok(ledger_verifier_init(&verifier, name, type, &key));
    return verifier;
}

static enum base_code parse_text(const char *text)
{
    struct ledger_note note;
    enum base_code code = ledger_note_parse(base_bytes_text(text), &note);
    if (code != BASE_OK) {
        assert_null(note.signatures);
        assert_int_equal(note.count, 0);
    }
    ledger_note_release(&note);
    return code;
}

static enum base_code check_note(struct base_bytes bytes, const struct ledger_verifier *verifier)
{
    struct ledger_note note;
    assert_ok(ledger_note_parse(bytes, &note));
    enum base_code code = ledger_note_check(&note, verifier);
    ledger_note_release(&note);
    return code;
}

static struct ledger_verifier parsed_verifier(const char *vkey)
{
    struct ledger_verifier verifier;
    assert_ok(ledger_verifier_parse(base_bytes_text(vkey), &verifier));
    return verifier;
}

static void checks_the_example_of_the_specification(void **state)
{
    (void)state;
    struct ledger_verifier verifier = parsed_verifier(SPEC_VKEY);
    struct ledger_note note;
    assert_string_equal(verifier.name, "example.com/foo");
    assert_int_equal(verifier.type, LEDGER_KEY_ED25519);
    assert_int_equal(verifier.key_id, 0x530d903a);
    assert_ok(ledger_note_parse(base_bytes_text(SPEC_NOTE), &note));
    assert_bytes("This is an example message.\n", note.text);
    assert_int_equal(note.count, 1);
    assert_bytes("example.com/foo", note.signatures[0].name);
    assert_int_equal(note.signatures[0].key_id, 0x530d903a);
    assert_int_equal(note.signatures[0].blob.len, 64);
    assert_ok(ledger_note_check(&note, &verifier));
    ledger_note_release(&note);
    assert_null(note.signatures);
}

static void signs_the_example_of_go(void **state)
{
    (void)state;
    struct base_buffer seed = BASE_BUFFER_EMPTY, out = BASE_BUFFER_EMPTY, vkey = BASE_BUFFER_EMPTY;
    struct crypto_key key;
    struct crypto_sign_secret secret;
    struct crypto_sign_public public_key;
    assert_ok(crypto_base64_decode(base_bytes_text(GO_SEED), &seed));
    assert_int_equal(seed.len, 33);
    memcpy(key.bytes, seed.data + 1, 32);
    crypto_sign_keys_from_seed(&key, &secret, &public_key);

    struct ledger_verifier verifier;
    assert_ok(ledger_verifier_init(&verifier, "PeterNeumann", LEDGER_KEY_ED25519, &public_key));
    assert_ok(ledger_verifier_format(&verifier, &vkey));
    assert_bytes(GO_VKEY, base_bytes_buffer(&vkey));
    assert_ok(ledger_note_sign(base_bytes_text(GO_TEXT), "PeterNeumann", &secret, &out));
    assert_bytes(GO_TEXT "\n" GO_LINE, base_bytes_buffer(&out));
    assert_ok(check_note(base_bytes_buffer(&out), &verifier));
    base_buffer_release(&seed);
    base_buffer_release(&out);
    base_buffer_release(&vkey);
}

static void splits_at_the_last_blank_line(void **state)
{
    (void)state;
    struct ledger_note note;
    assert_ok(ledger_note_parse(base_bytes_text("one\n\ntwo\n\n\n" GO_LINE), &note));
    assert_bytes("one\n\ntwo\n\n", note.text);
    ledger_note_release(&note);
    assert_ok(ledger_note_parse(base_bytes_text(GO_TEXT "\n" GO_LINE "\n" GO_LINE GO_LINE), &note));
    assert_bytes(GO_TEXT "\n" GO_LINE, note.text);
    assert_int_equal(note.count, 2);
    ledger_note_release(&note);
    assert_ok(ledger_note_parse(base_bytes_text("\n\n" GO_LINE), &note));
    assert_bytes("\n", note.text);
    ledger_note_release(&note);
}

static void reads_the_example_of_cosignatures(void **state)
{
    (void)state;
    struct ledger_note note;
    assert_ok(ledger_note_parse(base_bytes_text(SOFA_NOTE), &note));
    assert_bytes(SOFA_TEXT, note.text);
    assert_int_equal(note.count, 2);
    assert_bytes("witness.example.com/w1", note.signatures[1].name);
    assert_int_equal(note.signatures[1].key_id, 0x8d66cf3f);
    assert_int_equal(note.signatures[1].blob.len, 72);
    ledger_note_release(&note);
}

static void refuses_notes_of_another_form(void **state)
{
    (void)state;
    static const struct {
        enum base_code code;
        const char *text;
    } cases[] = {
        {BASE_E_TRUNCATED, ""},
        {BASE_E_TRUNCATED, "text"},
        {BASE_E_TRUNCATED, "text\n\n" DASH "name AAAAAAA="},
        {BASE_E_FORMAT, "\n"},
        {BASE_E_FORMAT, "text\n"},
        {BASE_E_FORMAT, "text\n" DASH "name AAAAAAA=\n"},
        {BASE_E_FORMAT, "text\n\n"},
        {BASE_E_FORMAT, "\n\n"},
        {BASE_E_FORMAT, "text\n\nname AAAAAAA=\n"},
        {BASE_E_FORMAT, "text\n\n- name AAAAAAA=\n"},
        {BASE_E_FORMAT, "text\n\n" DASH "\n"},
        {BASE_E_FORMAT, "text\n\n\xe2\x80\x94\n"},
        {BASE_E_FORMAT, "text\n\n" DASH "name\n"},
        {BASE_E_FORMAT, "text\n\n" DASH "name \n"},
        {BASE_E_FORMAT, "text\n\n" DASH " AAAAAAA=\n"},
        {BASE_E_FORMAT, "text\n\n" DASH "na+me AAAAAAA=\n"},
        {BASE_E_FORMAT, "text\n\n" DASH "na\xc2\xa0me AAAAAAA=\n"},
        {BASE_E_FORMAT, "text\n\n" DASH "na\xe3\x80\x80me AAAAAAA=\n"},
        {BASE_E_FORMAT, "text\n\n" DASH "name  AAAAAAA=\n"},
        {BASE_E_FORMAT, "text\n\n" DASH "name AAAAAAA= \n"},
        {BASE_E_FORMAT, "text\n\n" DASH "name AAAAAA==\n"},  /* a key id alone */
        {BASE_E_FORMAT, "text\n\n" DASH "name AAAA\n"},
        {BASE_E_FORMAT, "text\n\n" DASH "name AAAAAAA\n"},   /* no padding */
        {BASE_E_FORMAT, "text\n\n" DASH "name AAAAAAB=\n"},  /* bits in the padding */
        {BASE_E_FORMAT, "text\n\n" DASH "name AAAA-AA=\n"},
        {BASE_E_FORMAT, "text\n\n" DASH "name AAAAAAA=\ntext\n"},
        {BASE_E_FORMAT, "te\txt\n\n" DASH "name AAAAAAA=\n"},
        {BASE_E_FORMAT, "text\r\n\n" DASH "name AAAAAAA=\n"},
        {BASE_E_FORMAT, "te\x1fxt\n\n" DASH "name AAAAAAA=\n"},
        {BASE_E_ENCODING, "te\xffxt\n\n" DASH "name AAAAAAA=\n"},
        {BASE_E_ENCODING, "te\xed\xa0\x80xt\n\n" DASH "name AAAAAAA=\n"},
        {BASE_OK, NULL},
    };
    for (size_t i = 0; cases[i].text != NULL; i++)
        if (parse_text(cases[i].text) != cases[i].code)
            fail_msg("case %zu: %s", i, base_detail());
    assert_ok(parse_text("te\x7fxt\n\n" DASH "n\xc3\xa4me AAAAAAA=\n"));

    struct ledger_note note;
    assert_fails(BASE_E_FORMAT, ledger_note_parse(base_bytes_of("te\0xt\n\n" DASH "name AAAAAAA=\n", 25), &note));
}

static void holds_the_limits(void **state)
{
    (void)state;
    struct base_buffer bytes = BASE_BUFFER_EMPTY;
    struct ledger_note note;
    assert_ok(base_buffer_text(&bytes, "text\n\n"));
    for (int i = 0; i < LEDGER_NOTE_SIGNATURES_MAX; i++)
        assert_ok(base_buffer_format(&bytes, DASH "name%d AAAAAAA=\n", i));
    assert_ok(ledger_note_parse(base_bytes_buffer(&bytes), &note));
    assert_int_equal(note.count, LEDGER_NOTE_SIGNATURES_MAX);
    ledger_note_release(&note);
    assert_ok(base_buffer_text(&bytes, DASH "last AAAAAAA=\n"));
    assert_fails(BASE_E_LIMIT, ledger_note_parse(base_bytes_buffer(&bytes), &note));

    base_buffer_clear(&bytes);
    while (bytes.len < LEDGER_NOTE_MAX - strlen("\n" GO_LINE) - 1)
        assert_ok(base_buffer_text(&bytes, "x"));
    assert_ok(base_buffer_text(&bytes, "\n\n" GO_LINE));
    assert_int_equal(bytes.len, LEDGER_NOTE_MAX);
    assert_ok(ledger_note_parse(base_bytes_buffer(&bytes), &note));
    ledger_note_release(&note);
    assert_ok(base_buffer_text(&bytes, GO_LINE));
    assert_fails(BASE_E_LIMIT, ledger_note_parse(base_bytes_buffer(&bytes), &note));

    base_buffer_clear(&bytes);
    assert_ok(base_buffer_text(&bytes, "text\n\n" DASH));
    for (int i = 0; i < LEDGER_NAME_MAX + 1; i++)
        assert_ok(base_buffer_text(&bytes, "n"));
    assert_ok(base_buffer_text(&bytes, " AAAAAAA=\n"));
    assert_fails(BASE_E_LIMIT, ledger_note_parse(base_bytes_buffer(&bytes), &note));
    base_buffer_release(&bytes);
}

static void refuses_names_with_any_unicode_space(void **state)
{
    (void)state;
    static const char *const bad[] = {"", " ", "a b", "a+b", "a\tb", "a\x0b", "a\xc2\x85", "a\xc2\xa0", "\xe1\x9a\x80", "\xe2\x80\x80",
                                      "\xe2\x80\x8a", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80",
                                      "a\xff", "a\x01"};
    static const char *const good[] = {"a", "entente/0011/aa", "\xe2\x80\x8b", "\xe2\x80\x94", "\xf0\x9f\x8c\x8d", "\xd0\x96", "a/b:c"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_fails(BASE_E_FORMAT, ledger_name_check(base_bytes_text(bad[i])));
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_ok(ledger_name_check(base_bytes_text(good[i])));
    char name[LEDGER_NAME_MAX + 2];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = 0;
    assert_fails(BASE_E_LIMIT, ledger_name_check(base_bytes_text(name)));
    name[LEDGER_NAME_MAX] = 0;
    assert_ok(ledger_name_check(base_bytes_text(name)));
    assert_string_equal(verifier_of(name, LEDGER_KEY_ED25519, 1).name, name);
}

static void refuses_verifier_keys_that_do_not_agree(void **state)
{
    (void)state;
    static const struct {
        enum base_code code;
        const char *vkey;
    } cases[] = {
        {BASE_E_FORMAT, ""},
        {BASE_E_FORMAT, "+"},
        {BASE_E_FORMAT, "++"},
        {BASE_E_FORMAT, "name"},
        {BASE_E_FORMAT, "PeterNeumann+c74f20a3"},
        {BASE_E_FORMAT, "PeterNeumann+c74f20a3+"},
        {BASE_E_FORMAT, "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"},
        {BASE_E_FORMAT, "PeterNeumann+c74f20a+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"},
        {BASE_E_FORMAT, "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"},
        {BASE_E_FORMAT, "PeterNeumanm+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"},
        {BASE_E_FORMAT, "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TX"},
        {BASE_E_FORMAT, "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy"},
        {BASE_E_FORMAT, "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n"},
        {BASE_E_FORMAT, "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"},
        {BASE_E_FORMAT, "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"},
        {BASE_E_UNSUPPORTED, "PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"},
        {BASE_E_LIMIT, NULL},
    };
    struct ledger_verifier verifier;
    for (size_t i = 0; cases[i].vkey != NULL; i++)
        if (ledger_verifier_parse(base_bytes_text(cases[i].vkey), &verifier) != cases[i].code)
            fail_msg("case %zu: %s", i, base_detail());
    char longest[400];
    memset(longest, 'n', sizeof longest - 1);
    longest[sizeof longest - 1] = 0;
    assert_fails(BASE_E_LIMIT, ledger_verifier_parse(base_bytes_text(longest), &verifier));
    struct crypto_sign_public key = {{0}};
    assert_fails(BASE_E_UNSUPPORTED, ledger_verifier_init(&verifier, "name", 0x02, &key));
    assert_fails(BASE_E_FORMAT, ledger_verifier_init(&verifier, "na me", LEDGER_KEY_ED25519, &key));
}

static void writes_verifier_keys_it_reads(void **state)
{
    (void)state;
    /* Keys of the tests of transparency-dev/formats: a plus in the base64, and a cosigner. */
    static const char *const vkeys[] = {SPEC_VKEY, GO_VKEY, "TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6",
                                        "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"};
    for (size_t i = 0; i < sizeof vkeys / sizeof *vkeys; i++) {
        struct base_buffer out = BASE_BUFFER_EMPTY;
        struct ledger_verifier verifier = parsed_verifier(vkeys[i]);
        assert_ok(ledger_verifier_format(&verifier, &out));
        assert_bytes(vkeys[i], base_bytes_buffer(&out));
        base_buffer_release(&out);
    }
}

static void ignores_signatures_of_others(void **state)
{
    (void)state;
    struct crypto_sign_public key;
    struct crypto_sign_secret one = secret_of(1, &key), two = secret_of(2, &key);
    struct base_buffer first = BASE_BUFFER_EMPTY, both = BASE_BUFFER_EMPTY;
    assert_ok(ledger_note_sign(base_bytes_text("text\n"), "one", &one, &first));
    assert_ok(ledger_note_add_signature(base_bytes_buffer(&first), "two", &two, &both));

    struct ledger_verifier by_one = verifier_of("one", LEDGER_KEY_ED25519, 1), by_two = verifier_of("two", LEDGER_KEY_ED25519, 2);
    struct ledger_verifier other_name = verifier_of("three", LEDGER_KEY_ED25519, 1), other_key = verifier_of("one", LEDGER_KEY_ED25519, 3);
    assert_ok(check_note(base_bytes_buffer(&both), &by_one));
    assert_ok(check_note(base_bytes_buffer(&both), &by_two));
    assert_ok(check_note(base_bytes_buffer(&first), &by_one));
    assert_fails(BASE_E_KEY, check_note(base_bytes_buffer(&first), &by_two));
    assert_fails(BASE_E_KEY, check_note(base_bytes_buffer(&both), &other_name));
    assert_fails(BASE_E_KEY, check_note(base_bytes_buffer(&both), &other_key));
    other_name.key_id = by_one.key_id; /* same id, another name */
    assert_fails(BASE_E_KEY, check_note(base_bytes_buffer(&both), &other_name));
    other_key.key_id = by_one.key_id; /* a collision: same name and id, another key */
    assert_fails(BASE_E_SIGNATURE, check_note(base_bytes_buffer(&both), &other_key));
    base_buffer_release(&first);
    base_buffer_release(&both);
}

static void one_bad_signature_by_a_known_key_is_enough(void **state)
{
    (void)state;
    /* The right line first, then the same name and id with a changed signature. */
    static const char two_lines[] = GO_TEXT "\n" GO_LINE DASH
                                            "PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAQ=\n";
    struct ledger_verifier verifier = parsed_verifier(GO_VKEY);
    assert_fails(BASE_E_SIGNATURE, check_note(base_bytes_text(two_lines), &verifier));
    assert_ok(check_note(base_bytes_text(GO_TEXT "\n" GO_LINE GO_LINE), &verifier));
    /* A signature of another length under the right name and id. */
    assert_fails(BASE_E_SIGNATURE, check_note(base_bytes_text(GO_TEXT "\n" DASH "PeterNeumann x08gowA=\n"), &verifier));
}

static void no_flipped_bit_verifies(void **state)
{
    (void)state;
    struct ledger_verifier verifier = parsed_verifier(GO_VKEY);
    static const char good[] = GO_TEXT "\n" GO_LINE;
    size_t len = sizeof good - 1, parsed = 0;
    for (size_t bit = 0; bit < 8 * len; bit++) {
        struct ledger_note note;
        char changed[sizeof good];
        memcpy(changed, good, sizeof good);
        changed[bit / 8] = (char)(changed[bit / 8] ^ 1 << bit % 8);
        if (ledger_note_parse(base_bytes_of(changed, len), &note) == BASE_OK) {
            parsed++;
            assert_int_not_equal(ledger_note_check(&note, &verifier), BASE_OK);
        }
        ledger_note_release(&note);
    }
    assert_true(parsed > len); /* most of them are still notes */
}

static void refuses_to_sign_what_is_no_text(void **state)
{
    (void)state;
    struct crypto_sign_public key;
    struct crypto_sign_secret secret = secret_of(1, &key);
    struct base_buffer out = BASE_BUFFER_EMPTY, large = BASE_BUFFER_EMPTY;
    assert_ok(base_buffer_text(&out, "kept"));
    assert_fails(BASE_E_FORMAT, ledger_note_sign(base_bytes_text(""), "name", &secret, &out));
    assert_fails(BASE_E_FORMAT, ledger_note_sign(base_bytes_text("text"), "name", &secret, &out));
    assert_fails(BASE_E_FORMAT, ledger_note_sign(base_bytes_text("te\txt\n"), "name", &secret, &out));
    assert_fails(BASE_E_ENCODING, ledger_note_sign(base_bytes_text("te\xc0\n"), "name", &secret, &out));
    assert_fails(BASE_E_FORMAT, ledger_note_sign(base_bytes_text("text\n"), "na me", &secret, &out));
    assert_fails(BASE_E_FORMAT, ledger_note_sign(base_bytes_text("text\n"), "", &secret, &out));
    assert_fails(BASE_E_ARGUMENT, ledger_note_sign(base_bytes_text("cosignature/v1\ntime 1\n"), "name", &secret, &out));
    while (large.len < LEDGER_NOTE_MAX - 50)
        assert_ok(base_buffer_text(&large, "x"));
    assert_ok(base_buffer_text(&large, "\n"));
    assert_fails(BASE_E_LIMIT, ledger_note_sign(base_bytes_buffer(&large), "name", &secret, &out));
    while (large.len <= LEDGER_NOTE_MAX)
        assert_ok(base_buffer_text(&large, "\n"));
    assert_fails(BASE_E_LIMIT, ledger_note_sign(base_bytes_buffer(&large), "name", &secret, &out));
    assert_bytes("kept", base_bytes_buffer(&out));
    base_buffer_release(&out);
    base_buffer_release(&large);
}

static void adds_a_signature_once_and_up_to_sixteen(void **state)
{
    (void)state;
    struct crypto_sign_public key;
    struct crypto_sign_secret secret = secret_of(7, &key);
    struct base_buffer note = BASE_BUFFER_EMPTY, next = BASE_BUFFER_EMPTY;
    char name[16];
    assert_ok(ledger_note_sign(base_bytes_text("text\n"), "name0", &secret, &note));
    for (int i = 1; i < LEDGER_NOTE_SIGNATURES_MAX; i++) {
        snprintf(name, sizeof name, "name%d", i);
        assert_ok(ledger_note_add_signature(base_bytes_buffer(&note), name, &secret, &next));
        base_buffer_clear(&note);
        assert_ok(base_buffer_append(&note, base_bytes_buffer(&next)));
        base_buffer_clear(&next);
    }
    assert_fails(BASE_E_EXISTS, ledger_note_add_signature(base_bytes_buffer(&note), "name3", &secret, &next));
    assert_fails(BASE_E_LIMIT, ledger_note_add_signature(base_bytes_buffer(&note), "another", &secret, &next));
    assert_fails(BASE_E_FORMAT, ledger_note_add_signature(base_bytes_buffer(&note), "an other", &secret, &next));
    assert_fails(BASE_E_FORMAT, ledger_note_add_signature(base_bytes_text("text\n"), "another", &secret, &next));
    assert_fails(BASE_E_ARGUMENT, ledger_note_add_signature(base_bytes_text("cosignature/v1\nx\n\n" GO_LINE), "another", &secret, &next));
    assert_int_equal(next.len, 0);
    struct ledger_verifier verifier = verifier_of("name15", LEDGER_KEY_ED25519, 7);
    assert_ok(check_note(base_bytes_buffer(&note), &verifier));
    base_buffer_release(&note);
    base_buffer_release(&next);
}

/* ---- cosignatures ---- */

static void cosign_text(uint64_t seconds, uint8_t number, struct base_buffer *out)
{
    struct crypto_sign_public key;
    struct crypto_sign_secret secret = secret_of(number, &key);
    assert_ok(ledger_cosign(base_bytes_text(SOFA_NOTE), "witness", &secret, seconds, out));
}

static void cosigns_what_the_specification_says(void **state)
{
    (void)state;
    struct base_buffer out = BASE_BUFFER_EMPTY;
    struct ledger_verifier verifier = verifier_of("witness", LEDGER_KEY_COSIGNATURE, 9);
    struct ledger_note note;
    uint64_t seconds = 0;
    cosign_text(1679315147, 9, &out);
    assert_ok(ledger_note_parse(base_bytes_buffer(&out), &note));
    assert_int_equal(note.count, 3);
    assert_bytes(SOFA_TEXT, note.text);
    assert_ok(ledger_note_check(&note, &verifier));
    assert_ok(ledger_cosignature_time(&note, &verifier, &seconds));
    assert_int_equal(seconds, 1679315147);

    /* The key id, and the signed bytes, written out by hand. */
    struct base_bytes parts[3] = {base_bytes_text("witness"), base_bytes_of("\n\x04", 2), base_bytes_of(verifier.key.bytes, 32)};
    struct crypto_hash hash;
    crypto_sha256(parts, 3, &hash);
    const struct ledger_note_signature *line = &note.signatures[2];
    assert_int_equal(line->key_id >> 24, hash.bytes[0]);
    assert_int_equal(line->key_id & 0xff, hash.bytes[3]);
    assert_memory_equal(line->blob.data, "\0\0\0\0\x64\x18\x50\xcb", 8);
    struct crypto_signature signature;
    memcpy(signature.bytes, line->blob.data + 8, 64);
    assert_ok(crypto_sign_check(&verifier.key, base_bytes_text("cosignature/v1\ntime 1679315147\n" SOFA_TEXT), &signature));
    ledger_note_release(&note);
    base_buffer_release(&out);
}

static void a_cosignature_is_no_signature(void **state)
{
    (void)state;
    struct base_buffer out = BASE_BUFFER_EMPTY;
    struct ledger_note note;
    uint64_t seconds;
    struct ledger_verifier plain = verifier_of("witness", LEDGER_KEY_ED25519, 9), cosigner = verifier_of("witness", LEDGER_KEY_COSIGNATURE, 9);
    cosign_text(5, 9, &out);
    assert_ok(ledger_note_parse(base_bytes_buffer(&out), &note));
    assert_fails(BASE_E_KEY, ledger_note_check(&note, &plain));
    assert_fails(BASE_E_ARGUMENT, ledger_cosignature_time(&note, &plain, &seconds));
    plain.key_id = cosigner.key_id; /* the line passed off as an ordinary signature */
    assert_fails(BASE_E_SIGNATURE, ledger_note_check(&note, &plain));
    ledger_note_release(&note);
    base_buffer_release(&out);
}

/* Replaces the last line's time and checks: another time does not verify, one out of range is refused before that. */
static void the_time_is_signed(void **state)
{
    (void)state;
    struct base_buffer out = BASE_BUFFER_EMPTY;
    struct ledger_note note;
    uint64_t seconds;
    struct ledger_verifier cosigner = verifier_of("witness", LEDGER_KEY_COSIGNATURE, 9);
    cosign_text(5, 9, &out);
    assert_ok(ledger_note_parse(base_bytes_buffer(&out), &note));
    uint8_t *blob = (uint8_t *)note.storage.data + note.storage.len - 72;
    assert_ptr_equal(blob, note.signatures[2].blob.data);
    blob[7] = 6;
    assert_fails(BASE_E_SIGNATURE, ledger_cosignature_time(&note, &cosigner, &seconds));
    blob[7] = 5;
    assert_ok(ledger_cosignature_time(&note, &cosigner, &seconds));
    blob[0] = 0x80;
    assert_fails(BASE_E_RANGE, ledger_cosignature_time(&note, &cosigner, &seconds));
    blob[0] = 0;
    note.signatures[2].blob.len = 71;
    assert_fails(BASE_E_SIGNATURE, ledger_note_check(&note, &cosigner));
    ledger_note_release(&note);
    base_buffer_release(&out);
}

static void cosigns_once_and_checkpoints_only(void **state)
{
    (void)state;
    struct crypto_sign_public key;
    struct crypto_sign_secret secret = secret_of(9, &key);
    struct base_buffer out = BASE_BUFFER_EMPTY, again = BASE_BUFFER_EMPTY;
    cosign_text(INT64_MAX, 9, &out);
    assert_fails(BASE_E_EXISTS, ledger_cosign(base_bytes_buffer(&out), "witness", &secret, 6, &again));
    assert_fails(BASE_E_RANGE, ledger_cosign(base_bytes_text(SOFA_NOTE), "witness", &secret, (uint64_t)INT64_MAX + 1, &again));
    assert_fails(BASE_E_FORMAT, ledger_cosign(base_bytes_text(SPEC_NOTE "\n" GO_LINE), "witness", &secret, 6, &again));
    assert_fails(BASE_E_FORMAT, ledger_cosign(base_bytes_text(SOFA_TEXT), "witness", &secret, 6, &again));
    assert_fails(BASE_E_FORMAT, ledger_cosign(base_bytes_text(SOFA_NOTE), "wit ness", &secret, 6, &again));
    assert_int_equal(again.len, 0);
    struct ledger_verifier cosigner = verifier_of("witness", LEDGER_KEY_COSIGNATURE, 9);
    assert_ok(check_note(base_bytes_buffer(&out), &cosigner));
    base_buffer_release(&out);
    base_buffer_release(&again);
}

static void of_several_cosignatures_the_first_gives_the_time(void **state)
{
    (void)state;
    struct base_buffer one = BASE_BUFFER_EMPTY, two = BASE_BUFFER_EMPTY;
    struct ledger_verifier cosigner = verifier_of("witness", LEDGER_KEY_COSIGNATURE, 9);
    struct ledger_note note;
    uint64_t seconds;
    cosign_text(50, 9, &one);
    cosign_text(40, 9, &two);
    assert_ok(base_buffer_append(&one, base_bytes_of(two.data + strlen(SOFA_NOTE), two.len - strlen(SOFA_NOTE))));
    assert_ok(ledger_note_parse(base_bytes_buffer(&one), &note));
    assert_int_equal(note.count, 4);
    assert_ok(ledger_cosignature_time(&note, &cosigner, &seconds));
    assert_int_equal(seconds, 50);
    ledger_note_release(&note);
    base_buffer_release(&one);
    base_buffer_release(&two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_the_example_of_the_specification),
        cmocka_unit_test(signs_the_example_of_go),
        cmocka_unit_test(splits_at_the_last_blank_line),
        cmocka_unit_test(reads_the_example_of_cosignatures),
        cmocka_unit_test(refuses_notes_of_another_form),
        cmocka_unit_test(holds_the_limits),
        cmocka_unit_test(refuses_names_with_any_unicode_space),
        cmocka_unit_test(refuses_verifier_keys_that_do_not_agree),
        cmocka_unit_test(writes_verifier_keys_it_reads),
        cmocka_unit_test(ignores_signatures_of_others),
        cmocka_unit_test(one_bad_signature_by_a_known_key_is_enough),
        cmocka_unit_test(no_flipped_bit_verifies),
        cmocka_unit_test(refuses_to_sign_what_is_no_text),
        cmocka_unit_test(adds_a_signature_once_and_up_to_sixteen),
        cmocka_unit_test(cosigns_what_the_specification_says),
        cmocka_unit_test(a_cosignature_is_no_signature),
        cmocka_unit_test(the_time_is_signed),
        cmocka_unit_test(cosigns_once_and_checkpoints_only),
        cmocka_unit_test(of_several_cosignatures_the_first_gives_the_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
