/* SPDX-License-Identifier: Apache-2.0
 *
 * Which list is it, which files belong to it, and off to its importer. Knows paths; knows nothing of what stands in a row.
 */
#include "people/import.h"

#include "people/import_job.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { LOOK_LEN = 4096, MAPPING_MAX = 1 << 16 };

static const char *const format_words[] = {[PEOPLE_FORMAT_UN_XML] = "un", [PEOPLE_FORMAT_UK_CSV] = "uk",
                                           [PEOPLE_FORMAT_OFAC_CSV] = "ofac", [PEOPLE_FORMAT_FTM] = "ftm",
                                           [PEOPLE_FORMAT_CSV] = "csv"};
enum { FORMAT_COUNT = sizeof format_words / sizeof format_words[0] };

const char *people_format_word(enum people_format format)
{
    return (unsigned)format < FORMAT_COUNT ? format_words[format] : "unknown";
}

enum base_code people_format_from_word(const char *word, enum people_format *out)
{
    for (unsigned i = 0; i < FORMAT_COUNT; i++) {
        if (strcmp(word, format_words[i]) == 0) {
            *out = (enum people_format)i;
            return BASE_OK;
        }
    }
    return base_fail(BASE_E_ARGUMENT, "no format \"%.32s\"; there are un, uk, ofac, ftm, csv", word);
}

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool contains(struct base_bytes text, const char *part)
{
    return text.len > 0 && memmem(text.data, text.len, part, strlen(part)) != NULL;
}

/* sdn.csv begins with an entity number, a comma and a quoted name, and writes -0- for nothing. */
static bool looks_like_ofac(struct base_bytes text)
{
    size_t digits = 0;
    while (digits < text.len && text.data[digits] >= '0' && text.data[digits] <= '9')
        digits++;
    return digits > 0 && digits + 1 < text.len && text.data[digits] == ',' && text.data[digits + 1] == '"' &&
           contains(text, "-0-");
}

static enum base_code detect_bytes(struct base_bytes text, const char *file, enum people_format *out)
{
    if (text.len >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0)
        text = base_bytes_of(text.data + 3, text.len - 3);
    text = people_trim(text);
    if (text.len == 0)
        return base_fail(BASE_E_TRUNCATED, "%s is empty", file);
    if (text.data[0] == '<' && contains(text, "<CONSOLIDATED_LIST"))
        *out = PEOPLE_FORMAT_UN_XML;
    else if (people_starts_with(text, "Last Updated,"))
        *out = PEOPLE_FORMAT_UK_CSV;
    else if (text.data[0] == '{' && contains(text, "\"schema\""))
        *out = PEOPLE_FORMAT_FTM;
    else if (looks_like_ofac(text))
        *out = PEOPLE_FORMAT_OFAC_CSV;
    else
        return base_fail(BASE_E_FORMAT,
                         "%s is none of: UN list (<CONSOLIDATED_LIST), UK list (\"Last Updated,\"), OFAC sdn.csv, "
                         "FollowTheMoney lines; for another CSV name the format and a mapping file",
                         file);
    return BASE_OK;
}

enum base_code people_import_detect(const char *path, enum people_format *out)
{
    struct people_stream stream;
    uint8_t first[LOOK_LEN];
    size_t len = 0;
    if (is_folder(path)) {
        char sdn[PATH_MAX];
        for (int i = 0; i < 2; i++) {
            snprintf(sdn, sizeof sdn, "%s/sdn.csv%s", path, i == 0 ? "" : ".gz");
            if (base_path_exists(sdn)) {
                *out = PEOPLE_FORMAT_OFAC_CSV;
                return BASE_OK;
            }
        }
        return base_fail(BASE_E_FORMAT, "the folder %s holds no sdn.csv, which would make it an OFAC set", path);
    }
    BASE_TRY(people_stream_open(&stream, path));
    enum base_code code = people_stream_read(&stream, first, sizeof first, &len);
    if (code == BASE_OK)
        code = detect_bytes(base_bytes_of(first, len), stream.file, out);
    people_stream_close(&stream);
    return code;
}

/* `name` in the folder of the set, plain or gzipped; BASE_E_NOT_FOUND names the missing file. */
static enum base_code open_beside(const char *folder, const char *name, struct people_stream *stream)
{
    char path[PATH_MAX];
    for (int i = 0; i < 2; i++) {
        if (snprintf(path, sizeof path, "%s/%s%s", folder, name, i == 0 ? "" : ".gz") >= (int)sizeof path)
            return base_fail(BASE_E_ARGUMENT, "the path of %s is too long", name);
        if (base_path_exists(path))
            return people_stream_open(stream, path);
    }
    return base_fail(BASE_E_NOT_FOUND, "the OFAC set in %s lacks %s", folder, name);
}

static enum base_code folder_of(const char *path, char out[PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    int len = is_folder(path)  ? snprintf(out, PATH_MAX, "%s", path)
              : slash == NULL  ? snprintf(out, PATH_MAX, ".")
              : slash == path  ? snprintf(out, PATH_MAX, "/")
                               : snprintf(out, PATH_MAX, "%.*s", (int)(slash - path), path);
    return len < PATH_MAX ? BASE_OK : base_fail(BASE_E_ARGUMENT, "the path of the OFAC set is too long");
}

static enum base_code run_ofac(const char *path, struct people_job *job)
{
    char folder[PATH_MAX];
    struct people_ofac_streams in = {0};
    BASE_TRY(folder_of(path, folder));
    enum base_code code = open_beside(folder, "sdn.csv", &in.sdn);
    if (code != BASE_OK || (code = open_beside(folder, "alt.csv", &in.alt)) != BASE_OK ||
        (code = open_beside(folder, "add.csv", &in.add)) != BASE_OK ||
        (code = open_beside(folder, "sdn_comments.csv", &in.comments)) != BASE_OK)
        goto done;
    job->total_bytes = people_stream_size(&in.sdn) + people_stream_size(&in.alt) + people_stream_size(&in.add) +
                       people_stream_size(&in.comments);
    code = people_import_ofac(&in, job);
done:
    people_stream_close(&in.sdn);
    people_stream_close(&in.alt);
    people_stream_close(&in.add);
    people_stream_close(&in.comments);
    return code;
}

static enum base_code run_mapped(struct people_stream *stream, const char *mapping_path, struct people_job *job)
{
    struct base_buffer mapping = BASE_BUFFER_EMPTY;
    if (mapping_path == NULL)
        return base_fail(BASE_E_ARGUMENT, "a CSV file needs a mapping file");
    enum base_code code = base_file_read(mapping_path, MAPPING_MAX, &mapping);
    if (code == BASE_OK)
        code = people_import_mapped(stream, base_bytes_buffer(&mapping), job);
    base_buffer_release(&mapping);
    return code;
}

static enum base_code run_one_file(enum people_format format, const char *path, const char *mapping_path,
                                   struct people_job *job)
{
    struct people_stream stream;
    BASE_TRY(people_stream_open(&stream, path));
    job->total_bytes = people_stream_size(&stream);
    enum base_code code = BASE_OK;
    if (format == PEOPLE_FORMAT_UN_XML)
        code = people_import_un(&stream, job);
    else if (format == PEOPLE_FORMAT_UK_CSV)
        code = people_import_uk(&stream, job);
    else if (format == PEOPLE_FORMAT_FTM)
        code = people_import_ftm(&stream, job);
    else
        code = run_mapped(&stream, mapping_path, job);
    people_stream_close(&stream);
    return code;
}

enum base_code people_import_run(enum people_format format, const char *path, const char *mapping_path,
                                 const struct people_import_sink *sink, struct people_import_facts *facts)
{
    *facts = (struct people_import_facts){0};
    struct people_job job = {.sink = sink, .facts = facts};
    if ((unsigned)format >= FORMAT_COUNT)
        return base_fail(BASE_E_ARGUMENT, "no format %u", (unsigned)format);
    if (mapping_path != NULL && format != PEOPLE_FORMAT_CSV)
        return base_fail(BASE_E_ARGUMENT, "a mapping file goes with the format csv, not %s", format_words[format]);
    enum base_code code = format == PEOPLE_FORMAT_OFAC_CSV ? run_ofac(path, &job)
                                                           : run_one_file(format, path, mapping_path, &job);
    BASE_TRY(code);
    if (sink->progress != NULL)
        BASE_TRY(sink->progress(sink->context, job.total_bytes, job.total_bytes));
    return people_job_check(&job);
}
