/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/help.h"

#include "cli/print.h"

#include <stdlib.h>
#include <string.h>

static void print_heading(FILE *file, const char *text)
{
    fprintf(file, "\n%s%s%s\n", cli_bold(file), text, cli_plain(file));
}

/* A term and what it means, the meaning wrapped into its own column. */
static void print_pair(FILE *file, const char *term, const char *meaning, size_t column, size_t width)
{
    char *wrapped = NULL;
    size_t len = 0;
    FILE *memory = open_memstream(&wrapped, &len);
    if (memory == NULL)
        return;
    cli_print_wrapped(memory, meaning, column, width);
    fclose(memory);
    size_t term_columns = cli_columns(term) + 2;
    fprintf(file, "  %s", term);
    if (term_columns > column)
        fprintf(file, "\n%s", wrapped);
    else
        fprintf(file, "%*s%s", (int)(column - term_columns), "", len > column ? wrapped + column : "\n");
    free(wrapped);
}

static void print_options(FILE *file, const struct cli_option *options, size_t width)
{
    for (; options != NULL && options->name != NULL; options++) {
        char *term = options->letter == 0 ? cli_format("    --%s%s%s", options->name, options->value == NULL ? "" : " ",
                                                       options->value == NULL ? "" : options->value)
                                          : cli_format("-%c, --%s%s%s", options->letter, options->name,
                                                       options->value == NULL ? "" : " ",
                                                       options->value == NULL ? "" : options->value);
        print_pair(file, term, options->help, 30, width);
        free(term);
    }
}

static void print_exits(FILE *file, unsigned exits, size_t width)
{
    exits |= CLI_CAN(CLI_EXIT_OK) | CLI_CAN(CLI_EXIT_FAILED) | CLI_CAN(CLI_EXIT_USAGE);
    for (unsigned exit = 0; exit < CLI_EXIT_COUNT; exit++) {
        char number[4] = {(char)('0' + exit), 0};
        if (exits & CLI_CAN(exit))
            print_pair(file, number, cli_exit_meaning((enum cli_exit)exit), 6, width);
    }
}

void cli_help_overview(FILE *file)
{
    size_t width = cli_width(file) > 80 ? 80 : cli_width(file);
    cli_print_wrapped(file,
                      "entente finds the persons that two parties both hold, without either learning the rest of the other's "
                      "list; carries their warnings, questions and answers, each with a clock; and keeps a record that neither "
                      "can deny.",
                      0, width);
    print_heading(file, "Usage");
    fputs("  entente COMMAND [OPTIONS] [ARGUMENTS]\n  entente help COMMAND\n", file);
    for (const struct cli_command *const *command = cli_commands(); *command != NULL; command++) {
        if (cli_command_group(*command) != NULL)
            print_heading(file, cli_command_group(*command));
        print_pair(file, (*command)->name, (*command)->summary, 16, width);
    }
    print_heading(file, "Options everywhere");
    print_options(file, cli_common_options, width);
    print_heading(file, "Exit codes");
    print_exits(file, ~0u, width);
    fputc('\n', file);
    cli_print_wrapped(file, "New here? Begin with: entente init NAME --address HOST:PORT", 0, width);
}

void cli_help_page(FILE *file, const struct cli_command *command)
{
    size_t width = cli_width(file) > 80 ? 80 : cli_width(file);
    fprintf(file, "%sentente %s%s: %s\n", cli_bold(file), command->name, cli_plain(file), command->summary);
    print_heading(file, "Usage");
    for (const char *const *usage = command->usage; *usage != NULL; usage++) {
        char *name = cli_format("entente %s%s", command->name, **usage == 0 ? "" : " ");
        print_pair(file, name, *usage, cli_columns(name) + 2, width);
        free(name);
    }
    fputc('\n', file);
    cli_print_wrapped(file, command->text, 0, width);
    if (command->more != NULL) {
        char *more = command->more();
        fputc('\n', file);
        cli_print_wrapped(file, more, 0, width);
        free(more);
    }
    if (command->options != NULL) {
        print_heading(file, "Options");
        print_options(file, command->options, width);
    }
    print_heading(file, "Options everywhere");
    print_options(file, cli_common_options, width);
    if (command->examples != NULL) {
        print_heading(file, "Examples");
        for (const char *const *example = command->examples; *example != NULL; example += 2)
            fprintf(file, "  %s:\n    %s\n", example[0], example[1]);
    }
    print_heading(file, "Exit codes");
    print_exits(file, command->exits, width);
}

static enum base_code help_run(struct cli *cli)
{
    BASE_TRY(cli_arguments_check(cli, 0, 2, ""));
    const char *name = cli_argument(cli, 0);
    if (name == NULL) {
        cli_help_overview(stdout);
        return BASE_OK;
    }
    const struct cli_command *command = cli_command_find(name);
    if (command == NULL)
        return cli_command_unknown(name);
    cli_help_page(stdout, command);
    return BASE_OK;
}

const struct cli_command cli_help_command = {
    .name = "help",
    .summary = "explain the commands",
    .usage = CLI_TEXTS("[COMMAND]"),
    .text = "Without an argument: all commands, the options that all of them take, and the exit codes. With one: that "
            "command's page. `entente COMMAND --help` prints the same page.",
    .examples = CLI_TEXTS("what can be done with compartments", "entente help compartment"),
    .run = help_run,
};
