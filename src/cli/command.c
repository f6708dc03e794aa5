/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of commands, and the way from a command line to a command's function and its exit code.
 */
#include "cli/command.h"

#include "base/cursor.h"
#include "cli/help.h"
#include "cli/print.h"
#include "crypto/secret.h"

#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static const struct cli_command *const commands[] = {
    &cli_init_command, &cli_card_command, &cli_pair_command, &cli_import_command, &cli_sources_command, &cli_records_command,
    &cli_serve_command, &cli_status_command, &cli_stop_command, &cli_clock_command,
    &cli_compartment_command, &cli_match_command, &cli_hits_command, &cli_matches_command,
    &cli_alert_command, &cli_event_command, &cli_hit_command, &cli_task_command,
    &cli_ask_command, &cli_answer_command, &cli_decline_command, &cli_defer_command, &cli_withdraw_command, &cli_feedback_command,
    &cli_correct_command, &cli_hold_command, &cli_release_command, &cli_retention_command,
    &cli_ledger_command, &cli_reconcile_command, &cli_report_command, &cli_export_command,
    &cli_user_command, &cli_looks_command,
    &cli_psi_command,
    &cli_explain_command, &cli_synth_command,
    &cli_help_command, &cli_man_command, &cli_completion_command, &cli_version_command, NULL,
};

/* Where a group of commands begins. */
static const struct {
    const struct cli_command *first;
    const char *heading;
} groups[] = {
    {&cli_init_command, "A party and its lists"}, {&cli_serve_command, "Its node"},
    {&cli_compartment_command, "Agreeing and matching"}, {&cli_alert_command, "Warning, and what it meets"},
    {&cli_ask_command, "Asking and answering"}, {&cli_correct_command, "What was sent, and what is kept"},
    {&cli_ledger_command, "The record"}, {&cli_user_command, "Users"}, {&cli_psi_command, "Matching anything"}, {&cli_explain_command, "Trying and measuring"}, {&cli_help_command, "About the program"},
};

const char *cli_command_group(const struct cli_command *command)
{
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        if (groups[i].first == command)
            return groups[i].heading;
    return NULL;
}

const struct cli_option cli_common_options[] = {
    {"home", 0, "DIR", "the party's folder (else $ENTENTE_HOME, else ~/.entente)"},
    {"user-key", 0, "FILE", "act as the user whose key stands in this file (or $ENTENTE_USER_KEY)"},
    {"json", 'j', NULL, "print one JSON document, errors too"},
    {"quiet", 'q', NULL, "print results and errors only: no progress, no remarks"},
    {"help", 'h', NULL, "print the command's page"},
    {0},
};

static const struct cli_option no_options[] = {{0}};

const struct cli_command *const *cli_commands(void)
{
    return commands;
}

const struct cli_command *cli_command_find(const char *name)
{
    for (const struct cli_command *const *command = commands; *command != NULL; command++)
        if (strcmp((*command)->name, name) == 0)
            return *command;
    return NULL;
}

enum base_code cli_command_unknown(const char *name)
{
    const char *nearest = NULL;
    unsigned best = UINT_MAX;
    for (const struct cli_command *const *command = commands; *command != NULL; command++)
        if (cli_is_nearer(name, (*command)->name, &best))
            nearest = (*command)->name;
    if (nearest == NULL)
        return base_fail(BASE_E_ARGUMENT, "there is no command '%.40s'", name);
    return base_fail(BASE_E_ARGUMENT, "there is no command '%.40s'; did you mean '%s'?", name, nearest);
}

const char *cli_value_at(const struct cli *cli, const char *name, size_t index)
{
    for (size_t i = 0; i < cli->parsed.option_count; i++)
        if (strcmp(cli->parsed.options[i].option->name, name) == 0 && index-- == 0)
            return cli->parsed.options[i].value;
    return NULL;
}

const char *cli_value(const struct cli *cli, const char *name)
{
    return cli_value_at(cli, name, 0);
}

bool cli_has(const struct cli *cli, const char *name)
{
    for (size_t i = 0; i < cli->parsed.option_count; i++)
        if (strcmp(cli->parsed.options[i].option->name, name) == 0)
            return true;
    return false;
}

const char *cli_argument(const struct cli *cli, size_t index)
{
    return index < cli->parsed.argument_count ? cli->parsed.arguments[index] : NULL;
}

enum base_code cli_number(const struct cli *cli, const char *name, uint64_t otherwise, uint64_t max, uint64_t *out)
{
    const char *text = cli_value(cli, name);
    *out = otherwise;
    if (text == NULL)
        return BASE_OK;
    if (base_parse_decimal(base_bytes_text(text), max, out) != BASE_OK)
        return base_fail(BASE_E_ARGUMENT, "--%s takes a whole number up to %s, not '%.40s'", name, cli_thousands(max), text);
    return BASE_OK;
}

enum base_code cli_arguments_check(const struct cli *cli, size_t least, size_t most, const char *what)
{
    if (cli->parsed.argument_count < least)
        return base_fail(BASE_E_ARGUMENT, "%s is missing", what);
    if (cli->parsed.argument_count > most)
        return base_fail(BASE_E_ARGUMENT, "'%.40s' is one argument too many", cli->parsed.arguments[most]);
    return BASE_OK;
}

enum base_code cli_form_run(struct cli *cli, const struct cli_form *forms, size_t count, enum base_code (*otherwise)(struct cli *cli))
{
    const char *word = cli_argument(cli, 0), *nearest = NULL;
    unsigned best = UINT_MAX;
    for (size_t i = 0; word != NULL && i < count; i++) {
        if (strcmp(forms[i].word, word) == 0)
            return forms[i].run(cli);
        if (cli_is_nearer(word, forms[i].word, &best))
            nearest = forms[i].word;
    }
    if (otherwise != NULL)
        return otherwise(cli);
    if (word == NULL)
        return base_fail(BASE_E_ARGUMENT, "say what to do: %s, %s ...", forms[0].word, forms[1].word);
    if (nearest == NULL)
        return base_fail(BASE_E_ARGUMENT, "there is no '%s %.40s'", cli->command->name, word);
    return base_fail(BASE_E_ARGUMENT, "there is no '%s %.40s'; did you mean '%s %s'?", cli->command->name, word,
                     cli->command->name, nearest);
}

static const char *default_home(void)
{
    static char path[4096];
    const char *home = getenv("ENTENTE_HOME");
    if (home != NULL && *home != 0)
        return home;
    home = getenv("HOME");
    snprintf(path, sizeof path, "%s/.entente", home == NULL ? "." : home);
    return path;
}

/* Options that stand before the command's name are moved behind it: "entente --home X status". Returns where the name is,
 * `count` when there is none. */
static size_t find_name(size_t count, char **words)
{
    const struct cli_option *const tables[] = {cli_common_options, NULL};
    for (size_t i = 0; i < count; i++) {
        const char *word = words[i];
        const struct cli_option *option = NULL;
        if (word[0] != '-' || word[1] == 0)
            return i;
        if (strncmp(word, "--", 2) == 0 && strchr(word, '=') == NULL)
            option = cli_options_by_name(tables, word + 2, strlen(word + 2));
        if (option != NULL && option->value != NULL)
            i++;
    }
    return count;
}

static enum base_code parse(struct cli *cli, size_t count, char **words)
{
    size_t at = find_name(count, words);
    for (size_t i = 0; i < count; i++) /* so that an error in the rest is already told in the form asked for */
        if (strcmp(words[i], "--json") == 0 || strcmp(words[i], "-j") == 0)
            cli->is_json = true;
    if (at < count) {
        cli->command = cli_command_find(words[at]);
        if (cli->command == NULL) {
            cli->hint = "all commands: entente help";
            return cli_command_unknown(words[at]);
        }
        memmove(&words[at], &words[at + 1], (count - at - 1) * sizeof *words);
        count--;
    }
    const struct cli_option *own = cli->command == NULL || cli->command->options == NULL ? no_options : cli->command->options;
    const struct cli_option *const tables[] = {own, cli_common_options, NULL};
    BASE_TRY(cli_options_parse(tables, count, words, &cli->parsed));
    cli->is_json = cli_has(cli, "json");
    cli->is_quiet = cli_has(cli, "quiet");
    cli->home = cli_has(cli, "home") ? cli_value(cli, "home") : default_home();
    return BASE_OK;
}

static enum base_code run(struct cli *cli)
{
    if (cli->command == NULL || cli_has(cli, "help")) {
        if (cli->command == NULL)
            cli_help_overview(stdout);
        else
            cli_help_page(stdout, cli->command);
        return BASE_OK;
    }
    BASE_TRY(crypto_start());
    return cli->command->run(cli);
}

int cli_main(int argc, char **argv)
{
    struct cli cli = {0};
    char usage_hint[64];
    if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
        setlocale(LC_CTYPE, "");
    if (argc == 2 && strcmp(argv[1], "--version") == 0)
        argv[1] += 2;
    enum base_code code = parse(&cli, argc > 0 ? (size_t)argc - 1 : 0, argv + 1);
    if (code == BASE_OK)
        code = run(&cli);
    if (code == BASE_OK && (fflush(stdout) != 0 || ferror(stdout)))
        code = base_fail(BASE_E_IO, "standard output cannot be written");
    if (code == BASE_OK)
        return CLI_EXIT_OK;
    if (code == BASE_E_ARGUMENT && cli.hint == NULL) {
        snprintf(usage_hint, sizeof usage_hint, "how to: entente help%s%s", cli.command == NULL ? "" : " ",
                 cli.command == NULL ? "" : cli.command->name);
        cli.hint = usage_hint;
    }
    cli_print_error(&cli, code);
    return (int)(cli.is_by_peer && cli_exit_of(code) == CLI_EXIT_FAILED ? CLI_EXIT_REFUSED : cli_exit_of(code));
}
