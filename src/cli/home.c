/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/home.h"
#include "cli/guest.h"
#include "cli/who.h"

#include "crypto/text.h"
#include "node/search.h"

#include <stdlib.h>
#include <string.h>

enum base_code cli_home_open(struct cli *cli, bool is_writing, struct store **out)
{
    if (cli_is_guest(cli)) {
        cli->hint = "through the node you may: match, hits, records search and show, ledger cosign, suspend, resume, close";
        return base_fail(BASE_E_ROLE, "the party's store is another account's: this is done under the account of the node");
    }
    enum base_code code = node_store_open(cli->home, is_writing, out);
    if (code == BASE_E_NOT_FOUND)
        cli->hint = "make a party with: entente init NAME --address HOST:PORT";
    return code;
}

struct only {
    struct cli *cli;
    struct store *store;
    size_t count;
    char name[STORE_NAME_MAX + 1];
};

static enum base_code count_compartment(void *context, const struct node_compartment *compartment)
{
    struct only *only = context;
    if (!cli_sees(only->cli, only->store, &compartment->id))
        return BASE_OK;
    only->count++;
    memcpy(only->name, compartment->name, sizeof only->name);
    return BASE_OK;
}

enum base_code cli_home_compartment(struct cli *cli, struct store *store, const char *name, struct node_compartment *out)
{
    struct only only = {.cli = cli, .store = store};
    struct node_user user;
    BASE_TRY(cli_user(cli, store, &user));
    if (name == NULL) {
        BASE_TRY(node_compartments_each(store, count_compartment, &only));
        if (only.count > 1)
            return base_fail(BASE_E_ARGUMENT, "say which of the %zu compartments", only.count);
        name = only.name;
    }
    cli->hint = "list them with: entente compartment list";
    if (*name == 0) {
        cli->hint = "propose one with: entente compartment propose PEER --purpose TEXT";
        return base_fail(BASE_E_NOT_FOUND, "there is no compartment yet");
    }
    BASE_TRY(node_compartment_find(store, name, out));
    if (!node_user_sees(store, &user, &out->id)) /* users 4.2 */
        return base_fail(BASE_E_NOT_FOUND, "there is no such compartment");
    cli->hint = NULL;
    return BASE_OK;
}

enum base_code cli_home_find(struct cli *cli, const char *name, struct node_compartment *out)
{
    struct store *store = NULL;
    if (cli_is_guest(cli))
        return cli_guest_compartment(cli, name, out);
    BASE_TRY(cli_home_open(cli, false, &store));
    enum base_code code = cli_home_compartment(cli, store, name, out);
    store_close(store);
    return code;
}

char *cli_person_name(const struct people_record *record)
{
    const char *name, *original;
    node_person_names(record, &name, &original);
    if (name == NULL)
        return cli_copy("(no name)");
    return original == NULL ? cli_copy(name) : cli_format("%s (%s)", name, original);
}

static char *day_text(struct people_day day)
{
    if (day.month == 0)
        return cli_format("%04d", day.year);
    if (day.day == 0)
        return cli_format("%04d-%02d", day.year, day.month);
    return cli_format("%04d-%02d-%02d", day.year, day.month, day.day);
}

char *cli_person_date(const struct people_date *date)
{
    char *from = day_text(date->from), *to = day_text(date->to);
    const char *circa = date->is_circa ? "c. " : "";
    char *text = strcmp(from, to) == 0 ? cli_format("%s%s", circa, from) : cli_format("%s%s/%s", circa, from, to);
    free(from);
    free(to);
    return text;
}

char *cli_person_births(const struct people_record *record)
{
    char *text = cli_copy("");
    for (size_t i = 0; i < record->birth_count; i++) {
        char *date = cli_person_date(&record->births[i]);
        char *longer = cli_format("%s%s%s", text, i == 0 ? "" : ", ", date);
        free(date);
        free(text);
        text = longer;
    }
    return text;
}

static enum base_code take_name(void *context, const struct store_record *stored)
{
    char **out = context;
    struct people_record record = PEOPLE_RECORD_EMPTY;
    enum base_code code = people_record_decode(stored->content, &record);
    if (code == BASE_OK)
        *out = cli_person_name(&record);
    people_record_release(&record);
    return code;
}

enum base_code cli_record_name(struct store *store, int64_t id, char **out)
{
    enum base_code code = store_record_get(store, id, take_name, out);
    if (code != BASE_E_NOT_FOUND)
        return code;
    *out = cli_format("record %lld (gone)", (long long)id);
    return BASE_OK;
}

void cli_hash_hex(const struct crypto_hash *hash, char out[65])
{
    crypto_hex_encode(base_bytes_of(hash->bytes, sizeof hash->bytes), out);
}
