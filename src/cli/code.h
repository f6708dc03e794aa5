/* SPDX-License-Identifier: Apache-2.0
 *
 * The codes of reasons to decline (doc/spec/statements.md 5.4), as options take them and as the help lists them.
 */
#ifndef CLI_CODE_H
#define CLI_CODE_H

#include "cli/request.h"

/* "rights-risk" and "RIGHTS_RISK" are the same. BASE_E_ARGUMENT, with the nearest code there is. */
enum base_code cli_code_find(const char *text, enum exchange_code *out) BASE_MUST_USE;
/* --code into "code"; BASE_E_ARGUMENT without it. */
void cli_request_code(struct cli_request *request);

/* Every code with what it means, a line each, within 80 columns. The caller frees. */
char *cli_codes_text(void);

#endif
