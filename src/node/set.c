/* SPDX-License-Identifier: Apache-2.0 */
#include "node/set.h"

#include "base/parallel.h"
#include "crypto/secret.h"
#include "exchange/terms.h"
#include "node/party.h"
#include "store/records.h"

#include <stdlib.h>
#include <string.h>

enum { BATCH = 1024, CHUNK = 32 }; /* records under way, and records a thread takes at a time */

/* Records are read one after the other and their keys made by all threads, a batch at a time. */
struct building {
    struct node_set *set;
    const struct people_rules *rules;
    unsigned threads;
    struct waiting {
        int64_t id;
        struct base_buffer content;
        struct people_keys keys;
    } *batch; /* BATCH of them */
    size_t count;
};

static enum base_code take_keys(struct node_set *set, int64_t record, const struct people_keys *keys)
{
    if (set->entry_count + keys->count > EXCHANGE_KEYS_MAX)
        return base_fail(BASE_E_LIMIT, "the list makes more than %d match keys", EXCHANGE_KEYS_MAX);
    BASE_TRY(base_grow_array((void **)&set->entries, &set->entry_capacity, set->entry_count + keys->count,
                             sizeof *set->entries));
    for (size_t i = 0; i < keys->count; i++)
        set->entries[set->entry_count++] = (struct node_set_entry){keys->items[i].token, record, keys->items[i].rule};
    return BASE_OK;
}

static enum base_code make_keys(void *context, size_t begin, size_t end)
{
    struct building *building = context;
    for (size_t i = begin; i < end; i++) {
        struct waiting *waiting = &building->batch[i];
        struct people_record record = PEOPLE_RECORD_EMPTY;
        enum base_code code = people_record_decode(base_bytes_buffer(&waiting->content), &record);
        if (code == BASE_OK)
            code = people_keys_make(building->rules, &record, &waiting->keys);
        people_record_release(&record);
        BASE_TRY(code);
    }
    return BASE_OK;
}

static enum base_code finish_batch(struct building *building)
{
    BASE_TRY(base_parallel_for(building->threads, building->count, CHUNK, make_keys, building));
    for (size_t i = 0; i < building->count; i++)
        BASE_TRY(take_keys(building->set, building->batch[i].id, &building->batch[i].keys));
    building->set->records += building->count;
    building->count = 0;
    return BASE_OK;
}

static enum base_code add_record(void *context, const struct store_record *row)
{
    struct building *building = context;
    struct waiting *waiting = &building->batch[building->count];
    waiting->id = row->id;
    base_buffer_clear(&waiting->content);
    BASE_TRY(base_buffer_append(&waiting->content, row->content));
    building->count++;
    return building->count == BATCH ? finish_batch(building) : BASE_OK;
}

static enum base_code add_records(const char *home, const char *source, struct building *building)
{
    struct store *store = NULL;
    building->batch = base_alloc_array(BATCH, sizeof *building->batch);
    if (building->batch == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for a batch of records");
    enum base_code code = node_store_open(home, false, &store);
    if (code == BASE_OK)
        code = store_records_each(store, source, false, add_record, building);
    if (code == BASE_OK)
        code = finish_batch(building);
    store_close(store);
    for (size_t i = 0; i < BATCH; i++) {
        base_buffer_release(&building->batch[i].content);
        people_keys_release(&building->batch[i].keys);
    }
    free(building->batch);
    return code;
}

static int compare_entries(const void *a, const void *b)
{
    const struct node_set_entry *x = a, *y = b;
    int order = memcmp(x->token.bytes, y->token.bytes, sizeof x->token.bytes);
    return order != 0 ? order : (x->record > y->record) - (x->record < y->record);
}

static enum base_code sort_tokens(struct node_set *set)
{
    if (set->entry_count > 0)
        qsort(set->entries, set->entry_count, sizeof *set->entries, compare_entries);
    set->tokens = base_alloc_array(set->entry_count, sizeof *set->tokens);
    if (set->tokens == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for %zu tokens", set->entry_count);
    for (size_t i = 0; i < set->entry_count; i++)
        if (i == 0 || memcmp(&set->entries[i].token, &set->entries[i - 1].token, sizeof set->entries[i].token) != 0)
            set->tokens[set->token_count++] = set->entries[i].token;
    return BASE_OK;
}

static enum base_code commit(struct node_set *set, const struct base_random *random)
{
    BASE_TRY(base_random_fill(random, set->salt, sizeof set->salt));
    struct base_bytes parts[] = {base_bytes_of(set->salt, sizeof set->salt),
                                 base_bytes_of(set->tokens, set->token_count * sizeof *set->tokens)};
    crypto_hash_domain("entente/node/set/v1", parts, 2, &set->commitment);
    return BASE_OK;
}

enum base_code node_set_build(const char *home, const char *source, const struct people_rules *rules, unsigned threads,
                              const struct base_random *random, struct node_set **out)
{
    struct node_set *set = calloc(1, sizeof *set);
    struct building building = {.set = set, .rules = rules, .threads = threads};
    if (set == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for a set");
    enum base_code code = add_records(home, source, &building);
    if (code == BASE_OK)
        code = sort_tokens(set);
    if (code == BASE_OK)
        code = commit(set, random);
    if (code != BASE_OK)
        node_set_free(set);
    else
        *out = set;
    return code;
}

void node_set_free(struct node_set *set)
{
    if (set == NULL)
        return;
    if (set->entry_count > 0)
        crypto_wipe(set->entries, set->entry_count * sizeof *set->entries);
    if (set->token_count > 0) /* made from names, which can be guessed */
        crypto_wipe(set->tokens, set->token_count * sizeof *set->tokens);
    free(set->entries);
    free(set->tokens);
    crypto_wipe(set->salt, sizeof set->salt);
    free(set);
}

void node_set_entries_of(const struct node_set *set, size_t index, size_t *begin, size_t *end)
{
    const struct crypto_hash *token = &set->tokens[index];
    size_t low = 0, high = set->entry_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(&set->entries[middle].token, token, sizeof *token) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *begin = low;
    while (low < set->entry_count && memcmp(&set->entries[low].token, token, sizeof *token) == 0)
        low++;
    *end = low;
}
