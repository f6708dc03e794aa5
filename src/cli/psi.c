/* SPDX-License-Identifier: Apache-2.0
 *
 * Matching two files of anything between two machines, without a party's home: keys are files, items are bytes.
 */
#include "cli/print.h"
#include "cli/psi_run.h"

#include "base/cursor.h"
#include "base/file.h"
#include "base/parallel.h"
#include "base/random.h"
#include "crypto/secret.h"
#include "crypto/text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEY_FILE_MAX = 256, KEY_MODE = 0600, OUT_MODE = 0600, HEX_LEN = 64, MINUTES_MAX = 24 * 60, MEMORY_MAX_MIB = 1 << 24, THREADS_MAX = 64 };
static const char key_head[] = "entente-psi-key ";

/* "entente-psi-key ", the seed in hexadecimal, a line end. */
static enum base_code read_key(const char *path, struct crypto_key *out)
{
    struct base_buffer text = BASE_BUFFER_EMPTY;
    struct base_bytes hex;
    BASE_TRY(base_file_read(path, KEY_FILE_MAX, &text));
    struct base_cursor in = base_cursor_over(base_bytes_buffer(&text));
    enum base_code code = base_cursor_literal(&in, key_head);
    if (code == BASE_OK)
        code = base_cursor_take(&in, HEX_LEN, &hex);
    if (code == BASE_OK)
        code = crypto_hex_decode(hex, out->bytes, sizeof out->bytes);
    crypto_wipe_buffer(&text);
    return code == BASE_OK ? BASE_OK : base_fail(BASE_E_FORMAT, "%s is no key file of entente psi", path);
}

static enum base_code make_key(const char *path, struct crypto_key *out)
{
    const struct base_random random = base_random_system();
    char text[sizeof key_head + HEX_LEN + 1], hex[HEX_LEN + 1];
    BASE_TRY(base_random_fill(&random, out->bytes, sizeof out->bytes));
    crypto_hex_encode(base_bytes_of(out->bytes, sizeof out->bytes), hex);
    const int len = snprintf(text, sizeof text, "%s%s\n", key_head, hex);
    const enum base_code code = base_file_write(path, base_bytes_of(text, (size_t)len), KEY_MODE);
    crypto_wipe(text, sizeof text);
    crypto_wipe(hex, sizeof hex);
    return code;
}

static void public_hex(const struct crypto_key *seed, char out[HEX_LEN + 1])
{
    struct crypto_sign_secret secret;
    struct crypto_sign_public key;
    crypto_sign_keys_from_seed(seed, &secret, &key);
    crypto_hex_encode(base_bytes_of(key.bytes, sizeof key.bytes), out);
    crypto_wipe(&secret, sizeof secret);
}

static enum base_code psi_key(struct cli *cli)
{
    struct crypto_key seed;
    char hex[HEX_LEN + 1];
    BASE_TRY(cli_arguments_check(cli, 2, 2, "the KEY-FILE"));
    const char *path = cli_argument(cli, 1);
    const bool is_new = !base_path_exists(path);
    BASE_TRY(is_new ? make_key(path, &seed) : read_key(path, &seed));
    public_hex(&seed, hex);
    crypto_wipe(&seed, sizeof seed);
    if (cli->is_json)
        return cli_print_json(json_pack("{s:s, s:s, s:b}", "file", path, "public_key", hex, "is_new", is_new));
    printf("%s\n", hex);
    if (is_new)
        cli_say(cli, "Made %s. Give the line above to the other side over a channel you trust; it goes behind --peer there.", path);
    return BASE_OK;
}

/* "host:port" and "[address]:port"; *host is a copy. */
static enum base_code split_address(const char *text, char **host, uint16_t *port)
{
    const char *colon = strrchr(text, ':');
    uint64_t number = 0;
    if (colon == NULL || colon == text || base_parse_decimal(base_bytes_text(colon + 1), UINT16_MAX, &number) != BASE_OK)
        return base_fail(BASE_E_ARGUMENT, "%s is not HOST:PORT", text);
    const bool is_bracketed = text[0] == '[' && colon[-1] == ']';
    *host = cli_format("%.*s", (int)(colon - text) - (is_bracketed ? 2 : 0), text + is_bracketed);
    *port = (uint16_t)number;
    return BASE_OK;
}

static enum base_code read_source(struct cli *cli, struct cli_psi_source *out)
{
    uint64_t record_len = 0;
    if (cli_has(cli, "column") && cli_has(cli, "binary"))
        return base_fail(BASE_E_ARGUMENT, "--column and --binary exclude each other");
    BASE_TRY(cli_number(cli, "binary", 0, VPSI_ITEM_MAX, &record_len));
    if (cli_has(cli, "binary") && record_len < VPSI_ITEM_MIN)
        return base_fail(BASE_E_ARGUMENT, "--binary takes %d to %d bytes", (int)VPSI_ITEM_MIN, (int)VPSI_ITEM_MAX);
    *out = (struct cli_psi_source){cli_argument(cli, 0), cli_value(cli, "column"), (uint32_t)record_len};
    return BASE_OK;
}

static enum base_code read_output(const struct cli *cli, enum vpsi_output *out)
{
    const char *word = cli_has(cli, "output") ? cli_value(cli, "output") : "both";
    *out = strcmp(word, "both") == 0 ? VPSI_TO_BOTH : VPSI_TO_RECEIVER;
    if (*out == VPSI_TO_RECEIVER && strcmp(word, "receiver") != 0)
        return base_fail(BASE_E_ARGUMENT, "--output is both or receiver");
    return BASE_OK;
}

/* Half of the machine's memory, unless --memory says otherwise. */
static enum base_code read_memory(const struct cli *cli, uint64_t *out)
{
    const uint64_t half = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE) / 2;
    uint64_t mib = 0;
    BASE_TRY(cli_number(cli, "memory", half >> 20, MEMORY_MAX_MIB, &mib));
    *out = mib << 20;
    return BASE_OK;
}

static enum base_code read_config(struct cli *cli, struct cli_psi_config *out, char **host)
{
    const char *address = cli_value(cli, "listen");
    uint64_t threads = 0, minutes = 0;
    if (cli_has(cli, "listen") == cli_has(cli, "connect"))
        return base_fail(BASE_E_ARGUMENT, "give one of --listen and --connect");
    if (!cli_has(cli, "key") || !cli_has(cli, "peer"))
        return base_fail(BASE_E_ARGUMENT, "--key and --peer are needed");
    out->is_listening = address != NULL;
    BASE_TRY(split_address(out->is_listening ? address : cli_value(cli, "connect"), host, &out->port));
    out->host = *host;
    if (crypto_hex_decode(base_bytes_text(cli_value(cli, "peer")), out->peer.bytes, sizeof out->peer.bytes) != BASE_OK)
        return base_fail(BASE_E_ARGUMENT, "--peer takes the %d characters that entente psi key prints there", HEX_LEN);
    BASE_TRY(read_output(cli, &out->output));
    BASE_TRY(read_memory(cli, &out->memory_bytes));
    BASE_TRY(cli_number(cli, "threads", base_parallel_cores(), THREADS_MAX, &threads));
    BASE_TRY(cli_number(cli, "timeout", 30, MINUTES_MAX, &minutes));
    out->threads = threads == 0 ? 1 : (unsigned)threads;
    out->timeout_ms = (minutes == 0 ? 1 : minutes) * 60000;
    out->label = cli_has(cli, "label") ? cli_value(cli, "label") : "";
    out->cli = cli;
    return BASE_OK;
}

/* The items found, as they stand in the file, one a line; records in hexadecimal. */
struct writing {
    const struct cli_psi_outcome *outcome;
    struct base_sink *sink; /* NULL: standard output */
    bool is_binary;
    uint64_t item;
    size_t next;
    struct base_buffer line;
};

static enum base_code write_found(void *context, struct base_bytes text)
{
    struct writing *writing = context;
    const bool is_hit = writing->next < writing->outcome->hit_count && writing->outcome->hits[writing->next] == writing->item;
    writing->item++;
    if (!is_hit)
        return BASE_OK;
    writing->next++;
    base_buffer_clear(&writing->line);
    if (writing->is_binary) {
        char hex[2 * VPSI_ITEM_MAX + 1];
        crypto_hex_encode(text, hex);
        BASE_TRY(base_buffer_text(&writing->line, hex));
    } else {
        BASE_TRY(base_buffer_append(&writing->line, text));
    }
    BASE_TRY(base_put_u8(&writing->line, '\n'));
    if (writing->sink != NULL)
        return base_sink_write(writing->sink, base_bytes_buffer(&writing->line));
    return fwrite(writing->line.data, 1, writing->line.len, stdout) == writing->line.len
               ? BASE_OK
               : base_fail(BASE_E_IO, "standard output cannot be written");
}

static enum base_code write_all_found(struct cli *cli, const struct cli_psi_source *source, const struct cli_psi_outcome *outcome)
{
    struct writing writing = {.outcome = outcome, .is_binary = source->record_len > 0};
    if (cli->is_json && !cli_has(cli, "out"))
        return BASE_OK;
    if (cli_has(cli, "out"))
        BASE_TRY(base_sink_open(cli_value(cli, "out"), OUT_MODE, &writing.sink));
    enum base_code code = cli_psi_each(source, write_found, &writing);
    if (code == BASE_OK && writing.next != outcome->hit_count)
        code = base_fail(BASE_E_IO, "%s changed while it was matched", source->path);
    if (code == BASE_OK && writing.sink != NULL)
        code = base_sink_finish(writing.sink);
    else
        base_sink_abandon(writing.sink);
    base_buffer_release(&writing.line);
    return code;
}

static json_t *numbers_of(const struct cli_psi_outcome *outcome)
{
    json_t *numbers = json_array();
    for (size_t i = 0; i < outcome->hit_count; i++)
        json_array_append_new(numbers, json_integer((json_int_t)outcome->hits[i] + 1));
    return numbers;
}

static enum base_code print_outcome(struct cli *cli, const struct cli_psi_outcome *outcome)
{
    const bool is_receiver = outcome->role == VPSI_RECEIVER;
    const struct vpsi_terms *terms = &outcome->terms;
    const uint64_t own = is_receiver ? terms->receiver_count : terms->sender_count;
    const uint64_t peer = is_receiver ? terms->sender_count : terms->receiver_count;
    char hex[HEX_LEN + 1];
    crypto_hex_encode(base_bytes_of(outcome->transcript.bytes, sizeof outcome->transcript.bytes), hex);
    if (cli->is_json) {
        json_t *document = json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:s}", "role", is_receiver ? "receiver" : "sender",
                                     "items", (json_int_t)own, "peer_items", (json_int_t)peer, "hits", (json_int_t)outcome->hit_count,
                                     "sent_bytes", (json_int_t)outcome->sent, "received_bytes", (json_int_t)outcome->received,
                                     "elapsed_ms", (json_int_t)outcome->elapsed_ms, "passes", (json_int_t)1 << terms->pass_bits,
                                     "memory_bytes", (json_int_t)outcome->memory_bytes, "transcript", hex);
        if (!cli_has(cli, "out"))
            json_object_set_new(document, "numbers", numbers_of(outcome));
        return cli_print_json(document);
    }
    if (cli->is_quiet)
        return BASE_OK;
    if (!is_receiver && terms->output == VPSI_TO_RECEIVER)
        fprintf(stderr, "The other side knows which of its %s items are among your %s; you agreed not to be told.\n",
                cli_thousands(peer), cli_thousands(own));
    else
        fprintf(stderr, "%s of %s items are among the other side's %s.\n", cli_thousands(outcome->hit_count), cli_thousands(own),
                cli_thousands(peer));
    fprintf(stderr, "%s, %s sent, %s received, %s of memory. Both sides saw %.16s\n", cli_duration(outcome->elapsed_ms),
            cli_size(outcome->sent), cli_size(outcome->received), cli_size(outcome->memory_bytes), hex);
    return BASE_OK;
}

static enum base_code match_files(struct cli *cli, const struct cli_psi_source *source, struct cli_psi_config *config)
{
    struct cli_psi_items items = CLI_PSI_ITEMS_EMPTY;
    struct cli_psi_outcome outcome = {0};
    struct crypto_key key;
    enum base_code code = cli_psi_items_read(source, &items);
    if (code == BASE_OK)
        code = read_key(cli_value(cli, "key"), &key);
    config->items = &items;
    config->key = &key;
    if (code == BASE_OK)
        code = cli_psi_run(config, &outcome);
    if (code == BASE_OK)
        code = write_all_found(cli, source, &outcome);
    if (code == BASE_OK)
        code = print_outcome(cli, &outcome);
    if (code == BASE_E_OUTSIDE_TERMS)
        cli->hint = "agree on --output, --label and on what an item is, and give the same on both sides";
    else if (code == BASE_E_CLOSED || code == BASE_E_TIMEOUT || code == BASE_E_TLS || code == BASE_E_REFUSED)
        cli->hint = "does entente psi run on the other side, with this side's key behind --peer?";
    crypto_wipe(&key, sizeof key);
    cli_psi_items_release(&items);
    free(outcome.hits);
    return code;
}

static enum base_code psi_match(struct cli *cli)
{
    struct cli_psi_config config = {0};
    struct cli_psi_source source;
    char *host = NULL;
    BASE_TRY(cli_arguments_check(cli, 1, 1, "the file with the ITEMS"));
    BASE_TRY(read_source(cli, &source));
    enum base_code code = read_config(cli, &config, &host);
    if (code == BASE_OK)
        code = match_files(cli, &source, &config);
    free(host);
    return code;
}

static enum base_code psi_run(struct cli *cli)
{
    const bool is_key = cli_argument(cli, 0) != NULL && strcmp(cli_argument(cli, 0), "key") == 0;
    return is_key ? psi_key(cli) : psi_match(cli);
}

static const struct cli_option options[] = {
    {"key", 'k', "FILE", "this side's key (entente psi key FILE makes one)"},
    {"peer", 'p', "KEY", "the other side's public key: the only one that is let in"},
    {"listen", 'l', "ADDRESS:PORT", "wait for the other side here"},
    {"connect", 'c', "HOST:PORT", "go to the other side there"},
    {"column", 0, "COLUMN", "ITEMS is a CSV file; its column by heading, or by number from 1 without headings"},
    {"binary", 'b', "LENGTH", "ITEMS is records of so many bytes, 16 to 64"},
    {"out", 'o', "FILE", "write the items found here (else standard output)"},
    {"output", 0, "WHO", "who learns its hits: both (the default), or receiver: the side with fewer items. The same on both sides"},
    {"label", 0, "TEXT", "what the matching is about; the same on both sides"},
    {"threads", 't', "N", "cores to use (else all there are)"},
    {"memory", 'm', "MIB", "memory to use (else half of what there is); larger sets are matched in passes"},
    {"timeout", 0, "MINUTES", "give up when nothing is heard for so long (default 30)"},
    {0},
};

const struct cli_command cli_psi_command = {
    .name = "psi",
    .summary = "match files of anything with another machine",
    .usage = CLI_TEXTS("key KEY-FILE", "ITEMS --key FILE --peer KEY (--listen ADDRESS:PORT | --connect HOST:PORT) [--column COLUMN | --binary LENGTH] [...]"),
    .options = options,
    .text = "Both sides run it on their own file. Each learns which of its own items the other side has too, and how many that one has; nothing "
            "else. Items are lines, without their ends; fields of one column; or records. They are compared byte for byte: what should "
            "count as the same must be written the same. Files may be gzipped. A repeated item is reported wherever it stands.\n\n"
            "It needs no party, no store and no node. Matching persons, by names that are written differently, under terms, budgets and a ledger, "
            "is another thing: entente match.\n\n"
            "What a side puts into its file is its own affair: nobody can see whether it holds what it asks about. The number of its items is "
            "what the other side sees of that.",
    .examples = CLI_TEXTS("make a key, on each side", "entente psi key my.key",
                          "wait", "entente psi ours.txt -k my.key -p 5c6e...91 --listen 0.0.0.0:4711",
                          "and go there", "entente psi theirs.txt -k our.key -p a03f...77 --connect host:4711"),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_INPUT) | CLI_CAN(CLI_EXIT_VERIFY) | CLI_CAN(CLI_EXIT_NO_NODE) |
             CLI_CAN(CLI_EXIT_REFUSED),
    .run = psi_run,
};
