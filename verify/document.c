/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/document.h"

#include <stdlib.h>
#include <string.h>

struct verify_span verify_file_span(const struct verify_file *file)
{
    return verify_span_of(file->data, file->len);
}

enum verify_result verify_field_take(struct verify_span *rest, const char *key, const char *clause, struct verify_span *value,
                                     struct verify_report *report)
{
    struct verify_span line;
    size_t len = strlen(key);
    if (!verify_take_line(rest, &line) || !verify_span_begins(line, key) || line.len < len + 2 || line.data[len] != ':' ||
        line.data[len + 1] != ' ')
        return verify_refute(report, clause, "the line \"%s\" does not stand where it must", key);
    *value = verify_span_of(line.data + len + 2, line.len - len - 2);
    return VERIFY_OK;
}

enum verify_result verify_field_decode(struct verify_span *rest, const char *key, const char *clause, size_t max_len,
                                       struct verify_file *out, struct verify_report *report)
{
    struct verify_span value;
    VERIFY_TRY(verify_field_take(rest, key, clause, &value, report));
    out->data = malloc(max_len + 1);
    if (out->data == NULL)
        return verify_unreadable(report, "no memory for %zu bytes", max_len);
    long len = verify_base64(value, out->data, max_len);
    if (len < 0)
        return verify_refute(report, clause, "the line \"%s\" is not base64 of at most %zu bytes", key, max_len);
    out->len = (size_t)len;
    return VERIFY_OK;
}
