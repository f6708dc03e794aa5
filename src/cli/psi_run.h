/* SPDX-License-Identifier: Apache-2.0
 *
 * One matching of `entente psi` between two machines: a TLS link with pinned keys, an agreement on sizes, a session of src/vpsi, its
 * messages cut into frames. doc/spec/vpsi.md, section 11.
 */
#ifndef CLI_PSI_RUN_H
#define CLI_PSI_RUN_H

#include "cli/command.h"
#include "cli/psi_items.h"
#include "crypto/sign.h"
#include "vpsi/vpsi.h"

struct cli_psi_config {
    const struct crypto_key *key;           /* seed of the own key */
    struct crypto_sign_public peer;         /* the only key that may be there */
    const char *host;                       /* to dial, or to listen at */
    uint16_t port;
    bool is_listening;
    const struct cli_psi_items *items;
    const char *label;                      /* what it is about: the same on both sides */
    enum vpsi_output output;                /* the same on both sides */
    unsigned threads;
    uint64_t memory_bytes;                  /* the session's own limit */
    uint64_t timeout_ms;                    /* without a sign of the other side */
    const struct cli *cli;                  /* for progress */
};

struct cli_psi_outcome {
    enum vpsi_role role;
    struct vpsi_terms terms;
    uint32_t *hits; /* own items, ascending; owned: free() */
    size_t hit_count;
    uint64_t sent, received; /* bytes on the wire */
    int64_t elapsed_ms;      /* from the agreement to the result */
    uint64_t memory_bytes;
    struct crypto_hash transcript;
};

/* BASE_E_KEY for another key than the peer's, BASE_E_OUTSIDE_TERMS when the two sides want different things, BASE_E_IO, BASE_E_TLS,
 * BASE_E_CLOSED, BASE_E_TIMEOUT, or what the session fails with. */
enum base_code cli_psi_run(const struct cli_psi_config *config, struct cli_psi_outcome *out) BASE_MUST_USE;

#endif
