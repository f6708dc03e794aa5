/* SPDX-License-Identifier: Apache-2.0
 *
 * Signed notes, checkpoints and cosignatures. doc/spec/ledger.md, sections 2 and 4. Nothing here allocates.
 */
#ifndef VERIFY_NOTE_H
#define VERIFY_NOTE_H

#include "verify/key.h"
#include "verify/report.h"

enum {
    VERIFY_NOTE_MAX = 65536,
    VERIFY_NOTE_SIGNATURES_MAX = 16,
    VERIFY_BLOB_MAX = 512, /* longer signatures are of kinds that this program does not know: their bytes are not kept */
};
#define VERIFY_SIZE_MAX ((uint64_t)INT64_MAX)

struct verify_signature {
    struct verify_span name; /* borrowed from the note's bytes */
    uint8_t id[4];
    size_t len; /* of the signature behind the id */
    uint8_t bytes[VERIFY_BLOB_MAX];
};

struct verify_note {
    struct verify_span text; /* borrowed */
    size_t count;
    struct verify_signature signatures[VERIFY_NOTE_SIGNATURES_MAX];
};

/* VERIFY_REFUTED with the clause (2.1 to 2.4) that the bytes break. */
enum verify_result verify_note_parse(struct verify_span bytes, struct verify_note *out, struct verify_report *report) VERIFY_MUST_USE;

/* Does the line name this key? Whether it verifies is another question. */
bool verify_is_signature_of(const struct verify_signature *signature, const struct verify_key *key);

/* How a key stands to a note (2.6). */
enum verify_signed { VERIFY_NOT_SIGNED, VERIFY_SIGNED, VERIFY_BADLY_SIGNED };
enum verify_signed verify_note_signed_by(const struct verify_note *note, const struct verify_key *key);

/* The same for a key of type 0x04 (4.5, 4.6); with VERIFY_SIGNED the time of the first cosignature. */
enum verify_signed verify_note_cosigned_by(const struct verify_note *note, const struct verify_key *key, uint64_t *seconds);

struct verify_checkpoint {
    struct verify_span origin; /* borrowed from the note's text */
    uint64_t size;
    struct verify_hash root;
};
enum verify_result verify_checkpoint_parse(struct verify_span text, struct verify_checkpoint *out,
                                           struct verify_report *report) VERIFY_MUST_USE; /* 4.1 to 4.4 */
/* The name of the ledger that a checkpoint note is of, before anything of it is believed. Borrowed from the bytes. */
enum verify_result verify_checkpoint_origin(struct verify_span bytes, struct verify_span *origin, struct verify_report *report) VERIFY_MUST_USE;
/* A checkpoint note of the ledger that is named as `owner`'s key is, signed by it and cosigned by `cosigner` (6.3 to 6.5);
 * without a cosigner, only signed. *seconds is the time of the cosignature. */
enum verify_result verify_checkpoint_check(const struct verify_key *owner, const struct verify_key *cosigner, struct verify_span bytes,
                                           struct verify_checkpoint *out, uint64_t *seconds,
                                           struct verify_report *report) VERIFY_MUST_USE;

#endif
