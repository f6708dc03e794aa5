/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether names meet, for the tests of src/names.
 */
#ifndef TESTS_NAMES_TEST_H
#define TESTS_NAMES_TEST_H

#include "support/test.h"

#include "names/forms.h"

static inline struct names_form form_of(const char *name)
{
    struct names_form form;
    assert_ok(names_form_of(base_bytes_text(name), &form));
    return form;
}

static inline bool tokens_meet(const struct names_token *a, const struct names_token *b)
{
    for (size_t i = 0; i < a->sound_count; i++)
        for (size_t k = 0; k < b->sound_count; k++)
            if (strcmp(a->sounds[i], b->sounds[k]) == 0)
                return true;
    return false;
}

static inline bool names_meet(const char *a, const char *b)
{
    struct names_form left = form_of(a), right = form_of(b);
    if (left.count != right.count || left.count == 0)
        return false;
    for (size_t i = 0; i < left.count; i++)
        if (!tokens_meet(&left.tokens[i], &right.tokens[i]))
            return false;
    return true;
}

/* All of them that do not are told, and fail the test once. */
static inline void assert_all_meet(const char *const *names, size_t count)
{
    size_t failed = 0;
    for (size_t i = 1; i < count; i++) {
        if (names_meet(names[0], names[i]))
            continue;
        print_error("%s and %s do not meet\n", names[0], names[i]);
        failed++;
    }
    assert_int_equal(0, failed);
}

#define ALL_MEET(...)                                                                              \
    do {                                                                                           \
        static const char *const all[] = {__VA_ARGS__};                                            \
        assert_all_meet(all, sizeof all / sizeof *all);                                            \
    } while (0)

/* The plain forms of a name, parted by blanks. */
static inline void assert_plain(const char *name, enum names_script script, const char *expected)
{
    struct names_form form = form_of(name);
    char text[NAMES_TOKENS_MAX * NAMES_TOKEN_SIZE] = "";
    size_t len = 0;
    for (size_t i = 0; i < form.count; i++) {
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%s", i == 0 ? "" : " ", form.tokens[i].plain);
        assert_int_equal(script, form.tokens[i].script);
    }
    assert_string_equal(expected, text);
}

#endif
