/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/home.h"
#include "cli/table.h"
#include "cli/who.h"

#include "base/clock.h"
#include "base/cursor.h"
#include "crypto/text.h"

#include <stdlib.h>
#include <string.h>

enum { SHOWN = 50 };

/* The log names who was searched for: reading it is an auditor's. That it is whole may be checked by an administrator, too. */
static const unsigned readers = NODE_MAY(NODE_ROLE_AUDITOR);
static const unsigned checkers = NODE_MAY(NODE_ROLE_AUDITOR) | NODE_MAY(NODE_ROLE_ADMINISTRATOR);

struct listing {
    struct store *store;
    struct node_user by;
    uint64_t shown, limit;
    bool has_more;
    struct cli_table table;
    json_t *looks;
};

struct naming {
    const uint8_t *id;
    char name[STORE_NAME_MAX + 1];
};

static enum base_code name_one(void *context, const struct node_compartment *compartment)
{
    struct naming *naming = context;
    if (memcmp(compartment->id.bytes, naming->id, STORE_ID_LEN) == 0)
        snprintf(naming->name, sizeof naming->name, "%s", compartment->name);
    return BASE_OK;
}

static enum base_code list_look(void *context, const struct store_look *look)
{
    struct listing *listing = context;
    struct naming naming = {look->compartment, ""};
    struct exchange_id compartment;
    char time[BASE_TIME_TEXT_LEN + 1], chain[2 * STORE_CHAIN_LEN + 1];
    if (listing->has_more)
        return BASE_OK;
    memcpy(compartment.bytes, look->compartment, sizeof compartment.bytes);
    /* What stands in no compartment concerns the whole party. */
    if (node_user_check(listing->store, &listing->by, &compartment, readers) != BASE_OK)
        return BASE_OK;
    listing->has_more = listing->shown == listing->limit;
    if (listing->has_more)
        return BASE_OK;
    listing->shown++;
    BASE_TRY(node_compartments_each(listing->store, name_one, &naming));
    base_time_format(look->time_ms, time);
    crypto_hex_encode(base_bytes_of(look->chain, sizeof look->chain), chain);
    if (listing->looks != NULL)
        json_array_append_new(listing->looks, json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "number", (json_int_t)look->number, "time",
                                                        time, "user", look->user, "compartment", naming.name, "what", look->what, "subject",
                                                        look->subject, "why", look->why, "chain", chain));
    else
        cli_table_add(&listing->table, CLI_TEXTS(cli_thousands(look->number), cli_time(look->time_ms), look->user, naming.name, look->what,
                                                 look->subject, look->why));
    return BASE_OK;
}

static enum base_code print_list(struct cli *cli, struct listing *listing)
{
    if (cli->is_json)
        return cli_print_json(json_pack("{s:O}", "looks", listing->looks));
    if (listing->table.cell_count > 0)
        cli_table_print(&listing->table, stdout);
    else
        cli_say(cli, "Nobody has looked yet.");
    if (listing->has_more)
        cli_say(cli, "... and older ones; --limit N shows them.");
    return BASE_OK;
}

/* The log names persons that were searched for: reading it is a look, too. */
static enum base_code keep_reading(struct cli *cli, struct listing *listing, const struct exchange_id *compartment)
{
    struct base_clock clock = base_clock_system();
    const char *user = cli_has(cli, "user") ? cli_value(cli, "user") : "all";
    return node_look(listing->store, &listing->by, compartment, "looks", user, cli_has(cli, "why") ? cli_value(cli, "why") : "review",
                     base_clock_now(&clock));
}

static enum base_code list(struct cli *cli, struct listing *listing)
{
    struct node_compartment compartment;
    struct store_look_filter filter = {.user = cli_value(cli, "user")};
    bool is_one = cli_has(cli, "compartment");
    BASE_TRY(cli_number(cli, "limit", cli->is_json ? UINT64_MAX : SHOWN, 1000000000, &listing->limit));
    BASE_TRY(cli_permit(cli, listing->store, NULL, readers, &listing->by));
    if (is_one) {
        BASE_TRY(cli_home_compartment(cli, listing->store, cli_value(cli, "compartment"), &compartment));
        BASE_TRY(node_user_check(listing->store, &listing->by, &compartment.id, readers));
        filter.compartment = compartment.id.bytes;
    }
    BASE_TRY(keep_reading(cli, listing, is_one ? &compartment.id : NULL));
    BASE_TRY(store_looks_each(listing->store, &filter, list_look, listing));
    return print_list(cli, listing);
}

/* "12:" and the chain in hexadecimal, as an earlier check printed it. */
static enum base_code take_noted(const char *text, struct store_looks_head *out)
{
    const char *colon = strchr(text, ':');
    if (colon == NULL || base_parse_decimal(base_bytes_of(text, (size_t)(colon - text)), INT64_MAX, &out->number) != BASE_OK ||
        out->number == 0 || crypto_hex_decode(base_bytes_text(colon + 1), out->chain, sizeof out->chain) != BASE_OK)
        return base_fail(BASE_E_ARGUMENT, "--noted takes what an earlier --check printed: a number, a colon and 64 hexadecimal digits");
    return BASE_OK;
}

static enum base_code check(struct cli *cli, struct store *store)
{
    struct store_looks_head noted = {0}, head;
    char chain[2 * STORE_CHAIN_LEN + 1];
    bool has_noted = cli_has(cli, "noted");
    BASE_TRY(cli_permit(cli, store, NULL, checkers, NULL));
    if (has_noted)
        BASE_TRY(take_noted(cli_value(cli, "noted"), &noted));
    BASE_TRY(store_looks_check(store, has_noted ? &noted : NULL, &head));
    crypto_hex_encode(base_bytes_of(head.chain, sizeof head.chain), chain);
    if (cli->is_json)
        return cli_print_json(json_pack("{s:I, s:s}", "looks", (json_int_t)head.number, "chain", chain));
    if (head.number == 0) {
        cli_say(cli, "Nobody has looked yet.");
        return BASE_OK;
    }
    cli_say(cli, "%s looks, none changed, removed or put in. Note this outside the machine, for a later check with --noted:",
            cli_thousands(head.number));
    printf("%llu:%s\n", (unsigned long long)head.number, chain);
    return BASE_OK;
}

static enum base_code looks_run(struct cli *cli)
{
    static const struct cli_column columns[] = {{"NO", CLI_RIGHT},   {"TIME (UTC)", CLI_LEFT}, {"WHO", CLI_FLEXIBLE},    {"WHERE", CLI_FLEXIBLE},
                                                {"WHAT", CLI_LEFT}, {"WHICH", CLI_FLEXIBLE}, {"WHY", CLI_FLEXIBLE}};
    struct listing listing = {0};
    BASE_TRY(cli_arguments_check(cli, 0, 0, ""));
    if (cli_has(cli, "noted") && !cli_has(cli, "check"))
        return base_fail(BASE_E_ARGUMENT, "--noted goes with --check");
    BASE_TRY(cli_home_open(cli, !cli_has(cli, "check"), &listing.store));
    listing.looks = cli->is_json ? json_array() : NULL;
    cli_table_init(&listing.table, columns, 7);
    enum base_code code = cli_has(cli, "check") ? check(cli, listing.store) : list(cli, &listing);
    store_close(listing.store);
    json_decref(listing.looks);
    cli_table_release(&listing.table);
    return code;
}

static const struct cli_option options[] = {
    {"user", 'u', "NAME", "only what this user looked at; owner: the account that owns the folder"},
    {"compartment", 'c', "NAME", "only in this compartment"},
    {"limit", 'l', "N", "show at most N (else 50; with --json all)"},
    {"check", 0, NULL, "check that no look was changed, removed or put in"},
    {"noted", 0, "N:HEX", "check: against what an earlier check printed"},
    {"why", 0, "TEXT", "why you read the log; kept in it (else \"review\")"},
    {0},
};

const struct cli_command cli_looks_command = {
    .name = "looks",
    .summary = "show who looked at whose data, when and why",
    .usage = CLI_TEXTS("[--user NAME] [--compartment NAME] [--limit N]", "--check [--noted N:HEX]"),
    .options = options,
    .text = "Newest first. Every look at a person's data is kept before it is shown, with the user, the compartment, what and which it was, "
            "and the reason that was given; so is every change of users and roles. Once there are users, reading the log "
            "takes an auditor; one of a single compartment sees that compartment's looks. Reading it is kept, too.\n\n"
            "--check follows the chain of hashes from the first look to the last, and names the first that was changed, removed or put in. "
            "Who can write the database can make a whole new log: note what a check prints, outside the machine, and give it to a "
            "later one with --noted.",
    .examples = CLI_TEXTS("the newest fifty", "entente looks", "of one user", "entente looks --user mara", "is it whole?",
                          "entente looks --check"),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_REFUSED) | CLI_CAN(CLI_EXIT_INPUT) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = looks_run,
};
