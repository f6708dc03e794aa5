/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/hits.h"

#include <stdlib.h>
#include <string.h>

static int grade_rank(const char *grade)
{
    static const char *const grades[] = {"exact", "strong", "possible"};
    for (int i = 0; i < 3; i++)
        if (strcmp(grade, grades[i]) == 0)
            return i;
    return 3;
}

static enum base_code take(void *context, const struct store_hit *hit)
{
    struct cli_hits *hits = context;
    BASE_TRY(base_grow_array((void **)&hits->items, &hits->capacity, hits->count + 1, sizeof *hits->items));
    struct cli_hit *item = &hits->items[hits->count++];
    *item = (struct cli_hit){.record = hit->record,
                             .rule = cli_copy(hit->rule),
                             .grade = cli_copy(hit->grade),
                             .reason = cli_copy(hit->reason)};
    memcpy(item->reference, hit->reference, sizeof item->reference);
    return BASE_OK;
}

enum base_code cli_hits_load(struct cli_hits *hits, struct store *store, const uint8_t session[STORE_ID_LEN])
{
    BASE_TRY(store_hits_each(store, session, take, hits));
    for (size_t i = 0; i < hits->count; i++)
        BASE_TRY(cli_record_name(store, hits->items[i].record, &hits->items[i].name));
    return BASE_OK;
}

static int by_reference(const void *a, const void *b)
{
    return memcmp(((const struct cli_hit *)a)->reference, ((const struct cli_hit *)b)->reference, 16);
}

/* A token that several of the other's records hold gives several pairs. */
enum base_code cli_hits_join(struct cli_hits *hits, struct store *other, const uint8_t session[STORE_ID_LEN])
{
    struct cli_hits theirs = CLI_HITS_EMPTY, joined = CLI_HITS_EMPTY;
    enum base_code code = cli_hits_load(&theirs, other, session);
    if (theirs.count > 1)
        qsort(theirs.items, theirs.count, sizeof *theirs.items, by_reference);
    for (size_t i = 0; code == BASE_OK && i < hits->count; i++) {
        const struct cli_hit *own = &hits->items[i];
        for (size_t j = 0; code == BASE_OK && j < theirs.count; j++) {
            const struct cli_hit *their = &theirs.items[j];
            if (by_reference(own, their) != 0)
                continue;
            code = base_grow_array((void **)&joined.items, &joined.capacity, joined.count + 1, sizeof *joined.items);
            if (code != BASE_OK)
                break;
            struct cli_hit *pair = &joined.items[joined.count++];
            *pair = (struct cli_hit){.record = own->record,
                                     .other = their->record,
                                     .name = cli_copy(own->name),
                                     .other_name = cli_copy(their->name),
                                     .rule = cli_copy(own->rule),
                                     .grade = cli_copy(own->grade),
                                     .reason = cli_copy(own->reason)};
            memcpy(pair->reference, own->reference, sizeof pair->reference);
        }
    }
    cli_hits_release(&theirs);
    if (code != BASE_OK) {
        cli_hits_release(&joined);
        return code;
    }
    cli_hits_release(hits);
    *hits = joined;
    return BASE_OK;
}

static int by_pair(const void *a, const void *b)
{
    const struct cli_hit *left = a, *right = b;
    if (left->record != right->record)
        return left->record < right->record ? -1 : 1;
    if (left->other != right->other)
        return left->other < right->other ? -1 : 1;
    return grade_rank(left->grade) - grade_rank(right->grade);
}

static int by_grade(const void *a, const void *b)
{
    const struct cli_hit *left = a, *right = b;
    int difference = grade_rank(left->grade) - grade_rank(right->grade);
    return difference != 0 ? difference : by_pair(a, b);
}

static void release_one(struct cli_hit *hit)
{
    free(hit->name);
    free(hit->other_name);
    free(hit->rule);
    free(hit->grade);
    free(hit->reason);
}

void cli_hits_group(struct cli_hits *hits)
{
    size_t kept = 0;
    if (hits->count > 1)
        qsort(hits->items, hits->count, sizeof *hits->items, by_pair);
    for (size_t i = 0; i < hits->count; i++) {
        struct cli_hit *last = kept == 0 ? NULL : &hits->items[kept - 1], *hit = &hits->items[i];
        if (last != NULL && last->record == hit->record && last->other == hit->other) {
            last->more++;
            release_one(hit);
        } else {
            hits->items[kept++] = *hit;
        }
    }
    hits->count = kept;
    if (kept > 1)
        qsort(hits->items, kept, sizeof *hits->items, by_grade);
}

void cli_hits_release(struct cli_hits *hits)
{
    for (size_t i = 0; i < hits->count; i++)
        release_one(&hits->items[i]);
    free(hits->items);
    *hits = CLI_HITS_EMPTY;
}
