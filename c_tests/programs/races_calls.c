/* What newer compilers call instead of memcpy and its like. A runtime that has these itself comes first. */
#include <stddef.h>
#include <string.h>

#define STAND_IN __attribute__((weak, no_sanitize("thread")))

void *__tsan_memcpy(void *to, const void *from, size_t size);
void *__tsan_memmove(void *to, const void *from, size_t size);
void *__tsan_memset(void *at, int byte, size_t size);

/* The runtime watches these calls, as it does those of any C program. */
STAND_IN void *__tsan_memcpy(void *to, const void *from, size_t size)
{
    return memcpy(to, from, size);
}

STAND_IN void *__tsan_memmove(void *to, const void *from, size_t size)
{
    return memmove(to, from, size);
}

STAND_IN void *__tsan_memset(void *at, int byte, size_t size)
{
    return memset(at, byte, size);
}
