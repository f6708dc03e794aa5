/* SPDX-License-Identifier: Apache-2.0
 *
 * The verifier's readers of what an export holds: notes, checkpoints, the keys file.
 */
#include "verify/note.h"
#include "verify/parties.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct verify_note note;

static void demand(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *const nothing[2] = {NULL, NULL};
    static const struct verify_key key = {.name = "name", .type = VERIFY_TYPE_ED25519};
    struct verify_span bytes = verify_span_of(data, size);
    struct verify_report report = {"", "", ""};
    struct verify_checkpoint checkpoint;
    struct verify_parties parties;
    uint64_t seconds;
    if (verify_note_parse(bytes, &note, &report) == VERIFY_OK) {
        demand(note.count >= 1 && note.text.len < size && note.text.data[note.text.len - 1] == '\n');
        demand(verify_note_signed_by(&note, &key) != VERIFY_SIGNED);
        demand(verify_note_cosigned_by(&note, &key, &seconds) != VERIFY_SIGNED);
        if (verify_checkpoint_parse(note.text, &checkpoint, &report) == VERIFY_OK)
            demand(checkpoint.size <= VERIFY_SIZE_MAX && checkpoint.origin.len > 0);
    } else {
        demand(report.clause[0] != 0 && report.reason[0] != 0);
    }
    demand(verify_parties_read(bytes, nothing, &parties, &report) != VERIFY_OK || parties.compartment[32] == 0);
    return 0;
}
