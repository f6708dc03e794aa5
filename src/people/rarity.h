/* SPDX-License-Identifier: Apache-2.0
 *
 * How much it says that two persons share a part of a name: tenths of a bit, log2 of one person in so many. From a table of how
 * many persons of published lists have it (src/people/rarity.tsv, made by bench-rarity), and for what is not in the table
 * from its length. Both parties need not have the same table: it judges what one of them sees in the clear.
 */
#ifndef PEOPLE_RARITY_H
#define PEOPLE_RARITY_H

#include <stddef.h>
#include <stdint.h>

/* Of a sound (capitals) or a plain form (small letters), by its people_hash() and length. */
uint8_t people_rarity_of_sound(uint64_t hash, size_t len);
uint8_t people_rarity_of_word(uint64_t hash, size_t len);

#endif
