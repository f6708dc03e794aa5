/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/lists.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINE_BYTES = 8192 };

/* Lines "id, kind, text" parted by tabs; a date is "year month day". */
static const char program[] = "import os, sys\n"
                              "folder = os.environ['ENTENTE_LISTS']\n"
                              "sys.dont_write_bytecode = True\n"
                              "sys.path.insert(0, folder)\n"
                              "import listlib\n"
                              "for p in listlib.read_eu_one(folder + '/eu-765-2006.csv.gz'):\n"
                              "    for kind, text in p['names']: print(p['id'], kind, text, sep='\\t')\n"
                              "    for d in p['dobs']: print(p['id'], 'date', '%d %d %d' % d[:3], sep='\\t')\n";

static enum people_name_kind kind_of(const char *word)
{
    if (strcmp(word, "primary") == 0)
        return PEOPLE_NAME_PRIMARY;
    return strcmp(word, "orig") == 0 ? PEOPLE_NAME_ORIGINAL : PEOPLE_NAME_ALIAS;
}

static enum base_code take_fields(struct list *list, const char *key, const char *kind, const char *text)
{
    int parts[3] = {0, 0, 0};
    BASE_TRY(base_grow_array((void **)&list->records, &list->capacity, list->count + 1, sizeof *list->records));
    struct people_record *record = &list->records[list->count++];
    *record = PEOPLE_RECORD_EMPTY;
    BASE_TRY(people_record_set_key(record, base_bytes_text(key)));
    if (strcmp(kind, "date") != 0)
        return people_record_add_name(record, kind_of(kind), base_bytes_text(text));
    if (sscanf(text, "%d %d %d", &parts[0], &parts[1], &parts[2]) != 3)
        return base_fail(BASE_E_FORMAT, "a date that is not three numbers");
    struct people_day day = {(int16_t)parts[0], (uint8_t)parts[1], (uint8_t)parts[2]};
    return people_record_add_birth(record, day, day, false, base_bytes_text(""));
}

static enum base_code take_line(struct list *list, char *line)
{
    char *kind = strchr(line, '\t'), *text = kind == NULL ? NULL : strchr(kind + 1, '\t');
    if (text == NULL)
        return base_fail(BASE_E_FORMAT, "a line of the tabulated list without three fields");
    *kind = 0;
    *text = 0;
    text[1 + strcspn(text + 1, "\n")] = 0;
    return take_fields(list, line, kind + 1, text + 1);
}

enum base_code list_load_tabulated(const char *folder, struct list *out)
{
    int ends[2], status = 0;
    char line[LINE_BYTES];
    if (setenv("ENTENTE_LISTS", folder, 1) != 0 || pipe(ends) != 0)
        return base_fail(BASE_E_IO, "no pipe");
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        execlp("python3", "python3", "-c", program, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    FILE *in = fdopen(ends[0], "r");
    enum base_code code = in == NULL || child < 0 ? base_fail(BASE_E_IO, "no child") : BASE_OK;
    while (code == BASE_OK && fgets(line, sizeof line, in) != NULL)
        code = take_line(out, line);
    if (in != NULL)
        fclose(in);
    bool has_ended = child > 0 && waitpid(child, &status, 0) == child && status == 0;
    if (code == BASE_OK && !has_ended)
        code = base_fail(BASE_E_IO, "python3 did not read the tabulated list");
    return code == BASE_OK ? list_merge(out) : code;
}
