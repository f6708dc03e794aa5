/* SPDX-License-Identifier: Apache-2.0
 *
 * Hexadecimal and base64 from outside: what is decoded has one form, so encoding it again gives the same text.
 */
#include "crypto/text.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static void try_base64(struct base_bytes text)
{
    struct base_buffer bytes = BASE_BUFFER_EMPTY, again = BASE_BUFFER_EMPTY;
    if (crypto_base64_decode(text, &bytes) == BASE_OK) {
        demand(crypto_base64_append(base_bytes_buffer(&bytes), &again) == BASE_OK);
        demand(base_bytes_equal(text, base_bytes_buffer(&again)));
    }
    base_buffer_release(&bytes);
    base_buffer_release(&again);
}

static void try_hex(struct base_bytes text)
{
    uint8_t *bytes = malloc(text.len / 2 + 1);
    char *again = malloc(text.len + 2);
    if (bytes != NULL && again != NULL && crypto_hex_decode(text, bytes, text.len / 2) == BASE_OK) {
        crypto_hex_encode(base_bytes_of(bytes, text.len / 2), again);
        demand(base_bytes_equal(text, base_bytes_text(again)));
    }
    free(bytes);
    free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct base_bytes text = base_bytes_of(data, size);
    try_base64(text);
    try_hex(text);
    return 0;
}
