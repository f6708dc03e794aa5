/* SPDX-License-Identifier: Apache-2.0
 *
 * Requests by which a user says something in a compartment (doc/spec/control.md, "The exchange"), and what they share: naming a
 * statement, reading content from a request, four eyes. Private to the layer.
 */
#ifndef NODE_REQUESTS_SAY_H
#define NODE_REQUESTS_SAY_H

#include "node/exchange.h"
#include "node/request.h"

/* What a request wants to say. */
struct node_saying {
    struct node_compartment facts;
    struct exchange_statement statement;
    struct exchange_content content;
    bool has_content;
    json_t *result; /* what the answer says besides the usual; owned */
    /* What goes with it into the same transaction; may be NULL. */
    enum base_code (*also)(struct node_request *request, struct node_saying *saying, const struct crypto_hash *hash);
    int64_t also_number;
};
void node_saying_release(struct node_saying *saying);

/* Says it, with a draft first where the terms ask for a second person; then answers the request once the other party has
 * receipted it, or cannot be reached. `object` is what a draft keeps. Releases the saying. */
enum base_code node_request_say(struct node_request *request, json_t *object, struct node_saying *saying) BASE_MUST_USE;

/* Reads what is to be said from a copy of the object, whose fields it takes; then says it. */
typedef enum base_code node_saying_read(struct node_request *request, json_t *object, struct node_saying *saying);
enum base_code node_request_say_read(struct node_request *request, json_t *object, node_saying_read *read) BASE_MUST_USE;

/* A statement by hash or its first digits (eight at least), in any compartment where the user has one of `roles`. BASE_E_NOT_FOUND,
 * BASE_E_ARGUMENT when several fit. `statement` may be NULL. */
struct node_named {
    struct node_compartment facts;
    struct crypto_hash hash;
    struct exchange_statement statement;
    uint64_t index;
    int64_t entered_ms;
};
enum base_code node_request_named(struct node_request *request, const char *digits, unsigned roles, struct node_named *out) BASE_MUST_USE;

/* Fields of a request, each taken out of the object, so that node_request_done() finds what nobody wanted. */
enum base_code node_field_text(json_t *object, const char *key, bool must_be, const char **out) BASE_MUST_USE; /* borrowed from the request */
enum base_code node_field_word(json_t *object, const char *key, const struct exchange_words *words, unsigned otherwise, unsigned *out) BASE_MUST_USE;
enum base_code node_field_number(json_t *object, const char *key, bool must_be, int64_t *out) BASE_MUST_USE;
enum base_code node_field_time(json_t *object, const char *key, int64_t otherwise_ms, int64_t *out) BASE_MUST_USE;
bool node_field_flag(json_t *object, const char *key);
enum base_code node_field_content(json_t *object, struct exchange_content *out) BASE_MUST_USE;
enum base_code node_field_handling(json_t *object, struct exchange_statement *out) BASE_MUST_USE;
enum base_code node_field_reason(json_t *object, struct exchange_statement *out) BASE_MUST_USE;
/* BASE_E_ARGUMENT when a field is left that this request does not know. */
enum base_code node_fields_done(json_t *object) BASE_MUST_USE;

/* What results say. */
void node_json_time(json_t *object, const char *key, int64_t time_ms);
void node_json_hash(json_t *object, const char *key, const uint8_t hash[32]);
const char *node_duty_state_word(enum store_duty_state state); /* "open", "met", "overdue", "late" */

/* The role of analyst or releaser, and the look in the log of looks. */
enum base_code node_request_look(struct node_request *request, const struct exchange_id *compartment, const char *what, const char *subject,
                                 const char *why) BASE_MUST_USE;

enum base_code node_request_alert_send(struct node_request *request, json_t *object) BASE_MUST_USE;
enum base_code node_request_alert_renew(struct node_request *request, json_t *object) BASE_MUST_USE;
enum base_code node_request_alert_close(struct node_request *request, json_t *object) BASE_MUST_USE;
enum base_code node_request_alert_served(struct node_request *request, json_t *object) BASE_MUST_USE;
enum base_code node_request_ask(struct node_request *request, json_t *object) BASE_MUST_USE;
enum base_code node_request_answer(struct node_request *request, json_t *object) BASE_MUST_USE;
enum base_code node_request_decline(struct node_request *request, json_t *object) BASE_MUST_USE;
enum base_code node_request_defer(struct node_request *request, json_t *object) BASE_MUST_USE;
enum base_code node_request_withdraw(struct node_request *request, json_t *object) BASE_MUST_USE;
enum base_code node_request_feedback(struct node_request *request, json_t *object) BASE_MUST_USE;
enum base_code node_request_correct(struct node_request *request, json_t *object) BASE_MUST_USE;
enum base_code node_request_hold(struct node_request *request, json_t *object) BASE_MUST_USE;
enum base_code node_request_drafts(struct node_request *request, json_t *object) BASE_MUST_USE;
enum base_code node_request_release(struct node_request *request, json_t *object) BASE_MUST_USE;
enum base_code node_request_refuse(struct node_request *request, json_t *object) BASE_MUST_USE;
/* requests_hits.c */
enum base_code node_request_events_add(struct node_request *request, json_t *object) BASE_MUST_USE;
enum base_code node_request_hits(struct node_request *request, json_t *object) BASE_MUST_USE;
enum base_code node_request_hit_judge(struct node_request *request, json_t *object) BASE_MUST_USE;
enum base_code node_request_hit_tell(struct node_request *request, json_t *object) BASE_MUST_USE;
enum base_code node_request_hit_tell_decline(struct node_request *request, json_t *object) BASE_MUST_USE;
/* requests_show.c */
enum base_code node_request_alerts(struct node_request *request, json_t *object) BASE_MUST_USE;
enum base_code node_request_alert_show(struct node_request *request, json_t *object) BASE_MUST_USE;
enum base_code node_request_asks(struct node_request *request, json_t *object) BASE_MUST_USE;
enum base_code node_request_ask_show(struct node_request *request, json_t *object) BASE_MUST_USE;
enum base_code node_request_tasks(struct node_request *request, json_t *object) BASE_MUST_USE;
enum base_code node_request_task_take(struct node_request *request, json_t *object) BASE_MUST_USE;
enum base_code node_request_task_close(struct node_request *request, json_t *object) BASE_MUST_USE;
enum base_code node_request_open(struct node_request *request, json_t *object) BASE_MUST_USE;

/* Findings and duties of one alert as JSON arrays; new references. */
enum base_code node_findings_json(struct node_request *request, const uint8_t *compartment, const struct crypto_hash *alert, bool only_open,
                                  json_t *out) BASE_MUST_USE;
enum { NODE_LISTED_MAX = 500 }; /* of any list: the newest; the result says how many were left out */

#endif
