/* SPDX-License-Identifier: Apache-2.0 */
#include "base/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

enum { THREADS_MAX = 64 };

struct loop {
    base_parallel_work *work;
    void *context;
    size_t count;
    size_t chunk;
    atomic_size_t next;
    atomic_bool has_failed;
    pthread_mutex_t lock; /* guards the three below */
    enum base_code code;
    size_t failed_begin;
    char detail[256];
};

static void note_failure(struct loop *loop, size_t begin, enum base_code code)
{
    pthread_mutex_lock(&loop->lock);
    if (loop->code == BASE_OK || begin < loop->failed_begin) {
        loop->code = code;
        loop->failed_begin = begin;
        strncpy(loop->detail, base_detail(), sizeof loop->detail - 1);
    }
    pthread_mutex_unlock(&loop->lock);
    atomic_store(&loop->has_failed, true);
}

static void *run(void *argument)
{
    struct loop *loop = argument;
    while (!atomic_load(&loop->has_failed)) {
        size_t begin = atomic_fetch_add(&loop->next, loop->chunk);
        if (begin >= loop->count)
            break;
        size_t end = loop->count - begin < loop->chunk ? loop->count : begin + loop->chunk;
        enum base_code code = loop->work(loop->context, begin, end);
        if (code != BASE_OK)
            note_failure(loop, begin, code);
    }
    return NULL;
}

enum base_code base_parallel_for(unsigned threads, size_t count, size_t chunk, base_parallel_work *work,
                                 void *context)
{
    struct loop loop = {.work = work, .context = context, .count = count, .chunk = chunk == 0 ? 1 : chunk,
                        .lock = PTHREAD_MUTEX_INITIALIZER};
    pthread_t others[THREADS_MAX];
    unsigned started = 0;
    size_t ranges = count / loop.chunk + (count % loop.chunk != 0);
    while (started + 1 < threads && started + 1 < ranges && started < THREADS_MAX) {
        if (pthread_create(&others[started], NULL, run, &loop) != 0)
            break; /* fewer threads do the same work */
        started++;
    }
    run(&loop);
    for (unsigned i = 0; i < started; i++)
        pthread_join(others[i], NULL);
    pthread_mutex_destroy(&loop.lock);
    return loop.code == BASE_OK ? BASE_OK : base_fail(loop.code, "%s", loop.detail);
}

unsigned base_parallel_cores(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    int cores = CPU_COUNT(&set);
    return cores < 1 ? 1 : (unsigned)cores;
}
