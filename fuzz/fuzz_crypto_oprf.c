/* SPDX-License-Identifier: Apache-2.0
 *
 * Points, scalars and proofs from outside: public key, proof, then pairs of points. Whatever passes the check must be
 * usable.
 */
#include "base/cursor.h"
#include "crypto/oprf.h"
#include "crypto/secret.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PAIRS_MOST = 8 };

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static void try_point(const struct crypto_point *point)
{
    struct crypto_scalar one = {{1}};
    struct crypto_point out;
    enum base_code code = crypto_point_check(point);
    demand(code == BASE_OK || code == BASE_E_POINT || code == BASE_E_IDENTITY);
    demand(crypto_oprf_evaluate(&one, point, &out) == code);
    demand(code != BASE_OK || memcmp(out.bytes, point->bytes, 32) == 0); /* one encoding each */
}

static void try_scalar(const struct crypto_scalar *scalar)
{
    struct crypto_point out;
    demand(crypto_oprf_key_public(scalar, &out) == crypto_scalar_check(scalar));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct base_cursor in = base_cursor_over(base_bytes_of(data, size));
    struct crypto_point public_key, first[PAIRS_MOST], second[PAIRS_MOST];
    struct crypto_oprf_proof proof;
    size_t count = 0;
    if (crypto_start() != BASE_OK || base_cursor_copy(&in, public_key.bytes, 32) != BASE_OK ||
        base_cursor_copy(&in, &proof, sizeof proof) != BASE_OK)
        return 0;
    try_point(&public_key);
    try_scalar(&proof.challenge);
    try_scalar(&proof.response);
    while (count < PAIRS_MOST && base_cursor_copy(&in, first[count].bytes, 32) == BASE_OK &&
           base_cursor_copy(&in, second[count].bytes, 32) == BASE_OK) {
        try_point(&first[count]);
        try_point(&second[count]);
        count++;
    }
    enum base_code code = crypto_oprf_verify(CRYPTO_OPRF_VERIFIABLE, &public_key, first, second, count, 1, &proof);
    demand(count > 0 || code != BASE_OK);
    return 0;
}
