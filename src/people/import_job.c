/* SPDX-License-Identifier: Apache-2.0 */
#include "people/import_job.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { ROWS_BETWEEN_PROGRESS = 512 };

enum base_code people_job_row(struct people_job *job, const struct people_stream *stream)
{
    job->facts->rows++;
    if (job->sink->progress == NULL || job->facts->rows % ROWS_BETWEEN_PROGRESS != 0)
        return BASE_OK;
    uint64_t done = job->done_before + people_stream_position(stream);
    if (done > job->done_told)
        job->done_told = done;
    return job->sink->progress(job->sink->context, job->done_told, job->total_bytes);
}

enum base_code people_job_fragment(struct people_job *job, const struct people_record *fragment)
{
    job->facts->fragments++;
    return job->sink->fragment(job->sink->context, fragment);
}

void people_job_bad(struct people_job *job, const struct people_stream *stream, uint64_t line, const char *reason)
{
    job->facts->bad_rows++;
    if (job->sink->bad_row != NULL)
        job->sink->bad_row(job->sink->context, stream->file, line, reason);
}

enum base_code people_job_end_row(struct people_job *job, enum base_code code, const struct people_record *fragment,
                                  const struct people_stream *stream, uint64_t line)
{
    if (code == BASE_OK && fragment->source_key != NULL && fragment->name_count > 0)
        return people_job_fragment(job, fragment);
    if (code == BASE_OK) {
        people_job_bad(job, stream, line, fragment->source_key == NULL ? "no key" : "no name");
        return BASE_OK;
    }
    if (code != BASE_E_LIMIT && code != BASE_E_ENCODING && code != BASE_E_FORMAT && code != BASE_E_RANGE)
        return code;
    people_job_bad(job, stream, line, base_detail());
    return BASE_OK;
}

enum base_code people_job_check(const struct people_job *job)
{
    const struct people_import_facts *facts = job->facts;
    if (facts->rows == 0)
        return base_fail(BASE_E_TRUNCATED, "the file holds no rows");
    if (facts->bad_rows > facts->rows / 2)
        return base_fail(BASE_E_FORMAT, "%llu of %llu rows cannot be read: this is another kind of file",
                         (unsigned long long)facts->bad_rows, (unsigned long long)facts->rows);
    return BASE_OK;
}

enum base_code people_add_birth_text(struct people_record *record, struct base_bytes text, enum people_date_order order,
                                     struct base_bytes stated_by)
{
    struct people_date date = {0};
    text = people_trim(text);
    if (text.len == 0)
        return BASE_OK;
    if (people_date_parse(text, order, &date) != BASE_OK)
        return people_add_remark(record, "Born: ", text);
    return people_record_add_birth(record, date.from, date.to, date.is_circa, stated_by);
}

/* How many bytes of the text go into one remark: all, or up to the last blank before the limit, or up to a whole
 * character. */
static size_t remark_cut(struct base_bytes text, size_t most)
{
    if (text.len <= most)
        return text.len;
    for (size_t cut = most; cut > most / 2; cut--)
        if (text.data[cut] == ' ')
            return cut;
    while (most > 1 && (text.data[most] & 0xc0) == 0x80)
        most--;
    return most;
}

enum base_code people_add_remark(struct people_record *record, const char *label, struct base_bytes text)
{
    struct base_buffer labelled = BASE_BUFFER_EMPTY;
    enum base_code code = BASE_OK;
    text = people_trim(text);
    while (text.len > 0 && code == BASE_OK) {
        size_t cut = remark_cut(text, PEOPLE_TEXT_MAX / 2); /* normal form may make it longer */
        base_buffer_clear(&labelled);
        if ((code = base_buffer_text(&labelled, label)) != BASE_OK ||
            (code = base_buffer_append(&labelled, base_bytes_of(text.data, cut))) != BASE_OK)
            break;
        code = people_texts_add(&record->remarks, base_bytes_buffer(&labelled));
        text = people_trim(base_bytes_of(text.data + cut, text.len - cut));
    }
    base_buffer_release(&labelled);
    return code;
}

void people_set_sex_text(struct people_record *record, struct base_bytes text)
{
    static const char *const words[] = {"male", "m", "female", "f"};
    text = people_trim(text);
    for (size_t i = 0; i < 4; i++)
        if (text.len == strlen(words[i]) && people_starts_with(text, words[i]))
            record->sex = i < 2 ? 'm' : 'f';
}

struct base_bytes people_trim(struct base_bytes text)
{
    while (text.len > 0 && text.data[0] <= ' ') {
        text.data++;
        text.len--;
    }
    while (text.len > 0 && text.data[text.len - 1] <= ' ')
        text.len--;
    return text;
}

bool people_starts_with(struct base_bytes text, const char *prefix)
{
    size_t len = strlen(prefix);
    return text.len >= len && (len == 0 || strncasecmp((const char *)text.data, prefix, len) == 0);
}

bool people_next_part(struct base_bytes *rest, char mark, struct base_bytes *part)
{
    if (rest->len == 0)
        return false;
    const uint8_t *at = memchr(rest->data, mark, rest->len);
    size_t len = at == NULL ? rest->len : (size_t)(at - rest->data);
    size_t taken = at == NULL ? len : len + 1;
    *part = people_trim(base_bytes_of(rest->data, len));
    *rest = base_bytes_of(rest->data + taken, rest->len - taken);
    return true;
}

/* Where the `number`-th mark of the style ('1' or 'a') stands in `text`, and its length; false when it does not. */
static bool find_mark(struct base_bytes text, char style, unsigned number, size_t *at, size_t *len)
{
    char mark[8];
    if (style == 'a' && number > 26)
        return false;
    if (style == 'a')
        snprintf(mark, sizeof mark, "%c)", (int)('a' + number - 1));
    else
        snprintf(mark, sizeof mark, "%u)", number % 10000);
    size_t mark_len = strlen(mark);
    for (size_t i = 0; i + mark_len <= text.len; i++) {
        bool is_free = i == 0 || text.data[i - 1] == '(' || text.data[i - 1] <= ' ';
        if (!is_free || strncasecmp((const char *)text.data + i, mark, mark_len) != 0)
            continue;
        bool has_bracket = i > 0 && text.data[i - 1] == '(';
        *at = has_bracket ? i - 1 : i;
        *len = mark_len + has_bracket;
        return true;
    }
    return false;
}

bool people_next_numbered(struct base_bytes *rest, unsigned *number, struct base_bytes *part)
{
    size_t at = 0, len = 0, next_at = 0, next_len = 0;
    *rest = people_trim(*rest);
    if (rest->len == 0)
        return false;
    if (*number == 0)
        *number = 1;
    char style = find_mark(*rest, '1', *number, &at, &len) && at == 0   ? '1'
                 : find_mark(*rest, 'a', *number, &at, &len) && at == 0 ? 'a'
                                                                        : 0;
    if (style == 0) {
        *part = *rest;
        *rest = base_bytes_of(NULL, 0);
        return true;
    }
    struct base_bytes after = base_bytes_of(rest->data + len, rest->len - len);
    if (!find_mark(after, style, *number + 1, &next_at, &next_len))
        next_at = after.len;
    ++*number;
    *part = people_trim(base_bytes_of(after.data, next_at));
    *rest = base_bytes_of(after.data + next_at, after.len - next_at);
    return true;
}
