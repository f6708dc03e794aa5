/* SPDX-License-Identifier: Apache-2.0
 *
 * A proof in a message, with the numbers it is checked for: u64 index or old size ‖ u64 size ‖ root ‖ proof. The leaf and the
 * old root are SHA-256 of nothing, so that a proof that verifies is one in the corpus.
 */
#include "ledger/tree.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_so)
{
    if (!is_so)
        abort();
}

static void check(uint64_t first, uint64_t second, const struct crypto_hash *root, const struct ledger_proof *proof)
{
    struct crypto_hash known;
    crypto_sha256(NULL, 0, &known);
    enum base_code code = ledger_check_inclusion(&known, first, second, proof, root);
    must(code == BASE_OK || code == BASE_E_PROOF || code == BASE_E_RANGE);
    must((code == BASE_E_RANGE) == (first >= second));
    code = ledger_check_consistency(first, &known, second, root, proof);
    must(code == BASE_OK || code == BASE_E_PROOF || code == BASE_E_RANGE);
    must((code == BASE_E_RANGE) == (first > second));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct base_cursor in = base_cursor_over(base_bytes_of(data, size));
    struct base_buffer out = BASE_BUFFER_EMPTY;
    struct ledger_proof proof;
    struct crypto_hash root;
    uint64_t first, second;
    if (base_cursor_u64(&in, &first) != BASE_OK || base_cursor_u64(&in, &second) != BASE_OK ||
        base_cursor_copy(&in, root.bytes, sizeof root.bytes) != BASE_OK)
        return 0;
    struct base_cursor start = in;
    if (ledger_proof_decode(&in, &proof) == BASE_OK) {
        must(ledger_proof_encode(&proof, &out) == BASE_OK && out.len == start.left - in.left);
        must(base_bytes_equal(base_bytes_buffer(&out), base_bytes_of(start.at, out.len)));
        check(first, second, &root, &proof);
    }
    base_buffer_release(&out);
    return 0;
}
