/* SPDX-License-Identifier: Apache-2.0
 *
 * What a command is, and what it is given when it runs. One entry per command says everything about it: `entente help`, the
 * manual pages and the completion are written from the same entry, so that none of them can say something else. The entries
 * stand in the files of their commands; cli_commands() lists them in the order of a newcomer's first day.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/exits.h"
#include "cli/options.h"

#include <jansson.h>
#include <stdio.h>

struct cli {
    const struct cli_command *command;
    struct cli_parsed parsed;
    const char *home;  /* --home, $ENTENTE_HOME or ~/.entente */
    bool is_json;      /* one JSON document on standard output, and nothing else there */
    bool is_quiet;     /* no progress, no summaries */
    const char *hint;  /* what to do about the error that is being returned; NULL for the usual one of its code */
    bool is_by_peer;   /* the error was the other node's */
};

struct cli_command {
    const char *name;
    const char *summary;              /* one line, no full stop */
    const char *const *usage;         /* what follows "entente NAME", one form each; ended by NULL */
    const struct cli_option *options; /* its own, besides cli_common_options; NULL for none */
    const char *text;                 /* paragraphs of the long description, parted by empty lines */
    char *(*more)(void);              /* further ones, made from a table elsewhere; the caller frees. NULL for none */
    const char *const *examples;      /* by twos: what for, the command line; ended by NULL */
    unsigned exits;                   /* bits CLI_CAN(CLI_EXIT_...) besides success, failure and usage */
    enum base_code (*run)(struct cli *cli);
};

#define CLI_CAN(exit) (1u << (exit))
#define CLI_TEXTS(...) ((const char *const[]){__VA_ARGS__, NULL})

extern const struct cli_option cli_common_options[];
const struct cli_command *const *cli_commands(void); /* ended by NULL */
/* The heading of the group that begins with this command; NULL inside one. */
const char *cli_command_group(const struct cli_command *command);
const struct cli_command *cli_command_find(const char *name); /* NULL when there is none */
/* BASE_E_ARGUMENT, with the nearest name in the detail. */
enum base_code cli_command_unknown(const char *name) BASE_MUST_USE;

/* What was given: an option's value or NULL, the n-th value of one that may be given several times or NULL, whether it stood
 * there, the n-th argument or NULL. */
const char *cli_value(const struct cli *cli, const char *name);
const char *cli_value_at(const struct cli *cli, const char *name, size_t index);
bool cli_has(const struct cli *cli, const char *name);
const char *cli_argument(const struct cli *cli, size_t index);
/* A whole number of an option; `otherwise` when it was not given. BASE_E_ARGUMENT. */
enum base_code cli_number(const struct cli *cli, const char *name, uint64_t otherwise, uint64_t max, uint64_t *out) BASE_MUST_USE;
/* BASE_E_ARGUMENT unless there are between `least` and `most` arguments; `what` names the missing one. */
enum base_code cli_arguments_check(const struct cli *cli, size_t least, size_t most, const char *what) BASE_MUST_USE;

/* A form of a command that has several ("pair list"): a word and its function. */
struct cli_form {
    const char *word;
    enum base_code (*run)(struct cli *cli);
};
/* Runs the form that the first argument names; `otherwise` when it names none (NULL: BASE_E_ARGUMENT with a suggestion). */
enum base_code cli_form_run(struct cli *cli, const struct cli_form *forms, size_t count, enum base_code (*otherwise)(struct cli *cli)) BASE_MUST_USE;

/* Runs a whole command line and returns the exit code. */
int cli_main(int argc, char **argv);

extern const struct cli_command cli_init_command, cli_card_command, cli_pair_command, cli_import_command, cli_sources_command,
    cli_records_command, cli_compartment_command, cli_match_command, cli_matches_command, cli_hits_command, cli_ledger_command, cli_export_command, cli_report_command,
    cli_serve_command, cli_status_command, cli_user_command, cli_looks_command, cli_stop_command, cli_clock_command, cli_version_command, cli_help_command, cli_man_command,
    cli_completion_command, cli_alert_command, cli_event_command, cli_hit_command, cli_task_command, cli_ask_command, cli_answer_command,
    cli_decline_command, cli_defer_command, cli_withdraw_command, cli_feedback_command, cli_correct_command, cli_hold_command,
    cli_release_command, cli_retention_command, cli_reconcile_command, cli_explain_command, cli_synth_command, cli_psi_command;

#endif
