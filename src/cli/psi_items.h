/* SPDX-License-Identifier: Apache-2.0
 *
 * The items of `entente psi`: the lines of a file, one column of a CSV file, or records of one length. A line or a field becomes
 * 32 bytes, a hash of exactly its bytes; a record stands for itself. Empty lines and fields are passed over.
 */
#ifndef CLI_PSI_ITEMS_H
#define CLI_PSI_ITEMS_H

#include "base/bytes.h"

enum { CLI_PSI_HASH_LEN = 32, CLI_PSI_TEXT_MAX = 1 << 16 /* bytes of a line or field */ };

struct cli_psi_source {
    const char *path;
    const char *column;  /* CSV: the heading of the column, or its number from 1; NULL: not CSV */
    uint32_t record_len; /* binary; 0: not binary */
};

struct cli_psi_items {
    uint8_t *bytes; /* owned */
    uint32_t len;   /* of one */
    bool is_text;   /* hashes of lines or fields */
    uint64_t count;
    size_t capacity;
};
#define CLI_PSI_ITEMS_EMPTY ((struct cli_psi_items){NULL, 0, false, 0, 0})

/* Calls visit for each item as it stands in the file. What reading fails with; BASE_E_LIMIT for a text over CLI_PSI_TEXT_MAX,
 * BASE_E_TRUNCATED for half a record at the end, BASE_E_NOT_FOUND for a column there is not, or what visit returns. */
typedef enum base_code cli_psi_visit(void *context, struct base_bytes text);
enum base_code cli_psi_each(const struct cli_psi_source *source, cli_psi_visit *visit, void *context) BASE_MUST_USE;

enum base_code cli_psi_items_read(const struct cli_psi_source *source, struct cli_psi_items *out) BASE_MUST_USE;
void cli_psi_items_release(struct cli_psi_items *items); /* wipes */

#endif
