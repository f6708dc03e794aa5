/* SPDX-License-Identifier: Apache-2.0
 *
 * A published list into the store: importer, merge and store joined. The whole import is one transaction: a file that ends too
 * early, a full disk, or Ctrl-C leaves the records as they were.
 */
#include "cli/home.h"
#include "cli/preview.h"
#include "cli/progress.h"
#include "cli/who.h"

#include "base/clock.h"
#include "base/file.h"
#include "crypto/hash.h"
#include "people/import.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { BAD_ROWS_SHOWN = 20 };

struct import {
    struct cli *cli;
    struct store *store;
    struct cli_preview *preview; /* with --dry-run */
    struct cli_progress progress;
    struct base_buffer content;
    int64_t now_ms;
    uint64_t rows, bad_rows, merged;
    char list_date[21];
    json_t *bad; /* with --json */
};

static volatile sig_atomic_t is_stopped;

static void on_signal(int number)
{
    (void)number;
    is_stopped = 1;
}

static enum base_code stage_fragment(void *context, const struct people_record *fragment)
{
    struct import *import = context;
    base_buffer_clear(&import->content);
    BASE_TRY(people_record_encode(fragment, &import->content));
    return store_import_stage(import->store, base_bytes_text(fragment->source_key), base_bytes_buffer(&import->content));
}

static void show_bad_row(void *context, const char *file, uint64_t line, const char *reason)
{
    struct import *import = context;
    if (++import->bad_rows > BAD_ROWS_SHOWN)
        return;
    if (import->bad != NULL) {
        json_array_append_new(import->bad, json_pack("{s:s, s:I, s:s}", "file", file, "line", (json_int_t)line, "reason", reason));
        return;
    }
    cli_progress_end(&import->progress);
    char *safe = cli_safe(reason);
    fprintf(stderr, "%s:%llu: %s\n", file, (unsigned long long)line, safe);
    free(safe);
}

static enum base_code show_progress(void *context, uint64_t done, uint64_t total)
{
    struct import *import = context;
    if (is_stopped)
        return base_fail(BASE_E_CANCELLED, "stopped; nothing was changed");
    cli_progress_show(&import->progress, "reading", true, done, total);
    return BASE_OK;
}

static enum base_code merge_group(void *context, struct base_bytes key, const struct base_bytes *contents, size_t count)
{
    struct import *import = context;
    struct people_record merged = PEOPLE_RECORD_EMPTY, fragment = PEOPLE_RECORD_EMPTY;
    enum base_code code = is_stopped ? base_fail(BASE_E_CANCELLED, "stopped; nothing was changed") : BASE_OK;
    if (code == BASE_OK)
        code = people_record_decode(contents[0], &merged);
    for (size_t i = 1; code == BASE_OK && i < count; i++) {
        code = people_record_decode(contents[i], &fragment);
        if (code == BASE_OK)
            code = people_record_merge(&merged, &fragment);
        people_record_release(&fragment);
    }
    base_buffer_clear(&import->content);
    if (code == BASE_OK)
        code = people_record_encode(&merged, &import->content);
    if (code == BASE_OK)
        code = store_import_put(import->store, key, base_bytes_buffer(&import->content), import->now_ms);
    if (code == BASE_OK && import->preview != NULL)
        code = cli_preview_see(import->preview, key, base_bytes_buffer(&import->content));
    people_record_release(&merged);
    cli_progress_show(&import->progress, "storing", false, ++import->merged, 0);
    return code;
}

static enum base_code read_file(struct import *import, enum people_format format, const char *path)
{
    struct people_import_sink sink = {import, stage_fragment, show_bad_row, show_progress};
    struct people_import_facts facts = {0};
    enum base_code code = people_import_run(format, path, cli_value(import->cli, "mapping"), &sink, &facts);
    cli_progress_end(&import->progress);
    import->rows += facts.rows;
    if (strcmp(facts.list_date, import->list_date) > 0)
        memcpy(import->list_date, facts.list_date, sizeof import->list_date);
    return code;
}

static enum base_code pick_format(const struct cli *cli, const char *path, enum people_format *format)
{
    if (cli_has(cli, "format"))
        return people_format_from_word(cli_value(cli, "format"), format);
    *format = PEOPLE_FORMAT_CSV;
    return cli_has(cli, "mapping") ? BASE_OK : people_import_detect(path, format);
}

/* SHA-256 over the bytes of all files; of an OFAC folder, its sdn.csv. */
static enum base_code hash_files(const struct cli *cli, struct crypto_hash *out)
{
    struct crypto_running running;
    uint8_t piece[65536];
    crypto_running_init(&running);
    for (size_t i = 0; i < cli->parsed.argument_count; i++) {
        struct stat status;
        const char *path = cli->parsed.arguments[i];
        bool is_folder = stat(path, &status) == 0 && S_ISDIR(status.st_mode);
        char *inside = cli_format("%s%s", path, is_folder ? "/sdn.csv" : "");
        FILE *file = fopen(inside, "rbe");
        free(inside);
        if (file == NULL)
            return base_fail(BASE_E_NOT_FOUND, "%s cannot be read", path);
        for (size_t len; (len = fread(piece, 1, sizeof piece, file)) > 0;)
            crypto_running_update(&running, base_bytes_of(piece, len));
        bool is_bad = ferror(file) != 0;
        fclose(file);
        if (is_bad)
            return base_fail(BASE_E_IO, "%s cannot be read", path);
    }
    crypto_running_final(&running, out);
    return BASE_OK;
}

/* More than half of a source at once is more often a wrong file than the truth. */
static enum base_code check_shrink(const struct import *import, uint64_t before)
{
    uint64_t missing = 0;
    BASE_TRY(store_import_missing(import->store, &missing));
    if (missing * 2 <= before || cli_has(import->cli, "allow-shrink"))
        return BASE_OK;
    return base_fail(BASE_E_SHRINK, "%s of the %s current records of source %s would be withdrawn", cli_thousands(missing),
                     cli_thousands(before), cli_value(import->cli, "source"));
}

struct wanted {
    const char *label;
    uint64_t current;
};

static enum base_code find_source(void *context, const struct store_source *source)
{
    struct wanted *wanted = context;
    if (strcmp(source->label, wanted->label) == 0)
        wanted->current = source->current;
    return BASE_OK;
}

static enum base_code import_all(struct import *import, struct store_import_counts *counts)
{
    const struct cli *cli = import->cli;
    struct wanted wanted = {.label = cli_value(cli, "source")};
    enum people_format format;
    struct crypto_hash hash;
    BASE_TRY(pick_format(cli, cli_argument(cli, 0), &format));
    BASE_TRY(hash_files(cli, &hash));
    BASE_TRY(store_sources_each(import->store, find_source, &wanted));
    if (import->preview != NULL)
        BASE_TRY(cli_preview_load(import->preview, import->store, wanted.label));
    BASE_TRY(store_import_begin(import->store, wanted.label, people_format_word(format)));
    for (size_t i = 0; i < cli->parsed.argument_count; i++)
        BASE_TRY(read_file(import, format, cli->parsed.arguments[i]));
    BASE_TRY(store_import_groups(import->store, merge_group, import));
    BASE_TRY(check_shrink(import, wanted.current));
    if (import->preview == NULL)
        return store_import_finish(import->store, import->list_date, hash.bytes, import->now_ms, counts);
    cli_preview_counts(import->preview, counts);
    store_rollback(import->store);
    return BASE_OK;
}

static enum base_code report(const struct import *import, const struct store_import_counts *counts)
{
    const struct cli *cli = import->cli;
    bool is_dry = import->preview != NULL;
    if (cli->is_json)
        return cli_print_json(json_pack(
            "{s:s, s:b, s:s, s:I, s:I, s:O, s:I, s:I, s:I, s:I, s:I}", "source", cli_value(cli, "source"), "dry_run", is_dry,
            "list_date", import->list_date, "rows", (json_int_t)import->rows, "bad_rows", (json_int_t)import->bad_rows, "bad",
            import->bad, "added", (json_int_t)counts->added, "changed", (json_int_t)counts->changed, "unchanged",
            (json_int_t)counts->unchanged, "withdrawn", (json_int_t)counts->withdrawn, "restored", (json_int_t)counts->restored));
    if (import->bad_rows > BAD_ROWS_SHOWN)
        fprintf(stderr, "... and %s more bad rows\n", cli_thousands(import->bad_rows - BAD_ROWS_SHOWN));
    if (cli->is_quiet)
        return BASE_OK;
    cli_print_field("source", "%s%s%s", cli_value(cli, "source"), *import->list_date == 0 ? "" : ", list of ",
                    import->list_date);
    cli_print_field("rows", "%s read, %s left out as bad", cli_thousands(import->rows), cli_thousands(import->bad_rows));
    cli_print_field("records", "%s added, %s changed, %s unchanged, %s withdrawn, %s restored", cli_thousands(counts->added),
                    cli_thousands(counts->changed), cli_thousands(counts->unchanged), cli_thousands(counts->withdrawn),
                    cli_thousands(counts->restored));
    if (is_dry)
        cli_say(cli, "A dry run: nothing was changed.");
    return BASE_OK;
}

static enum base_code import_run(struct cli *cli)
{
    struct import import = {.cli = cli};
    struct cli_preview preview = CLI_PREVIEW_EMPTY;
    struct store_import_counts counts = {0};
    struct base_clock clock = base_clock_system();
    BASE_TRY(cli_arguments_check(cli, 1, CLI_ARGUMENTS_MAX, "the FILE to import"));
    if (!cli_has(cli, "source"))
        return base_fail(BASE_E_ARGUMENT, "--source is missing: the label under which this list is kept");
    BASE_TRY(exchange_name_check(cli_value(cli, "source")));
    BASE_TRY(cli_home_open(cli, true, &import.store));
    import.now_ms = base_clock_now(&clock);
    import.bad = cli->is_json ? json_array() : NULL;
    import.preview = cli_has(cli, "dry-run") ? &preview : NULL;
    cli_progress_init(&import.progress, cli);
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    enum base_code code = cli_permit(cli, import.store, &node_every_compartment, NODE_MAY(NODE_ROLE_ADMINISTRATOR), NULL);
    if (code == BASE_OK)
        code = import_all(&import, &counts);
    cli_progress_end(&import.progress);
    if (code != BASE_OK)
        store_rollback(import.store);
    else
        code = report(&import, &counts);
    json_decref(import.bad);
    cli_preview_release(&preview);
    base_buffer_release(&import.content);
    store_close(import.store);
    return code;
}

static const struct cli_option options[] = {
    {"source", 's', "LABEL", "keep the records under this label (required)"},
    {"format", 'f', "FORMAT", "un, uk, ofac, ftm or csv (else told from the file)"},
    {"mapping", 'm', "FILE", "for csv: which column holds what"},
    {"allow-shrink", 0, NULL, "let more than half of the source's records be withdrawn"},
    {"dry-run", 'n', NULL, "say what would change, and change nothing"},
    {0},
};

const struct cli_command cli_import_command = {
    .name = "import",
    .summary = "bring in a list, or its newer version",
    .usage = CLI_TEXTS("FILE... --source LABEL [--format FORMAT] [--mapping FILE] [--allow-shrink] [--dry-run]"),
    .options = options,
    .text = "Reads the files as one list and makes the source hold exactly what they say: persons are added, changed, withdrawn "
            "(when the list no longer has them) and restored. A withdrawn record keeps its content.\n\n"
            "The import is one transaction: a file that ends too early or a full disk leaves everything as it was. Rows that "
            "cannot be read are left out and told on standard error as file:line: reason, the first 20 of them; more than half "
            "bad rows, and the import is refused.\n\n"
            "Formats: un, the United Nations consolidated list (XML); uk, the United Kingdom's ConList.csv; ofac, the US legacy "
            "CSV set (give the folder or its sdn.csv); ftm, FollowTheMoney entities, one JSON object a line; csv, any CSV with a "
            "mapping file. Files may be gzipped.",
    .examples = CLI_TEXTS("the UN list", "entente import consolidated.xml --source un", "your own list",
                          "entente import wanted.csv --source own --mapping wanted.map", "what would change",
                          "entente import consolidated.xml --source un --dry-run"),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_REFUSED) | CLI_CAN(CLI_EXIT_INPUT) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = import_run,
};
