/* SPDX-License-Identifier: Apache-2.0 */
#include "node/oversight.h"

#include "base/file.h"
#include "crypto/text.h"
#include "ledger/export.h"
#include "node/conflict.h"
#include "store/evidence.h"
#include "store/ledgers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 512, NAME_MAX_LEN = 99, CONFLICTS_MAX = 999 };

/* The archive (oversight 1.1 to 1.5). */

struct archive {
    struct base_sink *sink;
    struct base_buffer lines; /* of the manifest, for each file */
    char folder[2 * EXCHANGE_ID_LEN + 1];
    uint64_t files, bytes;
};

static void put_number(uint8_t *at, int digits, unsigned number)
{
    char text[16];
    snprintf(text, sizeof text, "%0*o", digits, number);
    memcpy(at, text, (size_t)digits);
}

static void make_header(const char *name, unsigned size, uint8_t out[BLOCK])
{
    unsigned sum = 0;
    memset(out, 0, BLOCK);
    memcpy(out, name, strlen(name));
    put_number(out + 100, 7, 0644);
    put_number(out + 108, 7, 0);
    put_number(out + 116, 7, 0);
    put_number(out + 124, 11, size);
    put_number(out + 136, 11, 0);
    memset(out + 148, ' ', 8);
    out[156] = '0';
    memcpy(out + 257, "ustar", 5);
    memcpy(out + 263, "00", 2);
    put_number(out + 329, 7, 0);
    put_number(out + 337, 7, 0);
    for (unsigned i = 0; i < BLOCK; i++)
        sum += out[i];
    put_number(out + 148, 6, sum);
    out[154] = 0; /* and a blank behind it, as the format has it */
}

static enum base_code put_bytes(struct archive *archive, struct base_bytes bytes)
{
    archive->bytes += bytes.len;
    return base_sink_write(archive->sink, bytes);
}

static enum base_code put_member(struct archive *archive, const char *name, struct base_bytes content)
{
    static const uint8_t zeros[BLOCK];
    uint8_t header[BLOCK];
    if (strlen(name) > NAME_MAX_LEN)
        return base_fail(BASE_E_INTERNAL, "a name of %zu bytes in an archive", strlen(name));
    if (content.len > NODE_OVERSIGHT_FILE_MAX || archive->files == NODE_OVERSIGHT_FILES_MAX)
        return base_fail(BASE_E_LIMIT, "an oversight file holds at most %d files of at most %d bytes; export fewer compartments",
                         NODE_OVERSIGHT_FILES_MAX, NODE_OVERSIGHT_FILE_MAX);
    archive->files++;
    make_header(name, (unsigned)content.len, header);
    BASE_TRY(put_bytes(archive, base_bytes_of(header, sizeof header)));
    BASE_TRY(put_bytes(archive, content));
    return put_bytes(archive, base_bytes_of(zeros, (BLOCK - content.len % BLOCK) % BLOCK));
}

/* A file of the compartment that is being written, and its line in the manifest. */
static enum base_code put_file(void *context, const char *path, struct base_bytes content)
{
    struct archive *archive = context;
    struct crypto_hash hash;
    char name[NAME_MAX_LEN + 2], hex[65];
    if (snprintf(name, sizeof name, "%s/%s", archive->folder, path) >= (int)sizeof name)
        return base_fail(BASE_E_INTERNAL, "a path of %zu bytes in an archive", strlen(path));
    crypto_sha256(&content, 1, &hash);
    crypto_hex_encode(base_bytes_of(hash.bytes, sizeof hash.bytes), hex);
    BASE_TRY(base_buffer_format(&archive->lines, "file: %s %zu %s\n", hex, content.len, name));
    return put_member(archive, name, content);
}

static enum base_code put_peer_checkpoint(struct archive *archive, struct store *store, const struct node_compartment *compartment)
{
    struct store_head head;
    struct base_buffer note = BASE_BUFFER_EMPTY;
    enum base_code code = store_head_get(store, compartment->id.bytes, STORE_HEAD_PEER, &head, &note);
    if (code == BASE_OK)
        code = put_file(archive, "peer-checkpoint", base_bytes_buffer(&note));
    base_buffer_release(&note);
    return code == BASE_E_NOT_FOUND ? BASE_OK : code;
}

struct conflicts {
    struct archive *archive;
    const struct exchange_id *compartment;
    struct base_buffer terms; /* the note of entry 0 */
    unsigned count;
};

static enum base_code put_conflict(void *context, const struct store_evidence *evidence)
{
    struct conflicts *conflicts = context;
    struct base_buffer file = BASE_BUFFER_EMPTY;
    char path[32];
    if (conflicts->count == CONFLICTS_MAX)
        return BASE_OK; /* one would be enough */
    snprintf(path, sizeof path, "conflict/%03u", ++conflicts->count);
    enum base_code code = node_conflict_write(conflicts->compartment, base_bytes_buffer(&conflicts->terms), evidence->first,
                                              evidence->second, evidence->proof, &file);
    if (code == BASE_OK)
        code = put_file(conflicts->archive, path, base_bytes_buffer(&file));
    base_buffer_release(&file);
    return code;
}

static enum base_code copy_note(void *context, const struct store_entry *entry)
{
    return base_buffer_append(context, entry->note);
}

static enum base_code put_conflicts(struct archive *archive, struct store *store, const struct exchange_id *compartment)
{
    struct conflicts conflicts = {archive, compartment, BASE_BUFFER_EMPTY, 0};
    enum base_code code = store_entries_each(store, compartment->bytes, 0, 1, copy_note, &conflicts.terms);
    if (code == BASE_OK)
        code = store_evidence_each(store, compartment->bytes, put_conflict, &conflicts);
    base_buffer_release(&conflicts.terms);
    return code;
}

/* In the order of the paths. */
static enum base_code put_compartment(struct archive *archive, struct store *store, const struct node_compartment *compartment,
                                      uint64_t size, struct base_bytes checkpoint)
{
    struct ledger_files files = {archive, put_file};
    struct base_buffer keys = BASE_BUFFER_EMPTY;
    exchange_id_hex(&compartment->id, archive->folder);
    BASE_TRY(put_file(archive, "checkpoint", checkpoint));
    enum base_code code = put_conflicts(archive, store, &compartment->id);
    if (code == BASE_OK)
        code = node_ledger_keys(compartment, &keys);
    if (code == BASE_OK)
        code = put_file(archive, "keys", base_bytes_buffer(&keys));
    base_buffer_release(&keys);
    if (code == BASE_OK)
        code = put_peer_checkpoint(archive, store, compartment);
    return code == BASE_OK ? node_ledger_files(store, compartment, size, &files) : code;
}

/* A compartment whose ledger was never cosigned is only named. */
static enum base_code put_or_name(struct archive *archive, struct store *store, const struct node_compartment *compartment,
                                  struct base_buffer *manifest, struct node_oversight_facts *facts)
{
    struct store_head head;
    struct base_buffer checkpoint = BASE_BUFFER_EMPTY;
    char hex[2 * EXCHANGE_ID_LEN + 1];
    exchange_id_hex(&compartment->id, hex);
    enum base_code code = store_head_get(store, compartment->id.bytes, STORE_HEAD_COSIGNED, &head, &checkpoint);
    if (code == BASE_E_NOT_FOUND) {
        facts->not_cosigned++;
        code = base_buffer_format(manifest, "not-cosigned: %s\n", hex);
    } else if (code == BASE_OK) {
        facts->compartments++;
        facts->entries += head.size;
        code = put_compartment(archive, store, compartment, head.size, base_bytes_buffer(&checkpoint));
    }
    base_buffer_release(&checkpoint);
    return code;
}

static enum base_code put_manifest(struct archive *archive, struct base_buffer *manifest)
{
    static const uint8_t end[2 * BLOCK];
    struct crypto_hash hash;
    char hex[65];
    BASE_TRY(base_buffer_append(manifest, base_bytes_buffer(&archive->lines)));
    struct base_bytes before = base_bytes_buffer(manifest);
    crypto_sha256(&before, 1, &hash);
    crypto_hex_encode(base_bytes_of(hash.bytes, sizeof hash.bytes), hex);
    BASE_TRY(base_buffer_format(manifest, "sum: %s\n", hex));
    BASE_TRY(put_member(archive, "manifest", base_bytes_buffer(manifest)));
    return put_bytes(archive, base_bytes_of(end, sizeof end));
}

static int by_id(const void *a, const void *b)
{
    const struct node_compartment *const *left = a, *const *right = b;
    return memcmp((*left)->id.bytes, (*right)->id.bytes, EXCHANGE_ID_LEN);
}

static enum base_code put_all(struct archive *archive, struct store *store, const struct node_compartment *const *sorted, size_t count,
                              struct node_oversight_facts *facts)
{
    struct base_buffer manifest = BASE_BUFFER_EMPTY;
    struct exchange_id party;
    char hex[2 * EXCHANGE_ID_LEN + 1];
    exchange_fingerprint(&sorted[0]->terms.sides[sorted[0]->side].identity, &party);
    exchange_id_hex(&party, hex);
    enum base_code code = base_buffer_format(&manifest, "entente/oversight/v1\nparty: %s\n", hex);
    for (size_t i = 0; i < count && code == BASE_OK; i++)
        if (i == 0 || !exchange_id_equal(&sorted[i]->id, &sorted[i - 1]->id))
            code = put_or_name(archive, store, sorted[i], &manifest, facts);
    if (code == BASE_OK)
        code = put_manifest(archive, &manifest);
    base_buffer_release(&manifest);
    return code;
}

static enum base_code write_file(struct store *store, const struct node_compartment *const *sorted, size_t count, const char *path,
                                 struct node_oversight_facts *facts)
{
    struct archive archive = {.lines = BASE_BUFFER_EMPTY};
    BASE_TRY(base_sink_open(path, 0644, &archive.sink));
    enum base_code code = put_all(&archive, store, sorted, count, facts);
    base_buffer_release(&archive.lines);
    facts->files = archive.files;
    facts->bytes = archive.bytes;
    if (code == BASE_OK)
        return base_sink_finish(archive.sink);
    base_sink_abandon(archive.sink);
    return code;
}

enum base_code node_oversight_write(struct store *store, const struct node_compartment *compartments, size_t count, const char *path,
                                    struct node_oversight_facts *facts)
{
    *facts = (struct node_oversight_facts){0};
    if (count == 0)
        return base_fail(BASE_E_STATE, "there is no compartment whose terms both have signed");
    if (count > NODE_OVERSIGHT_COMPARTMENTS_MAX)
        return base_fail(BASE_E_LIMIT, "an oversight file holds at most %d compartments", NODE_OVERSIGHT_COMPARTMENTS_MAX);
    if (base_path_exists(path))
        return base_fail(BASE_E_EXISTS, "%s is there already", path);
    const struct node_compartment **sorted = base_alloc_array(count, sizeof *sorted);
    if (sorted == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for %zu compartments", count);
    for (size_t i = 0; i < count; i++)
        sorted[i] = &compartments[i];
    qsort(sorted, count, sizeof(const struct node_compartment *), by_id);
    enum base_code code = store_begin_reading(store);
    if (code == BASE_OK)
        code = write_file(store, sorted, count, path, facts);
    store_rollback(store);
    free(sorted);
    return code;
}
