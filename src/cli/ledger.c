/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/call.h"
#include "cli/guest.h"
#include "cli/table.h"

#include "base/clock.h"
#include "base/cursor.h"
#include "crypto/text.h"
#include "exchange/statement.h"
#include "store/ledgers.h"

#include <stdlib.h>
#include <string.h>

struct listing {
    const struct node_compartment *compartment;
    struct cli_table table;
    json_t *entries;
};

static enum base_code open_compartment(struct cli *cli, size_t most, struct store **store, struct node_compartment *compartment)
{
    BASE_TRY(cli_arguments_check(cli, 1, most, ""));
    BASE_TRY(cli_home_open(cli, false, store));
    enum base_code code = cli_home_compartment(cli, *store, cli_argument(cli, 1), compartment);
    if (code != BASE_OK)
        store_close(*store);
    return code;
}

/* The text of a note is what stands before its signatures: up to the last empty line, with the '\n' before it. */
static struct base_bytes note_text(struct base_bytes note)
{
    size_t len = 0;
    for (size_t i = 0; i + 1 < note.len; i++)
        if (note.data[i] == '\n' && note.data[i + 1] == '\n')
            len = i + 1;
    return base_bytes_of(note.data, len);
}

/* What a person wants to see of a statement in a line. The caller frees. */
static char *describe(const struct exchange_statement *statement)
{
    switch (statement->kind) {
    case EXCHANGE_KIND_STATE:
        return cli_format("%s%s%s", exchange_move_word(statement->move), *statement->reason == 0 ? "" : ": ", statement->reason);
    case EXCHANGE_KIND_MATCH_OFFER:
    case EXCHANGE_KIND_MATCH_ACCEPT:
        return cli_format("%s keys", cli_thousands(statement->keys[0]));
    case EXCHANGE_KIND_MATCH:
        return cli_format("%s keys with %s", cli_thousands(statement->keys[0]), cli_thousands(statement->keys[1]));
    case EXCHANGE_KIND_MATCH_ABORT:
    case EXCHANGE_KIND_REFUSAL:
        return cli_format("%s%s%s", statement->word, *statement->reason == 0 ? "" : ": ", statement->reason);
    default:
        return cli_copy("");
    }
}

static enum base_code list_entry(void *context, const struct store_entry *entry)
{
    struct listing *listing = context;
    struct exchange_statement statement;
    char hash[65], time[BASE_TIME_TEXT_LEN + 1];
    const char *by = "both";
    char *what = NULL;
    crypto_hex_encode(base_bytes_of(entry->hash, 32), hash);
    base_time_format(entry->time_ms, time);
    if (exchange_statement_parse(note_text(entry->note), &statement) == BASE_OK) {
        what = describe(&statement);
        if (statement.kind != EXCHANGE_KIND_MATCH)
            by = exchange_id_equal(&statement.from, &listing->compartment->peer) ? listing->compartment->peer_name : "us";
    }
    if (listing->entries != NULL) {
        json_array_append_new(listing->entries,
                              json_pack("{s:I, s:s, s:s, s:s, s:s%}", "index", (json_int_t)entry->index, "time", time, "kind",
                                        entry->kind, "hash", hash, "note", (const char *)entry->note.data, entry->note.len));
    } else {
        char *index = cli_format("%llu", (unsigned long long)entry->index);
        hash[8] = 0;
        cli_table_add(&listing->table,
                      CLI_TEXTS(index, cli_time(entry->time_ms), entry->kind, by, hash, what == NULL ? "" : what));
        free(index);
    }
    free(what);
    return BASE_OK;
}

static enum base_code print_note(void *context, const struct store_entry *entry)
{
    bool *is_found = context;
    *is_found = true;
    fwrite(entry->note.data, 1, entry->note.len, stdout);
    return BASE_OK;
}

static enum base_code show_note(struct cli *cli, struct store *store, const struct node_compartment *compartment)
{
    uint64_t index;
    bool is_found = false;
    BASE_TRY(cli_number(cli, "entry", 0, INT64_MAX - 1, &index));
    BASE_TRY(store_entries_each(store, compartment->id.bytes, index, index + 1, print_note, &is_found));
    return is_found ? BASE_OK : base_fail(BASE_E_NOT_FOUND, "the ledger has no entry %llu", (unsigned long long)index);
}

static enum base_code show_entries(struct cli *cli, struct store *store, const struct node_compartment *compartment)
{
    static const struct cli_column columns[] = {{"ENTRY", CLI_RIGHT}, {"TIME (UTC)", CLI_LEFT}, {"KIND", CLI_LEFT},
                                                {"BY", CLI_LEFT},     {"HASH", CLI_LEFT},       {"WHAT", CLI_FLEXIBLE}};
    struct listing listing = {.compartment = compartment, .entries = cli->is_json ? json_array() : NULL};
    cli_table_init(&listing.table, columns, 6);
    enum base_code code = store_entries_each(store, compartment->id.bytes, 0, INT64_MAX, list_entry, &listing);
    if (code == BASE_OK && cli->is_json)
        code = cli_print_json(json_pack("{s:s, s:O}", "compartment", compartment->name, "entries", listing.entries));
    else if (code == BASE_OK && listing.table.cell_count > 0)
        cli_table_print(&listing.table, stdout);
    else if (code == BASE_OK)
        cli_say(cli, "The ledger of %s is empty.", compartment->name);
    json_decref(listing.entries);
    cli_table_release(&listing.table);
    return code;
}

static enum base_code ledger_show(struct cli *cli)
{
    struct store *store = NULL;
    struct node_compartment compartment;
    BASE_TRY(open_compartment(cli, 2, &store, &compartment));
    enum base_code code = cli_has(cli, "entry") && !cli->is_json ? show_note(cli, store, &compartment)
                                                                 : show_entries(cli, store, &compartment);
    store_close(store);
    return code;
}

static enum base_code print_facts(const struct cli *cli, const struct node_compartment *compartment,
                                  const struct node_ledger_facts *facts, const char *done)
{
    char root[65], cosigned[BASE_TIME_TEXT_LEN + 1];
    cli_hash_hex(&facts->root, root);
    base_time_format(facts->cosigned_ms, cosigned);
    if (cli->is_json)
        return cli_print_json(json_pack("{s:s, s:I, s:s, s:I, s:s, s:I}", "compartment", compartment->name, "entries",
                                        (json_int_t)facts->entries, "root", root, "cosigned", (json_int_t)facts->cosigned,
                                        "cosigned_at", facts->cosigned == 0 ? "" : cosigned, "waiting",
                                        (json_int_t)facts->waiting));
    if (cli->is_quiet)
        return BASE_OK;
    cli_print_field("ledger", "%s, with %s", compartment->name, compartment->peer_name);
    cli_print_field("entries", "%s", cli_thousands(facts->entries));
    if (facts->entries > 0)
        cli_print_field("root", "%s", root);
    if (facts->cosigned == 0)
        cli_print_field("cosigned", "nothing yet");
    else
        cli_print_field("cosigned", "the first %s by %s, %s UTC", cli_thousands(facts->cosigned), compartment->peer_name,
                        cli_time(facts->cosigned_ms));
    cli_print_field("waiting", "%s for the other side's receipt", cli_thousands(facts->waiting));
    if (done != NULL)
        cli_say(cli, "%s", done);
    return BASE_OK;
}

static enum base_code ledger_facts(struct cli *cli)
{
    struct store *store = NULL;
    struct node_compartment compartment;
    struct node_ledger_facts facts = {0};
    BASE_TRY(open_compartment(cli, 2, &store, &compartment));
    enum base_code code = node_ledger_facts(store, &compartment, &facts);
    store_close(store);
    return code != BASE_OK ? code : print_facts(cli, &compartment, &facts, NULL);
}

static enum base_code ledger_verify(struct cli *cli)
{
    struct store *store = NULL;
    struct node_compartment compartment;
    struct node_ledger_facts facts = {0};
    BASE_TRY(open_compartment(cli, 2, &store, &compartment));
    enum base_code code = node_ledger_verify(store, &compartment, &facts);
    store_close(store);
    if (code != BASE_OK)
        return code;
    return print_facts(cli, &compartment, &facts, "Every entry, signature and checkpoint holds.");
}

static enum base_code ledger_export(struct cli *cli)
{
    struct store *store = NULL;
    struct node_compartment compartment;
    struct node_ledger_facts facts = {0};
    BASE_TRY(cli_arguments_check(cli, 3, 3, "the COMPARTMENT or the FOLDER"));
    BASE_TRY(open_compartment(cli, 3, &store, &compartment));
    enum base_code code = node_ledger_export(store, &compartment, cli_argument(cli, 2), &facts);
    store_close(store);
    if (code == BASE_E_STATE)
        cli->hint = "have it cosigned first: entente ledger cosign COMPARTMENT";
    if (code != BASE_OK)
        return code;
    char *done = cli_format("\nWrote it to %s. Anybody can check it: entente-verify %s", cli_argument(cli, 2), cli_argument(cli, 2));
    code = print_facts(cli, &compartment, &facts, done);
    free(done);
    return code;
}

static enum base_code ledger_cosign(struct cli *cli)
{
    struct store *store = NULL;
    struct node_compartment compartment;
    struct node_ledger_facts facts = {0};
    json_t *result = NULL;
    char id[2 * EXCHANGE_ID_LEN + 1];
    bool is_guest = cli_is_guest(cli);
    BASE_TRY(cli_arguments_check(cli, 1, 2, ""));
    BASE_TRY(cli_home_find(cli, cli_argument(cli, 1), &compartment));
    exchange_id_hex(&compartment.id, id);
    BASE_TRY(cli_call(cli, json_pack("{s:s, s:s}", "do", "cosign", "compartment", id), &result));
    enum base_code code = is_guest ? BASE_OK : cli_home_open(cli, false, &store);
    if (code == BASE_OK && !is_guest)
        code = node_ledger_facts(store, &compartment, &facts);
    store_close(store);
    if (code == BASE_OK && json_is_false(json_object_get(result, "cosigned"))) {
        cli->is_by_peer = true;
        code = base_fail(BASE_E_CLOSED, "%s", cli_result_text(result, "detail"));
    }
    if (code == BASE_OK && is_guest) { /* the ledger's figures stand in the store */
        if (cli->is_json)
            return cli_print_json(result);
        cli_say(cli, "%s has cosigned all there is of %s.", compartment.peer_name, compartment.name);
    }
    json_decref(result);
    return code != BASE_OK || is_guest ? code : print_facts(cli, &compartment, &facts, NULL);
}

static enum base_code ledger_run(struct cli *cli)
{
    static const struct cli_form forms[] = {{"show", ledger_show},
                                            {"facts", ledger_facts},
                                            {"verify", ledger_verify},
                                            {"cosign", ledger_cosign},
                                            {"export", ledger_export}};
    return cli_form_run(cli, forms, 5, NULL);
}

static const struct cli_option options[] = {
    {"entry", 'e', "N", "show: print this statement as it was signed"},
    {0},
};

const struct cli_command cli_ledger_command = {
    .name = "ledger",
    .summary = "show, check and export what was said and signed",
    .usage = CLI_TEXTS("show [COMPARTMENT] [--entry N]", "facts [COMPARTMENT]", "verify [COMPARTMENT]", "cosign [COMPARTMENT]",
                       "export COMPARTMENT FOLDER"),
    .options = options,
    .text = "Each compartment has a ledger of its own: every statement of either side, in an append-only Merkle tree whose head "
            "the other party cosigns. What was cosigned can be neither removed nor changed without that showing.\n\n"
            "verify reads all of it and checks every entry, signature and checkpoint. cosign asks the other node to cosign what "
            "is new. export writes what was cosigned into a folder of the C2SP tlog-tiles form, with the keys beside it: "
            "entente-verify checks it without this program, and so does any tool for the form.\n\n"
            "The statements name no person: sizes, commitments, hashes, times.",
    .examples = CLI_TEXTS("what stands in it", "entente ledger show south", "for an overseer",
                          "entente ledger export south south-ledger"),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_REFUSED) | CLI_CAN(CLI_EXIT_NO_NODE) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = ledger_run,
};
