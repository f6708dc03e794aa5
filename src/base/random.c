/* SPDX-License-Identifier: Apache-2.0 */
#include "base/random.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

static enum base_code system_fill(void *context, uint8_t *out, size_t len)
{
    (void)context;
    while (len > 0) {
        ssize_t got = getrandom(out, len, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return base_fail(BASE_E_IO, "the system gives no random bytes: %s", strerror(errno));
        out += got;
        len -= (size_t)got;
    }
    return BASE_OK;
}

/* SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators", figure 16). */
static enum base_code repeatable_fill(void *context, uint8_t *out, size_t len)
{
    uint64_t *state = context;
    while (len > 0) {
        uint64_t z = *state += 0x9e3779b97f4a7c15u;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        z ^= z >> 31;
        for (int i = 0; i < 8 && len > 0; i++, len--)
            *out++ = (uint8_t)(z >> (8 * i));
    }
    return BASE_OK;
}

struct base_random base_random_system(void)
{
    return (struct base_random){system_fill, NULL};
}

struct base_random base_random_repeatable(uint64_t *seed)
{
    return (struct base_random){repeatable_fill, seed};
}

enum base_code base_random_fill(const struct base_random *random, void *out, size_t len)
{
    return random->fill(random->context, out, len);
}
