/* What the main programs share. */
#define _POSIX_C_SOURCE 200809L
#include "bench.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Seconds until a run that hangs ends by itself. */
#define LIMIT 120

int64_t now_ns(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (int64_t)at.tv_sec * 1000000000 + at.tv_nsec;
}

void die(const char *what, const char *why) {
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

void *allocate(size_t bytes) {
    void *memory = malloc(bytes);
    if (!memory) die("malloc", "no memory");
    return memory;
}

long number(const char *text) {
    char *end = NULL;
    long value = strtol(text, &end, 10);
    if (*end != '\0' || value < 1) die("not a number above 0", text);
    return value;
}

void begin(struct target *target, const char *url, const char *ca) {
    const char *host, *colon;
    alarm(LIMIT);
    target->url = url;
    target->ca = strcmp(ca, "-") == 0 ? NULL : ca;
    target->tls = strncmp(url, "https://", 8) == 0;
    host = strstr(url, "://");
    if (!host) die("not a URL", url);
    host += 3;
    colon = strrchr(host, ':');
    if (!colon || (size_t)(colon - host) >= sizeof target->host || strlen(colon + 1) >= sizeof target->port)
        die("not http(s)://host:port", url);
    memcpy(target->host, host, (size_t)(colon - host));
    strcpy(target->port, colon + 1);
}
