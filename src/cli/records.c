/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/call.h"
#include "cli/guest.h"
#include "cli/table.h"
#include "cli/who.h"

#include "base/clock.h"
#include "base/cursor.h"
#include "node/search.h"

#include <stdlib.h>
#include <string.h>

enum { SHOWN = 50 };

struct listing {
    const struct cli *cli;
    struct cli_table table;
    json_t *records;
    struct node_search search;
    uint64_t found, limit;
};

static json_t *record_json(const struct store_record *stored)
{
    char first[BASE_TIME_TEXT_LEN + 1], changed[BASE_TIME_TEXT_LEN + 1], withdrawn[BASE_TIME_TEXT_LEN + 1];
    base_time_format(stored->first_ms, first);
    base_time_format(stored->changed_ms, changed);
    base_time_format(stored->withdrawn_ms, withdrawn);
    json_t *entity = json_loadb((const char *)stored->content.data, stored->content.len, 0, NULL);
    json_t *record = json_pack("{s:I, s:s, s:s%, s:s, s:s, s:o?}", "id", (json_int_t)stored->id, "source", stored->source, "key",
                               (const char *)stored->key.data, stored->key.len, "first", first, "changed", changed, "entity",
                               entity);
    if (record != NULL && stored->withdrawn_ms != 0)
        json_object_set_new(record, "withdrawn", json_string(withdrawn));
    return record;
}

static void add_row(struct listing *listing, const struct store_record *stored, const struct people_record *record)
{
    char *id = cli_format("%lld", (long long)stored->id);
    char *name = cli_person_name(record), *births = cli_person_births(record), *countries = cli_copy("");
    for (size_t i = 0; i < record->nationalities.count; i++) {
        char *longer = cli_format("%s%s%s", countries, i == 0 ? "" : ", ", record->nationalities.items[i]);
        free(countries);
        countries = longer;
    }
    cli_table_add(&listing->table, CLI_TEXTS(id, stored->source, name, births, countries));
    free(countries);
    free(births);
    free(name);
    free(id);
}

static enum base_code list_record(void *context, const struct store_record *stored)
{
    struct listing *listing = context;
    struct people_record record = PEOPLE_RECORD_EMPTY;
    bool fits = false;
    BASE_TRY(people_record_decode(stored->content, &record));
    enum base_code code = node_search_fits(&listing->search, &record, &fits);
    if (code == BASE_OK && fits && listing->found++ < listing->limit) {
        if (listing->records != NULL)
            json_array_append_new(listing->records, record_json(stored));
        else
            add_row(listing, stored, &record);
    }
    people_record_release(&record);
    return code;
}

/* The same through the node: it searches, and the first it found are shown. */
static enum base_code ask_node(struct cli *cli, struct listing *listing)
{
    json_t *result = NULL;
    char why[CLI_WHY_SIZE];
    if (cli->parsed.argument_count < 2)
        return base_fail(BASE_E_ROLE, "the whole list is read under the account of the node only: search or show");
    BASE_TRY(cli_why(cli, true, why));
    json_t *words = json_array();
    for (size_t i = 1; i < cli->parsed.argument_count; i++)
        json_array_append_new(words, json_string(cli->parsed.arguments[i]));
    json_t *request = json_pack("{s:s, s:o, s:s, s:b}", "do", "records", "words", words, "why", why, "withdrawn", cli_has(cli, "withdrawn"));
    if (request != NULL && cli_has(cli, "source"))
        json_object_set_new(request, "source", json_string(cli_value(cli, "source")));
    BASE_TRY(cli_call(cli, request, &result));
    const json_t *items = json_object_get(result, "items");
    enum base_code code = BASE_OK;
    for (size_t i = 0; code == BASE_OK && i < json_array_size(items); i++) {
        struct store_record stored;
        code = cli_guest_record(json_array_get(items, i), &stored);
        if (code == BASE_OK)
            code = list_record(listing, &stored);
    }
    listing->limit = listing->found < listing->limit ? listing->found : listing->limit;
    listing->found = cli_result_number(result, "found");
    json_decref(result);
    return code;
}

static enum base_code read_store(struct cli *cli, struct listing *listing, const char *what, const char *subject)
{
    struct store *store = NULL;
    BASE_TRY(cli_home_open(cli, true, &store));
    enum base_code code = cli_look(cli, store, NULL, what, subject);
    if (code == BASE_OK)
        code = store_records_each(store, cli_value(cli, "source"), cli_has(cli, "withdrawn"), list_record, listing);
    store_close(store);
    return code;
}

static enum base_code walk(struct cli *cli, struct listing *listing, const char *what, const char *subject)
{
    static const struct cli_column columns[] = {
        {"ID", CLI_RIGHT}, {"SOURCE", CLI_LEFT}, {"NAME", CLI_FLEXIBLE}, {"BORN", CLI_FLEXIBLE}, {"NATIONALITY", CLI_FLEXIBLE}};
    BASE_TRY(cli_number(cli, "limit", cli->is_json ? UINT64_MAX : SHOWN, 1000000000, &listing->limit));
    listing->records = cli->is_json ? json_array() : NULL;
    cli_table_init(&listing->table, columns, 5);
    enum base_code code = cli_is_guest(cli) ? ask_node(cli, listing) : read_store(cli, listing, what, subject);
    if (code == BASE_OK && cli->is_json)
        code = cli_print_json(json_pack("{s:I, s:O}", "count", (json_int_t)listing->found, "records", listing->records));
    else if (code == BASE_OK && listing->table.cell_count > 0)
        cli_table_print(&listing->table, stdout);
    if (code == BASE_OK && listing->found == 0)
        cli_say(cli, "No record fits.");
    else if (code == BASE_OK && listing->found > listing->limit)
        cli_say(cli, "%s of %s shown; --limit N shows more.", cli_thousands(listing->limit), cli_thousands(listing->found));
    json_decref(listing->records);
    cli_table_release(&listing->table);
    return code;
}

static enum base_code records_list(struct cli *cli)
{
    struct listing listing = {.cli = cli};
    if (cli_argument(cli, 0) != NULL && strcmp(cli_argument(cli, 0), "list") != 0)
        return base_fail(BASE_E_ARGUMENT, "there is no 'records %.40s': list, search or show", cli_argument(cli, 0));
    BASE_TRY(cli_arguments_check(cli, 0, 1, ""));
    return walk(cli, &listing, "records", cli_has(cli, "source") ? cli_value(cli, "source") : "all");
}

/* What was searched for, as the log of looks has it. */
static char *join_words(const struct cli *cli)
{
    char *words = cli_copy("");
    for (size_t i = 1; i < cli->parsed.argument_count; i++) {
        char *longer = cli_format("%s%s%s", words, i == 1 ? "" : " ", cli->parsed.arguments[i]);
        free(words);
        words = longer;
    }
    return words;
}

static enum base_code records_search(struct cli *cli)
{
    struct listing listing = {.cli = cli};
    BASE_TRY(cli_arguments_check(cli, 2, 1 + NODE_SEARCH_WORDS_MAX, "what to search for"));
    enum base_code code = BASE_OK;
    for (size_t i = 1; code == BASE_OK && i < cli->parsed.argument_count; i++)
        code = node_search_add(&listing.search, cli->parsed.arguments[i]);
    char *words = join_words(cli);
    if (code == BASE_OK)
        code = walk(cli, &listing, "records-search", words);
    free(words);
    node_search_release(&listing.search);
    return code;
}

static void show_names(const struct people_record *record)
{
    static const struct {
        enum people_name_kind kind;
        const char *label;
    } kinds[] = {{PEOPLE_NAME_PRIMARY, "name"}, {PEOPLE_NAME_ORIGINAL, "original"}, {PEOPLE_NAME_ALIAS, "alias"},
                 {PEOPLE_NAME_WEAK, "weak alias"}};
    for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++)
        for (size_t i = 0; i < record->name_count; i++)
            if (record->names[i].kind == kinds[kind].kind)
                cli_print_field(kinds[kind].label, "%s", record->names[i].text);
}

static void show_texts(const char *label, const struct people_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        cli_print_field(i == 0 ? label : "", "%s", texts->items[i]);
}

static void show_person(const struct people_record *record)
{
    show_names(record);
    for (size_t i = 0; i < record->birth_count; i++) {
        char *date = cli_person_date(&record->births[i]);
        const char *by = record->births[i].stated_by;
        cli_print_field("born", "%s%s%s%s", date, by == NULL ? "" : " (", by == NULL ? "" : by, by == NULL ? "" : ")");
        free(date);
    }
    if (record->sex != 0)
        cli_print_field("sex", "%s", record->sex == 'f' ? "female" : "male");
    show_texts("nationality", &record->nationalities);
    for (size_t i = 0; i < record->place_count; i++) {
        const struct people_place *place = &record->places[i];
        bool has_both = place->text != NULL && place->country != NULL;
        cli_print_field(place->kind == PEOPLE_PLACE_BIRTH ? "born in" : "address", "%s%s%s",
                        place->text == NULL ? "" : place->text, has_both ? ", " : "", place->country == NULL ? "" : place->country);
    }
    for (size_t i = 0; i < record->document_count; i++) {
        const struct people_document *document = &record->documents[i];
        cli_print_field("document", "%s%s%s%s%s%s%s", document->type == NULL ? "" : document->type,
                        document->type == NULL ? "" : " ", document->number == NULL ? "" : document->number,
                        document->country == NULL ? "" : ", ", document->country == NULL ? "" : document->country,
                        document->note == NULL ? "" : "; ", document->note == NULL ? "" : document->note);
    }
    show_texts("title", &record->titles);
    show_texts("remark", &record->remarks);
}

static enum base_code show_record(void *context, const struct store_record *stored)
{
    const struct cli *cli = context;
    struct people_record record = PEOPLE_RECORD_EMPTY;
    if (cli->is_json)
        return cli_print_json(record_json(stored));
    BASE_TRY(people_record_decode(stored->content, &record));
    cli_print_field("record", "%lld", (long long)stored->id);
    cli_print_field("source", "%s, key %.*s%s%s", stored->source, (int)stored->key.len, (const char *)stored->key.data,
                    record.programme == NULL ? "" : ", ", record.programme == NULL ? "" : record.programme);
    show_person(&record);
    cli_print_field("first seen", "%s UTC", cli_time(stored->first_ms));
    cli_print_field("changed", "%s UTC", cli_time(stored->changed_ms));
    if (stored->withdrawn_ms != 0)
        cli_print_field("withdrawn", "%s UTC: the list no longer has this person", cli_time(stored->withdrawn_ms));
    people_record_release(&record);
    return BASE_OK;
}

static enum base_code show_by_node(struct cli *cli, uint64_t id)
{
    struct store_record stored;
    json_t *result = NULL;
    char why[CLI_WHY_SIZE];
    BASE_TRY(cli_why(cli, true, why));
    BASE_TRY(cli_call(cli, json_pack("{s:s, s:I, s:s}", "do", "record", "record", (json_int_t)id, "why", why), &result));
    enum base_code code = cli_guest_record(result, &stored);
    if (code == BASE_OK)
        code = show_record(cli, &stored);
    json_decref(result);
    return code;
}

static enum base_code records_show(struct cli *cli)
{
    struct store *store = NULL;
    uint64_t id = 0;
    BASE_TRY(cli_arguments_check(cli, 2, 2, "the record's ID"));
    if (base_parse_decimal(base_bytes_text(cli_argument(cli, 1)), INT64_MAX, &id) != BASE_OK)
        return base_fail(BASE_E_ARGUMENT, "'%.40s' is not the number of a record", cli_argument(cli, 1));
    if (cli_is_guest(cli))
        return show_by_node(cli, id);
    BASE_TRY(cli_home_open(cli, true, &store));
    char *subject = cli_format("%llu", (unsigned long long)id);
    enum base_code code = cli_look(cli, store, NULL, "record", subject);
    free(subject);
    if (code == BASE_OK)
        code = store_record_get(store, (int64_t)id, show_record, cli);
    store_close(store);
    return code;
}

static enum base_code records_run(struct cli *cli)
{
    static const struct cli_form forms[] = {{"search", records_search}, {"show", records_show}};
    return cli_form_run(cli, forms, 2, records_list);
}

static const struct cli_option options[] = {
    {"source", 's', "LABEL", "only of this source"},
    {"withdrawn", 'w', NULL, "withdrawn records too"},
    {"limit", 'l', "N", "show at most N (else 50; with --json all)"},
    CLI_WHY_OPTION,
    {0},
};

const struct cli_command cli_records_command = {
    .name = "records",
    .summary = "list, search and show the party's own records",
    .usage = CLI_TEXTS("[list] [--source LABEL] [--withdrawn] [--limit N]", "search WORD... [--source LABEL] [--why TEXT]", "show ID [--why TEXT]"),
    .options = options,
    .text = "search finds the records with a name in which all the words occur, in any script, whatever their case. It compares "
            "letters only; matching with another party knows spellings and birth dates too.\n\n"
            "Each look is kept in the log of looks: who, when, which, and why. Once the party has users it takes the key of an "
            "analyst.\n\n"
            "With --json each record is a FollowTheMoney entity under \"entity\".",
    .examples = CLI_TEXTS("the first fifty", "entente records", "by name", "entente records search царнаев",
                          "everything about one", "entente records show 12", "where there are users",
                          "entente records show 12 --user-key mara.key --why \"case 7\""),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_REFUSED) | CLI_CAN(CLI_EXIT_INPUT) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = records_run,
};
