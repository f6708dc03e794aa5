/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/archive.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Fields of a header that are not always zero (oversight 1.2). */
enum { AT_MODE = 100, AT_OWNER = 108, AT_GROUP = 116, AT_SIZE = 124, AT_TIME = 136, AT_SUM = 148, AT_TYPE = 156, AT_MAGIC = 257,
       AT_MAJOR = 329, AT_MINOR = 337, SIZE_DIGITS = 11 };

void verify_file_release(struct verify_file *file)
{
    free(file->data);
    *file = (struct verify_file){NULL, 0};
}

/* The one header that a file of this name and size has. */
static void make_header(const char *name, uint32_t size, uint8_t out[VERIFY_BLOCK])
{
    char digits[16];
    unsigned sum = 0;
    memset(out, 0, VERIFY_BLOCK);
    memcpy(out, name, strlen(name));
    memcpy(out + AT_MODE, "0000644", 7);
    memcpy(out + AT_OWNER, "0000000", 7);
    memcpy(out + AT_GROUP, "0000000", 7);
    snprintf(digits, sizeof digits, "%011o", size);
    memcpy(out + AT_SIZE, digits, SIZE_DIGITS);
    memcpy(out + AT_TIME, "00000000000", 11);
    memset(out + AT_SUM, ' ', 8);
    out[AT_TYPE] = '0';
    memcpy(out + AT_MAGIC, "ustar\0" "00", 8);
    memcpy(out + AT_MAJOR, "0000000", 7);
    memcpy(out + AT_MINOR, "0000000", 7);
    for (unsigned i = 0; i < VERIFY_BLOCK; i++)
        sum += out[i];
    snprintf(digits, sizeof digits, "%06o", sum);
    memcpy(out + AT_SUM, digits, 7); /* with its zero byte */
}

static bool is_zero(const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

static bool read_size(const uint8_t *digits, uint32_t *out)
{
    uint64_t size = 0;
    for (unsigned i = 0; i < SIZE_DIGITS; i++) {
        if (digits[i] < '0' || digits[i] > '7')
            return false;
        size = size * 8 + (uint64_t)(digits[i] - '0');
    }
    *out = (uint32_t)size;
    return size <= VERIFY_MEMBER_MAX;
}

static enum verify_result check_header(const struct verify_archive *archive, const uint8_t header[VERIFY_BLOCK],
                                       struct verify_member *member, struct verify_report *report)
{
    uint8_t expected[VERIFY_BLOCK];
    const uint8_t *end = memchr(header, 0, VERIFY_MEMBER_NAME_MAX + 1);
    size_t len = end == NULL ? 0 : (size_t)(end - header);
    for (size_t i = 0; i < len; i++)
        if (header[i] <= 0x20 || header[i] >= 0x7f)
            return verify_refute(report, "oversight 1.3", "a file whose name is not of printable characters");
    if (len == 0)
        return verify_refute(report, "oversight 1.3", "a file without a name, or with one that is too long");
    memcpy(member->name, header, len + 1);
    verify_at(report, "%s", member->name);
    if (!read_size(header + AT_SIZE, &member->size))
        return verify_refute(report, "oversight 1.4", "its size is no number, or above %d bytes", VERIFY_MEMBER_MAX);
    make_header(member->name, member->size, expected);
    if (memcmp(header, expected, VERIFY_BLOCK) != 0)
        return verify_refute(report, "oversight 1.2", "its header is not the one that its name and size give");
    if (archive->count > 0 && strcmp(archive->members[archive->count - 1].name, member->name) >= 0)
        return verify_refute(report, "oversight 1.3", "it does not stand in the order of names");
    return VERIFY_OK;
}

static enum verify_result add_member(struct verify_archive *archive, const struct verify_member *member, struct verify_report *report)
{
    if (archive->count == VERIFY_MEMBERS_MAX)
        return verify_refute(report, "oversight 1.4", "more than %d files", VERIFY_MEMBERS_MAX);
    if ((archive->count & (archive->count - 1)) == 0) { /* grows at powers of two */
        size_t capacity = archive->count == 0 ? 1 : archive->count * 2;
        struct verify_member *grown = realloc(archive->members, capacity * sizeof *grown);
        if (grown == NULL)
            return verify_unreadable(report, "no memory for %zu files", capacity);
        archive->members = grown;
    }
    archive->members[archive->count++] = *member;
    return VERIFY_OK;
}

static enum verify_result read_block(struct verify_archive *archive, uint8_t block[VERIFY_BLOCK], struct verify_report *report)
{
    size_t got = fread(block, 1, VERIFY_BLOCK, archive->file);
    if (ferror(archive->file))
        return verify_unreadable(report, "cannot be read: %s", strerror(errno));
    return got == VERIFY_BLOCK ? VERIFY_OK : verify_refute(report, "oversight 1.3", "the archive ends too early");
}

/* Skips the bytes of a file and checks what fills up its last block. */
static enum verify_result skip_content(struct verify_archive *archive, uint32_t size, struct verify_report *report)
{
    uint8_t block[VERIFY_BLOCK];
    uint32_t whole = size / VERIFY_BLOCK * VERIFY_BLOCK, rest = size - whole;
    if (whole > 0 && fseeko(archive->file, whole, SEEK_CUR) != 0)
        return verify_unreadable(report, "cannot be read: %s", strerror(errno));
    if (rest == 0)
        return VERIFY_OK;
    VERIFY_TRY(read_block(archive, block, report));
    return is_zero(block + rest, VERIFY_BLOCK - rest) ? VERIFY_OK
                                                      : verify_refute(report, "oversight 1.3", "what fills it up is not zero");
}

static enum verify_result check_end(struct verify_archive *archive, struct verify_report *report)
{
    uint8_t block[VERIFY_BLOCK];
    verify_at(report, "archive");
    VERIFY_TRY(read_block(archive, block, report));
    if (!is_zero(block, VERIFY_BLOCK) || fgetc(archive->file) != EOF)
        return verify_refute(report, "oversight 1.3", "the archive does not end after two blocks of zeros");
    return VERIFY_OK;
}

enum verify_result verify_archive_open(struct verify_archive *archive, FILE *file, struct verify_report *report)
{
    *archive = VERIFY_ARCHIVE_EMPTY;
    archive->file = file;
    for (uint64_t at = 0;;) {
        uint8_t header[VERIFY_BLOCK];
        struct verify_member member = {.is_called_for = false};
        verify_at(report, "archive");
        VERIFY_TRY(read_block(archive, header, report));
        if (is_zero(header, VERIFY_BLOCK))
            return check_end(archive, report);
        VERIFY_TRY(check_header(archive, header, &member, report));
        member.at = at + VERIFY_BLOCK;
        at = member.at + (member.size + VERIFY_BLOCK - 1) / VERIFY_BLOCK * VERIFY_BLOCK;
        VERIFY_TRY(skip_content(archive, member.size, report));
        VERIFY_TRY(add_member(archive, &member, report));
    }
}

void verify_archive_release(struct verify_archive *archive)
{
    if (archive->file != NULL)
        fclose(archive->file);
    free(archive->members);
    *archive = VERIFY_ARCHIVE_EMPTY;
}

static struct verify_member *find_member(struct verify_archive *archive, const char *name)
{
    size_t from = 0, to = archive->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = strcmp(name, archive->members[middle].name);
        if (order == 0)
            return &archive->members[middle];
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return NULL;
}

enum verify_result verify_archive_read(struct verify_archive *archive, const char *name, size_t max_len, struct verify_file *out,
                                       bool *exists, struct verify_report *report)
{
    struct verify_member *member = find_member(archive, name);
    verify_at(report, "%s", name);
    *exists = member != NULL;
    if (member == NULL)
        return VERIFY_OK;
    member->is_called_for = true;
    if (member->size > max_len)
        return verify_unreadable(report, "larger than %zu bytes", max_len);
    out->data = malloc(member->size == 0 ? 1 : member->size);
    if (out->data == NULL)
        return verify_unreadable(report, "no memory for %u bytes", member->size);
    if (fseeko(archive->file, (off_t)member->at, SEEK_SET) != 0)
        return verify_unreadable(report, "cannot be read: %s", strerror(errno));
    out->len = fread(out->data, 1, member->size, archive->file);
    return out->len == member->size ? VERIFY_OK : verify_unreadable(report, "cannot be read whole");
}
