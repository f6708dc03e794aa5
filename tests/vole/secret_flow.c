/* SPDX-License-Identifier: Apache-2.0
 *
 * Whole sessions in which everything random of a party is secret: its seed, and what follows from it (Delta, choices, noise, leaves). No
 * branch and no address may depend on it. The method is that of tests/crypto/secret_flow.c; what leaves as a message is public
 * from then on, and so is its hash. Prints TAP; without valgrind it skips.
 */
#include "base/pages.h"
#include "vole/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <valgrind/memcheck.h>

enum { LENGTH = 2300, LENGTH_DIRECT = 5 };

struct setting {
    enum block_level level; /* or the best that valgrind knows */
    enum vole_role secret_of;
    size_t length;
    bool leaks; /* on purpose, so that the test is seen to find something */
};

static void must(enum base_code code)
{
    (void)VALGRIND_MAKE_MEM_DEFINED(&code, sizeof code); /* whether a call succeeded is public */
    if (code == BASE_OK)
        return;
    printf("Bail out! %s: %s\n", base_code_word(code), base_detail());
    exit(1);
}

static void open_one(const struct vole_params *params, enum vole_role role, struct base_pages *arena, struct vole_session **out)
{
    must(base_pages_new(vole_arena_size(params, role), arena));
    const struct vole_config config = {.role = role,
                                       .params = *params,
                                       .threads = 1,
                                       .random = base_random_system(),
                                       .arena = arena->data,
                                       .arena_len = arena->len};
    must(vole_session_new(&config, out));
}

static bool hand_over(struct vole_session *from, struct vole_session *to, struct base_buffer *message)
{
    must(vole_session_pull(from, message));
    if (message->len == 0)
        return false;
    (void)VALGRIND_MAKE_MEM_DEFINED(message->data, message->len);
    (void)VALGRIND_MAKE_MEM_DEFINED(from->hashes, sizeof from->hashes);
    must(vole_session_push(to, base_bytes_buffer(message)));
    return true;
}

static volatile int sink;

static void run(const struct setting *setting)
{
    struct vole_params params;
    struct base_pages arenas[2];
    struct vole_session *sessions[2];
    struct base_buffer base = BASE_BUFFER_EMPTY, message = BASE_BUFFER_EMPTY;
    must(vole_params_for(setting->length, VOLE_CODE_7X24, &params));
    for (int role = 0; role < 2; role++)
        open_one(&params, (enum vole_role)role, &arenas[role], &sessions[role]);
    struct vole_session *secret = sessions[setting->secret_of];
    (void)VALGRIND_MAKE_MEM_UNDEFINED(&secret->seed, sizeof secret->seed);
    must(vole_session_pull(sessions[VOLE_RECEIVER], &base));
    (void)VALGRIND_MAKE_MEM_DEFINED(base.data, base.len);
    (void)VALGRIND_MAKE_MEM_DEFINED(sessions[VOLE_RECEIVER]->hashes, sizeof sessions[0]->hashes);
    (void)hand_over(sessions[VOLE_SENDER], sessions[VOLE_RECEIVER], &message);
    must(vole_session_push(sessions[VOLE_SENDER], base_bytes_buffer(&base)));
    while (hand_over(sessions[VOLE_RECEIVER], sessions[VOLE_SENDER], &message) &&
           hand_over(sessions[VOLE_SENDER], sessions[VOLE_RECEIVER], &message))
        ;
    struct vole_result result;
    must(vole_session_result(secret, &result));
    const struct block *items = setting->secret_of == VOLE_RECEIVER ? result.a : result.b;
    if (setting->leaks && items[0].word[0] == 3)
        sink = 1;
    for (int role = 0; role < 2; role++) {
        vole_session_free(sessions[role], VOLE_WIPE_ALL);
        base_pages_release(&arenas[role]);
    }
    base_buffer_release(&base);
    base_buffer_release(&message);
}

/* The plain kernels are slow under valgrind: they do the short sessions, which use everything but trees and code. */
static const struct setting settings[] = {
    {BLOCK_PORTABLE, VOLE_SENDER, LENGTH_DIRECT, false}, {BLOCK_PORTABLE, VOLE_RECEIVER, LENGTH_DIRECT, false},
    {BLOCK_AVX512, VOLE_SENDER, LENGTH, false},          {BLOCK_AVX512, VOLE_RECEIVER, LENGTH, false},
    {BLOCK_AVX512, VOLE_SENDER, LENGTH_DIRECT, true},    {BLOCK_AVX512, VOLE_RECEIVER, LENGTH_DIRECT, true},
};
enum { SETTINGS = sizeof settings / sizeof settings[0] };

static int run_setting(const struct setting *setting, int number)
{
    enum block_level best = block_level_best();
    must(block_set_level(setting->level > best ? best : setting->level));
    unsigned before = (unsigned)VALGRIND_COUNT_ERRORS;
    run(setting);
    bool has_leaked = (unsigned)VALGRIND_COUNT_ERRORS != before, is_right = has_leaked == setting->leaks;
    printf("%s %d - secrets of the %s, length %zu, %s%s\n", is_right ? "ok" : "not ok", number,
           setting->secret_of == VOLE_RECEIVER ? "receiver" : "sender", setting->length, block_level_name(block_level()),
           setting->leaks ? ", a leak is seen" : "");
    return !is_right;
}

int main(void)
{
    int failed = 0, number = 0;
    if (!RUNNING_ON_VALGRIND) {
        printf("1..1\nok 1 - the flow of secrets # SKIP not under valgrind\n");
        return 0;
    }
    must(crypto_start());
    for (size_t s = 0; s < SETTINGS; s++)
        failed += run_setting(&settings[s], ++number);
    printf("1..%d\n", number);
    return failed != 0;
}
