/* SPDX-License-Identifier: Apache-2.0
 *
 * What a VOLE costs, phase by phase and party by party, beside what the machine does in the same run: AES, group operations,
 * copying and reading lines at random. Both parties run in this process, by turns, so that a party's time is its own; medians of
 * some runs, the clock's time and the processor's (of all threads). The last table uses the weaker noise weight that programs use
 * which count the noise as binary, for comparison with them alone. Arguments: lengths instead of the usual ones.
 */
#include "base/pages.h"
#include "block/code.h"
#include "vole/inside.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { RUNS = 7, RUNS_LONG = 3, LONG = 1 << 22 };

enum phase { TRANSFERS, EXTENSION, TREES, CHECK, CODE, OTHER, PHASES };
static const char *const phase_names[PHASES] = {"base transfers", "extension", "trees", "check", "code", "other"};

struct spent {
    double clock_ms, processor_ms;
};

struct timings {
    struct spent phases[2][PHASES];
};

static void demand(enum base_code code)
{
    if (code == BASE_OK)
        return;
    fprintf(stderr, "bench-vole: %s: %s\n", base_code_word(code), base_detail());
    exit(1);
}

static double read_ms(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static struct spent now(void)
{
    return (struct spent){read_ms(CLOCK_MONOTONIC), read_ms(CLOCK_PROCESS_CPUTIME_ID)};
}

static void count(struct timings *timings, enum vole_role role, enum phase phase, struct spent since)
{
    struct spent end = now();
    timings->phases[role][phase].clock_ms += end.clock_ms - since.clock_ms;
    timings->phases[role][phase].processor_ms += end.processor_ms - since.processor_ms;
}

/* The phase that sending, or taking, a message belongs to. */
static enum phase pull_phase(enum vole_kind kind)
{
    static const enum phase phases[VOLE_KIND_COUNT] = {
        [VOLE_KIND_BASE] = TRANSFERS, [VOLE_KIND_CHOICE] = TRANSFERS, [VOLE_KIND_EXTEND] = EXTENSION,
        [VOLE_KIND_TREES] = TREES,    [VOLE_KIND_CHECK] = CHECK,      [VOLE_KIND_PROOF] = CHECK};
    return phases[kind];
}

static enum phase due_phase(const struct vole_session *session)
{
    if (session->due == VOLE_DUE_KEYS)
        return TRANSFERS;
    if (session->due == VOLE_DUE_CODE)
        return CODE;
    return session->config.role == VOLE_RECEIVER ? TREES : CHECK; /* the receiver's trees include the sums of the check */
}

static void work(struct vole_session *session, struct timings *timings)
{
    while (session->due != VOLE_DUE_NOTHING) {
        enum phase phase = due_phase(session);
        struct spent start = now();
        demand(vole_session_work_once(session));
        count(timings, session->config.role, phase, start);
    }
}

static struct base_buffer pull(struct vole_session *session, struct timings *timings)
{
    struct base_buffer message = BASE_BUFFER_EMPTY;
    struct spent start = now();
    demand(vole_session_pull(session, &message));
    if (message.len > 0)
        count(timings, session->config.role, pull_phase((enum vole_kind)message.data[1]), start);
    work(session, timings);
    return message;
}

static void push(struct vole_session *session, struct base_buffer *message, struct timings *timings)
{
    enum phase phase = pull_phase((enum vole_kind)message->data[1]);
    struct spent start = now();
    demand(vole_session_push(session, base_bytes_buffer(message)));
    count(timings, session->config.role, phase, start);
    base_buffer_release(message);
    work(session, timings);
}

static void converse(struct vole_session *sessions[2], struct timings *timings)
{
    struct base_buffer base = pull(sessions[VOLE_RECEIVER], timings), choice = pull(sessions[VOLE_SENDER], timings);
    push(sessions[VOLE_SENDER], &base, timings);
    push(sessions[VOLE_RECEIVER], &choice, timings);
    for (int from = VOLE_RECEIVER; vole_session_state(sessions[VOLE_RECEIVER]) == VOLE_RUNNING ||
                                   vole_session_state(sessions[VOLE_SENDER]) == VOLE_RUNNING;
         from = !from) {
        struct base_buffer message = pull(sessions[from], timings);
        if (message.len > 0)
            push(sessions[!from], &message, timings);
    }
}

static void open_sessions(const struct vole_params *params, unsigned threads, struct base_pages arenas[2], struct vole_session *sessions[2],
                          struct timings *timings)
{
    for (int role = 0; role < 2; role++) {
        struct spent start = now();
        demand(base_pages_new(vole_arena_size(params, (enum vole_role)role), &arenas[role]));
        struct vole_config config = {.role = (enum vole_role)role,
                                     .params = *params,
                                     .threads = threads,
                                     .random = base_random_system(),
                                     .arena = arenas[role].data,
                                     .arena_len = arenas[role].len};
        demand(vole_session_new(&config, &sessions[role]));
        count(timings, (enum vole_role)role, OTHER, start);
    }
}

static void check_some(const struct vole_params *params, struct vole_session *sessions[2])
{
    struct vole_result receiver, sender;
    demand(vole_session_result(sessions[VOLE_RECEIVER], &receiver));
    demand(vole_session_result(sessions[VOLE_SENDER], &sender));
    for (size_t i = 0; i < params->count; i += 1 + params->count / 1000) {
        struct block expected = block_xor(sender.b[i], block_gf_multiply(sender.delta, receiver.a[i]));
        if (!block_equal(&expected, &receiver.c[i])) {
            fprintf(stderr, "bench-vole: item %zu does not hold\n", i);
            exit(1);
        }
    }
}

/* A fresh arena in each run: page faults are inside. */
static void run_once(const struct vole_params *params, unsigned threads, struct timings *timings)
{
    struct base_pages arenas[2];
    struct vole_session *sessions[2];
    memset(timings, 0, sizeof *timings);
    open_sessions(params, threads, arenas, sessions, timings);
    converse(sessions, timings);
    check_some(params, sessions);
    for (int role = 0; role < 2; role++) {
        struct spent start = now();
        vole_session_free(sessions[role], VOLE_KEEP_RESULTS);
        count(timings, (enum vole_role)role, OTHER, start);
        base_pages_release(&arenas[role]);
    }
}

static int compare_doubles(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double median(double *values, size_t runs)
{
    qsort(values, runs, sizeof *values, compare_doubles);
    return values[runs / 2];
}

static struct spent median_of(const struct timings *all, size_t runs, int role, size_t first, size_t last)
{
    double clock[RUNS], processor[RUNS];
    for (size_t i = 0; i < runs; i++) {
        clock[i] = processor[i] = 0;
        for (size_t phase = first; phase <= last; phase++) {
            clock[i] += all[i].phases[role][phase].clock_ms;
            processor[i] += all[i].phases[role][phase].processor_ms;
        }
    }
    return (struct spent){median(clock, runs), median(processor, runs)};
}

static void print_row(const char *name, const struct timings *all, size_t runs, size_t first, size_t last)
{
    struct spent receiver = median_of(all, runs, VOLE_RECEIVER, first, last), sender = median_of(all, runs, VOLE_SENDER, first, last);
    printf("  %-16s %10.2f %10.2f %12.2f %10.2f\n", name, receiver.clock_ms, receiver.processor_ms, sender.clock_ms, sender.processor_ms);
}

static void measure(const struct vole_params *params, unsigned threads)
{
    static struct timings all[RUNS];
    size_t runs = params->count >= LONG ? RUNS_LONG : RUNS;
    for (size_t i = 0; i < runs; i++)
        run_once(params, threads, &all[i]);
    printf("\nlength %zu, code %s, %u noisy positions, %u thread%s: %.0f bits; %zu KB from the receiver, %zu KB from the sender\n",
           params->count, params->is_direct ? "none" : params->code == VOLE_CODE_7X24 ? "7x24" : "21x24", (unsigned)params->tree_count, threads,
           threads == 1 ? "" : "s", vole_security_bits(params), vole_sent_bytes(params, VOLE_RECEIVER) / 1000,
           vole_sent_bytes(params, VOLE_SENDER) / 1000);
    printf("  %-16s %10s %10s %12s %10s\n", "ms", "receiver", "processor", "sender", "processor");
    for (size_t phase = 0; phase < PHASES; phase++)
        print_row(phase_names[phase], all, runs, phase, phase);
    print_row("in all", all, runs, 0, PHASES - 1);
}

/* Yardsticks */

static double seconds_of(void (*run)(struct block *, size_t), struct block *blocks, size_t count_blocks)
{
    double times[RUNS];
    for (size_t i = 0; i < RUNS; i++) {
        double start = read_ms(CLOCK_PROCESS_CPUTIME_ID);
        run(blocks, count_blocks);
        times[i] = (read_ms(CLOCK_PROCESS_CPUTIME_ID) - start) / 1e3;
    }
    return median(times, RUNS);
}

static void run_aes(struct block *blocks, size_t count_blocks)
{
    struct block_aes aes;
    block_aes_init(&aes, BLOCK_ONE);
    for (size_t i = 0; i < count_blocks; i += 1024)
        block_aes_counter(&aes, 0, i, blocks, 1024);
}

static void run_copy(struct block *blocks, size_t count_blocks)
{
    memcpy(blocks, blocks + count_blocks / 2, count_blocks / 2 * sizeof *blocks);
}

static void run_lines(struct block *blocks, size_t count_blocks)
{
    uint32_t places[512];
    uint64_t mixed = 1;
    for (size_t done = 0; done < count_blocks / 4; done += 512) {
        for (size_t i = 0; i < 512; i++) {
            mixed = mixed * 6364136223846793005u + 1442695040888963407u;
            places[i] = (uint32_t)((mixed >> 32) * (count_blocks / 4) >> 32) * 4;
        }
        block_gather(blocks, 512, blocks, places, 1);
    }
}

static double multiplications_per_second(void)
{
    uint8_t scalar[32] = {9, 1}, point[32], product[32];
    uint8_t uniform[64] = {7};
    (void)crypto_core_ristretto255_from_hash(point, uniform);
    double start = read_ms(CLOCK_PROCESS_CPUTIME_ID);
    for (int i = 0; i < 1000; i++)
        if (crypto_scalarmult_ristretto255(product, scalar, point) != 0)
            exit(1);
    return 1000 / ((read_ms(CLOCK_PROCESS_CPUTIME_ID) - start) / 1e3);
}

static void print_yardsticks(void)
{
    enum { BLOCKS = 4 << 20 };
    struct base_pages pages;
    demand(base_pages_new((size_t)BLOCKS * sizeof(struct block), &pages));
    struct block *blocks = pages.data;
    memset(blocks, 1, pages.len);
    printf("kernels: %s; one core, processor's time, medians of %d\n", block_level_name(block_level()), (int)RUNS);
    printf("  AES-128 blocks             %10.0f million/s\n", BLOCKS / seconds_of(run_aes, blocks, BLOCKS) / 1e6);
    printf("  library: ristretto255      %10.0f multiplications/s\n", multiplications_per_second());
    printf("  copying %zu MB              %10.1f GB/s read and written\n", pages.len / 2 >> 20, (double)pages.len / seconds_of(run_copy, blocks, BLOCKS) / 1e9);
    printf("  lines at random in %zu MB   %10.0f million/s\n", pages.len >> 20, BLOCKS / 4 / seconds_of(run_lines, blocks, BLOCKS) / 1e6);
    base_pages_release(&pages);
}

static void measure_length(size_t length)
{
    struct vole_params params;
    for (unsigned threads = 1; threads <= 2; threads++) {
        demand(vole_params_for(length, VOLE_CODE_7X24, &params));
        measure(&params, threads);
        demand(vole_params_for(length, VOLE_CODE_21X24, &params));
        if (!params.is_direct)
            measure(&params, threads);
    }
}

int main(int argument_count, char **arguments)
{
    static const size_t usual[] = {1, 1 << 10, 1 << 16, 1331692 /* 1.27 * 2^20 */};
    demand(crypto_start());
    print_yardsticks();
    for (int i = 1; i < argument_count; i++)
        measure_length((size_t)strtoull(arguments[i], NULL, 10));
    if (argument_count > 1)
        return 0;
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        measure_length(usual[i]);
    struct vole_params params;
    printf("\nFor comparison alone, not safe: the weight of programs that take the noise to be binary\n");
    demand(vole_params_if_binary(usual[3], VOLE_CODE_7X24, &params));
    measure(&params, 1);
    measure(&params, 2);
    return 0;
}
