/* SPDX-License-Identifier: Apache-2.0 */
#include "vpsi/items.h"

#include "base/parallel.h"
#include "crypto/secret.h"
#include "okvs/okvs.h"

enum { HASH_CHUNK = 4096, GATHER_AHEAD = 12 };

static void prefix_init(struct crypto_running *running, const char *domain, const uint8_t salt[VPSI_SALT_LEN])
{
    uint8_t prefix[VPSI_PREFIX_LEN] = {0};
    memcpy(prefix, domain, strlen(domain));
    memcpy(prefix + VPSI_PREFIX_LEN - VPSI_SALT_LEN, salt, VPSI_SALT_LEN);
    crypto_running_init(running);
    crypto_running_update(running, base_bytes_of(prefix, sizeof prefix));
    crypto_wipe(prefix, sizeof prefix);
}

void vpsi_hashes_init(struct vpsi_hashes *hashes, const uint8_t salt[VPSI_SALT_LEN])
{
    prefix_init(&hashes->item, "entente/vpsi/item/v1", salt);
    prefix_init(&hashes->mask, "entente/vpsi/mask/v1", salt);
}

static void item_hash(const struct vpsi_hashes *hashes, const uint8_t *item, size_t len, struct block out[2])
{
    struct crypto_running running = hashes->item;
    struct crypto_hash hash;
    crypto_running_update(&running, base_bytes_of(item, len));
    crypto_running_final(&running, &hash);
    out[0] = block_load(hash.bytes);
    out[1] = block_load(hash.bytes + 16);
}

uint32_t vpsi_item_pass(const struct vpsi_hashes *hashes, const uint8_t *item, size_t item_len, unsigned bits)
{
    struct block pair[2];
    item_hash(hashes, item, item_len, pair);
    return bits == 0 ? 0 : (uint32_t)(pair[1].word[1] >> (64 - bits));
}

struct set_job {
    const struct vpsi_hashes *hashes;
    const uint8_t *items;
    size_t item_len;
    const uint32_t *order;
    const struct vpsi_scratch *scratch;
    struct vpsi_set *set;
};

static enum base_code hash_items(void *context, size_t begin, size_t end)
{
    const struct set_job *job = context;
    for (size_t i = begin; i < end; i++) {
        const size_t number = job->order == NULL ? i : job->order[i];
        struct block *pair = &job->scratch->pairs[2 * i];
        item_hash(job->hashes, job->items + number * job->item_len, job->item_len, pair);
        job->scratch->places[i] = (struct vpsi_place){.key = okvs_key_order(pair[0]), .index = (uint32_t)i};
    }
    return BASE_OK;
}

static enum base_code gather_items(void *context, size_t begin, size_t end)
{
    const struct set_job *job = context;
    const struct vpsi_place *sorted = job->scratch->sorted;
    for (size_t i = begin; i < end; i++) {
        if (i + GATHER_AHEAD < end)
            __builtin_prefetch(&job->scratch->pairs[2 * (size_t)sorted[i + GATHER_AHEAD].index]);
        const size_t from = sorted[i].index;
        job->set->keys[i] = job->scratch->pairs[2 * from];
        job->set->values[i] = job->scratch->pairs[2 * from + 1];
        job->set->index[i] = job->order == NULL ? (uint32_t)from : job->order[from];
    }
    return BASE_OK;
}

/* By all 32 bytes, as numbers. Hashes of items: in sorted order they are no secret to their owner. */
static int compare_entries(const struct vpsi_set *set, size_t a, size_t b)
{
    const uint64_t left[4] = {set->keys[a].word[0], set->keys[a].word[1], set->values[a].word[0], set->values[a].word[1]};
    const uint64_t right[4] = {set->keys[b].word[0], set->keys[b].word[1], set->values[b].word[0], set->values[b].word[1]};
    for (size_t i = 0; i < 4; i++)
        if (left[i] != right[i])
            return left[i] < right[i] ? -1 : 1;
    return 0;
}

static void swap_entries(struct vpsi_set *set, size_t a, size_t b)
{
    const struct block key = set->keys[a], value = set->values[a];
    const uint32_t index = set->index[a];
    set->keys[a] = set->keys[b];
    set->values[a] = set->values[b];
    set->index[a] = set->index[b];
    set->keys[b] = key;
    set->values[b] = value;
    set->index[b] = index;
}

/* Different items share 64 bits once in a blue moon: where they do, equal items are brought together. */
static void order_ties(struct vpsi_set *set)
{
    for (size_t i = 1; i < set->count; i++)
        for (size_t at = i; at > 0 && set->keys[at - 1].word[0] == set->keys[at].word[0] &&
                            compare_entries(set, at - 1, at) > 0;
             at--)
            swap_entries(set, at - 1, at);
}

enum base_code vpsi_set_make(const struct vpsi_hashes *hashes, const uint8_t *items, size_t item_len, const uint32_t *order,
                             size_t count, unsigned threads, const struct vpsi_scratch *scratch, struct vpsi_set *set)
{
    struct set_job job = {hashes, items, item_len, order, scratch, set};
    set->count = count;
    BASE_TRY(base_parallel_for(threads, count, HASH_CHUNK, hash_items, &job));
    BASE_TRY(vpsi_sort(scratch->places, scratch->sorted, count, threads));
    BASE_TRY(base_parallel_for(threads, count, HASH_CHUNK, gather_items, &job));
    order_ties(set);
    return BASE_OK;
}

bool vpsi_set_repeats(const struct vpsi_set *set, size_t at)
{
    return at > 0 && set->keys[at - 1].word[0] == set->keys[at].word[0] && compare_entries(set, at - 1, at) == 0;
}

void vpsi_entry_hash(const struct vpsi_hashes *hashes, struct block decoded, const struct vpsi_set *set, size_t at, unsigned use,
                     struct crypto_hash *out)
{
    struct crypto_running running = hashes->mask;
    uint8_t input[3 * sizeof(struct block) + 1];
    block_store(decoded, input);
    block_store(set->keys[at], input + 16);
    block_store(set->values[at], input + 32);
    input[48] = (uint8_t)use;
    crypto_running_update(&running, base_bytes_of(input, sizeof input));
    crypto_running_final(&running, out);
}

struct mask_job {
    const struct vpsi_hashes *hashes;
    const struct block *decoded;
    const struct vpsi_set *set;
    struct block *masks;
    struct vpsi_place *places;
};

static enum base_code hash_entries(void *context, size_t begin, size_t end)
{
    const struct mask_job *job = context;
    for (size_t i = begin; i < end; i++) {
        struct crypto_hash hash;
        vpsi_entry_hash(job->hashes, job->decoded[i], job->set, i, VPSI_USE_MASK, &hash);
        job->masks[i] = block_load(hash.bytes);
        job->places[i] = (struct vpsi_place){.key = job->masks[i].word[0], .index = (uint32_t)i};
    }
    return BASE_OK;
}

enum base_code vpsi_masks_make(const struct vpsi_hashes *hashes, const struct block *decoded, const struct vpsi_set *set,
                               unsigned threads, struct block *masks, struct vpsi_place *places)
{
    struct mask_job job = {hashes, decoded, set, masks, places};
    return base_parallel_for(threads, set->count, HASH_CHUNK, hash_entries, &job);
}

void vpsi_pad(const struct vpsi_hashes *hashes, struct block decoded, const struct vpsi_set *set, size_t at, enum vpsi_use use,
              const uint8_t *in, uint8_t *out, size_t len)
{
    struct crypto_hash pad;
    for (size_t i = 0; i < len; i++) {
        if (i % sizeof pad.bytes == 0)
            vpsi_entry_hash(hashes, decoded, set, at, (unsigned)use + (unsigned)(i / sizeof pad.bytes), &pad);
        out[i] = in[i] ^ pad.bytes[i % sizeof pad.bytes];
    }
    crypto_wipe(&pad, sizeof pad);
}
