/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/request.h"

#include "base/clock.h"
#include "base/cursor.h"
#include "cli/call.h"
#include "cli/print.h"
#include "cli/when.h"
#include "cli/who.h"
#include "crypto/secret.h"

#include <string.h>
#include <strings.h>

void cli_request_begin(struct cli_request *request, struct cli *cli, const char *what)
{
    *request = (struct cli_request){.cli = cli, .object = json_object()};
    cli_request_set(request, "do", json_string(what));
}

void cli_request_fail(struct cli_request *request, enum base_code code)
{
    if (request->code == BASE_OK)
        request->code = code;
}

void cli_request_set(struct cli_request *request, const char *key, json_t *value)
{
    if (request->code != BASE_OK)
        json_decref(value);
    else if (value == NULL || json_object_set_new(request->object, key, value) != 0)
        request->code = base_fail(BASE_E_NOMEM, "no memory for the request");
}

void cli_request_text(struct cli_request *request, const char *key, const char *text)
{
    if (request->code != BASE_OK || text == NULL)
        return;
    if (!base_bytes_is_utf8(base_bytes_text(text)))
        request->code = base_fail(BASE_E_ENCODING, "what is given for %s is not UTF-8", key);
    else
        cli_request_set(request, key, json_string(text));
}

static const char *argument(struct cli_request *request, size_t index, const char *what)
{
    const char *text = cli_argument(request->cli, index);
    if (request->code == BASE_OK && text == NULL)
        request->code = base_fail(BASE_E_ARGUMENT, "%s is missing", what);
    return text;
}

void cli_request_argument(struct cli_request *request, const char *key, size_t index, const char *what)
{
    cli_request_text(request, key, argument(request, index, what));
}

void cli_request_number(struct cli_request *request, const char *key, size_t index, const char *what)
{
    const char *text = argument(request, index, what);
    uint64_t number;
    if (request->code != BASE_OK)
        return;
    if (base_parse_decimal(base_bytes_text(text), INT64_MAX, &number) != BASE_OK)
        request->code = base_fail(BASE_E_ARGUMENT, "'%.40s' is not a number: %s", text, what);
    else
        cli_request_set(request, key, json_integer((json_int_t)number));
}

void cli_request_option(struct cli_request *request, const char *option)
{
    cli_request_text(request, option, cli_value(request->cli, option));
}

void cli_request_needs(struct cli_request *request, const char *option, const char *what)
{
    if (request->code == BASE_OK && !cli_has(request->cli, option))
        request->code = base_fail(BASE_E_ARGUMENT, "--%s is missing: %s", option, what);
    cli_request_option(request, option);
}

void cli_request_flag(struct cli_request *request, const char *option)
{
    if (request->code == BASE_OK && cli_has(request->cli, option))
        cli_request_set(request, option, json_true());
}

static bool is_word(const char *listed, const char *word)
{
    return strcasecmp(listed, word) == 0 || (strncmp(listed, "TLP:", 4) == 0 && strcasecmp(listed + 4, word) == 0);
}

enum base_code cli_word_find(const struct exchange_words *words, const char *option, const char *word, unsigned *out)
{
    char list[160] = "";
    size_t len = 0;
    for (unsigned i = 0; i < words->count; i++) {
        if (is_word(words->items[i], word)) {
            *out = i;
            return BASE_OK;
        }
        if (len < sizeof list)
            len += (size_t)snprintf(list + len, sizeof list - len, "%s%s", i == 0 ? "" : ", ", words->items[i]);
    }
    return len < sizeof list ? base_fail(BASE_E_ARGUMENT, "--%s is one of %s; not '%.40s'", option, list, word)
                             : base_fail(BASE_E_ARGUMENT, "--%s has no '%.40s': entente help decline lists the codes", option, word);
}

void cli_request_word(struct cli_request *request, const char *key, const char *option, const struct exchange_words *words)
{
    const char *word = cli_value(request->cli, option);
    unsigned place;
    if (request->code != BASE_OK || word == NULL)
        return;
    request->code = cli_word_find(words, option, word, &place);
    if (request->code == BASE_OK)
        cli_request_text(request, key, words->items[place]);
}

void cli_request_date(struct cli_request *request, const char *option)
{
    const char *text = cli_value(request->cli, option);
    char time[BASE_TIME_TEXT_LEN + 1];
    int64_t time_ms;
    if (request->code != BASE_OK || text == NULL)
        return;
    if (cli_when_parse(text, CLI_DAY_ENDS, cli_now(), &time_ms) != BASE_OK) {
        request->code = base_fail(BASE_E_ARGUMENT, "--%s takes a time: 2026-11-24, 2026-11-24 08:00, or +14d from now; not '%.40s'", option, text);
        return;
    }
    base_time_format(time_ms, time);
    cli_request_text(request, option, time);
}

void cli_request_why(struct cli_request *request, const char *otherwise)
{
    char why[CLI_WHY_SIZE];
    struct base_buffer key = BASE_BUFFER_EMPTY;
    if (request->code != BASE_OK)
        return;
    request->code = cli_user_key(request->cli, &key);
    bool is_user = key.len > 0; /* the owner may look only while there are no users, and then needs no reason (users 5.2) */
    crypto_wipe_buffer(&key);
    if (request->code == BASE_OK)
        request->code = cli_why(request->cli, is_user, why);
    cli_request_text(request, "why", *why == 0 && !is_user ? otherwise : why);
}

enum base_code cli_request_send(struct cli_request *request, json_t **result)
{
    json_t *object = request->object;
    request->object = NULL;
    if (request->code != BASE_OK) {
        json_decref(object);
        return request->code;
    }
    request->code = cli_call(request->cli, object, result);
    if (request->code == BASE_E_NOT_FOUND)
        request->cli->hint = request->absent;
    return request->code;
}

static void show_receipt(const json_t *result)
{
    const char *detail = cli_result_text(result, "detail");
    if (json_is_true(json_object_get(result, "delivered")))
        cli_print_field("receipted", "yes, by the other party's node");
    else if (json_is_false(json_object_get(result, "delivered")))
        cli_print_field("receipted", "not yet%s%s; the node keeps trying", *detail == 0 ? "" : ": ", detail);
}

static void show_said(const struct cli *cli, const json_t *result, const char *what)
{
    const json_t *draft = json_object_get(result, "draft"), *warnings = json_object_get(result, "warnings");
    long long number = (long long)json_integer_value(draft);
    if (json_is_integer(draft)) {
        cli_print_field("draft", "%lld: the terms ask for a second person, who reads it and releases it", number);
        cli_say(cli, "\nNothing was sent yet. Somebody else does: entente release approve %lld", number);
        return;
    }
    cli_print_field(what, "%s", cli_result_text(result, "statement"));
    cli_print_field("recorded", "in %s, entry %s of this party's ledger", cli_result_text(result, "compartment"),
                    cli_thousands(cli_result_number(result, "entry")));
    show_receipt(result);
    if (*cli_result_text(result, "review") != 0)
        cli_print_field("review", "%s UTC", cli_time_text(cli_result_text(result, "review")));
    if (*cli_result_text(result, "due") != 0)
        cli_print_field("due", "%s UTC, %s", cli_time_text(cli_result_text(result, "due")), cli_due_text(cli_result_text(result, "due"), cli_now()));
    for (size_t i = 0; i < json_array_size(warnings); i++)
        cli_print_field("warning", "%s", json_string_value(json_array_get(warnings, i)));
}

enum base_code cli_said(struct cli *cli, json_t *result, const char *what)
{
    if (cli->is_json)
        return cli_print_json(result);
    if (!cli->is_quiet)
        show_said(cli, result, what);
    json_decref(result);
    return BASE_OK;
}

enum base_code cli_say_it(struct cli_request *request, const char *what)
{
    json_t *result = NULL;
    BASE_TRY(cli_request_send(request, &result));
    return cli_said(request->cli, result, what);
}
