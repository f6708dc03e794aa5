/* SPDX-License-Identifier: Apache-2.0
 *
 * What the screening index is made of when a node starts: a block of bytes for each record and event that is screened, which means
 * nothing here (people_packed_write() makes it). Written in the transaction that screens what it is of, so that there is
 * never a record that was screened and has none; all of it can be made anew from records and events at any time.
 *
 * A record stands under its number, an event under minus its own.
 */
#ifndef STORE_PROFILES_H
#define STORE_PROFILES_H

#include "store/store.h"

/* Adds or replaces. */
enum base_code store_profile_put(struct store *store, int64_t number, struct base_bytes block) BASE_MUST_USE;
enum base_code store_profile_remove(struct store *store, int64_t number) BASE_MUST_USE; /* nothing when it is not there */
typedef enum base_code store_profile_visit(void *context, int64_t number, struct base_bytes block);
enum base_code store_profile_get(struct store *store, int64_t number, store_profile_visit *visit, void *context) BASE_MUST_USE; /* BASE_E_NOT_FOUND */
/* Ascending numbers. */
enum base_code store_profiles_each(struct store *store, store_profile_visit *visit, void *context) BASE_MUST_USE;
enum base_code store_profiles_count(struct store *store, uint64_t *count) BASE_MUST_USE;
/* Removes all: before they are made anew. */
enum base_code store_profiles_clear(struct store *store) BASE_MUST_USE;

#endif
