/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/call.h"
#include "cli/content.h"
#include "cli/print.h"
#include "cli/who.h"

#include "base/file.h"

#include <string.h>

static const char COMPARTMENT[] = "the COMPARTMENT (entente compartment list)";
static const char STATEMENT[] = "the STATEMENT's digits";

static enum base_code hold_keep(struct cli *cli)
{
    struct cli_request request;
    json_t *result = NULL;
    BASE_TRY(cli_arguments_check(cli, 1, 1, COMPARTMENT));
    cli_request_begin(&request, cli, "hold");
    cli_request_argument(&request, "compartment", 0, COMPARTMENT);
    cli_request_content_text(&request, "text");
    cli_request_persons(&request);
    cli_request_attachments(&request);
    cli_request_needs_content(&request, "--text is missing: what is held; or --name, --person, --attach");
    request.absent = "list compartments with: entente compartment list";
    BASE_TRY(cli_request_send(&request, &result));
    if (cli->is_json)
        return cli_print_json(result);
    if (!cli->is_quiet) {
        cli_print_field("hold", "%s", cli_result_text(result, "statement"));
        cli_print_field("recorded", "in %s, entry %s of this party's ledger", cli_result_text(result, "compartment"),
                        cli_thousands(cli_result_number(result, "entry")));
        cli_say(cli, "\nNothing was sent. The other party cosigns that something stands there, and does not see what. To show it later: entente "
                     "hold open %.8s --out FILE",
                cli_result_text(result, "statement"));
    }
    json_decref(result);
    return BASE_OK;
}

static enum base_code hold_open(struct cli *cli)
{
    struct cli_request request;
    json_t *result = NULL;
    const char *path = cli_value(cli, "out");
    BASE_TRY(cli_arguments_check(cli, 2, 2, STATEMENT));
    cli_request_begin(&request, cli, "open");
    cli_request_argument(&request, "statement", 1, STATEMENT);
    cli_request_why(&request, "open");
    request.absent = "the entries of a ledger: entente ledger show COMPARTMENT";
    enum base_code code = cli_request_send(&request, &result);
    if (code == BASE_E_STATE)
        cli->hint = "have the other party cosign it first: entente ledger cosign COMPARTMENT";
    if (code != BASE_OK)
        return code;
    const char *opening = cli_result_text(result, "opening");
    if (path != NULL)
        code = base_file_write(path, base_bytes_text(opening), 0600);
    if (code == BASE_OK && cli->is_json)
        code = cli_print_json(json_incref(result));
    else if (code == BASE_OK && path == NULL)
        fputs(opening, stdout); /* for a file or a program: exactly as it is */
    else if (code == BASE_OK)
        cli_say(cli, "Wrote %s: anybody can check it, without this program and its keys: entente-verify --open %s. It holds the content: hand it "
                     "to the overseer only.",
                path, path);
    json_decref(result);
    return code;
}

static enum base_code hold_run(struct cli *cli)
{
    static const struct cli_form forms[] = {{"open", hold_open}};
    if (cli_argument(cli, 0) == NULL)
        return base_fail(BASE_E_ARGUMENT, "%s is missing", COMPARTMENT);
    return cli_form_run(cli, forms, 1, hold_keep);
}

static const struct cli_option options[] = {
    {"text", 't', "TEXT", "what is held; @FILE reads a file"},
    CLI_PERSON_OPTIONS,
    CLI_ATTACH_OPTION,
    {"out", 'o', "FILE", "open: write the opening into this file, for this account alone to read"},
    CLI_WHY_OPTION,
    {0},
};

const struct cli_command cli_hold_command = {
    .name = "hold",
    .summary = "commit to what is held and not shared, and open it later",
    .usage = CLI_TEXTS("COMPARTMENT --text TEXT ...", "COMPARTMENT --name NAME ...", "open STATEMENT --out FILE [--why TEXT]"),
    .options = options,
    .text = "Puts a salted commitment to what you hold into your own ledger of the compartment. Nothing crosses; the other party cosigns "
            "the entry with all others and learns nothing of it. Later you can show an overseer that you held it then, and nobody can "
            "invent what was never committed to.\n\n"
            "open writes what opens one commitment: of a hold, and of any other statement whose content is still here. The "
            "overseer checks it offline with entente-verify --open, also against the file of entente export.",
    .examples = CLI_TEXTS("a file", "entente hold south --text \"of 3 May\" --attach report.pdf", "for the overseer",
                          "entente hold open 5e4d3c2b --out opening.txt --why \"case 9\""),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_REFUSED) | CLI_CAN(CLI_EXIT_NO_NODE) | CLI_CAN(CLI_EXIT_INPUT) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = hold_run,
};
