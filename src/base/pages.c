/* SPDX-License-Identifier: Apache-2.0 */
#include "base/pages.h"

#include <sys/mman.h>

enum { LARGE_PAGE = 2 << 20 };

enum base_code base_pages_new(size_t len, struct base_pages *out)
{
    *out = BASE_PAGES_EMPTY;
    if (len > SIZE_MAX - 2 * (size_t)LARGE_PAGE)
        return base_fail(BASE_E_NOMEM, "%zu bytes of memory", len);
    size_t mapped_len = len + LARGE_PAGE;
    void *mapped = mmap(NULL, mapped_len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED)
        return base_fail(BASE_E_NOMEM, "%zu bytes of memory", len);
    uintptr_t start = ((uintptr_t)mapped + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
    *out = (struct base_pages){(void *)start, len, mapped, mapped_len};
    (void)madvise((void *)start, len, MADV_HUGEPAGE); /* a wish: small pages do the same work */
    (void)madvise((void *)start, len, MADV_DONTDUMP); /* secrets do not belong in a core file */
    return BASE_OK;
}

void base_pages_release(struct base_pages *pages)
{
    if (pages->mapped != NULL)
        (void)munmap(pages->mapped, pages->mapped_len);
    *pages = BASE_PAGES_EMPTY;
}
