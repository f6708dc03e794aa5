/* SPDX-License-Identifier: Apache-2.0
 *
 * How long something takes when part of it has not happened yet. The product-limit estimate of Kaplan and Meier counts what
 * is still open as open for as long as it was watched, so that silence does not make a record look quick:
 *
 *   S(t) = product over the times t_i <= t of (1 - d_i / n_i)       d_i events among the n_i still watched just before t_i
 *   var(S(t)) = S(t)^2 * sum of d_i / (n_i (n_i - d_i))             Greenwood
 *   limits at 95 %: S(t)^exp(-+ z s / ln S(t)), s^2 the sum above   log-log transform; they stay between 0 and 1
 *
 * The limits hold for each time by itself, not for the whole curve at once. The median is the first time at which S is at most
 * one half, its limits the first times at which the lower and the upper limit are. A curve that has come to 0 has no limits there
 * (the transform is not defined); it is below one half all the same.
 *
 * E. L. Kaplan, P. Meier, "Nonparametric Estimation from Incomplete Observations", J. Am. Stat. Assoc. 53 (1958) 457-481.
 * M. Greenwood, "The Natural Duration of Cancer", Reports on Public Health and Medical Subjects 33 (1926), HMSO.
 * J. D. Kalbfleisch, R. L. Prentice, "The Statistical Analysis of Failure Time Data", Wiley 1980, section 1.3 (the transform).
 * R. Brookmeyer, J. Crowley, "A Confidence Interval for the Median Survival Time", Biometrics 38 (1982) 29-41.
 */
#ifndef EXCHANGE_SURVIVAL_H
#define EXCHANGE_SURVIVAL_H

#include "base/bytes.h"

struct exchange_observation {
    int64_t time_ms; /* how long it was watched; not negative */
    bool is_event;   /* it happened then; else nobody knows more than that it took longer */
};

/* One time at which something happened or ceased to be watched. */
struct exchange_survival_step {
    int64_t time_ms;
    uint64_t at_risk;  /* watched just before */
    uint64_t events;   /* 0: a mark on the curve, not a step */
    uint64_t censored; /* counted as watched at this time still */
    double survival;   /* from this time on */
    double error;      /* square root of Greenwood's variance */
    double low, high;  /* where has_limits */
    bool has_limits;   /* not before the first event, and not once the curve is at 0 */
};

struct exchange_survival {
    struct exchange_survival_step *steps; /* ascending; owned */
    size_t step_count;
    uint64_t count, events;
    bool has_median, has_median_low, has_median_high; /* false: not reached */
    int64_t median_ms, median_low_ms, median_high_ms;
};

#define EXCHANGE_SURVIVAL_EMPTY ((struct exchange_survival){NULL, 0, 0, 0, false, false, false, 0, 0, 0})

/* Sorts the observations. Of none there is an estimate without steps. BASE_E_RANGE for a negative time, BASE_E_NOMEM. */
enum base_code exchange_survival_estimate(struct exchange_observation *observations, size_t count,
                                          struct exchange_survival *out) BASE_MUST_USE;
void exchange_survival_release(struct exchange_survival *survival); /* leaves it empty */
/* The newest step at or before a time, or NULL before the first. */
const struct exchange_survival_step *exchange_survival_at(const struct exchange_survival *survival, int64_t time_ms);

#endif
