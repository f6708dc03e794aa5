/* SPDX-License-Identifier: Apache-2.0 */
#include "node/node.h"

#include <stdio.h>
#include <stdlib.h>

struct job {
    uv_work_t work;
    node_job_run *run;
    node_job_done *done;
    void *context;
    enum base_code code;
    char detail[256]; /* base_detail() belongs to the thread that failed */
};

static void run_job(uv_work_t *work)
{
    struct job *job = work->data;
    job->code = job->run(job->context);
    if (job->code != BASE_OK)
        snprintf(job->detail, sizeof job->detail, "%s", base_detail());
}

static void end_job(uv_work_t *work, int status)
{
    struct job *job = work->data;
    if (status != 0)
        job->code = BASE_E_CANCELLED;
    job->done(job->context, job->code, job->detail);
    free(job);
}

enum base_code node_job_start(struct node *node, node_job_run *run, node_job_done *done, void *context)
{
    struct job *job = calloc(1, sizeof *job);
    if (job == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for a job");
    *job = (struct job){.run = run, .done = done, .context = context};
    job->work.data = job;
    if (uv_queue_work(&node->loop, &job->work, run_job, end_job) != 0) {
        free(job);
        return base_fail(BASE_E_INTERNAL, "a job could not be queued");
    }
    return BASE_OK;
}
