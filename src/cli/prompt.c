/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/prompt.h"

#include "base/file.h"
#include "cli/print.h"
#include "crypto/secret.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static const char *option_or_variable(const struct cli *cli, const char *option, const char *variable)
{
    const char *value = cli_value(cli, option);
    if (value == NULL)
        value = getenv(variable);
    return value == NULL || *value == 0 ? NULL : value;
}

/* One line from the terminal without showing it. */
static enum base_code read_hidden(FILE *terminal, const char *question, struct base_buffer *out)
{
    struct termios shown, hidden;
    int fd = fileno(terminal);
    if (tcgetattr(fd, &shown) != 0)
        return base_fail(BASE_E_IO, "the terminal does not answer");
    hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    char line[NODE_PASSPHRASE_MAX + 2];
    tcsetattr(fd, TCSAFLUSH, &hidden); /* before the question: what is typed at once must not show */
    fprintf(stderr, "%s: ", question);
    fflush(stderr);
    bool is_read = fgets(line, sizeof line, terminal) != NULL;
    tcsetattr(fd, TCSAFLUSH, &shown);
    fputc('\n', stderr);
    enum base_code code = BASE_OK;
    size_t len = is_read ? strcspn(line, "\n") : 0;
    if (!is_read)
        code = base_fail(BASE_E_CANCELLED, "no passphrase was given");
    else if (len > NODE_PASSPHRASE_MAX)
        code = base_fail(BASE_E_LIMIT, "the passphrase is longer than %d bytes", NODE_PASSPHRASE_MAX);
    else
        code = base_buffer_append(out, base_bytes_of(line, len));
    crypto_wipe(line, sizeof line);
    return code;
}

static enum base_code ask_passphrase(bool is_new, struct base_buffer *out)
{
    struct base_buffer again = BASE_BUFFER_EMPTY;
    enum base_code code;
    FILE *terminal = fopen("/dev/tty", "r+e");
    if (terminal == NULL)
        return base_fail(BASE_E_ARGUMENT, "there is no terminal to ask for the passphrase: use --passphrase-file or --key-file");
    setvbuf(terminal, NULL, _IONBF, 0);
    if ((code = read_hidden(terminal, is_new ? "New passphrase" : "Passphrase", out)) != BASE_OK)
        goto done;
    if (is_new && (code = read_hidden(terminal, "The same again", &again)) != BASE_OK)
        goto done;
    if (is_new && !base_bytes_equal(base_bytes_buffer(out), base_bytes_buffer(&again)))
        code = base_fail(BASE_E_PASSPHRASE, "the two passphrases are not the same");
done:
    crypto_wipe_buffer(&again);
    fclose(terminal);
    return code;
}

static enum base_code read_passphrase(const char *path, struct base_buffer *out)
{
    BASE_TRY(base_file_read(path, NODE_PASSPHRASE_MAX + 1, out));
    while (out->len > 0 && (out->data[out->len - 1] == '\n' || out->data[out->len - 1] == '\r'))
        out->data[--out->len] = 0;
    if (out->len == 0)
        return base_fail(BASE_E_FORMAT, "%s: the passphrase file is empty", path);
    return BASE_OK;
}

enum base_code cli_unlock(const struct cli *cli, bool is_new, struct base_buffer *storage, struct node_unlock *unlock)
{
    *unlock = (struct node_unlock){.key_file = cli_value(cli, "key-file")};
    const char *path = option_or_variable(cli, "passphrase-file", "ENTENTE_PASSPHRASE_FILE");
    if (unlock->key_file != NULL && cli_has(cli, "passphrase-file"))
        return base_fail(BASE_E_ARGUMENT, "--key-file and --passphrase-file exclude each other");
    if (!cli_has(cli, "passphrase-file") && unlock->key_file == NULL)
        unlock->key_file = option_or_variable(cli, "key-file", "ENTENTE_KEY_FILE");
    if (unlock->key_file != NULL)
        return BASE_OK;
    bool is_needed = true;
    if (!is_new)
        BASE_TRY(node_party_needs_passphrase(cli->home, &is_needed));
    if (!is_needed)
        return base_fail(BASE_E_ARGUMENT, "this party's keys are sealed under a key file: give it with --key-file");
    BASE_TRY(path != NULL ? read_passphrase(path, storage) : ask_passphrase(is_new, storage));
    unlock->passphrase = base_bytes_buffer(storage);
    return BASE_OK;
}

enum base_code cli_confirm(const char *question, bool *is_yes)
{
    char line[64];
    if (!isatty(STDIN_FILENO))
        return base_fail(BASE_E_CANCELLED, "there is no terminal to ask: nothing was confirmed");
    for (;;) {
        fprintf(stderr, "%s [yes/no] ", question);
        fflush(stderr);
        if (fgets(line, sizeof line, stdin) == NULL)
            return base_fail(BASE_E_CANCELLED, "nothing was confirmed");
        line[strcspn(line, "\n")] = 0;
        *is_yes = strcmp(line, "yes") == 0;
        if (*is_yes || strcmp(line, "no") == 0)
            return BASE_OK;
        fputs("Please type yes or no. ", stderr);
    }
}

enum base_code cli_ask(const char *question, char *out, size_t capacity)
{
    *out = 0;
    if (!isatty(STDIN_FILENO))
        return base_fail(BASE_E_CANCELLED, "there is no terminal to ask");
    fprintf(stderr, "%s ", question);
    fflush(stderr);
    if (fgets(out, (int)capacity, stdin) == NULL)
        return base_fail(BASE_E_CANCELLED, "nothing was typed");
    size_t len = strcspn(out, "\n");
    if (out[len] != '\n')
        return base_fail(BASE_E_LIMIT, "at most %zu bytes can be typed", capacity - 2);
    out[len] = 0;
    return BASE_OK;
}
