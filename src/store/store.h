/* SPDX-License-Identifier: Apache-2.0
 *
 * The one database of a node: a SQLite file in WAL mode with synchronous=FULL, so that what a committed transaction wrote
 * survives a kill and a power cut. This layer knows rows and bytes; it does not know what a person or a statement is.
 *
 *     store_open(path, STORE_OPEN, &store)
 *     store_begin(store) ... writes ... store_commit(store)      -- or store_rollback(store)
 *     store_close(store)
 *
 * A write outside a transaction is a transaction of its own. Several processes may have the same store open; a writer waits
 * up to five seconds for another, then fails with BASE_E_BUSY. A full disk is BASE_E_DISK_FULL and leaves the store as it
 * was. The page cache holds at most 16 MiB, whatever is written. A `struct store` belongs to one thread at a time.
 *
 * Views handed to a callback are borrowed for that call. A callback's error stops the walk and is returned from it; a
 * callback may read the store and may write rows other than those it walks over.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/bytes.h"

struct store;

/* A write through STORE_READ is BASE_E_DATABASE. */
enum store_mode { STORE_CREATE, STORE_OPEN, STORE_READ };

/* STORE_CREATE: BASE_E_EXISTS when the file is there. STORE_OPEN, STORE_READ: BASE_E_NOT_FOUND when it is not, BASE_E_CORRUPT
 * when it is not a database of this program, BASE_E_VERSION when a newer program made it. Older ones are brought up to date. */
enum base_code store_open(const char *path, enum store_mode mode, struct store **out) BASE_MUST_USE;
void store_close(struct store *store); /* rolls back an open transaction; NULL is fine */

enum base_code store_begin(struct store *store) BASE_MUST_USE; /* BASE_E_STATE inside a transaction, BASE_E_BUSY */
/* Until store_rollback(), every read sees the store as it is at the first of them, whatever is written meanwhile. Also with
 * STORE_READ. BASE_E_STATE inside a transaction. */
enum base_code store_begin_reading(struct store *store) BASE_MUST_USE;
enum base_code store_commit(struct store *store) BASE_MUST_USE; /* BASE_E_STATE outside one; a failure rolls back */
void store_rollback(struct store *store); /* nothing outside a transaction */
/* Inside a transaction: a point to which what follows can be taken back. Points do not nest. */
enum base_code store_mark(struct store *store) BASE_MUST_USE;
enum base_code store_mark_keep(struct store *store) BASE_MUST_USE;
enum base_code store_mark_undo(struct store *store) BASE_MUST_USE;
bool store_is_in_transaction(const struct store *store);
/* Another number after every row that was changed through this handle, also when it was taken back; the same one as long as none was. */
uint64_t store_changes(struct store *store);
/* How often something that was written was taken back: who keeps in memory what it wrote looks again when this has changed. */
uint64_t store_undone(const struct store *store);

/* Writes the journal into the file and empties it, so that what was erased is in neither. Outside a transaction. *is_empty is false
 * when somebody reads or writes just now: then nothing waits, and it can be tried later. */
enum base_code store_journal_empty(struct store *store, bool *is_empty) BASE_MUST_USE;

/* A number that is another one after every change of the store, whoever made it. */
enum base_code store_version(struct store *store, uint64_t *out) BASE_MUST_USE;

/* Small settings by name. BASE_E_NOT_FOUND. Appends to out. */
enum base_code store_setting_get(struct store *store, const char *name, struct base_buffer *out) BASE_MUST_USE;
enum base_code store_setting_put(struct store *store, const char *name, struct base_bytes value) BASE_MUST_USE;

/* Reads every page and checks it (PRAGMA integrity_check, foreign keys). BASE_E_CORRUPT. */
enum base_code store_check(struct store *store) BASE_MUST_USE;

#endif
