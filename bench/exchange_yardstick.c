/* SPDX-License-Identifier: Apache-2.0
 *
 * What the exchange is held against: the disk, the signatures and the loopback, without anything of this program around them.
 */
#include "bench/exchange.h"

#include "crypto/sign.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WRITES = 301, SIGNATURES = 2001, TRIPS = 2001, BLOCK = 4096, TEXT_LEN = 480 };

double bench_now_s(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int compare_doubles(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

double bench_quantile(double *values, size_t count, unsigned thousandths)
{
    qsort(values, count, sizeof *values, compare_doubles);
    return values[(count - 1) * thousandths / 1000];
}

static void give_up(const char *what)
{
    perror(what);
    exit(1);
}

/* Each extends the file, as a log does. */
static double writes_per_second(const char *folder)
{
    static uint8_t block[BLOCK];
    static double times[WRITES];
    char path[4096];
    snprintf(path, sizeof path, "%s/bench-yardstick", folder);
    int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0)
        give_up(path);
    for (size_t i = 0; i < WRITES; i++) {
        double start = bench_now_s();
        memset(block, (int)i, sizeof block);
        if (write(fd, block, sizeof block) != sizeof block || fsync(fd) != 0)
            give_up(path);
        times[i] = bench_now_s() - start;
    }
    close(fd);
    unlink(path);
    return 1 / bench_quantile(times, WRITES, 500);
}

static void measure_signatures(struct bench_yardstick *out)
{
    static double made[SIGNATURES], checked[SIGNATURES];
    struct crypto_key seed = {{7}};
    struct crypto_sign_secret secret;
    struct crypto_sign_public public_key;
    uint8_t text[TEXT_LEN] = {0};
    crypto_sign_keys_from_seed(&seed, &secret, &public_key);
    for (size_t i = 0; i < SIGNATURES; i++) {
        struct crypto_signature signature;
        memcpy(text, &i, sizeof i);
        double start = bench_now_s();
        crypto_sign_make(&secret, base_bytes_of(text, sizeof text), &signature);
        double middle = bench_now_s();
        if (crypto_sign_check(&public_key, base_bytes_of(text, sizeof text), &signature) != BASE_OK)
            give_up("a signature");
        checked[i] = bench_now_s() - middle;
        made[i] = middle - start;
    }
    out->signatures = 1 / bench_quantile(made, SIGNATURES, 500);
    out->checks = 1 / bench_quantile(checked, SIGNATURES, 500);
}

static void echo(int listener)
{
    char byte;
    int one = 1, fd = accept(listener, NULL, NULL);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    while (read(fd, &byte, 1) == 1 && write(fd, &byte, 1) == 1)
        ;
    _exit(0);
}

static double round_trip_us(void)
{
    static double times[TRIPS];
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    char byte = 1;
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener, (const struct sockaddr *)&at, sizeof at) != 0 || listen(listener, 1) != 0 ||
        getsockname(listener, (struct sockaddr *)&at, &len) != 0)
        give_up("a listener");
    pid_t pid = fork();
    if (pid == 0) {
        close(fd); /* else it would hold its own peer open */
        echo(listener);
    }
    if (pid < 0 || connect(fd, (const struct sockaddr *)&at, sizeof at) != 0)
        give_up("a connection");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    for (size_t i = 0; i < TRIPS; i++) {
        double start = bench_now_s();
        if (write(fd, &byte, 1) != 1 || read(fd, &byte, 1) != 1)
            give_up("the loopback");
        times[i] = (bench_now_s() - start) * 1e6;
    }
    close(fd);
    close(listener);
    waitpid(pid, NULL, 0);
    return bench_quantile(times, TRIPS, 500);
}

void bench_yardstick_measure(const char *folder, struct bench_yardstick *out)
{
    out->writes = writes_per_second(folder);
    measure_signatures(out);
    out->round_trip_us = round_trip_us();
}
