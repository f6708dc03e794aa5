/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/statement.h"

#include "exchange/lines.h"

#include <stddef.h>
#include <string.h>

/* The form of a line's value. */
enum form {
    FORM_HASH,         /* 64 hex digits */
    FORM_HASH_SET,     /* 64 hex digits, not all of them zero: that stands for none */
    FORM_HASH_OR_NONE, /* or "-" */
    FORM_ID,           /* 32 hex digits */
    FORM_NUMBER,       /* at most `limit` */
    FORM_CLASS,        /* 1, 3 or 5 */
    FORM_TIME,
    FORM_WORD,         /* one of `words` */
    FORM_BITS,         /* some of `words` in their order, a blank between; "-" for none */
    FORM_MOVE,         /* suspend, resume, close */
    FORM_ERROR,        /* a word of base/error.h */
    FORM_TEXT,         /* a line of at most EXCHANGE_REASON_MAX bytes */
};

struct field {
    const char *key;
    enum form form;
    size_t offset;
    uint64_t limit;
    const struct exchange_words *words;
};

enum {
    ABOUT = 1, ABOUT_NONE, NONCE, KEYS, COMMITMENT, KEYS_OTHER, COMMITMENT_OTHER, RULES, TRANSCRIPT, MOVE, ERROR, REASON, CONTENT,
    CONTENT_NONE, PERSONS, CLASS, TELL, LABEL, GRADING, HANDLING, REVIEW, URGENCY, DUE, FEEDBACK, OUTCOME, CODE, USE, HIT,
    HIT_NONE, ACTION, DID, DUTY, OWED_BY, GRADE, VERDICT, ERASED,
};

#define AT(member) offsetof(struct exchange_statement, member)

static const struct field fields[] = {
    [ABOUT] = {"about", FORM_HASH, AT(about), 0, NULL},
    [ABOUT_NONE] = {"about", FORM_HASH_OR_NONE, AT(about), 0, NULL},
    [NONCE] = {"nonce", FORM_HASH, AT(nonce), 0, NULL},
    [KEYS] = {"keys", FORM_NUMBER, AT(keys[0]), EXCHANGE_KEYS_MAX, NULL},
    [COMMITMENT] = {"commitment", FORM_HASH, AT(commitment[0]), 0, NULL},
    [KEYS_OTHER] = {"keys-other", FORM_NUMBER, AT(keys[1]), EXCHANGE_KEYS_MAX, NULL},
    [COMMITMENT_OTHER] = {"commitment-other", FORM_HASH, AT(commitment[1]), 0, NULL},
    [RULES] = {"rules", FORM_HASH, AT(rules), 0, NULL},
    [TRANSCRIPT] = {"transcript", FORM_HASH, AT(transcript), 0, NULL},
    [MOVE] = {"move", FORM_MOVE, AT(move), 0, NULL},
    [ERROR] = {"error", FORM_ERROR, AT(word), 0, NULL},
    [REASON] = {"reason", FORM_TEXT, AT(reason), 0, NULL},
    [CONTENT] = {"content", FORM_HASH_SET, AT(content), 0, NULL},
    [CONTENT_NONE] = {"content", FORM_HASH_OR_NONE, AT(content), 0, NULL},
    [PERSONS] = {"persons", FORM_NUMBER, AT(count), EXCHANGE_PERSONS_MAX, NULL},
    [CLASS] = {"class", FORM_CLASS, AT(review_class), 5, NULL},
    [TELL] = {"tell", FORM_BITS, AT(tell), 0, &exchange_tells},
    [LABEL] = {"label", FORM_WORD, AT(label), 0, &exchange_labels},
    [GRADING] = {"grading", FORM_WORD, AT(grading), 0, &exchange_gradings},
    [HANDLING] = {"handling", FORM_WORD, AT(handling), 0, &exchange_handlings},
    [REVIEW] = {"review", FORM_TIME, AT(due_ms), 0, NULL},
    [URGENCY] = {"urgency", FORM_WORD, AT(urgency), 0, &exchange_urgencies},
    [DUE] = {"due", FORM_TIME, AT(due_ms), 0, NULL},
    [FEEDBACK] = {"feedback", FORM_WORD, AT(feedback), 0, &exchange_answers},
    [OUTCOME] = {"outcome", FORM_WORD, AT(outcome), 0, &exchange_outcomes},
    [CODE] = {"code", FORM_WORD, AT(code), 0, &exchange_codes},
    [USE] = {"use", FORM_WORD, AT(use), 0, &exchange_uses},
    [HIT] = {"hit", FORM_HASH_SET, AT(hit), 0, NULL},
    [HIT_NONE] = {"hit", FORM_HASH_OR_NONE, AT(hit), 0, NULL},
    [ACTION] = {"action", FORM_WORD, AT(action), 0, &exchange_actions},
    [DID] = {"did", FORM_WORD, AT(did), 0, &exchange_dids},
    [DUTY] = {"duty", FORM_WORD, AT(duty), 0, &exchange_duties},
    [OWED_BY] = {"owed-by", FORM_ID, AT(owed_by), 0, NULL},
    [GRADE] = {"grade", FORM_WORD, AT(grade), 0, &exchange_grades},
    [VERDICT] = {"verdict", FORM_WORD, AT(verdict), 0, &exchange_verdicts},
    [ERASED] = {"erased", FORM_NUMBER, AT(count), INT64_MAX, NULL},
};

enum { FIELDS_MAX = 10 };

/* The lines a kind has after the common ones, in this order (statements 4.3). */
static const struct kind {
    const char *word;
    enum exchange_path path;
    unsigned char fields[FIELDS_MAX]; /* ended by 0 */
} kinds[EXCHANGE_KIND_COUNT] = {
    [EXCHANGE_KIND_STATE] = {"state", EXCHANGE_PATH_OUTBOX, {MOVE, REASON}},
    [EXCHANGE_KIND_MATCH_OFFER] = {"match-offer", EXCHANGE_PATH_MATCH, {NONCE, KEYS, COMMITMENT, RULES}},
    [EXCHANGE_KIND_MATCH_ACCEPT] = {"match-accept", EXCHANGE_PATH_MATCH, {ABOUT, NONCE, KEYS, COMMITMENT, RULES}},
    [EXCHANGE_KIND_MATCH] = {"match",
                             EXCHANGE_PATH_OUTBOX,
                             {ABOUT, KEYS, COMMITMENT, KEYS_OTHER, COMMITMENT_OTHER, RULES, TRANSCRIPT}},
    [EXCHANGE_KIND_MATCH_ABORT] = {"match-abort", EXCHANGE_PATH_OUTBOX, {ABOUT, ERROR, REASON}},
    [EXCHANGE_KIND_REFUSAL] = {"refusal", EXCHANGE_PATH_OUTBOX, {ABOUT, ERROR, REASON}},
    [EXCHANGE_KIND_RECEIPT] = {"receipt", EXCHANGE_PATH_ANSWER, {ABOUT}},
    [EXCHANGE_KIND_ALERT] = {"alert", EXCHANGE_PATH_OUTBOX, {CONTENT, PERSONS, CLASS, TELL, LABEL, GRADING, HANDLING, REVIEW}},
    [EXCHANGE_KIND_RENEW] = {"alert-renew", EXCHANGE_PATH_OUTBOX, {ABOUT, CONTENT, REVIEW}},
    [EXCHANGE_KIND_CLOSE] = {"alert-close", EXCHANGE_PATH_OUTBOX, {ABOUT, REASON}},
    [EXCHANGE_KIND_SERVED] = {"alert-served", EXCHANGE_PATH_OUTBOX, {ABOUT, REASON}},
    [EXCHANGE_KIND_ASK] = {"ask",
                           EXCHANGE_PATH_OUTBOX,
                           {ABOUT_NONE, CONTENT, URGENCY, DUE, FEEDBACK, LABEL, GRADING, HANDLING}},
    [EXCHANGE_KIND_ANSWER] = {"answer",
                              EXCHANGE_PATH_OUTBOX,
                              {ABOUT, OUTCOME, CONTENT_NONE, FEEDBACK, LABEL, GRADING, HANDLING, REASON}},
    [EXCHANGE_KIND_DECLINE] = {"decline", EXCHANGE_PATH_OUTBOX, {ABOUT, CODE, REASON}},
    [EXCHANGE_KIND_DEFER] = {"defer", EXCHANGE_PATH_OUTBOX, {ABOUT, DUE, REASON}},
    [EXCHANGE_KIND_WITHDRAW] = {"withdraw", EXCHANGE_PATH_OUTBOX, {ABOUT, REASON}},
    [EXCHANGE_KIND_FEEDBACK] = {"feedback", EXCHANGE_PATH_OUTBOX, {ABOUT, USE, REASON}},
    [EXCHANGE_KIND_TELL] = {"tell", EXCHANGE_PATH_OUTBOX, {ABOUT, HIT, CONTENT, LABEL, GRADING, HANDLING}},
    [EXCHANGE_KIND_TELL_DECLINE] = {"tell-decline", EXCHANGE_PATH_OUTBOX, {ABOUT, HIT, CODE, REASON}},
    [EXCHANGE_KIND_CORRECTION] = {"correction", EXCHANGE_PATH_OUTBOX, {ABOUT, ACTION, CONTENT_NONE, REASON}},
    [EXCHANGE_KIND_CORRECTED] = {"corrected", EXCHANGE_PATH_OUTBOX, {ABOUT, DID, REASON}},
    [EXCHANGE_KIND_OVERDUE] = {"overdue", EXCHANGE_PATH_OUTBOX, {ABOUT, DUTY, OWED_BY, DUE, HIT_NONE}},
    [EXCHANGE_KIND_HOLD] = {"hold", EXCHANGE_PATH_OWN, {CONTENT}},
    [EXCHANGE_KIND_HIT] = {"hit", EXCHANGE_PATH_OWN, {ABOUT, CONTENT, GRADE, TELL, DUE}},
    [EXCHANGE_KIND_VERDICT] = {"verdict", EXCHANGE_PATH_OWN, {ABOUT, CONTENT, VERDICT}},
    [EXCHANGE_KIND_RELEASE] = {"release", EXCHANGE_PATH_OWN, {ABOUT, CONTENT}},
    [EXCHANGE_KIND_RETENTION] = {"retention", EXCHANGE_PATH_OWN, {CONTENT, ERASED}},
    [EXCHANGE_KIND_CONFLICT] = {"conflict", EXCHANGE_PATH_OWN, {ABOUT, CONTENT}},
};

const char *exchange_kind_word(enum exchange_kind kind)
{
    return kinds[kind].word;
}

enum base_code exchange_kind_find(struct base_bytes word, enum exchange_kind *out)
{
    for (unsigned i = 0; i < EXCHANGE_KIND_COUNT; i++) {
        if (base_bytes_equal(word, base_bytes_text(kinds[i].word))) {
            *out = (enum exchange_kind)i;
            return BASE_OK;
        }
    }
    return base_fail(BASE_E_VERSION, "not a kind of statement that this version knows");
}

enum exchange_path exchange_kind_path(enum exchange_kind kind)
{
    return kinds[kind].path;
}

bool exchange_kind_has_content(enum exchange_kind kind)
{
    return memchr(kinds[kind].fields, CONTENT, FIELDS_MAX) != NULL || memchr(kinds[kind].fields, CONTENT_NONE, FIELDS_MAX) != NULL;
}

bool exchange_hash_is_none(const struct crypto_hash *hash)
{
    static const struct crypto_hash none;
    return memcmp(hash, &none, sizeof none) == 0;
}

static enum base_code put_hash(struct base_buffer *out, const char *key, const struct crypto_hash *hash)
{
    return exchange_put_hex(out, key, hash->bytes, sizeof hash->bytes);
}

static enum base_code put_word(struct base_buffer *out, const struct field *field, unsigned value)
{
    if (value >= field->words->count)
        return base_fail(BASE_E_RANGE, "\"%s\" has no word number %u", field->key, value);
    return exchange_put(out, field->key, field->words->items[value]);
}

static enum base_code put_bits(struct base_buffer *out, const struct field *field, unsigned bits)
{
    if (bits >> field->words->count != 0)
        return base_fail(BASE_E_RANGE, "\"%s\" has a bit without a word", field->key);
    BASE_TRY(base_buffer_format(out, "%s:%s", field->key, bits == 0 ? " -" : ""));
    for (unsigned i = 0; i < field->words->count; i++)
        if (bits & 1u << i)
            BASE_TRY(base_buffer_format(out, " %s", field->words->items[i]));
    return base_buffer_text(out, "\n");
}

static enum base_code check_class(uint64_t years)
{
    return years == 1 || years == 3 || years == 5 ? BASE_OK : base_fail(BASE_E_RANGE, "a class is 1, 3 or 5 years");
}

/* Numbers and words above their limit could be written and not read back. */
static enum base_code put_field(struct base_buffer *out, const struct field *field, const struct exchange_statement *statement)
{
    const void *at = (const char *)statement + field->offset;
    switch (field->form) {
    case FORM_HASH:
        return put_hash(out, field->key, at);
    case FORM_HASH_SET:
        return exchange_hash_is_none(at) ? base_fail(BASE_E_FORMAT, "\"%s\" is missing", field->key) : put_hash(out, field->key, at);
    case FORM_HASH_OR_NONE:
        return exchange_hash_is_none(at) ? exchange_put(out, field->key, "-") : put_hash(out, field->key, at);
    case FORM_ID:
        return exchange_put_hex(out, field->key, at, EXCHANGE_ID_LEN);
    case FORM_CLASS:
        BASE_TRY(check_class(*(const uint64_t *)at));
        return exchange_put_number(out, field->key, *(const uint64_t *)at);
    case FORM_NUMBER:
        if (*(const uint64_t *)at > field->limit)
            return base_fail(BASE_E_RANGE, "\"%s\" is above its limit", field->key);
        return exchange_put_number(out, field->key, *(const uint64_t *)at);
    case FORM_TIME:
        return exchange_put_time(out, field->key, *(const int64_t *)at);
    case FORM_WORD:
        return put_word(out, field, *(const unsigned *)at);
    case FORM_BITS:
        return put_bits(out, field, *(const unsigned *)at);
    case FORM_MOVE:
        return exchange_put(out, field->key, exchange_move_word(*(const enum exchange_move *)at));
    case FORM_ERROR:
        return exchange_put(out, field->key, at);
    case FORM_TEXT:
        BASE_TRY(exchange_text_check(field->key, base_bytes_text(at), EXCHANGE_REASON_MAX + 1));
        return exchange_put(out, field->key, at);
    }
    return base_fail(BASE_E_INTERNAL, "a line without a form");
}

enum base_code exchange_statement_format(const struct exchange_statement *statement, struct base_buffer *out)
{
    const struct kind *kind = &kinds[statement->kind];
    BASE_TRY(base_buffer_format(out, "entente/%s/v1\n", kind->word));
    BASE_TRY(exchange_put_hex(out, "compartment", statement->compartment.bytes, EXCHANGE_ID_LEN));
    BASE_TRY(put_hash(out, "terms", &statement->terms));
    BASE_TRY(exchange_put_hex(out, "from", statement->from.bytes, EXCHANGE_ID_LEN));
    BASE_TRY(exchange_put_time(out, "time", statement->time_ms));
    for (const unsigned char *field = kind->fields; *field != 0; field++)
        BASE_TRY(put_field(out, &fields[*field], statement));
    return BASE_OK;
}

static enum base_code take_kind(struct base_cursor *in, enum exchange_kind *kind)
{
    static const char head[] = "entente/", tail[] = "/v1";
    enum { AROUND = sizeof head - 1 + sizeof tail - 1 };
    struct base_bytes line;
    BASE_TRY(base_cursor_line(in, EXCHANGE_LINE_MAX, &line));
    if (line.len <= AROUND || memcmp(line.data, head, sizeof head - 1) != 0 ||
        memcmp(line.data + line.len - (sizeof tail - 1), tail, sizeof tail - 1) != 0)
        return base_fail(BASE_E_VERSION, "not a kind of statement that this version knows");
    return exchange_kind_find(base_bytes_of(line.data + sizeof head - 1, line.len - AROUND), kind);
}

static enum base_code take_hash(struct base_cursor *in, const char *key, struct crypto_hash *out)
{
    return exchange_take_hex(in, key, out->bytes, sizeof out->bytes);
}

/* A hash of zeros would read as "-": two texts for one statement, and none where there must be one. */
static enum base_code take_hash_set(struct base_cursor *in, const char *key, struct crypto_hash *out)
{
    BASE_TRY(take_hash(in, key, out));
    return exchange_hash_is_none(out) ? base_fail(BASE_E_FORMAT, "\"%s\" is a hash of zeros", key) : BASE_OK;
}

static enum base_code take_hash_or_none(struct base_cursor *in, const char *key, struct crypto_hash *out)
{
    struct base_cursor ahead = *in;
    struct base_bytes value;
    BASE_TRY(exchange_take(&ahead, key, &value));
    if (base_bytes_equal(value, base_bytes_text("-"))) {
        *in = ahead;
        *out = (struct crypto_hash){{0}};
        return BASE_OK;
    }
    return take_hash_set(in, key, out);
}

static enum base_code take_move(struct base_bytes word, enum exchange_move *out)
{
    for (unsigned move = EXCHANGE_SUSPEND; move <= EXCHANGE_CLOSE; move++) {
        if (base_bytes_equal(word, base_bytes_text(exchange_move_word((enum exchange_move)move)))) {
            *out = (enum exchange_move)move;
            return BASE_OK;
        }
    }
    return base_fail(BASE_E_FORMAT, "the move is not suspend, resume or close");
}

static enum base_code take_error(struct base_cursor *in, const char *key, char out[EXCHANGE_WORD_MAX + 1])
{
    BASE_TRY(exchange_take_text(in, key, out, EXCHANGE_WORD_MAX + 1));
    if (strcmp(base_code_word(base_code_from_word(out)), out) != 0)
        return base_fail(BASE_E_FORMAT, "the error is not a word of this program");
    return BASE_OK;
}

/* Words in the list's order, each once. */
static enum base_code take_bits(const struct field *field, struct base_bytes value, unsigned *out)
{
    unsigned last = 0;
    *out = 0;
    if (base_bytes_equal(value, base_bytes_text("-")))
        return BASE_OK;
    for (;;) {
        const uint8_t *blank = memchr(value.data, ' ', value.len);
        size_t len = blank == NULL ? value.len : (size_t)(blank - value.data);
        unsigned place;
        BASE_TRY(exchange_words_find(field->words, field->key, base_bytes_of(value.data, len), &place));
        if (*out != 0 && place <= last)
            return base_fail(BASE_E_FORMAT, "the words of \"%s\" do not stand in their order", field->key);
        *out |= 1u << place;
        last = place;
        if (blank == NULL)
            return BASE_OK;
        value = base_bytes_of(blank + 1, value.len - len - 1);
    }
}

static enum base_code take_listed(struct base_cursor *in, const struct field *field, void *at)
{
    struct base_bytes value;
    BASE_TRY(exchange_take(in, field->key, &value));
    if (field->form == FORM_MOVE)
        return take_move(value, at);
    return field->form == FORM_BITS ? take_bits(field, value, at) : exchange_words_find(field->words, field->key, value, at);
}

static enum base_code take_field(struct base_cursor *in, const struct field *field, struct exchange_statement *out)
{
    void *at = (char *)out + field->offset;
    switch (field->form) {
    case FORM_HASH:
        return take_hash(in, field->key, at);
    case FORM_HASH_SET:
        return take_hash_set(in, field->key, at);
    case FORM_HASH_OR_NONE:
        return take_hash_or_none(in, field->key, at);
    case FORM_ID:
        return exchange_take_hex(in, field->key, at, EXCHANGE_ID_LEN);
    case FORM_NUMBER:
        return exchange_take_number(in, field->key, field->limit, at);
    case FORM_CLASS:
        BASE_TRY(exchange_take_number(in, field->key, field->limit, at));
        return check_class(*(const uint64_t *)at);
    case FORM_TIME:
        return exchange_take_time(in, field->key, at);
    case FORM_WORD:
    case FORM_BITS:
    case FORM_MOVE:
        return take_listed(in, field, at);
    case FORM_ERROR:
        return take_error(in, field->key, at);
    case FORM_TEXT:
        return exchange_take_text(in, field->key, at, EXCHANGE_REASON_MAX + 1);
    }
    return base_fail(BASE_E_INTERNAL, "a line without a form");
}

enum base_code exchange_statement_parse(struct base_bytes text, struct exchange_statement *out)
{
    struct base_cursor in = base_cursor_over(text);
    struct exchange_statement statement = {0};
    BASE_TRY(take_kind(&in, &statement.kind));
    BASE_TRY(exchange_take_hex(&in, "compartment", statement.compartment.bytes, EXCHANGE_ID_LEN));
    BASE_TRY(take_hash(&in, "terms", &statement.terms));
    BASE_TRY(exchange_take_hex(&in, "from", statement.from.bytes, EXCHANGE_ID_LEN));
    BASE_TRY(exchange_take_time(&in, "time", &statement.time_ms));
    for (const unsigned char *field = kinds[statement.kind].fields; *field != 0; field++)
        BASE_TRY(take_field(&in, &fields[*field], &statement));
    BASE_TRY(base_cursor_end(&in));
    *out = statement;
    return BASE_OK;
}
