/* A malloc of the program's own that looks at every block before it is freed: is there a secret left in it? */
#ifndef WATCHED_HEAP_H
#define WATCHED_HEAP_H

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void __libc_free(void *block);

/* One byte of each is changed, so that these are not themselves what is searched for. */
static const char *const heap_masked[] = {
    "Xanary-password", "Xanary-api-key", "Xanary-token", "Xanary-proxy-password",
    "Y2FuYXJ5", /* any of them in base64 */
    "cHJveHl1c2VyOmNhbmFye", /* proxyuser:canary in base64 */
};
enum { HEAP_SECRETS = sizeof heap_masked / sizeof *heap_masked };

static long heap_frees;
static int heap_found[HEAP_SECRETS]; /* how often each secret was in a block that was freed */

static int heap_has(const char *block, size_t size, const char *masked)
{
    size_t length = strlen(masked);
    char first = masked[0] == 'X' ? 'c' : masked[0];
    for (size_t at = 0; at + length <= size; at++)
        if (block[at] == first && memcmp(block + at + 1, masked + 1, length - 1) == 0) return 1;
    return 0;
}

static void heap_look(const void *block)
{
    if (!block) return;
    __atomic_fetch_add(&heap_frees, 1, __ATOMIC_RELAXED);
    size_t size = malloc_usable_size((void *)(size_t)block);
    for (int i = 0; i < HEAP_SECRETS; i++)
        if (heap_has((const char *)block, size, heap_masked[i]))
            __atomic_fetch_add(&heap_found[i], 1, __ATOMIC_RELAXED);
}

static long heap_found_in_all(void)
{
    long all = 0;
    for (int i = 0; i < HEAP_SECRETS; i++) all += heap_found[i];
    return all;
}

void *malloc(size_t size)
{
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return __libc_calloc(count, size);
}

void free(void *block)
{
    heap_look(block);
    __libc_free(block);
}

/* Always moves, as the real one may: what it leaves behind is freed like anything else. */
void *realloc(void *block, size_t size)
{
    void *moved = malloc(size);
    if (!moved) return NULL;
    size_t before = block ? malloc_usable_size(block) : 0;
    if (block) memcpy(moved, block, before < size ? before : size);
    free(block);
    return moved;
}

/* In whatever was freed so far; from here on it counts anew. */
static void nothing_was_found(const char *when)
{
    for (int i = 0; i < HEAP_SECRETS; i++) {
        check_row = when;
        if (!CHECK_INT(heap_found[i], 0)) printf("  secret %d (%s)\n", i, heap_masked[i]);
        check_row = "";
    }
    memset(heap_found, 0, sizeof heap_found);
}

#endif
