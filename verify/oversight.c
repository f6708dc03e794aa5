/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/oversight.h"

#include <stdlib.h>
#include <string.h>

static const char form[] = "oversight 1.5";

/* The manifest. */

static enum verify_result hash_member(struct verify_archive *archive, const struct verify_member *member, struct verify_hash *out,
                                      struct verify_report *report)
{
    struct verify_file file = {NULL, 0};
    bool exists;
    enum verify_result result = verify_archive_read(archive, member->name, VERIFY_MEMBER_MAX, &file, &exists, report);
    struct verify_span span = verify_file_span(&file);
    if (result == VERIFY_OK && !verify_sha256(&span, 1, out))
        result = verify_unreadable(report, "no memory for a hash");
    verify_file_release(&file);
    return result;
}

/* The line of one file: "<hash> <size> <name>". */
static enum verify_result check_file_line(struct verify_archive *archive, const struct verify_member *member, struct verify_span value,
                                          struct verify_report *report)
{
    struct verify_hash hash;
    char line[VERIFY_MEMBER_NAME_MAX + 96], hex[2 * VERIFY_HASH_LEN + 1];
    VERIFY_TRY(hash_member(archive, member, &hash, report));
    verify_hex_write(hash.bytes, sizeof hash.bytes, hex);
    snprintf(line, sizeof line, "%s %u %s", hex, member->size, member->name);
    return verify_span_is(value, line) ? VERIFY_OK : verify_refute(report, form, "the manifest does not hold it as it is here");
}

static enum verify_result check_files(struct verify_archive *archive, struct verify_span *rest, struct verify_report *report)
{
    for (size_t i = 0; i < archive->count; i++) {
        struct verify_span value;
        if (strcmp(archive->members[i].name, "manifest") == 0)
            continue;
        verify_at(report, "%s", archive->members[i].name);
        VERIFY_TRY(verify_field_take(rest, "file", form, &value, report));
        VERIFY_TRY(check_file_line(archive, &archive->members[i], value, report));
        archive->members[i].is_called_for = false; /* so far only by the manifest */
    }
    return VERIFY_OK;
}

static enum verify_result take_not_cosigned(struct verify_span *rest, struct verify_oversight *out, struct verify_report *report)
{
    static const char key[] = "not-cosigned: ";
    uint8_t id[16];
    out->not_cosigned = calloc(VERIFY_COMPARTMENTS_MAX, sizeof out->not_cosigned[0]);
    if (out->not_cosigned == NULL)
        return verify_unreadable(report, "no memory for a list");
    while (verify_span_begins(*rest, key)) {
        struct verify_span value;
        char (*last)[33] = out->not_cosigned + out->not_cosigned_count;
        VERIFY_TRY(verify_field_take(rest, "not-cosigned", form, &value, report));
        if (!verify_hex(value, id, sizeof id) || out->not_cosigned_count == VERIFY_COMPARTMENTS_MAX)
            return verify_refute(report, form, "not the ids of at most %d compartments", VERIFY_COMPARTMENTS_MAX);
        memcpy(*last, value.data, 32);
        if (out->not_cosigned_count > 0 && strcmp(last[-1], *last) >= 0)
            return verify_refute(report, form, "the compartments do not stand in their order");
        out->not_cosigned_count++;
    }
    return VERIFY_OK;
}

static enum verify_result check_sum(struct verify_span before, struct verify_span *rest, struct verify_report *report)
{
    struct verify_hash hash;
    struct verify_span value;
    char hex[2 * VERIFY_HASH_LEN + 1];
    if (!verify_sha256(&before, 1, &hash))
        return verify_unreadable(report, "no memory for a hash");
    verify_hex_write(hash.bytes, sizeof hash.bytes, hex);
    VERIFY_TRY(verify_field_take(rest, "sum", form, &value, report));
    if (!verify_span_is(value, hex))
        return verify_refute(report, form, "its last line is not the hash of those before it");
    return rest->len == 0 ? VERIFY_OK : verify_refute(report, form, "it goes on after its last line");
}

static enum verify_result check_manifest(struct verify_archive *archive, struct verify_span manifest, struct verify_oversight *out,
                                         struct verify_report *report)
{
    uint8_t fingerprint[VERIFY_FINGERPRINT_LEN];
    struct verify_span rest = manifest, line, value;
    if (!verify_take_line(&rest, &line) || !verify_span_is(line, "entente/oversight/v1"))
        return verify_refute(report, form, "not the manifest of an oversight file");
    VERIFY_TRY(verify_field_take(&rest, "party", form, &value, report));
    if (!verify_hex(value, fingerprint, sizeof fingerprint))
        return verify_refute(report, form, "the party is not a fingerprint");
    memcpy(out->party, value.data, 32);
    VERIFY_TRY(take_not_cosigned(&rest, out, report));
    VERIFY_TRY(check_files(archive, &rest, report));
    verify_at(report, "manifest");
    return check_sum(verify_span_of(manifest.data, manifest.len - rest.len), &rest, report);
}

static enum verify_result read_manifest(struct verify_archive *archive, struct verify_oversight *out, struct verify_report *report)
{
    struct verify_file file = {NULL, 0};
    bool exists;
    enum verify_result result = verify_archive_read(archive, "manifest", VERIFY_MEMBER_MAX, &file, &exists, report);
    if (result == VERIFY_OK && !exists)
        result = verify_refute(report, "oversight 1.4", "the file is missing");
    if (result == VERIFY_OK)
        result = check_manifest(archive, verify_file_span(&file), out, report);
    verify_file_release(&file);
    return result;
}

/* The compartments. */

/* oversight 2.2 */
static enum verify_result check_peer(const struct verify_parties *parties, struct verify_span bytes, struct verify_compartment *out,
                                     struct verify_report *report)
{
    struct verify_key cosigner = parties->statements[VERIFY_OWNER];
    struct verify_checkpoint checkpoint;
    cosigner.type = VERIFY_TYPE_COSIGNATURE;
    if (!verify_key_set_id(&cosigner))
        return verify_unreadable(report, "no memory for a hash");
    VERIFY_TRY(verify_checkpoint_check(&parties->statements[VERIFY_COSIGNER], &cosigner, bytes, &checkpoint, &out->peer_at, report));
    out->has_peer = true;
    out->peer_size = checkpoint.size;
    return VERIFY_OK;
}

static enum verify_result read_peer(const struct verify_folder *folder, struct verify_compartment *out, struct verify_report *report)
{
    struct verify_file file = {NULL, 0};
    bool exists;
    enum verify_result result = verify_file_read(folder, "peer-checkpoint", VERIFY_NOTE_MAX, &file, &exists, report);
    if (result == VERIFY_OK && exists)
        result = check_peer(&out->export->parties, verify_file_span(&file), out, report);
    verify_file_release(&file);
    return result;
}

/* oversight 2.3: of this compartment, and against the other party. */
static enum verify_result check_conflict(const struct verify_parties *parties, const struct verify_conflict *conflict,
                                         struct verify_report *report)
{
    for (int role = 0; role < VERIFY_ROLE_COUNT; role++)
        if (memcmp(conflict->parties.keys[role].bytes, parties->keys[role ^ 1].bytes, 32) != 0 ||
            strcmp(conflict->parties.compartment, parties->compartment) != 0)
            return verify_refute(report, "oversight 2.3", "the checkpoints are not of the other party in this compartment");
    return VERIFY_OK;
}

static enum verify_result read_conflicts(const struct verify_folder *folder, struct verify_conflict *list, struct verify_compartment *out,
                                         struct verify_report *report)
{
    enum verify_result result = VERIFY_OK;
    bool exists = true;
    out->conflicts = list;
    while (result == VERIFY_OK && out->conflict_count < VERIFY_CONFLICTS_MAX) {
        struct verify_file file = {NULL, 0};
        char name[32], where[128];
        snprintf(name, sizeof name, "conflict/%03zu", out->conflict_count + 1);
        snprintf(where, sizeof where, "%.80s/%s", folder->path, name);
        result = verify_file_read(folder, name, VERIFY_CONFLICT_FILE_MAX, &file, &exists, report);
        if (result == VERIFY_OK && !exists)
            break;
        if (result == VERIFY_OK)
            result = verify_conflict_read(verify_file_span(&file), &list[out->conflict_count], report);
        if (result == VERIFY_OK)
            result = check_conflict(&out->export->parties, &list[out->conflict_count], report);
        if (result != VERIFY_OK)
            verify_at(report, "%s", where);
        out->conflict_count += result == VERIFY_OK;
        verify_file_release(&file);
    }
    return result;
}

struct reading {
    struct verify_archive archive;
    const char *const *expected;
    verify_compartment_visit *visit;
    void *context;
    struct verify_conflict *conflicts; /* VERIFY_CONFLICTS_MAX of them */
    struct verify_oversight *out;
    struct verify_report *report;
};

static enum verify_result check_compartment(struct reading *reading, const struct verify_folder *folder, struct verify_export *export,
                                            struct verify_account *account)
{
    struct verify_report *report = reading->report;
    struct verify_compartment compartment = {.export = export, .account = account};
    VERIFY_TRY(verify_export_read(export, folder, reading->expected, report));
    verify_at(report, "%s/keys", folder->path);
    if (strcmp(export->parties.fingerprints[0], reading->out->party) != 0)
        return verify_refute(report, "oversight 2.1", "the owner is not the party of the manifest");
    if (strcmp(export->parties.compartment, folder->path) != 0)
        return verify_refute(report, "oversight 1.4", "the ledger is of another compartment than its folder says");
    VERIFY_TRY(read_peer(folder, &compartment, report));
    VERIFY_TRY(read_conflicts(folder, reading->conflicts, &compartment, report));
    VERIFY_TRY(verify_account_make(export, account, report));
    reading->out->compartments++;
    reading->out->entries += export->size;
    reading->visit(reading->context, &compartment);
    return VERIFY_OK;
}

static enum verify_result read_compartment(struct reading *reading, const char *id)
{
    const struct verify_folder folder = {id, &reading->archive};
    struct verify_export export = VERIFY_EXPORT_EMPTY;
    struct verify_account account = VERIFY_ACCOUNT_EMPTY;
    for (size_t i = 0; i < reading->out->not_cosigned_count; i++)
        if (strcmp(reading->out->not_cosigned[i], id) == 0)
            return verify_refute(reading->report, form, "a compartment that is said not to be here is here");
    enum verify_result result = check_compartment(reading, &folder, &export, &account);
    verify_account_release(&account);
    verify_export_release(&export);
    return result;
}

static enum verify_result read_compartments(struct reading *reading)
{
    char last[33] = "";
    for (size_t i = 0; i < reading->archive.count; i++) {
        char name[VERIFY_MEMBER_NAME_MAX + 1];
        uint8_t id[16];
        memcpy(name, reading->archive.members[i].name, sizeof name);
        if (strcmp(name, "manifest") == 0)
            continue;
        verify_at(reading->report, "%s", name);
        if (strlen(name) < 34 || name[32] != '/' || !verify_hex(verify_span_of(name, 32), id, sizeof id))
            return verify_refute(reading->report, "oversight 2.4", "nothing calls for this file");
        if (strncmp(last, name, 32) == 0)
            continue;
        memcpy(last, name, 32);
        if (reading->out->compartments == VERIFY_COMPARTMENTS_MAX)
            return verify_refute(reading->report, "oversight 1.4", "more than %d compartments", VERIFY_COMPARTMENTS_MAX);
        VERIFY_TRY(read_compartment(reading, last));
    }
    return VERIFY_OK;
}

static enum verify_result check_called_for(const struct verify_archive *archive, struct verify_report *report)
{
    for (size_t i = 0; i < archive->count; i++) {
        verify_at(report, "%s", archive->members[i].name);
        if (!archive->members[i].is_called_for)
            return verify_refute(report, "oversight 2.4", "nothing calls for this file");
    }
    return VERIFY_OK;
}

enum verify_result verify_oversight_read(FILE *file, const char *const expected[2], verify_compartment_visit *visit, void *context,
                                         struct verify_oversight *out, struct verify_report *report)
{
    struct reading reading = {.expected = expected, .visit = visit, .context = context, .out = out, .report = report};
    *out = VERIFY_OVERSIGHT_EMPTY;
    reading.conflicts = calloc(VERIFY_CONFLICTS_MAX, sizeof reading.conflicts[0]);
    enum verify_result result = verify_archive_open(&reading.archive, file, report);
    if (result == VERIFY_OK && reading.conflicts == NULL)
        result = verify_unreadable(report, "no memory for a list");
    if (result == VERIFY_OK)
        result = read_manifest(&reading.archive, out, report);
    if (result == VERIFY_OK)
        result = read_compartments(&reading);
    if (result == VERIFY_OK)
        result = check_called_for(&reading.archive, report);
    verify_archive_release(&reading.archive);
    free(reading.conflicts);
    return result;
}

void verify_oversight_release(struct verify_oversight *oversight)
{
    free(oversight->not_cosigned);
    *oversight = VERIFY_OVERSIGHT_EMPTY;
}
