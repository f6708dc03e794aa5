/* SPDX-License-Identifier: Apache-2.0
 *
 * Which kernels run. The tables are filled once, before the first use; which one is in use is a single atomic number.
 */
#include "block/kernels.h"

#include <pthread.h>
#include <stdatomic.h>
#ifdef BLOCK_HAS_X86
#include <cpuid.h>
#endif

enum { LEVELS = BLOCK_AVX512 + 1 };

static struct block_kernels tables[LEVELS];
static enum block_level best;
static atomic_int in_use;
static pthread_once_t once = PTHREAD_ONCE_INIT;

#ifdef BLOCK_HAS_X86
static bool has_aesni(void)
{
    return __builtin_cpu_supports("aes") && __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("ssse3");
}

static bool has_avx2(void)
{
    return has_aesni() && __builtin_cpu_supports("avx2");
}

/* CPUID leaf 7: the names for these two are not known to every compiler's __builtin_cpu_supports(). */
static bool has_wide_aes(void)
{
    unsigned eax, ebx, ecx, edx;
    const unsigned vaes = 1u << 9, vpclmulqdq = 1u << 10;
    return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 && (ecx & vaes) != 0 && (ecx & vpclmulqdq) != 0;
}

static bool has_sha(void)
{
    unsigned eax, ebx, ecx, edx;
    const unsigned sha = 1u << 29;
    return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 && (ebx & sha) != 0 && __builtin_cpu_supports("sse4.1");
}

static bool has_avx512(void)
{
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("bmi2") &&
           has_wide_aes();
}

/* A file's own flags hold for all that is in it: nothing of a set is called, not even to name its kernels, before the machine is
 * known to have it. */
static void fill_x86(void)
{
    __builtin_cpu_init();
    if (has_aesni()) {
        best = BLOCK_AESNI;
        block_kernels_aesni(&tables[BLOCK_AESNI]);
        if (has_sha())
            block_kernels_sha(&tables[BLOCK_AESNI]);
    }
    if (has_avx2()) {
        best = BLOCK_AVX2;
        tables[BLOCK_AVX2] = tables[BLOCK_AESNI];
        block_kernels_avx2(&tables[BLOCK_AVX2]);
    }
    if (has_avx512()) {
        best = BLOCK_AVX512;
        tables[BLOCK_AVX512] = tables[BLOCK_AVX2];
        block_kernels_avx512(&tables[BLOCK_AVX512]);
    }
}
#endif

static void fill(void)
{
    for (unsigned level = 0; level < LEVELS; level++)
        block_kernels_portable(&tables[level]);
#ifdef BLOCK_HAS_X86
    fill_x86();
#endif
    atomic_store(&in_use, (int)best);
}

const struct block_kernels *block_kernels(void)
{
    pthread_once(&once, fill);
    return &tables[atomic_load_explicit(&in_use, memory_order_relaxed)];
}

enum block_level block_level(void)
{
    pthread_once(&once, fill);
    return (enum block_level)atomic_load(&in_use);
}

enum block_level block_level_best(void)
{
    pthread_once(&once, fill);
    return best;
}

const char *block_level_name(enum block_level level)
{
    static const char *const names[LEVELS] = {"portable", "aes-ni", "avx2", "avx-512"};
    return names[level];
}

enum base_code block_set_level(enum block_level level)
{
    if (level > block_level_best())
        return base_fail(BASE_E_UNSUPPORTED, "this machine has no kernels of level %d", (int)level);
    atomic_store(&in_use, (int)level);
    return BASE_OK;
}
