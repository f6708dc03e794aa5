/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/statement.h"

#include <stdio.h>
#include <string.h>

enum { SET_MAX = 16777216, HOURS_MAX = 87600, SAID_MAX = 1000000 };

static const struct verify_line terms_lines[] = {
    {"compartment", VERIFY_FORM_HEX, 0, 16, NULL},
    {"proposer-identity", VERIFY_FORM_KEY, 0, 0, NULL},
    {"proposer-key", VERIFY_FORM_KEY, 0, 0, NULL},
    {"accepter-identity", VERIFY_FORM_KEY, 0, 0, NULL},
    {"accepter-key", VERIFY_FORM_KEY, 0, 0, NULL},
    {"purpose", VERIFY_FORM_TEXT, 1, 500, NULL},
    {"rules", VERIFY_FORM_HEX, 0, 32, NULL},
    {"max-list", VERIFY_FORM_NUMBER, 1, SET_MAX, NULL},
    {"max-keys", VERIFY_FORM_NUMBER, 1, SET_MAX, NULL},
    {"matches-per-day", VERIFY_FORM_NUMBER, 1, 1000, NULL},
    {"starters", VERIFY_FORM_WORD, 0, 0, &verify_starters},
    {"alerts-per-day", VERIFY_FORM_NUMBER, 0, SAID_MAX, NULL},
    {"asks-per-day", VERIFY_FORM_NUMBER, 0, SAID_MAX, NULL},
    {"answer-urgent-hours", VERIFY_FORM_NUMBER, 1, HOURS_MAX, NULL},
    {"answer-normal-hours", VERIFY_FORM_NUMBER, 1, HOURS_MAX, NULL},
    {"answer-other-hours", VERIFY_FORM_NUMBER, 1, HOURS_MAX, NULL},
    {"tell-hours", VERIFY_FORM_NUMBER, 1, HOURS_MAX, NULL},
    {"task-hours", VERIFY_FORM_NUMBER, 1, HOURS_MAX, NULL},
    {"receipt-hours", VERIFY_FORM_NUMBER, 1, HOURS_MAX, NULL},
    {"cosign-hours", VERIFY_FORM_NUMBER, 1, HOURS_MAX, NULL},
    {"feedback-hours", VERIFY_FORM_NUMBER, 1, HOURS_MAX, NULL},
    {"correction-hours", VERIFY_FORM_NUMBER, 1, HOURS_MAX, NULL},
    {"retention-days", VERIFY_FORM_NUMBER, 1, 36500, NULL},
    {"max-attachment", VERIFY_FORM_NUMBER, 0, 131072, NULL},
    {"release", VERIFY_FORM_WORD, 0, 0, &verify_releases},
    {"reasons", VERIFY_FORM_REASONS, 0, 0, &verify_codes},
    {"time", VERIFY_FORM_TIME, 0, 0, NULL},
};
enum {
    TERMS_COMPARTMENT, TERMS_PROPOSER, TERMS_PROPOSER_KEY, TERMS_ACCEPTER, TERMS_ACCEPTER_KEY,
    TERMS_HOURS = 13, TERMS_RETENTION = 22, TERMS_REASONS = 25, TERMS_TIME, TERMS_LINES,
};
_Static_assert(sizeof terms_lines / sizeof terms_lines[0] == TERMS_LINES, "the places in the table");

static const struct verify_line common_lines[] = {
    {"compartment", VERIFY_FORM_HEX, 0, 16, NULL},
    {"terms", VERIFY_FORM_HEX, 0, 32, NULL},
    {"from", VERIFY_FORM_HEX, 0, 16, NULL},
    {"time", VERIFY_FORM_TIME, 0, 0, NULL},
};

enum {
    END, ABOUT, ABOUT_NONE, NONCE, KEYS, COMMITMENT, KEYS_OTHER, COMMITMENT_OTHER, RULES, TRANSCRIPT, MOVE, ERROR, REASON, CONTENT,
    CONTENT_NONE, PERSONS, CLASS, TELL, LABEL, GRADING, HANDLING, REVIEW, URGENCY, DUE, FEEDBACK, OUTCOME, CODE, USE, HIT, HIT_NONE,
    ACTION, DID, DUTY, OWED_BY, GRADE, VERDICT, ERASED,
};

/* statements 4.3 to 5.5 */
static const struct verify_line lines[] = {
    [ABOUT] = {"about", VERIFY_FORM_HEX, 0, 32, NULL},
    [ABOUT_NONE] = {"about", VERIFY_FORM_HASH_OR_NONE, 0, 0, NULL},
    [NONCE] = {"nonce", VERIFY_FORM_HEX, 0, 32, NULL},
    [KEYS] = {"keys", VERIFY_FORM_NUMBER, 0, SET_MAX, NULL},
    [COMMITMENT] = {"commitment", VERIFY_FORM_HEX, 0, 32, NULL},
    [KEYS_OTHER] = {"keys-other", VERIFY_FORM_NUMBER, 0, SET_MAX, NULL},
    [COMMITMENT_OTHER] = {"commitment-other", VERIFY_FORM_HEX, 0, 32, NULL},
    [RULES] = {"rules", VERIFY_FORM_HEX, 0, 32, NULL},
    [TRANSCRIPT] = {"transcript", VERIFY_FORM_HEX, 0, 32, NULL},
    [MOVE] = {"move", VERIFY_FORM_WORD, 0, 0, &verify_moves},
    [ERROR] = {"error", VERIFY_FORM_ERROR, 0, 0, NULL},
    [REASON] = {"reason", VERIFY_FORM_TEXT, 0, 300, NULL},
    [CONTENT] = {"content", VERIFY_FORM_HEX, 0, 32, NULL},
    [CONTENT_NONE] = {"content", VERIFY_FORM_HASH_OR_NONE, 0, 0, NULL},
    [PERSONS] = {"persons", VERIFY_FORM_NUMBER, 1, 16, NULL},
    [CLASS] = {"class", VERIFY_FORM_CLASS, 0, 0, NULL},
    [TELL] = {"tell", VERIFY_FORM_WORDS, 0, 0, &verify_tells},
    [LABEL] = {"label", VERIFY_FORM_WORD, 0, 0, &verify_labels},
    [GRADING] = {"grading", VERIFY_FORM_WORD, 0, 0, &verify_gradings},
    [HANDLING] = {"handling", VERIFY_FORM_WORD, 0, 0, &verify_handlings},
    [REVIEW] = {"review", VERIFY_FORM_TIME, 0, 0, NULL},
    [URGENCY] = {"urgency", VERIFY_FORM_WORD, 0, 0, &verify_urgencies},
    [DUE] = {"due", VERIFY_FORM_TIME, 0, 0, NULL},
    [FEEDBACK] = {"feedback", VERIFY_FORM_WORD, 0, 0, &verify_yes_no},
    [OUTCOME] = {"outcome", VERIFY_FORM_WORD, 0, 0, &verify_outcomes},
    [CODE] = {"code", VERIFY_FORM_WORD, 0, 0, &verify_codes},
    [USE] = {"use", VERIFY_FORM_WORD, 0, 0, &verify_uses},
    [HIT] = {"hit", VERIFY_FORM_HEX, 0, 32, NULL},
    [HIT_NONE] = {"hit", VERIFY_FORM_HASH_OR_NONE, 0, 0, NULL},
    [ACTION] = {"action", VERIFY_FORM_WORD, 0, 0, &verify_actions},
    [DID] = {"did", VERIFY_FORM_WORD, 0, 0, &verify_dids},
    [DUTY] = {"duty", VERIFY_FORM_WORD, 0, 0, &verify_duties},
    [OWED_BY] = {"owed-by", VERIFY_FORM_HEX, 0, 16, NULL},
    [GRADE] = {"grade", VERIFY_FORM_WORD, 0, 0, &verify_grades},
    [VERDICT] = {"verdict", VERIFY_FORM_WORD, 0, 0, &verify_verdicts},
    [ERASED] = {"erased", VERIFY_FORM_NUMBER, 0, INT64_MAX, NULL},
};

enum { KIND_LINES_MAX = 9 };

/* statements 4.3 */
static const struct kind {
    const char *word;
    enum verify_path path;
    uint8_t lines[KIND_LINES_MAX]; /* ended by END */
} kinds[VERIFY_KIND_COUNT] = {
    [VERIFY_KIND_UNKNOWN] = {"", VERIFY_PATH_NONE, {END}},
    [VERIFY_KIND_TERMS] = {"terms", VERIFY_PATH_NONE, {END}},
    [VERIFY_KIND_STATE] = {"state", VERIFY_PATH_OUT, {MOVE, REASON}},
    [VERIFY_KIND_MATCH_OFFER] = {"match-offer", VERIFY_PATH_MATCH, {NONCE, KEYS, COMMITMENT, RULES}},
    [VERIFY_KIND_MATCH_ACCEPT] = {"match-accept", VERIFY_PATH_MATCH, {ABOUT, NONCE, KEYS, COMMITMENT, RULES}},
    [VERIFY_KIND_MATCH] = {"match", VERIFY_PATH_OUT, {ABOUT, KEYS, COMMITMENT, KEYS_OTHER, COMMITMENT_OTHER, RULES, TRANSCRIPT}},
    [VERIFY_KIND_MATCH_ABORT] = {"match-abort", VERIFY_PATH_OUT, {ABOUT, ERROR, REASON}},
    [VERIFY_KIND_REFUSAL] = {"refusal", VERIFY_PATH_OUT, {ABOUT, ERROR, REASON}},
    [VERIFY_KIND_RECEIPT] = {"receipt", VERIFY_PATH_NONE, {ABOUT}},
    [VERIFY_KIND_ALERT] = {"alert", VERIFY_PATH_OUT, {CONTENT, PERSONS, CLASS, TELL, LABEL, GRADING, HANDLING, REVIEW}},
    [VERIFY_KIND_RENEW] = {"alert-renew", VERIFY_PATH_OUT, {ABOUT, CONTENT, REVIEW}},
    [VERIFY_KIND_CLOSE] = {"alert-close", VERIFY_PATH_OUT, {ABOUT, REASON}},
    [VERIFY_KIND_SERVED] = {"alert-served", VERIFY_PATH_OUT, {ABOUT, REASON}},
    [VERIFY_KIND_ASK] = {"ask", VERIFY_PATH_OUT, {ABOUT_NONE, CONTENT, URGENCY, DUE, FEEDBACK, LABEL, GRADING, HANDLING}},
    [VERIFY_KIND_ANSWER] = {"answer", VERIFY_PATH_OUT, {ABOUT, OUTCOME, CONTENT_NONE, FEEDBACK, LABEL, GRADING, HANDLING, REASON}},
    [VERIFY_KIND_DECLINE] = {"decline", VERIFY_PATH_OUT, {ABOUT, CODE, REASON}},
    [VERIFY_KIND_DEFER] = {"defer", VERIFY_PATH_OUT, {ABOUT, DUE, REASON}},
    [VERIFY_KIND_WITHDRAW] = {"withdraw", VERIFY_PATH_OUT, {ABOUT, REASON}},
    [VERIFY_KIND_FEEDBACK] = {"feedback", VERIFY_PATH_OUT, {ABOUT, USE, REASON}},
    [VERIFY_KIND_TELL] = {"tell", VERIFY_PATH_OUT, {ABOUT, HIT, CONTENT, LABEL, GRADING, HANDLING}},
    [VERIFY_KIND_TELL_DECLINE] = {"tell-decline", VERIFY_PATH_OUT, {ABOUT, HIT, CODE, REASON}},
    [VERIFY_KIND_CORRECTION] = {"correction", VERIFY_PATH_OUT, {ABOUT, ACTION, CONTENT_NONE, REASON}},
    [VERIFY_KIND_CORRECTED] = {"corrected", VERIFY_PATH_OUT, {ABOUT, DID, REASON}},
    [VERIFY_KIND_OVERDUE] = {"overdue", VERIFY_PATH_OUT, {ABOUT, DUTY, OWED_BY, DUE, HIT_NONE}},
    [VERIFY_KIND_HOLD] = {"hold", VERIFY_PATH_OWN, {CONTENT}},
    [VERIFY_KIND_HIT] = {"hit", VERIFY_PATH_OWN, {ABOUT, CONTENT, GRADE, TELL, DUE}},
    [VERIFY_KIND_VERDICT] = {"verdict", VERIFY_PATH_OWN, {ABOUT, CONTENT, VERDICT}},
    [VERIFY_KIND_RELEASE] = {"release", VERIFY_PATH_OWN, {ABOUT, CONTENT}},
    [VERIFY_KIND_RETENTION] = {"retention", VERIFY_PATH_OWN, {CONTENT, ERASED}},
    [VERIFY_KIND_CONFLICT] = {"conflict", VERIFY_PATH_OWN, {ABOUT, CONTENT}},
};

const char *verify_kind_word(enum verify_kind kind)
{
    return kinds[kind].word;
}

enum verify_path verify_kind_path(enum verify_kind kind)
{
    return kinds[kind].path;
}

/* SHA-256(domain ‖ 0x00 ‖ u64be(length) ‖ part ...); the domain is given with its zero byte. */
static bool hash_parts(struct verify_span domain, const struct verify_span *parts, size_t count, struct verify_hash *out)
{
    struct verify_span spans[1 + 2 * 2] = {domain};
    uint8_t lengths[2][8];
    for (size_t i = 0; i < count; i++) {
        for (unsigned byte = 0; byte < 8; byte++)
            lengths[i][byte] = (uint8_t)((uint64_t)parts[i].len >> (56 - 8 * byte));
        spans[1 + 2 * i] = verify_span_of(lengths[i], sizeof lengths[i]);
        spans[2 + 2 * i] = parts[i];
    }
    return verify_sha256(spans, 1 + 2 * count, out);
}

/* statements 3.4 */
static bool hash_terms(struct verify_span text, struct verify_hash *out)
{
    static const char domain[] = "entente/exchange/terms/v1";
    return hash_parts(verify_span_of(domain, sizeof domain), &text, 1, out);
}

bool verify_content_hash(const uint8_t salt[32], struct verify_span content, struct verify_hash *out)
{
    static const char domain[] = "entente/exchange/content/v1";
    const struct verify_span parts[2] = {{salt, 32}, content};
    return hash_parts(verify_span_of(domain, sizeof domain), parts, 2, out);
}

static bool is_key(const struct verify_value *value, const struct verify_key *key)
{
    return memcmp(value->hash.bytes, key->bytes, sizeof key->bytes) == 0;
}

static enum verify_result check_terms_keys(const struct verify_parties *parties, const struct verify_value *values,
                                           struct verify_report *report)
{
    int proposer = is_key(&values[TERMS_PROPOSER], &parties->keys[VERIFY_OWNER_IDENTITY]) ? 0 : 1;
    if (!verify_span_is(values[TERMS_COMPARTMENT].text, parties->compartment))
        return verify_refute(report, "statements 4.6", "the terms are of another compartment");
    if (!is_key(&values[TERMS_PROPOSER], &parties->keys[proposer + 2]) || !is_key(&values[TERMS_ACCEPTER], &parties->keys[!proposer + 2]))
        return verify_refute(report, "statements 3.1", "the terms are of other parties");
    if (!is_key(&values[TERMS_PROPOSER_KEY], &parties->keys[proposer]) || !is_key(&values[TERMS_ACCEPTER_KEY], &parties->keys[!proposer]))
        return verify_refute(report, "statements 3.1", "the terms name other compartment keys");
    return VERIFY_OK;
}

static enum verify_result check_terms(const struct verify_parties *parties, struct verify_span text, struct verify_span rest,
                                      struct verify_terms *terms, struct verify_entry *entry, struct verify_report *report)
{
    struct verify_value values[VERIFY_LINES_MAX];
    VERIFY_TRY(verify_lines_take(&rest, terms_lines, TERMS_LINES, "statements 3.1", values, report));
    VERIFY_TRY(verify_lines_end(rest, "statements 3.1", report));
    VERIFY_TRY(check_terms_keys(parties, values, report));
    if ((entry->signers & (1u << VERIFY_OWNER_IDENTITY)) == 0 || (entry->signers & (1u << VERIFY_COSIGNER_IDENTITY)) == 0)
        return verify_refute(report, "statements 3.6", "the terms are not signed by both identity keys");
    if (!hash_terms(text, &terms->hash))
        return verify_unreadable(report, "no memory for a hash");
    for (unsigned i = 0; i < VERIFY_HOURS_COUNT; i++)
        terms->hours[i] = values[TERMS_HOURS + i].number;
    terms->retention_days = values[TERMS_RETENTION].number;
    terms->codes = (uint32_t)values[TERMS_REASONS].number;
    entry->time = values[TERMS_TIME].number;
    return VERIFY_OK;
}

/* statements 4.2 */
static enum verify_result check_signers(const struct verify_parties *parties, const struct verify_note *note,
                                        const struct verify_entry *entry, struct verify_report *report)
{
    int from = entry->from;
    if ((entry->signers & (1u << from)) == 0)
        return verify_refute(report, "statements 4.2", "not signed by the compartment key of who says it");
    if (entry->kind != VERIFY_KIND_MATCH)
        return VERIFY_OK;
    if ((entry->signers & (1u << !from)) == 0)
        return verify_refute(report, "statements 4.2", "a match that only one side signed");
    if (!verify_span_is(note->signatures[0].name, parties->statements[from].name))
        return verify_refute(report, "statements 4.2", "a match whose first signature is not the starter's");
    return VERIFY_OK;
}

/* Keeps what a line says, if it is of those that an entry keeps. */
static void keep(uint8_t line, const struct verify_value *value, struct verify_entry *entry, struct verify_said *said)
{
    static const struct verify_hash none;
    switch (line) {
    case ABOUT: case ABOUT_NONE:
        entry->about = value->hash;
        break;
    case HIT: case HIT_NONE:
        entry->second = value->hash;
        break;
    case CONTENT: case CONTENT_NONE:
        said->content = value->hash;
        entry->has_content = memcmp(&value->hash, &none, sizeof none) != 0;
        break;
    case KEYS: case PERSONS: case ERASED:
        entry->count = value->number;
        break;
    case REVIEW: case DUE:
        entry->due = value->number;
        break;
    case MOVE: case URGENCY: case OUTCOME: case CODE: case USE: case ACTION: case DID: case DUTY: case GRADE: case VERDICT:
        entry->word = (uint8_t)value->number;
        break;
    case CLASS:
        entry->review_class = (uint8_t)value->number;
        break;
    case TELL:
        entry->tell = (uint8_t)value->number;
        break;
    case LABEL:
        entry->label = (uint8_t)value->number;
        break;
    case FEEDBACK:
        entry->wants_feedback = value->number != 0;
        break;
    default:
        break;
    }
}

/* 0 the owner, 1 the cosigner, -1 neither. */
static int party_of(const struct verify_parties *parties, struct verify_span fingerprint)
{
    for (int party = 0; party < 2; party++)
        if (verify_span_is(fingerprint, parties->fingerprints[party]))
            return party;
    return -1;
}

static enum verify_result check_kind_lines(const struct verify_parties *parties, struct verify_span rest, struct verify_entry *entry,
                                           struct verify_said *said, struct verify_report *report)
{
    struct verify_value value[VERIFY_LINES_MAX];
    for (const uint8_t *line = kinds[entry->kind].lines; *line != END; line++) {
        VERIFY_TRY(verify_lines_take(&rest, &lines[*line], 1, "statements 4.3", value, report));
        keep(*line, value, entry, said);
        int party = *line == OWED_BY ? party_of(parties, value->text) : 0;
        if (party < 0)
            return verify_refute(report, "statements 6.2", "owed by somebody whom the terms do not name");
        if (*line == OWED_BY)
            entry->owed_by = (uint8_t)party;
    }
    return verify_lines_end(rest, "statements 4.3", report);
}

static enum verify_result check_statement(const struct verify_parties *parties, const struct verify_note *note,
                                          struct verify_span rest, const struct verify_hash *terms, struct verify_entry *entry,
                                          struct verify_said *said, struct verify_report *report)
{
    struct verify_value values[VERIFY_LINES_MAX];
    VERIFY_TRY(verify_lines_take(&rest, common_lines, 4, "statements 4.1", values, report));
    if (!verify_span_is(values[0].text, parties->compartment))
        return verify_refute(report, "statements 4.6", "a statement of another compartment");
    if (memcmp(&values[1].hash, terms, sizeof *terms) != 0)
        return verify_refute(report, "statements 4.6", "a statement under other terms");
    int from = party_of(parties, values[2].text);
    if (from < 0)
        return verify_refute(report, "statements 4.6", "a statement from somebody whom the terms do not name");
    entry->from = (uint8_t)from;
    entry->time = values[3].number;
    VERIFY_TRY(check_signers(parties, note, entry, report));
    if (entry->kind == VERIFY_KIND_MATCH && !verify_sha256(&note->text, 1, &entry->second))
        return verify_unreadable(report, "no memory for a hash");
    return entry->kind == VERIFY_KIND_UNKNOWN ? VERIFY_OK : check_kind_lines(parties, rest, entry, said, report);
}

/* ledger 6.10 */
static enum verify_result find_signers(const struct verify_parties *parties, const struct verify_note *note,
                                       struct verify_entry *entry, struct verify_report *report)
{
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

static enum verify_kind find_kind(struct verify_span word)
{
    for (int kind = VERIFY_KIND_UNKNOWN + 1; kind < VERIFY_KIND_COUNT; kind++)
        if (verify_span_is(word, kinds[kind].word))
            return (enum verify_kind)kind;
    return VERIFY_KIND_UNKNOWN;
}

/* ledger 6.11 */
static enum verify_result take_kind(struct verify_span *rest, struct verify_entry *entry, struct verify_said *said,
                                    struct verify_report *report)
{
    static const char head[] = "entente/", tail[] = "/v1", terms[] = "entente/terms/v2";
    struct verify_span line;
    size_t around = sizeof head - 1 + sizeof tail - 1;
    if (!verify_take_line(rest, &line) || line.len <= around || !verify_span_begins(line, head) ||
        (memcmp(line.data + line.len - 3, tail, 3) != 0 && !verify_span_is(line, terms)))
        return verify_refute(report, "ledger 6.11", "the first line is not of the form entente/<kind>/v1");
    struct verify_span kind = verify_span_of(line.data + sizeof head - 1, line.len - around);
    if (!verify_is_word(kind))
        return verify_refute(report, "ledger 6.11", "the first line is not of the form entente/<kind>/v1");
    memcpy(said->word, kind.data, kind.len);
    entry->kind = (uint8_t)find_kind(kind);
    if (entry->kind == VERIFY_KIND_TERMS && !verify_span_is(line, terms)) /* 3.8 */
        return verify_refute(report, "statements 3.8", "terms of a version that is not read any more");
    return VERIFY_OK;
}

enum verify_result verify_statement_check(const struct verify_parties *parties, uint64_t index, struct verify_span bytes,
                                          struct verify_terms *terms, struct verify_entry *entry, struct verify_said *said,
                                          struct verify_report *report)
{
    static struct verify_note note;
    *said = (struct verify_said){.word = ""};
    *entry = (struct verify_entry){.about_at = VERIFY_NONE, .first = VERIFY_NONE, .next = VERIFY_NONE};
    VERIFY_TRY(verify_note_parse(bytes, &note, report));
    VERIFY_TRY(find_signers(parties, &note, entry, report));
    struct verify_span rest = note.text;
    VERIFY_TRY(take_kind(&rest, entry, said, report));
    bool is_terms = entry->kind == VERIFY_KIND_TERMS;
    if (is_terms != (index == 0))
        return verify_refute(report, "statements 3.6", is_terms ? "terms stand in a place other than the first"
                                                                : "the first entry is not the terms");
    return is_terms ? check_terms(parties, note.text, rest, terms, entry, report)
                    : check_statement(parties, &note, rest, &terms->hash, entry, said, report);
}

/* The keys of a party as the terms name them (ledger 1.5). */
static bool set_keys(struct verify_parties *parties, const char *compartment, int party, const struct verify_hash *identity,
                     const struct verify_hash *key)
{
    static const uint8_t types[VERIFY_ROLE_COUNT] = {[VERIFY_OWNER] = VERIFY_TYPE_ED25519, [VERIFY_COSIGNER] = VERIFY_TYPE_COSIGNATURE,
                                                     [VERIFY_OWNER_IDENTITY] = VERIFY_TYPE_ED25519,
                                                     [VERIFY_COSIGNER_IDENTITY] = VERIFY_TYPE_ED25519};
    char fingerprint[2 * VERIFY_FINGERPRINT_LEN + 1];
    if (!verify_fingerprint(identity->bytes, fingerprint))
        return false;
    memcpy(parties->fingerprints[party], fingerprint, sizeof fingerprint);
    snprintf(parties->keys[party].name, sizeof parties->keys[party].name, "entente/%s/%s", compartment, fingerprint);
    snprintf(parties->keys[party + 2].name, sizeof parties->keys[party + 2].name, "entente/%s", fingerprint);
    memcpy(parties->keys[party].bytes, key->bytes, sizeof key->bytes);
    memcpy(parties->keys[party + 2].bytes, identity->bytes, sizeof identity->bytes);
    for (int role = party; role < VERIFY_ROLE_COUNT; role += 2) {
        parties->keys[role].type = types[role];
        parties->statements[role] = parties->keys[role];
        parties->statements[role].type = VERIFY_TYPE_ED25519;
        if (!verify_key_set_id(&parties->keys[role]) || !verify_key_set_id(&parties->statements[role]))
            return false;
    }
    return true;
}

static enum verify_result read_parties(const struct verify_value *values, int owner_place, struct verify_parties *out,
                                       struct verify_report *report)
{
    int other_place = owner_place == TERMS_PROPOSER ? TERMS_ACCEPTER : TERMS_PROPOSER;
    char compartment[33] = "";
    memcpy(compartment, values[TERMS_COMPARTMENT].text.data, 32);
    memset(out, 0, sizeof *out);
    memcpy(out->compartment, compartment, sizeof compartment);
    if (!set_keys(out, compartment, 0, &values[owner_place].hash, &values[owner_place + 1].hash) ||
        !set_keys(out, compartment, 1, &values[other_place].hash, &values[other_place + 1].hash))
        return verify_unreadable(report, "no memory for a hash");
    if (strcmp(out->fingerprints[0], out->fingerprints[1]) == 0)
        return verify_refute(report, "statements 3.3", "the terms are of one party with itself");
    return VERIFY_OK;
}

enum verify_result verify_terms_read(struct verify_span bytes, struct verify_span origin, struct verify_parties *out,
                                     struct verify_terms *terms, struct verify_report *report)
{
    static struct verify_note note;
    struct verify_value values[VERIFY_LINES_MAX];
    struct verify_entry entry;
    struct verify_said said;
    VERIFY_TRY(verify_note_parse(bytes, &note, report));
    struct verify_span rest = note.text, first;
    if (!verify_take_line(&rest, &first))
        return verify_refute(report, "statements 3.1", "the terms have no lines");
    VERIFY_TRY(verify_lines_take(&rest, terms_lines, TERMS_LINES, "statements 3.1", values, report));
    VERIFY_TRY(read_parties(values, TERMS_PROPOSER, out, report));
    if (!verify_span_is(origin, out->keys[VERIFY_OWNER].name))
        VERIFY_TRY(read_parties(values, TERMS_ACCEPTER, out, report));
    if (!verify_span_is(origin, out->keys[VERIFY_OWNER].name))
        return verify_refute(report, "ledger 6.3", "the origin is the name of no key of the terms");
    return verify_statement_check(out, 0, bytes, terms, &entry, &said, report);
}
