/* SPDX-License-Identifier: Apache-2.0 */
#include "store/ledgers.h"

#include "store/scratch.h"
#include "store/sql.h"

static const uint8_t here[STORE_ID_LEN] = "a compartment..";
static const uint8_t elsewhere[STORE_ID_LEN] = "another one....";

static struct store_entry entry_of(uint64_t index, const char *kind, int64_t time_ms)
{
    struct store_entry entry = {.index = index, .time_ms = time_ms, .note = base_bytes_text("a note\n")};
    memset(entry.hash, (int)index + 1, sizeof entry.hash);
    snprintf(entry.kind, sizeof entry.kind, "%s", kind);
    return entry;
}

static void add_entries(struct store *store, const uint8_t compartment[STORE_ID_LEN], uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        struct store_entry entry = entry_of(i, i % 2 == 0 ? "ask" : "answer", 100 * (int64_t)i);
        assert_ok(store_entry_add(store, compartment, &entry));
    }
}

static enum base_code list_entry(void *context, const struct store_entry *entry)
{
    assert_int_equal(entry->index + 1, entry->hash[31]);
    assert_bytes("a note\n", entry->note);
    return base_buffer_format(context, "%d:%s@%d ", (int)entry->index, entry->kind, (int)entry->time_ms);
}

static void assert_entries(struct store *store, uint64_t from, uint64_t to, const char *expected)
{
    struct base_buffer text = BASE_BUFFER_EMPTY;
    assert_ok(base_buffer_append(&text, base_bytes_text("|")));
    assert_ok(store_entries_each(store, here, from, to, list_entry, &text));
    assert_string_equal(expected, base_buffer_c_string(&text));
    base_buffer_release(&text);
}

static void entries_are_read_by_range(void **state)
{
    struct scratch *scratch = *state;
    uint64_t count = 7;
    assert_ok(store_entries_count(scratch->store, here, &count));
    assert_int_equal(0, count);
    add_entries(scratch->store, here, 4);
    add_entries(scratch->store, elsewhere, 2);
    assert_ok(store_entries_count(scratch->store, here, &count));
    assert_int_equal(4, count);
    assert_entries(scratch->store, 0, 4, "|0:ask@0 1:answer@100 2:ask@200 3:answer@300 ");
    assert_entries(scratch->store, 1, 3, "|1:answer@100 2:ask@200 ");
    assert_entries(scratch->store, 3, UINT64_MAX, "|3:answer@300 ");
    assert_entries(scratch->store, 2, 2, "|");
    assert_entries(scratch->store, 3, 1, "|");
    assert_entries(scratch->store, UINT64_MAX, UINT64_MAX, "|"); /* not taken for a number below zero */
}

static void entries_are_found_by_what_they_are_about(void **state)
{
    struct scratch *scratch = *state;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    uint8_t about[2][32] = {{0xa1}, {0xb2}};
    for (uint64_t i = 0; i < 6; i++) {
        struct store_entry entry = entry_of(i, i < 4 ? "renew" : "close", 0);
        if (i > 0)
            entry.about = base_bytes_of(about[i % 2], 32);
        assert_ok(store_entry_add(scratch->store, here, &entry));
    }
    assert_ok(store_entries_about(scratch->store, here, about[0], "renew", list_entry, &text));
    assert_bytes("2:renew@0 ", base_bytes_buffer(&text));
    assert_ok(store_entries_about(scratch->store, here, about[1], "renew", list_entry, &text));
    assert_ok(store_entries_about(scratch->store, here, about[0], "close", list_entry, &text));
    assert_ok(store_entries_about(scratch->store, elsewhere, about[0], "close", list_entry, &text));
    assert_bytes("2:renew@0 1:renew@0 3:renew@0 4:close@0 ", base_bytes_buffer(&text));
    base_buffer_release(&text);
}

static void an_index_and_a_hash_stand_once_in_a_ledger(void **state)
{
    struct scratch *scratch = *state;
    add_entries(scratch->store, here, 2);
    struct store_entry same_index = entry_of(1, "ask", 0), same_hash = entry_of(1, "ask", 0);
    memset(same_index.hash, 0x77, 32);
    same_hash.index = 2;
    assert_fails(BASE_E_EXISTS, store_entry_add(scratch->store, here, &same_index));
    assert_fails(BASE_E_EXISTS, store_entry_add(scratch->store, here, &same_hash));
    assert_fails(BASE_E_RANGE, store_entry_add(scratch->store, elsewhere, &same_hash)); /* would leave a gap */
    same_hash.index = 0;
    assert_ok(store_entry_add(scratch->store, elsewhere, &same_hash)); /* another ledger does not mind */
    assert_entries(scratch->store, 0, 9, "|0:ask@0 1:answer@100 ");
}

static enum base_code list_index(void *context, const struct store_entry *entry)
{
    return base_buffer_format(context, "%s%llu ", entry->kind, (unsigned long long)entry->index);
}

static void entries_are_visited_by_kind_and_time(void **state)
{
    struct scratch *scratch = *state;
    struct base_buffer seen = BASE_BUFFER_EMPTY;
    add_entries(scratch->store, here, 6);
    add_entries(scratch->store, elsewhere, 6);
    assert_ok(store_entries_each_kind(scratch->store, here, "ask", 200, list_index, &seen)); /* at 0, 200, 400 */
    assert_string_equal("ask2 ask4 ", base_buffer_c_string(&seen));
    base_buffer_clear(&seen);
    assert_ok(store_entries_each_kind(scratch->store, here, "answer", 0, list_index, &seen));
    assert_string_equal("answer1 answer3 answer5 ", base_buffer_c_string(&seen));
    base_buffer_clear(&seen);
    assert_ok(store_entries_each_kind(scratch->store, here, "as", 0, list_index, &seen));
    assert_string_equal("", base_buffer_c_string(&seen));
    base_buffer_release(&seen);
}

static void an_entry_is_found_by_hash_and_counted_by_kind(void **state)
{
    struct scratch *scratch = *state;
    uint8_t hash[32];
    uint64_t index = 99, count = 99;
    add_entries(scratch->store, here, 6);
    memset(hash, 4, sizeof hash);
    assert_ok(store_entry_find(scratch->store, here, hash, &index));
    assert_int_equal(3, index);
    assert_fails(BASE_E_NOT_FOUND, store_entry_find(scratch->store, elsewhere, hash, &index));
    hash[0] = 0;
    assert_fails(BASE_E_NOT_FOUND, store_entry_find(scratch->store, here, hash, &index));
    assert_ok(store_entries_count_kind(scratch->store, here, "ask", 200, &count)); /* at 0, 200, 400: the limit itself counts */
    assert_int_equal(2, count);
    assert_ok(store_entries_count_kind(scratch->store, here, "ask", 201, &count));
    assert_int_equal(1, count);
    assert_ok(store_entries_count_kind(scratch->store, here, "as", 0, &count));
    assert_int_equal(0, count);
    assert_ok(store_entries_count_kind(scratch->store, elsewhere, "ask", 0, &count));
    assert_int_equal(0, count);
}

static void an_appended_entry_stands_behind_the_last(void **state)
{
    struct scratch *scratch = *state;
    struct store_entry entry = entry_of(0, "ask", 0);
    bool is_new = false;
    entry.index = 77; /* not looked at */
    assert_ok(store_entry_append(scratch->store, here, &entry, &is_new));
    assert_true(is_new);
    add_entries(scratch->store, elsewhere, 3);
    entry = entry_of(1, "answer", 100);
    assert_ok(store_entry_append(scratch->store, here, &entry, &is_new));
    assert_true(is_new);
    entry.time_ms = 999;
    assert_ok(store_entry_append(scratch->store, here, &entry, &is_new)); /* this note is there */
    assert_false(is_new);
    assert_entries(scratch->store, 0, UINT64_MAX, "|0:ask@0 1:answer@100 ");
}

static uint64_t most(struct store *store, const char *what, int64_t since_ms)
{
    uint64_t most = 0;
    assert_ok(store_tally_most(store, here, what, since_ms, &most));
    return most;
}

static void append(struct store *store, uint8_t number)
{
    struct store_entry entry = entry_of(number, "ask", number);
    bool is_new;
    assert_ok(store_entry_append(store, here, &entry, &is_new));
    assert_true(is_new);
}

static void a_tally_is_never_below_the_truth(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = scratch->store, *other;
    assert_true(most(store, "ask", 5) == UINT64_MAX);
    assert_ok(store_tally_keep(store, here, "ask", 5, 3));
    assert_true(most(store, "ask", 5) == UINT64_MAX); /* outside a transaction */
    append(store, 0);
    assert_ok(store_begin(store));
    assert_ok(store_tally_keep(store, here, "ask", 5, 3));
    assert_true(most(store, "answer", 5) == UINT64_MAX);
    assert_int_equal(3, most(store, "ask", 5));
    append(store, 1);
    append(store, 2);
    assert_int_equal(5, most(store, "ask", 5));
    assert_true(most(store, "ask", 4) == UINT64_MAX); /* may see an entry that was not counted */
    assert_int_equal(5, most(store, "ask", 6));
    assert_ok(store_commit(store));
    assert_int_equal(5, most(store, "ask", 5));
    assert_ok(store_open(scratch->path, STORE_OPEN, &other));
    append(other, 3);
    store_close(other);
    assert_int_equal(6, most(store, "ask", 5)); /* whoever adds one */
}

static void a_tally_ends_with_what_is_taken_back(void **state)
{
    struct scratch *scratch = *state;
    struct store *store = scratch->store;
    assert_ok(store_begin(store));
    assert_ok(store_mark(store));
    append(store, 0);
    assert_ok(store_tally_keep(store, here, "ask", 0, 1));
    assert_ok(store_mark_undo(store));
    assert_true(most(store, "ask", 0) == UINT64_MAX);
    append(store, 0);
    assert_ok(store_tally_keep(store, here, "ask", 0, 1));
    store_rollback(store);
    append(store, 9); /* as many entries as there were */
    assert_true(most(store, "ask", 0) == UINT64_MAX);
    assert_ok(store_begin(store));
    assert_ok(store_tally_keep(store, here, "ask", 0, 1));
    assert_ok(store_commit(store));
    store_rollback(store); /* nothing is open */
    assert_int_equal(1, most(store, "ask", 0));
}

static void a_tally_has_a_short_name(void **state)
{
    struct scratch *scratch = *state;
    assert_ok(store_begin(scratch->store));
    assert_fails(BASE_E_LIMIT, store_tally_keep(scratch->store, here, "forty bytes, which is one too many for a", 0, 1));
    assert_ok(store_tally_keep(scratch->store, here, "thirty-nine bytes, as long as a name is", 0, 1));
    assert_int_equal(1, most(scratch->store, "thirty-nine bytes, as long as a name is", 0));
}

static enum base_code stop_at_entry(void *context, const struct store_entry *entry)
{
    ++*(int *)context;
    return entry->index == 1 ? base_fail(BASE_E_CANCELLED, "seen enough") : BASE_OK;
}

static enum base_code stop_at_outgoing(void *context, const struct store_outgoing *outgoing)
{
    (void)outgoing;
    ++*(int *)context;
    return base_fail(BASE_E_CANCELLED, "seen enough");
}

static void a_visitors_error_ends_the_walk(void **state)
{
    struct scratch *scratch = *state;
    const uint8_t hash[32] = {1}, second[32] = {2};
    int seen = 0;
    add_entries(scratch->store, here, 3);
    assert_fails(BASE_E_CANCELLED, store_entries_each(scratch->store, here, 0, 3, stop_at_entry, &seen));
    assert_int_equal(2, seen);
    assert_ok(store_outbox_put(scratch->store, here, hash, 1, base_bytes_text("n")));
    assert_ok(store_outbox_put(scratch->store, here, second, 1, base_bytes_text("n")));
    assert_fails(BASE_E_CANCELLED, store_outbox_each(scratch->store, here, 0, 9, stop_at_outgoing, &seen));
    assert_int_equal(3, seen);
}

/* The oldest that waits, and the next of a walk, cost the same however many wait here and in other compartments. */
static void a_long_outbox_is_not_read_for_its_first_row(void **state)
{
    struct scratch *scratch = *state;
    int seen = 0;
    assert_ok(store_begin(scratch->store));
    for (uint32_t i = 0; i < 2000; i++) {
        uint8_t hash[32] = {(uint8_t)(i * 7), (uint8_t)(i >> 8), (uint8_t)i};
        assert_ok(store_outbox_put(scratch->store, i % 2 == 0 ? here : elsewhere, hash, i, base_bytes_text("n")));
    }
    assert_ok(store_commit(scratch->store));
    (void)scratch_steps(scratch->store);
    for (int64_t after = 0; after < 2000; after += 500)
        assert_fails(BASE_E_CANCELLED, store_outbox_each(scratch->store, here, after, 256, stop_at_outgoing, &seen));
    assert_int_equal(4, seen);
    assert_true(scratch_steps(scratch->store) < 400);
}

static void a_row_of_the_wrong_size_is_damage(void **state)
{
    struct scratch *scratch = *state;
    int seen = 0;
    add_entries(scratch->store, here, 2);
    assert_ok(store_script(scratch->store, "UPDATE entries SET hash=x'0102' WHERE number=0"));
    assert_fails(BASE_E_CORRUPT, store_entries_each(scratch->store, here, 0, 2, stop_at_entry, &seen));
    assert_int_equal(0, seen);
}

static void tiles_are_replaced_whole(void **state)
{
    struct scratch *scratch = *state;
    struct base_buffer out = BASE_BUFFER_EMPTY;
    uint8_t full[8192];
    memset(full, 0x3c, sizeof full);
    assert_fails(BASE_E_NOT_FOUND, store_tile_get(scratch->store, here, 0, 0, &out));
    assert_ok(store_tile_put(scratch->store, here, 0, 0, base_bytes_text("partial")));
    assert_ok(store_tile_put(scratch->store, here, 0, 0, base_bytes_of(full, sizeof full)));
    assert_ok(store_tile_put(scratch->store, here, 1, 0, base_bytes_text("above")));
    assert_ok(store_tile_put(scratch->store, here, 0, 1, base_bytes_text("beside")));
    assert_ok(store_tile_get(scratch->store, here, 0, 0, &out));
    assert_int_equal(sizeof full, out.len);
    assert_memory_equal(full, out.data, sizeof full);
    assert_ok(store_tile_get(scratch->store, here, 1, 0, &out)); /* appends */
    assert_int_equal(sizeof full + 5, out.len);
    assert_fails(BASE_E_NOT_FOUND, store_tile_get(scratch->store, here, 1, 1, &out));
    assert_fails(BASE_E_NOT_FOUND, store_tile_get(scratch->store, elsewhere, 0, 0, &out));
    assert_int_equal(sizeof full + 5, out.len);
    base_buffer_release(&out);
}

static void each_slot_keeps_its_newest_head(void **state)
{
    struct scratch *scratch = *state;
    struct base_buffer note = BASE_BUFFER_EMPTY;
    struct store_head own = {.size = 1ull << 40, .root = {1}, .time_ms = 11}, peer = {.size = 2, .root = {2}, .time_ms = 12}, got;
    assert_fails(BASE_E_NOT_FOUND, store_head_get(scratch->store, here, STORE_HEAD_OWN, &got, &note));
    assert_ok(store_head_put(scratch->store, here, STORE_HEAD_OWN, &peer, base_bytes_text("older\n")));
    assert_ok(store_head_put(scratch->store, here, STORE_HEAD_OWN, &own, base_bytes_text("own\n")));
    assert_ok(store_head_put(scratch->store, here, STORE_HEAD_PEER, &peer, base_bytes_text("peer\n")));
    assert_ok(store_head_get(scratch->store, here, STORE_HEAD_OWN, &got, &note));
    assert_true(own.size == got.size && own.time_ms == got.time_ms);
    assert_memory_equal(own.root, got.root, 32);
    assert_ok(store_head_get(scratch->store, here, STORE_HEAD_PEER, &got, &note));
    assert_int_equal(2, got.size);
    assert_string_equal("own\npeer\n", base_buffer_c_string(&note));
    assert_fails(BASE_E_NOT_FOUND, store_head_get(scratch->store, here, STORE_HEAD_COSIGNED, &got, &note));
    assert_fails(BASE_E_NOT_FOUND, store_head_get(scratch->store, elsewhere, STORE_HEAD_OWN, &got, &note));
    base_buffer_release(&note);
}

struct waiting {
    int64_t last;
    struct base_buffer text;
};

static enum base_code list_outgoing(void *context, const struct store_outgoing *outgoing)
{
    struct waiting *waiting = context;
    assert_true(outgoing->number > waiting->last);
    assert_int_equal(outgoing->hash[0], outgoing->since_ms);
    waiting->last = outgoing->number;
    return base_buffer_format(&waiting->text, "%.*s ", (int)outgoing->note.len, (const char *)outgoing->note.data);
}

static void put_outgoing(struct store *store, const uint8_t compartment[STORE_ID_LEN], uint8_t number)
{
    uint8_t hash[32] = {number};
    char note[8];
    snprintf(note, sizeof note, "n%d", number);
    assert_ok(store_outbox_put(store, compartment, hash, number, base_bytes_text(note)));
}

static void the_outbox_keeps_its_order_until_a_receipt(void **state)
{
    struct scratch *scratch = *state;
    struct waiting waiting = {0, BASE_BUFFER_EMPTY};
    uint8_t hash[32] = {2};
    uint64_t count = 0;
    for (uint8_t i = 3; i > 0; i--)
        put_outgoing(scratch->store, here, i);
    put_outgoing(scratch->store, elsewhere, 2);
    assert_fails(BASE_E_EXISTS, store_outbox_put(scratch->store, here, hash, 9, base_bytes_text("again")));
    assert_ok(store_outbox_each(scratch->store, here, 0, 2, list_outgoing, &waiting)); /* the limit holds */
    assert_string_equal("n3 n2 ", base_buffer_c_string(&waiting.text));
    assert_ok(store_outbox_each(scratch->store, here, waiting.last, 2, list_outgoing, &waiting)); /* and the walk goes on */
    assert_string_equal("n3 n2 n1 ", base_buffer_c_string(&waiting.text));
    assert_ok(store_outbox_remove(scratch->store, here, hash));
    assert_fails(BASE_E_NOT_FOUND, store_outbox_remove(scratch->store, here, hash));
    assert_ok(store_outbox_count(scratch->store, here, &count));
    assert_int_equal(2, count);
    assert_ok(store_outbox_count(scratch->store, elsewhere, &count));
    assert_int_equal(1, count);
    base_buffer_release(&waiting.text);
}

static void a_number_of_the_outbox_is_never_given_twice(void **state)
{
    struct scratch *scratch = *state;
    struct waiting waiting = {0, BASE_BUFFER_EMPTY};
    const uint8_t hash[32] = {1};
    put_outgoing(scratch->store, here, 1);
    assert_ok(store_outbox_each(scratch->store, here, 0, 9, list_outgoing, &waiting));
    assert_ok(store_outbox_remove(scratch->store, here, hash));
    put_outgoing(scratch->store, here, 2);
    assert_ok(store_outbox_each(scratch->store, here, waiting.last, 9, list_outgoing, &waiting)); /* not skipped by who has seen the first */
    assert_string_equal("n1 n2 ", base_buffer_c_string(&waiting.text));
    base_buffer_release(&waiting.text);
}

static void the_last_number_of_an_outbox_is_its_own(void **state)
{
    struct scratch *scratch = *state;
    int64_t last = 9, other = 9;
    assert_ok(store_outbox_last(scratch->store, here, &last));
    assert_int_equal(0, last);
    put_outgoing(scratch->store, here, 1);
    put_outgoing(scratch->store, here, 2);
    put_outgoing(scratch->store, elsewhere, 3);
    assert_ok(store_outbox_last(scratch->store, here, &last));
    assert_ok(store_outbox_last(scratch->store, elsewhere, &other));
    assert_true(last > 0 && other > last);
}

static enum base_code list_lag(void *context, const struct store_lag *lag)
{
    return base_buffer_format(context, "%c:%u,%d,%d,%d ", lag->compartment[0], lag->state, lag->has_outgoing, (int)lag->own_size, (int)lag->cosigned_size);
}

static void what_a_compartment_lags_behind_is_read_at_once(void **state)
{
    struct scratch *scratch = *state;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    struct store_compartment row = {.name = "one", .state = 7, .terms = base_bytes_text("t"), .keys = base_bytes_text("k")};
    struct store_head head = {.size = 5};
    assert_ok(store_lags_each(scratch->store, list_lag, &text));
    assert_int_equal(0, text.len);
    memcpy(row.id, here, sizeof row.id);
    assert_ok(store_compartment_put(scratch->store, &row));
    memcpy(row.id, elsewhere, sizeof row.id);
    row.id[0] = 'z';
    row.state = 8;
    snprintf(row.name, sizeof row.name, "two");
    assert_ok(store_compartment_put(scratch->store, &row));
    assert_ok(store_head_put(scratch->store, here, STORE_HEAD_OWN, &head, base_bytes_text("h")));
    head.size = 3;
    assert_ok(store_head_put(scratch->store, here, STORE_HEAD_COSIGNED, &head, base_bytes_text("h")));
    head.size = 99;
    assert_ok(store_head_put(scratch->store, here, STORE_HEAD_PEER, &head, base_bytes_text("h")));
    put_outgoing(scratch->store, row.id, 1);
    assert_ok(store_lags_each(scratch->store, list_lag, &text));
    assert_string_equal("a:7,0,5,3 z:8,1,0,0 ", base_buffer_c_string(&text));
    base_buffer_release(&text);
}

static void a_version_changes_with_every_change(void **state)
{
    struct scratch *scratch = *state;
    struct store *other;
    uint64_t versions[4];
    assert_ok(store_open(scratch->path, STORE_OPEN, &other));
    assert_ok(store_version(scratch->store, &versions[0]));
    assert_ok(store_version(scratch->store, &versions[1]));
    assert_true(versions[0] == versions[1]);
    put_outgoing(scratch->store, here, 1);
    assert_ok(store_version(scratch->store, &versions[1]));
    put_outgoing(other, here, 2);
    assert_ok(store_version(scratch->store, &versions[2]));
    assert_ok(store_version(scratch->store, &versions[3]));
    assert_true(versions[0] != versions[1] && versions[1] != versions[2] && versions[2] == versions[3]);
    store_close(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(entries_are_read_by_range),
        SCRATCH_TEST(entries_are_found_by_what_they_are_about),
        SCRATCH_TEST(an_index_and_a_hash_stand_once_in_a_ledger),
        SCRATCH_TEST(entries_are_visited_by_kind_and_time),
        SCRATCH_TEST(an_entry_is_found_by_hash_and_counted_by_kind),
        SCRATCH_TEST(an_appended_entry_stands_behind_the_last),
        SCRATCH_TEST(a_tally_is_never_below_the_truth),
        SCRATCH_TEST(a_tally_ends_with_what_is_taken_back),
        SCRATCH_TEST(a_tally_has_a_short_name),
        SCRATCH_TEST(a_visitors_error_ends_the_walk),
        SCRATCH_TEST(a_long_outbox_is_not_read_for_its_first_row),
        SCRATCH_TEST(a_row_of_the_wrong_size_is_damage),
        SCRATCH_TEST(tiles_are_replaced_whole),
        SCRATCH_TEST(each_slot_keeps_its_newest_head),
        SCRATCH_TEST(the_outbox_keeps_its_order_until_a_receipt),
        SCRATCH_TEST(a_number_of_the_outbox_is_never_given_twice),
        SCRATCH_TEST(the_last_number_of_an_outbox_is_its_own),
        SCRATCH_TEST(what_a_compartment_lags_behind_is_read_at_once),
        SCRATCH_TEST(a_version_changes_with_every_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
