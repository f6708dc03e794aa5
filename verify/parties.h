/* SPDX-License-Identifier: Apache-2.0
 *
 * Who the two parties of an export are: the `keys` file. doc/spec/ledger.md 1.5, 5.6, 5.9, 6.1, 6.2.
 */
#ifndef VERIFY_PARTIES_H
#define VERIFY_PARTIES_H

#include "verify/note.h"

enum verify_role { VERIFY_OWNER, VERIFY_COSIGNER, VERIFY_OWNER_IDENTITY, VERIFY_COSIGNER_IDENTITY, VERIFY_ROLE_COUNT };

struct verify_parties {
    struct verify_key keys[VERIFY_ROLE_COUNT];       /* as written in `keys` */
    struct verify_key statements[VERIFY_ROLE_COUNT]; /* the same keys as type 0x01, for statements (6.10) */
    char compartment[33];
    char fingerprints[2][33]; /* of the owner, of the cosigner */
};

const char *verify_role_word(enum verify_role role);

/* `expected`: fingerprints known from elsewhere, of the owner and of the cosigner; NULL where not known. */
enum verify_result verify_parties_read(struct verify_span file, const char *const expected[2], struct verify_parties *out,
                                       struct verify_report *report) VERIFY_MUST_USE;

#endif
