/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/call.h"
#include "cli/print.h"
#include "cli/request.h"
#include "cli/show.h"
#include "cli/when.h"

#include <stdlib.h>

static const char TASK[] = "the TASK's number (entente task list)";
static const char HOW_TO_LIST[] = "list them with: entente task list --all";

static enum base_code task_list(struct cli *cli)
{
    struct cli_request request;
    json_t *result = NULL;
    BASE_TRY(cli_arguments_check(cli, 0, 2, ""));
    cli_request_begin(&request, cli, "tasks");
    cli_request_text(&request, "compartment", cli_argument(cli, 1));
    cli_request_flag(&request, "theirs");
    cli_request_flag(&request, "all");
    request.absent = "list them with: entente compartment list";
    BASE_TRY(cli_request_send(&request, &result));
    if (cli->is_json)
        return cli_print_json(result);
    const json_t *tasks = cli_result_list(result, "tasks");
    cli_show_tasks(tasks, cli_has(cli, "all"), cli_now());
    cli_show_left_out(cli, result);
    if (json_array_size(tasks) == 0)
        cli_say(cli, "%s", cli_has(cli, "theirs") ? "The other parties owe nothing." : "Nothing is owed.");
    json_decref(result);
    return BASE_OK;
}

static enum base_code task_take(struct cli *cli)
{
    struct cli_request request;
    json_t *result = NULL;
    BASE_TRY(cli_arguments_check(cli, 2, 2, TASK));
    cli_request_begin(&request, cli, "task-take");
    cli_request_number(&request, "task", 1, TASK);
    cli_request_option(&request, "user");
    request.absent = HOW_TO_LIST;
    BASE_TRY(cli_request_send(&request, &result));
    if (cli->is_json)
        return cli_print_json(result);
    char *owner = cli_safe(cli_result_text(result, "owner"));
    cli_say(cli, "Task %s is now with %s.", cli_argument(cli, 1), owner);
    free(owner);
    json_decref(result);
    return BASE_OK;
}

static enum base_code task_close(struct cli *cli)
{
    struct cli_request request;
    json_t *result = NULL;
    BASE_TRY(cli_arguments_check(cli, 2, 2, TASK));
    cli_request_begin(&request, cli, "task-close");
    cli_request_number(&request, "task", 1, TASK);
    cli_request_needs(&request, "reason", "the assessment, in a line; it stays in your own ledger");
    request.absent = HOW_TO_LIST;
    BASE_TRY(cli_request_send(&request, &result));
    if (cli->is_json)
        return cli_print_json(result);
    cli_say(cli, "Task %s is done: the alert is assessed, and stays awake.", cli_argument(cli, 1));
    json_decref(result);
    return BASE_OK;
}

static enum base_code task_run(struct cli *cli)
{
    static const struct cli_form forms[] = {{"list", task_list}, {"take", task_take}, {"close", task_close}};
    if (cli_argument(cli, 0) == NULL)
        return task_list(cli);
    return cli_form_run(cli, forms, 3, NULL);
}

static const struct cli_option options[] = {
    {"theirs", 't', NULL, "list: what the other parties owe"},
    {"all", 'a', NULL, "list: what is done, too"},
    {"user", 'u', "NAME", "take: for this user (else for yourself)"},
    CLI_REASON_OPTION("close: the assessment, in a line"),
    {0},
};

const struct cli_command cli_task_command = {
    .name = "task",
    .summary = "show what is owed and by when, and take it",
    .usage = CLI_TEXTS("[list] [COMPARTMENT] [--theirs] [--all]", "take TASK [--user NAME]", "close TASK --reason TEXT"),
    .options = options,
    .text = "Every duty has a clock: to answer an ask, to tell of a hit, to look at an alert that arrived, to review one's own, to receipt, to "
            "cosign, to give feedback, to correct. What is late stands in both ledgers, without anybody having to notice.\n\n"
            "A task ends when what it is about is done: an ask is answered, a hit judged. close is for an alert that arrived: it is assessed, "
            "with the reason in your own ledger. The alert stays awake all the same: only its owner closes it.",
    .examples = CLI_TEXTS("what do we owe", "entente task list", "what do they owe", "entente task list --theirs", "I do it",
                          "entente task take 7", "an alert is assessed", "entente task close 7 --reason \"nothing held; it stays awake\""),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_REFUSED) | CLI_CAN(CLI_EXIT_NO_NODE) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = task_run,
};
