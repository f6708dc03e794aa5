/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/survival.h"

#include <math.h>
#include <stdlib.h>

/* The 97.5 % quantile of the normal distribution. */
static const double z_975 = 1.959963984540054;
/* A product of fractions that is one half may come out a little above it. */
static const double half = 0.5 + 1e-9;

static int by_time(const void *a, const void *b)
{
    const struct exchange_observation *left = a, *right = b;
    return (left->time_ms > right->time_ms) - (left->time_ms < right->time_ms);
}

static void set_limits(struct exchange_survival_step *step, double greenwood)
{
    step->error = step->survival * sqrt(greenwood);
    step->has_limits = step->survival > 0 && step->survival < 1;
    step->low = step->high = step->survival;
    if (!step->has_limits)
        return;
    double width = z_975 * sqrt(greenwood) / log(step->survival); /* negative */
    step->low = pow(step->survival, exp(-width));
    step->high = pow(step->survival, exp(width));
}

/* Gathers the observations from `at` that have one time; returns how many. */
static size_t gather(const struct exchange_observation *observations, size_t count, size_t at,
                     struct exchange_survival_step *step)
{
    size_t end = at;
    *step = (struct exchange_survival_step){.time_ms = observations[at].time_ms, .at_risk = count - at};
    for (; end < count && observations[end].time_ms == step->time_ms; end++) {
        step->events += observations[end].is_event;
        step->censored += !observations[end].is_event;
    }
    return end - at;
}

static void find_median(struct exchange_survival *survival)
{
    for (size_t i = survival->step_count; i > 0; i--) {
        const struct exchange_survival_step *step = &survival->steps[i - 1];
        if (step->survival <= half) {
            survival->has_median = true;
            survival->median_ms = step->time_ms;
        }
        if (step->survival == 0 || (step->has_limits && step->low <= half)) {
            survival->has_median_low = true;
            survival->median_low_ms = step->time_ms;
        }
        if (step->has_limits && step->high <= half) {
            survival->has_median_high = true;
            survival->median_high_ms = step->time_ms;
        }
    }
}

enum base_code exchange_survival_estimate(struct exchange_observation *observations, size_t count,
                                          struct exchange_survival *out)
{
    double survival = 1, greenwood = 0;
    *out = EXCHANGE_SURVIVAL_EMPTY;
    if (count == 0)
        return BASE_OK;
    qsort(observations, count, sizeof *observations, by_time);
    if (observations[0].time_ms < 0)
        return base_fail(BASE_E_RANGE, "something took less than no time");
    out->steps = base_alloc_array(count, sizeof *out->steps);
    if (out->steps == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for %zu observations", count);
    out->count = count;
    for (size_t at = 0; at < count;) {
        struct exchange_survival_step *step = &out->steps[out->step_count++];
        at += gather(observations, count, at, step);
        double at_risk = (double)step->at_risk, events = (double)step->events;
        survival = step->events == step->at_risk ? 0 : survival * (1 - events / at_risk);
        if (survival > 0)
            greenwood += events / (at_risk * (at_risk - events));
        step->survival = survival;
        set_limits(step, greenwood);
        out->events += step->events;
    }
    find_median(out);
    return BASE_OK;
}

void exchange_survival_release(struct exchange_survival *survival)
{
    free(survival->steps);
    *survival = EXCHANGE_SURVIVAL_EMPTY;
}

const struct exchange_survival_step *exchange_survival_at(const struct exchange_survival *survival, int64_t time_ms)
{
    const struct exchange_survival_step *found = NULL;
    for (size_t i = 0; i < survival->step_count && survival->steps[i].time_ms <= time_ms; i++)
        found = &survival->steps[i];
    return found;
}
