/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs a fuzzer's function on every file of its committed corpus, and on every file with one byte cut off or flipped, so
 * that the corpus finds something in each run even without the fuzzing engine.
 */
#include "base/file.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CORPUS_FILE_MAX = 1 << 22, CHANGES_PER_FILE = 64 };

static void run_copy(const struct base_buffer *file, size_t len, size_t flip_at, uint8_t flip)
{
    /* An exact copy on the heap, so that a sanitizer sees the first byte past the end. */
    uint8_t *copy = malloc(len == 0 ? 1 : len);
    if (copy == NULL)
        abort();
    if (len > 0)
        memcpy(copy, file->data, len);
    if (flip_at < len)
        copy[flip_at] ^= flip;
    LLVMFuzzerTestOneInput(copy, len);
    free(copy);
}

static void run_file(const struct base_buffer *file)
{
    run_copy(file, file->len, SIZE_MAX, 0);
    for (size_t i = 0; i < CHANGES_PER_FILE && file->len > 0; i++) {
        size_t at = file->len * i / CHANGES_PER_FILE;
        run_copy(file, at, SIZE_MAX, 0);
        run_copy(file, file->len, at, (uint8_t)(1u << (i % 8)));
    }
}

int main(int count, char **arguments)
{
    struct dirent **entries = NULL;
    int files = 0, number = count == 2 ? scandir(arguments[1], &entries, NULL, alphasort) : -1;
    for (int i = 0; i < number; i++) {
        char path[4096];
        struct base_buffer file = BASE_BUFFER_EMPTY;
        snprintf(path, sizeof path, "%s/%s", arguments[1], entries[i]->d_name);
        if (entries[i]->d_name[0] != '.' && base_file_read(path, CORPUS_FILE_MAX, &file) == BASE_OK) {
            run_file(&file);
            printf("ok %d - %s\n", ++files, entries[i]->d_name);
        }
        base_buffer_release(&file);
        free(entries[i]);
    }
    free(entries);
    if (files == 0)
        printf("not ok 1 - the corpus is empty or missing\n");
    printf("1..%d\n", files == 0 ? 1 : files);
    return files == 0;
}
