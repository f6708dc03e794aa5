/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/home.h"
#include "cli/who.h"

#include "node/oversight.h"

#include <stdlib.h>

struct gathering {
    struct cli *cli;
    struct store *store;
    struct node_compartment *items; /* owned */
    size_t count, capacity;
};

enum { READERS = NODE_MAY(NODE_ROLE_AUDITOR) | NODE_MAY(NODE_ROLE_ADMINISTRATOR) };

static enum base_code gather(struct gathering *gathering, const struct node_compartment *compartment)
{
    BASE_TRY(base_grow_array((void **)&gathering->items, &gathering->capacity, gathering->count + 1, sizeof *gathering->items));
    gathering->items[gathering->count] = *compartment;
    gathering->items[gathering->count].terms_note = gathering->items[gathering->count].sealed_key = (struct base_bytes){NULL, 0};
    gathering->count++;
    return BASE_OK;
}

/* Without names: every compartment that has terms, and that the user may read. */
static enum base_code gather_each(void *context, const struct node_compartment *compartment)
{
    struct gathering *gathering = context;
    if (!exchange_terms_is_filled(&compartment->terms) || compartment->own_state == EXCHANGE_OFFERED ||
        cli_permit(gathering->cli, gathering->store, &compartment->id, READERS, NULL) != BASE_OK)
        return BASE_OK;
    return gather(gathering, compartment);
}

static enum base_code gather_named(struct gathering *gathering, const char *name)
{
    struct node_compartment compartment;
    BASE_TRY(cli_home_compartment(gathering->cli, gathering->store, name, &compartment));
    BASE_TRY(cli_permit(gathering->cli, gathering->store, &compartment.id, READERS, NULL));
    if (!exchange_terms_is_filled(&compartment.terms))
        return base_fail(BASE_E_STATE, "%s has no terms that both have signed", compartment.name);
    return gather(gathering, &compartment);
}

static enum base_code gather_all(struct gathering *gathering)
{
    if (cli_argument(gathering->cli, 0) == NULL)
        return node_compartments_each(gathering->store, gather_each, gathering);
    for (size_t i = 0; cli_argument(gathering->cli, i) != NULL; i++)
        BASE_TRY(gather_named(gathering, cli_argument(gathering->cli, i)));
    return BASE_OK;
}

static enum base_code print_facts(const struct cli *cli, const struct node_oversight_facts *facts, const char *path)
{
    if (cli->is_json)
        return cli_print_json(json_pack("{s:s, s:I, s:I, s:I, s:I, s:I}", "file", path, "compartments", (json_int_t)facts->compartments,
                                        "not_cosigned", (json_int_t)facts->not_cosigned, "entries", (json_int_t)facts->entries, "files",
                                        (json_int_t)facts->files, "bytes", (json_int_t)facts->bytes));
    if (cli->is_quiet)
        return BASE_OK;
    cli_print_field("compartments", "%s", cli_thousands(facts->compartments));
    if (facts->not_cosigned > 0)
        cli_print_field("left out", "%s: the other party has cosigned nothing yet", cli_thousands(facts->not_cosigned));
    cli_print_field("entries", "%s", cli_thousands(facts->entries));
    cli_print_field("file", "%s, %s", path, cli_size(facts->bytes));
    cli_say(cli, "\nAnybody can check and read it, without this program and its keys: entente-verify %s", path);
    return BASE_OK;
}

static enum base_code export_run(struct cli *cli)
{
    struct gathering gathering = {.cli = cli};
    struct node_oversight_facts facts = {0};
    const char *path = cli_value(cli, "oversight");
    if (path == NULL)
        return base_fail(BASE_E_ARGUMENT, "--oversight FILE is missing: where to write it");
    BASE_TRY(cli_arguments_check(cli, 0, NODE_OVERSIGHT_COMPARTMENTS_MAX, ""));
    BASE_TRY(cli_home_open(cli, false, &gathering.store));
    enum base_code code = gather_all(&gathering);
    if (code == BASE_OK)
        code = node_oversight_write(gathering.store, gathering.items, gathering.count, path, &facts);
    store_close(gathering.store);
    free(gathering.items);
    return code == BASE_OK ? print_facts(cli, &facts, path) : code;
}

static const struct cli_option options[] = {
    {"oversight", 0, "FILE", "write the file for an overseer here"},
    {0},
};

const struct cli_command cli_export_command = {
    .name = "export",
    .summary = "write one file for an overseer: every ledger, and nobody's name",
    .usage = CLI_TEXTS("--oversight FILE [COMPARTMENT ...]"),
    .options = options,
    .text = "Writes the cosigned ledgers of the named compartments, or of all, into one archive. entente-verify reads it without this "
            "program, without a network and without a secret: that nothing was removed or changed, and for each compartment which "
            "alerts, asks and answers there were, from whom, with what outcome, what was late and what was met with silence, which "
            "alerts lapsed and were decided, corrections, gaps, erasures, and evidence of a second history.\n\n"
            "No person is named in it. A single content can be opened for the overseer beside it.\n\n"
            "The same ledgers give the same file, byte by byte. Plain tar unpacks it into a folder for each compartment.",
    .examples = CLI_TEXTS("everything", "entente export --oversight 2026.tar", "one compartment", "entente export --oversight south.tar south",
                          "what the overseer does", "entente-verify 2026.tar"),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_REFUSED) | CLI_CAN(CLI_EXIT_INPUT),
    .run = export_run,
};
