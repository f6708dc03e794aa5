/* SPDX-License-Identifier: Apache-2.0
 *
 * Questions to the person at the terminal, and where a passphrase comes from: --key-file or $ENTENTE_KEY_FILE (no passphrase at
 * all), --passphrase-file or $ENTENTE_PASSPHRASE_FILE (its first line), else the terminal, without echo.
 */
#ifndef CLI_PROMPT_H
#define CLI_PROMPT_H

#include "cli/command.h"
#include "node/party.h"

/* The options of every command that opens a party's keys. */
#define CLI_UNLOCK_OPTIONS                                                                                             \
    {"key-file", 'k', "FILE", "open the keys with this key file (or $ENTENTE_KEY_FILE)"},                              \
    {                                                                                                                  \
        "passphrase-file", 'p', "FILE", "read the passphrase from this file (or $ENTENTE_PASSPHRASE_FILE)"             \
    }

/* Fills `unlock`; the passphrase lives in `storage`, which the caller wipes with crypto_wipe_buffer(). `is_new` asks twice.
 * BASE_E_ARGUMENT when there is neither an option nor a terminal, BASE_E_PASSPHRASE when the two differ. */
enum base_code cli_unlock(const struct cli *cli, bool is_new, struct base_buffer *storage, struct node_unlock *unlock) BASE_MUST_USE;

/* Asks until "yes" or "no" is typed; *is_yes. BASE_E_CANCELLED at the end of input or without a terminal. */
enum base_code cli_confirm(const char *question, bool *is_yes) BASE_MUST_USE;

/* One line that is typed on the terminal, without its end. BASE_E_CANCELLED at the end of input or without a terminal,
 * BASE_E_LIMIT when it has `capacity` - 1 bytes or more. */
enum base_code cli_ask(const char *question, char *out, size_t capacity) BASE_MUST_USE;

#endif
