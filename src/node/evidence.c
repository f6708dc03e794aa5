/* SPDX-License-Identifier: Apache-2.0 */
#include "node/evidence.h"

#include "ledger/checkpoint.h"
#include "ledger/note.h"
#include "node/conflict.h"
#include "store/ledgers.h"

static enum base_code read_checkpoint(struct base_bytes bytes, struct node_evidence_checkpoint *out)
{
    struct ledger_note note;
    struct ledger_checkpoint checkpoint = {.size = 0};
    BASE_TRY(ledger_note_parse(bytes, &note));
    enum base_code code = ledger_checkpoint_parse(note.text, &checkpoint);
    ledger_note_release(&note);
    *out = (struct node_evidence_checkpoint){checkpoint.size, checkpoint.root};
    return code;
}

enum base_code node_evidence_read(const struct store_evidence *evidence, struct node_evidence_facts *out)
{
    BASE_TRY(read_checkpoint(evidence->first, &out->first));
    BASE_TRY(read_checkpoint(evidence->second, &out->second));
    out->is_proven = out->first.size == out->second.size || evidence->proof.len > 0; /* oversight 4.4, 4.5 */
    return BASE_OK;
}

static enum base_code copy_note(void *context, const struct store_entry *entry)
{
    return base_buffer_append(context, entry->note);
}

enum base_code node_evidence_file(struct store *store, const struct exchange_id *compartment, const struct store_evidence *evidence,
                                  struct base_buffer *out)
{
    struct base_buffer terms = BASE_BUFFER_EMPTY;
    enum base_code code = store_entries_each(store, compartment->bytes, 0, 1, copy_note, &terms);
    if (code == BASE_OK && terms.len == 0)
        code = base_fail(BASE_E_NOT_FOUND, "the ledger does not begin with its terms");
    if (code == BASE_OK)
        code = node_conflict_write(compartment, base_bytes_buffer(&terms), evidence->first, evidence->second, evidence->proof, out);
    base_buffer_release(&terms);
    return code;
}
