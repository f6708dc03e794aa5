/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/parties.h"

#include <string.h>

static const struct role {
    const char *word;
    uint8_t type;
    int party; /* 0 owner, 1 cosigner */
    bool is_identity;
} roles[VERIFY_ROLE_COUNT] = {
    [VERIFY_OWNER] = {"owner", VERIFY_TYPE_ED25519, 0, false},
    [VERIFY_COSIGNER] = {"cosigner", VERIFY_TYPE_COSIGNATURE, 1, false},
    [VERIFY_OWNER_IDENTITY] = {"owner-identity", VERIFY_TYPE_ED25519, 0, true},
    [VERIFY_COSIGNER_IDENTITY] = {"cosigner-identity", VERIFY_TYPE_ED25519, 1, true},
};

const char *verify_role_word(enum verify_role role)
{
    return roles[role].word;
}

static int role_of(struct verify_span word)
{
    for (int role = 0; role < VERIFY_ROLE_COUNT; role++)
        if (verify_span_is(word, roles[role].word))
            return role;
    return -1;
}

/* ledger 5.6 */
static enum verify_result read_line(struct verify_span line, struct verify_parties *out, bool seen[VERIFY_ROLE_COUNT],
                                    struct verify_report *report)
{
    const uint8_t *space = line.len == 0 ? NULL : memchr(line.data, ' ', line.len);
    size_t len = space == NULL ? line.len : (size_t)(space - line.data);
    int role = role_of(verify_span_of(line.data, len));
    if (space == NULL || role < 0)
        return verify_refute(report, "ledger 5.6", "a line without one of the four roles");
    if (seen[role])
        return verify_refute(report, "ledger 5.6", "the role %s stands there twice", roles[role].word);
    seen[role] = true;
    if (!verify_key_parse(verify_span_of(space + 1, line.len - len - 1), &out->keys[role]))
        return verify_refute(report, "ledger 2.9", "what stands for %s is not a verifier key", roles[role].word);
    if (out->keys[role].type != roles[role].type)
        return verify_refute(report, "ledger 5.6", "the key of %s has the type %u", roles[role].word, out->keys[role].type);
    return VERIFY_OK;
}

/* "entente/" and one or two groups of 32 hexadecimal digits (1.5). */
static bool split_name(const char *name, bool is_identity, char compartment[33], char fingerprint[33])
{
    uint8_t bytes[16];
    static const char prefix[] = "entente/";
    struct verify_span rest = verify_span_of(name, strlen(name));
    size_t expected = sizeof prefix - 1 + (is_identity ? 32 : 65);
    if (rest.len != expected || !verify_span_begins(rest, prefix))
        return false;
    const char *at = name + sizeof prefix - 1;
    if (!is_identity) {
        if (!verify_hex(verify_span_of(at, 32), bytes, sizeof bytes) || at[32] != '/')
            return false;
        memcpy(compartment, at, 32);
        compartment[32] = 0;
        at += 33;
    }
    if (!verify_hex(verify_span_of(at, 32), bytes, sizeof bytes))
        return false;
    memcpy(fingerprint, at, 33);
    return true;
}

/* ledger 6.1 */
static enum verify_result check_names(struct verify_parties *out, struct verify_report *report)
{
    char compartments[2][33], fingerprints[VERIFY_ROLE_COUNT][33];
    for (int role = 0; role < VERIFY_ROLE_COUNT; role++)
        if (!split_name(out->keys[role].name, roles[role].is_identity, compartments[roles[role].party], fingerprints[role]))
            return verify_refute(report, "ledger 6.1", "the name of %s is not of the form it must have", roles[role].word);
    if (strcmp(compartments[0], compartments[1]) != 0)
        return verify_refute(report, "ledger 6.1", "owner and cosigner are of two compartments");
    for (int party = 0; party < 2; party++) {
        if (strcmp(fingerprints[party], fingerprints[party + 2]) != 0)
            return verify_refute(report, "ledger 6.1", "the names of %s and %s differ in the fingerprint", roles[party].word,
                                 roles[party + 2].word);
        memcpy(out->fingerprints[party], fingerprints[party], 33);
    }
    if (strcmp(fingerprints[0], fingerprints[1]) == 0)
        return verify_refute(report, "ledger 6.1", "owner and cosigner are one party");
    memcpy(out->compartment, compartments[0], 33);
    return VERIFY_OK;
}

/* ledger 6.2 */
static enum verify_result check_fingerprints(const struct verify_parties *parties, const char *const expected[2],
                                             struct verify_report *report)
{
    for (int party = 0; party < 2; party++) {
        char computed[33];
        const char *word = roles[party].word;
        if (!verify_fingerprint(parties->keys[party + 2].bytes, computed))
            return verify_unreadable(report, "no memory for a hash");
        if (strcmp(computed, parties->fingerprints[party]) != 0)
            return verify_refute(report, "ledger 6.2", "the fingerprint of %s is not that of its identity key", word);
        if (expected[party] != NULL && strcmp(computed, expected[party]) != 0)
            return verify_refute(report, "ledger 6.2", "the %s is %s, not %s as given", word, computed, expected[party]);
    }
    return VERIFY_OK;
}

enum verify_result verify_parties_read(struct verify_span file, const char *const expected[2], struct verify_parties *out,
                                       struct verify_report *report)
{
    bool seen[VERIFY_ROLE_COUNT] = {false};
    struct verify_span line;
    memset(out, 0, sizeof *out);
    while (verify_take_line(&file, &line))
        VERIFY_TRY(read_line(line, out, seen, report));
    if (file.len > 0)
        return verify_refute(report, "ledger 5.6", "the last line does not end");
    for (int role = 0; role < VERIFY_ROLE_COUNT; role++)
        if (!seen[role])
            return verify_refute(report, "ledger 6.1", "there is no key of %s", roles[role].word);
    VERIFY_TRY(check_names(out, report));
    VERIFY_TRY(check_fingerprints(out, expected, report));
    for (int role = 0; role < VERIFY_ROLE_COUNT; role++) {
        out->statements[role] = out->keys[role];
        out->statements[role].type = VERIFY_TYPE_ED25519;
        if (!verify_key_set_id(&out->statements[role]))
            return verify_unreadable(report, "no memory for a hash");
    }
    return VERIFY_OK;
}
