/* SPDX-License-Identifier: Apache-2.0
 *
 * A request of the exchange (doc/spec/control.md) while a command puts it together from its options, and what is shown when
 * something was said. The first error stands: what is added after it is ignored, and cli_request_send() returns it.
 *
 *     struct cli_request request;
 *     cli_request_begin(&request, cli, "decline");
 *     cli_request_argument(&request, "ask", 0, "the ASK: its digits (entente ask list)");
 *     cli_request_needs(&request, "reason", "why, in a line");
 *     BASE_TRY(cli_request_send(&request, &result));
 *
 * None of this opens the party's store: a user who is only given the node's socket can use every command that is made so.
 */
#ifndef CLI_REQUEST_H
#define CLI_REQUEST_H

#include "cli/command.h"
#include "exchange/words.h"

struct cli_request {
    struct cli *cli;
    json_t *object;
    enum base_code code;
    const char *absent; /* what to do when the node answers not-found; NULL for nothing */
};

void cli_request_begin(struct cli_request *request, struct cli *cli, const char *what);
void cli_request_fail(struct cli_request *request, enum base_code code); /* BASE_OK changes nothing */
/* `value` is taken; NULL is out of memory. */
void cli_request_set(struct cli_request *request, const char *key, json_t *value);
void cli_request_text(struct cli_request *request, const char *key, const char *text); /* BASE_E_ENCODING; NULL adds nothing */
/* The n-th argument of the command line; BASE_E_ARGUMENT, "`what` is missing". */
void cli_request_argument(struct cli_request *request, const char *key, size_t index, const char *what);
void cli_request_number(struct cli_request *request, const char *key, size_t index, const char *what); /* likewise, a whole number */
/* The option's value under its own name; absent when it was not given. */
void cli_request_option(struct cli_request *request, const char *option);
void cli_request_needs(struct cli_request *request, const char *option, const char *what); /* BASE_E_ARGUMENT without it */
void cli_request_flag(struct cli_request *request, const char *option); /* true, or absent */
/* An option whose value is one of a list, in either case and, of labels, without "TLP:". BASE_E_ARGUMENT, with the list. */
void cli_request_word(struct cli_request *request, const char *key, const char *option, const struct exchange_words *words);
void cli_request_date(struct cli_request *request, const char *option); /* of a day alone, its end */
/* Why somebody looks: --why; without a user key `otherwise`; with one it is asked for. BASE_E_ARGUMENT. */
void cli_request_why(struct cli_request *request, const char *otherwise);

/* Ends the request, also after an error. *result is a new reference. */
enum base_code cli_request_send(struct cli_request *request, json_t **result) BASE_MUST_USE;

/* The place of `word` in the list; `option` is for the message. BASE_E_ARGUMENT. */
enum base_code cli_word_find(const struct exchange_words *words, const char *option, const char *word, unsigned *out) BASE_MUST_USE;

/* What was said, or the draft that waits for a release: `what` is its name in a sentence, "the alert". With --json the result
 * itself. The reference is taken. */
enum base_code cli_said(struct cli *cli, json_t *result, const char *what) BASE_MUST_USE;
/* The same for a request that is complete but for being sent. */
enum base_code cli_say_it(struct cli_request *request, const char *what) BASE_MUST_USE;

/* The option of a line that the other party reads. */
#define CLI_REASON_OPTION(help)                                                                                        \
    {                                                                                                                  \
        "reason", 'r', "TEXT", help                                                                                    \
    }

#endif
