/* SPDX-License-Identifier: Apache-2.0
 *
 * How the statements of one ledger stand to each other: what each is about, that the right party says it, that duties ran
 * out as claimed, that receipts stand right behind what they receipt. doc/spec/statements.md, sections 4.3, 6 and 7;
 * doc/spec/conversations.md 3.2.
 *
 * Only what one ledger can show is judged. The two ledgers of a compartment do not hold everything in one order: what
 * crossed on its way stands before the other's word in one and behind it in the other. So a party's own statements are held
 * against all that stands before them, and the other's only against what its sayer must have known.
 */
#ifndef VERIFY_ORDER_H
#define VERIFY_ORDER_H

#include "verify/export.h"

/* The entries are read, linked and each sound for itself. VERIFY_REFUTED at the first that breaks a rule. */
enum verify_result verify_order_check(const struct verify_export *export, struct verify_report *report) VERIFY_MUST_USE;

#endif
