/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/call.h"
#include "cli/code.h"
#include "cli/content.h"
#include "cli/print.h"
#include "cli/show.h"
#include "cli/when.h"
#include "cli/who.h"

#include <string.h>

static const char HIT[] = "the HIT's number (entente hit list)";
static const char HOW_TO_LIST[] = "list them with: entente hit list --all";

static enum base_code hit_list(struct cli *cli)
{
    struct cli_request request;
    json_t *result = NULL;
    BASE_TRY(cli_arguments_check(cli, 0, 2, ""));
    cli_request_begin(&request, cli, "hits");
    cli_request_text(&request, "compartment", cli_argument(cli, 1));
    cli_request_flag(&request, "all");
    cli_request_why(&request, "list");
    request.absent = "list compartments with: entente compartment list";
    BASE_TRY(cli_request_send(&request, &result));
    if (cli->is_json)
        return cli_print_json(result);
    const json_t *hits = cli_result_list(result, "hits");
    cli_show_hits(hits, cli_has(cli, "all"), cli_now());
    cli_show_left_out(cli, result);
    if (json_array_size(hits) > 0)
        cli_say(cli, "\nWhy: entente hit show NUMBER. A hit is a question, never evidence.");
    else
        cli_say(cli, "No hit%s.", cli_has(cli, "all") ? "" : " waits for a judgement");
    json_decref(result);
    return BASE_OK;
}

static void show_duty(const char *label, const json_t *duty)
{
    const char *due = cli_result_text(duty, "due"), *outcome = cli_result_text(duty, "outcome"), *owner = cli_result_text(duty, "owner");
    if (!json_is_object(duty))
        return;
    bool waits = *cli_open_due(duty) != 0;
    cli_print_field(label, "%s%s%s, due %s UTC%s%s%s%s", cli_result_text(duty, "state"), *outcome == 0 ? "" : ": ", outcome, cli_time_text(due),
                    waits ? ", " : "", waits ? cli_due_text(due, cli_now()) : "", *owner == 0 ? "" : ", taken by ", owner);
}

static void show(const json_t *hit)
{
    const json_t *reasons = json_object_get(hit, "reasons"), *news = json_object_get(hit, "news");
    cli_print_field("hit", "%llu, %s, %s", (unsigned long long)cli_result_number(hit, "hit"), cli_result_text(hit, "grade"),
                    cli_result_text(hit, "state"));
    cli_print_field("what", "%s", cli_result_text(hit, "what"));
    cli_print_field("alert", "%s in %s", cli_result_text(hit, "alert"), cli_result_text(hit, "compartment"));
    cli_print_field("opened", "%s UTC", cli_time_text(cli_result_text(hit, "opened")));
    for (size_t i = 0; i < json_array_size(reasons); i++)
        cli_print_field(i == 0 ? "because" : "", "%s", cli_item_text(reasons, i));
    for (size_t i = 0; i < json_array_size(news); i++)
        cli_print_field(i == 0 ? "new to us" : "", "%s", cli_item_text(news, i));
    if (*cli_result_text(hit, "judge") != 0)
        cli_print_field("judged", "%s by %s: %s", cli_result_text(hit, "state"), cli_result_text(hit, "judge"), cli_result_text(hit, "verdict"));
    show_duty("tell", json_object_get(hit, "tell"));
    show_duty("task", json_object_get(hit, "task"));
}

static enum base_code hit_show(struct cli *cli)
{
    struct cli_request request;
    json_t *result = NULL;
    enum base_code code = BASE_OK;
    BASE_TRY(cli_arguments_check(cli, 2, 2, HIT));
    cli_request_begin(&request, cli, "hits");
    cli_request_number(&request, "hit", 1, HIT);
    cli_request_why(&request, "show");
    request.absent = HOW_TO_LIST;
    BASE_TRY(cli_request_send(&request, &result));
    const json_t *hit = json_array_get(cli_result_list(result, "hits"), 0);
    if (hit == NULL) {
        cli->hint = HOW_TO_LIST;
        code = base_fail(BASE_E_NOT_FOUND, "there is no hit %.20s", cli_argument(cli, 1));
    } else if (cli->is_json) {
        code = cli_print_json(json_incref((json_t *)hit));
    } else {
        show(hit);
    }
    json_decref(result);
    return code;
}

static enum base_code judge(struct cli *cli, enum exchange_verdict verdict)
{
    struct cli_request request;
    json_t *result = NULL;
    BASE_TRY(cli_arguments_check(cli, 2, 2, HIT));
    cli_request_begin(&request, cli, "hit-judge");
    cli_request_number(&request, "hit", 1, HIT);
    cli_request_text(&request, "verdict", exchange_verdicts.items[verdict]);
    cli_request_needs(&request, "reason", "what speaks for it, in a line; it stays in your own ledger");
    request.absent = HOW_TO_LIST;
    BASE_TRY(cli_request_send(&request, &result));
    if (cli->is_json)
        return cli_print_json(result);
    cli_say(cli, "Hit %s is %s. It stands in your own ledger, which the other party cosigns and does not read.", cli_argument(cli, 1),
            exchange_verdicts.items[verdict]);
    json_decref(result);
    return BASE_OK;
}

static enum base_code hit_confirm(struct cli *cli)
{
    return judge(cli, EXCHANGE_CONFIRMED);
}

static enum base_code hit_reject(struct cli *cli)
{
    return judge(cli, EXCHANGE_REJECTED);
}

static enum base_code hit_unsure(struct cli *cli)
{
    return judge(cli, EXCHANGE_UNSURE);
}

static enum base_code hit_tell(struct cli *cli)
{
    struct cli_request request;
    BASE_TRY(cli_arguments_check(cli, 2, 2, HIT));
    cli_request_begin(&request, cli, "hit-tell");
    cli_request_number(&request, "hit", 1, HIT);
    cli_request_content_text(&request, "text");
    cli_request_persons(&request);
    cli_request_attachments(&request);
    cli_request_handling(&request);
    cli_request_needs_content(&request, "--text is missing: what is told; or --name, --person, --attach");
    request.absent = HOW_TO_LIST;
    return cli_say_it(&request, "told");
}

static enum base_code hit_decline(struct cli *cli)
{
    struct cli_request request;
    BASE_TRY(cli_arguments_check(cli, 2, 2, HIT));
    cli_request_begin(&request, cli, "hit-tell-decline");
    cli_request_number(&request, "hit", 1, HIT);
    cli_request_code(&request);
    cli_request_needs(&request, "reason", "why, in a line; the other party reads it");
    request.absent = HOW_TO_LIST;
    return cli_say_it(&request, "refusal");
}

static enum base_code hit_run(struct cli *cli)
{
    static const struct cli_form forms[] = {{"list", hit_list},     {"show", hit_show}, {"confirm", hit_confirm}, {"reject", hit_reject},
                                            {"unsure", hit_unsure}, {"tell", hit_tell}, {"decline", hit_decline}};
    if (cli_argument(cli, 0) == NULL)
        return hit_list(cli);
    return cli_form_run(cli, forms, 7, NULL);
}

static const struct cli_option options[] = {
    {"all", 'a', NULL, "list: judged ones, too"},
    CLI_REASON_OPTION("confirm, reject, unsure: what speaks for it; decline: why, for the other party"),
    {"code", 'c', "CODE", "decline: the reason's code (entente help decline)"},
    {"text", 0, "TEXT", "tell: what is told; @FILE reads a file"},
    CLI_PERSON_OPTIONS,
    CLI_ATTACH_OPTION,
    CLI_HANDLING_OPTIONS,
    CLI_WHY_OPTION,
    {0},
};

const struct cli_command cli_hit_command = {
    .name = "hit",
    .summary = "judge what alerts have found, and tell of it",
    .usage = CLI_TEXTS("[list] [COMPARTMENT] [--all]", "show HIT", "confirm HIT --reason TEXT", "reject HIT --reason TEXT",
                       "unsure HIT --reason TEXT", "tell HIT --text TEXT ...", "decline HIT --code CODE --reason TEXT"),
    .options = options,
    .text = "A hit is where an alert met a record, an event or another alert: graded (exact, strong, possible), with its reasons and with "
            "what is new in it. It is a question. A person judges it: confirm, reject or unsure; the verdict and its reason stand in your "
            "own ledger.\n\n"
            "Where the alert asked to be told, a clock runs: tell it, or decline with a code and a reason, or reject the hit. What is left "
            "undone when the time is over stands in both ledgers.\n\n"
            "A HIT is named by its number. The hits of matches are another list: entente hits.",
    .examples = CLI_TEXTS("what waits", "entente hit list", "why is it one", "entente hit show 12", "it is he",
                          "entente hit confirm 12 --reason \"passport seen\"", "as the alert asked",
                          "entente hit tell 12 --text \"left New York for Moscow\"", "it may not be told",
                          "entente hit decline 12 -c RIGHTS_RISK -r \"no assurances\""),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_REFUSED) | CLI_CAN(CLI_EXIT_NO_NODE) | CLI_CAN(CLI_EXIT_INPUT) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = hit_run,
};
