/* SPDX-License-Identifier: Apache-2.0
 *
 * Published lists to records. An importer streams one file (or set of files) and hands out fragments: records with a
 * source key that hold a part of what the source says about the person. The caller merges fragments with equal keys
 * (people_record_merge()), because some lists spread a person over many rows that need not stand together. Memory does
 * not grow with the file.
 *
 * Formats: the UN consolidated list (XML), the UK consolidated list (ConList.csv), the US OFAC legacy CSV set (sdn.csv
 * with alt.csv, add.csv and sdn_comments.csv beside it), FollowTheMoney entities (JSON lines), and any CSV through a
 * mapping file (doc/spec/records.md). A path may be gzipped; for OFAC it is the folder or its sdn.csv.
 */
#ifndef PEOPLE_IMPORT_H
#define PEOPLE_IMPORT_H

#include "people/record.h"

enum people_format { PEOPLE_FORMAT_UN_XML, PEOPLE_FORMAT_UK_CSV, PEOPLE_FORMAT_OFAC_CSV, PEOPLE_FORMAT_FTM, PEOPLE_FORMAT_CSV };

/* "un", "uk", "ofac", "ftm", "csv"; the reverse fails with BASE_E_ARGUMENT and lists them. */
const char *people_format_word(enum people_format format);
enum base_code people_format_from_word(const char *word, enum people_format *out) BASE_MUST_USE;

/* Tells the format from the first bytes. BASE_E_FORMAT, saying what was looked for, when it is none of them (a CSV that
 * needs a mapping is never guessed); BASE_E_NOT_FOUND, BASE_E_IO. */
enum base_code people_import_detect(const char *path, enum people_format *out) BASE_MUST_USE;

struct people_import_sink {
    void *context;
    /* One fragment; borrowed for the call. An error stops the import and is returned from it. */
    enum base_code (*fragment)(void *context, const struct people_record *fragment);
    /* A row that was left out: file, line (1 for the first), reason. The import goes on. */
    void (*bad_row)(void *context, const char *file, uint64_t line, const char *reason);
    /* Now and then: bytes read of bytes in all. An error (BASE_E_CANCELLED) stops the import. May be NULL. */
    enum base_code (*progress)(void *context, uint64_t done, uint64_t total);
};

struct people_import_facts {
    char list_date[21]; /* what the file says of its own date, ISO, or "" */
    uint64_t rows, bad_rows, fragments;
};

/* Streams the file into the sink. A file that is truncated (XML that stops, a last row or JSON line that is cut, a gzip
 * stream without its end, an empty file) is BASE_E_TRUNCATED; one of another kind BASE_E_FORMAT or BASE_E_ENCODING; more
 * than half of the rows bad is BASE_E_FORMAT. The caller then throws away every fragment. `mapping_path` only for CSV. */
enum base_code people_import_run(enum people_format format, const char *path, const char *mapping_path,
                                 const struct people_import_sink *sink, struct people_import_facts *facts) BASE_MUST_USE;

/* One FollowTheMoney entity, which may stand over several lines, into an empty record. One that this program wrote is read as the
 * record it is; of any other Person the properties are taken. BASE_E_FORMAT when it is no entity of schema Person or has no name,
 * BASE_E_LIMIT, BASE_E_ENCODING. Release `out` after failure, too. */
enum base_code people_import_entity(struct base_bytes json, struct people_record *out) BASE_MUST_USE;

#endif
