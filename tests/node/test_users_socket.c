/* SPDX-License-Identifier: Apache-2.0
 *
 * Users with different roles, over the socket of a running node; and accounts of a group, which reach the socket only.
 */
#include "nodes.h"

#include "node/users.h"

#include <errno.h>
#include <grp.h>
#include <sys/un.h>

enum { KEY_LEN = NODE_USER_KEY_TEXT_LEN + 1, GUEST = 65534 };

static const struct exchange_id border = {{0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11}};
static const struct exchange_id banks = {{0x22, 0x22, 0x22, 0x22, 0x22, 0x22, 0x22, 0x22, 0x22, 0x22, 0x22, 0x22, 0x22, 0x22, 0x22, 0x22}};

static void add_user(struct nodes *nodes, const char *name, const struct exchange_id *compartment, enum node_role role, char key[KEY_LEN])
{
    struct store *store = nodes_store(nodes, HERE);
    struct base_random random = base_random_system();
    struct node_user owner;
    assert_ok(node_user_owner(store, &owner));
    assert_ok(node_user_add(store, &owner, name, &random, nodes->fixture.now_ms, key));
    assert_ok(node_user_grant(store, &owner, name, compartment, role, nodes->fixture.now_ms));
}

/* A request by whoever has the key; NULL: by the owner. */
static json_t *by(const char *key, json_t *request)
{
    if (key != NULL)
        assert_int_equal(0, json_object_set_new(request, "user_key", json_string(key)));
    return request;
}

static void two_users_with_different_roles(void **state)
{
    static const struct nodes_person persons[] = {{"Anna Beispielova", 1980, 2, 3}};
    struct nodes nodes;
    struct crypto_hash rules;
    char analyst[KEY_LEN], administrator[KEY_LEN], other[KEY_LEN], wrong[KEY_LEN];
    (void)state;
    nodes_init(&nodes);
    nodes_rules(&rules);
    fixture_agree(&nodes.fixture, 0x11, "border", &rules);
    fixture_agree(&nodes.fixture, 0x22, "banks", &rules);
    nodes_records(&nodes, HERE, persons, 1);
    nodes_records(&nodes, THERE, persons, 1);
    nodes_start(&nodes, HERE);
    nodes_start(&nodes, THERE);
    nodes_ask(&nodes, HERE, nodes_about("match", "border")); /* no users: the owner may */
    add_user(&nodes, "mara", &border, NODE_ROLE_ANALYST, analyst);
    add_user(&nodes, "boss", &border, NODE_ROLE_ADMINISTRATOR, administrator);
    add_user(&nodes, "kim", &banks, NODE_ROLE_ANALYST, other);

    nodes_refused(&nodes, HERE, nodes_about("match", "border"), BASE_E_ROLE, "self");
    nodes_refused(&nodes, HERE, by(administrator, nodes_about("match", "border")), BASE_E_ROLE, "self");
    nodes_refused(&nodes, HERE, by(other, nodes_about("match", "border")), BASE_E_NOT_FOUND, "self");
    json_t *result = nodes_ask(&nodes, HERE, by(analyst, nodes_about("match", "border")));
    assert_int_equal(1, json_integer_value(json_object_get(result, "records")));

    nodes_refused(&nodes, HERE, by(analyst, nodes_about("suspend", "border")), BASE_E_ROLE, "self");
    nodes_refused(&nodes, HERE, by(other, nodes_about("suspend", "border")), BASE_E_NOT_FOUND, "self");
    nodes_refused(&nodes, HERE, by(administrator, nodes_about("suspend", "banks")), BASE_E_NOT_FOUND, "self");
    nodes_refused(&nodes, HERE, by(administrator, nodes_about("suspend", "22222222")), BASE_E_NOT_FOUND, "self");
    nodes_ask(&nodes, HERE, by(administrator, nodes_about("suspend", "border")));
    nodes_refused(&nodes, HERE, by(analyst, nodes_about("resume", "border")), BASE_E_ROLE, "self");
    nodes_ask(&nodes, HERE, by(administrator, nodes_about("resume", "border")));
    nodes_ask(&nodes, HERE, by(other, nodes_about("cosign", "banks")));
    nodes_refused(&nodes, HERE, by(other, nodes_about("cosign", "border")), BASE_E_NOT_FOUND, "self");

    result = nodes_ask(&nodes, HERE, by(analyst, json_pack("{s:s}", "do", "status")));
    assert_int_equal(1, json_integer_value(json_object_get(result, "compartments")));
    nodes_refused(&nodes, HERE, by(administrator, json_pack("{s:s}", "do", "stop")), BASE_E_ROLE, "self"); /* of one compartment only */
    nodes_refused(&nodes, HERE,
                  by(administrator, json_pack("{s:s, s:s, s:s, s:s, s:i, s:i, s:i, s:s}", "do", "propose", "peer", "harbour", "name", "x",
                                              "purpose", "y", "max_list", 1, "max_keys", 64, "matches_per_day", 1, "starters", "both")),
                  BASE_E_ROLE, "self");

    memcpy(wrong, analyst, sizeof wrong);
    wrong[KEY_LEN - 2] = wrong[KEY_LEN - 2] == '0' ? '1' : '0';
    nodes_refused(&nodes, HERE, by(wrong, json_pack("{s:s}", "do", "status")), BASE_E_KEY, "self");
    nodes_refused(&nodes, HERE, by("entente-user-", json_pack("{s:s}", "do", "status")), BASE_E_FORMAT, "self");
    nodes_refused(&nodes, HERE, json_pack("{s:s, s:i}", "do", "status", "user_key", 1), BASE_E_ARGUMENT, "self");
    nodes_refused(&nodes, HERE, by(wrong, json_pack("{s:s}", "do", "nothing")), BASE_E_KEY, "self"); /* before anything else */

    struct node_user owner;
    assert_ok(node_user_owner(nodes_store(&nodes, HERE), &owner));
    assert_ok(node_user_disable(nodes_store(&nodes, HERE), &owner, "mara", nodes.fixture.now_ms));
    nodes_refused(&nodes, HERE, by(analyst, nodes_about("match", "border")), BASE_E_KEY, "self");
    nodes_ask(&nodes, HERE, nodes_about("suspend", "border")); /* the owner is an administrator */
    nodes_release(&nodes);
}

static json_t *search(const char *key, const char *word, const char *why)
{
    return by(key, json_pack("{s:s, s:[s], s:s}", "do", "records", "words", word, "why", why));
}

static enum base_code count_items(void *context, json_t *line)
{
    if (json_object_get(line, "item") != NULL)
        ++*(unsigned *)context;
    return BASE_OK;
}

static unsigned items_of(struct nodes *nodes, json_t *request)
{
    unsigned count = 0;
    char path[108];
    assert_ok(node_socket_path(nodes->fixture.sides[HERE].home, path));
    assert_ok(node_control_call(path, request, count_items, &count));
    json_decref(request);
    return count;
}

static void persons_are_asked_for_with_a_role_and_a_reason(void **state)
{
    enum { PERSONS = 60 };
    struct nodes_person persons[PERSONS];
    char names[PERSONS][32], analyst[KEY_LEN], auditor[KEY_LEN];
    struct nodes nodes;
    struct crypto_hash rules;
    struct store_looks_head head;
    (void)state;
    for (unsigned i = 0; i < PERSONS; i++) {
        snprintf(names[i], sizeof names[i], "Anna Beispiel%u", i);
        persons[i] = (struct nodes_person){names[i], 1980, 2, 3};
    }
    nodes_init(&nodes);
    nodes_rules(&rules);
    fixture_agree(&nodes.fixture, 0x11, "border", &rules);
    fixture_agree(&nodes.fixture, 0x22, "banks", &rules);
    nodes_records(&nodes, HERE, persons, PERSONS);
    nodes_start(&nodes, HERE);
    add_user(&nodes, "mara", &border, NODE_ROLE_ANALYST, analyst);
    add_user(&nodes, "ilse", &node_every_compartment, NODE_ROLE_AUDITOR, auditor);
    assert_ok(store_looks_check(nodes_store(&nodes, HERE), NULL, &head));
    uint64_t before = head.number;

    /* Refused: nothing is kept, and nothing shown. */
    nodes_refused(&nodes, HERE, search(analyst, "anna", "x"), BASE_E_ARGUMENT, "self");
    nodes_refused(&nodes, HERE, search(auditor, "anna", "case 7"), BASE_E_ROLE, "self");
    nodes_refused(&nodes, HERE, search(NULL, "anna", "case 7"), BASE_E_ROLE, "self");
    nodes_refused(&nodes, HERE, search(analyst, "", "case 7"), BASE_E_ARGUMENT, "self");
    nodes_refused(&nodes, HERE, by(analyst, json_pack("{s:s, s:[], s:s}", "do", "records", "words", "why", "case 7")), BASE_E_ARGUMENT, "self");
    nodes_refused(&nodes, HERE, by(analyst, json_pack("{s:s, s:[i], s:s}", "do", "records", "words", 1, "why", "case 7")), BASE_E_ARGUMENT, "self");
    nodes_refused(&nodes, HERE, by(analyst, json_pack("{s:s, s:s, s:s}", "do", "records", "words", "anna", "why", "case 7")), BASE_E_ARGUMENT, "self");
    nodes_refused(&nodes, HERE, by(analyst, json_pack("{s:s, s:i}", "do", "record", "record", 1)), BASE_E_ARGUMENT, "self");
    nodes_refused(&nodes, HERE, by(auditor, json_pack("{s:s, s:i, s:s}", "do", "record", "record", 1, "why", "case 7")), BASE_E_ROLE, "self");
    nodes_refused(&nodes, HERE, by(analyst, json_pack("{s:s, s:s, s:s}", "do", "match-hits", "compartment", "banks", "why", "case 7")),
                  BASE_E_NOT_FOUND, "self");
    nodes_refused(&nodes, HERE, by(auditor, json_pack("{s:s, s:s, s:s}", "do", "match-hits", "compartment", "banks", "why", "case 7")),
                  BASE_E_ROLE, "self");
    nodes_refused(&nodes, HERE, by(analyst, json_pack("{s:s, s:s, s:s}", "do", "match-hits", "compartment", "border", "why", "case 7")),
                  BASE_E_NOT_FOUND, "self"); /* no match yet */
    nodes_refused(&nodes, HERE, by(analyst, json_pack("{s:s, s:s}", "do", "compartments", "more", "x")), BASE_E_ARGUMENT, "self");
    assert_ok(store_looks_check(nodes_store(&nodes, HERE), NULL, &head));
    assert_int_equal(before, head.number);

    json_t *result = nodes_ask(&nodes, HERE, search(analyst, "BEISPIEL7", "case 7"));
    assert_int_equal(1, json_integer_value(json_object_get(result, "found")));
    assert_int_equal(0, json_integer_value(json_object_get(result, "left_out")));
    result = nodes_ask(&nodes, HERE, search(analyst, "anna", "case 7"));
    assert_int_equal(PERSONS, json_integer_value(json_object_get(result, "found")));
    assert_int_equal(PERSONS - 50, json_integer_value(json_object_get(result, "left_out")));
    assert_int_equal(50, items_of(&nodes, search(analyst, "anna", "case 7")));
    assert_int_equal(0, items_of(&nodes, search(analyst, "nobody", "case 7")));
    result = nodes_ask(&nodes, HERE, by(analyst, json_pack("{s:s, s:i, s:s}", "do", "record", "record", 1, "why", "case 7")));
    assert_non_null(strstr(json_string_value(json_object_get(result, "content")), "Anna Beispiel0"));
    nodes_refused(&nodes, HERE, by(analyst, json_pack("{s:s, s:i, s:s}", "do", "record", "record", 999, "why", "case 7")), BASE_E_NOT_FOUND, "self");
    assert_ok(store_looks_check(nodes_store(&nodes, HERE), NULL, &head));
    assert_int_equal(before + 6, head.number);
    assert_int_equal(1, items_of(&nodes, by(analyst, json_pack("{s:s}", "do", "compartments"))));
    assert_int_equal(2, items_of(&nodes, by(auditor, json_pack("{s:s}", "do", "compartments"))));
    nodes_release(&nodes);
}

/* In a process of the account GUEST and the given group. The exit code is the reply's code, or 200 plus that of the call. */
static int ask_as_guest(struct nodes *nodes, gid_t group, const char *key)
{
    int status;
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        if (setgroups(1, &group) != 0 || setgid(group) != 0 || setuid(GUEST) != 0)
            _exit(199);
        enum base_code code = nodes_try(nodes, HERE, by(key, json_pack("{s:s}", "do", "status")));
        const char *word = json_string_value(json_object_get(nodes->reply, "error"));
        _exit(code != BASE_OK ? 200 + (int)code : word == NULL ? 0 : (int)base_code_from_word(word));
    }
    assert_int_equal(pid, waitpid(pid, &status, 0));
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* What a guest of the group can do with a file of the folder, besides connecting to the socket. */
static int open_as_guest(const char *path, gid_t group)
{
    int status;
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        if (setgroups(1, &group) != 0 || setgid(group) != 0 || setuid(GUEST) != 0)
            _exit(199);
        _exit(open(path, O_RDONLY | O_CLOEXEC) >= 0 ? 0 : errno == EACCES ? 1 : 2);
    }
    assert_int_equal(pid, waitpid(pid, &status, 0));
    return WEXITSTATUS(status);
}

static unsigned mode_of(const char *home, const char *name, gid_t *group)
{
    char path[160];
    struct stat status;
    snprintf(path, sizeof path, "%s%s", home, name);
    assert_int_equal(0, stat(path, &status));
    *group = status.st_gid;
    return status.st_mode & 07777;
}

static void without_a_group_the_socket_is_the_owners(void **state)
{
    struct nodes nodes;
    gid_t group;
    char key[KEY_LEN];
    (void)state;
    nodes_init(&nodes);
    nodes_start(&nodes, HERE);
    const char *home = nodes.fixture.sides[HERE].home;
    assert_int_equal(0700, mode_of(home, "", &group));
    assert_int_equal(0600, mode_of(home, "/node.sock", &group));
    add_user(&nodes, "mara", &node_every_compartment, NODE_ROLE_ANALYST, key);
    if (geteuid() == 0) {
        assert_int_equal(0, chmod(nodes.fixture.folder, 0711));
        assert_int_equal(200 + BASE_E_IO, ask_as_guest(&nodes, GUEST, key));
    }
    nodes_release(&nodes);
}

static void a_group_reaches_the_socket_and_needs_a_key(void **state)
{
    static const char *const files[] = {"/entente.db", "/entente.db-wal", "/party.key", "/node.sock.lock"};
    struct nodes nodes;
    gid_t group = geteuid() == 0 ? GUEST : getegid(), found;
    const struct group *entry = getgrgid(group);
    char key[KEY_LEN], path[160], wrong[KEY_LEN];
    (void)state;
    if (entry == NULL)
        test_skip("the system does not name the group of this account");
    nodes_init(&nodes);
    nodes.socket_group = entry->gr_name;
    nodes_start(&nodes, HERE);
    const char *home = nodes.fixture.sides[HERE].home;
    assert_int_equal(0710, mode_of(home, "", &found));
    assert_int_equal(group, found);
    assert_int_equal(0660, mode_of(home, "/node.sock", &found));
    assert_int_equal(group, found);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        assert_int_equal(0600, mode_of(home, files[i], &found));
    nodes_ask(&nodes, HERE, json_pack("{s:s}", "do", "status")); /* the owner, as ever */
    if (geteuid() == 0) {
        assert_int_equal(0, chmod(nodes.fixture.folder, 0711));
        assert_int_equal(BASE_E_ROLE, ask_as_guest(&nodes, group, NULL)); /* also while there are no users */
        add_user(&nodes, "mara", &node_every_compartment, NODE_ROLE_ANALYST, key);
        assert_int_equal(BASE_OK, ask_as_guest(&nodes, group, key));
        assert_int_equal(BASE_E_ROLE, ask_as_guest(&nodes, group, NULL));
        memcpy(wrong, key, sizeof wrong);
        wrong[20] = wrong[20] == '0' ? '1' : '0';
        assert_int_equal(BASE_E_KEY, ask_as_guest(&nodes, group, wrong));
        assert_int_equal(200 + BASE_E_IO, ask_as_guest(&nodes, GUEST - 1, key)); /* another group */
        for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
            snprintf(path, sizeof path, "%s%s", home, files[i]);
            assert_int_equal(1, open_as_guest(path, group));
        }
        assert_int_equal(1, open_as_guest(home, group)); /* what is in the folder is not listed */
    }
    nodes_release(&nodes);
}

static void guests_leave_places_to_the_owner(void **state)
{
    enum { HELD = NODE_CONTROL_GUEST_MAX };
    struct nodes nodes;
    int ready[2], done[2], status;
    char byte = 0, path[108];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)state;
    if (geteuid() != 0)
        test_skip("only root can act as another account");
    const struct group *entry = getgrgid(GUEST);
    if (entry == NULL)
        test_skip("the system has no group for guests");
    nodes_init(&nodes);
    nodes.socket_group = entry->gr_name;
    nodes_start(&nodes, HERE);
    assert_int_equal(0, chmod(nodes.fixture.folder, 0711));
    assert_ok(node_socket_path(nodes.fixture.sides[HERE].home, path));
    memcpy(address.sun_path, path, sizeof address.sun_path);
    assert_int_equal(0, pipe(ready) | pipe(done));
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) { /* a guest that holds as many connections as it may, and says nothing */
        gid_t group = GUEST;
        if (setgroups(1, &group) != 0 || setgid(group) != 0 || setuid(GUEST) != 0)
            _exit(1);
        for (unsigned i = 0; i < HELD; i++) {
            int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
            if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) != 0)
                _exit(2);
        }
        _exit(write(ready[1], "", 1) == 1 && read(done[0], &byte, 1) == 1 ? 0 : 3);
    }
    assert_int_equal(1, read(ready[0], &byte, 1));
    nodes_until(ask_as_guest(&nodes, GUEST, NULL) == BASE_E_BUSY);
    nodes_ask(&nodes, HERE, json_pack("{s:s}", "do", "status"));
    assert_int_equal(1, write(done[1], "", 1));
    assert_int_equal(pid, waitpid(pid, &status, 0));
    assert_int_equal(0, WEXITSTATUS(status));
    nodes_until(ask_as_guest(&nodes, GUEST, NULL) == BASE_E_ROLE);
    for (unsigned i = 0; i < 2; i++) {
        close(ready[i]);
        close(done[i]);
    }
    nodes_release(&nodes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_users_with_different_roles),
        cmocka_unit_test(persons_are_asked_for_with_a_role_and_a_reason),
        cmocka_unit_test(without_a_group_the_socket_is_the_owners),
        cmocka_unit_test(a_group_reaches_the_socket_and_needs_a_key),
        cmocka_unit_test(guests_leave_places_to_the_owner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
