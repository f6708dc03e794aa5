/* SPDX-License-Identifier: Apache-2.0 */
#include "simulation.h"

#include <sys/stat.h>

enum { HOUR_MS = 3600000, DOWN_LONGEST_MS = 48 * HOUR_MS };

enum happening { OPENS, ARRIVES, ENDS, REVIVES };

struct simulation_end {
    struct simulation_link *link;
    unsigned side;
    struct node_talk *talk; /* NULL once it has ended */
    int64_t last_ms;        /* when the last frame to this end arrives: a connection keeps its order */
};

struct simulation_link {
    struct simulation *world;
    struct simulation_end ends[2];
    bool is_cut;
};

struct simulation_event {
    enum happening what;
    int64_t at_ms;
    uint64_t order;
    unsigned side;
    struct simulation_link *link;
    uint8_t kind;
    struct base_buffer payload;
    enum base_code why;
};

/* SplitMix64 (Steele, Lea, Flood 2014). */
uint64_t simulation_random(struct simulation *simulation, uint64_t below)
{
    uint64_t z = simulation->random += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (z ^ z >> 31) % below;
}

static bool chance(struct simulation *world, unsigned odds)
{
    return !world->is_calm && simulation_random(world, 1000) < odds;
}

static int64_t delay(struct simulation *world)
{
    return 1 + (int64_t)simulation_random(world, (uint64_t)(world->is_calm ? 20 : world->odds.delay_ms));
}

static struct simulation_event *event_add(struct simulation *world, enum happening what, int64_t at_ms, unsigned side,
                                          struct simulation_link *link)
{
    assert_ok(base_grow_array((void **)&world->events, &world->event_capacity, world->event_count + 1, sizeof *world->events));
    struct simulation_event *event = &world->events[world->event_count++];
    *event = (struct simulation_event){.what = what, .at_ms = at_ms, .order = world->sequence++, .side = side, .link = link,
                                       .payload = BASE_BUFFER_EMPTY};
    return event;
}

static void end_later(struct simulation_link *link, unsigned side, enum base_code why, int64_t at_ms)
{
    event_add(link->world, ENDS, at_ms, side, link)->why = why;
}

static void cut(struct simulation_link *link)
{
    struct simulation *world = link->world;
    if (link->is_cut)
        return;
    link->is_cut = true;
    world->cuts++;
    for (unsigned side = 0; side < 2; side++) /* each side notices for itself, up to a minute late */
        end_later(link, side, BASE_E_CLOSED, world->now_ms + 1 + (int64_t)simulation_random(world, 60000));
}

static struct simulation_side *side_of(struct node *node)
{
    return (struct simulation_side *)((char *)node - offsetof(struct simulation_side, node));
}

static struct simulation *world_of(struct node *node, unsigned *side)
{
    struct simulation_side *at = side_of(node);
    *side = (unsigned)node->threads; /* not used for work here: says which side this is */
    return (struct simulation *)((char *)(at - *side) - offsetof(struct simulation, sides));
}

static enum base_code wire_dial(struct node_talk *talk)
{
    unsigned side;
    struct simulation *world = world_of(talk->node, &side);
    struct simulation_link *link = calloc(1, sizeof *link);
    assert_non_null(link);
    assert_ok(base_grow_array((void **)&world->links, &world->link_capacity, world->link_count + 1, sizeof *world->links));
    world->links[world->link_count++] = link;
    link->world = world;
    for (unsigned i = 0; i < 2; i++)
        link->ends[i] = (struct simulation_end){.link = link, .side = i};
    link->ends[side].talk = talk;
    talk->link = &link->ends[side];
    if (world->now_ms < world->healed_at_ms || chance(world, world->odds.refuse))
        end_later(link, side, BASE_E_IO, world->now_ms + delay(world));
    else
        event_add(world, OPENS, world->now_ms + delay(world), side, link);
    return BASE_OK;
}

static enum base_code wire_send(struct node_talk *talk, uint8_t kind, struct base_bytes payload)
{
    struct simulation_end *end = talk->link;
    struct simulation *world = end->link->world;
    struct simulation_end *other = &end->link->ends[1 - end->side];
    if (kind == NODE_SAY_DELIVERY) {
        base_buffer_clear(&world->ghosts[other->side]);
        assert_ok(base_buffer_append(&world->ghosts[other->side], payload));
    }
    if (end->link->is_cut || chance(world, world->odds.cut)) { /* the sender cannot know */
        cut(end->link);
        return BASE_OK;
    }
    int64_t at_ms = world->now_ms + delay(world);
    other->last_ms = at_ms > other->last_ms ? at_ms : other->last_ms;
    struct simulation_event *event = event_add(world, ARRIVES, other->last_ms, other->side, end->link);
    event->kind = kind;
    assert_ok(base_buffer_append(&event->payload, payload));
    return BASE_OK;
}

static void wire_end(struct node_talk *talk, enum base_code why)
{
    struct simulation_end *end = talk->link;
    struct simulation *world = end->link->world;
    struct simulation_end *other = &end->link->ends[1 - end->side];
    end_later(end->link, end->side, why, world->now_ms + 1);
    end_later(end->link, other->side, why == BASE_OK ? BASE_OK : BASE_E_CLOSED, (other->last_ms > world->now_ms ? other->last_ms : world->now_ms) + 1);
}

static const struct node_wire wire = {.dial = wire_dial, .send = wire_send, .end = wire_end};

/* Nodes. */

static int refuse_commit(void *context)
{
    struct simulation_side *side = context;
    return side->is_commit_failing;
}

static void revive(struct simulation *world, unsigned number)
{
    struct simulation_side *side = &world->sides[number];
    if (side->is_up)
        return;
    assert_ok(node_party_open(side->files->home, &side->files->unlock, &side->files->party));
    assert_ok(store_script(side->files->party->store, "PRAGMA synchronous=OFF")); /* a kill is simulated, not a power cut */
    sqlite3_commit_hook(side->files->party->store->database, refuse_commit, side);
    side->node = (struct node){.party = side->files->party, .clock = base_clock_manual(&side->clock_ms),
                               .steady = base_clock_manual(&world->now_ms), .random = base_random_repeatable(&world->secrets), .wire = &wire,
                               .threads = number, .log = {.fd = getenv("ENTENTE_LOG") == NULL ? -1 : 2, .least = BASE_LOG_WARN}};
    side->node.log.clock = side->node.clock;
    side->is_commit_failing = false;
    side->is_up = true;
}

void simulation_crash(struct simulation *world, unsigned number)
{
    struct simulation_side *side = &world->sides[number];
    if (!side->is_up)
        return;
    side->is_up = false;
    side->node.wire = NULL;
    world->crashes++;
    for (size_t i = 0; i < world->link_count; i++) {
        struct simulation_end *end = &world->links[i]->ends[number];
        struct node_talk *talk = end->talk;
        if (talk == NULL)
            continue;
        end->talk = NULL;
        cut(world->links[i]);
        node_talk_closed(talk, BASE_E_CANCELLED, "the node was killed");
    }
    node_sync_forget(&side->node);
    node_screen_free(side->node.screen);
    side->node.screen = NULL;
    fixture_close(&world->fixture, number);
    event_add(world, REVIVES, world->now_ms + 1000 + (int64_t)simulation_random(world, world->is_calm ? 1000 : DOWN_LONGEST_MS), number, NULL);
}

static void set_clocks(struct simulation *world, int64_t now_ms)
{
    world->now_ms = now_ms;
    for (unsigned side = 0; side < 2; side++)
        world->sides[side].clock_ms = now_ms + world->sides[side].skew_ms;
}

static void open_link(struct simulation *world, struct simulation_link *link, unsigned dialler)
{
    struct simulation_end *here = &link->ends[dialler], *there = &link->ends[1 - dialler];
    struct simulation_side *other = &world->sides[1 - dialler];
    struct node_peer peer;
    char name[16];
    if (here->talk == NULL)
        return;
    if (!other->is_up || link->is_cut) {
        end_later(link, dialler, BASE_E_IO, world->now_ms + delay(world));
        return;
    }
    snprintf(name, sizeof name, "%s", dialler == HERE ? "lighthouse" : "harbour");
    assert_ok(node_peer_by_name(other->node.party->store, name, &peer));
    assert_ok(node_talk_accept(&other->node, &peer, there, &there->talk));
    assert_ok(node_talk_opened(there->talk));
    if (node_talk_opened(here->talk) != BASE_OK)
        cut(link);
}

static void arrive(struct simulation *world, struct simulation_event *event)
{
    struct simulation_end *end = &event->link->ends[event->side];
    struct simulation_side *side = &world->sides[event->side];
    if (end->talk == NULL || !side->is_up || (event->link->is_cut && simulation_random(world, 2) == 0))
        return;
    if (chance(world, world->odds.crash)) {
        simulation_crash(world, event->side);
        return;
    }
    bool dies = chance(world, world->odds.crash);
    side->is_commit_failing = chance(world, world->odds.commit);
    world->failed_commits += side->is_commit_failing;
    if (dies)
        event->link->is_cut = true; /* what it says of this frame goes out no more */
    enum base_code code = node_talk_frame(end->talk, event->kind, base_bytes_buffer(&event->payload));
    if (side->is_commit_failing || dies) {
        event->link->is_cut = false;
        simulation_crash(world, event->side);
    } else if (code != BASE_OK) {
        cut(event->link);
    }
}

static void finish(struct simulation_event *event)
{
    struct simulation_end *end = &event->link->ends[event->side];
    struct node_talk *talk = end->talk;
    if (talk == NULL)
        return;
    end->talk = NULL;
    node_talk_closed(talk, event->why, "the connection ended");
}

/* An old delivery, from a connection of long ago: nobody waits for what is answered. */
static void haunt(struct simulation *world, unsigned number)
{
    struct simulation_side *side = &world->sides[number];
    struct simulation_link link = {.world = world, .is_cut = true};
    struct node_peer peer;
    if (!side->is_up || world->ghosts[number].len == 0)
        return;
    world->doubles++;
    link.ends[number] = (struct simulation_end){.link = &link, .side = number};
    assert_ok(node_peer_by_name(side->node.party->store, number == HERE ? "harbour" : "lighthouse", &peer));
    assert_ok(node_talk_accept(&side->node, &peer, &link.ends[number], &link.ends[number].talk));
    assert_ok(node_talk_frame(link.ends[number].talk, NODE_SAY_DELIVERY, base_bytes_buffer(&world->ghosts[number])));
    node_talk_closed(link.ends[number].talk, BASE_E_CLOSED, "");
}

static size_t earliest(const struct simulation *world)
{
    size_t best = 0;
    for (size_t i = 1; i < world->event_count; i++) {
        const struct simulation_event *a = &world->events[i], *b = &world->events[best];
        if (a->at_ms < b->at_ms || (a->at_ms == b->at_ms && a->order < b->order))
            best = i;
    }
    return best;
}

void simulation_run(struct simulation *world, int64_t until_ms)
{
    while (world->event_count > 0) {
        size_t at = earliest(world);
        struct simulation_event event = world->events[at];
        if (event.at_ms > until_ms)
            break;
        world->events[at] = world->events[--world->event_count];
        if (event.at_ms > world->now_ms)
            set_clocks(world, event.at_ms);
        if (event.what == OPENS)
            open_link(world, event.link, event.side);
        else if (event.what == ARRIVES)
            arrive(world, &event);
        else if (event.what == ENDS)
            finish(&event);
        else
            revive(world, event.side);
        base_buffer_release(&event.payload);
    }
    if (until_ms > world->now_ms)
        set_clocks(world, until_ms);
}

void simulation_tick(struct simulation *world, unsigned number, bool must_live)
{
    struct simulation_side *side = &world->sides[number];
    if (must_live)
        revive(world, number);
    if (!side->is_up)
        return;
    if (chance(world, world->odds.ghost))
        haunt(world, number);
    if (chance(world, world->odds.partition))
        world->healed_at_ms = world->now_ms + (int64_t)simulation_random(world, DOWN_LONGEST_MS);
    side->is_commit_failing = chance(world, world->odds.commit);
    world->failed_commits += side->is_commit_failing;
    node_clock(&side->node);
    if (side->is_commit_failing)
        simulation_crash(world, number);
    else
        node_sync_all(&side->node);
}

/* Files. */

static void copy_file(const char *from, const char *to, const char *name)
{
    struct base_buffer content = BASE_BUFFER_EMPTY;
    char path[160];
    snprintf(path, sizeof path, "%s/%s", from, name);
    assert_ok(base_file_read(path, 64 * 1024 * 1024, &content));
    snprintf(path, sizeof path, "%s/%s", to, name);
    FILE *file = fopen(path, "wb"); /* not base_file_write(), which waits for the disk */
    assert_non_null(file);
    assert_int_equal(content.len, fwrite(content.data, 1, content.len, file));
    fclose(file);
    base_buffer_release(&content);
}

uint64_t simulation_retention_days[SIMULATION_COMPARTMENTS];

void simulation_template(struct fixture *fixture, struct exchange_id compartments[SIMULATION_COMPARTMENTS], int64_t start_ms)
{
    static const char *const names[SIMULATION_COMPARTMENTS] = {"border", "missing"};
    struct crypto_hash rules;
    static uint64_t seed = 1;
    fixture_seed = &seed;
    fixture_start_ms = start_ms;
    memset(&rules, 0x11, sizeof rules);
    fixture_parties(fixture, "127.0.0.1:1", "127.0.0.1:2");
    fixture_pair(fixture);
    for (unsigned i = 0; i < SIMULATION_COMPARTMENTS; i++) {
        fixture_retention_days = simulation_retention_days[i];
        fixture_agree(fixture, (uint8_t)(0xc0 + i), names[i], &rules);
        compartments[i] = fixture->compartment;
    }
    fixture_close(fixture, HERE);
    fixture_close(fixture, THERE);
}

void simulation_begin(struct simulation *world, const struct fixture *made, const struct exchange_id *compartments, uint64_t seed,
                      const struct simulation_odds *odds)
{
    memset(world, 0, sizeof *world);
    world->random = world->secrets = seed;
    world->odds = *odds;
    world->fixture = *made;
    memcpy(world->compartments, compartments, sizeof world->compartments);
    snprintf(world->fixture.folder, sizeof world->fixture.folder, "%.40s/run-XXXXXX", made->folder);
    assert_non_null(mkdtemp(world->fixture.folder));
    world->now_ms = made->now_ms;
    for (unsigned i = 0; i < 2; i++) {
        struct simulation_side *side = &world->sides[i];
        struct fixture_side *files = &world->fixture.sides[i];
        side->files = files;
        side->skew_ms = odds->skew_ms == 0 ? 0 : (int64_t)simulation_random(world, 2 * (uint64_t)odds->skew_ms) - odds->skew_ms;
        files->party = NULL;
        snprintf(files->home, sizeof files->home, "%.60s/%u", world->fixture.folder, i);
        assert_int_equal(0, mkdir(files->home, 0700));
        copy_file(made->sides[i].home, files->home, "entente.db");
        copy_file(made->sides[i].home, files->home, "party.key");
        files->unlock.key_file = made->sides[i].key_file;
    }
    set_clocks(world, world->now_ms);
    revive(world, HERE);
    revive(world, THERE);
}

void simulation_end(struct simulation *world)
{
    world->is_calm = true;
    simulation_crash(world, HERE);
    simulation_crash(world, THERE);
    for (size_t i = 0; i < world->event_count; i++)
        base_buffer_release(&world->events[i].payload);
    for (size_t i = 0; i < world->link_count; i++)
        free(world->links[i]);
    free(world->events);
    free(world->links);
    base_buffer_release(&world->ghosts[HERE]);
    base_buffer_release(&world->ghosts[THERE]);
    assert_int_equal(0, nftw(world->fixture.folder, fixture_remove, 16, FTW_DEPTH | FTW_PHYS));
}
