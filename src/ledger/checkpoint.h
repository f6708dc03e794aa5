/* SPDX-License-Identifier: Apache-2.0
 *
 * The text of a checkpoint (C2SP tlog-checkpoint): which ledger, how many entries, the root over them. It becomes a
 * checkpoint by being signed as a note (ledger/note.h). Rules in doc/spec/ledger.md, section 4.
 */
#ifndef LEDGER_CHECKPOINT_H
#define LEDGER_CHECKPOINT_H

#include "base/bytes.h"
#include "crypto/hash.h"

enum { LEDGER_ORIGIN_MAX = 255 };

struct ledger_checkpoint {
    char origin[LEDGER_ORIGIN_MAX + 1];
    uint64_t size; /* at most LEDGER_SIZE_MAX */
    struct crypto_hash root;
};

/* Appends the three lines. BASE_E_FORMAT when the origin is empty, not UTF-8 or has a control character, BASE_E_RANGE for the
 * size. */
enum base_code ledger_checkpoint_format(const struct ledger_checkpoint *checkpoint, struct base_buffer *out) BASE_MUST_USE;

/* Reads a note's text. Extension lines are accepted, must not be empty, and are ignored. BASE_E_LIMIT (text longer than a
 * note, origin longer than LEDGER_ORIGIN_MAX), BASE_E_TRUNCATED (a line is missing or not ended), BASE_E_FORMAT (origin, size or
 * root not written as they must be, an empty extension line), BASE_E_RANGE (size above LEDGER_SIZE_MAX). */
enum base_code ledger_checkpoint_parse(struct base_bytes text, struct ledger_checkpoint *out) BASE_MUST_USE;

#endif
