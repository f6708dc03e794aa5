/* SPDX-License-Identifier: Apache-2.0
 *
 * Signed notes (C2SP signed-note) and cosignatures (C2SP tlog-cosignature, Ed25519 "cosignature/v1"): text, a blank line,
 * signature lines. This file knows keys by name and reads no text: what a note says is the caller's business.
 *
 *     ledger_note_parse(bytes, &note)                      -- shape only; nothing is trusted yet
 *     ledger_note_check(&note, &verifier)                  -- now note.text is what the verifier's key signed
 *     ledger_note_release(&note)
 *
 * Rules in doc/spec/ledger.md, sections 2 and 4.
 */
#ifndef LEDGER_NOTE_H
#define LEDGER_NOTE_H

#include "base/bytes.h"
#include "crypto/sign.h"

enum {
    LEDGER_NOTE_MAX = 64 * 1024, /* bytes of a whole note, signature lines and all */
    LEDGER_NOTE_SIGNATURES_MAX = 16,
    LEDGER_NAME_MAX = 255, /* bytes of a key name */
};

/* The signature types of C2SP signed-note that are used here. */
enum ledger_key_type {
    LEDGER_KEY_ED25519 = 0x01,
    LEDGER_KEY_COSIGNATURE = 0x04,
};

/* A public key with the name, and for the use, it is known by. */
struct ledger_verifier {
    char name[LEDGER_NAME_MAX + 1];
    uint8_t type; /* enum ledger_key_type */
    uint32_t key_id;
    struct crypto_sign_public key;
};

struct ledger_note_signature {
    struct base_bytes name; /* borrowed from the note's input */
    uint32_t key_id;
    struct base_bytes blob; /* what follows the key id, decoded; owned by the note */
};

struct ledger_note {
    struct base_bytes text; /* with its final newline; borrowed from the input */
    struct ledger_note_signature *signatures; /* in the order of the lines */
    size_t count;
    struct base_buffer storage; /* of the blobs */
};

#define LEDGER_NOTE_EMPTY ((struct ledger_note){{NULL, 0}, NULL, 0, {NULL, 0, 0}})

/* Takes a note apart. The input stays borrowed until the note is released; a failed parse leaves `out` empty. Errors:
 * BASE_E_LIMIT (longer than LEDGER_NOTE_MAX, more than LEDGER_NOTE_SIGNATURES_MAX signatures, a name longer than
 * LEDGER_NAME_MAX), BASE_E_ENCODING (not UTF-8), BASE_E_TRUNCATED (no newline at the end), BASE_E_FORMAT (a control character,
 * no blank line, no signature line, a signature line of another form), BASE_E_NOMEM. */
enum base_code ledger_note_parse(struct base_bytes bytes, struct ledger_note *out) BASE_MUST_USE;
void ledger_note_release(struct ledger_note *note); /* leaves it empty */

/* May this be a key name: 1 to LEDGER_NAME_MAX bytes of UTF-8 without control characters, Unicode spaces and "+"?
 * BASE_E_LIMIT when too long, else BASE_E_FORMAT. */
enum base_code ledger_name_check(struct base_bytes name) BASE_MUST_USE;

/* A verifier with its key id: the first 4 bytes, big-endian, of SHA-256(name ‖ 0x0A ‖ type ‖ public key).
 * BASE_E_UNSUPPORTED for another type, BASE_E_LIMIT, BASE_E_FORMAT for the name. */
enum base_code ledger_verifier_init(struct ledger_verifier *out, const char *name, uint8_t type,
                                    const struct crypto_sign_public *key) BASE_MUST_USE;
/* Verifier key text, `name+8 lower-case hex digits of the key id+base64(type ‖ public key)`, without a newline. Parse:
 * BASE_E_FORMAT also when the key id is not that of name and key, BASE_E_UNSUPPORTED, BASE_E_LIMIT. Format appends. */
enum base_code ledger_verifier_parse(struct base_bytes vkey, struct ledger_verifier *out) BASE_MUST_USE;
enum base_code ledger_verifier_format(const struct ledger_verifier *verifier, struct base_buffer *out) BASE_MUST_USE;

/* The three makers append a whole note to `out` and leave `out` as it was when they fail.
 *
 * ledger_note_sign: `text`, a blank line and one signature line of type 0x01. BASE_E_FORMAT or BASE_E_ENCODING when text is
 * not a note's text, BASE_E_ARGUMENT when its first line is "cosignature/v1" (the signature could be passed off as a
 * cosignature), BASE_E_LIMIT when the note becomes longer than LEDGER_NOTE_MAX; and the errors of a bad name.
 *
 * ledger_note_add_signature, ledger_cosign: the note and one more line, of type 0x01 or 0x04; none of the lines that stand
 * there is checked. The errors of ledger_note_parse and of ledger_note_sign, BASE_E_EXISTS when that name and key id has
 * signed already, BASE_E_LIMIT for a seventeenth signature, BASE_E_RANGE for seconds above 2^63 - 1; ledger_cosign also
 * those of ledger_checkpoint_parse. A cosignature says that the checkpoint in the note is, at that time, the largest
 * consistent one seen: the caller has checked that. */
enum base_code ledger_note_sign(struct base_bytes text, const char *name, const struct crypto_sign_secret *secret,
                                struct base_buffer *out) BASE_MUST_USE;
/* The same for who signs often: `signer` is the verifier of that key, of type 0x01, whose name and key id need not be made anew. */
enum base_code ledger_note_sign_as(struct base_bytes text, const struct ledger_verifier *signer, const struct crypto_sign_secret *secret,
                                   struct base_buffer *out) BASE_MUST_USE;
enum base_code ledger_note_add_signature(struct base_bytes note, const char *name, const struct crypto_sign_secret *secret,
                                         struct base_buffer *out) BASE_MUST_USE;
enum base_code ledger_cosign(struct base_bytes note, const char *name, const struct crypto_sign_secret *secret,
                             uint64_t seconds, struct base_buffer *out) BASE_MUST_USE;

/* Did the verifier's key sign this note? Signatures by other names or key ids do not count. BASE_E_KEY when there is none by
 * this name and key id; BASE_E_SIGNATURE when one of them does not verify. Type 0x04 is checked as a cosignature, and then
 * also BASE_E_RANGE for a time above 2^63 - 1. */
enum base_code ledger_note_check(const struct ledger_note *note, const struct ledger_verifier *verifier) BASE_MUST_USE;

/* The time of the first cosignature by this verifier (type 0x04, else BASE_E_ARGUMENT), after the same checks. */
enum base_code ledger_cosignature_time(const struct ledger_note *note, const struct ledger_verifier *verifier,
                                       uint64_t *seconds) BASE_MUST_USE;

#endif
