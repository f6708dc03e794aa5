/* SPDX-License-Identifier: Apache-2.0
 *
 * entente-verify: checks the export of a ledger, sharing no code with the program that made it. Written from
 * doc/spec/ledger.md and doc/spec/statements.md. Prints no name of anybody: there is none in an export.
 */
#include "verify/compare.h"
#include "verify/folder.h"

#include <stdio.h>
#include <string.h>

static const char usage[] =
    "usage: entente-verify EXPORT-FOLDER [--json] [--against OTHER-EXPORT] [--older CHECKPOINT]\n"
    "                      [--owner FINGERPRINT] [--cosigner FINGERPRINT]\n"
    "\n"
    "Checks every signature, cosignature, hash and statement in the export of a ledger.\n"
    "  --against   also checks this export, of the other party or an earlier one, and compares the two\n"
    "  --older     an earlier checkpoint of this ledger, which the export must continue\n"
    "  --owner, --cosigner\n"
    "              the parties' fingerprints (32 hexadecimal digits) as known from elsewhere; without them the\n"
    "              export can only be found to agree with itself\n"
    "  --json      the result as one line of JSON\n"
    "Exit code: 0 verified, 1 not verified, 2 wrong usage or not readable.\n";

struct options {
    const char *folder;
    const char *against;
    const char *older;
    const char *expected[2];
    bool is_json;
};

static bool take_option(struct options *options, const char *name, const char *value)
{
    uint8_t fingerprint[VERIFY_FINGERPRINT_LEN];
    if (strcmp(name, "--against") == 0)
        options->against = value;
    else if (strcmp(name, "--older") == 0)
        options->older = value;
    else if (strcmp(name, "--owner") == 0)
        options->expected[0] = value;
    else if (strcmp(name, "--cosigner") == 0)
        options->expected[1] = value;
    else
        return false;
    if (strcmp(name, "--owner") == 0 || strcmp(name, "--cosigner") == 0)
        return verify_hex(verify_span_of(value, strlen(value)), fingerprint, sizeof fingerprint);
    return true;
}

static bool read_options(int count, char **arguments, struct options *options)
{
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], "--json") == 0) {
            options->is_json = true;
        } else if (arguments[i][0] != '-') {
            if (options->folder != NULL)
                return false;
            options->folder = arguments[i];
        } else if (i + 1 >= count || !take_option(options, arguments[i], arguments[i + 1])) {
            return false;
        } else {
            i++;
        }
    }
    return options->folder != NULL;
}

static void write_signers(uint8_t signers, const char *between)
{
    bool is_first = true;
    for (int role = 0; role < VERIFY_ROLE_COUNT; role++) {
        if ((signers & (1u << role)) == 0)
            continue;
        printf("%s%s", is_first ? "" : between, verify_role_word((enum verify_role)role));
        is_first = false;
    }
}

static void print_table(const struct verify_export *export)
{
    uint64_t unknown = 0;
    if (export->checked > 0)
        printf("%7s  %-20s  %-16s  %s\n", "index", "time", "kind", "signed by");
    for (uint64_t i = 0; i < export->checked; i++) {
        const struct verify_entry *entry = &export->entries[i];
        bool is_known = entry->kind != VERIFY_KIND_UNKNOWN;
        char time[24];
        verify_time_write(entry->time, time);
        printf("%7llu  %-20s  %-16s  ", (unsigned long long)i, time, verify_export_word(export, i));
        write_signers(entry->signers, ", ");
        printf("%s\n", is_known ? "" : "  (kind not known here)");
        unknown += !is_known;
    }
    if (unknown > 0)
        printf("%llu of a kind whose lines this program does not know: only their common lines were checked\n",
               (unsigned long long)unknown);
}

static void print_comparison(const struct verify_export *exports, const struct verify_comparison *comparison)
{
    printf("both have %llu, among them %llu matches\n", (unsigned long long)comparison->common_count,
           (unsigned long long)comparison->matches);
    for (uint64_t i = 0; i < comparison->only_count; i++) {
        const struct verify_difference *only = &comparison->only[i];
        char time[24];
        verify_time_write(exports[only->side].entries[only->index].time, time);
        printf("only in the %s: %llu  %s  %s\n", only->side == 0 ? "first" : "second", (unsigned long long)only->index, time,
               verify_export_word(&exports[only->side], only->index));
    }
}

static void print_text(const struct verify_export *exports, const struct verify_comparison *comparison, const struct options *options,
                       enum verify_result result, const struct verify_report *report)
{
    char time[24];
    print_table(&exports[0]);
    if (result == VERIFY_OK && options->against != NULL)
        print_comparison(exports, comparison);
    verify_time_write((int64_t)exports[0].cosigned_at, time);
    if (result == VERIFY_OK)
        printf("OK: %llu entries of %s, cosigned by %s at %s\n", (unsigned long long)exports[0].size,
               exports[0].parties.fingerprints[0], exports[0].parties.fingerprints[1], time);
    else if (result == VERIFY_REFUTED)
        printf("NOT OK: %s: %s (%s)\n", report->where, report->reason, report->clause);
    fflush(stdout);
    if (result == VERIFY_UNREADABLE)
        fprintf(stderr, "entente-verify: %s: %s\n", report->where, report->reason);
}

/* Paths come from the command line and may hold anything. */
static void print_json_string(const char *text)
{
    putchar('"');
    for (const unsigned char *c = (const unsigned char *)text; *c != 0; c++) {
        if (*c == '"' || *c == '\\')
            printf("\\%c", *c);
        else if (*c < 0x20 || *c > 0x7e)
            printf("\\u%04x", *c);
        else
            putchar(*c);
    }
    putchar('"');
}

static void print_json_entries(const struct verify_export *export)
{
    printf("\"entries\":[");
    for (uint64_t i = 0; i < export->checked; i++) {
        const struct verify_entry *entry = &export->entries[i];
        char leaf[2 * VERIFY_HASH_LEN + 1], time[24];
        verify_hex_write(export->leaves[i].bytes, VERIFY_HASH_LEN, leaf);
        verify_time_write(entry->time, time);
        printf("%s{\"index\":%llu,\"time\":\"%s\",\"kind\":\"%s\",\"hash\":\"%s\",\"known\":%s,\"signed_by\":[\"", i == 0 ? "" : ",",
               (unsigned long long)i, time, verify_export_word(export, i), leaf, entry->kind != VERIFY_KIND_UNKNOWN ? "true" : "false");
        write_signers(entry->signers, "\",\"");
        printf("\"]}");
    }
    printf("]");
}

static void print_json(const struct verify_export *exports, const struct verify_comparison *comparison, const struct options *options,
                       enum verify_result result, const struct verify_report *report)
{
    static const char *const words[] = {"ok", "not-ok", "unreadable"};
    char time[24];
    verify_time_write((int64_t)exports[0].cosigned_at, time);
    printf("{\"result\":\"%s\",", words[result]);
    if (result == VERIFY_OK) {
        printf("\"compartment\":\"%s\",\"owner\":\"%s\",\"cosigner\":\"%s\",\"size\":%llu,\"cosigned_at\":\"%s\",",
               exports[0].parties.compartment, exports[0].parties.fingerprints[0], exports[0].parties.fingerprints[1],
               (unsigned long long)exports[0].size, time);
    } else {
        printf("\"where\":");
        print_json_string(report->where);
        printf(",\"clause\":\"%s\",\"reason\":", report->clause);
        print_json_string(report->reason);
        printf(",");
    }
    if (result == VERIFY_OK && options->against != NULL) {
        printf("\"common\":%llu,\"matches\":%llu,\"only\":[", (unsigned long long)comparison->common_count,
               (unsigned long long)comparison->matches);
        for (uint64_t i = 0; i < comparison->only_count; i++)
            printf("%s{\"in\":\"%s\",\"index\":%llu}", i == 0 ? "" : ",", comparison->only[i].side == 0 ? "first" : "second",
                   (unsigned long long)comparison->only[i].index);
        printf("],");
    }
    print_json_entries(&exports[0]);
    printf("}\n");
}

static enum verify_result run(const struct options *options, struct verify_export *exports, struct verify_comparison *comparison,
                              struct verify_report *report)
{
    const char *const nothing[2] = {NULL, NULL};
    VERIFY_TRY(verify_export_read(&exports[0], options->folder, options->expected, report));
    if (options->older != NULL)
        VERIFY_TRY(verify_export_check_older(&exports[0], options->older, report));
    if (options->against == NULL)
        return VERIFY_OK;
    enum verify_result result = verify_export_read(&exports[1], options->against, nothing, report);
    if (result != VERIFY_OK) {
        char where[400];
        snprintf(where, sizeof where, "%.399s", report->where);
        verify_at(report, "the other export: %s", where);
        return result;
    }
    return verify_compare(&exports[0], &exports[1], comparison, report);
}

int main(int count, char **arguments)
{
    struct options options = {NULL, NULL, NULL, {NULL, NULL}, false};
    struct verify_export exports[2] = {VERIFY_EXPORT_EMPTY, VERIFY_EXPORT_EMPTY};
    struct verify_comparison comparison = {.only = NULL};
    struct verify_report report = {"", "", ""};
    if (count == 2 && strcmp(arguments[1], "--help") == 0) {
        fputs(usage, stdout);
        return VERIFY_OK;
    }
    if (!read_options(count, arguments, &options)) {
        fputs(usage, stderr);
        return VERIFY_UNREADABLE;
    }
    enum verify_result result = run(&options, exports, &comparison, &report);
    (options.is_json ? print_json : print_text)(exports, &comparison, &options, result, &report);
    verify_comparison_release(&comparison);
    verify_export_release(&exports[0]);
    verify_export_release(&exports[1]);
    if (fflush(stdout) != 0)
        return VERIFY_UNREADABLE;
    return (int)result;
}
