/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/conflict.h"

#include "verify/tree.h"

#include <string.h>

enum { PROOF_MAX = 64 };
static const char form[] = "oversight 4.1";

struct parts {
    struct verify_span compartment;
    struct verify_file terms, notes[2], proof;
    bool has_proof;
};

static void release(struct parts *parts)
{
    verify_file_release(&parts->terms);
    verify_file_release(&parts->notes[0]);
    verify_file_release(&parts->notes[1]);
    verify_file_release(&parts->proof);
}

static enum verify_result take_proof(struct verify_span *rest, struct parts *parts, struct verify_report *report)
{
    struct verify_span ahead = *rest, value;
    VERIFY_TRY(verify_field_take(&ahead, "proof", form, &value, report));
    parts->has_proof = !verify_span_is(value, "-");
    if (parts->has_proof)
        VERIFY_TRY(verify_field_decode(rest, "proof", form, PROOF_MAX * VERIFY_HASH_LEN, &parts->proof, report));
    else
        *rest = ahead;
    if (parts->has_proof && (parts->proof.len == 0 || parts->proof.len % VERIFY_HASH_LEN != 0))
        return verify_refute(report, form, "the proof is not of whole hashes");
    return rest->len == 0 ? VERIFY_OK : verify_refute(report, form, "the text goes on after its last line");
}

static enum verify_result take_parts(struct verify_span rest, struct parts *parts, struct verify_report *report)
{
    struct verify_span first;
    if (rest.len > VERIFY_CONFLICT_FILE_MAX || !verify_take_line(&rest, &first) || !verify_span_is(first, "entente/conflict/v1"))
        return verify_refute(report, form, "not a conflict file");
    VERIFY_TRY(verify_field_take(&rest, "compartment", form, &parts->compartment, report));
    VERIFY_TRY(verify_field_decode(&rest, "terms", form, VERIFY_NOTE_MAX, &parts->terms, report));
    VERIFY_TRY(verify_field_decode(&rest, "first", form, VERIFY_NOTE_MAX, &parts->notes[0], report));
    VERIFY_TRY(verify_field_decode(&rest, "second", form, VERIFY_NOTE_MAX, &parts->notes[1], report));
    return take_proof(&rest, parts, report);
}

/* oversight 4.3: beside the owner's signature only the other party's cosignature may stand, so that no byte is without meaning. */
static enum verify_result check_signatures(const struct verify_parties *parties, struct verify_span bytes, struct verify_report *report)
{
    static struct verify_note note;
    const struct verify_key *owner = &parties->keys[VERIFY_OWNER], *cosigner = &parties->keys[VERIFY_COSIGNER];
    uint64_t seconds;
    VERIFY_TRY(verify_note_parse(bytes, &note, report));
    for (size_t i = 0; i < note.count; i++)
        if (!verify_is_signature_of(&note.signatures[i], owner) && !verify_is_signature_of(&note.signatures[i], cosigner))
            return verify_refute(report, "oversight 4.3", "a signature by neither party");
    if (verify_note_cosigned_by(&note, cosigner, &seconds) == VERIFY_BADLY_SIGNED)
        return verify_refute(report, "oversight 4.3", "the cosignature does not verify");
    return VERIFY_OK;
}

/* oversight 4.2, 4.3 */
static enum verify_result check_notes(const struct parts *parts, struct verify_conflict *out, struct verify_report *report)
{
    static const char *const words[] = {"first", "second"};
    struct verify_span origin;
    struct verify_terms terms;
    verify_at(report, "first");
    VERIFY_TRY(verify_checkpoint_origin(verify_file_span(&parts->notes[0]), &origin, report));
    verify_at(report, "terms");
    VERIFY_TRY(verify_terms_read(verify_file_span(&parts->terms), origin, &out->parties, &terms, report));
    if (!verify_span_is(parts->compartment, out->parties.compartment))
        return verify_refute(report, "oversight 4.2", "the terms are of another compartment");
    for (int i = 0; i < 2; i++) {
        struct verify_checkpoint checkpoint;
        verify_at(report, "%s", words[i]);
        VERIFY_TRY(verify_checkpoint_check(&out->parties.keys[VERIFY_OWNER], NULL, verify_file_span(&parts->notes[i]), &checkpoint, NULL, report));
        VERIFY_TRY(check_signatures(&out->parties, verify_file_span(&parts->notes[i]), report));
        out->sizes[i] = checkpoint.size;
        out->roots[i] = checkpoint.root;
    }
    verify_at(report, "checkpoints");
    if (out->sizes[0] > out->sizes[1])
        return verify_refute(report, "oversight 4.3", "the first speaks of more entries than the second");
    if (out->sizes[0] == out->sizes[1] && verify_hash_equal(&out->roots[0], &out->roots[1]))
        return verify_refute(report, "oversight 4.3", "both say the same");
    return VERIFY_OK;
}

/* oversight 4.4 */
static enum verify_result check_proof(const struct parts *parts, struct verify_conflict *out, struct verify_report *report)
{
    struct verify_hash hashes[PROOF_MAX], root;
    size_t count = parts->proof.len / VERIFY_HASH_LEN;
    out->is_proven = out->sizes[0] == out->sizes[1];
    verify_at(report, "proof");
    if (!parts->has_proof)
        return VERIFY_OK;
    if (out->is_proven)
        return verify_refute(report, "oversight 4.4", "a proof, where the sizes are equal and none is needed");
    memcpy(hashes, parts->proof.data, count * VERIFY_HASH_LEN);
    if (!verify_prefix_roots(out->sizes[0], out->sizes[1], hashes, count, &out->prefix, &root))
        return verify_refute(report, "oversight 4.4", "not as many hashes as the two sizes require");
    if (!verify_hash_equal(&root, &out->roots[1]))
        return verify_refute(report, "oversight 4.4", "the proof does not give the root of the second checkpoint");
    if (verify_hash_equal(&out->prefix, &out->roots[0]))
        return verify_refute(report, "oversight 4.4", "the second checkpoint continues the first: there is no conflict");
    out->is_proven = true;
    return VERIFY_OK;
}

enum verify_result verify_conflict_read(struct verify_span file, struct verify_conflict *out, struct verify_report *report)
{
    struct parts parts = {.has_proof = false};
    verify_at(report, "conflict");
    memset(out, 0, sizeof *out);
    enum verify_result result = take_parts(file, &parts, report);
    if (result == VERIFY_OK)
        result = check_notes(&parts, out, report);
    if (result == VERIFY_OK)
        result = check_proof(&parts, out, report);
    release(&parts);
    return result;
}
