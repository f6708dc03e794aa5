/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include "node/control.h"

#include <errno.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { PATIENCE_TICKS = 2000, TICK_MS = 5 };

struct desk {
    uv_loop_t loop;
    struct node_control_server *server;
    char folder[64], path[96];
    unsigned asked, gone;
    unsigned replies; /* to each request */
    bool ends, is_closed;
    struct node_control_client *last;
    json_t *kept;
};

static void on_request(void *context, struct node_control_client *client, json_t *request)
{
    struct desk *desk = context;
    desk->asked++;
    desk->last = client;
    json_decref(desk->kept);
    desk->kept = json_incref(request);
    node_control_set_data(client, desk);
    for (unsigned i = 0; i < desk->replies; i++)
        assert_ok(node_control_reply(client, json_pack("{s:O, s:i}", "you-said", request, "number", (int)i)));
    if (desk->ends)
        node_control_end(client);
}

static void on_gone(void *context, struct node_control_client *client)
{
    struct desk *desk = context;
    assert_ptr_equal(desk, node_control_data(client));
    desk->gone++;
}

static void on_closed(void *context)
{
    ((struct desk *)context)->is_closed = true;
}

static struct node_control_events events_of(struct desk *desk)
{
    return (struct node_control_events){desk, on_request, on_gone};
}

static void desk_init(struct desk *desk)
{
    struct node_control_events events = events_of(desk);
    memset(desk, 0, sizeof *desk);
    desk->replies = 1;
    desk->ends = true;
    snprintf(desk->folder, sizeof desk->folder, "/tmp/entente-control-XXXXXX");
    assert_non_null(mkdtemp(desk->folder));
    snprintf(desk->path, sizeof desk->path, "%s/socket", desk->folder);
    assert_int_equal(0, uv_loop_init(&desk->loop));
    assert_ok(node_control_listen(&desk->loop, desk->path, &events, &desk->server));
}

static void tick(uv_timer_t *timer)
{
    ++*(unsigned *)timer->data;
}

#define desk_until(desk, condition)                                                                \
    do {                                                                                           \
        uv_timer_t desk_timer;                                                                     \
        unsigned desk_ticks = 0;                                                                   \
        uv_timer_init(&(desk)->loop, &desk_timer);                                                 \
        desk_timer.data = &desk_ticks;                                                             \
        uv_timer_start(&desk_timer, tick, TICK_MS, TICK_MS);                                       \
        while (!(condition) && desk_ticks < PATIENCE_TICKS)                                        \
            uv_run(&(desk)->loop, UV_RUN_ONCE);                                                    \
        uv_close((uv_handle_t *)&desk_timer, NULL);                                                \
        uv_run(&(desk)->loop, UV_RUN_NOWAIT);                                                      \
        if (desk_ticks >= PATIENCE_TICKS)                                                          \
            fail_msg("waited in vain for %s", #condition);                                         \
    } while (0)

static void desk_release(struct desk *desk)
{
    char lock[128];
    node_control_close(desk->server, on_closed, desk);
    desk_until(desk, desk->is_closed);
    assert_int_equal(0, uv_loop_close(&desk->loop));
    assert_int_equal(-1, access(desk->path, F_OK));
    snprintf(lock, sizeof lock, "%s.lock", desk->path);
    unlink(lock);
    assert_int_equal(0, rmdir(desk->folder));
    json_decref(desk->kept);
}

/* node_control_call() blocks, so it runs beside the loop. */
struct caller {
    const char *path;
    json_t *request;
    pthread_t thread;
    enum base_code code, reply_code;
    unsigned replies;
    char last[256];
    _Atomic bool is_done;
};

static enum base_code on_reply(void *context, json_t *reply)
{
    struct caller *caller = context;
    char *text = json_dumps(reply, JSON_COMPACT);
    snprintf(caller->last, sizeof caller->last, "%s", text);
    free(text);
    caller->replies++;
    return caller->reply_code == BASE_OK ? BASE_OK : base_fail(caller->reply_code, "enough");
}

static void *call(void *context)
{
    struct caller *caller = context;
    caller->code = node_control_call(caller->path, caller->request, on_reply, caller);
    caller->is_done = true;
    return NULL;
}

static void caller_start(struct caller *caller, const struct desk *desk, json_t *request)
{
    *caller = (struct caller){.path = desk->path, .request = request, .reply_code = caller->reply_code};
    assert_int_equal(0, pthread_create(&caller->thread, NULL, call, caller));
}

static void caller_end(struct caller *caller, struct desk *desk)
{
    desk_until(desk, caller->is_done);
    assert_int_equal(0, pthread_join(caller->thread, NULL));
    json_decref(caller->request);
}

static int plain_socket(const struct desk *desk)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    snprintf(to.sun_path, sizeof to.sun_path, "%s", desk->path);
    assert_int_equal(0, connect(fd, (const struct sockaddr *)&to, sizeof to));
    return fd;
}

/* Reads until the server closes. */
static const char *read_all(struct desk *desk, int fd)
{
    static char text[1 << 17];
    size_t len = 0;
    ssize_t count = -1;
    desk_until(desk, ((count = read(fd, text + len, sizeof text - 1 - len)) > 0 && (len += (size_t)count) == 0) || count == 0);
    text[len] = 0;
    return text;
}

static void a_request_gets_its_replies(void **state)
{
    (void)state;
    struct desk desk;
    struct caller caller = {0};
    desk_init(&desk);
    desk.replies = 3;
    caller_start(&caller, &desk, json_pack("{s:s}", "command", "status"));
    caller_end(&caller, &desk);
    assert_int_equal(BASE_OK, caller.code);
    assert_int_equal(3, caller.replies);
    assert_string_equal("{\"you-said\":{\"command\":\"status\"},\"number\":2}", caller.last);
    desk_until(&desk, desk.gone == 1);
    assert_int_equal(1, desk.asked);
    desk_release(&desk);
}

static void only_this_user_can_open_the_socket(void **state)
{
    (void)state;
    struct desk desk;
    struct stat there;
    desk_init(&desk);
    assert_int_equal(0, stat(desk.path, &there));
    assert_int_equal(S_IFSOCK | 0600, there.st_mode);
    desk_release(&desk);
}

static void two_clients_do_not_meet(void **state)
{
    (void)state;
    struct desk desk;
    struct caller one = {0}, two = {0};
    desk_init(&desk);
    desk.replies = 200; /* more than one read */
    caller_start(&one, &desk, json_pack("{s:s}", "who", "one"));
    caller_start(&two, &desk, json_pack("{s:s}", "who", "two"));
    caller_end(&one, &desk);
    caller_end(&two, &desk);
    assert_int_equal(200, one.replies);
    assert_int_equal(200, two.replies);
    assert_non_null(strstr(one.last, "\"one\""));
    assert_non_null(strstr(two.last, "\"two\""));
    desk_until(&desk, desk.gone == 2);
    desk_release(&desk);
}

static void replies_may_come_later(void **state)
{
    (void)state;
    struct desk desk;
    struct caller caller = {0};
    desk_init(&desk);
    desk.replies = 0;
    desk.ends = false;
    caller_start(&caller, &desk, json_pack("{s:s}", "command", "wait"));
    desk_until(&desk, desk.asked == 1);
    assert_false(caller.is_done);
    assert_ok(node_control_reply(desk.last, json_pack("{s:b}", "done", 1)));
    node_control_end(desk.last);
    assert_fails(BASE_E_CLOSED, node_control_reply(desk.last, json_pack("{s:b}", "done", 2)));
    caller_end(&caller, &desk);
    assert_int_equal(BASE_OK, caller.code);
    assert_string_equal("{\"done\":true}", caller.last);
    desk_release(&desk);
}

static void a_caller_hears_what_went_wrong(void **state)
{
    (void)state;
    struct desk desk;
    struct caller caller = {0};
    json_t *request = json_pack("{s:s}", "command", "status"), *large = json_object();
    static char text[NODE_CONTROL_LINE_MAX];
    desk_init(&desk);
    assert_fails(BASE_E_NO_NODE, node_control_call("/tmp/no-such-folder/socket", request, on_reply, &caller));
    assert_fails(BASE_E_NO_NODE, node_control_call("/dev/null/socket", request, on_reply, &caller));
    memset(text, 'p', 200);
    assert_fails(BASE_E_LIMIT, node_control_call(text, request, on_reply, &caller));
    memset(text, 'x', sizeof text - 1);
    json_object_set_new(large, "text", json_string(text));
    assert_fails(BASE_E_LIMIT, node_control_call(desk.path, large, on_reply, &caller));
    json_decref(large);
    json_decref(request);

    desk.replies = 0; /* ends without an answer */
    caller_start(&caller, &desk, json_pack("{s:s}", "command", "status"));
    caller_end(&caller, &desk);
    assert_int_equal(BASE_E_CLOSED, caller.code);

    desk.replies = 3;
    caller.reply_code = BASE_E_REFUSED; /* the callback's own error ends the call */
    caller_start(&caller, &desk, json_pack("{s:s}", "command", "status"));
    caller_end(&caller, &desk);
    assert_int_equal(BASE_E_REFUSED, caller.code);
    assert_int_equal(1, caller.replies);
    desk_release(&desk);
}

static void bad_lines_are_answered_and_ended(void **state)
{
    (void)state;
    static const struct {
        const char *line, *word;
    } cases[] = {
        {"rubbish\n", "bad-format"},
        {"[1,2]\n", "bad-format"},
        {"\n", "bad-format"},
        {"{\"a\":1,\"a\":2}\n", "bad-format"},
        {"{\"a\":\"\xff\"}\n", "bad-format"},
        {"{\"a\":1} {\"b\":2}\n", "bad-format"},
        {"{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}\n", "over-limit"},
    };
    struct desk desk;
    desk_init(&desk);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int fd = plain_socket(&desk);
        assert_true(write(fd, cases[i].line, strlen(cases[i].line)) > 0);
        const char *answer = read_all(&desk, fd);
        assert_non_null(strstr(answer, cases[i].word));
        assert_null(strstr(answer, "rubbish")); /* what was said is not repeated */
        close(fd);
    }
    assert_int_equal(0, desk.asked);
    assert_int_equal(0, desk.gone); /* who never asked is not reported */
    desk_release(&desk);
}

static void an_over_long_line_is_not_kept(void **state)
{
    (void)state;
    static char line[2 * NODE_CONTROL_LINE_MAX];
    struct desk desk;
    desk_init(&desk);
    memset(line, ' ', sizeof line);
    int fd = plain_socket(&desk);
    size_t at = 0;
    ssize_t count = 0;
    desk_until(&desk, ((count = send(fd, line + at, sizeof line - at, MSG_NOSIGNAL)) > 0 && (at += (size_t)count) == 0) ||
                          at == sizeof line || (count < 0 && errno == EPIPE));
    char answer[256] = "";
    desk_until(&desk, read(fd, answer, sizeof answer - 1) > 0);
    assert_non_null(strstr(answer, "over-limit"));
    close(fd);
    assert_int_equal(0, desk.asked);
    desk_release(&desk);
}

static void requests_may_come_in_pieces_and_in_heaps(void **state)
{
    (void)state;
    static const char text[] = "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n{\"n\"";
    struct desk desk;
    desk_init(&desk);
    desk.ends = false;
    int fd = plain_socket(&desk);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(1, write(fd, text + i, 1));
        uv_run(&desk.loop, UV_RUN_NOWAIT);
    }
    assert_true(write(fd, text + 5, sizeof text - 6) > 0);
    desk_until(&desk, desk.asked == 3);
    assert_int_equal(3, json_integer_value(json_object_get(desk.kept, "n")));
    assert_int_equal(0, desk.gone);
    close(fd); /* vanishes in the middle of a line */
    desk_until(&desk, desk.gone == 1);
    assert_int_equal(3, desk.asked);
    desk_release(&desk);
}

static void a_vanished_client_costs_nothing(void **state)
{
    (void)state;
    struct desk desk;
    desk_init(&desk);
    desk.replies = 2000;
    int fd = plain_socket(&desk);
    assert_true(write(fd, "{}\n", 3) == 3);
    close(fd);
    desk_until(&desk, desk.gone == 1);
    struct caller caller = {0};
    desk.replies = 1;
    caller_start(&caller, &desk, json_object());
    caller_end(&caller, &desk);
    assert_int_equal(BASE_OK, caller.code);
    desk_release(&desk);
}

static void a_client_that_does_not_read_fills_a_queue(void **state)
{
    (void)state;
    static char text[NODE_CONTROL_LINE_MAX / 2];
    struct desk desk;
    enum base_code code = BASE_OK;
    desk_init(&desk);
    desk.replies = 0;
    desk.ends = false;
    memset(text, 'x', sizeof text - 1);
    int fd = plain_socket(&desk);
    assert_true(write(fd, "{}\n", 3) == 3);
    desk_until(&desk, desk.asked == 1);
    for (int i = 0; i < 2000 && code == BASE_OK; i++)
        code = node_control_reply(desk.last, json_pack("{s:s}", "text", text));
    assert_int_equal(BASE_E_FLOOD, code);
    assert_true(node_control_queued(desk.last) <= NODE_CONTROL_QUEUE_MAX);
    close(fd);
    desk_until(&desk, desk.gone == 1);
    desk_release(&desk);
}

static void replies_are_checked(void **state)
{
    (void)state;
    static char text[NODE_CONTROL_LINE_MAX + 1];
    struct desk desk;
    desk_init(&desk);
    desk.replies = 0;
    desk.ends = false;
    memset(text, 'x', sizeof text - 1);
    int fd = plain_socket(&desk);
    assert_true(write(fd, "{}\n", 3) == 3);
    desk_until(&desk, desk.asked == 1);
    assert_fails(BASE_E_LIMIT, node_control_reply(desk.last, json_pack("{s:s}", "text", text)));
    assert_fails(BASE_E_ARGUMENT, node_control_reply(desk.last, json_array()));
    assert_fails(BASE_E_NOMEM, node_control_reply(desk.last, NULL));
    assert_int_equal(0, node_control_queued(desk.last));
    node_control_end(desk.last);
    close(fd);
    desk_release(&desk);
}

static void too_many_clients_are_told_so(void **state)
{
    (void)state;
    int fds[NODE_CONTROL_CLIENTS_MAX + 1];
    struct desk desk;
    desk_init(&desk);
    for (size_t i = 0; i <= NODE_CONTROL_CLIENTS_MAX; i++) {
        fds[i] = plain_socket(&desk);
        uv_run(&desk.loop, UV_RUN_NOWAIT);
    }
    assert_non_null(strstr(read_all(&desk, fds[NODE_CONTROL_CLIENTS_MAX]), "busy"));
    for (size_t i = 0; i <= NODE_CONTROL_CLIENTS_MAX; i++)
        close(fds[i]);
    desk_release(&desk);
}

/* A socket file with nobody behind it, as a killed process leaves it. */
static void leave_stale_socket(const char *path)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_true(strlen(path) < sizeof at.sun_path);
    memcpy(at.sun_path, path, strlen(path));
    assert_int_equal(0, bind(fd, (const struct sockaddr *)&at, sizeof at));
    assert_int_equal(0, listen(fd, 1));
    close(fd);
}

static void a_stale_socket_is_replaced_and_a_live_one_is_not(void **state)
{
    (void)state;
    struct desk desk;
    struct caller caller = {0};
    struct node_control_server *second = NULL;
    char other[128], lock[160];
    desk_init(&desk);
    struct node_control_events events = events_of(&desk);
    assert_fails(BASE_E_BUSY, node_control_listen(&desk.loop, desk.path, &events, &second));

    snprintf(other, sizeof other, "%s/other", desk.folder);
    snprintf(lock, sizeof lock, "%s.lock", other);
    leave_stale_socket(other);
    json_t *request = json_object();
    assert_fails(BASE_E_NO_NODE, node_control_call(other, request, on_reply, &caller));
    json_decref(request);
    assert_ok(node_control_listen(&desk.loop, other, &events, &second));
    assert_int_equal(0, unlink(lock)); /* even without the lock a live socket is not taken away */
    struct node_control_server *third = NULL;
    assert_fails(BASE_E_BUSY, node_control_listen(&desk.loop, other, &events, &third));
    node_control_close(second, on_closed, &desk);
    desk_until(&desk, desk.is_closed);
    desk.is_closed = false;

    assert_int_equal(0, mkdir(other, 0700));
    assert_fails(BASE_E_EXISTS, node_control_listen(&desk.loop, other, &events, &third));
    assert_int_equal(0, rmdir(other));
    unlink(lock);
    char far[200];
    memset(far, 'f', sizeof far - 1);
    far[sizeof far - 1] = 0;
    assert_fails(BASE_E_LIMIT, node_control_listen(&desk.loop, far, &events, &third));
    assert_fails(BASE_E_IO, node_control_listen(&desk.loop, "/tmp/no-such-folder/socket", &events, &third));
    desk_release(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_gets_its_replies),
        cmocka_unit_test(only_this_user_can_open_the_socket),
        cmocka_unit_test(two_clients_do_not_meet),
        cmocka_unit_test(replies_may_come_later),
        cmocka_unit_test(a_caller_hears_what_went_wrong),
        cmocka_unit_test(bad_lines_are_answered_and_ended),
        cmocka_unit_test(an_over_long_line_is_not_kept),
        cmocka_unit_test(requests_may_come_in_pieces_and_in_heaps),
        cmocka_unit_test(a_vanished_client_costs_nothing),
        cmocka_unit_test(a_client_that_does_not_read_fills_a_queue),
        cmocka_unit_test(replies_are_checked),
        cmocka_unit_test(too_many_clients_are_told_so),
        cmocka_unit_test(a_stale_socket_is_replaced_and_a_live_one_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
