/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/guest.h"
#include "cli/table.h"
#include "cli/who.h"

#include "crypto/text.h"

#include <stdlib.h>
#include <string.h>

enum { SHOWN = 50 };

struct wanted {
    const char *prefix; /* of the session in hexadecimal; NULL for the newest */
    uint8_t session[STORE_ID_LEN];
    size_t found;
};

static enum base_code pick_match(void *context, const struct store_match *match)
{
    struct wanted *wanted = context;
    char session[2 * STORE_ID_LEN + 1];
    crypto_hex_encode(base_bytes_of(match->session, STORE_ID_LEN), session);
    bool fits = wanted->prefix == NULL ? wanted->found == 0 : strncmp(session, wanted->prefix, strlen(wanted->prefix)) == 0;
    if (fits) {
        memcpy(wanted->session, match->session, STORE_ID_LEN);
        wanted->found++;
    }
    return BASE_OK;
}

static enum base_code pick(struct cli *cli, struct store *store, const struct node_compartment *compartment, struct wanted *wanted)
{
    wanted->prefix = cli_value(cli, "session");
    BASE_TRY(store_matches_each(store, compartment->id.bytes, pick_match, wanted));
    if (wanted->found > 1 && wanted->prefix != NULL)
        return base_fail(BASE_E_ARGUMENT, "%zu sessions begin with %.32s", wanted->found, wanted->prefix);
    cli->hint = "list them with: entente matches";
    if (wanted->found == 0)
        return base_fail(BASE_E_NOT_FOUND, "there is no %s in compartment %s", wanted->prefix == NULL ? "match" : "such session",
                         compartment->name);
    cli->hint = NULL;
    return BASE_OK;
}

static enum base_code print_json(const struct cli_hits *hits, const struct node_compartment *compartment, const char *session)
{
    char hex[2 * STORE_ID_LEN + 1];
    json_t *list = json_array();
    for (size_t i = 0; i < hits->count; i++) {
        const struct cli_hit *hit = &hits->items[i];
        crypto_hex_encode(base_bytes_of(hit->reference, 16), hex);
        json_t *item = json_pack("{s:s, s:I, s:s, s:s, s:s, s:s, s:I}", "reference", hex, "record", (json_int_t)hit->record, "name",
                                 hit->name, "grade", hit->grade, "rule", hit->rule, "why", hit->reason, "more",
                                 (json_int_t)hit->more);
        if (item != NULL && hit->other_name != NULL) {
            json_object_set_new(item, "other_record", json_integer((json_int_t)hit->other));
            json_object_set_new(item, "other_name", json_string(hit->other_name));
        }
        json_array_append_new(list, item);
    }
    return cli_print_json(json_pack("{s:s, s:s, s:o}", "compartment", compartment->name, "session", session, "hits", list));
}

static void add_row(struct cli_table *table, const struct cli_hit *hit, bool is_joined)
{
    char *id = cli_format("%lld", (long long)hit->record);
    char *why = hit->more == 0 ? cli_copy(hit->reason) : cli_format("%s (+%zu)", hit->reason, hit->more);
    if (is_joined)
        cli_table_add(table, CLI_TEXTS(hit->grade, hit->name, hit->other_name, why));
    else
        cli_table_add(table, CLI_TEXTS(hit->grade, id, hit->name, hit->rule, why));
    free(why);
    free(id);
}

static void print_table(const struct cli *cli, const struct cli_hits *hits, uint64_t limit, const char *own, const char *other)
{
    const struct cli_column alone[] = {
        {"GRADE", CLI_LEFT}, {"ID", CLI_RIGHT}, {"YOUR RECORD", CLI_FLEXIBLE}, {"RULE", CLI_LEFT}, {"WHY", CLI_LATE}};
    const struct cli_column joined[] = {{"GRADE", CLI_LEFT}, {own, CLI_FLEXIBLE}, {other, CLI_FLEXIBLE}, {"WHY", CLI_LATE}};
    bool is_joined = *other != 0;
    struct cli_table table;
    cli_table_init(&table, is_joined ? joined : alone, is_joined ? 4 : 5);
    for (size_t i = 0; i < hits->count && i < limit; i++)
        add_row(&table, &hits->items[i], is_joined);
    if (hits->count > 0)
        cli_table_print(&table, stdout);
    cli_table_release(&table);
    if (hits->count > limit)
        cli_say(cli, "... and %s more; --limit N shows them.", cli_thousands(hits->count - limit));
    if (hits->count == 0)
        cli_say(cli, "Nobody is on both lists.");
}

static enum base_code show(struct cli *cli, struct store *store, struct store *other, struct cli_hits *hits)
{
    struct node_compartment compartment;
    struct wanted wanted = {0};
    struct exchange_card own = {0}, theirs = {0};
    uint64_t limit;
    char session[2 * STORE_ID_LEN + 1];
    BASE_TRY(cli_number(cli, "limit", cli->is_json ? UINT64_MAX : SHOWN, 1000000000, &limit));
    BASE_TRY(cli_home_compartment(cli, store, cli_argument(cli, 0), &compartment));
    BASE_TRY(pick(cli, store, &compartment, &wanted));
    crypto_hex_encode(base_bytes_of(wanted.session, STORE_ID_LEN), session);
    BASE_TRY(cli_look(cli, store, &compartment.id, "hits", session));
    BASE_TRY(cli_hits_load(hits, store, wanted.session));
    if (other != NULL) {
        BASE_TRY(cli_hits_join(hits, other, wanted.session));
        BASE_TRY(node_card_own(store, &own));
        BASE_TRY(node_card_own(other, &theirs));
    }
    cli_hits_group(hits);
    if (cli->is_json)
        return print_json(hits, &compartment, session);
    print_table(cli, hits, limit, own.name, theirs.name);
    return BASE_OK;
}

/* Another party that has users shows its persons to them, not to this party's. */
static enum base_code open_other(struct cli *cli, struct store **out)
{
    bool exist;
    BASE_TRY(node_store_open(cli_value(cli, "with"), false, out));
    BASE_TRY(node_users_exist(*out, &exist));
    return exist ? base_fail(BASE_E_ROLE, "the other party has users: its persons are not shown in a trial") : BASE_OK;
}

static enum base_code show_by_node(struct cli *cli, struct cli_hits *hits)
{
    struct node_compartment compartment;
    char session[2 * STORE_ID_LEN + 1];
    uint64_t limit;
    BASE_TRY(cli_number(cli, "limit", cli->is_json ? UINT64_MAX : SHOWN, 1000000000, &limit));
    BASE_TRY(cli_guest_compartment(cli, cli_argument(cli, 0), &compartment));
    BASE_TRY(cli_guest_hits(cli, &compartment, hits, session));
    cli_hits_group(hits);
    if (cli->is_json)
        return print_json(hits, &compartment, session);
    print_table(cli, hits, limit, "", "");
    return BASE_OK;
}

static enum base_code hits_run(struct cli *cli)
{
    struct store *store = NULL, *other = NULL;
    struct cli_hits hits = CLI_HITS_EMPTY;
    BASE_TRY(cli_arguments_check(cli, 0, 1, ""));
    bool is_guest = cli_is_guest(cli) && !cli_has(cli, "with");
    enum base_code code = is_guest ? show_by_node(cli, &hits) : cli_home_open(cli, true, &store);
    if (code == BASE_OK && cli_has(cli, "with"))
        code = open_other(cli, &other);
    if (code == BASE_OK && !is_guest)
        code = show(cli, store, other, &hits);
    cli_hits_release(&hits);
    store_close(other);
    store_close(store);
    return code;
}

static const struct cli_option options[] = {
    {"session", 0, "HEX", "of this match: the first digits of its session (else the newest)"},
    {"limit", 'l', "N", "show at most N persons (else 50; with --json all)"},
    CLI_WHY_OPTION,
    {"with", 0, "OTHER-HOME", "for a trial on one machine: both parties' records side by side"},
    {0},
};

const struct cli_command cli_hits_command = {
    .name = "hits",
    .summary = "show who is on both lists, and why",
    .usage = CLI_TEXTS("[COMPARTMENT] [--session HEX] [--limit N] [--why TEXT]", "[COMPARTMENT] --with OTHER-HOME"),
    .options = options,
    .text = "One line for each of your records that the other party holds too: the grade (exact, strong, possible), the rule "
            "that met, and what it stands for. (+3) after it: three more keys of the same person met. A hit is a question, never "
            "evidence: ask the other party before acting on it.\n\n"
            "Each look is kept in the log of looks. Once the party has users it takes the key of an analyst of the compartment, "
            "and a reason.\n\n"
            "--with reads the other party's store as well, which only makes sense when both are yours: a demonstration, a trial.",
    .examples = CLI_TEXTS("of the newest match", "entente hits south", "for a program", "entente hits south --json", "where there are users",
                          "entente hits south --user-key mara.key --why \"case 7\""),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_REFUSED) | CLI_CAN(CLI_EXIT_INPUT) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = hits_run,
};
