/* SPDX-License-Identifier: Apache-2.0
 *
 * Two parties in a folder of their own, paired, with a compartment that both have signed: made without a network, so that a
 * test can put anything into either store.
 */
#ifndef TESTS_NODE_FIXTURE_H
#define TESTS_NODE_FIXTURE_H

#include "support/test.h"

#include "base/file.h"
#include "node/seat.h"
#include "store/ledgers.h"

#include <ftw.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HERE, THERE };

struct fixture_side {
    char home[80], key_file[80];
    struct node_unlock unlock;
    struct node_party *party; /* NULL while closed */
};

struct fixture {
    char folder[64];
    struct fixture_side sides[2]; /* HERE proposes, THERE accepts */
    struct exchange_id compartment;
    struct exchange_terms terms;
    int64_t now_ms;
};

/* A test whose every run must be the same gives the randomness of keys and salts a seed, and the time a start. */
static uint64_t *fixture_seed;
static int64_t fixture_start_ms;
static uint64_t fixture_retention_days; /* of terms; 0: as the defaults have it */
/* What the terms of the next compartment say otherwise than by default; NULL for nothing. */
static void (*fixture_adjust)(struct exchange_terms *terms);
/* Where the folder of a fixture is made; NULL for /tmp. */
static const char *fixture_place;

static inline struct base_random fixture_random(void)
{
    return fixture_seed == NULL ? base_random_system() : base_random_repeatable(fixture_seed);
}

static inline void fixture_open(struct fixture *fixture, unsigned side)
{
    assert_ok(node_party_open(fixture->sides[side].home, &fixture->sides[side].unlock, &fixture->sides[side].party));
}

static inline void fixture_close(struct fixture *fixture, unsigned side)
{
    node_party_close(fixture->sides[side].party);
    fixture->sides[side].party = NULL;
}

/* Two parties, not yet known to each other, opened. */
static inline void fixture_parties(struct fixture *fixture, const char *here, const char *there)
{
    static const char *const names[] = {"lighthouse", "harbour"};
    const char *addresses[] = {here, there};
    struct base_random random = fixture_random();
    struct base_clock clock = base_clock_system();
    memset(fixture, 0, sizeof *fixture);
    assert_ok(crypto_start());
    fixture->now_ms = fixture_start_ms == 0 ? base_clock_now(&clock) : fixture_start_ms;
    snprintf(fixture->folder, sizeof fixture->folder, "%.40s/entente-test-XXXXXX", fixture_place == NULL ? "/tmp" : fixture_place);
    assert_non_null(mkdtemp(fixture->folder));
    for (unsigned side = 0; side < 2; side++) {
        struct fixture_side *at = &fixture->sides[side];
        snprintf(at->home, sizeof at->home, "%.63s/%s", fixture->folder, names[side]);
        snprintf(at->key_file, sizeof at->key_file, "%.63s/%s.key", fixture->folder, names[side]);
        at->unlock.key_file = at->key_file;
        assert_ok(node_party_create(at->home, names[side], addresses[side], &at->unlock, &random));
        fixture_open(fixture, side);
    }
}

static inline void fixture_know(struct fixture *fixture, unsigned side, const char *name, enum node_peer_state state)
{
    struct base_buffer card = BASE_BUFFER_EMPTY;
    assert_ok(node_card_note(fixture->sides[1 - side].party->store, &card));
    assert_ok(node_peer_put(fixture->sides[side].party->store, base_bytes_buffer(&card), name, state, fixture->now_ms));
    base_buffer_release(&card);
}

static inline void fixture_pair(struct fixture *fixture)
{
    fixture_know(fixture, HERE, "harbour", NODE_PEER_PAIRED);
    fixture_know(fixture, THERE, "lighthouse", NODE_PEER_PAIRED);
}

static inline void fixture_sign_terms(struct fixture *fixture, struct base_buffer *note)
{
    struct base_buffer text = BASE_BUFFER_EMPTY, first = BASE_BUFFER_EMPTY;
    char names[2][EXCHANGE_KEY_NAME_LEN];
    for (unsigned side = 0; side < 2; side++)
        exchange_identity_name(&fixture->sides[side].party->fingerprint, names[side]);
    assert_ok(exchange_terms_format(&fixture->terms, &text));
    assert_ok(ledger_note_sign(base_bytes_buffer(&text), names[THERE], &fixture->sides[THERE].party->identity, &first));
    assert_ok(ledger_note_add_signature(base_bytes_buffer(&first), names[HERE], &fixture->sides[HERE].party->identity, note));
    base_buffer_release(&text);
    base_buffer_release(&first);
}

static inline struct node_seat fixture_seat(struct fixture *fixture, unsigned side)
{
    struct node_seat seat;
    assert_ok(node_seat_open(fixture->sides[side].party, &fixture->compartment, &seat));
    return seat;
}

/* Enters a note in one book; in a transaction of its own. */
static inline void fixture_enter(struct fixture *fixture, unsigned side, const char *kind, struct base_bytes note)
{
    struct node_party *party = fixture->sides[side].party;
    struct node_seat seat = fixture_seat(fixture, side);
    struct crypto_hash hash;
    assert_ok(store_begin(party->store));
    assert_ok(node_book_add(party, &seat, kind, fixture->now_ms, note, &hash));
    assert_ok(store_commit(party->store));
    node_seat_release(&seat);
}

/* The compartment `id` under `name`, active on both sides, with `rules`; entry 0 is in both books. */
static inline void fixture_agree(struct fixture *fixture, uint8_t id, const char *name, const struct crypto_hash *rules)
{
    struct base_random random = fixture_random();
    struct base_buffer sealed[2] = {BASE_BUFFER_EMPTY, BASE_BUFFER_EMPTY}, note = BASE_BUFFER_EMPTY;
    struct exchange_terms *terms = &fixture->terms;
    memset(fixture->compartment.bytes, id, sizeof fixture->compartment.bytes);
    *terms = (struct exchange_terms){.compartment = fixture->compartment, .purpose = "persons missing after the flood",
                                     .rules = *rules, .max_list = 1000, .max_keys = 24000, .matches_per_day = 20,
                                     .starters = EXCHANGE_START_BOTH, .time_ms = fixture->now_ms - fixture->now_ms % 1000};
    exchange_terms_defaults(terms);
    if (fixture_retention_days != 0)
        terms->retention_days = fixture_retention_days;
    if (fixture_adjust != NULL)
        fixture_adjust(terms);
    for (unsigned side = 0; side < 2; side++) {
        terms->sides[side].identity = fixture->sides[side].party->card.identity;
        assert_ok(node_key_make(fixture->sides[side].party, &fixture->compartment, &random, &sealed[side], &terms->sides[side].key));
    }
    fixture_sign_terms(fixture, &note);
    for (unsigned side = 0; side < 2; side++) {
        struct node_compartment facts = {.id = fixture->compartment, .peer = fixture->sides[1 - side].party->fingerprint,
                                         .own_state = EXCHANGE_ACTIVE, .peer_state = EXCHANGE_ACTIVE,
                                         .since_ms = fixture->now_ms};
        snprintf(facts.name, sizeof facts.name, "%s", name);
        assert_ok(node_compartment_put(fixture->sides[side].party->store, &facts, base_bytes_buffer(&note),
                                       base_bytes_buffer(&sealed[side])));
        fixture_enter(fixture, side, "terms", base_bytes_buffer(&note));
        base_buffer_release(&sealed[side]);
    }
    base_buffer_release(&note);
}

/* What a side says, signed with its compartment key; kind, compartment, terms, from and time are filled in. */
static inline void fixture_say(struct fixture *fixture, unsigned side, enum exchange_kind kind,
                               struct exchange_statement *statement, struct base_buffer *note)
{
    struct node_seat seat = fixture_seat(fixture, side);
    struct exchange_statement head;
    node_statement_begin(&seat, kind, &fixture->sides[side].party->fingerprint, fixture->now_ms, &head);
    statement->kind = kind;
    statement->compartment = head.compartment;
    statement->terms = head.terms;
    statement->from = head.from;
    if (statement->time_ms == 0)
        statement->time_ms = head.time_ms;
    assert_ok(node_statement_sign(&seat, statement, note));
    node_seat_release(&seat);
}

/* `count` statements, from both sides in turn, in the book of `side`. */
static inline void fixture_fill(struct fixture *fixture, unsigned side, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        struct base_buffer note = BASE_BUFFER_EMPTY;
        struct exchange_statement statement = {.move = i % 4 < 2 ? EXCHANGE_SUSPEND : EXCHANGE_RESUME};
        snprintf(statement.reason, sizeof statement.reason, "number %u", i);
        fixture_say(fixture, i % 2, EXCHANGE_KIND_STATE, &statement, &note);
        fixture_enter(fixture, side, "state", base_bytes_buffer(&note));
        base_buffer_release(&note);
    }
}

/* The other side cosigns the newest checkpoint of `side`. */
static inline void fixture_cosign(struct fixture *fixture, unsigned side)
{
    struct node_seat other = fixture_seat(fixture, 1 - side);
    struct store *store = fixture->sides[side].party->store;
    struct base_buffer own = BASE_BUFFER_EMPTY, cosigned = BASE_BUFFER_EMPTY;
    struct store_head head;
    assert_ok(store_head_get(store, fixture->compartment.bytes, STORE_HEAD_OWN, &head, &own));
    assert_ok(ledger_cosign(base_bytes_buffer(&own), other.own_name, &other.secret, (uint64_t)(fixture->now_ms / 1000), &cosigned));
    assert_ok(store_head_put(store, fixture->compartment.bytes, STORE_HEAD_COSIGNED, &head, base_bytes_buffer(&cosigned)));
    node_seat_release(&other);
    base_buffer_release(&own);
    base_buffer_release(&cosigned);
}

/* Runs SQL on the store behind its back, over a connection of its own. */
static inline void fixture_sql(struct fixture *fixture, unsigned side, const char *sql)
{
    char path[128], *message = NULL;
    sqlite3 *database;
    snprintf(path, sizeof path, "%s/entente.db", fixture->sides[side].home);
    assert_int_equal(SQLITE_OK, sqlite3_open(path, &database));
    sqlite3_busy_timeout(database, 5000);
    if (sqlite3_exec(database, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
    sqlite3_close(database);
}

static inline int fixture_remove(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status, (void)type, (void)walk;
    return remove(path);
}

static inline void fixture_release(struct fixture *fixture)
{
    fixture_close(fixture, HERE);
    fixture_close(fixture, THERE);
    assert_int_equal(0, nftw(fixture->folder, fixture_remove, 16, FTW_DEPTH | FTW_PHYS));
}

#endif
