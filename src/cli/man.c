/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/help.h"

#include "base/file.h"
#include "cli/print.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* Text for man(7): a backslash, a hyphen-minus and a leading dot or quote mean something to it, and letters beyond ASCII are
 * written by their number. */
static void put(FILE *file, const char *text)
{
    bool is_line_start = true;
    mbstate_t state = {0};
    wchar_t letter;
    for (size_t len; (len = mbrtowc(&letter, text, MB_CUR_MAX, &state)) != 0 && len <= MB_CUR_MAX; text += len) {
        if (is_line_start && (letter == L'.' || letter == L'\''))
            fputs("\\&", file);
        if (letter == L'\\')
            fputs("\\e", file);
        else if (letter == L'-')
            fputs("\\-", file);
        else if (letter > 0x7e)
            fprintf(file, "\\[u%04X]", (unsigned)letter);
        else
            fputc((int)letter, file);
        is_line_start = letter == L'\n';
    }
}

static void put_section(FILE *file, const char *title)
{
    fprintf(file, ".SH %s\n", title);
}

/* Paragraphs become .PP; lines that begin with a blank stand as they are. */
static void put_paragraphs(FILE *file, const char *text)
{
    while (*text != 0) {
        const char *end = strstr(text, "\n\n");
        size_t len = end == NULL ? strlen(text) : (size_t)(end - text);
        char *paragraph = cli_format("%.*s", (int)len, text);
        bool is_literal = *paragraph == ' ';
        fputs(is_literal ? ".PP\n.nf\n" : ".PP\n", file);
        put(file, paragraph);
        fputs(is_literal ? "\n.fi\n" : "\n", file);
        free(paragraph);
        text += end == NULL ? len : len + 2;
    }
}

static void put_options(FILE *file, const struct cli_option *options)
{
    for (; options != NULL && options->name != NULL; options++) {
        fputs(".TP\n", file);
        if (options->letter != 0)
            fprintf(file, "\\fB\\-%c\\fR, ", options->letter);
        fputs("\\fB\\-\\-", file);
        put(file, options->name);
        fputs("\\fR", file);
        if (options->value != NULL)
            fprintf(file, " \\fI%s\\fR", options->value);
        fputc('\n', file);
        put(file, options->help);
        fputc('\n', file);
    }
}

static void put_exits(FILE *file, unsigned exits)
{
    exits |= CLI_CAN(CLI_EXIT_OK) | CLI_CAN(CLI_EXIT_FAILED) | CLI_CAN(CLI_EXIT_USAGE);
    put_section(file, "EXIT STATUS");
    for (unsigned exit = 0; exit < CLI_EXIT_COUNT; exit++)
        if (exits & CLI_CAN(exit))
            fprintf(file, ".TP\n%u\n%s\n", exit, cli_exit_meaning((enum cli_exit)exit));
}

static void put_title(FILE *file, const char *name, const char *summary)
{
    char *title = cli_copy(name);
    for (char *letter = title; *letter != 0; letter++)
        if (*letter >= 'a' && *letter <= 'z')
            *letter = (char)(*letter - 'a' + 'A');
    fprintf(file, ".TH \"%s\" \"1\" \"\" \"entente %s\" \"entente\"\n", title, ENTENTE_VERSION);
    put_section(file, "NAME");
    put(file, name);
    fputs(" \\- ", file);
    put(file, summary);
    fputc('\n', file);
    free(title);
}

static void put_files(FILE *file)
{
    put_section(file, "ENVIRONMENT");
    fputs(".TP\nENTENTE_HOME\nthe party\\(cqs folder\n.TP\nENTENTE_KEY_FILE\nthe key file that opens its keys\n"
          ".TP\nENTENTE_PASSPHRASE_FILE\na file whose first line is the passphrase\n"
          ".TP\nCOLUMNS\nthe width that tables are fitted to\n.TP\nNO_COLOR\nno bold type\n",
          file);
    put_section(file, "FILES");
    fputs(".TP\n~/.entente/party.key\nthe root secret, sealed\n.TP\n~/.entente/entente.db\nrecords, compartments, ledgers\n"
          ".TP\n~/.entente/node.sock\nwhile the node runs: where commands reach it\n",
          file);
}

static void put_program(FILE *file)
{
    put_title(file, "entente", "find the persons that two parties both hold, and nothing else");
    put_section(file, "SYNOPSIS");
    fputs(".B entente\n\\fICOMMAND\\fR [\\fIOPTIONS\\fR] [\\fIARGUMENTS\\fR]\n", file);
    put_section(file, "DESCRIPTION");
    put_paragraphs(file, "Each party runs its own node over its own list. Two parties pair their nodes, agree on terms, and "
                         "match: both learn which persons both of them hold, neither learns the other's rest. What was done "
                         "stands in two ledgers that each has cosigned for the other.");
    put_section(file, "COMMANDS");
    for (const struct cli_command *const *command = cli_commands(); *command != NULL; command++) {
        fprintf(file, ".TP\n\\fBentente\\-%s\\fR(1)\n", (*command)->name);
        put(file, (*command)->summary);
        fputc('\n', file);
    }
    put_section(file, "OPTIONS EVERYWHERE");
    put_options(file, cli_common_options);
    put_exits(file, ~0u);
    put_files(file);
}

void cli_man_page(FILE *file, const struct cli_command *command)
{
    if (command == NULL) {
        put_program(file);
        return;
    }
    char *name = cli_format("entente-%s", command->name);
    put_title(file, name, command->summary);
    free(name);
    put_section(file, "SYNOPSIS");
    for (const char *const *usage = command->usage; *usage != NULL; usage++) {
        fprintf(file, "%s\\fBentente %s\\fR ", usage == command->usage ? "" : ".br\n", command->name);
        put(file, *usage);
        fputc('\n', file);
    }
    put_section(file, "DESCRIPTION");
    put_paragraphs(file, command->text);
    if (command->more != NULL) {
        char *more = command->more();
        put_paragraphs(file, more);
        free(more);
    }
    put_section(file, "OPTIONS");
    put_options(file, command->options);
    put_options(file, cli_common_options);
    if (command->examples != NULL) {
        put_section(file, "EXAMPLES");
        for (const char *const *example = command->examples; *example != NULL; example += 2) {
            fputs(".TP\n", file);
            put(file, example[0]);
            fputs("\n.B ", file);
            put(file, example[1]);
            fputc('\n', file);
        }
    }
    put_exits(file, command->exits);
    put_section(file, "SEE ALSO");
    fputs("\\fBentente\\fR(1)\n", file);
}

static enum base_code write_page(const char *folder, const struct cli_command *command)
{
    char *content = NULL;
    size_t len = 0;
    FILE *memory = open_memstream(&content, &len);
    if (memory == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for a page");
    cli_man_page(memory, command);
    fclose(memory);
    char *path = command == NULL ? cli_format("%s/entente.1", folder) : cli_format("%s/entente-%s.1", folder, command->name);
    enum base_code code = base_file_write(path, base_bytes_of(content, len), 0644);
    free(path);
    free(content);
    return code;
}

static enum base_code write_all(const char *folder)
{
    BASE_TRY(base_folder_make(folder, 0755));
    BASE_TRY(write_page(folder, NULL));
    for (const struct cli_command *const *command = cli_commands(); *command != NULL; command++)
        BASE_TRY(write_page(folder, *command));
    return BASE_OK;
}

static enum base_code man_run(struct cli *cli)
{
    BASE_TRY(cli_arguments_check(cli, 0, 1, ""));
    const char *name = cli_argument(cli, 0), *folder = cli_value(cli, "all");
    if (folder != NULL)
        return write_all(folder);
    const struct cli_command *command = name == NULL ? NULL : cli_command_find(name);
    if (name != NULL && command == NULL)
        return cli_command_unknown(name);
    cli_man_page(stdout, command);
    return BASE_OK;
}

static const struct cli_option man_options[] = {
    {"all", 0, "FOLDER", "write every page into this folder, which is made"},
    {0},
};

const struct cli_command cli_man_command = {
    .name = "man",
    .summary = "print a manual page",
    .usage = CLI_TEXTS("[COMMAND]", "--all FOLDER"),
    .options = man_options,
    .text = "Prints the page of the program, or of one command, in the man(7) macros. The pages are written from the same "
            "table as the help.",
    .examples = CLI_TEXTS("read the page of import", "entente man import | man -l -", "all pages for packaging",
                          "entente man --all share/man/man1"),
    .run = man_run,
};
