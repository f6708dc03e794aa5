/* SPDX-License-Identifier: Apache-2.0
 *
 * What a party hands to who oversees it: one file with the ledgers of its compartments, and the opening of a single content.
 * Reads only; needs no secret and no running node. doc/spec/oversight.md.
 */
#ifndef NODE_OVERSIGHT_H
#define NODE_OVERSIGHT_H

#include "node/audit.h"

enum {
    NODE_OVERSIGHT_FILES_MAX = 65536,
    NODE_OVERSIGHT_COMPARTMENTS_MAX = 1024,
    NODE_OVERSIGHT_FILE_MAX = 16777472,    /* bytes of one file in it */
    NODE_OPENING_CONTENT_MAX = 1048576,
};

struct node_oversight_facts {
    size_t compartments;
    size_t not_cosigned; /* compartments that are not there: the other party has cosigned nothing yet */
    uint64_t entries, files, bytes;
};

/* Writes the oversight file of these compartments, whose terms both have signed; equal ones count once. All of it as the
 * store is at one moment, and the same bytes each time. BASE_E_EXISTS when there is a file at `path`; BASE_E_STATE when there
 * is no compartment, BASE_E_LIMIT, BASE_E_CORRUPT, BASE_E_IO, BASE_E_DISK_FULL: then nothing is left there. */
enum base_code node_oversight_write(struct store *store, const struct node_compartment *compartments, size_t count, const char *path,
                                    struct node_oversight_facts *facts) BASE_MUST_USE;

/* Appends the opening of the content of entry `index`. BASE_E_NOT_FOUND: no such entry; BASE_E_STATE: not cosigned yet;
 * BASE_E_ARGUMENT: the entry commits to no content; BASE_E_PROOF: to another than this; BASE_E_LIMIT, BASE_E_FORMAT for the
 * lengths of content and salt. */
enum base_code node_opening_write(struct store *store, const struct node_compartment *compartment, uint64_t index,
                                  struct base_bytes salt, struct base_bytes content, struct base_buffer *out) BASE_MUST_USE;

#endif
