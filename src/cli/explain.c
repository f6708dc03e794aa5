/* SPDX-License-Identifier: Apache-2.0
 *
 * entente explain: two persons from the command line, compared as screening compares them, with what each part said.
 */
#include "cli/person.h"
#include "cli/print.h"
#include "people/compare.h"

#include <stdlib.h>
#include <string.h>

enum { EVIDENCE_COLUMNS = 6, NAMES_MAX = 64, OPTION_MAX = 32 };

/* Spellings parted by semicolons. */
static enum base_code add_names(struct people_record *record, const char *text)
{
    char *copy = cli_copy(text), *rest = copy;
    const char *names[NAMES_MAX];
    size_t count = 0;
    for (char *name; (name = strsep(&rest, ";")) != NULL && count < NAMES_MAX;)
        names[count++] = name;
    enum base_code code = rest != NULL ? base_fail(BASE_E_LIMIT, "more than %d spellings of one name", NAMES_MAX)
                                       : cli_person_add_names(record, names, count);
    free(copy);
    if (code == BASE_OK && record->name_count == 0)
        code = base_fail(BASE_E_ARGUMENT, "an empty name has nothing to compare");
    return code;
}

static enum base_code read_file(struct people_record *record, const char *path)
{
    json_t *persons = json_array();
    enum base_code code = persons == NULL ? base_fail(BASE_E_NOMEM, "no memory for a person") : cli_persons_of_file(path, persons);
    if (code == BASE_OK && json_array_size(persons) != 1)
        code = base_fail(BASE_E_FORMAT, "%s: %zu persons, and one is compared", path, json_array_size(persons));
    if (code == BASE_OK) {
        char *text = json_dumps(json_array_get(persons, 0), JSON_COMPACT | JSON_SORT_KEYS);
        code = text == NULL ? base_fail(BASE_E_NOMEM, "no memory for a person") : people_record_decode(base_bytes_text(text), record);
        free(text);
    }
    json_decref(persons);
    return code;
}

static enum base_code add_born(struct people_record *record, const char *text)
{
    return cli_person_add_born(record, text);
}

static enum base_code add_nationality(struct people_record *record, const char *text)
{
    return people_texts_add(&record->nationalities, base_bytes_text(text));
}

static enum base_code add_place(struct people_record *record, const char *text)
{
    return people_record_add_place(record, PEOPLE_PLACE_BIRTH, base_bytes_text(text), base_bytes_text(""));
}

/* "born" with the side's letter behind it: --born-a. */
static enum base_code add_facts(const struct cli *cli, char side, struct people_record *record)
{
    static const struct {
        const char *option;
        enum base_code (*add)(struct people_record *record, const char *text);
    } facts[] = {{"born", add_born},         {"sex", cli_person_set_sex},          {"nationality", add_nationality},
                 {"birth-place", add_place}, {"document", cli_person_add_document}};
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        char option[OPTION_MAX];
        const char *text;
        snprintf(option, sizeof option, "%s-%c", facts[i].option, side);
        for (size_t k = 0; (text = cli_value_at(cli, option, k)) != NULL; k++)
            BASE_TRY(facts[i].add(record, text));
    }
    return BASE_OK;
}

static enum base_code read_person(const struct cli *cli, size_t index, struct people_record *out)
{
    const char *text = cli_argument(cli, index);
    BASE_TRY(text[0] == '@' ? read_file(out, text + 1) : add_names(out, text));
    return add_facts(cli, index == 0 ? 'a' : 'b', out);
}

static const char *grade_of(const struct people_explanation *found)
{
    return found->is_hit ? people_grade_word(found->grade) : "none";
}

static enum base_code print_json(const struct people_explanation *found)
{
    json_t *reasons = json_array();
    for (size_t i = 0; i < found->count; i++)
        json_array_append_new(reasons, json_pack("{s:s, s:i}", "reason", found->reasons[i].text, "tenths", found->reasons[i].evidence));
    return cli_print_json(json_pack("{s:b, s:s, s:i, s:i, s:o}", "hit", found->is_hit, "grade", grade_of(found), "percent", found->percent,
                                    "tenths", found->evidence, "reasons", reasons));
}

/* The number, then the text in a column of its own. */
static void print_line(int evidence, const char *text)
{
    char *mark = cli_format("%+*.1f  ", EVIDENCE_COLUMNS, evidence / 10.0);
    cli_print_behind(mark, text);
    free(mark);
}

static void print_text(const struct people_explanation *found)
{
    for (size_t i = 0; i < found->count; i++)
        print_line(found->reasons[i].evidence, found->reasons[i].text);
    char *sum = found->is_hit ? cli_format("together: %s; of 100 such pairs %d%s are one person", grade_of(found), found->percent,
                                           found->percent == 99 ? " or more" : "")
                              : cli_format("together: no hit; of 100 such pairs %d%s one person", found->percent,
                                           found->percent == 1 ? " or fewer is" : " are");
    printf("%s", cli_bold(stdout));
    print_line(found->evidence, sum);
    printf("%s", cli_plain(stdout));
    free(sum);
}

static enum base_code explain_run(struct cli *cli)
{
    struct people_record a = PEOPLE_RECORD_EMPTY, b = PEOPLE_RECORD_EMPTY;
    struct people_explanation found = PEOPLE_EXPLANATION_EMPTY;
    BASE_TRY(cli_arguments_check(cli, 2, 2, "two names"));
    enum base_code code = read_person(cli, 0, &a);
    if (code == BASE_OK)
        code = read_person(cli, 1, &b);
    if (code == BASE_OK)
        code = people_explain(&a, &b, &found);
    if (code == BASE_OK && cli->is_json)
        code = print_json(&found);
    else if (code == BASE_OK)
        print_text(&found);
    people_explanation_release(&found);
    people_record_release(&a);
    people_record_release(&b);
    return code;
}

static const struct cli_option options[] = {
    {"born-a", 0, "DATE...", "a date of birth of the first: 1986-10-21, 1986-10, 1986, c.1986 or 1985/1988"},
    {"born-b", 0, "DATE...", "of the second"},
    {"sex-a", 0, "m|f", "the sex of the first"},
    {"sex-b", 0, "m|f", "of the second"},
    {"nationality-a", 0, "STATE...", "a nationality of the first, as written"},
    {"nationality-b", 0, "STATE...", "of the second"},
    {"birth-place-a", 0, "PLACE...", "a place of birth of the first, as written"},
    {"birth-place-b", 0, "PLACE...", "of the second"},
    {"document-a", 0, "DOC...", "a document of the first: TYPE:NUMBER or TYPE:NUMBER:COUNTRY"},
    {"document-b", 0, "DOC...", "of the second"},
    {0},
};

const struct cli_command cli_explain_command = {
    .name = "explain",
    .summary = "compare two persons and say what each part of them contributes",
    .usage = CLI_TEXTS("A B [--born-a DATE...] [--born-b DATE...] [...]"),
    .options = options,
    .text = "Compares as screening does, in the clear and on this machine: nothing is stored or sent. A and B are names in any script, spellings of "
            "one person parted by \";\", or @FILE with a person's FollowTheMoney entity.\n\n"
            "Each line says in bits what a part contributes: one bit more makes it twice as likely that the two are one person, one less half as "
            "likely (--json gives tenths of a bit). A part of a name counts by how rare it is and by how it was recognised; a wrong date lowers the sum by a bounded amount. The "
            "sum stands for a probability: half or more is strong, 6 of 100 or more possible; exact is 99 with the same day of birth or document.",
    .examples = CLI_TEXTS("a Cyrillic name and a passport", "entente explain 'Тамерлан Царнаев' 'Tsarnayev, T' --born-a 1986",
                          "two spellings of an Arabic name", "entente explain 'عبد الرحمن خالد' 'Abdurrahman Khaled'"),
    .exits = CLI_CAN(CLI_EXIT_INPUT) | CLI_CAN(CLI_EXIT_NOT_FOUND),
    .run = explain_run,
};
