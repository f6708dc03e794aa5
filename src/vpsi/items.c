/* SPDX-License-Identifier: Apache-2.0 */
#include "vpsi/items.h"

#include "base/parallel.h"
#include "crypto/secret.h"
#include "okvs/okvs.h"
#include "vpsi/vpsi.h"

enum { HASH_CHUNK = 4096, HASH_BATCH = 64, GATHER_AHEAD = 12, ENTRY_LEN = 3 * sizeof(struct block) + 1 };

static void prefix_init(struct block_sha *start, const char *domain, const uint8_t salt[VPSI_SALT_LEN])
{
    uint8_t prefix[VPSI_PREFIX_LEN] = {0};
    memcpy(prefix, domain, strlen(domain));
    memcpy(prefix + VPSI_PREFIX_LEN - VPSI_SALT_LEN, salt, VPSI_SALT_LEN);
    block_sha_init(start);
    block_sha_compress(start, prefix, 1);
    crypto_wipe(prefix, sizeof prefix);
}

void vpsi_hashes_init(struct vpsi_hashes *hashes, const uint8_t salt[VPSI_SALT_LEN])
{
    prefix_init(&hashes->item, "entente/vpsi/item/v1", salt);
    prefix_init(&hashes->mask, "entente/vpsi/mask/v1", salt);
}

uint32_t vpsi_item_pass(const struct vpsi_hashes *hashes, const uint8_t *item, size_t item_len, unsigned bits)
{
    struct crypto_hash hash;
    block_sha_finish(&hashes->item, VPSI_PREFIX_LEN, item, item_len, item_len, 1, &hash);
    return bits == 0 ? 0 : (uint32_t)(block_load(hash.bytes + 16).word[1] >> (64 - bits));
}

struct set_job {
    const struct vpsi_hashes *hashes;
    const uint8_t *items;
    size_t item_len;
    const uint32_t *order;
    const struct vpsi_scratch *scratch;
    struct vpsi_set *set;
};

/* The 32 bytes of a hash are the pair of blocks of its item. */
static void hash_batch(const struct set_job *job, size_t first, size_t count)
{
    struct crypto_hash *out = (struct crypto_hash *)(void *)&job->scratch->pairs[2 * first];
    uint8_t gathered[HASH_BATCH * VPSI_ITEM_MAX];
    const uint8_t *items = job->items + first * job->item_len;
    if (job->order != NULL) {
        for (size_t i = 0; i < count; i++)
            memcpy(gathered + i * job->item_len, job->items + job->order[first + i] * job->item_len, job->item_len);
        items = gathered;
    }
    block_sha_finish(&job->hashes->item, VPSI_PREFIX_LEN, items, job->item_len, job->item_len, count, out);
}

static enum base_code hash_items(void *context, size_t begin, size_t end)
{
    const struct set_job *job = context;
    for (size_t at = begin; at < end; at += HASH_BATCH)
        hash_batch(job, at, end - at < HASH_BATCH ? end - at : HASH_BATCH);
    for (size_t i = begin; i < end; i++)
        job->scratch->places[i] = (struct vpsi_place){.key = okvs_key_order(job->scratch->pairs[2 * i]), .index = (uint32_t)i};
    return BASE_OK;
}
_Static_assert(sizeof(struct crypto_hash) == 2 * sizeof(struct block), "a hash is a pair");

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

static void entry_tail(struct block decoded, const struct vpsi_set *set, size_t at, unsigned use, uint8_t out[ENTRY_LEN])
{
    block_store(decoded, out);
    block_store(set->keys[at], out + 16);
    block_store(set->values[at], out + 32);
    out[48] = (uint8_t)use;
}

void vpsi_entry_hash(const struct vpsi_hashes *hashes, struct block decoded, const struct vpsi_set *set, size_t at, unsigned use,
                     struct crypto_hash *out)
{
    uint8_t tail[ENTRY_LEN];
    entry_tail(decoded, set, at, use, tail);
    block_sha_finish(&hashes->mask, VPSI_PREFIX_LEN, tail, ENTRY_LEN, ENTRY_LEN, 1, out);
}

struct mask_job {
    const struct vpsi_hashes *hashes;
    const struct block *decoded;
    const struct vpsi_set *set;
    struct block *masks;
    struct vpsi_place *places;
};

static void hash_entry_batch(const struct mask_job *job, size_t first, size_t count)
{
    uint8_t tails[HASH_BATCH][ENTRY_LEN];
    struct crypto_hash hashes[HASH_BATCH];
    for (size_t i = 0; i < count; i++)
        entry_tail(job->decoded[first + i], job->set, first + i, VPSI_USE_MASK, tails[i]);
    block_sha_finish(&job->hashes->mask, VPSI_PREFIX_LEN, tails[0], ENTRY_LEN, ENTRY_LEN, count, hashes);
    for (size_t i = 0; i < count; i++) {
        const struct block mask = block_load(hashes[i].bytes);
        job->masks[first + i] = mask;
        job->places[first + i] = (struct vpsi_place){.key = mask.word[0], .index = (uint32_t)(first + i)};
    }
}

static enum base_code hash_entries(void *context, size_t begin, size_t end)
{
    for (size_t at = begin; at < end; at += HASH_BATCH)
        hash_entry_batch(context, at, end - at < HASH_BATCH ? end - at : HASH_BATCH);
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
