/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/who.h"

#include "base/file.h"
#include "crypto/secret.h"

#include <stdlib.h>

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
