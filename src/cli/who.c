/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/who.h"

#include "base/clock.h"
#include "base/file.h"
#include "cli/prompt.h"
#include "crypto/secret.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_FILE_MAX = 256 };

static const char *key_path(const struct cli *cli)
{
    const char *path = cli_value(cli, "user-key");
    if (path == NULL)
        path = getenv("ENTENTE_USER_KEY");
    return path == NULL || *path == 0 ? NULL : path;
}

enum base_code cli_user_key(const struct cli *cli, struct base_buffer *out)
{
    const char *path = key_path(cli);
    if (path == NULL)
        return BASE_OK;
    BASE_TRY(base_file_read(path, KEY_FILE_MAX, out));
    if (out->len > 0 && out->data[out->len - 1] == '\n')
        out->data[--out->len] = 0;
    return out->len > 0 ? BASE_OK : base_fail(BASE_E_FORMAT, "%s is empty: a user key stands there", path);
}

enum base_code cli_user(struct cli *cli, struct store *store, struct node_user *out)
{
    struct base_buffer key = BASE_BUFFER_EMPTY;
    enum base_code code = cli_user_key(cli, &key);
    if (code == BASE_OK)
        code = key.len == 0 ? node_user_owner(store, out) : node_user_of_key(store, base_bytes_buffer(&key), out);
    crypto_wipe_buffer(&key);
    return code;
}

enum base_code cli_permit(struct cli *cli, struct store *store, const struct exchange_id *compartment, unsigned roles, struct node_user *out)
{
    struct node_user user;
    BASE_TRY(cli_user(cli, store, &user));
    BASE_TRY(node_user_check(store, &user, compartment, roles));
    if (out != NULL)
        *out = user;
    return BASE_OK;
}

bool cli_sees(struct cli *cli, struct store *store, const struct exchange_id *compartment)
{
    struct node_user user;
    return cli_user(cli, store, &user) == BASE_OK && node_user_sees(store, &user, compartment);
}

enum base_code cli_why(struct cli *cli, bool is_needed, char out[CLI_WHY_SIZE])
{
    const char *why = cli_value(cli, "why");
    *out = 0;
    if (why != NULL && strlen(why) > STORE_LOOK_WHY_MAX)
        return base_fail(BASE_E_LIMIT, "a reason has at most %d bytes", STORE_LOOK_WHY_MAX);
    if (why != NULL)
        memcpy(out, why, strlen(why) + 1);
    if (why != NULL || !is_needed)
        return BASE_OK;
    if (cli->is_json || cli_ask("Why do you look?", out, CLI_WHY_SIZE) != BASE_OK)
        return base_fail(BASE_E_ARGUMENT, "--why is missing: why you look, in a few words");
    return BASE_OK;
}

enum base_code cli_look(struct cli *cli, struct store *store, const struct exchange_id *compartment, const char *what, const char *subject)
{
    char why[CLI_WHY_SIZE];
    bool exist;
    struct base_clock clock = base_clock_system();
    struct node_user user;
    BASE_TRY(cli_permit(cli, store, compartment, NODE_MAY(NODE_ROLE_ANALYST), &user));
    BASE_TRY(node_users_exist(store, &exist));
    BASE_TRY(cli_why(cli, exist, why));
    return node_look(store, &user, compartment, what, subject, why, base_clock_now(&clock));
}
