/* SPDX-License-Identifier: Apache-2.0
 *
 * Two invented parties, their statements and the exports of their ledgers, made with the node's own code, so that the
 * verifier is tried on what the node really writes. Everything is repeatable.
 */
#ifndef VERIFY_STORY_H
#define VERIFY_STORY_H

#include "crypto/sign.h"
#include "ledger/checkpoint.h"
#include "ledger/note.h"
#include "support/test.h"

#define STORY_COMPARTMENT "00112233445566778899aabbccddeeff"
#define STORY_HASH        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

struct story_party {
    struct crypto_sign_secret identity, key;
    struct crypto_sign_public identity_public, key_public;
    char fingerprint[33];
    char identity_name[64], key_name[128];
};

struct story {
    struct story_party parties[2]; /* 0 proposed the terms */
    char terms[65];
    struct base_buffer *entries; /* owned */
    size_t count, capacity;
    char folder[64];   /* of this test's files */
    uint64_t cosigned; /* when exports say they were cosigned; 2026-11-24T06:00:00Z unless set */
};

void story_begin(struct story *story); /* with the terms as entry 0 */
void story_end(struct story *story);   /* removes the folder too */

/* Signs `text` with the keys, given by letter: 'a' and 'b' the compartment keys of parties 0 and 1, 'A' and 'B' their identity
 * keys, 'x' a key that nobody knows; and puts the note behind the others. */
void story_add(struct story *story, const char *text, const char *signers);
/* The common lines of a statement (statements 4.1) and `lines`, signed as story_add(). In lines "@7" stands for the leaf hash of
 * entry 7, "$0" and "$1" for the fingerprints of the parties. story_say(): at this second after 2026-11-24T06:00:00Z. */
void story_say_at(struct story *story, const char *kind, unsigned from, const char *time, const char *lines, const char *signers);
void story_say(struct story *story, const char *kind, unsigned from, unsigned second, const char *lines, const char *signers);
/* Party 1 says it, and party 0's receipt stands right behind it. */
void story_hear(struct story *story, const char *kind, const char *time, const char *lines);
/* The text of the terms, with `from` replaced by `to`, which may be NULL. */
void story_terms_text(const struct story *story, const char *from, const char *to, struct base_buffer *out);

/* Writes the export of `owner`'s ledger into a folder beside others of this test; returns its path (until story_end). */
const char *story_export(struct story *story, unsigned owner, const char *name);
/* Signs and cosigns a checkpoint of these entries. */
void story_checkpoint(struct story *story, unsigned owner, uint64_t seconds, struct base_buffer *out);

/* The inclusion proof of an entry in the tree of all, as the lines of a tlog-proof. */
void story_proof_lines(struct story *story, uint64_t index, struct base_buffer *out);
/* "key: <base64>\n" */
void story_put_base64(struct base_buffer *out, const char *key, struct base_bytes bytes);

/* Files of an export. */
void story_read(const char *folder, const char *path, struct base_buffer *out);
void story_write(const char *folder, const char *path, struct base_bytes content);
void story_flip(const char *folder, const char *path, size_t at); /* changes a bit of byte `at` */

/* Runs entente-verify with up to six arguments, the last of them NULL; returns its exit code and what it printed. */
int story_verify(char *output, size_t capacity, const char *const *arguments);
/* The exit code is this, and the last line printed is this. */
void story_expect(int code, const char *last_line, const char *const *arguments);

#define EXPECT(code, last_line, ...) story_expect(code, last_line, (const char *const[]){__VA_ARGS__, NULL})

/* A test of every byte starts a process for each; under a sanitizer, where that takes long, every seventh stands for all. */
#ifdef __SANITIZE_ADDRESS__
enum { STORY_BYTE_STEP = 7 };
#else
enum { STORY_BYTE_STEP = 1 };
#endif

#endif
