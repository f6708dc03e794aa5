/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/show.h"

#include "base/file.h"
#include "cli/call.h"
#include "cli/home.h"
#include "cli/when.h"
#include "crypto/secret.h"
#include "crypto/text.h"
#include "people/import.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { INDENT = 2, TURNS = 4 };

/* One line of a text from outside: tabs become blanks, everything else that steers a terminal a "?". */
static void print_line(const char *line, size_t len)
{
    char *text = cli_format("%.*s", (int)len, line);
    for (char *letter = text; *letter != 0; letter++)
        if (*letter == '\t')
            *letter = ' ';
    char *safe = cli_safe(text);
    cli_print_wrapped(stdout, safe, INDENT, cli_width(stdout));
    if (*safe == 0)
        putchar('\n');
    free(safe);
    free(text);
}

void cli_show_text(const char *label, const char *text)
{
    if (strpbrk(text, "\n\t") == NULL) {
        cli_print_field(label, "%s", text);
        return;
    }
    printf("%s%s%s\n", cli_bold(stdout), label, cli_plain(stdout));
    for (size_t len; *text != 0; text += len + (text[len] != 0)) {
        len = strcspn(text, "\n");
        print_line(text, len);
    }
}

const json_t *cli_result_list(const json_t *result, const char *key)
{
    const json_t *list = json_object_get(result, key);
    return json_is_array(list) ? list : json_object_get(result, "items");
}

const char *cli_item_text(const json_t *array, size_t index)
{
    const char *text = json_string_value(json_array_get(array, index));
    return text == NULL ? "" : text;
}

char *cli_joined(const json_t *array)
{
    char *text = cli_copy("");
    for (size_t i = 0; i < json_array_size(array); i++) {
        char *longer = cli_format("%s%s%s", text, i == 0 ? "" : ", ", cli_item_text(array, i));
        free(text);
        text = longer;
    }
    return text;
}

const char *cli_short(const char *hash)
{
    static char turns[TURNS][9];
    static unsigned turn;
    turn = (turn + 1) % TURNS;
    snprintf(turns[turn], sizeof turns[turn], "%s", hash);
    return turns[turn];
}

const char *cli_show_direction(const json_t *item)
{
    static char turns[TURNS][80];
    static unsigned turn;
    turn = (turn + 1) % TURNS;
    snprintf(turns[turn], sizeof turns[turn], "%s %s", json_is_true(json_object_get(item, "own")) ? "to" : "from", cli_result_text(item, "peer"));
    return turns[turn];
}

void cli_show_receipted(const json_t *item)
{
    if (json_is_true(json_object_get(item, "own")) && json_is_boolean(json_object_get(item, "receipted")))
        cli_print_field("receipted", "%s", json_is_true(json_object_get(item, "receipted")) ? "yes" : "not yet: the node keeps trying");
}

void cli_show_handling(const json_t *item)
{
    const char *label = cli_result_text(item, "label"), *grading = cli_result_text(item, "grading"), *handling = cli_result_text(item, "handling");
    if (*label != 0)
        cli_print_field("handling", "%s%s%s%s%s", label, *grading == 0 ? "" : " ", grading, *handling == 0 ? "" : " ", handling);
}

static void show_texts(const char *label, const struct people_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        cli_print_field(label, "%s", texts->items[i]);
}

static void show_names(const struct people_record *record)
{
    static const char *const labels[] = {
        [PEOPLE_NAME_PRIMARY] = "  also", [PEOPLE_NAME_ALIAS] = "  also", [PEOPLE_NAME_WEAK] = "  perhaps", [PEOPLE_NAME_ORIGINAL] = "  original"};
    size_t first = 0;
    for (size_t i = record->name_count; i-- > 0;)
        if (record->names[i].kind == PEOPLE_NAME_PRIMARY)
            first = i;
    cli_print_field("person", "%s", record->name_count == 0 ? "(no name)" : record->names[first].text);
    for (size_t i = 0; i < record->name_count; i++)
        if (i != first)
            cli_print_field(labels[record->names[i].kind], "%s", record->names[i].text);
}

static void show_record(const struct people_record *record)
{
    char *births = cli_person_births(record);
    show_names(record);
    if (*births != 0)
        cli_print_field("  born", "%s", births);
    if (record->sex != 0)
        cli_print_field("  sex", "%s", record->sex == 'm' ? "male" : "female");
    show_texts("  nationality", &record->nationalities);
    for (size_t i = 0; i < record->place_count; i++)
        cli_print_field(record->places[i].kind == PEOPLE_PLACE_BIRTH ? "  born in" : "  address", "%s%s%s", record->places[i].text,
                        record->places[i].country == NULL ? "" : ", ", record->places[i].country == NULL ? "" : record->places[i].country);
    for (size_t i = 0; i < record->document_count; i++) {
        const struct people_document *document = &record->documents[i];
        cli_print_field("  document", "%s %s%s%s", document->type == NULL ? "" : document->type, document->number,
                        document->country == NULL ? "" : ", ", document->country == NULL ? "" : document->country);
    }
    show_texts("  title", &record->titles);
    show_texts("  remark", &record->remarks);
    free(births);
}

static void show_person(const json_t *entity)
{
    struct people_record record = PEOPLE_RECORD_EMPTY;
    char *text = json_dumps(entity, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    if (text != NULL && people_import_entity(base_bytes_text(text), &record) == BASE_OK)
        show_record(&record);
    else
        cli_print_field("person", "(not an entity that this program can show; --json has it)");
    people_record_release(&record);
    free(text);
}

/* Bytes that a base64 text stands for. */
static size_t decoded_len(const char *text)
{
    size_t len = strlen(text);
    return len / 4 * 3 - (len > 0 && text[len - 1] == '=') - (len > 1 && text[len - 2] == '=');
}

void cli_show_content(const json_t *content)
{
    static const char *const keys[] = {"facts", "background", "reason", "link", "use", "text"};
    const json_t *persons = json_object_get(content, "persons"), *attachments = json_object_get(content, "attachments");
    for (size_t i = 0; i < json_array_size(persons); i++)
        show_person(json_array_get(persons, i));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *text = cli_result_text(json_object_get(content, "texts"), keys[i]);
        if (*text != 0)
            cli_show_text(keys[i], text);
    }
    for (size_t i = 0; i < json_array_size(attachments); i++) {
        const json_t *item = json_array_get(attachments, i);
        cli_print_field("attachment", "%s, %s, %s", cli_result_text(item, "name"), cli_result_text(item, "type"),
                        cli_size(decoded_len(cli_result_text(item, "data"))));
    }
}

void cli_show_content_of(const json_t *item)
{
    if (!json_is_object(json_object_get(item, "content")))
        cli_print_field("content", "not here (any more)");
    else
        cli_show_content(json_object_get(item, "content"));
    if (json_is_true(json_object_get(item, "restricted")))
        cli_print_field("restricted", "kept, and not to be used: its sender asked for it");
}

void cli_show_left_out(const struct cli *cli, const json_t *result)
{
    uint64_t count = cli_result_number(result, "left_out");
    if (count > 0)
        cli_say(cli, "... and %s older ones.", cli_thousands(count));
}

const char *cli_open_due(const json_t *duty)
{
    const char *state = cli_result_text(duty, "state");
    return strcmp(state, "open") == 0 || strcmp(state, "overdue") == 0 ? cli_result_text(duty, "due") : "";
}

/* Of a hit's open duties the one that is due first: "tell in 3 hours". The caller frees. */
static char *hit_due(const json_t *hit, int64_t now_ms)
{
    const char *task_due = cli_open_due(json_object_get(hit, "task")), *tell_due = cli_open_due(json_object_get(hit, "tell"));
    bool is_tell = *tell_due != 0 && (*task_due == 0 || strcmp(tell_due, task_due) < 0);
    const char *due = is_tell ? tell_due : task_due;
    return *due == 0 ? cli_copy("") : cli_format("%s %s", is_tell ? "tell" : "look", cli_due_text(due, now_ms));
}

void cli_show_hits(const json_t *hits, bool has_state, int64_t now_ms)
{
    static const struct cli_column columns[] = {{"HIT", CLI_RIGHT},  {"GRADE", CLI_LEFT}, {"WHERE", CLI_FLEXIBLE}, {"ALERT", CLI_LEFT},
                                                {"WHAT", CLI_LATE}, {"DUE", CLI_LEFT},   {"STATE", CLI_LEFT}};
    struct cli_table table;
    cli_table_init(&table, columns, has_state ? 7 : 6);
    for (size_t i = 0; i < json_array_size(hits); i++) {
        const json_t *hit = json_array_get(hits, i);
        char *number = cli_format("%llu", (unsigned long long)cli_result_number(hit, "hit"));
        char *due = hit_due(hit, now_ms);
        cli_table_add(&table, CLI_TEXTS(number, cli_result_text(hit, "grade"), cli_result_text(hit, "compartment"),
                                        cli_short(cli_result_text(hit, "alert")), cli_result_text(hit, "what"), due,
                                        cli_result_text(hit, "state")));
        free(due);
        free(number);
    }
    if (table.cell_count > 0)
        cli_table_print(&table, stdout);
    cli_table_release(&table);
}

void cli_show_tasks(const json_t *tasks, bool has_state, int64_t now_ms)
{
    static const struct cli_column columns[] = {{"TASK", CLI_RIGHT}, {"DUTY", CLI_LEFT},  {"WHERE", CLI_FLEXIBLE}, {"ABOUT", CLI_LEFT},
                                                {"DUE", CLI_LEFT},   {"OWNER", CLI_LATE}, {"STATE", CLI_LEFT},     {"OUTCOME", CLI_FLEXIBLE}};
    struct cli_table table;
    cli_table_init(&table, columns, has_state ? 8 : 6);
    for (size_t i = 0; i < json_array_size(tasks); i++) {
        const json_t *task = json_array_get(tasks, i);
        char *number = cli_format("%llu", (unsigned long long)cli_result_number(task, "task"));
        cli_table_add(&table, CLI_TEXTS(number, cli_result_text(task, "duty"), cli_result_text(task, "compartment"),
                                        cli_short(cli_result_text(task, "about")), cli_due_text(cli_open_due(task), now_ms),
                                        cli_result_text(task, "owner"), cli_result_text(task, "state"), cli_result_text(task, "outcome")));
        free(number);
    }
    if (table.cell_count > 0)
        cli_table_print(&table, stdout);
    cli_table_release(&table);
}

void cli_show_duties(const json_t *duties, const char *peer, int64_t now_ms)
{
    static const struct cli_column columns[] = {{"DUTY", CLI_LEFT}, {"OF", CLI_FLEXIBLE}, {"DUE", CLI_LEFT}, {"STATE", CLI_LEFT}, {"OUTCOME", CLI_FLEXIBLE}};
    struct cli_table table;
    cli_table_init(&table, columns, 5);
    for (size_t i = 0; i < json_array_size(duties); i++) {
        const json_t *duty = json_array_get(duties, i);
        bool is_own = json_is_true(json_object_get(duty, "own"));
        cli_table_add(&table, CLI_TEXTS(cli_result_text(duty, "duty"), is_own ? "this party" : peer, cli_due_text(cli_open_due(duty), now_ms),
                                        cli_result_text(duty, "state"), cli_result_text(duty, "outcome")));
    }
    if (table.cell_count > 0)
        cli_table_print(&table, stdout);
    cli_table_release(&table);
}

/* A name that may become a file's: one part, visible, not hidden, nothing that steers a terminal. */
static bool is_file_name(const char *name)
{
    char *safe = cli_safe(name);
    bool is_plain = strcmp(safe, name) == 0 && *name != 0 && *name != '.' && *name != '-' && strchr(name, '/') == NULL && strlen(name) <= 255;
    free(safe);
    return is_plain;
}

static enum base_code write_new(const char *path, struct base_bytes data)
{
    int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return errno == EEXIST ? base_fail(BASE_E_EXISTS, "%s is there already", path)
                               : base_fail(BASE_E_IO, "%s cannot be made: %s", path, strerror(errno));
    while (data.len > 0) {
        ssize_t put = write(fd, data.data, data.len);
        if (put <= 0 && errno != EINTR)
            break;
        data.data += put > 0 ? put : 0;
        data.len -= put > 0 ? (size_t)put : 0;
    }
    bool is_whole = data.len == 0 && fsync(fd) == 0;
    close(fd);
    return is_whole ? BASE_OK : base_fail(BASE_E_IO, "%s cannot be written", path);
}

static enum base_code save_one(const struct cli *cli, const json_t *item, size_t number, const char *folder)
{
    struct base_buffer data = BASE_BUFFER_EMPTY;
    const char *name = cli_result_text(item, "name");
    char *path = is_file_name(name) ? cli_format("%s/%s", folder, name) : cli_format("%s/attachment-%zu", folder, number);
    enum base_code code = crypto_base64_decode(base_bytes_text(cli_result_text(item, "data")), &data);
    if (code == BASE_OK)
        code = write_new(path, base_bytes_buffer(&data));
    if (code == BASE_OK)
        cli_say(cli, "Wrote %s (%s).", path, cli_size(data.len));
    crypto_wipe_buffer(&data);
    free(path);
    return code;
}

enum base_code cli_save_attachments(const struct cli *cli, const json_t *content, const char *folder)
{
    const json_t *attachments = json_object_get(content, "attachments");
    if (json_array_size(attachments) == 0)
        return base_fail(BASE_E_NOT_FOUND, "there is no attachment");
    BASE_TRY(base_folder_make(folder, 0700));
    for (size_t i = 0; i < json_array_size(attachments); i++)
        BASE_TRY(save_one(cli, json_array_get(attachments, i), i + 1, folder));
    return BASE_OK;
}
