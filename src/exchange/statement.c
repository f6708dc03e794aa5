/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/statement.h"

#include "exchange/lines.h"

#include <stdio.h>
#include <string.h>

/* The lines a kind has after the common ones, in this order (statements 4.3). */
enum line {
    LINE_ABOUT = 1 << 0,
    LINE_NONCE = 1 << 1,
    LINE_OWN = 1 << 2, /* keys, commitment */
    LINE_OTHER = 1 << 3, /* keys-other, commitment-other */
    LINE_RULES = 1 << 4,
    LINE_TRANSCRIPT = 1 << 5,
    LINE_MOVE = 1 << 6,
    LINE_ERROR = 1 << 7,
    LINE_REASON = 1 << 8,
};

static const struct kind {
    const char *word;
    unsigned lines;
} kinds[EXCHANGE_KIND_COUNT] = {
    [EXCHANGE_KIND_STATE] = {"state", LINE_MOVE | LINE_REASON},
    [EXCHANGE_KIND_MATCH_OFFER] = {"match-offer", LINE_NONCE | LINE_OWN | LINE_RULES},
    [EXCHANGE_KIND_MATCH_ACCEPT] = {"match-accept", LINE_ABOUT | LINE_NONCE | LINE_OWN | LINE_RULES},
    [EXCHANGE_KIND_MATCH] = {"match", LINE_ABOUT | LINE_OWN | LINE_OTHER | LINE_RULES | LINE_TRANSCRIPT},
    [EXCHANGE_KIND_MATCH_ABORT] = {"match-abort", LINE_ABOUT | LINE_ERROR | LINE_REASON},
    [EXCHANGE_KIND_REFUSAL] = {"refusal", LINE_ABOUT | LINE_ERROR | LINE_REASON},
    [EXCHANGE_KIND_RECEIPT] = {"receipt", LINE_ABOUT},
};

const char *exchange_kind_word(enum exchange_kind kind)
{
    return kinds[kind].word;
}

static enum base_code put_hash(struct base_buffer *out, const char *key, const struct crypto_hash *hash)
{
    return exchange_put_hex(out, key, hash->bytes, sizeof hash->bytes);
}

static enum base_code put_set(struct base_buffer *out, const char *keys, const char *commitment,
                              const struct exchange_statement *statement, unsigned which)
{
    BASE_TRY(exchange_put_number(out, keys, statement->keys[which]));
    return put_hash(out, commitment, &statement->commitment[which]);
}

static enum base_code put_words(struct base_buffer *out, const struct exchange_statement *statement, unsigned lines)
{
    if (lines & LINE_MOVE)
        BASE_TRY(exchange_put(out, "move", exchange_move_word(statement->move)));
    if (lines & LINE_ERROR)
        BASE_TRY(exchange_put(out, "error", statement->word));
    if (lines & LINE_REASON) {
        BASE_TRY(exchange_text_check("reason", base_bytes_text(statement->reason), sizeof statement->reason));
        BASE_TRY(exchange_put(out, "reason", statement->reason));
    }
    return BASE_OK;
}

enum base_code exchange_statement_format(const struct exchange_statement *statement, struct base_buffer *out)
{
    unsigned lines = kinds[statement->kind].lines;
    BASE_TRY(base_buffer_format(out, "entente/%s/v1\n", kinds[statement->kind].word));
    BASE_TRY(exchange_put_hex(out, "compartment", statement->compartment.bytes, EXCHANGE_ID_LEN));
    BASE_TRY(put_hash(out, "terms", &statement->terms));
    BASE_TRY(exchange_put_hex(out, "from", statement->from.bytes, EXCHANGE_ID_LEN));
    BASE_TRY(exchange_put_time(out, "time", statement->time_ms));
    if (lines & LINE_ABOUT)
        BASE_TRY(put_hash(out, "about", &statement->about));
    if (lines & LINE_NONCE)
        BASE_TRY(put_hash(out, "nonce", &statement->nonce));
    if (lines & LINE_OWN)
        BASE_TRY(put_set(out, "keys", "commitment", statement, 0));
    if (lines & LINE_OTHER)
        BASE_TRY(put_set(out, "keys-other", "commitment-other", statement, 1));
    if (lines & LINE_RULES)
        BASE_TRY(put_hash(out, "rules", &statement->rules));
    if (lines & LINE_TRANSCRIPT)
        BASE_TRY(put_hash(out, "transcript", &statement->transcript));
    return put_words(out, statement, lines);
}

static enum base_code take_kind(struct base_cursor *in, enum exchange_kind *kind)
{
    struct base_bytes line;
    BASE_TRY(base_cursor_line(in, EXCHANGE_LINE_MAX, &line));
    for (unsigned i = 0; i < EXCHANGE_KIND_COUNT; i++) {
        char expected[64];
        snprintf(expected, sizeof expected, "entente/%s/v1", kinds[i].word);
        if (base_bytes_equal(line, base_bytes_text(expected))) {
            *kind = (enum exchange_kind)i;
            return BASE_OK;
        }
    }
    return base_fail(BASE_E_VERSION, "not a kind of statement that this version knows");
}

static enum base_code take_hash(struct base_cursor *in, const char *key, struct crypto_hash *out)
{
    return exchange_take_hex(in, key, out->bytes, sizeof out->bytes);
}

static enum base_code take_set(struct base_cursor *in, const char *keys, const char *commitment,
                               struct exchange_statement *out, unsigned which)
{
    BASE_TRY(exchange_take_number(in, keys, EXCHANGE_KEYS_MAX, &out->keys[which]));
    return take_hash(in, commitment, &out->commitment[which]);
}

static enum base_code take_move(struct base_cursor *in, enum exchange_move *out)
{
    struct base_bytes word;
    BASE_TRY(exchange_take(in, "move", &word));
    for (unsigned move = EXCHANGE_SUSPEND; move <= EXCHANGE_CLOSE; move++) {
        if (base_bytes_equal(word, base_bytes_text(exchange_move_word((enum exchange_move)move)))) {
            *out = (enum exchange_move)move;
            return BASE_OK;
        }
    }
    return base_fail(BASE_E_FORMAT, "the move is not suspend, resume or close");
}

static enum base_code take_words(struct base_cursor *in, struct exchange_statement *out, unsigned lines)
{
    if (lines & LINE_MOVE)
        BASE_TRY(take_move(in, &out->move));
    if (lines & LINE_ERROR) {
        BASE_TRY(exchange_take_text(in, "error", out->word, sizeof out->word));
        if (strcmp(base_code_word(base_code_from_word(out->word)), out->word) != 0)
            return base_fail(BASE_E_FORMAT, "the error is not a word of this program");
    }
    if (lines & LINE_REASON)
        BASE_TRY(exchange_take_text(in, "reason", out->reason, sizeof out->reason));
    return BASE_OK;
}

enum base_code exchange_statement_parse(struct base_bytes text, struct exchange_statement *out)
{
    struct base_cursor in = base_cursor_over(text);
    struct exchange_statement statement = {0};
    BASE_TRY(take_kind(&in, &statement.kind));
    unsigned lines = kinds[statement.kind].lines;
    BASE_TRY(exchange_take_hex(&in, "compartment", statement.compartment.bytes, EXCHANGE_ID_LEN));
    BASE_TRY(take_hash(&in, "terms", &statement.terms));
    BASE_TRY(exchange_take_hex(&in, "from", statement.from.bytes, EXCHANGE_ID_LEN));
    BASE_TRY(exchange_take_time(&in, "time", &statement.time_ms));
    if (lines & LINE_ABOUT)
        BASE_TRY(take_hash(&in, "about", &statement.about));
    if (lines & LINE_NONCE)
        BASE_TRY(take_hash(&in, "nonce", &statement.nonce));
    if (lines & LINE_OWN)
        BASE_TRY(take_set(&in, "keys", "commitment", &statement, 0));
    if (lines & LINE_OTHER)
        BASE_TRY(take_set(&in, "keys-other", "commitment-other", &statement, 1));
    if (lines & LINE_RULES)
        BASE_TRY(take_hash(&in, "rules", &statement.rules));
    if (lines & LINE_TRANSCRIPT)
        BASE_TRY(take_hash(&in, "transcript", &statement.transcript));
    BASE_TRY(take_words(&in, &statement, lines));
    BASE_TRY(base_cursor_end(&in));
    *out = statement;
    return BASE_OK;
}
