/* SPDX-License-Identifier: Apache-2.0
 *
 * Two whole nodes in one process, over a network that loses, doubles, reorders, delays and cuts, on a clock that the test turns. Each
 * node is the real one but for its wire (node/node.h): its stores are files, its restarts open them anew.
 *
 * Everything follows from the seed.
 */
#ifndef TESTS_NODE_SIMULATION_H
#define TESTS_NODE_SIMULATION_H

#include "fixture.h"

#include "node/exchange.h"
#include "node/screen.h"
#include "store/sql.h"

enum { SIMULATION_COMPARTMENTS = 2 };

/* How often, of 1,000: at each frame, dial or tick where it can happen. */
struct simulation_odds {
    unsigned cut;        /* the connection is lost with this frame */
    unsigned refuse;     /* a dial that does not get through */
    unsigned crash;      /* a node dies, before or behind what it does with a frame */
    unsigned commit;     /* the store refuses a commit, and the node dies of it */
    unsigned ghost;      /* an old delivery arrives once more, out of its order */
    unsigned partition;  /* no dial gets through for a while */
    int64_t delay_ms;    /* the longest of a frame */
    int64_t skew_ms;     /* between the two clocks, at most */
};

struct simulation;
struct simulation_side {
    struct node node;
    struct fixture_side *files;
    int64_t clock_ms;    /* what this node's clock shows */
    int64_t skew_ms;
    bool is_up;
    bool is_commit_failing;
};

struct simulation {
    struct fixture fixture;
    struct exchange_id compartments[SIMULATION_COMPARTMENTS];
    struct simulation_side sides[2];
    struct simulation_odds odds;
    uint64_t random;     /* of the schedule */
    uint64_t secrets;    /* of the nodes' salts */
    int64_t now_ms;
    int64_t healed_at_ms; /* no dial gets through before */
    struct simulation_event *events;
    size_t event_count, event_capacity;
    struct simulation_link **links;
    size_t link_count, link_capacity;
    struct base_buffer ghosts[2]; /* the last delivery that each side was sent */
    uint64_t sequence;
    bool is_calm;        /* nothing goes wrong any more */
    uint64_t cuts, crashes, doubles, failed_commits; /* what has happened */
};

/* Of the terms of each, before they are made; 0: as the defaults have it. */
extern uint64_t simulation_retention_days[SIMULATION_COMPARTMENTS];

/* Two paired parties with SIMULATION_COMPARTMENTS compartments, made once; then each schedule works on a copy. */
void simulation_template(struct fixture *fixture, struct exchange_id compartments[SIMULATION_COMPARTMENTS], int64_t start_ms);
void simulation_begin(struct simulation *simulation, const struct fixture *made, const struct exchange_id *compartments,
                      uint64_t seed, const struct simulation_odds *odds);
void simulation_end(struct simulation *simulation);

uint64_t simulation_random(struct simulation *simulation, uint64_t below);
/* Runs what happens up to then. */
void simulation_run(struct simulation *simulation, int64_t until_ms);
/* One tick of a node that is up; one that is down comes up again first if `revive`. */
void simulation_tick(struct simulation *simulation, unsigned side, bool revive);
void simulation_crash(struct simulation *simulation, unsigned side);

#endif
