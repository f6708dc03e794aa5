/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/report.h"

#include "base/clock.h"
#include "base/file.h"
#include "cli/home.h"
#include "cli/who.h"

#include <stdlib.h>
#include <string.h>

/* A day means all of it; else a time in full. */
static enum base_code parse_at(const char *text, int64_t *at_ms)
{
    char *whole = strlen(text) == 10 ? cli_format("%sT23:59:59Z", text) : cli_copy(text);
    enum base_code code = base_time_parse(base_bytes_text(whole), at_ms);
    free(whole);
    if (code != BASE_OK)
        return base_fail(BASE_E_ARGUMENT, "--at takes a day or a time in UTC, 2026-12-31 or 2026-12-31T12:00:00Z, not '%.40s'",
                         text);
    return BASE_OK;
}

static enum base_code read_plan(const struct cli *cli, struct node_survey_plan *plan)
{
    struct base_clock clock = base_clock_system();
    *plan = (struct node_survey_plan){
        .compartment = cli_argument(cli, 0), .at_ms = base_clock_now(&clock), .is_verifying = cli_has(cli, "verify")};
    BASE_TRY(cli_arguments_check(cli, 0, 1, ""));
    if (cli_has(cli, "at"))
        BASE_TRY(parse_at(cli_value(cli, "at"), &plan->at_ms));
    plan->quarter = exchange_quarter_of(plan->at_ms);
    if (!cli_has(cli, "quarter"))
        return BASE_OK;
    if (exchange_quarter_parse(cli_value(cli, "quarter"), &plan->quarter) != BASE_OK)
        return base_fail(BASE_E_ARGUMENT, "--quarter takes a quarter like 2026Q4, not '%.40s'", cli_value(cli, "quarter"));
    if (exchange_quarter_begin_ms(plan->quarter) > plan->at_ms)
        return base_fail(BASE_E_ARGUMENT, "%s had not begun by %s", cli_value(cli, "quarter"), cli_time(plan->at_ms));
    return BASE_OK;
}

static enum base_code write_page(const struct cli *cli, const struct node_survey *survey)
{
    const char *path = cli_value(cli, "html");
    struct base_buffer page = BASE_BUFFER_EMPTY;
    enum base_code code = cli_report_html(survey, &page);
    if (code == BASE_OK)
        code = base_file_write(path, base_bytes_buffer(&page), 0600);
    base_buffer_release(&page);
    if (code == BASE_OK)
        cli_say(cli, "Wrote it to %s.", path);
    return code;
}

static enum base_code report_run(struct cli *cli)
{
    struct node_survey_plan plan;
    struct node_survey survey;
    struct node_compartment compartment;
    struct node_user user;
    struct store *store = NULL;
    BASE_TRY(read_plan(cli, &plan));
    BASE_TRY(cli_home_open(cli, false, &store));
    enum base_code code = cli_permit(cli, store, NULL, NODE_MAY_ANY, &user);
    plan.user = &user;
    if (code == BASE_OK && plan.compartment != NULL)
        code = cli_home_compartment(cli, store, plan.compartment, &compartment);
    if (code == BASE_OK)
        code = node_survey_make(store, &plan, &survey);
    store_close(store);
    if (code != BASE_OK)
        return code;
    if (cli_has(cli, "html"))
        code = write_page(cli, &survey);
    if (code == BASE_OK && cli->is_json)
        code = cli_print_json(cli_report_json(&survey));
    else if (code == BASE_OK && !cli_has(cli, "html") && survey.pair_count > 0)
        cli_report_text(&survey);
    else if (code == BASE_OK && survey.pair_count == 0)
        cli_say(cli, "No compartment yet whose terms both sides have signed: there is nothing to report.");
    node_survey_release(&survey);
    return code;
}

static const struct cli_option options[] = {
    {"quarter", 'Q', "QUARTER", "the quarter it is about, like 2026Q4 (else the present one)"},
    {"at", 0, "TIME", "as the ledger stood then: a day or a time in UTC (else now)"},
    {"html", 0, "FILE", "write it as one page with pictures, which needs nothing else"},
    {"verify", 0, NULL, "check every signature and checkpoint of the ledgers first"},
    {0},
};

const struct cli_command cli_report_command = {
    .name = "report",
    .summary = "show how a party and this one work together, in numbers",
    .usage = CLI_TEXTS("[COMPARTMENT] [--quarter QUARTER] [--at TIME] [--html FILE] [--verify]"),
    .options = options,
    .text =
        "What one's own ledger says of how two parties work together: what was asked, answered, declined, deferred and left "
        "without a reply, how long that took, which alerts lapsed without a decision, which hits nobody followed, which "
        "corrections were carried out, and when no receipt or cosignature came. One quarter, against the eight that end with "
        "it, for each compartment and in both directions. It names no person, and needs neither keys nor a running node.\n\n"
        "How long a reply takes is estimated by the method of Kaplan and Meier, in which what has no reply yet counts as "
        "waited for, not as missing. With fewer than ten requests in a period there is no rate: they are listed.\n\n"
        "A request belongs to the quarter in which it was made, however late the reply. With --at the report is the one that "
        "could have been made then. Every number is defined in doc/spec/report.md.",
    .examples = CLI_TEXTS("this quarter, all compartments", "entente report", "the page for a meeting",
                          "entente report south --quarter 2026Q4 --html south.html", "as it stood at the end of June",
                          "entente report --at 2026-06-30"),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_REFUSED) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = report_run,
};
