/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/home.h"
#include "cli/table.h"
#include "cli/who.h"

#include "base/clock.h"
#include "crypto/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A command that changes users: who does it, to whom, and what --role and --compartment say. */
struct managing {
    struct cli *cli;
    struct store *store;
    struct node_user by;
    const char *name;
    unsigned roles; /* bits NODE_MAY(); 0 without --role */
    struct exchange_id compartment;
    char compartment_name[STORE_NAME_MAX + 1]; /* "*" for all */
    int64_t now_ms;
};

/* "analyst" or "analyst,releaser". */
static enum base_code take_roles(const char *text, unsigned *out)
{
    char word[32];
    enum node_role role;
    for (*out = 0;; text += strlen(word) + 1) {
        snprintf(word, sizeof word, "%.*s", (int)strcspn(text, ","), text);
        BASE_TRY(node_role_of_word(word, &role));
        *out |= NODE_MAY(role);
        if (text[strlen(word)] == 0)
            return BASE_OK;
    }
}

static enum base_code take_compartment(struct managing *managing)
{
    struct node_compartment found;
    const char *name = cli_value(managing->cli, "compartment");
    if (name == NULL)
        return base_fail(BASE_E_ARGUMENT, "--compartment is missing: where the role holds, or '*' for everywhere");
    managing->compartment = node_every_compartment;
    snprintf(managing->compartment_name, sizeof managing->compartment_name, "*");
    if (strcmp(name, "*") == 0)
        return BASE_OK;
    BASE_TRY(cli_home_compartment(managing->cli, managing->store, name, &found));
    managing->compartment = found.id;
    snprintf(managing->compartment_name, sizeof managing->compartment_name, "%s", found.name);
    return BASE_OK;
}

static enum base_code take_command_line(struct managing *managing, bool needs_role)
{
    struct cli *cli = managing->cli;
    struct base_clock clock = base_clock_system();
    managing->name = cli_argument(cli, 1);
    managing->now_ms = base_clock_now(&clock);
    if (needs_role && !cli_has(cli, "role"))
        return base_fail(BASE_E_ARGUMENT, "--role is missing: analyst, releaser, auditor or administrator");
    if (!cli_has(cli, "role") && cli_has(cli, "compartment"))
        return base_fail(BASE_E_ARGUMENT, "--compartment goes with --role");
    BASE_TRY(cli_user(cli, managing->store, &managing->by));
    if (!cli_has(cli, "role"))
        return BASE_OK;
    BASE_TRY(take_roles(cli_value(cli, "role"), &managing->roles));
    return take_compartment(managing);
}

typedef enum base_code manage(struct managing *managing);

static enum base_code run(struct cli *cli, bool needs_role, manage *act)
{
    struct managing managing = {.cli = cli};
    BASE_TRY(cli_arguments_check(cli, 2, 2, "the user's NAME"));
    BASE_TRY(cli_home_open(cli, true, &managing.store));
    enum base_code code = take_command_line(&managing, needs_role);
    if (code == BASE_OK)
        code = act(&managing);
    if (code == BASE_E_NOT_FOUND && cli->hint == NULL)
        cli->hint = "list them with: entente user list";
    store_close(managing.store);
    return code;
}

static json_t *roles_json(unsigned roles)
{
    json_t *list = json_array();
    for (unsigned role = 0; role < NODE_ROLE_COUNT; role++)
        if ((roles & NODE_MAY(role)) != 0)
            json_array_append_new(list, json_string(node_role_word((enum node_role)role)));
    return list;
}

typedef enum base_code change_role(struct store *store, const struct node_user *by, const char *name, const struct exchange_id *compartment,
                                   enum node_role role, int64_t now_ms);

static enum base_code change_roles(struct managing *managing, change_role *change)
{
    for (unsigned role = 0; role < NODE_ROLE_COUNT; role++)
        if ((managing->roles & NODE_MAY(role)) != 0)
            BASE_TRY(change(managing->store, &managing->by, managing->name, &managing->compartment, (enum node_role)role, managing->now_ms));
    return BASE_OK;
}

/* The file is made before the key, so that no key is made that cannot be kept; a file that is there stays. */
static enum base_code make_key_file(const char *path, int *out)
{
    *out = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (*out >= 0)
        return BASE_OK;
    return errno == EEXIST ? base_fail(BASE_E_EXISTS, "%s is there already", path)
                           : base_fail(BASE_E_IO, "%s cannot be made: %s", path, strerror(errno));
}

static enum base_code write_key(int fd, const char *path, char key[NODE_USER_KEY_TEXT_LEN + 1])
{
    key[NODE_USER_KEY_TEXT_LEN] = '\n';
    bool is_written = write(fd, key, NODE_USER_KEY_TEXT_LEN + 1) == NODE_USER_KEY_TEXT_LEN + 1 && fsync(fd) == 0;
    return is_written ? BASE_OK : base_fail(BASE_E_IO, "%s cannot be written: make a new key with entente user new-key", path);
}

typedef enum base_code make_key(struct store *store, const struct node_user *by, const char *name, const struct base_random *random,
                                int64_t now_ms, char key_text[NODE_USER_KEY_TEXT_LEN + 1]);

static enum base_code key_to_file(struct managing *managing, make_key *make)
{
    struct base_random random = base_random_system();
    const char *path = cli_value(managing->cli, "key-out");
    char key[NODE_USER_KEY_TEXT_LEN + 1];
    int fd;
    if (path == NULL)
        return base_fail(BASE_E_ARGUMENT, "--key-out is missing: the file that the user's key goes to");
    BASE_TRY(make_key_file(path, &fd));
    enum base_code code = make(managing->store, &managing->by, managing->name, &random, managing->now_ms, key);
    if (code == BASE_OK)
        code = write_key(fd, path, key);
    else
        unlink(path);
    close(fd);
    crypto_wipe(key, sizeof key);
    return code;
}

static enum base_code add(struct managing *managing)
{
    struct cli *cli = managing->cli;
    bool is_first;
    BASE_TRY(node_users_exist(managing->store, &is_first));
    is_first = !is_first;
    BASE_TRY(key_to_file(managing, node_user_add));
    BASE_TRY(change_roles(managing, node_user_grant));
    if (cli->is_json)
        return cli_print_json(json_pack("{s:s, s:s, s:o, s:s}", "user", managing->name, "key_file", cli_value(cli, "key-out"), "roles",
                                        roles_json(managing->roles), "compartment", managing->compartment_name));
    cli_say(cli, "%s is a user; the key is in %s. Hand over the file and keep no copy: it is not shown again.", managing->name,
            cli_value(cli, "key-out"));
    if (is_first)
        cli_say(cli, "\nFrom now on this account is an administrator only: looking at persons takes a user's key.");
    if (managing->roles == 0)
        cli_say(cli, "\nA user without a role may do nothing: entente user grant %s --role ROLE --compartment NAME", managing->name);
    return BASE_OK;
}

static enum base_code new_key(struct managing *managing)
{
    struct cli *cli = managing->cli;
    BASE_TRY(key_to_file(managing, node_user_new_key));
    if (cli->is_json)
        return cli_print_json(json_pack("{s:s, s:s}", "user", managing->name, "key_file", cli_value(cli, "key-out")));
    cli_say(cli, "The new key of %s is in %s; the old one opens nothing any more.", managing->name, cli_value(cli, "key-out"));
    return BASE_OK;
}

static enum base_code say_roles(struct managing *managing, const char *done)
{
    struct cli *cli = managing->cli;
    bool is_everywhere = strcmp(managing->compartment_name, "*") == 0;
    if (cli->is_json)
        return cli_print_json(json_pack("{s:s, s:s, s:o, s:s}", "user", managing->name, "done", done, "roles",
                                        roles_json(managing->roles), "compartment", managing->compartment_name));
    cli_say(cli, "%s %s in %s: %s.", managing->name, strcmp(done, "granted") == 0 ? "may now act" : "may no longer act",
            is_everywhere ? "all compartments" : managing->compartment_name, cli_value(cli, "role"));
    return BASE_OK;
}

static enum base_code grant_roles(struct managing *managing)
{
    BASE_TRY(change_roles(managing, node_user_grant));
    return say_roles(managing, "granted");
}

static enum base_code revoke_roles(struct managing *managing)
{
    BASE_TRY(change_roles(managing, node_user_revoke));
    return say_roles(managing, "revoked");
}

static enum base_code disable(struct managing *managing)
{
    BASE_TRY(node_user_disable(managing->store, &managing->by, managing->name, managing->now_ms));
    if (managing->cli->is_json)
        return cli_print_json(json_pack("{s:s, s:s}", "user", managing->name, "state", "disabled"));
    cli_say(managing->cli, "%s is disabled; a new key enables again: entente user new-key %s --key-out FILE", managing->name, managing->name);
    return BASE_OK;
}

static enum base_code user_add(struct cli *cli)
{
    return run(cli, false, add);
}

static enum base_code user_new_key(struct cli *cli)
{
    return run(cli, false, new_key);
}

static enum base_code user_grant(struct cli *cli)
{
    return run(cli, true, grant_roles);
}

static enum base_code user_revoke(struct cli *cli)
{
    return run(cli, true, revoke_roles);
}

static enum base_code user_disable(struct cli *cli)
{
    return run(cli, false, disable);
}

/* The list: users with the roles that whoever asks may see. */

struct listing {
    struct store *store;
    struct node_user by;
    bool sees_all;      /* users without a role too */
    const char *user;   /* whose roles are being read */
    json_t *roles;      /* of this user */
    char *text;         /* the same as text */
    struct cli_table table;
    json_t *users;
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

static enum base_code list_role(void *context, const struct store_role *role)
{
    struct listing *listing = context;
    struct naming naming = {role->compartment, "*"};
    struct exchange_id compartment;
    memcpy(compartment.bytes, role->compartment, sizeof compartment.bytes);
    bool is_everywhere = exchange_id_equal(&compartment, &node_every_compartment);
    if (!is_everywhere && !node_user_sees(listing->store, &listing->by, &compartment))
        return BASE_OK;
    if (!is_everywhere)
        BASE_TRY(node_compartments_each(listing->store, name_one, &naming));
    const char *word = node_role_word((enum node_role)role->role);
    json_array_append_new(listing->roles, json_pack("{s:s, s:s}", "role", word, "compartment", naming.name));
    char *longer = cli_format("%s%s%s in %s", listing->text, *listing->text == 0 ? "" : ", ", word, naming.name);
    free(listing->text);
    listing->text = longer;
    return BASE_OK;
}

static void list_shown(struct listing *listing, const struct store_user *user)
{
    const char *state = user->state == NODE_USER_ENABLED ? "enabled" : "disabled";
    char since[BASE_TIME_TEXT_LEN + 1];
    base_time_format(user->since_ms, since);
    if (listing->users != NULL)
        json_array_append_new(listing->users, json_pack("{s:s, s:s, s:s, s:O}", "name", user->name, "state", state, "since", since, "roles",
                                                        listing->roles));
    else
        cli_table_add(&listing->table, CLI_TEXTS(user->name, state, cli_time(user->since_ms), listing->text));
}

static enum base_code list_user(void *context, const struct store_user *user)
{
    struct listing *listing = context;
    listing->roles = json_array();
    listing->text = cli_copy("");
    enum base_code code = store_roles_each(listing->store, user->name, list_role, listing);
    if (code == BASE_OK && (listing->sees_all || json_array_size(listing->roles) > 0))
        list_shown(listing, user);
    free(listing->text);
    json_decref(listing->roles);
    return code;
}

static enum base_code user_list(struct cli *cli)
{
    static const struct cli_column columns[] = {{"NAME", CLI_LEFT}, {"STATE", CLI_LEFT}, {"SINCE (UTC)", CLI_LEFT}, {"ROLES", CLI_FLEXIBLE}};
    const unsigned roles = NODE_MAY(NODE_ROLE_ADMINISTRATOR) | NODE_MAY(NODE_ROLE_AUDITOR);
    struct listing listing = {0};
    BASE_TRY(cli_arguments_check(cli, 0, 1, ""));
    BASE_TRY(cli_home_open(cli, false, &listing.store));
    listing.users = cli->is_json ? json_array() : NULL;
    cli_table_init(&listing.table, columns, 4);
    enum base_code code = cli_permit(cli, listing.store, NULL, roles, &listing.by);
    if (code == BASE_OK) {
        listing.sees_all = node_user_check(listing.store, &listing.by, &node_every_compartment, roles) == BASE_OK;
        code = store_users_each(listing.store, list_user, &listing);
    }
    store_close(listing.store);
    if (code == BASE_OK && cli->is_json)
        code = cli_print_json(json_pack("{s:O}", "users", listing.users));
    else if (code == BASE_OK && listing.table.cell_count > 0)
        cli_table_print(&listing.table, stdout);
    else if (code == BASE_OK)
        cli_say(cli, "No users yet: whoever has this account may do everything. Make one with: entente user add NAME --role ROLE "
                     "--compartment NAME --key-out FILE");
    json_decref(listing.users);
    cli_table_release(&listing.table);
    return code;
}

static enum base_code user_run(struct cli *cli)
{
    static const struct cli_form forms[] = {{"add", user_add},       {"list", user_list},       {"grant", user_grant},
                                            {"revoke", user_revoke}, {"disable", user_disable}, {"new-key", user_new_key}};
    if (cli_argument(cli, 0) == NULL)
        return user_list(cli);
    return cli_form_run(cli, forms, 6, NULL);
}

static const struct cli_option options[] = {
    {"role", 'r', "ROLE", "analyst, releaser, auditor or administrator; several with commas"},
    {"compartment", 'c', "NAME", "where the role holds; '*' for all, those to come too"},
    {"key-out", 'o', "FILE", "add, new-key: write the user's key into this new file, for them alone to read"},
    {0},
};

const struct cli_command cli_user_command = {
    .name = "user",
    .summary = "say who uses the node, and who may do what",
    .usage = CLI_TEXTS("add NAME --key-out FILE [--role ROLE --compartment NAME]", "[list]", "grant NAME --role ROLE --compartment NAME",
                       "revoke NAME --role ROLE --compartment NAME", "disable NAME", "new-key NAME --key-out FILE"),
    .options = options,
    .text = "Without users, whoever has the account that owns the party's folder may do everything. With the first user that account "
            "becomes an administrator only; everything else takes a user's key (--user-key FILE or $ENTENTE_USER_KEY).\n\n"
            "analyst: looks at persons and hits, begins matches, drafts what is said. releaser: releases what another has drafted. "
            "auditor: reads ledgers, reports and the log of looks. administrator: agreements, pairing, imports, users.\n\n"
            "A role holds in one compartment or in all. Who has no role in a compartment does not learn that there is one. "
            "Nobody changes their own roles. Every change stands in the log of looks (entente looks).\n\n"
            "Roles bind those who use the program. Who has the account itself can read the database: run the node under an account "
            "of its own, and give users the socket only (entente serve --socket-group).",
    .examples = CLI_TEXTS("an analyst of one compartment", "entente user add mara --role analyst -c border --key-out mara.key",
                          "a second pair of eyes", "entente user add ilse --role releaser -c border --key-out ilse.key",
                          "for all compartments", "entente user grant ilse --role auditor --compartment '*'", "a lost key",
                          "entente user new-key mara --key-out mara-2.key", "who left", "entente user disable mara"),
    .exits = CLI_CAN(CLI_EXIT_NOT_FOUND) | CLI_CAN(CLI_EXIT_REFUSED) | CLI_CAN(CLI_EXIT_INPUT) | CLI_CAN(CLI_EXIT_VERIFY),
    .run = user_run,
};
