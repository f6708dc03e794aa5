/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/lines.h"

#include <string.h>

static bool is_text(struct verify_span value, uint64_t min, uint64_t max)
{
    if (value.len < min || value.len > max)
        return false;
    for (size_t i = 0; i < value.len; i++)
        if (value.data[i] < 0x20 || value.data[i] == 0x7f)
            return false;
    return true;
}

bool verify_is_word(struct verify_span word)
{
    for (size_t i = 0; i < word.len; i++)
        if (!((word.data[i] >= 'a' && word.data[i] <= 'z') || word.data[i] == '-' || (word.data[i] >= '0' && word.data[i] <= '9')))
            return false;
    return word.len >= 1 && word.len <= VERIFY_KIND_MAX;
}

static bool read_number(struct verify_span text, uint64_t min, uint64_t max, int64_t *out)
{
    uint64_t number;
    if (!verify_decimal(text, max, &number) || number < min)
        return false;
    *out = (int64_t)number;
    return true;
}

static bool read_class(struct verify_span text, int64_t *out)
{
    return read_number(text, 1, 5, out) && *out % 2 == 1;
}

/* "-" is no hash, and a hash of zeros would be taken for it. */
static bool read_hash_or_none(struct verify_span text, struct verify_hash *out)
{
    static const struct verify_hash none;
    if (verify_span_is(text, "-"))
        return true;
    return verify_hex(text, out->bytes, sizeof out->bytes) && memcmp(out, &none, sizeof none) != 0;
}

static bool read_word(const struct verify_words *words, struct verify_span text, int64_t *out)
{
    *out = verify_word_find(words, text);
    return *out >= 0;
}

static bool read_words(const struct verify_line *line, struct verify_span text, int64_t *out)
{
    uint32_t all = (uint32_t)((UINT64_C(1) << line->words->count) - 1), bits = 0;
    bool is_reasons = line->form == VERIFY_FORM_REASONS;
    bool is_alone = verify_span_is(text, is_reasons ? "all" : "-");
    if (!is_alone && (!verify_words_read(line->words, text, &bits) || (is_reasons && bits == all)))
        return false;
    *out = is_alone && is_reasons ? all : bits;
    return true;
}

static bool read_value(const struct verify_line *line, struct verify_value *value)
{
    struct verify_span text = value->text;
    switch (line->form) {
    case VERIFY_FORM_HEX:
        return verify_hex(text, value->hash.bytes, (size_t)line->max);
    case VERIFY_FORM_HASH_OR_NONE:
        return read_hash_or_none(text, &value->hash);
    case VERIFY_FORM_KEY:
        return verify_base64(text, value->hash.bytes, sizeof value->hash.bytes) == 32;
    case VERIFY_FORM_TEXT:
        return is_text(text, line->min, line->max);
    case VERIFY_FORM_NUMBER:
        return read_number(text, line->min, line->max, &value->number);
    case VERIFY_FORM_CLASS:
        return read_class(text, &value->number);
    case VERIFY_FORM_TIME:
        return verify_time_read(text, &value->number);
    case VERIFY_FORM_WORD:
        return read_word(line->words, text, &value->number);
    case VERIFY_FORM_WORDS:
    case VERIFY_FORM_REASONS:
        return read_words(line, text, &value->number);
    case VERIFY_FORM_ERROR:
        return verify_is_word(text);
    }
    return false;
}

enum verify_result verify_lines_take(struct verify_span *rest, const struct verify_line *lines, size_t count, const char *clause,
                                     struct verify_value values[VERIFY_LINES_MAX], struct verify_report *report)
{
    for (size_t i = 0; i < count; i++) {
        struct verify_span line;
        size_t len = strlen(lines[i].key);
        if (!verify_take_line(rest, &line) || !verify_span_begins(line, lines[i].key) || line.len < len + 2 ||
            line.data[len] != ':' || line.data[len + 1] != ' ')
            return verify_refute(report, clause, "the line \"%s\" does not stand where it must", lines[i].key);
        values[i] = (struct verify_value){.text = verify_span_of(line.data + len + 2, line.len - len - 2)};
        if (line.len > VERIFY_LINE_MAX || !read_value(&lines[i], &values[i]))
            return verify_refute(report, clause, "the line \"%s\" is not of the form it must have", lines[i].key);
    }
    return VERIFY_OK;
}

enum verify_result verify_lines_end(struct verify_span rest, const char *clause, struct verify_report *report)
{
    return rest.len == 0 ? VERIFY_OK : verify_refute(report, clause, "the text goes on after its last line");
}
