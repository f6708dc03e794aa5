/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/exits.h"

#include <stddef.h>

struct exits_row {
    enum base_code code;
    enum cli_exit exit;
    const char *hint;
};

/* What stands here not is CLI_EXIT_FAILED without a hint. */
static const struct exits_row rows[] = {
    {BASE_OK, CLI_EXIT_OK, NULL},
    {BASE_E_ARGUMENT, CLI_EXIT_USAGE, NULL},
    {BASE_E_NOT_FOUND, CLI_EXIT_NOT_FOUND, NULL},
    {BASE_E_OUTSIDE_TERMS, CLI_EXIT_REFUSED, "what the terms allow: entente compartment show NAME"},
    {BASE_E_OVER_BUDGET, CLI_EXIT_REFUSED, "the budget counts any 24 hours: wait, or agree on new terms"},
    {BASE_E_RULES, CLI_EXIT_REFUSED, "both sides need the same release, or new terms that name the new rules"},
    {BASE_E_SUSPENDED, CLI_EXIT_REFUSED, "resume it with: entente compartment resume NAME"},
    {BASE_E_REFUSED, CLI_EXIT_REFUSED, NULL},
    {BASE_E_ROLE, CLI_EXIT_REFUSED, "give the key of a user who may, with --user-key FILE; who may what: entente user list"},
    {BASE_E_NO_PEER, CLI_EXIT_REFUSED, "pair first: entente pair CARD-FILE"},
    {BASE_E_NO_NODE, CLI_EXIT_NO_NODE, "start it with: entente serve"},
    {BASE_E_TIMEOUT, CLI_EXIT_NO_NODE, "is the other party's node running, and its address right (entente pair list)?"},
    {BASE_E_CLOSED, CLI_EXIT_NO_NODE, "is the other party's node running, and its address right (entente pair list)?"},
    {BASE_E_TLS, CLI_EXIT_NO_NODE, "has the other side paired with this party's present card?"},
    {BASE_E_TRUNCATED, CLI_EXIT_INPUT, "the file ends too early: fetch it again; nothing was changed"},
    {BASE_E_TRAILING, CLI_EXIT_INPUT, NULL},
    {BASE_E_FORMAT, CLI_EXIT_INPUT, NULL},
    {BASE_E_ENCODING, CLI_EXIT_INPUT, NULL},
    {BASE_E_VERSION, CLI_EXIT_INPUT, NULL},
    {BASE_E_LIMIT, CLI_EXIT_INPUT, NULL},
    {BASE_E_SIZE, CLI_EXIT_INPUT, NULL},
    {BASE_E_RANGE, CLI_EXIT_INPUT, NULL},
    {BASE_E_SHRINK, CLI_EXIT_INPUT, "if the list really shrank, say so with --allow-shrink; nothing was changed"},
    {BASE_E_CORRUPT, CLI_EXIT_VERIFY, NULL},
    {BASE_E_SIGNATURE, CLI_EXIT_VERIFY, NULL},
    {BASE_E_KEY, CLI_EXIT_VERIFY, NULL},
    {BASE_E_POINT, CLI_EXIT_VERIFY, NULL},
    {BASE_E_IDENTITY, CLI_EXIT_VERIFY, NULL},
    {BASE_E_SCALAR, CLI_EXIT_VERIFY, NULL},
    {BASE_E_PROOF, CLI_EXIT_VERIFY, NULL},
    {BASE_E_REPLAY, CLI_EXIT_VERIFY, NULL},
    {BASE_E_ORDER, CLI_EXIT_VERIFY, NULL},
    {BASE_E_TRANSCRIPT, CLI_EXIT_VERIFY, NULL},
    {BASE_E_INCONSISTENT, CLI_EXIT_VERIFY, NULL},
    {BASE_E_PASSPHRASE, CLI_EXIT_FAILED, "give the passphrase or key file that the party was made with"},
    {BASE_E_BUSY, CLI_EXIT_FAILED, "try again in a moment"},
    {BASE_E_DISK_FULL, CLI_EXIT_FAILED, "make room on the disk; nothing was changed"},
};

static const struct exits_row *find(enum base_code code)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].code == code)
            return &rows[i];
    return NULL;
}

enum cli_exit cli_exit_of(enum base_code code)
{
    const struct exits_row *row = find(code);
    return row == NULL ? CLI_EXIT_FAILED : row->exit;
}

const char *cli_exit_hint(enum base_code code)
{
    const struct exits_row *row = find(code);
    return row == NULL ? NULL : row->hint;
}

const char *cli_exit_meaning(enum cli_exit exit)
{
    static const char *const meanings[CLI_EXIT_COUNT] = {
        "done",
        "failed",
        "the command line is wrong",
        "there is no such thing",
        "refused by the terms, by a role or by the other side",
        "a node is not running or cannot be reached",
        "a file or text is not what it should be",
        "a signature, proof or ledger does not verify",
    };
    return meanings[exit];
}
