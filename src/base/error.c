/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static _Thread_local char last_detail[256];

enum base_code base_fail(enum base_code code, const char *format, ...)
{
    /* Formatted aside first: an argument may be the detail that is being replaced. */
    char text[sizeof last_detail];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    memcpy(last_detail, text, sizeof last_detail);
    return code;
}

const char *base_detail(void)
{
    return last_detail;
}

const char *base_code_word(enum base_code code)
{
#define WORD(code, word) [BASE_##code] = word,
    static const char *const words[BASE_CODE_COUNT] = {BASE_CODES(WORD)};
#undef WORD
    return (unsigned)code < BASE_CODE_COUNT ? words[code] : "unknown";
}

enum base_code base_code_from_word(const char *word)
{
    for (unsigned code = 0; code < BASE_CODE_COUNT; code++)
        if (strcmp(word, base_code_word((enum base_code)code)) == 0)
            return (enum base_code)code;
    return BASE_E_INTERNAL;
}

enum base_code base_code_from_errno(int errno_value)
{
    switch (errno_value) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG: /* the process's own limit on a file's size */
        return BASE_E_DISK_FULL;
    case ENOMEM:
        return BASE_E_NOMEM;
    case ENOENT:
        return BASE_E_NOT_FOUND;
    default:
        return BASE_E_IO;
    }
}
