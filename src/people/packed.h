/* SPDX-License-Identifier: Apache-2.0
 *
 * A profile as one block of bytes, for keeping very many of them: in the memory of the screening index and in the store. It is
 * a quarter of the size of a profile, and is read faster than a record becomes one; what is read compares as the profile
 * that was written.
 *
 *     BASE_TRY(people_packed_write(profile, &bytes));
 *     BASE_TRY(people_packed_read(base_bytes_buffer(&bytes), profile));      -- any number of times: memory is used again
 *
 * Not kept is where the names and documents stand in the record, and the letters of joined neighbours: neither is compared, and
 * the words of a finding are written from the record. The block depends on no address and no machine. It follows
 * from the forms of names, so that it is of use only to the version that wrote it.
 *
 * A block, numbers big-endian: version u8, sex u8, width u8 (1 or 4), then six counts of that width: births,
 * names, documents, tokens, sounds, marks; then, of each
 *     birth     from and to as year i16, month u8, day u8; circa u8
 *     name      count of its tokens, and 128 for a weak alias: u8
 *     part      of each name its tokens, then its joined neighbours: which token, u8, or u16 with width 4
 *     token     bytes of its plain form u8 (0: only a join), count of its sounds u8, and 128 when it is frequent, script u8,
 *               rarity u8
 *     sound     bytes u8, and 128 when it is common, rarity u8
 *     document  bytes u8
 *     mark      0 for a nationality, 1 for a place of birth: u8, hash u32
 * and the texts in the order of their tokens, each with the sounds behind it, then the documents, all ending in NUL.
 */
#ifndef PEOPLE_PACKED_H
#define PEOPLE_PACKED_H

#include "people/profile.h"

/* Goes up when a record gives another block: another form of names, another rarity, another field. What is in a store is then made anew. */
enum { PEOPLE_PACKED_VERSION = 2 };

/* Appends the block. BASE_E_NOMEM, after which nothing was appended. */
enum base_code people_packed_write(const struct people_profile *profile, struct base_buffer *out) BASE_MUST_USE;
/* Replaces what the profile holds; on failure it is of an empty record. Every byte is checked: BASE_E_VERSION, BASE_E_TRUNCATED,
 * BASE_E_TRAILING, BASE_E_FORMAT; BASE_E_NOMEM. */
enum base_code people_packed_read(struct base_bytes bytes, struct people_profile *profile) BASE_MUST_USE;

#endif
