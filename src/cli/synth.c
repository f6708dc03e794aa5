/* SPDX-License-Identifier: Apache-2.0
 *
 * Lists of persons that do not exist, for measuring. Persons are made in batches on all cores and written in their order, so that
 * memory does not grow with the lists. Every file is there whole or not at all.
 */
#include "cli/print.h"
#include "cli/progress.h"

#include "base/file.h"
#include "base/parallel.h"
#include "synth/lists.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 2048, CHUNKS_A_CORE = 8, FILE_MODE = 0644, LANGUAGES_ARGUMENT_MAX = 64 };
#define COUNT_DEFAULT 1000u
#define COUNT_MAX 1000000000u

struct synthesis {
    struct cli *cli;
    struct synth *synth;
    struct synth_lists lists;
    uint64_t seed, from, to;
    char *first_path, *second_path, *truth_path, *mapping_path; /* NULL: not written */
    struct base_sink *first, *second, *truth;
    struct synth_lists_part *parts;
    size_t part_count;
    uint64_t batch_from;
    struct synth_lists_part sums; /* its texts stay empty */
    struct cli_progress progress;
};

static volatile sig_atomic_t is_stopped;

static void on_signal(int number)
{
    (void)number;
    is_stopped = 1;
}

/* "russian,turkish" and --language russian --language turkish are the same. */
static enum base_code read_languages(struct cli *cli, char **names, const char **out, size_t *count)
{
    size_t given = 0;
    for (const char *value; (value = cli_value_at(cli, "language", given)) != NULL; given++) {
        char *rest = names[given] = cli_copy(value);
        for (char *name; (name = strsep(&rest, ",")) != NULL;) {
            if (*count == LANGUAGES_ARGUMENT_MAX)
                return base_fail(BASE_E_ARGUMENT, "more than %d languages", LANGUAGES_ARGUMENT_MAX);
            out[(*count)++] = name;
        }
    }
    return BASE_OK;
}

static enum base_code make_synth(struct synthesis *synthesis)
{
    struct cli *cli = synthesis->cli;
    struct synth_options options = SYNTH_OPTIONS_DEFAULT;
    char *names[CLI_OPTIONS_MAX] = {NULL};
    const char *languages[LANGUAGES_ARGUMENT_MAX];
    uint64_t women = 0, errors = 0;
    BASE_TRY(cli_number(cli, "seed", 1, UINT64_MAX, &synthesis->seed));
    BASE_TRY(cli_number(cli, "women", options.women_percent, 100, &women));
    BASE_TRY(cli_number(cli, "errors", options.error_percent, SYNTH_ERROR_PERCENT_MAX, &errors));
    enum base_code code = read_languages(cli, names, languages, &options.language_count);
    options.languages = languages;
    options.women_percent = (unsigned)women;
    options.error_percent = (unsigned)errors;
    if (code == BASE_OK)
        code = synth_new(synthesis->seed, &options, &synthesis->synth);
    if (code == BASE_E_ARGUMENT)
        cli->hint = "which languages there are: entente synth --list-languages";
    for (size_t i = 0; names[i] != NULL; i++)
        free(names[i]);
    return code;
}

static enum base_code read_sizes(struct synthesis *synthesis)
{
    struct cli *cli = synthesis->cli;
    struct synth_lists *lists = &synthesis->lists;
    uint64_t duplicates = 0;
    if (cli_has(cli, "pairs") && cli_has(cli, "duplicates"))
        return base_fail(BASE_E_ARGUMENT, "--pairs makes two lists and --duplicates one: give one of them");
    lists->synth = synthesis->synth;
    lists->is_two_sided = cli_has(cli, "pairs");
    BASE_TRY(synth_format_from_word(cli_has(cli, "format") ? cli_value(cli, "format") : "csv", &lists->format));
    BASE_TRY(cli_number(cli, "count", COUNT_DEFAULT, COUNT_MAX, &lists->count));
    BASE_TRY(cli_number(cli, "pairs", 0, COUNT_MAX, &lists->shared));
    BASE_TRY(cli_number(cli, "duplicates", 0, COUNT_MAX, &duplicates));
    if (!lists->is_two_sided)
        lists->shared = duplicates;
    BASE_TRY(synth_lists_check(lists));
    uint64_t persons = synth_lists_persons(lists);
    BASE_TRY(cli_number(cli, "from", 0, persons, &synthesis->from));
    BASE_TRY(cli_number(cli, "to", persons, persons, &synthesis->to));
    return synthesis->from < synthesis->to ? BASE_OK : base_fail(BASE_E_ARGUMENT, "--from must be less than --to");
}

/* people.csv, people-b.csv and people-truth.tsv */
static char *beside(const char *path, const char *mark, const char *ending)
{
    const char *name = strrchr(path, '/'), *dot = strrchr(name == NULL ? path : name, '.');
    int stem = (int)(dot == NULL ? strlen(path) : (size_t)(dot - path));
    return cli_format("%.*s%s%s", stem, path, mark, ending != NULL ? ending : dot == NULL ? "" : dot);
}

static void name_files(struct synthesis *synthesis, const char *out)
{
    struct cli *cli = synthesis->cli;
    synthesis->first_path = cli_copy(out);
    if (synthesis->lists.is_two_sided)
        synthesis->second_path = cli_has(cli, "other") ? cli_copy(cli_value(cli, "other")) : beside(out, "-b", NULL);
    if (cli_has(cli, "truth"))
        synthesis->truth_path = cli_copy(cli_value(cli, "truth"));
    else if (synthesis->lists.shared > 0)
        synthesis->truth_path = beside(out, "-truth", ".tsv");
    if (cli_has(cli, "mapping"))
        synthesis->mapping_path = cli_copy(cli_value(cli, "mapping"));
}

static enum base_code check_files(const struct synthesis *synthesis)
{
    const char *const paths[] = {synthesis->first_path, synthesis->second_path, synthesis->truth_path, synthesis->mapping_path};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        for (size_t k = 0; k < i && paths[i] != NULL; k++)
            if (paths[k] != NULL && strcmp(paths[i], paths[k]) == 0)
                return base_fail(BASE_E_ARGUMENT, "%s would be written twice", paths[i]);
        if (paths[i] == NULL || !base_path_exists(paths[i]) || cli_has(synthesis->cli, "force"))
            continue;
        synthesis->cli->hint = "give another name, or --force to replace it";
        return base_fail(BASE_E_EXISTS, "%s is there already", paths[i]);
    }
    return BASE_OK;
}

static enum base_code open_files(struct synthesis *synthesis)
{
    struct base_buffer head = BASE_BUFFER_EMPTY;
    BASE_TRY(base_sink_open(synthesis->first_path, FILE_MODE, &synthesis->first));
    if (synthesis->second_path != NULL)
        BASE_TRY(base_sink_open(synthesis->second_path, FILE_MODE, &synthesis->second));
    if (synthesis->truth_path != NULL)
        BASE_TRY(base_sink_open(synthesis->truth_path, FILE_MODE, &synthesis->truth));
    enum base_code code = synth_lists_head(&synthesis->lists, &head);
    if (code == BASE_OK)
        code = base_sink_write(synthesis->first, base_bytes_buffer(&head));
    if (code == BASE_OK && synthesis->second != NULL)
        code = base_sink_write(synthesis->second, base_bytes_buffer(&head));
    base_buffer_release(&head);
    return code;
}

static enum base_code make_chunks(void *context, size_t begin, size_t end)
{
    struct synthesis *synthesis = context;
    for (size_t i = begin; i < end; i++) {
        uint64_t from = synthesis->batch_from + (uint64_t)i * CHUNK, to = from + CHUNK;
        synth_lists_part_clear(&synthesis->parts[i]);
        BASE_TRY(synth_lists_make(&synthesis->lists, from, to < synthesis->to ? to : synthesis->to, &synthesis->parts[i]));
    }
    return BASE_OK;
}

static void add_sums(struct synth_lists_part *sums, const struct synth_lists_part *part)
{
    sums->first_rows += part->first_rows;
    sums->second_rows += part->second_rows;
    sums->pairs += part->pairs;
    sums->exact += part->exact;
    for (size_t i = 0; i < SYNTH_ERROR_COUNT; i++)
        sums->errors[i] += part->errors[i];
}

static enum base_code write_part(struct synthesis *synthesis, const struct synth_lists_part *part)
{
    add_sums(&synthesis->sums, part);
    BASE_TRY(base_sink_write(synthesis->first, base_bytes_buffer(&part->first)));
    if (synthesis->second != NULL)
        BASE_TRY(base_sink_write(synthesis->second, base_bytes_buffer(&part->second)));
    return synthesis->truth == NULL ? BASE_OK : base_sink_write(synthesis->truth, base_bytes_buffer(&part->truth));
}

static enum base_code write_lists(struct synthesis *synthesis)
{
    uint64_t total = synthesis->to - synthesis->from;
    unsigned cores = base_parallel_cores();
    synthesis->part_count = (size_t)cores * CHUNKS_A_CORE;
    synthesis->parts = base_alloc_array(synthesis->part_count, sizeof *synthesis->parts);
    if (synthesis->parts == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for synthetic persons");
    for (synthesis->batch_from = synthesis->from; synthesis->batch_from < synthesis->to;) {
        uint64_t chunks = (synthesis->to - synthesis->batch_from + CHUNK - 1) / CHUNK;
        size_t count = chunks < synthesis->part_count ? (size_t)chunks : synthesis->part_count;
        if (is_stopped)
            return base_fail(BASE_E_CANCELLED, "stopped; nothing was written");
        BASE_TRY(base_parallel_for(cores, count, 1, make_chunks, synthesis));
        for (size_t i = 0; i < count; i++)
            BASE_TRY(write_part(synthesis, &synthesis->parts[i]));
        synthesis->batch_from += (uint64_t)count * CHUNK;
        uint64_t done = synthesis->batch_from - synthesis->from;
        cli_progress_show(&synthesis->progress, "making", false, done < total ? done : total, total);
    }
    return BASE_OK;
}

/* The list last: whoever finds it finds what belongs to it, too. */
static enum base_code finish_files(struct synthesis *synthesis)
{
    struct base_sink **const sinks[] = {&synthesis->truth, &synthesis->second, &synthesis->first};
    if (synthesis->mapping_path != NULL)
        BASE_TRY(base_file_write(synthesis->mapping_path, synth_mapping_text(), FILE_MODE));
    for (size_t i = 0; i < sizeof sinks / sizeof *sinks; i++) {
        struct base_sink *sink = *sinks[i];
        *sinks[i] = NULL;
        if (sink != NULL)
            BASE_TRY(base_sink_finish(sink));
    }
    return BASE_OK;
}

static json_t *errors_json(const struct synth_lists_part *sums)
{
    json_t *errors = json_object();
    for (unsigned error = 0; error < SYNTH_ERROR_COUNT; error++)
        json_object_set_new(errors, synth_error_word((enum synth_error)error), json_integer((json_int_t)sums->errors[error]));
    return errors;
}

static enum base_code print_json(const struct synthesis *synthesis)
{
    const struct synth_lists_part *sums = &synthesis->sums;
    return cli_print_json(json_pack("{s:I, s:I, s:I, s:s, s:I, s:s?, s:I, s:s?, s:I, s:I, s:o}", "seed", (json_int_t)synthesis->seed, "from",
                                    (json_int_t)synthesis->from, "to", (json_int_t)synthesis->to, "file", synthesis->first_path, "rows",
                                    (json_int_t)sums->first_rows, "other_file", synthesis->second_path, "other_rows",
                                    (json_int_t)sums->second_rows, "truth_file", synthesis->truth_path, "pairs", (json_int_t)sums->pairs,
                                    "exact", (json_int_t)sums->exact, "errors", errors_json(sums)));
}

static enum base_code report(const struct synthesis *synthesis)
{
    const struct cli *cli = synthesis->cli;
    const struct synth_lists_part *sums = &synthesis->sums;
    if (cli->is_json)
        return print_json(synthesis);
    if (cli->is_quiet)
        return BASE_OK;
    cli_print_field("list", "%s, %s rows", synthesis->first_path, cli_thousands(sums->first_rows));
    if (synthesis->second_path != NULL)
        cli_print_field("other list", "%s, %s rows", synthesis->second_path, cli_thousands(sums->second_rows));
    if (synthesis->truth_path != NULL)
        cli_print_field("truth", "%s, %s pairs, %s of them without an error", synthesis->truth_path, cli_thousands(sums->pairs),
                        cli_thousands(sums->exact));
    if (synthesis->mapping_path != NULL)
        cli_print_field("mapping", "%s", synthesis->mapping_path);
    cli_say(cli, "\nNobody in these lists exists. The same seed and options make the same bytes anywhere.");
    return BASE_OK;
}

static void release(struct synthesis *synthesis)
{
    base_sink_abandon(synthesis->first);
    base_sink_abandon(synthesis->second);
    base_sink_abandon(synthesis->truth);
    for (size_t i = 0; i < synthesis->part_count && synthesis->parts != NULL; i++)
        synth_lists_part_release(&synthesis->parts[i]);
    free(synthesis->parts);
    free(synthesis->first_path);
    free(synthesis->second_path);
    free(synthesis->truth_path);
    free(synthesis->mapping_path);
    synth_free(synthesis->synth);
}

static enum base_code make_lists(struct synthesis *synthesis)
{
    struct cli *cli = synthesis->cli;
    if (!cli_has(cli, "out"))
        return base_fail(BASE_E_ARGUMENT, "--out FILE is missing: where to write the list");
    BASE_TRY(read_sizes(synthesis));
    name_files(synthesis, cli_value(cli, "out"));
    BASE_TRY(check_files(synthesis));
    BASE_TRY(open_files(synthesis));
    BASE_TRY(write_lists(synthesis));
    return finish_files(synthesis);
}

static enum base_code list_languages(const struct synthesis *synthesis)
{
    const char *name = NULL;
    json_t *names = synthesis->cli->is_json ? json_array() : NULL;
    for (size_t i = 0; (name = synth_language_name(synthesis->synth, i)) != NULL; i++) {
        if (names != NULL)
            json_array_append_new(names, json_string(name));
        else
            printf("%s\n", name);
    }
    return names == NULL ? BASE_OK : cli_print_json(names);
}

static enum base_code synth_run(struct cli *cli)
{
    struct synthesis synthesis = {.cli = cli};
    BASE_TRY(cli_arguments_check(cli, 0, 0, ""));
    cli_progress_init(&synthesis.progress, cli);
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    enum base_code code = make_synth(&synthesis);
    if (code == BASE_OK && cli_has(cli, "list-languages"))
        code = list_languages(&synthesis);
    else if (code == BASE_OK)
        code = make_lists(&synthesis);
    cli_progress_end(&synthesis.progress);
    if (code == BASE_OK && synthesis.first_path != NULL)
        code = report(&synthesis);
    release(&synthesis);
    return code;
}

static const struct cli_option options[] = {
    {"out", 'o', "FILE", "write the list here (required)"},
    {"count", 'n', "N", "so many rows in each list (default 1,000, at most 1,000,000,000)"},
    {"seed", 's', "S", "the number that everything follows from (default 1)"},
    {"pairs", 'p', "M", "write a second list of N rows, with M persons of the first in another writing"},
    {"other", 0, "FILE", "with --pairs: the second list (default: the first's name with -b)"},
    {"duplicates", 'd', "M", "let M persons of the one list stand in it twice, in another writing"},
    {"truth", 't', "FILE", "who is whom, and what errors were made (default: the list's name with -truth.tsv)"},
    {"format", 'f', "FORMAT", "csv (default) or ftm: FollowTheMoney entities, one JSON object a line"},
    {"mapping", 'm', "FILE", "write the mapping file here with which import reads the csv"},
    {"language", 'l', "LANGUAGE...", "names of these languages only, by commas or given again; all in their usual shares without it"},
    {"list-languages", 0, NULL, "print the languages there are, and do nothing else"},
    {"women", 0, "PERCENT", "so many women (default 40)"},
    {"errors", 'e', "PERCENT", "make so many of the errors that published lists make (default 100, at most 400; 0: none)"},
    {"from", 0, "INDEX", "begin with this person of the run: to make a part of it anew"},
    {"to", 0, "INDEX", "stop before this person of the run"},
    {"force", 0, NULL, "replace files that are there already"},
    {0},
};

const struct cli_command cli_synth_command = {
    .name = "synth",
    .summary = "make lists of persons that do not exist, to measure with",
    .usage = CLI_TEXTS("--out FILE [--count N] [--seed S] [--pairs M [--other FILE] | --duplicates M] [--truth FILE] [--format FORMAT] [...]",
                       "--list-languages"),
    .options = options,
    .text = "Invents persons: names by language and region, as unevenly frequent as names are, with patronymics, tribes and two family "
            "names where they are the custom; families, twins and namesakes; dates of birth from exact to circa; documents. Every one of them is "
            "marked as synthetic by its key and its programme.\n\n"
            "With --pairs there are two lists of N rows with M persons in common. The second list writes them as somebody else "
            "would: another romanisation, a letter wrong, a part of the name left out, in another script, another date. The truth file says for each "
            "pair which errors were made: id in the first list, id in the second, and the errors, parted by tabulators. Rates follow what "
            "published lists do to each other.\n\n"
            "Person number i depends on the seed, the options and i alone, and comes out in the same bytes on every machine. --from and --to make a "
            "part of a run anew. Memory does not grow with the lists. Files are there whole or not at all.",
    .examples = CLI_TEXTS("a list to try things with", "entente synth --count 10000 --out people.csv --mapping people.mapping",
                          "import it", "entente import people.csv --mapping people.mapping --source synthetic",
                          "two lists that share 500 persons", "entente synth --count 100000 --pairs 500 --out a.csv --other b.csv",
                          "Russian and Turkish names", "entente synth --language russian,turkish --out people.csv"),
    .exits = CLI_CAN(CLI_EXIT_INPUT),
    .run = synth_run,
};
