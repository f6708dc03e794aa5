/* SPDX-License-Identifier: Apache-2.0
 *
 * A user key, as a request carries it: no bytes but the one user's key open anything, and what is not of the form is told apart from
 * what is unknown.
 */
#include "crypto/secret.h"
#include "node/users.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char digits[] = "0123456789abcdef";

static struct store *store;
static char key[NODE_USER_KEY_TEXT_LEN + 1];

/* One store with one user, whose key comes from a seed. */
static void begin(void)
{
    char path[] = "/tmp/entente-fuzz-XXXXXX";
    uint64_t seed = 1;
    struct base_random random = base_random_repeatable(&seed);
    struct node_user owner;
    int fd = mkstemp(path);
    if (fd < 0 || close(fd) != 0 || unlink(path) != 0 || crypto_start() != BASE_OK || store_open(path, STORE_CREATE, &store) != BASE_OK ||
        node_user_owner(store, &owner) != BASE_OK || node_user_add(store, &owner, "mara", &random, 1, key) != BASE_OK)
        abort();
    static const char *const endings[] = {"", "-wal", "-shm"};
    for (unsigned i = 0; i < 3; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s%s", path, endings[i]);
        unlink(name);
    }
}

static bool is_of_the_form(struct base_bytes text)
{
    if (text.len == NODE_USER_KEY_TEXT_LEN + 1 && text.data[NODE_USER_KEY_TEXT_LEN] == '\n')
        text.len--;
    if (text.len != NODE_USER_KEY_TEXT_LEN || strncmp((const char *)text.data, "entente-user-", 13) != 0)
        return false;
    for (size_t i = 13; i < text.len; i++)
        if (text.data[i] == 0 || strchr(digits, text.data[i]) == NULL)
            return false;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct node_user user;
    struct base_bytes text = base_bytes_of(data, size);
    if (store == NULL)
        begin();
    bool is_right = is_of_the_form(text) && strncmp((const char *)data, key, NODE_USER_KEY_TEXT_LEN) == 0;
    enum base_code expected = is_right ? BASE_OK : is_of_the_form(text) ? BASE_E_KEY : BASE_E_FORMAT;
    if (node_user_of_key(store, text, &user) != expected || user.is_owner || (user.name[0] != 0) != is_right)
        abort();
    return 0;
}
