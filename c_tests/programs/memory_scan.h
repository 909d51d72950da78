/* Looks for secrets in all memory of the process. They are kept masked, or each would find itself. Linux. */
#ifndef MEMORY_SCAN_H
#define MEMORY_SCAN_H

#include "support.h"

enum { MASK = 0x5a, LONGEST_SECRET = 64 };

struct secret {
    unsigned char masked[LONGEST_SECRET];
    size_t length;
};

/* So that the compiler writes even what nobody reads. */
static inline void wiped(volatile char *text, size_t length)
{
    while (length--) text[length] = 0;
}

/* A secret that was never before: nobody else can have left it anywhere. */
static inline struct secret secret_made(const char *prefix, const char *suffix)
{
    struct secret secret;
    FILE *random = fopen("/dev/urandom", "rb");
    unsigned char bytes[24];
    CHECK(fread(bytes, 1, sizeof bytes, random) == sizeof bytes);
    fclose(random);
    secret.length = 0;
    for (; *prefix; prefix++) secret.masked[secret.length++] = (unsigned char)(*prefix ^ MASK);
    for (size_t i = 0; i < sizeof bytes; i++)
        secret.masked[secret.length++] = (unsigned char)(('a' + bytes[i] % 26) ^ MASK);
    for (; *suffix; suffix++) secret.masked[secret.length++] = (unsigned char)(*suffix ^ MASK);
    return secret;
}

/* In clear, with a NUL; to be wiped after use. */
static inline void secret_shown(const struct secret *secret, char *text)
{
    for (size_t i = 0; i < secret->length; i++) text[i] = (char)(secret->masked[i] ^ MASK);
    text[secret->length] = '\0';
}

static inline long found_in(const unsigned char *memory, size_t size, const struct secret *secret)
{
    long found = 0;
    const unsigned char *end = memory + size, first = secret->masked[0] ^ MASK;
    while ((size_t)(end - memory) >= secret->length) {
        memory = (const unsigned char *)memchr(memory, first, (size_t)(end - memory) - secret->length + 1);
        if (!memory) break;
        size_t same = 1;
        while (same < secret->length && (memory[same] ^ MASK) == secret->masked[same]) same++;
        found += same == secret->length;
        memory++;
    }
    return found;
}

/* How often a secret is in memory that can be written: heap, stacks, data, pages of any library's own. */
static inline long found_anywhere(const struct secret *secret)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[600];
    long found = 0;
    size_t looked_at = 0;
    while (fgets(line, sizeof line, maps)) {
        uintptr_t begin, end;
        char rights[5];
        if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s", &begin, &end, rights) != 3) continue;
        if (strncmp(rights, "rw", 2) != 0) continue;
        if (strstr(line, "[v")) continue; /* the kernel's own pages */
        found += found_in((const unsigned char *)begin, end - begin, secret);
        looked_at += end - begin;
    }
    fclose(maps);
    CHECK(looked_at > 100000);
    return found;
}

#endif
