/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/party.h"

#include "crypto/text.h"
#include "exchange/lines.h"

#include <stdio.h>
#include <string.h>

static const char CARD_KIND[] = "entente/card/v1";

void exchange_fingerprint(const struct crypto_sign_public *identity, struct exchange_id *out)
{
    struct base_bytes part = base_bytes_of(identity->bytes, sizeof identity->bytes);
    struct crypto_hash hash;
    crypto_hash_domain("entente/exchange/party/v1", &part, 1, &hash);
    memcpy(out->bytes, hash.bytes, sizeof out->bytes);
}

void exchange_words(const struct exchange_id *fingerprint, char out[EXCHANGE_WORDS_LEN])
{
    crypto_words(base_bytes_of(fingerprint->bytes, sizeof fingerprint->bytes), out);
}

void exchange_id_hex(const struct exchange_id *id, char out[2 * EXCHANGE_ID_LEN + 1])
{
    crypto_hex_encode(base_bytes_of(id->bytes, sizeof id->bytes), out);
}

enum base_code exchange_id_parse(struct base_bytes hex, struct exchange_id *out)
{
    return crypto_hex_decode(hex, out->bytes, sizeof out->bytes);
}

bool exchange_id_equal(const struct exchange_id *a, const struct exchange_id *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

void exchange_identity_name(const struct exchange_id *fingerprint, char out[EXCHANGE_KEY_NAME_LEN])
{
    char hex[2 * EXCHANGE_ID_LEN + 1];
    exchange_id_hex(fingerprint, hex);
    snprintf(out, EXCHANGE_KEY_NAME_LEN, "entente/%s", hex);
}

void exchange_key_name(const struct exchange_id *compartment, const struct exchange_id *fingerprint,
                       char out[EXCHANGE_KEY_NAME_LEN])
{
    char first[2 * EXCHANGE_ID_LEN + 1], second[2 * EXCHANGE_ID_LEN + 1];
    exchange_id_hex(compartment, first);
    exchange_id_hex(fingerprint, second);
    snprintf(out, EXCHANGE_KEY_NAME_LEN, "entente/%s/%s", first, second);
}

enum base_code exchange_name_check(const char *name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    size_t len = strlen(name);
    if (len < 1 || len > EXCHANGE_NAME_MAX || strspn(name, allowed) != len)
        return base_fail(BASE_E_ARGUMENT, "a name is 1 to %d letters, digits, \"-\", \"_\" or \".\"", EXCHANGE_NAME_MAX);
    return BASE_OK;
}

/* statements 2.2: host:port, the port a number from 1 to 65535. */
static enum base_code check_address(const char *address)
{
    const char *colon = strrchr(address, ':');
    uint64_t port = 0;
    if (colon == NULL || colon == address || strchr(address, ' ') != NULL ||
        base_parse_decimal(base_bytes_text(colon + 1), 65535, &port) != BASE_OK || port == 0)
        return base_fail(BASE_E_ARGUMENT, "an address is host:port, the port from 1 to 65535");
    return exchange_text_check("address", base_bytes_text(address), EXCHANGE_ADDRESS_MAX + 1);
}

enum base_code exchange_card_format(const struct exchange_card *card, struct base_buffer *out)
{
    BASE_TRY(exchange_name_check(card->name));
    BASE_TRY(check_address(card->address));
    BASE_TRY(base_buffer_format(out, "%s\n", CARD_KIND));
    BASE_TRY(exchange_put(out, "name", card->name));
    BASE_TRY(exchange_put_key(out, "identity", &card->identity));
    BASE_TRY(exchange_put_key(out, "transport", &card->transport));
    return exchange_put(out, "address", card->address);
}

enum base_code exchange_card_parse(struct base_bytes text, struct exchange_card *out)
{
    struct base_cursor in = base_cursor_over(text);
    struct exchange_card card = {0};
    BASE_TRY(exchange_take_kind(&in, CARD_KIND));
    BASE_TRY(exchange_take_text(&in, "name", card.name, sizeof card.name));
    BASE_TRY(exchange_take_key(&in, "identity", &card.identity));
    BASE_TRY(exchange_take_key(&in, "transport", &card.transport));
    BASE_TRY(exchange_take_text(&in, "address", card.address, sizeof card.address));
    BASE_TRY(base_cursor_end(&in));
    if (exchange_name_check(card.name) != BASE_OK || check_address(card.address) != BASE_OK)
        return base_fail(BASE_E_FORMAT, "the card's name or address is not of the form it must have");
    *out = card;
    return BASE_OK;
}
