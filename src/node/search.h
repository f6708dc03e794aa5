/* SPDX-License-Identifier: Apache-2.0
 *
 * Looking up one's own records by eye: which have a name in which all the words occur, whatever their case. It compares letters
 * only; it is not how names are matched (src/people/keys.h).
 */
#ifndef NODE_SEARCH_H
#define NODE_SEARCH_H

#include "people/record.h"

enum { NODE_SEARCH_WORDS_MAX = 16 };

struct node_search {
    struct base_buffer words[NODE_SEARCH_WORDS_MAX]; /* lower case */
    size_t count;
    struct base_buffer name; /* the one that is being looked at */
};

#define NODE_SEARCH_EMPTY ((struct node_search){0})

/* BASE_E_ENCODING for a word that is not UTF-8, BASE_E_LIMIT for too many. */
enum base_code node_search_add(struct node_search *search, const char *word) BASE_MUST_USE;
/* Without words, every record fits. */
enum base_code node_search_fits(struct node_search *search, const struct people_record *record, bool *fits) BASE_MUST_USE;
void node_search_release(struct node_search *search);

/* The name that stands for a person in a list, and the one in the original script; NULL where there is none. Borrowed. */
void node_person_names(const struct people_record *record, const char **name, const char **original);

#endif
