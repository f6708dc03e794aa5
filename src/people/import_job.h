/* SPDX-License-Identifier: Apache-2.0
 *
 * What the importers share, inside this layer: the running import (sink, counts, progress), and the small conversions
 * that more than one list needs. Each importer reads a stream and knows one format; none opens a file.
 */
#ifndef PEOPLE_IMPORT_JOB_H
#define PEOPLE_IMPORT_JOB_H

#include "people/dates.h"
#include "people/import.h"
#include "people/stream.h"

struct people_job {
    const struct people_import_sink *sink;
    struct people_import_facts *facts;
    uint64_t total_bytes;       /* of all files of the import */
    uint64_t done_before;       /* bytes of the files already read to their end */
    uint64_t done_told;         /* what the sink heard last: files read side by side must not seem to go back */
};

struct people_ofac_streams {
    struct people_stream sdn, alt, add, comments;
};

enum base_code people_import_un(struct people_stream *in, struct people_job *job) BASE_MUST_USE;
enum base_code people_import_uk(struct people_stream *in, struct people_job *job) BASE_MUST_USE;
enum base_code people_import_ofac(struct people_ofac_streams *in, struct people_job *job) BASE_MUST_USE;
enum base_code people_import_ftm(struct people_stream *in, struct people_job *job) BASE_MUST_USE;
/* `mapping`: the text of the mapping file (records 7). */
enum base_code people_import_mapped(struct people_stream *in, struct base_bytes mapping, struct people_job *job) BASE_MUST_USE;

/* One row more; tells the sink of the progress now and then. */
enum base_code people_job_row(struct people_job *job, const struct people_stream *stream) BASE_MUST_USE;
enum base_code people_job_fragment(struct people_job *job, const struct people_record *fragment) BASE_MUST_USE;
void people_job_bad(struct people_job *job, const struct people_stream *stream, uint64_t line, const char *reason);
/* Ends a row: hands the fragment out when `code` is BASE_OK; notes a bad row when the code is about what stands in the row
 * (LIMIT, ENCODING, FORMAT, RANGE); hands any other code on. A record without a key or without a name is a bad row. */
enum base_code people_job_end_row(struct people_job *job, enum base_code code, const struct people_record *fragment,
                                  const struct people_stream *stream, uint64_t line) BASE_MUST_USE;
/* BASE_E_TRUNCATED when there was no row at all, BASE_E_FORMAT when more than half were bad. */
enum base_code people_job_check(const struct people_job *job) BASE_MUST_USE;

/* A date that is none becomes the remark "Born: ...", so that it neither gets lost nor costs the person. */
enum base_code people_add_birth_text(struct people_record *record, struct base_bytes text, enum people_date_order order,
                                     struct base_bytes stated_by) BASE_MUST_USE;
/* Cut into remarks of at most PEOPLE_TEXT_MAX bytes, at blanks where there are any. `label` may be "". */
enum base_code people_add_remark(struct people_record *record, const char *label, struct base_bytes text) BASE_MUST_USE;
/* "male", "M", "Female" ...; anything else says nothing. */
void people_set_sex_text(struct people_record *record, struct base_bytes text);

struct base_bytes people_trim(struct base_bytes text);
bool people_starts_with(struct base_bytes text, const char *prefix); /* ASCII letters of either case */
/* Parts `text` at the first `mark`: what stands before it is taken off the front; false when nothing is left. */
bool people_next_part(struct base_bytes *rest, char mark, struct base_bytes *part);
/* Parts "(1) x (2) y", "1) x 2) y", "(a) x (b) y"; a text that does not begin so is one part. Start with *number 0. */
bool people_next_numbered(struct base_bytes *rest, unsigned *number, struct base_bytes *part);

#endif
