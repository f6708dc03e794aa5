/* SPDX-License-Identifier: Apache-2.0
 *
 * Any name: forms within their bounds, never empty, without repeats, and the same again for the same name.
 */
#include "names/forms.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_token(const struct names_token *token)
{
    if (token->sound_count < 1 || token->sound_count > NAMES_SOUNDS_MAX || strlen(token->plain) >= NAMES_TOKEN_SIZE)
        abort();
    if (token->script > NAMES_OTHER || strspn(token->plain, "abcdefghijklmnopqrstuvwxyz") != strlen(token->plain))
        abort();
    for (size_t i = 0; i < token->sound_count; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(token->sounds[i], token->sounds[k]) == 0)
                abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct names_form form, again;
    struct base_bytes name = base_bytes_of(data, size);
    if (names_form_of(name, &form) != BASE_OK)
        return 0;
    if (form.count > NAMES_TOKENS_MAX || names_form_of(name, &again) != BASE_OK || again.count != form.count)
        abort();
    for (size_t i = 0; i < form.count; i++) {
        check_token(&form.tokens[i]);
        if (strcmp(form.tokens[i].plain, again.tokens[i].plain) != 0)
            abort();
    }
    return 0;
}
