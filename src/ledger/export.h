/* SPDX-License-Identifier: Apache-2.0
 *
 * A ledger as a folder of files (C2SP tlog-tiles): tiles of hashes and bundles of entries, for anybody's verifier. This
 * file only names the files and fills them; the caller writes them, and `checkpoint` and `keys` beside them. Rules in
 * doc/spec/ledger.md, section 5.
 */
#ifndef LEDGER_EXPORT_H
#define LEDGER_EXPORT_H

#include "ledger/tree.h"

enum {
    LEDGER_PATH_MAX = 64,      /* bytes of a path, with its NUL */
    LEDGER_ENTRY_MAX = 0xffff, /* bytes of an entry: its length is a u16 in a bundle */
};

/* "tile/<level>/<index>" for width 256, with ".p/<width>" for 1 to 255: "tile/0/x001/x234/067.p/8". Relative, no "..".
 * BASE_E_ARGUMENT for another width or a level over 63. */
enum base_code ledger_tile_path(unsigned level, uint64_t index, unsigned width, char out[LEDGER_PATH_MAX]) BASE_MUST_USE;
/* "tile/entries/<index>", the same way. */
enum base_code ledger_entries_path(uint64_t index, unsigned width, char out[LEDGER_PATH_MAX]) BASE_MUST_USE;

/* Appends entry `index` to out. */
struct ledger_entries {
    void *context;
    enum base_code (*read)(void *context, uint64_t index, struct base_buffer *out);
};
/* Takes one file of the export; path and content are borrowed for the call. */
struct ledger_files {
    void *context;
    enum base_code (*write)(void *context, const char *path, struct base_bytes content);
};

/* Hands every tile and every bundle of the tree of `size` leaves to `files`, tiles first by level and index. Nothing for size
 * 0. BASE_E_CORRUPT when an entry does not hash to its leaf or a tile is not there, BASE_E_LIMIT for an entry over
 * LEDGER_ENTRY_MAX, BASE_E_RANGE for the size; the callbacks' errors are handed on. */
enum base_code ledger_export(const struct ledger_tiles *tiles, uint64_t size, const struct ledger_entries *entries,
                             const struct ledger_files *files) BASE_MUST_USE;

/* A bundle: for each entry u16 big-endian length ‖ entry. Writing appends (BASE_E_LIMIT); reading gives a view into the bundle,
 * BASE_E_TRUNCATED when it stops early. A bundle is read to its end when cursor->left is 0. */
enum base_code ledger_bundle_put(struct base_buffer *out, struct base_bytes entry) BASE_MUST_USE;
enum base_code ledger_bundle_next(struct base_cursor *bundle, struct base_bytes *entry) BASE_MUST_USE;

#endif
