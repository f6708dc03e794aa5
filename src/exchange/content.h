/* SPDX-License-Identifier: Apache-2.0
 *
 * What travels beside a statement and is not in the ledger: the persons, the texts, the attachments. The statement holds a
 * salted commitment to it, so that it can be erased while every proof still verifies. One canonical JSON document
 * (doc/spec/content.md): equal contents give equal bytes.
 *
 *     struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
 *     exchange_content_set_text(&content, EXCHANGE_TEXT_FACTS, text) ... exchange_content_encode(&content, &bytes)
 *     exchange_content_release(&content);
 *
 * A person is an entity as src/people/record.h writes it; this layer carries it and does not read it.
 */
#ifndef EXCHANGE_CONTENT_H
#define EXCHANGE_CONTENT_H

#include "exchange/statement.h"

enum {
    EXCHANGE_CONTENT_MAX = 204800,  /* bytes of the document */
    EXCHANGE_TEXT_BYTES_MAX = 16384,
    EXCHANGE_ATTACHMENTS_MAX = 8,
    EXCHANGE_FILE_NAME_MAX = 255,
    EXCHANGE_FILE_TYPE_MAX = 127,
    EXCHANGE_SALT_LEN = 32,
};

/* An ask gives facts, background, reason, link (why the asked party should have it) and use (what for). Other statements
 * have a text; a hit its reasons. In the order of their keys. */
enum exchange_text {
    EXCHANGE_TEXT_BACKGROUND, EXCHANGE_TEXT_FACTS, EXCHANGE_TEXT_LINK, EXCHANGE_TEXT_REASON, EXCHANGE_TEXT_TEXT, EXCHANGE_TEXT_USE,
    EXCHANGE_TEXT_COUNT
};
extern const struct exchange_words exchange_text_keys;

struct exchange_attachment {
    char *name; /* of the file, without a folder */
    char *type; /* media type */
    struct base_buffer data;
};

struct exchange_content {
    char *texts[EXCHANGE_TEXT_COUNT]; /* owned; NULL when absent */
    struct base_buffer persons[EXCHANGE_PERSONS_MAX]; /* each the JSON of one entity */
    size_t person_count;
    struct exchange_attachment attachments[EXCHANGE_ATTACHMENTS_MAX];
    size_t attachment_count;
};

#define EXCHANGE_CONTENT_EMPTY ((struct exchange_content){{NULL}, {{NULL, 0, 0}}, 0, {{NULL, NULL, {NULL, 0, 0}}}, 0})

void exchange_content_release(struct exchange_content *content); /* wipes, and leaves it empty */

/* Each copies. BASE_E_LIMIT, BASE_E_ENCODING (not UTF-8, or a control character other than line end and tab), BASE_E_FORMAT
 * (not a JSON object; a file's name with "/"), BASE_E_EXISTS for a text that stands there already. */
enum base_code exchange_content_set_text(struct exchange_content *content, enum exchange_text which, struct base_bytes text) BASE_MUST_USE;
enum base_code exchange_content_add_person(struct exchange_content *content, struct base_bytes json) BASE_MUST_USE;
enum base_code exchange_content_add_attachment(struct exchange_content *content, const char *name, const char *type,
                                               struct base_bytes data) BASE_MUST_USE;
/* The bytes of all attachments, against the terms: BASE_E_OUTSIDE_TERMS. */
enum base_code exchange_content_check_terms(const struct exchange_content *content, const struct exchange_terms *terms) BASE_MUST_USE;

/* Appends. BASE_E_LIMIT over EXCHANGE_CONTENT_MAX. */
enum base_code exchange_content_encode(const struct exchange_content *content, struct base_buffer *out) BASE_MUST_USE;
/* Only what encode would write: BASE_E_FORMAT for anything else, also for keys not known. */
enum base_code exchange_content_decode(struct base_bytes json, struct exchange_content *out) BASE_MUST_USE;

/* SHA-256 over the domain "entente/exchange/content/v1", salt and content (statements 5.5). */
void exchange_commit(const uint8_t salt[EXCHANGE_SALT_LEN], struct base_bytes content, struct crypto_hash *out);

/* Free text that gives a reason the FATF standard (Recommendation 40) does not accept for a refusal: only that tax is involved,
 * bank secrecy alone, an inquiry under way, another type of authority. NULL, or a sentence to show the author. A hint by
 * words of English, nothing more: people decide. */
const char *exchange_reason_warning(enum exchange_code code, const char *reason);

#endif
