/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/person.h"

#include "base/file.h"
#include "cli/print.h"
#include "crypto/hash.h"
#include "crypto/text.h"
#include "exchange/statement.h"
#include "people/dates.h"
#include "people/import.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FILE_MAX = 1 << 20, DATE_MAX = 80, KEY_DIGITS = 16 };

static bool is_latin(const struct people_name *name)
{
    return strcmp(name->script, "Latn") == 0;
}

/* `read`: the same names, of which the scripts are known. */
static enum base_code add_by_script(struct people_record *record, const struct people_record *read)
{
    size_t primary = 0;
    bool has_latin = false;
    for (size_t i = read->name_count; i-- > 0;) {
        if (is_latin(&read->names[i])) {
            primary = i;
            has_latin = true;
        }
    }
    for (size_t i = 0; i < read->name_count; i++) {
        enum people_name_kind kind = PEOPLE_NAME_ALIAS;
        if (i == primary)
            kind = PEOPLE_NAME_PRIMARY;
        else if (has_latin && !is_latin(&read->names[i]))
            kind = PEOPLE_NAME_ORIGINAL;
        BASE_TRY(people_record_add_name(record, kind, base_bytes_text(read->names[i].text)));
    }
    return BASE_OK;
}

enum base_code cli_person_add_names(struct people_record *record, const char *const *names, size_t count)
{
    struct people_record read = PEOPLE_RECORD_EMPTY;
    enum base_code code = BASE_OK;
    for (size_t i = 0; i < count && code == BASE_OK; i++)
        code = people_record_add_name(&read, PEOPLE_NAME_ALIAS, base_bytes_text(names[i]));
    if (code == BASE_OK)
        code = add_by_script(record, &read);
    people_record_release(&read);
    return code;
}

/* "c.1986" and "~1986" as "c. 1986". */
static const char *apart(const char *text, char out[DATE_MAX + 4])
{
    size_t mark = *text == '~' ? 1 : strncasecmp(text, "ca.", 3) == 0 ? 3 : strncasecmp(text, "c.", 2) == 0 ? 2 : 0;
    if (mark == 0 || strlen(text) > DATE_MAX)
        return text;
    snprintf(out, DATE_MAX + 4, "c. %s", text + mark);
    return out;
}

enum base_code cli_person_add_born(struct people_record *record, const char *text)
{
    char spaced[DATE_MAX + 4];
    struct people_date date;
    enum base_code code = people_date_parse(base_bytes_text(apart(text, spaced)), PEOPLE_ORDER_DAY_MONTH, &date);
    if (code == BASE_E_RANGE)
        return base_fail(BASE_E_ARGUMENT, "there is no such date of birth: '%.40s'", text);
    if (code != BASE_OK)
        return base_fail(BASE_E_ARGUMENT, "'%.40s' is no date of birth: 1986-10-21, 1986-10, 1986, c.1986 or 1985/1988", text);
    return people_record_add_birth(record, date.from, date.to, date.is_circa, base_bytes_text(""));
}

enum base_code cli_person_add_document(struct people_record *record, const char *text)
{
    const char *number = strchr(text, ':');
    const char *country = number == NULL ? NULL : strchr(number + 1, ':');
    size_t number_len = number == NULL ? 0 : country == NULL ? strlen(number + 1) : (size_t)(country - number - 1);
    if (number_len == 0 || number == text || (country != NULL && (country[1] == 0 || strchr(country + 1, ':') != NULL)))
        return base_fail(BASE_E_ARGUMENT, "a document is TYPE:NUMBER or TYPE:NUMBER:COUNTRY, not '%.40s'", text);
    return people_record_add_document(record, base_bytes_of(text, (size_t)(number - text)), base_bytes_of(number + 1, number_len),
                                      base_bytes_text(country == NULL ? "" : country + 1), base_bytes_text(""));
}

enum base_code cli_person_set_sex(struct people_record *record, const char *text)
{
    if (strcasecmp(text, "m") == 0 || strcasecmp(text, "male") == 0)
        record->sex = 'm';
    else if (strcasecmp(text, "f") == 0 || strcasecmp(text, "female") == 0)
        record->sex = 'f';
    else
        return base_fail(BASE_E_ARGUMENT, "a sex is m or f, not '%.40s'", text);
    return BASE_OK;
}

static enum base_code add_option_names(const struct cli *cli, struct people_record *out)
{
    const char *names[CLI_OPTIONS_MAX];
    size_t count = 0;
    while (count < CLI_OPTIONS_MAX && (names[count] = cli_value_at(cli, "name", count)) != NULL)
        count++;
    return cli_person_add_names(out, names, count);
}

enum base_code cli_person_of_options(const struct cli *cli, struct people_record *out)
{
    static const char *const others[] = {"born", "sex", "nationality", "birth-place", "document"};
    const char *text;
    BASE_TRY(add_option_names(cli, out));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (out->name_count == 0 && cli_has(cli, others[i]))
            return base_fail(BASE_E_ARGUMENT, "--name is missing: whose --%s is it?", others[i]);
    for (size_t i = 0; (text = cli_value_at(cli, "born", i)) != NULL; i++)
        BASE_TRY(cli_person_add_born(out, text));
    for (size_t i = 0; (text = cli_value_at(cli, "nationality", i)) != NULL; i++)
        BASE_TRY(people_texts_add(&out->nationalities, base_bytes_text(text)));
    for (size_t i = 0; (text = cli_value_at(cli, "birth-place", i)) != NULL; i++)
        BASE_TRY(people_record_add_place(out, PEOPLE_PLACE_BIRTH, base_bytes_text(text), base_bytes_text("")));
    for (size_t i = 0; (text = cli_value_at(cli, "document", i)) != NULL; i++)
        BASE_TRY(cli_person_add_document(out, text));
    return cli_has(cli, "sex") ? cli_person_set_sex(out, cli_value(cli, "sex")) : BASE_OK;
}

static enum base_code add_key(struct people_record *record)
{
    struct base_buffer text = BASE_BUFFER_EMPTY;
    struct crypto_hash hash;
    char digits[2 * sizeof hash.bytes + 1];
    enum base_code code = people_record_encode(record, &text);
    if (code == BASE_OK) {
        struct base_bytes part = base_bytes_buffer(&text);
        crypto_hash_domain("entente/cli/person/v1", &part, 1, &hash);
        crypto_hex_encode(base_bytes_of(hash.bytes, sizeof hash.bytes), digits);
        code = people_record_set_key(record, base_bytes_of(digits, KEY_DIGITS));
    }
    base_buffer_release(&text);
    return code;
}

enum base_code cli_person_json(struct people_record *record, json_t **out)
{
    struct base_buffer text = BASE_BUFFER_EMPTY;
    json_error_t error;
    enum base_code code = record->source_key == NULL ? add_key(record) : BASE_OK;
    if (code == BASE_OK)
        code = people_record_encode(record, &text);
    *out = code == BASE_OK ? json_loadb((const char *)text.data, text.len, 0, &error) : NULL;
    base_buffer_release(&text);
    if (code == BASE_OK && *out == NULL)
        code = base_fail(BASE_E_NOMEM, "no memory for a person");
    return code;
}

static enum base_code add_entity(const json_t *entity, json_t *array)
{
    struct people_record record = PEOPLE_RECORD_EMPTY;
    json_t *person = NULL;
    char *text = json_dumps(entity, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    enum base_code code = text == NULL ? base_fail(BASE_E_NOMEM, "no memory for a person") : BASE_OK;
    if (code == BASE_OK)
        code = people_import_entity(base_bytes_text(text), &record);
    if (code == BASE_OK)
        code = cli_person_json(&record, &person);
    if (code == BASE_OK && json_array_append_new(array, person) != 0)
        code = base_fail(BASE_E_NOMEM, "no memory for a person");
    people_record_release(&record);
    free(text);
    return code;
}

static enum base_code add_entities(const json_t *root, json_t *array)
{
    if (!json_is_array(root))
        return add_entity(root, array);
    if (json_array_size(root) > EXCHANGE_PERSONS_MAX)
        return base_fail(BASE_E_LIMIT, "more than %d persons", EXCHANGE_PERSONS_MAX);
    for (size_t i = 0; i < json_array_size(root); i++)
        BASE_TRY(add_entity(json_array_get(root, i), array));
    return BASE_OK;
}

enum base_code cli_persons_of_file(const char *path, json_t *array)
{
    struct base_buffer text = BASE_BUFFER_EMPTY;
    json_error_t error;
    json_t *root = NULL;
    enum base_code code = base_file_read(path, FILE_MAX, &text);
    if (code == BASE_OK) {
        root = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, &error);
        if (root == NULL)
            code = base_fail(BASE_E_FORMAT, "%s:%d: not JSON", path, error.line); /* error.text may quote the person */
    }
    if (code == BASE_OK)
        code = add_entities(root, array);
    if (code == BASE_E_FORMAT && root != NULL) {
        char *reason = cli_copy(base_detail());
        code = base_fail(BASE_E_FORMAT, "%s: %s", path, reason);
        free(reason);
    }
    json_decref(root);
    base_buffer_release(&text);
    return code;
}
