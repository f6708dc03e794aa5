/* SPDX-License-Identifier: Apache-2.0
 *
 * The UN Security Council's consolidated list (XML), read as it streams by: one person's elements at a time (records 6.1).
 * Document type declarations are refused, so no entity is ever declared, let alone expanded.
 */
#include "people/import_job.h"

#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHUNK = 65536,
    DEPTH_MAX = 16,
    TEXT_MAX = 65536,     /* bytes of one element's text */
    TOKEN_MAX = 1 << 20,  /* bytes that expat may hold back while it looks for a tag's end */
    LEAVES_MAX = 24,
    NAME_MAX_LEN = 40,
    DEPTH_PERSON = 3, /* CONSOLIDATED_LIST / INDIVIDUALS / INDIVIDUAL */
};

struct leaf {
    char name[NAME_MAX_LEN];
    struct base_buffer text;
};

/* The texts of the elements in one INDIVIDUAL, or in one of its groups; buffers are used again. */
struct leaves {
    struct leaf items[LEAVES_MAX];
    size_t count;
};

struct un {
    XML_Parser parser;
    struct people_stream *in;
    struct people_job *job;
    unsigned depth;
    char names[DEPTH_MAX + 1][NAME_MAX_LEN];
    struct base_buffer text;
    struct leaves person, group;
    struct people_record record;
    bool is_person;
    uint64_t line;
    enum base_code row_code; /* what is wrong with this person */
    enum base_code code;     /* what ends the import */
};

static struct base_bytes leaf_text(const struct leaves *leaves, const char *name)
{
    for (size_t i = 0; i < leaves->count; i++)
        if (strcmp(leaves->items[i].name, name) == 0)
            return people_trim(base_bytes_buffer(&leaves->items[i].text));
    return base_bytes_of(NULL, 0);
}

/* Of several elements of one name the first counts: the list has no such case among those read here. */
static enum base_code leaf_keep(struct leaves *leaves, const char *name, struct base_bytes text)
{
    if (leaves->count == LEAVES_MAX || leaf_text(leaves, name).len > 0)
        return BASE_OK;
    struct leaf *leaf = &leaves->items[leaves->count];
    base_buffer_clear(&leaf->text);
    BASE_TRY(base_buffer_append(&leaf->text, text));
    snprintf(leaf->name, sizeof leaf->name, "%s", name);
    leaves->count++;
    return BASE_OK;
}

static void leaves_release(struct leaves *leaves)
{
    for (size_t i = 0; i < LEAVES_MAX; i++)
        base_buffer_release(&leaves->items[i].text);
}

/* "a, b, c" of those that are there. */
static enum base_code join(const struct leaves *leaves, const char *const *names, size_t count, const char *mark,
                           struct base_buffer *out)
{
    base_buffer_clear(out);
    for (size_t i = 0; i < count; i++) {
        struct base_bytes part = leaf_text(leaves, names[i]);
        if (part.len == 0)
            continue;
        if (out->len > 0)
            BASE_TRY(base_buffer_text(out, mark));
        BASE_TRY(base_buffer_append(out, part));
    }
    return BASE_OK;
}

#define JOIN(leaves, mark, out, ...)                                                                                   \
    join((leaves), (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *),    \
         (mark), (out))

static enum base_code take_alias(struct un *un)
{
    struct base_bytes names = leaf_text(&un->group, "ALIAS_NAME"), quality = leaf_text(&un->group, "QUALITY"), one;
    bool is_weak = quality.len == 3 && people_starts_with(quality, "low");
    while (people_next_part(&names, ';', &one))
        BASE_TRY(people_record_add_name(&un->record, is_weak ? PEOPLE_NAME_WEAK : PEOPLE_NAME_ALIAS, one));
    BASE_TRY(people_add_birth_text(&un->record, leaf_text(&un->group, "DATE_OF_BIRTH"), PEOPLE_ORDER_DAY_MONTH,
                                   base_bytes_text("alias")));
    return people_record_add_place(&un->record, PEOPLE_PLACE_BIRTH, leaf_text(&un->group, "CITY_OF_BIRTH"),
                                   leaf_text(&un->group, "COUNTRY_OF_BIRTH"));
}

/* The text of the date: DATE, or FROM_YEAR to TO_YEAR, or YEAR; else what the note says. */
static enum base_code date_text(struct un *un, struct base_buffer *out)
{
    const struct leaves *group = &un->group;
    base_buffer_clear(out);
    if (leaf_text(group, "DATE").len > 0)
        return base_buffer_append(out, leaf_text(group, "DATE"));
    if (leaf_text(group, "FROM_YEAR").len > 0 && leaf_text(group, "TO_YEAR").len > 0)
        return JOIN(group, " to ", out, "FROM_YEAR", "TO_YEAR");
    return base_buffer_append(out, leaf_text(group, leaf_text(group, "YEAR").len > 0 ? "YEAR" : "NOTE"));
}

static enum base_code take_birth(struct un *un)
{
    struct people_date date = {0};
    BASE_TRY(date_text(un, &un->text));
    struct base_bytes text = people_trim(base_bytes_buffer(&un->text)), note = leaf_text(&un->group, "NOTE");
    bool is_about = people_starts_with(leaf_text(&un->group, "TYPE_OF_DATE"), "approx") ||
                    (people_starts_with(note, "approx") && note.len < 16);
    if (text.len == 0)
        return BASE_OK;
    if (people_date_parse(text, PEOPLE_ORDER_DAY_MONTH, &date) != BASE_OK)
        return people_add_remark(&un->record, "Born: ", text);
    return people_record_add_birth(&un->record, date.from, date.to, date.is_circa || is_about, base_bytes_of(NULL, 0));
}

static enum base_code take_document(struct un *un)
{
    const struct leaves *group = &un->group;
    struct base_bytes type = leaf_text(group, "TYPE_OF_DOCUMENT");
    struct base_bytes country = leaf_text(group, "ISSUING_COUNTRY");
    BASE_TRY(JOIN(group, "; ", &un->text, "TYPE_OF_DOCUMENT2", "DATE_OF_ISSUE", "CITY_OF_ISSUE", "COUNTRY_OF_ISSUE", "NOTE"));
    return people_record_add_document(&un->record, type.len > 0 ? type : leaf_text(group, "TYPE_OF_DOCUMENT2"),
                                      leaf_text(group, "NUMBER"),
                                      country.len > 0 ? country : leaf_text(group, "COUNTRY_OF_ISSUE"),
                                      base_bytes_buffer(&un->text));
}

static enum base_code take_place(struct un *un, enum people_place_kind kind)
{
    BASE_TRY(JOIN(&un->group, ", ", &un->text, "STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE"));
    return people_record_add_place(&un->record, kind, base_bytes_buffer(&un->text), leaf_text(&un->group, "COUNTRY"));
}

static enum base_code take_group(struct un *un, const char *name)
{
    if (strcmp(name, "INDIVIDUAL_ALIAS") == 0)
        return take_alias(un);
    if (strcmp(name, "INDIVIDUAL_DATE_OF_BIRTH") == 0)
        return take_birth(un);
    if (strcmp(name, "INDIVIDUAL_DOCUMENT") == 0)
        return take_document(un);
    if (strcmp(name, "INDIVIDUAL_PLACE_OF_BIRTH") == 0)
        return take_place(un, PEOPLE_PLACE_BIRTH);
    if (strcmp(name, "INDIVIDUAL_ADDRESS") == 0)
        return take_place(un, PEOPLE_PLACE_ADDRESS);
    return BASE_OK;
}

/* NATIONALITY, TITLE and DESIGNATION hold any number of VALUE. */
static enum base_code take_value(struct un *un, const char *group, struct base_bytes text)
{
    if (strcmp(group, "NATIONALITY") == 0)
        return people_texts_add(&un->record.nationalities, text);
    if (strcmp(group, "TITLE") == 0)
        return people_texts_add(&un->record.titles, text);
    if (strcmp(group, "DESIGNATION") == 0)
        return people_add_remark(&un->record, "Designation: ", text);
    return BASE_OK;
}

static enum base_code take_person(struct un *un)
{
    const struct leaves *person = &un->person;
    BASE_TRY(people_record_set_key(&un->record, leaf_text(person, "DATAID")));
    BASE_TRY(people_record_set_programme(&un->record, leaf_text(person, "UN_LIST_TYPE")));
    BASE_TRY(JOIN(person, " ", &un->text, "FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"));
    BASE_TRY(people_record_add_name(&un->record, PEOPLE_NAME_PRIMARY, base_bytes_buffer(&un->text)));
    BASE_TRY(people_record_add_name(&un->record, PEOPLE_NAME_ORIGINAL, leaf_text(person, "NAME_ORIGINAL_SCRIPT")));
    people_set_sex_text(&un->record, leaf_text(person, "GENDER"));
    BASE_TRY(people_add_remark(&un->record, "Reference: ", leaf_text(person, "REFERENCE_NUMBER")));
    return people_add_remark(&un->record, "", leaf_text(person, "COMMENTS1"));
}

static void stop(struct un *un, enum base_code code)
{
    if (un->code == BASE_OK)
        un->code = code;
    XML_StopParser(un->parser, XML_FALSE);
}

/* The first thing that is wrong with the person; what is wrong with this program's means stops the import. */
static void note_row(struct un *un, enum base_code code)
{
    if (code == BASE_E_NOMEM)
        stop(un, code);
    else if (un->row_code == BASE_OK)
        un->row_code = code;
}

static void take_root(struct un *un, const char *name, const char **attributes)
{
    if (strcmp(name, "CONSOLIDATED_LIST") != 0) {
        stop(un, base_fail(BASE_E_FORMAT, "%s: the root element is not CONSOLIDATED_LIST", un->in->file));
        return;
    }
    for (; attributes[0] != NULL; attributes += 2) {
        struct people_date date = {0};
        if (strcmp(attributes[0], "dateGenerated") == 0 && strlen(attributes[1]) >= 10 &&
            people_date_parse(base_bytes_of(attributes[1], 10), PEOPLE_ORDER_DAY_MONTH, &date) == BASE_OK)
            snprintf(un->job->facts->list_date, sizeof un->job->facts->list_date, "%.10s", attributes[1]);
    }
}

static void XMLCALL on_start(void *context, const char *name, const char **attributes)
{
    struct un *un = context;
    if (un->depth == DEPTH_MAX) {
        stop(un, base_fail(BASE_E_FORMAT, "%s: elements more than %d deep", un->in->file, DEPTH_MAX));
        return;
    }
    un->depth++;
    snprintf(un->names[un->depth], NAME_MAX_LEN, "%.*s", NAME_MAX_LEN - 1, name);
    base_buffer_clear(&un->text);
    if (un->depth == 1)
        take_root(un, name, attributes);
    if (un->depth == DEPTH_PERSON && strcmp(name, "INDIVIDUAL") == 0) {
        un->is_person = true;
        un->person.count = 0;
        un->row_code = BASE_OK;
        un->line = XML_GetCurrentLineNumber(un->parser);
    }
    if (un->depth == DEPTH_PERSON + 1)
        un->group.count = 0;
}

static void end_person(struct un *un)
{
    if (un->row_code == BASE_OK)
        un->row_code = take_person(un);
    enum base_code code = people_job_row(un->job, un->in);
    if (code == BASE_OK)
        code = people_job_end_row(un->job, un->row_code, &un->record, un->in, un->line);
    people_record_release(&un->record);
    un->is_person = false;
    if (code != BASE_OK)
        stop(un, code);
}

static void XMLCALL on_end(void *context, const char *name)
{
    struct un *un = context;
    struct base_bytes text = people_trim(base_bytes_buffer(&un->text));
    enum base_code code = BASE_OK;
    if (un->code != BASE_OK) /* expat may still close an element after it was told to stop */
        return;
    if (un->row_code != BASE_OK) { /* the person is lost; what else it holds does not matter */
        code = BASE_OK;
    } else if (un->is_person && un->depth == DEPTH_PERSON + 2 && text.len > 0) {
        const char *parent = un->names[un->depth - 1];
        code = strcmp(name, "VALUE") == 0 ? take_value(un, parent, text) : leaf_keep(&un->group, name, text);
    } else if (un->is_person && un->depth == DEPTH_PERSON + 1) {
        code = text.len > 0 && un->group.count == 0 ? leaf_keep(&un->person, name, text) : take_group(un, name);
    }
    if (code != BASE_OK)
        note_row(un, code);
    base_buffer_clear(&un->text);
    if (un->is_person && un->depth == DEPTH_PERSON)
        end_person(un);
    un->depth--;
}

static void XMLCALL on_text(void *context, const char *text, int len)
{
    struct un *un = context;
    if (!un->is_person || un->code != BASE_OK || un->row_code != BASE_OK)
        return;
    if (un->text.len + (size_t)len > TEXT_MAX)
        note_row(un, base_fail(BASE_E_LIMIT, "an element with over %d bytes of text", TEXT_MAX));
    else
        note_row(un, base_buffer_append(&un->text, base_bytes_of(text, (size_t)len)));
}

static void XMLCALL on_doctype(void *context, const char *name, const char *system, const char *public, int has_subset)
{
    struct un *un = context;
    (void)name, (void)system, (void)public, (void)has_subset;
    stop(un, base_fail(BASE_E_FORMAT, "%s: a document type declaration, which the list does not have", un->in->file));
}

static enum base_code parser_failure(struct un *un)
{
    enum XML_Error error = XML_GetErrorCode(un->parser);
    unsigned long long line = XML_GetCurrentLineNumber(un->parser);
    if (un->code != BASE_OK)
        return un->code;
    switch (error) {
    case XML_ERROR_NO_MEMORY:
        return base_fail(BASE_E_NOMEM, "no memory to parse %s", un->in->file);
    case XML_ERROR_UNKNOWN_ENCODING:
    case XML_ERROR_INCORRECT_ENCODING:
        return base_fail(BASE_E_ENCODING, "%s, line %llu: %s", un->in->file, line, XML_ErrorString(error));
    default:
        return base_fail(BASE_E_FORMAT, "%s, line %llu: %s", un->in->file, line, XML_ErrorString(error));
    }
}

/* The end of the file before the end of the root element is a truncated file, whatever expat makes of the last tag. */
static enum base_code finish_parser(struct un *un)
{
    if (XML_Parse(un->parser, "", 0, XML_TRUE) == XML_STATUS_OK)
        return un->code;
    if (un->code == BASE_OK)
        return base_fail(BASE_E_TRUNCATED, "%s stops on line %llu, before the list's end", un->in->file,
                         (unsigned long long)XML_GetCurrentLineNumber(un->parser));
    return un->code;
}

static enum base_code parse(struct un *un)
{
    uint64_t fed = 0;
    for (;;) {
        size_t len = 0;
        void *chunk = XML_GetBuffer(un->parser, CHUNK);
        if (chunk == NULL)
            return parser_failure(un);
        BASE_TRY(people_stream_read(un->in, chunk, CHUNK, &len));
        if (len == 0)
            return finish_parser(un);
        fed += len;
        if (XML_ParseBuffer(un->parser, (int)len, XML_FALSE) != XML_STATUS_OK)
            return parser_failure(un);
        XML_Index done = XML_GetCurrentByteIndex(un->parser);
        if (done >= 0 && fed - (uint64_t)done > TOKEN_MAX)
            return base_fail(BASE_E_LIMIT, "%s: a tag of over %d bytes", un->in->file, TOKEN_MAX);
    }
}

enum base_code people_import_un(struct people_stream *in, struct people_job *job)
{
    struct un *un = calloc(1, sizeof *un);
    XML_Parser parser = un == NULL ? NULL : XML_ParserCreate(NULL);
    enum base_code code = BASE_OK;
    if (parser == NULL) {
        code = base_fail(BASE_E_NOMEM, "no memory to parse %s", in->file);
        goto done;
    }
    un->parser = parser;
    un->in = in;
    un->job = job;
    XML_SetUserData(parser, un);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    XML_SetStartDoctypeDeclHandler(parser, on_doctype);
    code = parse(un);
    XML_ParserFree(parser);
done:
    if (un != NULL) {
        people_record_release(&un->record);
        leaves_release(&un->person);
        leaves_release(&un->group);
        base_buffer_release(&un->text);
    }
    free(un);
    return code;
}
