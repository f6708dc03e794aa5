/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/home.h"
#include "cli/prompt.h"

#include "base/random.h"
#include "crypto/secret.h"

static enum base_code show(const struct cli *cli)
{
    struct store *store = NULL;
    struct exchange_card card;
    struct exchange_id fingerprint;
    char words[EXCHANGE_WORDS_LEN], hex[2 * EXCHANGE_ID_LEN + 1];
    BASE_TRY(node_store_open(cli->home, false, &store));
    enum base_code code = node_card_own(store, &card);
    store_close(store);
    if (code != BASE_OK)
        return code;
    exchange_fingerprint(&card.identity, &fingerprint);
    exchange_words(&fingerprint, words);
    exchange_id_hex(&fingerprint, hex);
    if (cli->is_json)
        return cli_print_json(json_pack("{s:s, s:s, s:s, s:s, s:s}", "home", cli->home, "name", card.name, "address",
                                        card.address, "fingerprint", hex, "words", words));
    if (cli->is_quiet)
        return BASE_OK;
    cli_print_field("party", "%s", card.name);
    cli_print_field("home", "%s", cli->home);
    cli_print_field("address", "%s", card.address);
    cli_print_field("words", "%s", words);
    cli_say(cli, "\nNext: bring in a list with `entente import FILE --source LABEL`, hand your card to the other party with "
                 "`entente card --out FILE`, and start the node with `entente serve`.");
    return BASE_OK;
}

static enum base_code init_run(struct cli *cli)
{
    struct base_buffer passphrase = BASE_BUFFER_EMPTY;
    struct node_unlock unlock;
    struct base_random random = base_random_system();
    BASE_TRY(cli_arguments_check(cli, 1, 1, "the party's NAME"));
    BASE_TRY(exchange_name_check(cli_argument(cli, 0)));
    const char *address = cli_has(cli, "address") ? cli_value(cli, "address") : "127.0.0.1:7447";
    enum base_code code = cli_unlock(cli, true, &passphrase, &unlock);
    if (code == BASE_OK)
        code = node_party_create(cli->home, cli_argument(cli, 0), address, &unlock, &random);
    crypto_wipe_buffer(&passphrase);
    if (code == BASE_E_EXISTS)
        cli->hint = "another folder: --home DIR";
    if (code != BASE_OK)
        return code;
    return show(cli);
}

static const struct cli_option options[] = {
    {"address", 'a', "HOST:PORT", "where other nodes reach this one; stands in the card (else 127.0.0.1:7447)"},
    CLI_UNLOCK_OPTIONS,
    {0},
};

const struct cli_command cli_init_command = {
    .name = "init",
    .summary = "make a party: its keys and its store",
    .usage = CLI_TEXTS("NAME [--address HOST:PORT] [--key-file FILE]"),
    .options = options,
    .text = "Makes the party's folder with fresh keys, sealed by a passphrase that is asked for twice, or under a key file. A "
            "key file that is not there is made; keep it apart from the folder.\n\n"
            "NAME is what the party calls itself in its card: letters, digits, \"-\", \"_\" and \".\". The words that are "
            "printed are the party's fingerprint, made to be read aloud: the other party compares them when it pairs.",
    .examples = CLI_TEXTS("with a passphrase", "entente init north --address north.example:7447", "for a service, with a key file",
                          "entente init north -a north.example:7447 -k /etc/entente.key"),
    .exits = CLI_CAN(CLI_EXIT_INPUT),
    .run = init_run,
};
