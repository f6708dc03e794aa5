/* SPDX-License-Identifier: Apache-2.0
 *
 * The verifier's reader of oversight files: the archive, its manifest and the exports in it.
 */
#include "verify/oversight.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static void count(void *context, const struct verify_compartment *compartment)
{
    size_t *compartments = context;
    demand(compartment->export->checked == compartment->export->size);
    ++*compartments;
}

static FILE *open_bytes(const uint8_t *data, size_t size)
{
    FILE *file = size == 0 ? fopen("/dev/null", "rb") : fmemopen((void *)(uintptr_t)data, size, "rb"); /* which only reads */
    if (file == NULL)
        abort();
    return file;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *const nobody[2] = {NULL, NULL};
    struct verify_report report = {"", "", ""};
    struct verify_archive archive;
    struct verify_oversight oversight;
    size_t compartments = 0, total = 2 * VERIFY_BLOCK;
    if (verify_archive_open(&archive, open_bytes(data, size), &report) == VERIFY_OK) {
        for (size_t i = 0; i < archive.count; i++) {
            demand(i == 0 || strcmp(archive.members[i - 1].name, archive.members[i].name) < 0);
            total += VERIFY_BLOCK + (archive.members[i].size + VERIFY_BLOCK - 1) / VERIFY_BLOCK * VERIFY_BLOCK;
        }
        demand(total == size); /* every byte has a place */
    }
    verify_archive_release(&archive);
    if (verify_oversight_read(open_bytes(data, size), nobody, count, &compartments, &oversight, &report) == VERIFY_OK)
        demand(compartments == oversight.compartments && oversight.party[32] == 0);
    verify_oversight_release(&oversight);
    return 0;
}
