/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/content.h"

#include "crypto/text.h"
#include "exchange/sample.h"

#define EMPTY "{\"attachments\":[],\"persons\":[],\"texts\":{}}"

static void assert_encoded(const struct exchange_content *content, const char *expected)
{
    struct base_buffer bytes = BASE_BUFFER_EMPTY;
    assert_ok(exchange_content_encode(content, &bytes));
    assert_string_equal(expected, base_buffer_c_string(&bytes));
    base_buffer_release(&bytes);
}

static enum base_code decoded(const char *json)
{
    struct exchange_content content;
    enum base_code code = exchange_content_decode(base_bytes_text(json), &content);
    exchange_content_release(&content); /* a failed decode leaves it empty */
    return code;
}

static void a_content_is_written_as_the_document_says(void **state)
{
    (void)state;
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    assert_encoded(&content, EMPTY);
    assert_ok(exchange_content_set_text(&content, EXCHANGE_TEXT_USE, base_bytes_text("search")));
    assert_ok(exchange_content_set_text(&content, EXCHANGE_TEXT_FACTS, base_bytes_text("\"seen\"\tat C:\\\nБрест")));
    assert_ok(exchange_content_add_person(&content, base_bytes_text(" { \"b\" : [ 2, 1 ], \"a\" : \"\\u0041\\u0007\" } ")));
    assert_ok(exchange_content_add_attachment(&content, "note.txt", "text/plain", base_bytes_text("hello\n")));
    assert_encoded(&content, "{\"attachments\":[{\"data\":\"aGVsbG8K\",\"name\":\"note.txt\",\"type\":\"text/plain\"}],"
                             "\"persons\":[{\"a\":\"A\\u0007\",\"b\":[2,1]}],"
                             "\"texts\":{\"facts\":\"\\\"seen\\\"\\tat C:\\\\\\nБрест\",\"use\":\"search\"}}");
    exchange_content_release(&content);
    assert_encoded(&content, EMPTY); /* empty, and usable again */
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY, again;
    struct base_buffer bytes = BASE_BUFFER_EMPTY, once_more = BASE_BUFFER_EMPTY;
    static const uint8_t binary[] = {0, 1, 0xff, '"'};
    for (unsigned i = 0; i < EXCHANGE_TEXT_COUNT; i++)
        assert_ok(exchange_content_set_text(&content, (enum exchange_text)i, base_bytes_text(exchange_text_keys.items[i])));
    assert_ok(exchange_content_add_person(&content, base_bytes_text("{\"id\":\"1\"}")));
    assert_ok(exchange_content_add_person(&content, base_bytes_text("{}")));
    assert_ok(exchange_content_add_attachment(&content, "a b.bin", "application/octet-stream", base_bytes_of(binary, sizeof binary)));
    assert_ok(exchange_content_add_attachment(&content, "empty", "", base_bytes_of(NULL, 0)));
    assert_ok(exchange_content_encode(&content, &bytes));
    assert_ok(exchange_content_decode(base_bytes_buffer(&bytes), &again));
    assert_int_equal(2, again.person_count);
    assert_int_equal(2, again.attachment_count);
    assert_bytes("{\"id\":\"1\"}", base_bytes_buffer(&again.persons[0]));
    assert_string_equal("a b.bin", again.attachments[0].name);
    assert_string_equal("application/octet-stream", again.attachments[0].type);
    assert_int_equal(sizeof binary, again.attachments[0].data.len);
    assert_memory_equal(binary, again.attachments[0].data.data, sizeof binary);
    assert_int_equal(0, again.attachments[1].data.len);
    for (unsigned i = 0; i < EXCHANGE_TEXT_COUNT; i++)
        assert_string_equal(exchange_text_keys.items[i], again.texts[i]);
    assert_ok(exchange_content_encode(&again, &once_more));
    assert_true(base_bytes_equal(base_bytes_buffer(&bytes), base_bytes_buffer(&once_more)));
    exchange_content_release(&content);
    exchange_content_release(&again);
    base_buffer_release(&bytes);
    base_buffer_release(&once_more);
}

static char *filled(size_t len)
{
    char *text = malloc(len + 1);
    assert_non_null(text);
    memset(text, 'x', len);
    text[len] = 0;
    return text;
}

static void texts_have_limits(void **state)
{
    (void)state;
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    char *longest = filled(EXCHANGE_TEXT_BYTES_MAX), *longer = filled(EXCHANGE_TEXT_BYTES_MAX + 1);
    assert_fails(BASE_E_LIMIT, exchange_content_set_text(&content, EXCHANGE_TEXT_TEXT, base_bytes_text(longer)));
    assert_null(content.texts[EXCHANGE_TEXT_TEXT]);
    assert_ok(exchange_content_set_text(&content, EXCHANGE_TEXT_TEXT, base_bytes_text(longest)));
    assert_fails(BASE_E_EXISTS, exchange_content_set_text(&content, EXCHANGE_TEXT_TEXT, base_bytes_text("again")));
    assert_string_equal(longest, content.texts[EXCHANGE_TEXT_TEXT]);
    assert_ok(exchange_content_set_text(&content, EXCHANGE_TEXT_FACTS, base_bytes_of(NULL, 0)));
    assert_string_equal("", content.texts[EXCHANGE_TEXT_FACTS]);
    assert_ok(exchange_content_set_text(&content, EXCHANGE_TEXT_LINK, base_bytes_text("line\nand\ttab")));
    static const char *const bad[] = {"\r", "\x01", "\x1b[31m", "\x7f", "\xff", "\xc0\x80", "\xed\xa0\x80", "cut \xe2\x82"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_fails(BASE_E_ENCODING, exchange_content_set_text(&content, EXCHANGE_TEXT_USE, base_bytes_text(bad[i])));
    assert_fails(BASE_E_ENCODING, exchange_content_set_text(&content, EXCHANGE_TEXT_USE, base_bytes_of("a\0b", 3)));
    assert_null(content.texts[EXCHANGE_TEXT_USE]);
    exchange_content_release(&content);
    free(longest);
    free(longer);
}

static void persons_have_limits(void **state)
{
    (void)state;
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    static const char *const bad[] = {"", "[]", "\"p\"", "7", "null", "{", "{\"a\":1,\"a\":2}", "{\"a\":\"\\u0000\"}", "{} {}", "{\"a\":\xff}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_fails(BASE_E_FORMAT, exchange_content_add_person(&content, base_bytes_text(bad[i])));
    assert_int_equal(0, content.person_count);
    for (unsigned i = 0; i < EXCHANGE_PERSONS_MAX; i++)
        assert_ok(exchange_content_add_person(&content, base_bytes_text("{}")));
    assert_fails(BASE_E_LIMIT, exchange_content_add_person(&content, base_bytes_text("{}")));
    assert_int_equal(EXCHANGE_PERSONS_MAX, content.person_count);
    exchange_content_release(&content);
    char *longer = filled(EXCHANGE_CONTENT_MAX + 1);
    assert_fails(BASE_E_LIMIT, exchange_content_add_person(&content, base_bytes_text(longer)));
    free(longer);
    exchange_content_release(&content);
}

/* jansson's own limit of 2,048 ends it before the stack does. */
static void persons_are_not_nested_without_end(void **state)
{
    (void)state;
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    struct base_buffer json = BASE_BUFFER_EMPTY;
    for (unsigned i = 0; i < 30000; i++)
        assert_ok(base_buffer_text(&json, "{\"a\":"));
    assert_fails(BASE_E_FORMAT, exchange_content_add_person(&content, base_bytes_buffer(&json)));
    base_buffer_release(&json);
    exchange_content_release(&content);
}

static void attachments_have_limits(void **state)
{
    (void)state;
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    char *name = filled(EXCHANGE_FILE_NAME_MAX), *type = filled(EXCHANGE_FILE_TYPE_MAX), *data = filled(EXCHANGE_ATTACHMENT_MAX + 1);
    char *long_name = filled(EXCHANGE_FILE_NAME_MAX + 1), *long_type = filled(EXCHANGE_FILE_TYPE_MAX + 1);
    static const struct {
        const char *name, *type;
        enum base_code code;
    } bad[] = {
        {"", "t", BASE_E_FORMAT},        {".", "t", BASE_E_FORMAT},        {"..", "t", BASE_E_FORMAT},      {"a/b", "t", BASE_E_FORMAT},
        {"/etc/x", "t", BASE_E_FORMAT},  {"a\n", "t", BASE_E_ENCODING},    {"a\x1b", "t", BASE_E_ENCODING}, {"\xff", "t", BASE_E_ENCODING},
        {"a", "t\n", BASE_E_ENCODING},   {"a", "\xc3", BASE_E_ENCODING},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_fails(bad[i].code, exchange_content_add_attachment(&content, bad[i].name, bad[i].type, base_bytes_text("x")));
    assert_fails(BASE_E_LIMIT, exchange_content_add_attachment(&content, long_name, "t", base_bytes_text("x")));
    assert_fails(BASE_E_LIMIT, exchange_content_add_attachment(&content, "a", long_type, base_bytes_text("x")));
    assert_fails(BASE_E_LIMIT, exchange_content_add_attachment(&content, "a", "t", base_bytes_of(data, EXCHANGE_ATTACHMENT_MAX + 1)));
    assert_int_equal(0, content.attachment_count);
    assert_ok(exchange_content_add_attachment(&content, name, type, base_bytes_of(data, EXCHANGE_ATTACHMENT_MAX)));
    assert_ok(exchange_content_add_attachment(&content, "...", "t", base_bytes_text("a name all the same")));
    for (unsigned i = 2; i < EXCHANGE_ATTACHMENTS_MAX; i++)
        assert_ok(exchange_content_add_attachment(&content, "a", "t", base_bytes_of(NULL, 0)));
    assert_fails(BASE_E_LIMIT, exchange_content_add_attachment(&content, "a", "t", base_bytes_of(NULL, 0)));
    exchange_content_release(&content);
    free(name);
    free(type);
    free(data);
    free(long_name);
    free(long_type);
}

static void the_terms_allow_so_many_bytes_of_attachments(void **state)
{
    (void)state;
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    struct exchange_terms terms;
    sample_terms(&terms);
    terms.max_attachment = 6;
    assert_ok(exchange_content_check_terms(&content, &terms));
    assert_ok(exchange_content_add_attachment(&content, "a", "t", base_bytes_text("abc")));
    assert_ok(exchange_content_add_attachment(&content, "b", "t", base_bytes_text("def")));
    assert_ok(exchange_content_check_terms(&content, &terms));
    terms.max_attachment = 5; /* together */
    assert_fails(BASE_E_OUTSIDE_TERMS, exchange_content_check_terms(&content, &terms));
    terms.max_attachment = 0;
    assert_fails(BASE_E_OUTSIDE_TERMS, exchange_content_check_terms(&content, &terms));
    exchange_content_release(&content);
}

/* A content of exactly the limit is written and read; one byte more is not. */
static void the_document_has_a_limit(void **state)
{
    (void)state;
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    struct base_buffer bytes = BASE_BUFFER_EMPTY, person = BASE_BUFFER_EMPTY;
    for (unsigned i = 0; i < 2; i++) {
        size_t len = EXCHANGE_CONTENT_MAX - strlen(EMPTY) - strlen("{\"a\":\"\"}") + i;
        char *text = filled(len);
        base_buffer_clear(&bytes);
        base_buffer_clear(&person);
        assert_ok(base_buffer_format(&person, "{\"a\":\"%s\"}", text));
        free(text);
        assert_ok(exchange_content_add_person(&content, base_bytes_buffer(&person)));
        if (i == 0) {
            assert_ok(exchange_content_encode(&content, &bytes));
            assert_int_equal(EXCHANGE_CONTENT_MAX, bytes.len);
            exchange_content_release(&content);
            assert_ok(exchange_content_decode(base_bytes_buffer(&bytes), &content));
        } else {
            assert_fails(BASE_E_LIMIT, exchange_content_encode(&content, &bytes));
        }
        exchange_content_release(&content);
    }
    base_buffer_clear(&bytes);
    assert_ok(base_buffer_text(&bytes, EMPTY));
    while (bytes.len <= EXCHANGE_CONTENT_MAX)
        assert_ok(base_buffer_text(&bytes, " "));
    assert_fails(BASE_E_LIMIT, exchange_content_decode(base_bytes_buffer(&bytes), &content));
    base_buffer_release(&bytes);
    base_buffer_release(&person);
}

static void only_what_would_be_written_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        enum base_code code;
    } cases[] = {
        {EMPTY, BASE_OK},
        {"", BASE_E_FORMAT},
        {"null", BASE_E_FORMAT},
        {"[]", BASE_E_FORMAT},
        {"{}", BASE_E_FORMAT},
        {EMPTY " ", BASE_E_FORMAT},
        {" " EMPTY, BASE_E_FORMAT},
        {EMPTY "\n", BASE_E_FORMAT},
        {EMPTY EMPTY, BASE_E_FORMAT},
        {"\xef\xbb\xbf" EMPTY, BASE_E_FORMAT},
        {"{\"attachments\":[],\"persons\":[]}", BASE_E_FORMAT},
        {"{\"attachments\":[],\"texts\":{}}", BASE_E_FORMAT},
        {"{\"persons\":[],\"texts\":{}}", BASE_E_FORMAT},
        {"{\"persons\":[],\"attachments\":[],\"texts\":{}}", BASE_E_FORMAT},
        {"{\"attachments\":[],\"persons\":[],\"texts\":{},\"z\":1}", BASE_E_FORMAT},
        {"{\"attachments\":[],\"persons\":[],\"persons\":[],\"texts\":{}}", BASE_E_FORMAT},
        {"{\"attachments\":{},\"persons\":[],\"texts\":{}}", BASE_E_FORMAT},
        {"{\"attachments\":[],\"persons\":{},\"texts\":{}}", BASE_E_FORMAT},
        {"{\"attachments\":[],\"persons\":[],\"texts\":[]}", BASE_E_FORMAT},
        {"{\"attachments\":[],\"persons\":[],\"texts\":null}", BASE_E_FORMAT},
        {"{\"attachments\":[],\"persons\":[],\"texts\":{\"text\":\"a\\/b\"}}", BASE_E_FORMAT},
        {"{\"attachments\":[],\"persons\":[],\"texts\":{\"text\":\"\\u0061\"}}", BASE_E_FORMAT},
        {"{\"attachments\":[],\"persons\":[],\"texts\":{\"text\":\"\\u000a\"}}", BASE_E_FORMAT},
        {"{\"attachments\":[],\"persons\":[],\"texts\":{\"text\":\"\\ud800\"}}", BASE_E_FORMAT},
        {"{\"attachments\":[],\"persons\":[],\"texts\":{\"text\":\"\\u0000\"}}", BASE_E_FORMAT},
        {"{\"attachments\":[],\"persons\":[],\"texts\":{\"text\":\"\xff\"}}", BASE_E_FORMAT},
        {"{\"attachments\":[],\"persons\":[],\"texts\":{\"text\":\"\\r\"}}", BASE_E_ENCODING},
        {"{\"attachments\":[],\"persons\":[],\"texts\":{\"text\":\"\\u001b\"}}", BASE_E_ENCODING},
        {"{\"attachments\":[],\"persons\":[],\"texts\":{\"text\":true}}", BASE_E_FORMAT},
        {"{\"attachments\":[],\"persons\":[],\"texts\":{\"Text\":\"a\"}}", BASE_E_FORMAT},
        {"{\"attachments\":[],\"persons\":[],\"texts\":{\"use\":\"a\",\"text\":\"b\"}}", BASE_E_FORMAT},
        {"{\"attachments\":[],\"persons\":[],\"texts\":{\"text\":\"a\",\"text\":\"b\"}}", BASE_E_FORMAT},
        {"{\"attachments\":[],\"persons\":[],\"texts\":{\"text\":\"ok\",\"use\":\"\"}}", BASE_OK},
        {"{\"attachments\":[],\"persons\":[7],\"texts\":{}}", BASE_E_FORMAT},
        {"{\"attachments\":[],\"persons\":[{\"b\":1,\"a\":2}],\"texts\":{}}", BASE_E_FORMAT},
        {"{\"attachments\":[],\"persons\":[{\"a\":1,\"b\":1.5}],\"texts\":{}}", BASE_OK},
        {"{\"attachments\":[],\"persons\":[{\"a\":1e2}],\"texts\":{}}", BASE_E_FORMAT},
        {"{\"attachments\":[],\"persons\":[{\"a\":99999999999999999999}],\"texts\":{}}", BASE_E_FORMAT},
        {"{\"attachments\":[],\"persons\":[{\"a\":-0}],\"texts\":{}}", BASE_E_FORMAT},
        {"{\"attachments\":[7],\"persons\":[],\"texts\":{}}", BASE_E_FORMAT},
        {"{\"attachments\":[{}],\"persons\":[],\"texts\":{}}", BASE_E_FORMAT},
        {"{\"attachments\":[{\"data\":\"\",\"name\":\"a\"}],\"persons\":[],\"texts\":{}}", BASE_E_FORMAT},
        {"{\"attachments\":[{\"data\":\"\",\"name\":\"a\",\"size\":1,\"type\":\"t\"}],\"persons\":[],\"texts\":{}}", BASE_E_FORMAT},
        {"{\"attachments\":[{\"data\":7,\"name\":\"a\",\"type\":\"t\"}],\"persons\":[],\"texts\":{}}", BASE_E_FORMAT},
        {"{\"attachments\":[{\"data\":\"YQ\",\"name\":\"a\",\"type\":\"t\"}],\"persons\":[],\"texts\":{}}", BASE_E_FORMAT},
        {"{\"attachments\":[{\"data\":\"YR==\",\"name\":\"a\",\"type\":\"t\"}],\"persons\":[],\"texts\":{}}", BASE_E_FORMAT},
        {"{\"attachments\":[{\"data\":\"YQ==\",\"name\":\"a/b\",\"type\":\"t\"}],\"persons\":[],\"texts\":{}}", BASE_E_FORMAT},
        {"{\"attachments\":[{\"data\":\"YQ==\",\"name\":\"a\",\"type\":\"t\"}],\"persons\":[],\"texts\":{}}", BASE_OK},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum base_code code = decoded(cases[i].json);
        if (code != cases[i].code)
            fail_msg("%s: %s (%s), expected %s", cases[i].json, base_code_word(code), code == BASE_OK ? "" : base_detail(), base_code_word(cases[i].code));
    }
}

/* Cut anywhere, a document is none. */
static void a_cut_document_is_not_read(void **state)
{
    (void)state;
    static const char json[] = "{\"attachments\":[{\"data\":\"YQ==\",\"name\":\"a\",\"type\":\"t\"}],\"persons\":[{\"id\":\"1\"}],\"texts\":{\"text\":\"ok\"}}";
    struct exchange_content content;
    for (size_t len = 0; len < sizeof json - 1; len++)
        assert_fails(BASE_E_FORMAT, exchange_content_decode(base_bytes_of(json, len), &content));
    assert_ok(exchange_content_decode(base_bytes_text(json), &content));
    exchange_content_release(&content);
}

/* statements 5.5, worked out with another program:
 *     printf 'entente/exchange/content/v1\0' ; length of the salt as u64be, the salt, length of the content as u64be, the content */
static void a_commitment_is_over_salt_and_content(void **state)
{
    (void)state;
    uint8_t salt[EXCHANGE_SALT_LEN];
    struct crypto_hash commitment, other;
    char hex[65];
    memset(salt, 0x5a, sizeof salt);
    exchange_commit(salt, base_bytes_text(EMPTY), &commitment);
    crypto_hex_encode(base_bytes_of(commitment.bytes, sizeof commitment.bytes), hex);
    assert_string_equal("6e6602466097287f95a09ead3f0c53899d7da2ffb4d48d7bff8d2455d86455aa", hex);
    salt[0] ^= 1;
    exchange_commit(salt, base_bytes_text(EMPTY), &other);
    assert_false(crypto_hash_equal(&commitment, &other));
}

/* FATF Recommendation 40: a hint, by words, at the beginning of a word only. */
static void reasons_that_are_none_are_pointed_out(void **state)
{
    (void)state;
    static const struct {
        enum exchange_code code;
        const char *reason;
        const char *word; /* of the warning; NULL for none */
    } cases[] = {
        {EXCHANGE_OUT_OF_SCOPE, "", NULL},
        {EXCHANGE_OUT_OF_SCOPE, "not our remit", NULL},
        {EXCHANGE_OUT_OF_SCOPE, "a TAX matter", "tax"},
        {EXCHANGE_OUT_OF_SCOPE, "fiscal offence", "tax"},
        {EXCHANGE_OUT_OF_SCOPE, "the syntax is wrong", NULL},
        {EXCHANGE_OUT_OF_SCOPE, "bank secrecy", "secrecy"},
        {EXCHANGE_OUT_OF_SCOPE, "Confidentiality of accounts", "secrecy"},
        {EXCHANGE_NO_LEGAL_BASIS, "an investigation is under way", "under way"},
        {EXCHANGE_JEOPARDISES_INVESTIGATION, "an investigation is under way", NULL},
        {EXCHANGE_OUT_OF_SCOPE, "the asker is not a police force", "another type of authority"},
        {EXCHANGE_OUT_OF_SCOPE, "another kind of authority", "another type of authority"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *warning = exchange_reason_warning(cases[i].code, cases[i].reason);
        if ((warning == NULL) != (cases[i].word == NULL) || (warning != NULL && strstr(warning, cases[i].word) == NULL))
            fail_msg("\"%s\": %s", cases[i].reason, warning == NULL ? "no warning" : warning);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_content_is_written_as_the_document_says),
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(texts_have_limits),
        cmocka_unit_test(persons_have_limits),
        cmocka_unit_test(persons_are_not_nested_without_end),
        cmocka_unit_test(attachments_have_limits),
        cmocka_unit_test(the_terms_allow_so_many_bytes_of_attachments),
        cmocka_unit_test(the_document_has_a_limit),
        cmocka_unit_test(only_what_would_be_written_is_read),
        cmocka_unit_test(a_cut_document_is_not_read),
        cmocka_unit_test(a_commitment_is_over_salt_and_content),
        cmocka_unit_test(reasons_that_are_none_are_pointed_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
