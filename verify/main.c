/* SPDX-License-Identifier: Apache-2.0
 *
 * entente-verify: checks exports of ledgers, oversight files, openings and the evidence of two histories, sharing no code
 * with the program that made them. Written from doc/spec/ledger.md, statements.md and oversight.md. Prints no name of
 * anybody: there is none in what it reads, but for the content of an opening.
 */
#include "verify/show.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char usage[] =
    "usage: entente-verify EXPORT-FOLDER [--json] [--against OTHER-EXPORT] [--older CHECKPOINT]\n"
    "                      [--owner FINGERPRINT] [--cosigner FINGERPRINT]\n"
    "       entente-verify OVERSIGHT-FILE [--json] [--owner FINGERPRINT] [--cosigner FINGERPRINT]\n"
    "       entente-verify --open FILE [EXPORT-FOLDER] [--json] [--owner FINGERPRINT] [--cosigner FINGERPRINT]\n"
    "       entente-verify --conflict FILE [--json]\n"
    "\n"
    "Checks every signature, cosignature, hash and statement in the export of a ledger, or of each ledger in an oversight\n"
    "file, and says of the latter what was asked, answered, late and silent.\n"
    "  --against   also checks this export, of the other party or an earlier one, and compares the two\n"
    "  --older     an earlier checkpoint of this ledger, which the export must continue\n"
    "  --open      checks that a content was committed to, shows it, and says before when; with an export, that this has\n"
    "              the same entry\n"
    "  --conflict  checks whether two checkpoints prove that a party showed two histories\n"
    "  --owner, --cosigner\n"
    "              the parties' fingerprints (32 hexadecimal digits) as known from elsewhere; without them the\n"
    "              export can only be found to agree with itself\n"
    "  --json      the result as one line of JSON\n"
    "Exit code: 0 verified, 1 not verified, 2 wrong usage or not readable.\n";

struct options {
    const char *path;
    const char *against;
    const char *older;
    const char *opening;
    const char *conflict;
    const char *expected[2];
    bool is_json;
};

static bool take_option(struct options *options, const char *name, const char *value)
{
    uint8_t fingerprint[VERIFY_FINGERPRINT_LEN];
    const struct {
        const char *name;
        const char **value;
    } known[] = {{"--against", &options->against}, {"--older", &options->older},        {"--open", &options->opening},
                 {"--conflict", &options->conflict}, {"--owner", &options->expected[0]}, {"--cosigner", &options->expected[1]}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(name, known[i].name) != 0)
            continue;
        *known[i].value = value;
        return i < 4 || verify_hex(verify_span_of(value, strlen(value)), fingerprint, sizeof fingerprint);
    }
    return false;
}

/* Which options go together, as the usage says. */
static bool is_sound(const struct options *options)
{
    bool compares = options->against != NULL || options->older != NULL;
    bool expects = options->expected[0] != NULL || options->expected[1] != NULL;
    if (options->conflict != NULL)
        return options->path == NULL && options->opening == NULL && !compares && !expects;
    return options->opening != NULL ? !compares : options->path != NULL;
}

static bool read_options(int count, char **arguments, struct options *options)
{
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], "--json") == 0) {
            options->is_json = true;
        } else if (arguments[i][0] != '-') {
            if (options->path != NULL)
                return false;
            options->path = arguments[i];
        } else if (i + 1 >= count || !take_option(options, arguments[i], arguments[i + 1])) {
            return false;
        } else {
            i++;
        }
    }
    return is_sound(options);
}

/* How a run ends, as text: the last line is the result. */
static void show_failure(enum verify_result result, const struct verify_report *report)
{
    if (result == VERIFY_REFUTED)
        printf("NOT OK: %s: %s (%s)\n", report->where, report->reason, report->clause);
    fflush(stdout);
    if (result == VERIFY_UNREADABLE)
        fprintf(stderr, "entente-verify: %s: %s\n", report->where, report->reason);
}

static void json_failure(const struct verify_report *report)
{
    printf("\"where\":");
    verify_json_string(report->where);
    printf(",\"clause\":\"%s\",\"reason\":", report->clause);
    verify_json_string(report->reason);
}

static const char *result_word(enum verify_result result)
{
    static const char *const words[] = {"ok", "not-ok", "unreadable"};
    return words[result];
}

/* One export, or two. */

static void show_export(const struct verify_export exports[2], const struct verify_comparison *comparison, const struct options *options,
                        enum verify_result result, const struct verify_report *report)
{
    char time[24];
    verify_show_entries(&exports[0]);
    if (result == VERIFY_OK && options->against != NULL)
        verify_show_comparison(exports, comparison);
    verify_time_write((int64_t)exports[0].cosigned_at, time);
    if (result == VERIFY_OK)
        printf("OK: %llu entries of %s, cosigned by %s at %s\n", (unsigned long long)exports[0].size,
               exports[0].parties.fingerprints[0], exports[0].parties.fingerprints[1], time);
    else
        show_failure(result, report);
}

static void json_export(const struct verify_export exports[2], const struct verify_comparison *comparison, const struct options *options,
                        enum verify_result result, const struct verify_report *report)
{
    char time[24];
    verify_time_write((int64_t)exports[0].cosigned_at, time);
    printf("{\"result\":\"%s\",", result_word(result));
    if (result == VERIFY_OK)
        printf("\"compartment\":\"%s\",\"owner\":\"%s\",\"cosigner\":\"%s\",\"size\":%llu,\"cosigned_at\":\"%s\"",
               exports[0].parties.compartment, exports[0].parties.fingerprints[0], exports[0].parties.fingerprints[1],
               (unsigned long long)exports[0].size, time);
    else
        json_failure(report);
    printf(",");
    if (result == VERIFY_OK && options->against != NULL) {
        verify_json_comparison(comparison);
        printf(",");
    }
    verify_json_entries(&exports[0]);
    printf("}\n");
}

static enum verify_result read_exports(const struct options *options, struct verify_export exports[2],
                                       struct verify_comparison *comparison, struct verify_report *report)
{
    const char *const nothing[2] = {NULL, NULL};
    const struct verify_folder folder = verify_folder_at(options->path), against = verify_folder_at(options->against);
    VERIFY_TRY(verify_export_read(&exports[0], &folder, options->expected, report));
    if (options->older != NULL)
        VERIFY_TRY(verify_export_check_older(&exports[0], options->older, report));
    if (options->against == NULL)
        return VERIFY_OK;
    enum verify_result result = verify_export_read(&exports[1], &against, nothing, report);
    if (result != VERIFY_OK) {
        char where[400];
        snprintf(where, sizeof where, "%.399s", report->where);
        verify_at(report, "the other export: %s", where);
        return result;
    }
    return verify_compare(&exports[0], &exports[1], comparison, report);
}

static enum verify_result run_export(const struct options *options, struct verify_report *report)
{
    struct verify_export exports[2] = {VERIFY_EXPORT_EMPTY, VERIFY_EXPORT_EMPTY};
    struct verify_comparison comparison = {.only = NULL};
    enum verify_result result = read_exports(options, exports, &comparison, report);
    (options->is_json ? json_export : show_export)(exports, &comparison, options, result, report);
    verify_comparison_release(&comparison);
    verify_export_release(&exports[0]);
    verify_export_release(&exports[1]);
    return result;
}

/* An oversight file. */

static void show_compartment(void *context, const struct verify_compartment *compartment)
{
    (void)context;
    verify_show_compartment(compartment);
}

static void json_compartment(void *context, const struct verify_compartment *compartment)
{
    bool *is_first = context;
    printf("%s", *is_first ? "" : ",");
    verify_json_compartment(compartment);
    *is_first = false;
}

static void show_oversight(const struct verify_oversight *oversight, enum verify_result result, const struct verify_report *report)
{
    for (size_t i = 0; i < oversight->not_cosigned_count && result == VERIFY_OK; i++)
        printf("not here, because the other party has cosigned nothing yet: compartment %s\n", oversight->not_cosigned[i]);
    if (result == VERIFY_OK)
        printf("OK: %zu compartments, %llu entries of %s\n", oversight->compartments, (unsigned long long)oversight->entries, oversight->party);
    else
        show_failure(result, report);
}

static void json_oversight(const struct verify_oversight *oversight, enum verify_result result, const struct verify_report *report)
{
    printf("],\"result\":\"%s\",", result_word(result));
    if (result == VERIFY_OK) {
        printf("\"party\":\"%s\",\"entries\":%llu,\"not_cosigned\":[", oversight->party, (unsigned long long)oversight->entries);
        for (size_t i = 0; i < oversight->not_cosigned_count; i++)
            printf("%s\"%s\"", i == 0 ? "" : ",", oversight->not_cosigned[i]);
        printf("]}\n");
    } else {
        json_failure(report);
        printf("}\n");
    }
}

static enum verify_result run_oversight(const struct options *options, struct verify_report *report)
{
    struct verify_oversight oversight = VERIFY_OVERSIGHT_EMPTY;
    bool is_first = true;
    if (options->is_json)
        printf("{\"compartments\":[");
    FILE *file = fopen(options->path, "rb");
    verify_at(report, "%s", options->path);
    enum verify_result result = file == NULL ? verify_unreadable(report, "cannot be opened: %s", strerror(errno))
                                             : verify_oversight_read(file, options->expected, options->is_json ? json_compartment : show_compartment,
                                                                     &is_first, &oversight, report);
    (options->is_json ? json_oversight : show_oversight)(&oversight, result, report);
    verify_oversight_release(&oversight);
    return result;
}

/* An opening. */

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) != 0 || S_ISDIR(status.st_mode);
}

struct comparing {
    const struct verify_opening *opening;
    struct verify_report *report;
    enum verify_result result;
    bool is_found;
};

static void compare_compartment(void *context, const struct verify_compartment *compartment)
{
    struct comparing *comparing = context;
    if (strcmp(compartment->export->parties.compartment, comparing->opening->parties.compartment) != 0)
        return;
    comparing->is_found = true;
    comparing->result = verify_opening_compare(comparing->opening, compartment->export, comparing->report);
}

static enum verify_result compare_with_file(const struct options *options, const struct verify_opening *opening, struct verify_report *report)
{
    struct verify_oversight oversight = VERIFY_OVERSIGHT_EMPTY;
    struct verify_report compared = {"", "", ""};
    struct comparing comparing = {opening, &compared, VERIFY_OK, false};
    FILE *file = fopen(options->path, "rb");
    verify_at(report, "%s", options->path);
    if (file == NULL)
        return verify_unreadable(report, "cannot be opened: %s", strerror(errno));
    enum verify_result result = verify_oversight_read(file, options->expected, compare_compartment, &comparing, &oversight, report);
    verify_oversight_release(&oversight);
    if (result != VERIFY_OK)
        return result;
    if (comparing.result != VERIFY_OK)
        *report = compared;
    verify_at(report, "comparison");
    return comparing.is_found ? comparing.result : verify_refute(report, "oversight 5.7", "the file has no such compartment");
}

static enum verify_result compare_with_folder(const struct options *options, const struct verify_opening *opening, struct verify_report *report)
{
    struct verify_export export = VERIFY_EXPORT_EMPTY;
    const struct verify_folder folder = verify_folder_at(options->path);
    enum verify_result result = verify_export_read(&export, &folder, options->expected, report);
    if (result == VERIFY_OK)
        result = verify_opening_compare(opening, &export, report);
    verify_export_release(&export);
    return result;
}

static enum verify_result read_opening(const struct options *options, struct verify_opening *opening, struct verify_report *report)
{
    struct verify_file file = {NULL, 0};
    enum verify_result result = verify_path_read(options->opening, VERIFY_OPENING_FILE_MAX, &file, report);
    if (result == VERIFY_OK)
        result = verify_opening_read(verify_file_span(&file), options->expected, opening, report);
    if (result == VERIFY_OK && options->path != NULL)
        result = (is_folder(options->path) ? compare_with_folder : compare_with_file)(options, opening, report);
    verify_file_release(&file);
    return result;
}

static enum verify_result run_opening(const struct options *options, struct verify_report *report)
{
    struct verify_opening opening = VERIFY_OPENING_EMPTY;
    enum verify_result result = read_opening(options, &opening, report);
    char time[24];
    verify_time_write((int64_t)opening.cosigned_at, time);
    if (options->is_json) {
        printf("{\"result\":\"%s\",", result_word(result));
        if (result == VERIFY_OK)
            verify_json_opening(&opening);
        else
            json_failure(report);
        printf("}\n");
    } else if (result == VERIFY_OK) {
        verify_show_opening(&opening);
        printf("OK: entry %llu committed to this content before %s\n", (unsigned long long)opening.index, time);
    } else {
        show_failure(result, report);
    }
    verify_opening_release(&opening);
    return result;
}

/* Two histories. */

static enum verify_result read_conflict(const struct options *options, struct verify_conflict *conflict, struct verify_report *report)
{
    struct verify_file file = {NULL, 0};
    enum verify_result result = verify_path_read(options->conflict, VERIFY_CONFLICT_FILE_MAX, &file, report);
    if (result == VERIFY_OK)
        result = verify_conflict_read(verify_file_span(&file), conflict, report);
    if (result == VERIFY_OK && !conflict->is_proven) {
        verify_at(report, "proof");
        result = verify_refute(report, "oversight 4.5", "two checkpoints, and no proof that the second does not continue the first");
    }
    verify_file_release(&file);
    return result;
}

static enum verify_result run_conflict(const struct options *options, struct verify_report *report)
{
    struct verify_conflict conflict = {.is_proven = false};
    enum verify_result result = read_conflict(options, &conflict, report);
    if (options->is_json) {
        printf("{\"result\":\"%s\",", result_word(result));
        if (result == VERIFY_OK) {
            printf("\"conflict\":");
            verify_json_conflict(&conflict);
        } else {
            json_failure(report);
        }
        printf("}\n");
    } else if (result == VERIFY_OK) {
        verify_show_conflict(&conflict);
        printf("OK: proven: %s showed two histories in compartment %s\n", conflict.parties.fingerprints[0], conflict.parties.compartment);
    } else {
        show_failure(result, report);
    }
    return result;
}

int main(int count, char **arguments)
{
    struct options options = {.is_json = false};
    struct verify_report report = {"", "", ""};
    enum verify_result result;
    if (count == 2 && strcmp(arguments[1], "--help") == 0) {
        fputs(usage, stdout);
        return VERIFY_OK;
    }
    if (!read_options(count, arguments, &options)) {
        fputs(usage, stderr);
        return VERIFY_UNREADABLE;
    }
    if (options.conflict != NULL)
        result = run_conflict(&options, &report);
    else if (options.opening != NULL)
        result = run_opening(&options, &report);
    else if (is_folder(options.path) || options.against != NULL || options.older != NULL)
        result = run_export(&options, &report);
    else
        result = run_oversight(&options, &report);
    if (fflush(stdout) != 0)
        return VERIFY_UNREADABLE;
    return (int)result;
}
