/* SPDX-License-Identifier: Apache-2.0
 *
 * Events into the running node, which screens them against every awake alert. A file is read twice: first to see that it is one,
 * then to send it, so that nothing is sent of a file that is cut or of another kind.
 */
#include "cli/call.h"
#include "cli/events.h"
#include "cli/person.h"
#include "cli/print.h"
#include "cli/progress.h"
#include "cli/request.h"
#include "cli/show.h"

#include "base/file.h"
#include "node/control.h"

#include <stdlib.h>
#include <string.h>

/* BATCH_BYTES: what a line to the node may hold, less what stands around the events. */
enum { BAD_ROWS_SHOWN = 20, BATCH_MAX = 500, BATCH_BYTES = NODE_CONTROL_LINE_MAX - 1024 };

struct sending {
    struct cli *cli;
    struct people_stream stream;
    struct cli_progress progress;
    json_t *batch;
    size_t batch_bytes;
    bool is_trial; /* the first reading: nothing is sent, bad rows are told */
    uint64_t bad_shown;
    json_t *bad; /* with --json */
    uint64_t added, found, known, left_out;
    json_t *hits;
};

static void show_hit(const json_t *hit)
{
    const json_t *reasons = json_object_get(hit, "reasons");
    if (!json_is_object(hit)) {
        cli_print_field("hit", "%lld", (long long)json_integer_value(hit));
        return;
    }
    cli_print_field("hit", "%s: %s, alert %s in %s", cli_thousands(cli_result_number(hit, "hit")), cli_result_text(hit, "grade"),
                    cli_short(cli_result_text(hit, "alert")), cli_result_text(hit, "compartment"));
    if (*cli_result_text(hit, "what") != 0)
        cli_print_field("  what", "%s", cli_result_text(hit, "what"));
    for (size_t i = 0; i < json_array_size(reasons); i++)
        cli_print_field(i == 0 ? "  because" : "", "%s", cli_item_text(reasons, i));
}

static void show_counts(const struct sending *sending)
{
    size_t hits = json_array_size(sending->hits);
    cli_print_field("events", "%s added, %s known already", cli_thousands(sending->added), cli_thousands(sending->known));
    cli_print_field("hits", "%s", hits == 0 ? "none" : cli_thousands(hits + sending->left_out));
    for (size_t i = 0; i < hits; i++) {
        putchar('\n');
        show_hit(json_array_get(sending->hits, i));
    }
    if (sending->left_out > 0)
        cli_say(sending->cli, "\n... and %s more: entente hit list", cli_thousands(sending->left_out));
    if (hits > 0)
        cli_say(sending->cli, "\nJudge them: entente hit confirm|reject|unsure HIT --reason TEXT. A hit is a question, never evidence.");
}

static enum base_code take_result(struct sending *sending, json_t *result)
{
    sending->added += cli_result_number(result, "added");
    sending->found += cli_result_number(result, "found");
    sending->known += cli_result_number(result, "known");
    sending->left_out += cli_result_number(result, "left_out");
    int failed = json_is_array(json_object_get(result, "hits")) ? json_array_extend(sending->hits, json_object_get(result, "hits")) : 0;
    json_decref(result);
    return failed == 0 ? BASE_OK : base_fail(BASE_E_NOMEM, "no memory for the hits");
}

static enum base_code flush(struct sending *sending)
{
    struct cli_request request;
    json_t *result = NULL;
    if (json_array_size(sending->batch) == 0)
        return BASE_OK;
    cli_request_begin(&request, sending->cli, "events-add");
    cli_request_set(&request, "events", sending->batch);
    sending->batch = json_array();
    sending->batch_bytes = 0;
    BASE_TRY(cli_request_send(&request, &result));
    return take_result(sending, result);
}

static enum base_code take_event(void *context, json_t *event)
{
    struct sending *sending = context;
    size_t len = json_dumpb(event, NULL, 0, JSON_COMPACT) + 1;
    if (sending->is_trial) {
        cli_progress_show(&sending->progress, "reading", true, people_stream_position(&sending->stream), people_stream_size(&sending->stream));
        json_decref(event);
        return len <= BATCH_BYTES ? BASE_OK : base_fail(BASE_E_LIMIT, "an event of more than %s", cli_size(BATCH_BYTES));
    }
    enum base_code code = BASE_OK;
    if (sending->batch_bytes + len > BATCH_BYTES || json_array_size(sending->batch) == BATCH_MAX)
        code = flush(sending);
    if (code != BASE_OK || json_array_append(sending->batch, event) != 0)
        code = code != BASE_OK ? code : base_fail(BASE_E_NOMEM, "no memory for an event");
    json_decref(event);
    sending->batch_bytes += len;
    cli_progress_show(&sending->progress, "sending", true, people_stream_position(&sending->stream), people_stream_size(&sending->stream));
    return code;
}

static void bad_row(void *context, const char *file, uint64_t line, const char *reason)
{
    struct sending *sending = context;
    if (!sending->is_trial || ++sending->bad_shown > BAD_ROWS_SHOWN)
        return;
    if (sending->bad != NULL) {
        json_array_append_new(sending->bad, json_pack("{s:s, s:I, s:s}", "file", file, "line", (json_int_t)line, "reason", reason));
        return;
    }
    cli_progress_end(&sending->progress);
    char *safe = cli_safe(reason);
    fprintf(stderr, "%s:%llu: %s\n", file, (unsigned long long)line, safe);
    free(safe);
}

static enum base_code read_once(struct sending *sending, bool is_trial, struct base_bytes mapping, struct cli_events_counts *counts)
{
    struct cli_events_sink sink = {sending, take_event, bad_row};
    BASE_TRY(people_stream_open(&sending->stream, cli_argument(sending->cli, 1)));
    sending->is_trial = is_trial;
    enum base_code code = cli_events_read(&sending->stream, mapping, cli_value(sending->cli, "kind"), &sink, counts);
    people_stream_close(&sending->stream);
    cli_progress_end(&sending->progress);
    return code;
}

static enum base_code send_file(struct sending *sending, struct cli_events_counts *counts)
{
    struct base_buffer mapping = BASE_BUFFER_EMPTY;
    const char *path = cli_value(sending->cli, "mapping");
    enum base_code code = path == NULL ? BASE_OK : base_file_read(path, CLI_EVENTS_MAPPING_MAX, &mapping);
    if (code == BASE_OK)
        code = read_once(sending, true, base_bytes_buffer(&mapping), counts);
    if (code == BASE_OK) {
        code = read_once(sending, false, base_bytes_buffer(&mapping), counts);
        if (code == BASE_OK)
            code = flush(sending);
        if (code != BASE_OK && sending->added > 0)
            sending->cli->hint = "part of the file was sent; import it again: what is there already counts as known";
    }
    base_buffer_release(&mapping);
    return code;
}

static enum base_code report(struct sending *sending, const struct cli_events_counts *counts)
{
    struct cli *cli = sending->cli;
    if (cli->is_json)
        return cli_print_json(json_pack("{s:I, s:I, s:O, s:I, s:I, s:I, s:O, s:I}", "rows", (json_int_t)counts->rows, "bad_rows", (json_int_t)counts->bad_rows,
                                        "bad", sending->bad, "added", (json_int_t)sending->added, "found", (json_int_t)sending->found, "known",
                                        (json_int_t)sending->known, "hits", sending->hits, "left_out", (json_int_t)sending->left_out));
    if (sending->bad_shown > BAD_ROWS_SHOWN)
        fprintf(stderr, "... and %s more bad rows\n", cli_thousands(sending->bad_shown - BAD_ROWS_SHOWN));
    if (cli->is_quiet)
        return BASE_OK;
    cli_print_field("rows", "%s read, %s left out as bad", cli_thousands(counts->rows), cli_thousands(counts->bad_rows));
    show_counts(sending);
    return BASE_OK;
}

static void begin(struct sending *sending, struct cli *cli)
{
    *sending = (struct sending){.cli = cli, .batch = json_array(), .hits = json_array(), .bad = cli->is_json ? json_array() : NULL};
    cli_progress_init(&sending->progress, cli);
}

static void end(struct sending *sending)
{
    json_decref(sending->batch);
    json_decref(sending->hits);
    json_decref(sending->bad);
}

static enum base_code event_import(struct cli *cli)
{
    struct sending sending;
    struct cli_events_counts counts = {0};
    BASE_TRY(cli_arguments_check(cli, 2, 2, "the FILE.csv to import"));
    begin(&sending, cli);
    enum base_code code = send_file(&sending, &counts);
    if (code == BASE_OK)
        code = report(&sending, &counts);
    end(&sending);
    return code;
}

static enum base_code person_of(const struct cli *cli, struct people_record *out)
{
    BASE_TRY(cli_person_of_options(cli, out));
    return out->name_count > 0 ? BASE_OK : base_fail(BASE_E_ARGUMENT, "--name is missing: who was it?");
}

static enum base_code make_event(const struct cli *cli, json_t **out)
{
    struct people_record person = PEOPLE_RECORD_EMPTY;
    enum base_code code = BASE_OK;
    if (!cli_has(cli, "kind"))
        code = base_fail(BASE_E_ARGUMENT, "--kind is missing: contact, travel, whereabouts or record");
    else if (!cli_has(cli, "time"))
        code = base_fail(BASE_E_ARGUMENT, "--time is missing: when it happened");
    else
        code = person_of(cli, &person);
    if (code == BASE_OK)
        code = cli_event_json(cli_value(cli, "kind"), cli_value(cli, "time"), cli_has(cli, "place") ? cli_value(cli, "place") : "",
                              cli_has(cli, "reference") ? cli_value(cli, "reference") : "", &person, out);
    people_record_release(&person);
    return code;
}

static enum base_code event_add(struct cli *cli)
{
    struct sending sending;
    struct cli_events_counts counts = {.rows = 1};
    json_t *event = NULL;
    BASE_TRY(cli_arguments_check(cli, 1, 1, ""));
    BASE_TRY(make_event(cli, &event));
    begin(&sending, cli);
    enum base_code code = take_event(&sending, event);
    if (code == BASE_OK)
        code = flush(&sending);
    if (code == BASE_OK && cli->is_json)
        code = report(&sending, &counts);
    else if (code == BASE_OK && !cli->is_quiet)
        show_counts(&sending);
    end(&sending);
    return code;
}

static enum base_code event_run(struct cli *cli)
{
    static const struct cli_form forms[] = {{"add", event_add}, {"import", event_import}};
    return cli_form_run(cli, forms, 2, NULL);
}

static const struct cli_option options[] = {
    {"kind", 'k', "WORD", "travel, contact, whereabouts or record; import: of rows that do not say"},
    {"time", 't', "TIME", "add: when: 2026-11-24, \"2026-11-24 08:00\" (UTC), 2026-11-24T08:00:00+01:00"},
    {"place", 0, "PLACE", "add: where, in a few words"},
    {"reference", 'r', "TEXT", "add: your own number of it; the same one is taken once"},
    CLI_PERSON_OPTIONS,
    {"mapping", 'm', "FILE", "import: which columns hold what"},
    {0},
};

const struct cli_command cli_event_command = {
    .name = "event",
    .summary = "screen departures, contacts and the like against every alert",
    .usage = CLI_TEXTS("add --kind WORD --time TIME --name NAME ... [--born DATE ...] ...", "import FILE.csv [--mapping FILE] [--kind WORD]"),
    .options = options,
    .text = "An event stays here. It is compared with every alert that is awake, also with those that arrive later; where one meets, there is "
            "a hit with its reasons, and where the alert asked to be told of this kind, a clock runs.\n\n"
            "import reads a CSV with a header: kind, time, place, reference, name, born, sex, nationality, document, in any order; other "
            "columns are passed over. Several names, dates or documents stand in several columns of one title, or in one field, parted "
            "by semicolons. Rows that cannot be read are left out and told on standard error as file:line: reason, the first 20 of them; "
            "more than half bad rows, and nothing is sent. A reference that was there before is not added again; a row without one "
            "gets one from what it says, so a file may be imported twice.\n\n"
            "A mapping file begins with the line \"mapping: entente/events/v1\"; its other lines say \"time: Departure\", the word first, then "
            "the column's title. \"separator: semicolon\" (or tab, bar) for a file that is not parted by commas.",
    .examples = CLI_TEXTS("one departure", "entente event add -k travel -t 2012-01-21 -n \"Tsarnaev Tamerlan\"",
                          "a list of passengers", "entente event import flights.csv -k travel --mapping flights.map"),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_REFUSED) | CLI_CAN(CLI_EXIT_NO_NODE) | CLI_CAN(CLI_EXIT_INPUT) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = event_run,
};
