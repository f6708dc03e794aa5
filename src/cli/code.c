/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/code.h"

#include "cli/print.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { CODE_MAX = 40, CODE_COLUMN = 31, WIDTH = 80 };

static const char HOW_TO_LIST[] = "what there is and what it means: entente help decline";

/* In the list's own letters; false when it is longer than any code. */
static bool normalise(const char *text, char out[CODE_MAX + 1])
{
    size_t len = strlen(text);
    if (len > CODE_MAX)
        return false;
    for (size_t i = 0; i <= len; i++)
        out[i] = text[i] == '-' || text[i] == ' ' ? '_' : text[i] >= 'a' && text[i] <= 'z' ? (char)(text[i] - 'a' + 'A') : text[i];
    return true;
}

enum base_code cli_code_find(const char *text, enum exchange_code *out)
{
    char word[CODE_MAX + 1] = "";
    const char *nearest = NULL;
    unsigned best = UINT_MAX;
    bool may_be = normalise(text, word);
    for (unsigned i = 0; may_be && i < exchange_codes.count; i++) {
        if (strcmp(word, exchange_codes.items[i]) == 0) {
            *out = (enum exchange_code)i;
            return BASE_OK;
        }
        if (cli_is_nearer(word, exchange_codes.items[i], &best))
            nearest = exchange_codes.items[i];
    }
    if (nearest != NULL)
        return base_fail(BASE_E_ARGUMENT, "there is no reason with the code '%.40s'; did you mean %s?", text, nearest);
    return base_fail(BASE_E_ARGUMENT, "there is no reason with the code '%.40s'", text);
}

void cli_request_code(struct cli_request *request)
{
    const char *text = cli_value(request->cli, "code");
    enum exchange_code code;
    if (request->code != BASE_OK)
        return;
    request->code = text != NULL ? cli_code_find(text, &code) : base_fail(BASE_E_ARGUMENT, "--code is missing: the reason's code");
    if (request->code == BASE_OK)
        cli_request_text(request, "code", exchange_codes.items[code]);
    else
        request->cli->hint = HOW_TO_LIST;
}

/* The meaning beside the code, broken at a blank where it does not fit. */
static void print_code(FILE *file, const char *code, const char *meaning)
{
    size_t room = WIDTH - CODE_COLUMN;
    fprintf(file, "  %-*s", CODE_COLUMN - 2, code);
    while (strlen(meaning) > room) {
        size_t len = room;
        while (meaning[len] != ' ')
            len--;
        fprintf(file, "%.*s\n%*s", (int)len, meaning, CODE_COLUMN, "");
        meaning += len + 1;
    }
    fprintf(file, "%s\n", meaning);
}

char *cli_codes_text(void)
{
    char *text = NULL;
    size_t len = 0;
    FILE *memory = open_memstream(&text, &len);
    if (memory == NULL)
        return cli_copy("");
    for (unsigned i = 0; i < exchange_codes.count; i++)
        print_code(memory, exchange_codes.items[i], exchange_code_meaning((enum exchange_code)i));
    fclose(memory);
    return text;
}
