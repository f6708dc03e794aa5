/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/preview.h"

#include <stdlib.h>
#include <string.h>

static enum base_code take(void *context, const struct store_record *record)
{
    struct cli_preview *preview = context;
    BASE_TRY(base_grow_array((void **)&preview->items, &preview->capacity, preview->count + 1, sizeof *preview->items));
    struct cli_preview_item *item = &preview->items[preview->count];
    *item = (struct cli_preview_item){.key = base_bytes_dup(record->key), .is_withdrawn = record->withdrawn_ms != 0};
    if (item->key == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for the dry run");
    crypto_sha256(&record->content, 1, &item->content);
    preview->counts.current_before += item->is_withdrawn ? 0 : 1;
    preview->count++;
    return BASE_OK;
}

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct cli_preview_item *)a)->key, ((const struct cli_preview_item *)b)->key);
}

static enum base_code has_source(void *context, const struct store_source *source)
{
    const char **label = context;
    if (*label != NULL && strcmp(source->label, *label) == 0)
        *label = NULL;
    return BASE_OK;
}

enum base_code cli_preview_load(struct cli_preview *preview, struct store *store, const char *source)
{
    const char *wanted = source;
    BASE_TRY(store_sources_each(store, has_source, &wanted));
    if (wanted != NULL)
        return BASE_OK; /* a new source */
    BASE_TRY(store_records_each(store, source, true, take, preview));
    if (preview->count > 1)
        qsort(preview->items, preview->count, sizeof *preview->items, compare);
    return BASE_OK;
}

enum base_code cli_preview_see(struct cli_preview *preview, struct base_bytes key, struct base_bytes content)
{
    struct cli_preview_item wanted = {.key = base_bytes_dup(key)}, *item = NULL;
    struct crypto_hash hash;
    if (wanted.key == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for the dry run");
    if (preview->count > 0)
        item = bsearch(&wanted, preview->items, preview->count, sizeof *preview->items, compare);
    free(wanted.key);
    crypto_sha256(&content, 1, &hash);
    if (item == NULL)
        preview->counts.added++;
    else if (item->is_withdrawn)
        preview->counts.restored++;
    else if (crypto_hash_equal(&hash, &item->content))
        preview->counts.unchanged++;
    else
        preview->counts.changed++;
    if (item != NULL)
        item->is_seen = true;
    return BASE_OK;
}

void cli_preview_counts(const struct cli_preview *preview, struct store_import_counts *out)
{
    *out = preview->counts;
    for (size_t i = 0; i < preview->count; i++)
        if (!preview->items[i].is_seen && !preview->items[i].is_withdrawn)
            out->withdrawn++;
}

void cli_preview_release(struct cli_preview *preview)
{
    for (size_t i = 0; i < preview->count; i++)
        free(preview->items[i].key);
    free(preview->items);
    *preview = CLI_PREVIEW_EMPTY;
}
