/* SPDX-License-Identifier: Apache-2.0
 *
 * What both sides draw together (vpsi 4.1, 4.4): the session's salt and the shift of each pass. The sender commits to its half, the
 * receiver shows its own, the sender opens: neither can choose the result.
 */
#include "vpsi/inside.h"

enum base_code vpsi_expect(struct base_cursor *in, uint32_t expected, const char *what)
{
    uint32_t got;
    BASE_TRY(base_cursor_u32(in, &got));
    if (got != expected)
        return base_fail(BASE_E_SIZE, "%s: %u, not %u", what, got, expected);
    return BASE_OK;
}

static enum base_code expect_u64(struct base_cursor *in, uint64_t expected, const char *what)
{
    uint64_t got;
    BASE_TRY(base_cursor_u64(in, &got));
    if (got != expected)
        return base_fail(BASE_E_SIZE, "%s: %llu, not %llu", what, (unsigned long long)got, (unsigned long long)expected);
    return BASE_OK;
}

static enum base_code expect_u8(struct base_cursor *in, uint8_t expected, const char *what)
{
    uint8_t got;
    BASE_TRY(base_cursor_u8(in, &got));
    if (got != expected)
        return base_fail(BASE_E_SIZE, "%s: %u, not %u", what, got, expected);
    return BASE_OK;
}

/* VPSI_TERMS_LEN bytes (vpsi 3.4). */
static enum base_code write_terms(const struct vpsi_terms *terms, struct base_buffer *out)
{
    BASE_TRY(base_put_u64(out, terms->receiver_count));
    BASE_TRY(base_put_u64(out, terms->sender_count));
    BASE_TRY(base_put_u32(out, terms->item_len));
    BASE_TRY(base_put_u32(out, terms->receiver_payload));
    BASE_TRY(base_put_u32(out, terms->sender_payload));
    BASE_TRY(base_put_u8(out, (uint8_t)terms->output));
    return base_put_u8(out, (uint8_t)terms->pass_bits);
}

static enum base_code read_terms(const struct vpsi_terms *terms, struct base_cursor *in)
{
    BASE_TRY(expect_u64(in, terms->receiver_count, "items of the receiver"));
    BASE_TRY(expect_u64(in, terms->sender_count, "items of the sender"));
    BASE_TRY(vpsi_expect(in, terms->item_len, "length of an item"));
    BASE_TRY(vpsi_expect(in, terms->receiver_payload, "payload of the receiver"));
    BASE_TRY(vpsi_expect(in, terms->sender_payload, "payload of the sender"));
    BASE_TRY(expect_u8(in, (uint8_t)terms->output, "output"));
    return expect_u8(in, (uint8_t)terms->pass_bits, "passes");
}

static void commit(const struct vpsi_session *session, const char *domain, const uint8_t secret[VPSI_SECRET_LEN],
                   struct crypto_hash *out)
{
    const struct base_bytes parts[] = {base_bytes_of(session->tag, VPSI_TAG_LEN), base_bytes_of(secret, VPSI_SECRET_LEN)};
    crypto_hash_domain(domain, parts, 2, out);
}

static const char salt_domain[] = "entente/vpsi/commit-salt/v1", shift_domain[] = "entente/vpsi/commit-shift/v1";

void vpsi_hash_domain(const char *domain, const struct base_bytes *parts, size_t count, struct block *out)
{
    struct crypto_hash hash;
    crypto_hash_domain(domain, parts, count, &hash);
    *out = block_load(hash.bytes);
    crypto_wipe(&hash, sizeof hash);
}

/* Both halves are known: everything that hangs on the salt. */
static enum base_code derive_salt(struct vpsi_session *session, const uint8_t *of_sender, const uint8_t *of_receiver)
{
    struct base_buffer terms = BASE_BUFFER_EMPTY;
    struct crypto_hash salt;
    enum base_code code = write_terms(&session->terms, &terms);
    if (code == BASE_OK) {
        const struct base_bytes parts[] = {base_bytes_of(session->context.bytes, sizeof session->context.bytes),
                                           base_bytes_buffer(&terms), base_bytes_of(of_sender, VPSI_SECRET_LEN),
                                           base_bytes_of(of_receiver, VPSI_SECRET_LEN)};
        crypto_hash_domain("entente/vpsi/salt/v1", parts, 4, &salt);
        memcpy(session->salt, salt.bytes, VPSI_SALT_LEN);
        vpsi_hashes_init(&session->hashes, session->salt);
        vpsi_hash_domain("entente/vpsi/okvs/v1", &(const struct base_bytes){session->salt, VPSI_SALT_LEN}, 1,
                         &session->okvs_seed);
    }
    base_buffer_release(&terms);
    return code;
}

enum base_code vpsi_write_commit(struct vpsi_session *session, uint64_t number, struct base_buffer *out)
{
    (void)number;
    struct crypto_hash commitment;
    vpsi_generate(session, session->own_salt, sizeof session->own_salt);
    commit(session, salt_domain, session->own_salt, &commitment);
    BASE_TRY(write_terms(&session->terms, out));
    return base_put_bytes(out, commitment.bytes, sizeof commitment.bytes);
}

enum base_code vpsi_read_commit(struct vpsi_session *session, uint64_t number, struct base_cursor *in)
{
    (void)number;
    BASE_TRY(read_terms(&session->terms, in));
    return base_cursor_copy(in, session->salt_commitment.bytes, sizeof session->salt_commitment.bytes);
}

enum base_code vpsi_write_nonce(struct vpsi_session *session, uint64_t number, struct base_buffer *out)
{
    (void)number;
    vpsi_generate(session, session->own_salt, sizeof session->own_salt);
    BASE_TRY(write_terms(&session->terms, out));
    return base_put_bytes(out, session->own_salt, sizeof session->own_salt);
}

enum base_code vpsi_read_nonce(struct vpsi_session *session, uint64_t number, struct base_cursor *in)
{
    (void)number;
    struct base_bytes nonce;
    BASE_TRY(read_terms(&session->terms, in));
    BASE_TRY(base_cursor_take(in, VPSI_SECRET_LEN, &nonce));
    return derive_salt(session, session->own_salt, nonce.data);
}

enum base_code vpsi_write_salt(struct vpsi_session *session, uint64_t number, struct base_buffer *out)
{
    (void)number;
    return base_put_bytes(out, session->own_salt, sizeof session->own_salt);
}

/* Takes an opening and holds it against the commitment. */
static enum base_code read_opening(struct vpsi_session *session, const char *domain, const struct crypto_hash *expected,
                                   struct base_cursor *in, struct base_bytes *out)
{
    struct crypto_hash commitment;
    BASE_TRY(base_cursor_take(in, VPSI_SECRET_LEN, out));
    commit(session, domain, out->data, &commitment);
    if (!crypto_hash_equal(&commitment, expected))
        return base_fail(BASE_E_PROOF, "the sender opened its commitment to something else");
    return BASE_OK;
}

enum base_code vpsi_read_salt(struct vpsi_session *session, uint64_t number, struct base_cursor *in)
{
    (void)number;
    struct base_bytes salt;
    BASE_TRY(read_opening(session, salt_domain, &session->salt_commitment, in, &salt));
    return derive_salt(session, salt.data, session->own_salt);
}

enum base_code vpsi_write_begin(struct vpsi_session *session, uint64_t number, struct base_buffer *out)
{
    (void)number;
    struct crypto_hash commitment;
    vpsi_generate(session, session->own_shift, sizeof session->own_shift);
    commit(session, shift_domain, session->own_shift, &commitment);
    BASE_TRY(base_put_u32(out, session->pass));
    return base_put_bytes(out, commitment.bytes, sizeof commitment.bytes);
}

enum base_code vpsi_read_begin(struct vpsi_session *session, uint64_t number, struct base_cursor *in)
{
    (void)number;
    BASE_TRY(vpsi_expect(in, session->pass, "pass"));
    return base_cursor_copy(in, session->shift_commitment.bytes, sizeof session->shift_commitment.bytes);
}

enum base_code vpsi_write_shift(struct vpsi_session *session, uint64_t number, struct base_buffer *out)
{
    (void)number;
    vpsi_generate(session, session->own_shift, sizeof session->own_shift);
    return base_put_bytes(out, session->own_shift, sizeof session->own_shift);
}

/* The shift: the first halves of both secrets added up. */
static void derive_shift(struct vpsi_session *session, const uint8_t *of_peer)
{
    session->shift = block_xor(block_load(session->own_shift), block_load(of_peer));
}

enum base_code vpsi_read_shift(struct vpsi_session *session, uint64_t number, struct base_cursor *in)
{
    (void)number;
    struct base_bytes of_receiver;
    BASE_TRY(base_cursor_take(in, VPSI_SECRET_LEN, &of_receiver));
    derive_shift(session, of_receiver.data);
    return BASE_OK;
}

enum base_code vpsi_write_open(struct vpsi_session *session, uint64_t number, struct base_buffer *out)
{
    (void)number;
    return base_put_bytes(out, session->own_shift, sizeof session->own_shift);
}

enum base_code vpsi_read_open(struct vpsi_session *session, uint64_t number, struct base_cursor *in)
{
    (void)number;
    struct base_bytes of_sender;
    BASE_TRY(read_opening(session, shift_domain, &session->shift_commitment, in, &of_sender));
    derive_shift(session, of_sender.data);
    return BASE_OK;
}
