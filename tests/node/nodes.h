/* SPDX-License-Identifier: Apache-2.0
 *
 * Whole nodes as processes of their own, over the parties of a fixture: started, asked over their sockets, and killed.
 */
#ifndef TESTS_NODE_NODES_H
#define TESTS_NODE_NODES_H

#include "fixture.h"

#include "base/cursor.h"
#include "node/control.h"
#include "node/serve.h"
#include "people/keys.h"
#include "store/matches.h"
#include "store/records.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

struct nodes {
    struct fixture fixture;
    pid_t pids[2]; /* 0 while down */
    uint16_t ports[2];
    json_t *reply; /* of the last request; owned */
    const char *socket_group; /* NULL, or what nodes are started with */
};

/* A port that was free a moment ago: a card says where its node listens before the node does. */
static inline uint16_t nodes_free_port(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t len = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(0, bind(fd, (const struct sockaddr *)&at, sizeof at));
    assert_int_equal(0, getsockname(fd, (struct sockaddr *)&at, &len));
    close(fd);
    return ntohs(at.sin_port);
}

static inline void nodes_start(struct nodes *nodes, unsigned side)
{
    struct fixture_side *at = &nodes->fixture.sides[side];
    char path[128], line[32] = "";
    int ready[2];
    assert_int_equal(0, pipe(ready));
    snprintf(path, sizeof path, "%s.log", at->home);
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* no node outlives a test that failed */
        close(ready[0]);
        int log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        struct node_serve_config config = {.home = at->home, .unlock = at->unlock, .log_fd = log, .log_level = BASE_LOG_DEBUG,
                                           .ready_fd = ready[1], .socket_group = nodes->socket_group};
        enum base_code code = node_serve(&config);
        if (code != BASE_OK)
            dprintf(log, "node_serve: %s: %s\n", base_code_word(code), base_detail());
        _exit(code == BASE_OK ? 0 : 1);
    }
    close(ready[1]);
    ssize_t len = read(ready[0], line, sizeof line - 1);
    close(ready[0]);
    if (len <= 0)
        fail_msg("the node of side %u did not start; see %s", side, path);
    nodes->pids[side] = pid;
}

/* Waits for the process; SIGTERM must end it well. */
static inline void nodes_stop(struct nodes *nodes, unsigned side, int number)
{
    int status = 0;
    if (nodes->pids[side] == 0)
        return;
    assert_int_equal(0, kill(nodes->pids[side], number));
    assert_int_equal(nodes->pids[side], waitpid(nodes->pids[side], &status, 0));
    nodes->pids[side] = 0;
    if (number == SIGTERM && (!WIFEXITED(status) || WEXITSTATUS(status) != 0))
        fail_msg("the node of side %u ended with status %x", side, status);
}

/* Paired parties whose stores this process has open too; no node runs yet. */
static inline void nodes_init(struct nodes *nodes)
{
    char addresses[2][32];
    memset(nodes, 0, sizeof *nodes);
    for (unsigned side = 0; side < 2; side++) {
        nodes->ports[side] = nodes_free_port();
        snprintf(addresses[side], sizeof addresses[side], "127.0.0.1:%u", nodes->ports[side]);
    }
    fixture_parties(&nodes->fixture, addresses[HERE], addresses[THERE]);
    fixture_pair(&nodes->fixture);
}

static inline void nodes_release(struct nodes *nodes)
{
    nodes_stop(nodes, HERE, SIGTERM);
    nodes_stop(nodes, THERE, SIGTERM);
    json_decref(nodes->reply);
    fixture_release(&nodes->fixture);
}

static inline struct store *nodes_store(struct nodes *nodes, unsigned side)
{
    return nodes->fixture.sides[side].party->store;
}

static inline enum base_code nodes_keep_reply(void *context, json_t *reply)
{
    struct nodes *nodes = context;
    if (json_object_get(reply, "progress") == NULL) {
        json_decref(nodes->reply);
        nodes->reply = json_incref(reply);
    }
    return BASE_OK;
}

/* Asks, and keeps the result line in nodes->reply. `request` is stolen. */
static inline enum base_code nodes_try(struct nodes *nodes, unsigned side, json_t *request)
{
    char path[108];
    assert_non_null(request);
    json_decref(nodes->reply);
    nodes->reply = NULL;
    assert_ok(node_socket_path(nodes->fixture.sides[side].home, path));
    enum base_code code = node_control_call(path, request, nodes_keep_reply, nodes);
    json_decref(request);
    return code;
}

/* The request succeeds; its result is returned, borrowed. */
static inline json_t *nodes_ask(struct nodes *nodes, unsigned side, json_t *request)
{
    assert_ok(nodes_try(nodes, side, request));
    json_t *result = json_object_get(nodes->reply, "ok");
    if (result == NULL)
        fail_msg("refused: %s", json_dumps(nodes->reply, 0));
    return result;
}

/* The request fails with exactly this, said by this or the other node. */
static inline void nodes_refused(struct nodes *nodes, unsigned side, json_t *request, enum base_code code, const char *by)
{
    assert_ok(nodes_try(nodes, side, request));
    const char *word = json_string_value(json_object_get(nodes->reply, "error"));
    const char *who = json_string_value(json_object_get(nodes->reply, "by"));
    if (word == NULL || strcmp(word, base_code_word(code)) != 0 || strcmp(who, by) != 0)
        fail_msg("expected %s by %s: %s", base_code_word(code), by, json_dumps(nodes->reply, 0));
}

static inline json_t *nodes_about(const char *what, const char *compartment)
{
    return json_pack("{s:s, s:s}", "do", what, "compartment", compartment);
}

static inline void nodes_sleep(unsigned ms)
{
    struct timespec time = {ms / 1000, (long)(ms % 1000) * 1000000};
    nanosleep(&time, NULL);
}

/* Turns until the condition holds, or ten seconds have passed. */
#define nodes_until(condition)                                                                     \
    do {                                                                                           \
        unsigned nodes_turns = 0;                                                                  \
        while (!(condition) && nodes_turns++ < 500)                                                \
            nodes_sleep(20);                                                                       \
        if (!(condition))                                                                          \
            fail_msg("waited in vain for %s", #condition);                                         \
    } while (0)

struct nodes_person {
    const char *name;
    int16_t year;
    uint8_t month, day;
};

/* Puts `persons` as the only source of a side. */
static inline void nodes_records(struct nodes *nodes, unsigned side, const struct nodes_person *persons, unsigned count)
{
    struct store *store = nodes_store(nodes, side);
    struct store_import_counts counts;
    uint8_t file_hash[32] = {1};
    assert_ok(store_import_begin(store, "own", "mapped"));
    for (unsigned i = 0; i < count; i++) {
        struct people_record record = PEOPLE_RECORD_EMPTY;
        struct people_day day = {persons[i].year, persons[i].month, persons[i].day};
        struct base_buffer content = BASE_BUFFER_EMPTY;
        char key[16];
        snprintf(key, sizeof key, "p%u", i);
        assert_ok(people_record_set_key(&record, base_bytes_text(key)));
        assert_ok(people_record_add_name(&record, PEOPLE_NAME_PRIMARY, base_bytes_text(persons[i].name)));
        assert_ok(people_record_add_birth(&record, day, day, false, base_bytes_text("")));
        assert_ok(people_record_encode(&record, &content));
        assert_ok(store_import_put(store, base_bytes_text(key), base_bytes_buffer(&content), nodes->fixture.now_ms));
        base_buffer_release(&content);
        people_record_release(&record);
    }
    assert_ok(store_import_finish(store, "2026-11-24", file_hash, nodes->fixture.now_ms, &counts));
}

static inline struct node_compartment nodes_compartment(struct nodes *nodes, unsigned side, const char *name)
{
    struct node_compartment compartment;
    assert_ok(node_compartment_find(nodes_store(nodes, side), name, &compartment));
    return compartment;
}

static inline struct node_ledger_facts nodes_verify(struct nodes *nodes, unsigned side, const char *name)
{
    struct node_compartment compartment = nodes_compartment(nodes, side, name);
    struct node_ledger_facts facts;
    assert_ok(node_ledger_verify(nodes_store(nodes, side), &compartment, &facts));
    return facts;
}

static inline uint64_t nodes_count(struct nodes *nodes, unsigned side, const char *name, const char *kind)
{
    struct node_compartment compartment = nodes_compartment(nodes, side, name);
    uint64_t count;
    assert_ok(store_entries_count_kind(nodes_store(nodes, side), compartment.id.bytes, kind, 0, &count));
    return count;
}

static inline void nodes_rules(struct crypto_hash *out)
{
    struct people_rules *rules = NULL;
    assert_ok(people_rules_load(people_rules_default_text(), &rules));
    *out = *people_rules_hash(rules);
    people_rules_free(rules);
}

#endif
