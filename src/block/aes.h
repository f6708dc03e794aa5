/* SPDX-License-Identifier: Apache-2.0
 *
 * AES-128 (FIPS 197) on many blocks at once, and what is built from it: a generator, and two hashes for keys that are
 * related to each other. `in` and `out` may be the same array, or do not overlap.
 *
 * The hashes are constructions of Guo, Katz, Wang and Yu, "Efficient and Secure Multiparty Computation from Fixed-Key Block
 * Ciphers" (eprint 2019/074), with pi = AES under a key that both parties know, modelled as an ideal cipher:
 *   circular   MMO^ (section 7.3): pi(s(x)) ^ s(x) with s(hi, lo) = (hi ^ lo, hi): H(x ^ Delta) ^ b * Delta looks random for a
 *              secret Delta, any x and b;
 *   tweaked    TMMO (section 7.4): pi(pi(x) ^ i) ^ pi(x): the same, tweakable and for inputs that may repeat under other tweaks.
 * Their bound is about p * q / 2^128 for p calls under related keys and q of the attacker's, so a key is used for one session.
 */
#ifndef BLOCK_AES_H
#define BLOCK_AES_H

#include "block/block.h"

struct block_aes {
    struct block round_keys[11]; /* as FIPS 197 has them */
};

void block_aes_init(struct block_aes *aes, struct block key);
void block_aes_wipe(struct block_aes *aes);
void block_aes_encrypt(const struct block_aes *aes, const struct block *in, struct block *out, size_t count);
/* The generator: out[i] = AES(i + first), the counter being word[0] of a block whose word[1] is `stream`. */
void block_aes_counter(const struct block_aes *aes, uint64_t stream, uint64_t first, struct block *out, size_t count);

void block_hash_circular(const struct block_aes *pi, const struct block *in, struct block *out, size_t count);
/* Item i has the tweak first + i. */
void block_hash_tweaked(const struct block_aes *pi, uint64_t first, const struct block *in, struct block *out, size_t count);

#endif
