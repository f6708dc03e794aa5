/* SPDX-License-Identifier: Apache-2.0
 *
 * The content of what is said, from a command's options: texts, persons, attachments, and how it is to be handled. What is absent
 * on the command line is absent in the request.
 */
#ifndef CLI_CONTENT_H
#define CLI_CONTENT_H

#include "cli/person.h"
#include "cli/request.h"

#define CLI_ATTACH_OPTION                                                                                              \
    {                                                                                                                  \
        "attach", 0, "FILE...", "send this file along; the terms say how large all of them may be"                     \
    }

#define CLI_HANDLING_OPTIONS                                                                                           \
    {"label", 0, "TLP", "TLP:RED, TLP:AMBER+STRICT, TLP:AMBER, TLP:GREEN, TLP:CLEAR (else AMBER)"},                               \
        {"grading", 0, "G", "source A, B, C or X and information 1 to 4: B2 (else X4)"},                               \
    {                                                                                                                  \
        "handling", 0, "H", "H0 crime prevention, H1 not in court (else this), H2 not passed on, H3 as the text says"              \
    }

/* The text of an option: itself, or behind "@" the content of a file ("@-": standard input). A file's line ends become LF, and
 * those at its end go. *out is the caller's to free. BASE_E_LIMIT over what a statement may carry, BASE_E_ENCODING. */
enum base_code cli_text_read(const char *option, const char *value, char **out) BASE_MUST_USE;

/* texts.KEY of the option of the same name. */
void cli_request_content_text(struct cli_request *request, const char *key);
void cli_request_persons(struct cli_request *request);
void cli_request_attachments(struct cli_request *request);
void cli_request_handling(struct cli_request *request);
/* BASE_E_ARGUMENT with `missing` when there is neither text nor person nor attachment by now; the other refuses one that there is. */
void cli_request_needs_content(struct cli_request *request, const char *missing);
void cli_request_no_content(struct cli_request *request, const char *why);

#endif
