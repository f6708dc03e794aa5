/* SPDX-License-Identifier: Apache-2.0
 *
 * What matching two large sets costs: wall time, CPU time, bytes and memory, each run in fresh processes, so that base
 * transfers, page faults and set-up count.
 *
 *     bench-psi                       the table: sizes 2^8 to 2^20, in both arrangements, medians of three
 *     bench-psi MODE LOG_X LOG_Y      one run: MODE n for two processes over loopback TCP, one core each, p for one process and
 *                                     one thread, P for one process and two threads; LOG_X, LOG_Y the sizes of receiver and sender
 *
 * Half of the smaller set is common. Times by kind of message, and what is computed while waiting, are CPU milliseconds.
 */
#include "base/clock.h"
#include "base/pages.h"
#include "crypto/secret.h"
#include "vpsi/message.h"
#include "vpsi/vpsi.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ITEM_LEN = 16, RUNS = 3, KINDS = VPSI_KIND_SENDER_DONE + 1, SUITE_MOST = 20 };

static void demand(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "bench-psi: %s: %s\n", what, base_detail());
    exit(1);
}

static double clock_ms(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

struct side {
    enum vpsi_role role;
    struct vpsi_terms terms;
    uint8_t *items;
    struct base_pages arena;
    struct vpsi_session *session;
    struct base_buffer message;
    size_t sent;
    double work_ms, pull_ms[KINDS], push_ms[KINDS];
};

/* 16 bytes that a counter and its owner determine, spread evenly. */
static void make_items(struct side *side)
{
    const uint64_t own = side->role == VPSI_RECEIVER ? side->terms.receiver_count : side->terms.sender_count;
    const uint64_t least = side->terms.receiver_count < side->terms.sender_count ? side->terms.receiver_count : side->terms.sender_count;
    side->items = malloc((size_t)own * ITEM_LEN + 1);
    demand(side->items != NULL, "items");
    for (uint64_t i = 0; i < own; i++) {
        const uint64_t id = i < least / 2 ? i : i + ((uint64_t)side->role + 1) * 1000000000;
        const uint64_t words[2] = {id * 0x9e3779b97f4a7c15u, id ^ 0x5851f42d4c957f2du};
        memcpy(side->items + i * ITEM_LEN, words, ITEM_LEN);
    }
}

static void side_open(struct side *side, unsigned threads)
{
    const size_t size = vpsi_arena_size(&side->terms, side->role, threads);
    demand(size != SIZE_MAX, "terms");
    demand(base_pages_new(size, &side->arena) == BASE_OK, "memory");
    const struct vpsi_config config = {.role = side->role,
                                       .terms = side->terms,
                                       .context = base_bytes_text("bench-psi"),
                                       .items = side->items,
                                       .threads = threads,
                                       .random = base_random_system(),
                                       .arena = side->arena.data,
                                       .arena_len = size};
    demand(vpsi_session_new(&config, &side->session) == BASE_OK, "session");
}

static void side_check(struct side *side)
{
    struct vpsi_hits hits;
    const uint64_t least = side->terms.receiver_count < side->terms.sender_count ? side->terms.receiver_count : side->terms.sender_count;
    demand(vpsi_session_hits(side->session, &hits) == BASE_OK, "no hits");
    demand(hits.count == (side->role == VPSI_RECEIVER || side->terms.output == VPSI_TO_BOTH ? least / 2 : 0), "wrong number of hits");
}

static bool side_pull(struct side *side)
{
    const double start = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
    demand(vpsi_session_pull(side->session, &side->message) == BASE_OK, "pull");
    if (side->message.len == 0)
        return false;
    side->sent += side->message.len;
    side->pull_ms[side->message.data[1]] += clock_ms(CLOCK_PROCESS_CPUTIME_ID) - start;
    return true;
}

static void side_push(struct side *side, struct base_bytes message)
{
    const double start = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
    demand(vpsi_session_push(side->session, message) == BASE_OK, "push");
    side->push_ms[message.data[1]] += clock_ms(CLOCK_PROCESS_CPUTIME_ID) - start;
}

static void side_work(struct side *side)
{
    const double start = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
    demand(vpsi_session_work(side->session) == BASE_OK, "work");
    side->work_ms += clock_ms(CLOCK_PROCESS_CPUTIME_ID) - start;
}

static void print_parts(const struct side *side)
{
    static const char *const names[KINDS] = {"", "commit", "nonce", "salt", "begin", "vole", "slots", "shift", "open", "heads", "masks",
                                             "returns", "done", "done"};
    printf("  %-8s ahead %.1f", side->role == VPSI_RECEIVER ? "receiver" : "sender", side->work_ms);
    for (int kind = 1; kind < KINDS; kind++)
        if (side->pull_ms[kind] + side->push_ms[kind] >= 0.05)
            printf(", %s %.1f out %.1f in", names[kind], side->pull_ms[kind], side->push_ms[kind]);
    printf("\n");
}

static double peak_mb(int who)
{
    struct rusage usage;
    getrusage(who, &usage);
    return (double)usage.ru_maxrss / 1024;
}

static void hand_over(struct side *from, struct side *to)
{
    struct base_buffer message = from->message;
    from->message = BASE_BUFFER_EMPTY;
    side_push(to, base_bytes_buffer(&message));
    base_buffer_release(&message);
}

/* Both parties in this process, one after the other. */
static void run_together(struct vpsi_terms terms, unsigned threads)
{
    struct side sides[2] = {{.role = VPSI_RECEIVER, .terms = terms}, {.role = VPSI_SENDER, .terms = terms}};
    for (int role = 0; role < 2; role++)
        make_items(&sides[role]);
    const double start = clock_ms(CLOCK_MONOTONIC), cpu = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
    for (int role = 0; role < 2; role++)
        side_open(&sides[role], threads);
    while (vpsi_session_state(sides[0].session) == VPSI_RUNNING || vpsi_session_state(sides[1].session) == VPSI_RUNNING)
        for (int role = 1; role >= 0; role--) {
            while (side_pull(&sides[role])) {
                while (side_pull(&sides[!role])) /* it says what it has to say before it listens */
                    hand_over(&sides[!role], &sides[role]);
                hand_over(&sides[role], &sides[!role]);
            }
            side_work(&sides[role]);
        }
    const double wall = clock_ms(CLOCK_MONOTONIC) - start, used = clock_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    for (int role = 0; role < 2; role++)
        side_check(&sides[role]);
    printf("wall %.1f ms, cpu %.1f ms, bytes %zu, peak %.0f MB\n", wall, used, sides[0].sent + sides[1].sent, peak_mb(RUSAGE_SELF));
    print_parts(&sides[0]);
    print_parts(&sides[1]);
}

static void write_all(int socket, const void *data, size_t len)
{
    for (const char *at = data; len > 0;) {
        const ssize_t wrote = write(socket, at, len);
        demand(wrote > 0, "write");
        at += wrote;
        len -= (size_t)wrote;
    }
}

static void read_all(int socket, void *data, size_t len)
{
    for (char *at = data; len > 0;) {
        const ssize_t got = read(socket, at, len);
        demand(got > 0, "read");
        at += got;
        len -= (size_t)got;
    }
}

static void run_side(struct side *side, int socket)
{
    static uint8_t message[VPSI_MESSAGE_MAX];
    side_open(side, 1);
    while (vpsi_session_state(side->session) == VPSI_RUNNING) {
        uint32_t len;
        while (side_pull(side)) {
            len = (uint32_t)side->message.len;
            write_all(socket, &len, sizeof len);
            write_all(socket, side->message.data, len);
        }
        side_work(side);
        if (vpsi_session_state(side->session) != VPSI_RUNNING)
            break;
        read_all(socket, &len, sizeof len);
        demand(len <= sizeof message, "length");
        read_all(socket, message, len);
        side_push(side, base_bytes_of(message, len));
    }
}

static int connect_pair(int out[2])
{
    const int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    out[0] = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 1) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &len) != 0 ||
        connect(out[0], (struct sockaddr *)&address, sizeof address) != 0)
        return -1;
    out[1] = accept(listener, NULL, NULL);
    close(listener);
    for (int i = 0; i < 2; i++)
        setsockopt(out[i], IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return out[1];
}

struct outcome {
    double cpu_ms, peak_mb;
    size_t sent;
};

/* Each party in a process and on a core of its own. */
static void run_apart(struct vpsi_terms terms)
{
    int sockets[2], results[2], gates[2];
    demand(connect_pair(sockets) >= 0 && pipe(results) == 0 && pipe(gates) == 0, "sockets");
    fflush(stdout);
    for (int role = 0; role < 2; role++) {
        if (fork() != 0)
            continue;
        cpu_set_t core;
        CPU_ZERO(&core);
        CPU_SET((size_t)role, &core);
        (void)sched_setaffinity(0, sizeof core, &core);
        struct side side = {.role = (enum vpsi_role)role, .terms = terms};
        char go;
        make_items(&side);
        write_all(results[1], "r", 1);
        read_all(gates[0], &go, 1);
        const double cpu = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
        run_side(&side, sockets[role]);
        const struct outcome outcome = {clock_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu, peak_mb(RUSAGE_SELF), side.sent};
        side_check(&side);
        write_all(results[1], &outcome, sizeof outcome);
        read_all(gates[0], &go, 1);
        print_parts(&side);
        fflush(stdout);
        _exit(0);
    }
    char ready[2];
    struct outcome outcomes[2];
    read_all(results[0], ready, 2);
    const double start = clock_ms(CLOCK_MONOTONIC);
    write_all(gates[1], "go", 2);
    read_all(results[0], outcomes, sizeof outcomes);
    const double wall = clock_ms(CLOCK_MONOTONIC) - start;
    printf("wall %.1f ms, cpu %.1f ms, bytes %zu, peak %.0f MB\n", wall, outcomes[0].cpu_ms + outcomes[1].cpu_ms,
           outcomes[0].sent + outcomes[1].sent, outcomes[0].peak_mb + outcomes[1].peak_mb);
    fflush(stdout);
    write_all(gates[1], "go", 2);
    while (wait(NULL) > 0)
        continue;
}

static int compare_doubles(const void *a, const void *b)
{
    const double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* Runs this program again for one line of the table. */
static void print_line(const char *self, char mode, unsigned log_x, unsigned log_y)
{
    double walls[RUNS], cpus[RUNS], bytes = 0, peak = 0;
    for (size_t i = 0; i < RUNS; i++) {
        int pipes[2];
        char name[2] = {mode, 0}, x[8], y[8], line[256] = "";
        snprintf(x, sizeof x, "%u", log_x);
        snprintf(y, sizeof y, "%u", log_y);
        demand(pipe(pipes) == 0, "pipe");
        if (fork() == 0) {
            dup2(pipes[1], STDOUT_FILENO);
            execl(self, self, name, x, y, (char *)NULL);
            _exit(127);
        }
        close(pipes[1]);
        FILE *out = fdopen(pipes[0], "r");
        demand(out != NULL && fgets(line, sizeof line, out) != NULL, "no line");
        while (getc(out) != EOF)
            continue;
        fclose(out);
        while (wait(NULL) > 0)
            continue;
        demand(sscanf(line, "wall %lf ms, cpu %lf ms, bytes %lf, peak %lf MB", &walls[i], &cpus[i], &bytes, &peak) == 4, "line");
    }
    qsort(walls, RUNS, sizeof walls[0], compare_doubles);
    qsort(cpus, RUNS, sizeof cpus[0], compare_doubles);
    printf("%4c   2^%-4u 2^%-4u %10.1f %10.1f %12.0f %8.2f %8.0f\n", mode, log_x, log_y, walls[RUNS / 2], cpus[RUNS / 2], bytes,
           bytes * 8 / (double)((uint64_t)1 << (log_x > log_y ? log_x : log_y)), peak);
    fflush(stdout);
}

static void print_table(const char *self)
{
    printf("mode   n_x    n_y       wall ms     cpu ms        bytes bit/item  peak MB\n");
    for (unsigned log = 8; log <= SUITE_MOST; log += 4)
        for (const char *mode = "npP"; *mode != 0; mode++)
            print_line(self, *mode, log, log);
    print_line(self, 'n', 8, SUITE_MOST);
    print_line(self, 'n', 16, SUITE_MOST);
}

int main(int argc, char **argv)
{
    demand(crypto_start() == BASE_OK, "start");
    if (argc != 4) {
        print_table(argv[0]);
        return 0;
    }
    const struct vpsi_terms terms = {.receiver_count = (uint64_t)1 << strtoul(argv[2], NULL, 10),
                                     .sender_count = (uint64_t)1 << strtoul(argv[3], NULL, 10),
                                     .item_len = ITEM_LEN,
                                     .output = VPSI_TO_RECEIVER};
    if (argv[1][0] == 'n')
        run_apart(terms);
    else
        run_together(terms, argv[1][0] == 'P' ? 2 : 1);
    return 0;
}
