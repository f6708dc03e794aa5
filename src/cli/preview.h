/* SPDX-License-Identifier: Apache-2.0
 *
 * What an import would change, without changing it: hashes of what a source holds now, compared with what the list says.
 * Forty bytes and the key for each record, in memory, and only with --dry-run.
 */
#ifndef CLI_PREVIEW_H
#define CLI_PREVIEW_H

#include "crypto/hash.h"
#include "store/records.h"

struct cli_preview_item {
    char *key;
    struct crypto_hash content;
    bool is_withdrawn, is_seen;
};

struct cli_preview {
    struct cli_preview_item *items; /* sorted by key */
    size_t count, capacity;
    struct store_import_counts counts;
};

#define CLI_PREVIEW_EMPTY ((struct cli_preview){0})

/* Takes in what the source holds now. BASE_E_NOMEM and the store's errors. */
enum base_code cli_preview_load(struct cli_preview *preview, struct store *store, const char *source) BASE_MUST_USE;
/* One merged record of the list. */
enum base_code cli_preview_see(struct cli_preview *preview, struct base_bytes key, struct base_bytes content) BASE_MUST_USE;
void cli_preview_counts(const struct cli_preview *preview, struct store_import_counts *out);
void cli_preview_release(struct cli_preview *preview);

#endif
