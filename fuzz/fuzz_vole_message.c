/* SPDX-License-Identifier: Apache-2.0
 *
 * A session facing a peer that sends anything: the peer is honest, and what it sends is changed on the way, so that every depth of the
 * protocol is reached. First byte: bit 0 the role under attack, bit 1 a length with trees. Then for each message to that role one
 * change, until the input ends:
 *   0  none                    3  cut to a length (u32, modulo)
 *   1  other bytes (u16, bytes)  4  as many zero bytes behind it (u8)
 *   2  a bit pattern (u32 offset, modulo; u8)   5  the same message once more before it
 * Whatever happens: a failed session gives nothing, and two sessions that are done have results that fit.
 */
#include "base/pages.h"
#include "block/gf.h"
#include "vole/inside.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LENGTH_SHORT = 3, LENGTH_WITH_TREES = 1592 };

static struct base_pages arenas[2]; /* of the longer length, kept over all inputs */

static void demand(bool holds)
{
    if (!holds)
        abort();
}

struct game {
    struct vole_params params;
    struct vole_session *sessions[2];
    enum vole_role victim;
    struct base_cursor in;
};

static void open_game(struct game *game, uint8_t choice)
{
    static uint64_t seeds[2];
    demand(crypto_start() == BASE_OK);
    demand(vole_params_for((choice & 2) != 0 ? LENGTH_WITH_TREES : LENGTH_SHORT, VOLE_CODE_21X24, &game->params) == BASE_OK);
    game->victim = (choice & 1) != 0 ? VOLE_SENDER : VOLE_RECEIVER;
    for (int role = 0; role < 2; role++) {
        if (arenas[role].data == NULL) {
            struct vole_params longest;
            demand(vole_params_for(LENGTH_WITH_TREES, VOLE_CODE_21X24, &longest) == BASE_OK);
            demand(base_pages_new(vole_arena_size(&longest, (enum vole_role)role), &arenas[role]) == BASE_OK);
        }
        seeds[role] = 7u + (unsigned)role;
        const struct vole_config config = {.role = (enum vole_role)role,
                                           .params = game->params,
                                           .threads = 1,
                                           .random = base_random_repeatable(&seeds[role]),
                                           .arena = arenas[role].data,
                                           .arena_len = arenas[role].len};
        demand(vole_session_new(&config, &game->sessions[role]) == BASE_OK);
    }
}

static void replace(struct base_cursor *in, struct base_buffer *message)
{
    uint16_t len;
    struct base_bytes bytes;
    if (base_cursor_u16(in, &len) != BASE_OK || base_cursor_take(in, len, &bytes) != BASE_OK)
        return;
    base_buffer_clear(message);
    demand(base_buffer_append(message, bytes) == BASE_OK);
}

static void change(struct game *game, struct base_buffer *message)
{
    uint8_t kind, pattern = 0;
    uint32_t offset = 0;
    if (base_cursor_u8(&game->in, &kind) != BASE_OK)
        return;
    if (kind == 1) {
        replace(&game->in, message);
    } else if (kind == 2 && base_cursor_u32(&game->in, &offset) == BASE_OK && base_cursor_u8(&game->in, &pattern) == BASE_OK) {
        message->data[offset % message->len] ^= pattern;
    } else if (kind == 3 && base_cursor_u32(&game->in, &offset) == BASE_OK) {
        message->len = offset % (message->len + 1);
    } else if (kind == 4 && base_cursor_u8(&game->in, &pattern) == BASE_OK) {
        for (unsigned i = 0; i < pattern; i++)
            demand(base_put_u8(message, 0) == BASE_OK);
    } else if (kind == 5) {
        (void)!vole_session_push(game->sessions[game->victim], base_bytes_buffer(message));
    }
}

/* An exact copy on the heap, so that a sanitizer sees the first byte past the end. */
static bool push_copy(struct vole_session *session, const struct base_buffer *message)
{
    uint8_t *copy = malloc(message->len + 1);
    demand(copy != NULL);
    if (message->len > 0)
        memcpy(copy + 1, message->data, message->len); /* and not aligned */
    enum base_code code = vole_session_push(session, base_bytes_of(copy + 1, message->len));
    free(copy);
    return code == BASE_OK;
}

static bool deliver(struct game *game, enum vole_role from, struct base_buffer *message)
{
    enum vole_role to = from == VOLE_RECEIVER ? VOLE_SENDER : VOLE_RECEIVER;
    if (to == game->victim)
        change(game, message);
    return push_copy(game->sessions[to], message);
}

static bool step(struct game *game, enum vole_role from, struct base_buffer *message)
{
    return vole_session_pull(game->sessions[from], message) == BASE_OK && message->len > 0 && deliver(game, from, message);
}

static void play(struct game *game)
{
    struct base_buffer message = BASE_BUFFER_EMPTY, choice = BASE_BUFFER_EMPTY;
    demand(vole_session_pull(game->sessions[VOLE_SENDER], &choice) == BASE_OK);
    bool goes_on = step(game, VOLE_RECEIVER, &message) && deliver(game, VOLE_SENDER, &choice);
    while (goes_on)
        goes_on = step(game, VOLE_RECEIVER, &message) && step(game, VOLE_SENDER, &message);
    base_buffer_release(&message);
    base_buffer_release(&choice);
}

static void judge(struct game *game)
{
    struct vole_result results[2];
    bool done[2];
    for (int role = 0; role < 2; role++) {
        done[role] = vole_session_result(game->sessions[role], &results[role]) == BASE_OK;
        demand(done[role] == (vole_session_state(game->sessions[role]) == VOLE_DONE));
    }
    for (size_t i = 0; done[0] && done[1] && i < game->params.count; i++) {
        struct block expected = block_xor(results[VOLE_SENDER].b[i], block_gf_multiply(results[VOLE_SENDER].delta, results[VOLE_RECEIVER].a[i]));
        demand(block_equal(&expected, &results[VOLE_RECEIVER].c[i]));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct game game = {.in = base_cursor_over(base_bytes_of(data, size))};
    uint8_t choice;
    if (base_cursor_u8(&game.in, &choice) != BASE_OK)
        return 0;
    open_game(&game, choice);
    play(&game);
    judge(&game);
    for (int role = 0; role < 2; role++)
        vole_session_free(game.sessions[role], VOLE_WIPE_ALL);
    return 0;
}
