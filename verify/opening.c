/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/opening.h"

#include "verify/tree.h"

#include <string.h>

enum { PROOF_MAX = 64 };
static const char form[] = "oversight 5.2";

struct parts {
    struct verify_span compartment;
    uint8_t salt[32];
    struct verify_file terms, note;
    uint64_t proof_index;
    struct verify_hash proof[PROOF_MAX];
    size_t proof_count;
    struct verify_span checkpoint;
};

/* c2sp.org/tlog-proof, without its extra line */
static enum verify_result take_proof(struct verify_span rest, struct parts *parts, struct verify_report *report)
{
    static const char word[] = "index ";
    struct verify_span line;
    if (!verify_take_line(&rest, &line) || !verify_span_is(line, "c2sp.org/tlog-proof@v1"))
        return verify_refute(report, form, "no proof stands where it must");
    if (!verify_take_line(&rest, &line) || !verify_span_begins(line, word) ||
        !verify_decimal(verify_span_of(line.data + sizeof word - 1, line.len - (sizeof word - 1)), VERIFY_SIZE_MAX, &parts->proof_index))
        return verify_refute(report, form, "the proof does not say its index");
    while (verify_take_line(&rest, &line) && line.len > 0) {
        if (parts->proof_count == PROOF_MAX)
            return verify_refute(report, form, "a proof of more than %d hashes", PROOF_MAX);
        if (verify_base64(line, parts->proof[parts->proof_count++].bytes, VERIFY_HASH_LEN) != VERIFY_HASH_LEN)
            return verify_refute(report, form, "a line of the proof is not base64 of a hash");
    }
    parts->checkpoint = rest;
    return VERIFY_OK;
}

static enum verify_result take_parts(struct verify_span rest, struct parts *parts, struct verify_opening *out, struct verify_report *report)
{
    struct verify_span line, value;
    verify_at(report, "opening");
    if (rest.len > VERIFY_OPENING_FILE_MAX || !verify_take_line(&rest, &line) || !verify_span_is(line, "entente/opening/v1"))
        return verify_refute(report, form, "not an opening");
    VERIFY_TRY(verify_field_take(&rest, "compartment", form, &parts->compartment, report));
    VERIFY_TRY(verify_field_take(&rest, "entry", form, &value, report));
    if (!verify_decimal(value, VERIFY_SIZE_MAX, &out->index))
        return verify_refute(report, form, "the line \"entry\" is not a number");
    VERIFY_TRY(verify_field_take(&rest, "salt", form, &value, report));
    if (!verify_hex(value, parts->salt, sizeof parts->salt))
        return verify_refute(report, form, "the line \"salt\" is not 64 hexadecimal digits");
    VERIFY_TRY(verify_field_decode(&rest, "content", form, VERIFY_CONTENT_MAX, &out->content, report));
    VERIFY_TRY(verify_field_decode(&rest, "terms", form, VERIFY_NOTE_MAX, &parts->terms, report));
    VERIFY_TRY(verify_field_decode(&rest, "note", form, VERIFY_NOTE_MAX, &parts->note, report));
    if (!verify_take_line(&rest, &line) || line.len != 0)
        return verify_refute(report, form, "no empty line stands before the proof");
    return take_proof(rest, parts, report);
}

static enum verify_result check_expected(const struct verify_parties *parties, const char *const expected[2], struct verify_report *report)
{
    for (int party = 0; party < 2; party++)
        if (expected[party] != NULL && strcmp(parties->fingerprints[party], expected[party]) != 0)
            return verify_refute(report, "ledger 6.2", "the %s is %s, not %s as given", verify_role_word((enum verify_role)party),
                                 parties->fingerprints[party], expected[party]);
    return VERIFY_OK;
}

/* oversight 5.3 */
static enum verify_result check_checkpoint(const struct parts *parts, const char *const expected[2], struct verify_opening *out,
                                           struct verify_terms *terms, struct verify_checkpoint *checkpoint, struct verify_report *report)
{
    struct verify_span origin;
    verify_at(report, "checkpoint");
    VERIFY_TRY(verify_checkpoint_origin(parts->checkpoint, &origin, report));
    verify_at(report, "terms");
    VERIFY_TRY(verify_terms_read(verify_file_span(&parts->terms), origin, &out->parties, terms, report));
    if (!verify_span_is(parts->compartment, out->parties.compartment))
        return verify_refute(report, "oversight 5.3", "the terms are of another compartment");
    VERIFY_TRY(check_expected(&out->parties, expected, report));
    verify_at(report, "checkpoint");
    VERIFY_TRY(verify_checkpoint_check(&out->parties.keys[VERIFY_OWNER], &out->parties.keys[VERIFY_COSIGNER], parts->checkpoint, checkpoint,
                                       &out->cosigned_at, report));
    out->size = checkpoint->size;
    return VERIFY_OK;
}

/* oversight 5.4 to 5.6 */
static enum verify_result check_entry(const struct parts *parts, struct verify_terms *terms, const struct verify_checkpoint *checkpoint,
                                      struct verify_opening *out, struct verify_report *report)
{
    struct verify_span note = verify_file_span(&parts->note);
    struct verify_said said;
    struct verify_hash commitment;
    verify_at(report, "proof");
    if (parts->proof_index != out->index)
        return verify_refute(report, "oversight 5.4", "the proof is of entry %llu, the opening of entry %llu",
                             (unsigned long long)parts->proof_index, (unsigned long long)out->index);
    if (!verify_leaf(note, &out->leaf))
        return verify_unreadable(report, "no memory for a hash");
    if (!verify_inclusion(&out->leaf, out->index, checkpoint->size, parts->proof, parts->proof_count, &checkpoint->root))
        return verify_refute(report, "ledger 3.4", "the proof does not lead from the entry to the root of the checkpoint");
    verify_at(report, "entry %llu", (unsigned long long)out->index);
    VERIFY_TRY(verify_statement_check(&out->parties, out->index, note, terms, &out->entry, &said, report));
    memcpy(out->kind, said.word, sizeof out->kind);
    if (!out->entry.has_content)
        return verify_refute(report, "oversight 5.5", "the statement commits to no content");
    if (!verify_content_hash(parts->salt, verify_file_span(&out->content), &commitment))
        return verify_unreadable(report, "no memory for a hash");
    if (!verify_hash_equal(&commitment, &said.content))
        return verify_refute(report, "statements 5.5", "salt and content are not what the statement committed to");
    return VERIFY_OK;
}

enum verify_result verify_opening_read(struct verify_span file, const char *const expected[2], struct verify_opening *out,
                                       struct verify_report *report)
{
    struct parts parts = {.proof_count = 0};
    struct verify_terms terms;
    struct verify_checkpoint checkpoint;
    *out = VERIFY_OPENING_EMPTY;
    enum verify_result result = take_parts(file, &parts, out, report);
    if (result == VERIFY_OK)
        result = check_checkpoint(&parts, expected, out, &terms, &checkpoint, report);
    if (result == VERIFY_OK)
        result = check_entry(&parts, &terms, &checkpoint, out, report);
    verify_file_release(&parts.terms);
    verify_file_release(&parts.note);
    return result;
}

void verify_opening_release(struct verify_opening *opening)
{
    verify_file_release(&opening->content);
}

enum verify_result verify_opening_compare(const struct verify_opening *opening, const struct verify_export *export,
                                          struct verify_report *report)
{
    verify_at(report, "comparison");
    for (int role = 0; role < VERIFY_ROLE_COUNT; role++)
        if (memcmp(opening->parties.keys[role].bytes, export->parties.keys[role].bytes, 32) != 0 ||
            strcmp(opening->parties.keys[role].name, export->parties.keys[role].name) != 0)
            return verify_refute(report, "oversight 5.7", "the opening is of another ledger than the export");
    if (opening->index >= export->size)
        return verify_refute(report, "oversight 5.7", "the export has %llu entries, the opening is of entry %llu",
                             (unsigned long long)export->size, (unsigned long long)opening->index);
    if (!verify_hash_equal(&opening->leaf, &export->leaves[opening->index]))
        return verify_refute(report, "oversight 5.7", "the export has another entry at this place");
    return VERIFY_OK;
}
