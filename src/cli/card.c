/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/home.h"

#include "base/file.h"

static enum base_code show(struct cli *cli, struct store *store, struct base_buffer *note)
{
    struct exchange_card card;
    struct exchange_id fingerprint;
    char words[EXCHANGE_WORDS_LEN], hex[2 * EXCHANGE_ID_LEN + 1];
    const char *path = cli_value(cli, "out");
    BASE_TRY(node_card_own(store, &card));
    BASE_TRY(node_card_note(store, note));
    exchange_fingerprint(&card.identity, &fingerprint);
    exchange_words(&fingerprint, words);
    exchange_id_hex(&fingerprint, hex);
    if (path != NULL)
        BASE_TRY(base_file_write(path, base_bytes_buffer(note), 0644));
    if (cli->is_json)
        return cli_print_json(json_pack("{s:s, s:s, s:s, s:s, s:s}", "name", card.name, "address", card.address, "fingerprint",
                                        hex, "words", words, "card", base_buffer_c_string(note)));
    if (cli_has(cli, "words"))
        puts(words);
    else if (path == NULL)
        fputs(base_buffer_c_string(note), stdout);
    else
        cli_say(cli, "Wrote %s. Hand it to the other party by any channel, then compare these words by voice:\n\n  %s", path,
                words);
    return BASE_OK;
}

static enum base_code card_run(struct cli *cli)
{
    struct store *store = NULL;
    struct base_buffer note = BASE_BUFFER_EMPTY;
    BASE_TRY(cli_arguments_check(cli, 0, 0, ""));
    BASE_TRY(cli_home_open(cli, false, &store));
    enum base_code code = show(cli, store, &note);
    base_buffer_release(&note);
    store_close(store);
    return code;
}

static const struct cli_option options[] = {
    {"out", 'o', "FILE", "write the card into this file"},
    {"words", 'w', NULL, "print only the words of this party's fingerprint"},
    {0},
};

const struct cli_command cli_card_command = {
    .name = "card",
    .summary = "print the card that the other party pairs with",
    .usage = CLI_TEXTS("[--out FILE]", "--words"),
    .options = options,
    .text = "The card is a short signed text: name, address, identity key, transport key. Nothing in it is secret. What "
            "protects it from being exchanged on the way are the words, which both parties compare by voice.",
    .examples = CLI_TEXTS("write it", "entente card --out north.card", "what to read aloud", "entente card --words"),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = card_run,
};
