/* SPDX-License-Identifier: Apache-2.0
 *
 * What every test program includes: cmocka, and assertions on the exact error code.
 */
#ifndef SUPPORT_TEST_H
#define SUPPORT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The call succeeds; otherwise its code and detail are printed. */
#define assert_ok(call)                                                                            \
    do {                                                                                           \
        enum base_code assert_code = (call);                                                       \
        if (assert_code != BASE_OK)                                                                \
            fail_msg("%s: %s: %s", #call, base_code_word(assert_code), base_detail());             \
    } while (0)

/* The call fails with exactly this code. */
#define assert_fails(expected, call)                                                               \
    do {                                                                                           \
        enum base_code assert_code = (call);                                                       \
        if (assert_code != (expected))                                                             \
            fail_msg("%s: %s (%s), expected %s", #call, base_code_word(assert_code),               \
                     assert_code == BASE_OK ? "" : base_detail(), base_code_word(expected));       \
    } while (0)

#define assert_bytes(expected_text, bytes)                                                         \
    do {                                                                                           \
        struct base_bytes assert_got = (bytes);                                                    \
        assert_int_equal(strlen(expected_text), assert_got.len);                                   \
        assert_memory_equal((expected_text), assert_got.data, assert_got.len);                     \
    } while (0)

/* Skips the case and says why; the count at the end of ./check names it. */
#define test_skip(reason)                                                                          \
    do {                                                                                           \
        printf("# skipped: %s\n", reason);                                                         \
        fflush(stdout);                                                                            \
        skip();                                                                                    \
    } while (0)

/* The path of a file in the source tree, or in ../shared; NULL (and the caller should skip()) when it is not there.
 * Both return static storage, overwritten by the next call. */
static inline const char *test_path(const char *variable, const char *relative)
{
    static char path[4096];
    const char *root = getenv(variable);
    if (root == NULL)
        return NULL;
    snprintf(path, sizeof path, "%s/%s", root, relative);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    fclose(file);
    return path;
}

static inline const char *test_source_path(const char *relative)
{
    return test_path("ENTENTE_SOURCE", relative);
}

static inline const char *test_shared_path(const char *relative)
{
    return test_path("ENTENTE_SHARED", relative);
}

#endif
