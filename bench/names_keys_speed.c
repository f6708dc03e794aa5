/* SPDX-License-Identifier: Apache-2.0
 *
 * How long the match keys of a large list take on one core, beside what cannot be saved: its names to forms, and its keys hashed
 * once. Time is the processor's, so that whatever else runs beside it does not count.
 */
#include "bench/names.h"
#include "names/forms.h"
#include "people/keys.h"
#include "synth/synth.h"

#include <stdio.h>
#include <time.h>

enum { AT_ONCE = 1000, YARDSTICK_BLOCKS = 2000000 };

struct spent {
    clock_t forms, keys;
    uint64_t persons, key_count, names;
};

static double seconds_of(clock_t ticks)
{
    return (double)(ticks == 0 ? 1 : ticks) / CLOCKS_PER_SEC;
}

static enum base_code time_forms(const struct people_record *records, size_t count, struct spent *spent)
{
    clock_t start = clock();
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < records[i].name_count; k++) {
            struct names_form form;
            BASE_TRY(names_form_of(base_bytes_text(records[i].names[k].text), &form));
            spent->names++;
        }
    spent->forms += clock() - start;
    return BASE_OK;
}

static enum base_code time_keys(const struct people_rules *rules, const struct people_record *records, size_t count, struct people_keys *keys,
                                struct spent *spent)
{
    clock_t start = clock();
    for (size_t i = 0; i < count; i++) {
        BASE_TRY(people_keys_make(rules, &records[i], keys));
        spent->key_count += keys->count;
    }
    spent->keys += clock() - start;
    spent->persons += count;
    return BASE_OK;
}

static enum base_code time_some(const struct synth *synth, const struct people_rules *rules, uint64_t first, size_t count,
                                struct people_record *records, struct people_keys *keys, struct spent *spent)
{
    enum base_code code = BASE_OK;
    for (size_t i = 0; i < count; i++)
        records[i] = PEOPLE_RECORD_EMPTY;
    for (size_t i = 0; code == BASE_OK && i < count; i++)
        code = synth_person(synth, first + i, &records[i]);
    if (code == BASE_OK)
        code = time_forms(records, count, spent);
    if (code == BASE_OK)
        code = time_keys(rules, records, count, keys, spent);
    for (size_t i = 0; i < count; i++)
        people_record_release(&records[i]);
    return code;
}

/* One block behind what was begun, as a key is hashed. */
static double blocks_a_second(void)
{
    struct crypto_running begun;
    struct crypto_hash hash = {{0}};
    crypto_running_domain(&begun, "entente/people/token/v2");
    crypto_running_part(&begun, base_bytes_of(hash.bytes, sizeof hash.bytes));
    clock_t start = clock();
    for (int i = 0; i < YARDSTICK_BLOCKS; i++) {
        struct crypto_running running = begun;
        crypto_running_part(&running, base_bytes_of(hash.bytes, sizeof hash.bytes));
        crypto_running_final(&running, &hash);
    }
    return YARDSTICK_BLOCKS / seconds_of(clock() - start);
}

static void print_spent(const struct spent *spent)
{
    double persons = (double)spent->persons, seconds = seconds_of(spent->keys);
    double blocks = blocks_a_second(), hashing = (double)spent->key_count / blocks;
    printf("match keys of %llu synthetic persons, one core\n"
           "  %.0f persons/s, %.1f keys a person, %.2f names a person\n"
           "  forms of the names alone: %.0f persons/s\n"
           "  yardstick: %.0f SHA-256 blocks/s; one block a key is %.1f%% of the time\n",
           (unsigned long long)spent->persons, persons / seconds, (double)spent->key_count / persons, (double)spent->names / persons,
           persons / seconds_of(spent->forms), blocks, 100 * hashing / seconds);
}

enum base_code names_keys_speed(const struct people_rules *rules, uint64_t persons)
{
    static struct people_record records[AT_ONCE];
    struct people_keys keys = PEOPLE_KEYS_EMPTY;
    struct synth *synth = NULL;
    struct spent spent = {0};
    BASE_TRY(synth_new(1, &SYNTH_OPTIONS_DEFAULT, &synth));
    enum base_code code = BASE_OK;
    for (uint64_t first = 0; code == BASE_OK && first < persons; first += AT_ONCE)
        code = time_some(synth, rules, first, persons - first < AT_ONCE ? (size_t)(persons - first) : AT_ONCE, records, &keys, &spent);
    if (code == BASE_OK)
        print_spent(&spent);
    people_keys_release(&keys);
    synth_free(synth);
    return code;
}
