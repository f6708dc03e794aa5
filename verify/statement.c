/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/statement.h"

#include <stdio.h>
#include <string.h>

enum { LINE_MAX_BYTES = 1024, LINES_MAX = 32, SET_MAX = 16777216, HOURS_MAX = 87600 };

/* The form of a line's value; what max and min count depends on it. */
enum form { FORM_HEX, FORM_KEY, FORM_TEXT, FORM_NUMBER, FORM_TIME, FORM_CHOICE, FORM_WORD };

struct line {
    const char *key;
    enum form form;
    uint64_t min, max;    /* FORM_HEX: bytes in max; FORM_TEXT: length; FORM_NUMBER: value */
    const char *choices; /* FORM_CHOICE: " one two " */
};

static const struct line terms_lines[] = {
    {"compartment", FORM_HEX, 0, 16, NULL},
    {"proposer-identity", FORM_KEY, 0, 0, NULL},
    {"proposer-key", FORM_KEY, 0, 0, NULL},
    {"accepter-identity", FORM_KEY, 0, 0, NULL},
    {"accepter-key", FORM_KEY, 0, 0, NULL},
    {"purpose", FORM_TEXT, 1, 500, NULL},
    {"rules", FORM_HEX, 0, 32, NULL},
    {"max-list", FORM_NUMBER, 1, SET_MAX, NULL},
    {"max-keys", FORM_NUMBER, 1, SET_MAX, NULL},
    {"matches-per-day", FORM_NUMBER, 1, 1000, NULL},
    {"starters", FORM_CHOICE, 0, 0, " both proposer accepter "},
    {"alerts-per-day", FORM_NUMBER, 0, 1000000, NULL},
    {"asks-per-day", FORM_NUMBER, 0, 1000000, NULL},
    {"answer-urgent-hours", FORM_NUMBER, 1, HOURS_MAX, NULL},
    {"answer-normal-hours", FORM_NUMBER, 1, HOURS_MAX, NULL},
    {"answer-other-hours", FORM_NUMBER, 1, HOURS_MAX, NULL},
    {"tell-hours", FORM_NUMBER, 1, HOURS_MAX, NULL},
    {"task-hours", FORM_NUMBER, 1, HOURS_MAX, NULL},
    {"receipt-hours", FORM_NUMBER, 1, HOURS_MAX, NULL},
    {"cosign-hours", FORM_NUMBER, 1, HOURS_MAX, NULL},
    {"feedback-hours", FORM_NUMBER, 1, HOURS_MAX, NULL},
    {"correction-hours", FORM_NUMBER, 1, HOURS_MAX, NULL},
    {"retention-days", FORM_NUMBER, 1, 36500, NULL},
    {"max-attachment", FORM_NUMBER, 0, 131072, NULL},
    {"release", FORM_CHOICE, 0, 0, " none answers all "},
    {"reasons", FORM_TEXT, 1, LINE_MAX_BYTES, NULL},
    {"time", FORM_TIME, 0, 0, NULL},
};
enum { TERMS_COMPARTMENT, TERMS_PROPOSER, TERMS_PROPOSER_KEY, TERMS_ACCEPTER, TERMS_ACCEPTER_KEY, TERMS_TIME = 26 };

static const struct line common_lines[] = {
    {"compartment", FORM_HEX, 0, 16, NULL},
    {"terms", FORM_HEX, 0, 32, NULL},
    {"from", FORM_HEX, 0, 16, NULL},
    {"time", FORM_TIME, 0, 0, NULL},
};

#define HASH_LINE(key)   {key, FORM_HEX, 0, 32, NULL}
#define NUMBER_LINE(key) {key, FORM_NUMBER, 0, SET_MAX, NULL}
#define REASON_LINE      {"reason", FORM_TEXT, 0, 300, NULL}

/* statements 4.3 */
static const struct kind {
    const char *word;
    size_t count;
    struct line lines[8];
} kinds[] = {
    {"state", 2, {{"move", FORM_CHOICE, 0, 0, " suspend resume close "}, REASON_LINE}},
    {"match-offer", 4, {HASH_LINE("nonce"), NUMBER_LINE("keys"), HASH_LINE("commitment"), HASH_LINE("rules")}},
    {"match-accept",
     5,
     {HASH_LINE("about"), HASH_LINE("nonce"), NUMBER_LINE("keys"), HASH_LINE("commitment"), HASH_LINE("rules")}},
    {"match",
     7,
     {HASH_LINE("about"), NUMBER_LINE("keys"), HASH_LINE("commitment"), NUMBER_LINE("keys-other"), HASH_LINE("commitment-other"),
      HASH_LINE("rules"), HASH_LINE("transcript")}},
    {"match-abort", 3, {HASH_LINE("about"), {"error", FORM_WORD, 0, 0, NULL}, REASON_LINE}},
    {"refusal", 3, {HASH_LINE("about"), {"error", FORM_WORD, 0, 0, NULL}, REASON_LINE}},
    {"receipt", 1, {HASH_LINE("about")}},
};

static bool is_text(struct verify_span value, uint64_t min, uint64_t max)
{
    if (value.len < min || value.len > max)
        return false;
    for (size_t i = 0; i < value.len; i++)
        if (value.data[i] < 0x20 || value.data[i] == 0x7f)
            return false;
    return true;
}

static bool is_choice(struct verify_span value, const char *choices)
{
    char wanted[34];
    if (value.len > 30 || !is_text(value, 1, 30) || memchr(value.data, ' ', value.len) != NULL)
        return false;
    snprintf(wanted, sizeof wanted, " %.*s ", (int)value.len, (const char *)value.data);
    return strstr(choices, wanted) != NULL;
}

static bool is_word(struct verify_span value)
{
    for (size_t i = 0; i < value.len; i++)
        if (!((value.data[i] >= 'a' && value.data[i] <= 'z') || value.data[i] == '-' || (value.data[i] >= '0' && value.data[i] <= '9')))
            return false;
    return value.len >= 1 && value.len <= VERIFY_KIND_MAX;
}

static bool has_form(const struct line *line, struct verify_span value)
{
    uint8_t bytes[32];
    uint64_t number;
    switch (line->form) {
    case FORM_HEX:
        return verify_hex(value, bytes, (size_t)line->max);
    case FORM_KEY:
        return verify_base64(value, bytes, sizeof bytes) == 32;
    case FORM_TEXT:
        return is_text(value, line->min, line->max);
    case FORM_NUMBER:
        return verify_decimal(value, line->max, &number) && number >= line->min;
    case FORM_TIME:
        return verify_is_time(value);
    case FORM_CHOICE:
        return is_choice(value, line->choices);
    case FORM_WORD:
        return is_word(value);
    }
    return false;
}

/* Takes exactly these lines off the front of *rest, each in its place and of its form. */
static enum verify_result take_lines(struct verify_span *rest, const struct line *lines, size_t count, const char *clause,
                                     struct verify_span values[LINES_MAX], struct verify_report *report)
{
    for (size_t i = 0; i < count; i++) {
        struct verify_span line;
        size_t len = strlen(lines[i].key);
        if (!verify_take_line(rest, &line) || !verify_span_begins(line, lines[i].key) || line.len < len + 2 ||
            line.data[len] != ':' || line.data[len + 1] != ' ')
            return verify_refute(report, clause, "the line \"%s\" does not stand where it must", lines[i].key);
        values[i] = verify_span_of(line.data + len + 2, line.len - len - 2);
        if (line.len > LINE_MAX_BYTES || !has_form(&lines[i], values[i]))
            return verify_refute(report, clause, "the line \"%s\" is not of the form it must have", lines[i].key);
    }
    return VERIFY_OK;
}

static enum verify_result check_end(struct verify_span rest, const char *clause, struct verify_report *report)
{
    return rest.len == 0 ? VERIFY_OK : verify_refute(report, clause, "the text goes on after its last line");
}

static bool is_key(struct verify_span value, const struct verify_key *key)
{
    uint8_t bytes[32];
    return verify_base64(value, bytes, sizeof bytes) == 32 && memcmp(bytes, key->bytes, sizeof bytes) == 0;
}

/* statements 3.4 */
static bool hash_terms(struct verify_span text, struct verify_hash *out)
{
    static const char domain[] = "entente/exchange/terms/v1"; /* with its zero byte */
    uint8_t length[8];
    for (int i = 0; i < 8; i++)
        length[i] = (uint8_t)((uint64_t)text.len >> (56 - 8 * i));
    const struct verify_span spans[] = {{(const uint8_t *)domain, sizeof domain}, {length, sizeof length}, text};
    return verify_sha256(spans, 3, out);
}

static enum verify_result check_terms(const struct verify_parties *parties, struct verify_span text, struct verify_span rest,
                                      struct verify_hash *terms, struct verify_entry *entry, struct verify_report *report)
{
    struct verify_span values[LINES_MAX];
    VERIFY_TRY(take_lines(&rest, terms_lines, sizeof terms_lines / sizeof terms_lines[0], "statements 3.1", values, report));
    VERIFY_TRY(check_end(rest, "statements 3.1", report));
    if (!verify_span_is(values[TERMS_COMPARTMENT], parties->compartment))
        return verify_refute(report, "statements 4.6", "the terms are of another compartment");
    int proposer = is_key(values[TERMS_PROPOSER], &parties->keys[VERIFY_OWNER_IDENTITY]) ? 0 : 1;
    if (!is_key(values[TERMS_PROPOSER], &parties->keys[proposer + 2]) || !is_key(values[TERMS_ACCEPTER], &parties->keys[!proposer + 2]))
        return verify_refute(report, "statements 3.1", "the terms are of other parties");
    if (!is_key(values[TERMS_PROPOSER_KEY], &parties->keys[proposer]) || !is_key(values[TERMS_ACCEPTER_KEY], &parties->keys[!proposer]))
        return verify_refute(report, "statements 3.1", "the terms name other compartment keys");
    if ((entry->signers & (1u << VERIFY_OWNER_IDENTITY)) == 0 || (entry->signers & (1u << VERIFY_COSIGNER_IDENTITY)) == 0)
        return verify_refute(report, "statements 3.6", "the terms are not signed by both identity keys");
    if (!hash_terms(text, terms))
        return verify_unreadable(report, "no memory for a hash");
    memcpy(entry->time, values[TERMS_TIME].data, 20);
    entry->is_known = true;
    return VERIFY_OK;
}

/* statements 4.2 */
static enum verify_result check_signers(const struct verify_parties *parties, const struct verify_note *note, int from,
                                        const struct verify_entry *entry, struct verify_report *report)
{
    if ((entry->signers & (1u << from)) == 0)
        return verify_refute(report, "statements 4.2", "not signed by the compartment key of who says it");
    if (strcmp(entry->kind, "match") != 0)
        return VERIFY_OK;
    if ((entry->signers & (1u << !from)) == 0)
        return verify_refute(report, "statements 4.2", "a match that only one side signed");
    if (!verify_span_is(note->signatures[0].name, parties->statements[from].name))
        return verify_refute(report, "statements 4.2", "a match whose first signature is not the starter's");
    return VERIFY_OK;
}

static enum verify_result check_kind_lines(struct verify_span rest, struct verify_entry *entry, struct verify_report *report)
{
    struct verify_span values[LINES_MAX];
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].word, entry->kind) != 0)
            continue;
        VERIFY_TRY(take_lines(&rest, kinds[i].lines, kinds[i].count, "statements 4.3", values, report));
        VERIFY_TRY(check_end(rest, "statements 4.3", report));
        if (strcmp(kinds[i].lines[0].key, "about") == 0 && !verify_hex(values[0], entry->about.bytes, VERIFY_HASH_LEN))
            return verify_refute(report, "statements 4.4", "\"about\" is not a hash");
        entry->is_known = true;
    }
    return VERIFY_OK;
}

static enum verify_result check_statement(const struct verify_parties *parties, const struct verify_note *note,
                                          struct verify_span rest, const struct verify_hash *terms, struct verify_entry *entry,
                                          struct verify_report *report)
{
    struct verify_span values[LINES_MAX];
    char cited[65];
    VERIFY_TRY(take_lines(&rest, common_lines, 4, "statements 4.1", values, report));
    verify_hex_write(terms->bytes, VERIFY_HASH_LEN, cited);
    if (!verify_span_is(values[0], parties->compartment))
        return verify_refute(report, "statements 4.6", "a statement of another compartment");
    if (!verify_span_is(values[1], cited))
        return verify_refute(report, "statements 4.6", "a statement under other terms");
    int from = verify_span_is(values[2], parties->fingerprints[0]) ? 0 : 1;
    if (!verify_span_is(values[2], parties->fingerprints[from]))
        return verify_refute(report, "statements 4.6", "a statement from somebody whom the terms do not name");
    memcpy(entry->time, values[3].data, 20);
    VERIFY_TRY(check_signers(parties, note, from, entry, report));
    return check_kind_lines(rest, entry, report);
}

/* ledger 6.10 */
static enum verify_result find_signers(const struct verify_parties *parties, const struct verify_note *note,
                                       struct verify_entry *entry, struct verify_report *report)
{
    entry->signers = 0;
    for (int role = 0; role < VERIFY_ROLE_COUNT; role++) {
        enum verify_signed is_signed = verify_note_signed_by(note, &parties->statements[role]);
        if (is_signed == VERIFY_BADLY_SIGNED)
            return verify_refute(report, "ledger 6.10", "the signature by %s does not verify", verify_role_word((enum verify_role)role));
        if (is_signed == VERIFY_SIGNED)
            entry->signers |= (uint8_t)(1u << role);
    }
    if (entry->signers == 0)
        return verify_refute(report, "ledger 6.10", "not signed by any known key");
    return VERIFY_OK;
}

/* ledger 6.11 */
static enum verify_result take_kind(struct verify_span *rest, struct verify_entry *entry, struct verify_report *report)
{
    static const char head[] = "entente/", tail[] = "/v1", terms[] = "entente/terms/v2";
    struct verify_span line;
    size_t around = sizeof head - 1 + sizeof tail - 1;
    if (!verify_take_line(rest, &line) || line.len <= around || !verify_span_begins(line, head) ||
        (memcmp(line.data + line.len - 3, tail, 3) != 0 && !verify_span_is(line, terms)))
        return verify_refute(report, "ledger 6.11", "the first line is not of the form entente/<kind>/v1");
    struct verify_span kind = verify_span_of(line.data + sizeof head - 1, line.len - around);
    if (!is_word(kind))
        return verify_refute(report, "ledger 6.11", "the first line is not of the form entente/<kind>/v1");
    memcpy(entry->kind, kind.data, kind.len);
    entry->kind[kind.len] = 0;
    return VERIFY_OK;
}

enum verify_result verify_statement_check(const struct verify_parties *parties, uint64_t index, struct verify_span bytes,
                                          struct verify_hash *terms, struct verify_entry *entry, struct verify_report *report)
{
    static struct verify_note note;
    VERIFY_TRY(verify_note_parse(bytes, &note, report));
    VERIFY_TRY(find_signers(parties, &note, entry, report));
    struct verify_span rest = note.text;
    VERIFY_TRY(take_kind(&rest, entry, report));
    if (!verify_sha256(&note.text, 1, &entry->text))
        return verify_unreadable(report, "no memory for a hash");
    bool is_terms = strcmp(entry->kind, "terms") == 0;
    if (is_terms != (index == 0))
        return verify_refute(report, "statements 3.6", is_terms ? "terms stand in a place other than the first"
                                                                : "the first entry is not the terms");
    return is_terms ? check_terms(parties, note.text, rest, terms, entry, report)
                    : check_statement(parties, &note, rest, terms, entry, report);
}
