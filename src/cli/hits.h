/* SPDX-License-Identifier: Apache-2.0
 *
 * The hits of one match, one line a person: the strongest key that met stands for the person, with how many more there were.
 * For two homes on one machine, the same joined by reference, which is equal on both sides and means nothing elsewhere.
 */
#ifndef CLI_HITS_H
#define CLI_HITS_H

#include "cli/home.h"
#include "store/matches.h"

struct cli_hit {
    int64_t record, other; /* other: the record in the other home; 0 when not joined */
    char *name, *other_name;
    char *rule, *grade, *reason;
    uint8_t reference[16];
    size_t more; /* weaker keys of the same pair that met too */
};

struct cli_hits {
    struct cli_hit *items;
    size_t count, capacity;
};

#define CLI_HITS_EMPTY ((struct cli_hits){0})

/* Every hit of the session; then cli_hits_join() or not; then cli_hits_group() for one line a pair, strongest first. */
enum base_code cli_hits_load(struct cli_hits *hits, struct store *store, const uint8_t session[STORE_ID_LEN]) BASE_MUST_USE;
enum base_code cli_hits_join(struct cli_hits *hits, struct store *other, const uint8_t session[STORE_ID_LEN]) BASE_MUST_USE;
void cli_hits_group(struct cli_hits *hits);
void cli_hits_release(struct cli_hits *hits);

#endif
