/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/call.h"
#include "cli/guest.h"
#include "cli/table.h"

#include "base/clock.h"
#include "base/cursor.h"
#include "base/file.h"
#include "crypto/text.h"
#include "exchange/statement.h"
#include "node/evidence.h"
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
        enum base_code why = base_code_from_word(cli_result_text(result, "error"));
        cli->is_by_peer = true;
        code = base_fail(why == BASE_OK ? BASE_E_CLOSED : why, "%s", cli_result_text(result, "detail"));
    }
    if (code == BASE_OK && is_guest) { /* the ledger's figures stand in the store */
        if (cli->is_json)
            return cli_print_json(result);
        cli_say(cli, "%s has cosigned all there is of %s.", compartment.peer_name, compartment.name);
    }
    json_decref(result);
    return code != BASE_OK || is_guest ? code : print_facts(cli, &compartment, &facts, NULL);
}

struct proving {
    struct cli *cli;
    struct store *store;
    const struct node_compartment *compartment;
    struct cli_table table;
    json_t *items;           /* NULL unless --json */
    struct base_buffer file; /* of the one that is written */
    uint64_t number;         /* wanted; 0 for any */
    uint64_t count;          /* of those wanted */
};

static enum base_code list_evidence(struct proving *proving, const struct store_evidence *evidence, const struct node_evidence_facts *facts)
{
    const char *verdict = facts->is_proven ? "proven" : "suspected";
    char found[BASE_TIME_TEXT_LEN + 1], roots[2][65];
    base_time_format(evidence->found_ms, found);
    cli_hash_hex(&facts->first.root, roots[0]);
    cli_hash_hex(&facts->second.root, roots[1]);
    if (proving->items != NULL)
        return json_array_append_new(proving->items, json_pack("{s:I, s:s, s:s, s:{s:I, s:s}, s:{s:I, s:s}}", "number", (json_int_t)evidence->number,
                                                               "found", found, "verdict", verdict, "first", "size", (json_int_t)facts->first.size,
                                                               "root", roots[0], "second", "size", (json_int_t)facts->second.size, "root",
                                                               roots[1])) == 0
                   ? BASE_OK
                   : base_fail(BASE_E_NOMEM, "no memory for the list");
    char *number = cli_format("%lld", (long long)evidence->number);
    char *what = cli_format("%s entries, root %.8s, and %s, root %.8s", cli_thousands(facts->first.size), roots[0],
                            cli_thousands(facts->second.size), roots[1]);
    cli_table_add(&proving->table, CLI_TEXTS(number, cli_time(evidence->found_ms), verdict, what));
    free(number);
    free(what);
    return BASE_OK;
}

static enum base_code take_evidence(void *context, const struct store_evidence *evidence)
{
    struct proving *proving = context;
    struct node_evidence_facts facts;
    if (proving->number != 0 && (uint64_t)evidence->number != proving->number)
        return BASE_OK;
    BASE_TRY(node_evidence_read(evidence, &facts));
    proving->count++;
    if (!cli_has(proving->cli, "out"))
        return list_evidence(proving, evidence, &facts);
    if (proving->count > 1)
        return BASE_OK;
    return node_evidence_file(proving->store, &proving->compartment->id, evidence, &proving->file);
}

static enum base_code write_evidence(const struct proving *proving)
{
    const char *path = cli_value(proving->cli, "out");
    if (proving->count > 1) {
        proving->cli->hint = "say which: entente ledger evidence COMPARTMENT lists them, --number N takes one";
        return base_fail(BASE_E_ARGUMENT, "%llu pieces of evidence are kept of %s", (unsigned long long)proving->count, proving->compartment->name);
    }
    BASE_TRY(base_path_exists(path) ? base_fail(BASE_E_EXISTS, "%s is there already", path) : BASE_OK);
    BASE_TRY(base_file_write(path, base_bytes_buffer(&proving->file), 0644));
    cli_say(proving->cli, "Wrote it to %s. Anybody can check it: entente-verify --conflict %s", path, path);
    return BASE_OK;
}

static enum base_code show_evidence(struct proving *proving)
{
    if (proving->count == 0 && (proving->number != 0 || cli_has(proving->cli, "out")))
        return base_fail(BASE_E_NOT_FOUND, "no such evidence is kept of %s", proving->compartment->name);
    if (cli_has(proving->cli, "out"))
        return write_evidence(proving);
    if (proving->items != NULL)
        return cli_print_json(json_pack("{s:s, s:O}", "compartment", proving->compartment->name, "evidence", proving->items));
    if (proving->count == 0)
        cli_say(proving->cli, "%s has not shown two histories of its ledger.", proving->compartment->peer_name);
    else
        cli_table_print(&proving->table, stdout);
    return BASE_OK;
}

static enum base_code ledger_evidence(struct cli *cli)
{
    static const struct cli_column columns[] = {
        {"NUMBER", CLI_RIGHT}, {"FOUND (UTC)", CLI_LEFT}, {"VERDICT", CLI_LEFT}, {"CHECKPOINTS", CLI_FLEXIBLE}};
    struct node_compartment compartment;
    struct proving proving = {.cli = cli, .compartment = &compartment, .items = cli->is_json ? json_array() : NULL, .file = BASE_BUFFER_EMPTY};
    enum base_code code = cli_number(cli, "number", 0, INT64_MAX, &proving.number);
    if (code == BASE_OK && proving.number == 0 && cli_has(cli, "number"))
        code = base_fail(BASE_E_ARGUMENT, "evidence is numbered from 1");
    cli_table_init(&proving.table, columns, 4);
    if (code == BASE_OK)
        code = open_compartment(cli, 2, &proving.store, &compartment);
    if (code == BASE_OK)
        code = store_evidence_each(proving.store, compartment.id.bytes, take_evidence, &proving);
    if (code == BASE_OK)
        code = show_evidence(&proving);
    store_close(proving.store);
    cli_table_release(&proving.table);
    json_decref(proving.items);
    base_buffer_release(&proving.file);
    return code;
}

static enum base_code ledger_run(struct cli *cli)
{
    static const struct cli_form forms[] = {{"show", ledger_show},
                                            {"facts", ledger_facts},
                                            {"verify", ledger_verify},
                                            {"cosign", ledger_cosign},
                                            {"export", ledger_export},
                                            {"evidence", ledger_evidence}};
    return cli_form_run(cli, forms, 6, NULL);
}

static const struct cli_option options[] = {
    {"entry", 'e', "N", "show: print this statement as it was signed"},
    {"out", 'o', "FILE", "evidence: write it into this file"},
    {"number", 0, "N", "evidence: this one"},
    {0},
};

const struct cli_command cli_ledger_command = {
    .name = "ledger",
    .summary = "show, check and export what was said and signed",
    .usage = CLI_TEXTS("show [COMPARTMENT] [--entry N]", "facts [COMPARTMENT]", "verify [COMPARTMENT]", "cosign [COMPARTMENT]",
                       "export COMPARTMENT FOLDER", "evidence [COMPARTMENT] [--number N] [--out FILE]"),
    .options = options,
    .text = "Each compartment has a ledger of its own: every statement of either side, in an append-only Merkle tree whose head "
            "the other party cosigns. What was cosigned can be neither removed nor changed without that showing.\n\n"
            "verify reads all of it and checks every entry, signature and checkpoint. cosign asks the other node to cosign what "
            "is new. export writes what was cosigned into a folder of the C2SP tlog-tiles form, with the keys beside it: "
            "entente-verify checks it without this program, and so does any tool for the form.\n\n"
            "evidence shows where the other party's ledger does not continue what was cosigned. What is proven needs nothing but the "
            "file to be checked: two checkpoints, signed by the same key, that no one ledger can have. What is suspected the other party "
            "has to explain.\n\n"
            "The statements name no person: sizes, commitments, hashes, times.",
    .examples = CLI_TEXTS("what stands in it", "entente ledger show south", "for an overseer",
                          "entente ledger export south south-ledger", "proof that the other party showed two histories",
                          "entente ledger evidence south --out south-conflict"),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_REFUSED) | CLI_CAN(CLI_EXIT_NO_NODE) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = ledger_run,
};
