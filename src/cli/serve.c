/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/home.h"
#include "cli/prompt.h"

#include "base/clock.h"
#include "base/cursor.h"
#include "crypto/secret.h"
#include "node/serve.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { MEMORY_MAX_MIB = 1 << 20 };

static enum base_code pick_level(const struct cli *cli, enum base_log_level *out)
{
    static const char *const words[] = {"debug", "info", "warn", "error"};
    const char *word = cli_has(cli, "log-level") ? cli_value(cli, "log-level") : "info";
    for (int i = 0; i < 4; i++)
        if (strcmp(words[i], word) == 0) {
            *out = (enum base_log_level)i;
            return BASE_OK;
        }
    return base_fail(BASE_E_ARGUMENT, "--log-level is debug, info, warn or error");
}

static enum base_code serve_run(struct cli *cli)
{
    struct base_buffer passphrase = BASE_BUFFER_EMPTY;
    struct node_serve_config config = {.home = cli->home, .listen = cli_value(cli, "listen"), .log_fd = STDERR_FILENO};
    uint64_t ready_fd = 0, memory_mib = 0;
    BASE_TRY(cli_arguments_check(cli, 0, 0, ""));
    config.socket_group = cli_value(cli, "socket-group");
    if (cli_has(cli, "replay-from") && base_time_parse(base_bytes_text(cli_value(cli, "replay-from")), &config.replay_from_ms) != BASE_OK)
        return base_fail(BASE_E_ARGUMENT, "--replay-from takes a time like 2011-03-04T09:00:00Z");
    BASE_TRY(pick_level(cli, &config.log_level));
    BASE_TRY(cli_number(cli, "ready-fd", 0, 65535, &ready_fd));
    BASE_TRY(cli_number(cli, "screen-memory", 1, MEMORY_MAX_MIB, &memory_mib));
    config.screen_memory_mib = (unsigned)memory_mib;
    config.ready_fd = cli_has(cli, "ready-fd") ? (int)ready_fd : -1;
    enum base_code code = cli_unlock(cli, false, &passphrase, &config.unlock);
    if (code == BASE_E_NOT_FOUND)
        cli->hint = "make a party with: entente init NAME --address HOST:PORT";
    if (code == BASE_OK && cli_has(cli, "log")) {
        config.log_fd = open(cli_value(cli, "log"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (config.log_fd < 0)
            code = base_fail(BASE_E_IO, "%s cannot be written", cli_value(cli, "log"));
    }
    if (code == BASE_OK)
        code = node_serve(&config);
    crypto_wipe_buffer(&passphrase);
    if (config.log_fd > STDERR_FILENO)
        close(config.log_fd);
    return code;
}

static const struct cli_option options[] = {
    {"listen", 'l', "HOST:PORT", "listen here (else at the card's address); port 0: the system chooses"},
    {"socket-group", 'g', "GROUP", "let accounts of this group ask, with a user key (entente help user)"},
    {"replay-from", 0, "TIME", "for a replay: the node's clock stands at this time until entente clock moves it"},
    {"log", 0, "FILE", "append the log to this file (else standard error)"},
    {"log-level", 0, "LEVEL", "debug, info, warn or error (else info)"},
    {"screen-memory", 0, "MIB", "memory for screening (else 2048); what does not fit is read from the disk for each alert"},
    {"ready-fd", 0, "N", "write \"ready PORT\" to this descriptor once the node listens"},
    CLI_UNLOCK_OPTIONS,
    {0},
};

const struct cli_command cli_serve_command = {
    .name = "serve",
    .summary = "run the party's node",
    .usage = CLI_TEXTS("[--listen HOST:PORT] [--key-file FILE] [--log FILE] [--socket-group GROUP]"),
    .options = options,
    .text = "Runs until it is told to stop (entente stop, SIGTERM, Ctrl-C). Other commands that need the other party ask this "
            "process, through a socket in the party's folder that only this user can open.\n\n"
            "With --socket-group the folder lets the group through (mode 0710) and the socket lets it in (0660): every account in the "
            "group may then ask, and must give a user key. The database and the keys stay the node's account's alone.\n\n"
            "The log is one line of JSON an event; it names no person.",
    .examples = CLI_TEXTS("in a terminal", "entente serve", "as a service", "entente serve --key-file /etc/entente.key --log node.log",
                          "for users with accounts of their own", "entente serve -k /etc/entente.key --socket-group entente-users"),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_INPUT) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = serve_run,
};
