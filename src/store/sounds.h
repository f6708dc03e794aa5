/* SPDX-License-Identifier: Apache-2.0
 *
 * Which records have which sounds: the index that screening asks. A sound is a number that means nothing here
 * (people_index_sounds() makes them); the table follows from the records and can be made anew from them at any time.
 *
 *     store_begin(store)
 *     store_records_changed_each(store, changed_ms, id, ...) -> store_sounds_batch_add(&batch, record->id, sounds, count)
 *     store_sounds_batch_write(&batch, store), store_commit(store)
 *     store_sounds_find(store, asked, count, 1, 1000, visit, context, &found)
 *
 * store_records_changed_each() is in src/store/records.h.
 */
#ifndef STORE_SOUNDS_H
#define STORE_SOUNDS_H

#include "store/records.h"

/* Rows that one search may meet: 8 bytes each while it lasts. */
enum { STORE_SOUNDS_ROWS_MAX = 1 << 22 };

/* Replaces the sounds of a record; none of them twice. With count 0 it has none. */
enum base_code store_sounds_put(struct store *store, int64_t record, const int64_t *sounds, size_t count) BASE_MUST_USE;

/* The same for many records, many times faster: collected in memory, and written in the order of the table. 16 bytes a sound
 * and 8 a record. Caller storage, begun as STORE_SOUNDS_BATCH_EMPTY. Each record at most once before it is written.
 *
 *     store_sounds_batch_add(&batch, record, sounds, count) ...
 *     if (batch.count >= ...) store_sounds_batch_write(&batch, store)      -- in the transaction that is open, or its own
 *     store_sounds_batch_release(&batch)
 */
struct store_sound {
    int64_t sound, record;
};
struct store_sounds_batch {
    struct store_sound *sounds;
    size_t count, capacity;
    int64_t *records;
    size_t record_count, record_capacity;
};
#define STORE_SOUNDS_BATCH_EMPTY ((struct store_sounds_batch){0})
enum base_code store_sounds_batch_add(struct store_sounds_batch *batch, int64_t record, const int64_t *sounds, size_t count) BASE_MUST_USE;
/* Empties the batch, unless it fails. */
enum base_code store_sounds_batch_write(struct store_sounds_batch *batch, struct store *store) BASE_MUST_USE;
void store_sounds_batch_release(struct store_sounds_batch *batch); /* leaves it empty */

typedef enum base_code store_sounds_visit(void *context, const struct store_record *record, size_t shared);
/* Visits the current records that have at least `least` (1 or more) of the given sounds (each once), those with the most first, then by
 * id, and at most `limit` of them. *found counts all of them, withdrawn ones included, so that the caller sees whether the
 * limit cut. BASE_E_LIMIT over STORE_SOUNDS_ROWS_MAX. */
enum base_code store_sounds_find(struct store *store, const int64_t *sounds, size_t count, size_t least, size_t limit,
                                 store_sounds_visit *visit, void *context, size_t *found) BASE_MUST_USE;

/* Rows of the table. */
enum base_code store_sounds_count(struct store *store, uint64_t *count) BASE_MUST_USE;
/* Empties the table: before it is made anew. */
enum base_code store_sounds_clear(struct store *store) BASE_MUST_USE;

#endif
