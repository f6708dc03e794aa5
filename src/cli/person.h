/* SPDX-License-Identifier: Apache-2.0
 *
 * Persons from a command line, a CSV row or a FollowTheMoney file to entities as the node takes them (doc/spec/records.md).
 */
#ifndef CLI_PERSON_H
#define CLI_PERSON_H

#include "cli/command.h"
#include "people/record.h"

#define CLI_PERSON_OPTIONS                                                                                             \
    {"name", 'n', "NAME...", "a name of the person in any script; once for each spelling"},                            \
        {"born", 'b', "DATE...", "1986-10-21, 1986-10, 1986, c.1986 or 1985/1988; once for each date that is stated"}, \
        {"sex", 0, "m|f", "the person's sex, where it is known"},                                                      \
        {"nationality", 0, "STATE...", "a nationality, as written"},                                                   \
        {"birth-place", 0, "PLACE...", "a place of birth, as written"},                                                \
        {"document", 0, "DOC...", "a document: TYPE:NUMBER or TYPE:NUMBER:COUNTRY"},                                   \
    {                                                                                                                  \
        "person", 0, "FILE...", "a person's FollowTheMoney entity, or an array of them (JSON)"                         \
    }

/* Names of one person in whatever scripts. Beside a name in Latin letters those in other scripts are kept as the original ones,
 * as lists do; the first Latin one is the primary. BASE_E_ENCODING, BASE_E_LIMIT. */
enum base_code cli_person_add_names(struct people_record *record, const char *const *names, size_t count) BASE_MUST_USE;
/* As in doc/spec/records.md 5, and "c.1986" without a blank. BASE_E_ARGUMENT when it is none. */
enum base_code cli_person_add_born(struct people_record *record, const char *text) BASE_MUST_USE;
enum base_code cli_person_add_document(struct people_record *record, const char *text) BASE_MUST_USE; /* BASE_E_ARGUMENT */
enum base_code cli_person_set_sex(struct people_record *record, const char *text) BASE_MUST_USE;      /* BASE_E_ARGUMENT */

/* The person of CLI_PERSON_OPTIONS without --person. BASE_E_ARGUMENT when there is no name but something else. */
enum base_code cli_person_of_options(const struct cli *cli, struct people_record *out) BASE_MUST_USE;
/* A new reference. A record has a key: one that has none gets one here, made from the rest, so that equal persons get equal ones. */
enum base_code cli_person_json(struct people_record *record, json_t **out) BASE_MUST_USE;
/* Appends the entities of a file: one object, or an array. BASE_E_FORMAT, BASE_E_LIMIT, BASE_E_NOT_FOUND. */
enum base_code cli_persons_of_file(const char *path, json_t *array) BASE_MUST_USE;

#endif
