/* Logins and calls: the modes a contestant runs in, the same for all:
 *   PROGRAM version
 *   PROGRAM URL CA|- warm N | reconnect N | cold | count N | threads T N     logins
 *   PROGRAM URL CA|- warm-calls N | count-calls N                            calls with the token of one login */
#define _POSIX_C_SOURCE 200809L
#include "bench.h"
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WARM_UP 20

static void repeat(void (*act)(void *), long times) {
    void *caller = contestant_open();
    for (long i = 0; i < times; i++) act(caller);
    contestant_close(caller);
}

static void time_each(void (*act)(void *), long times) {
    int64_t *took = allocate((size_t)times * sizeof *took);
    void *caller = contestant_open();
    for (long i = 0; i < WARM_UP; i++) act(caller);
    for (long i = 0; i < times; i++) {
        int64_t start = now_ns();
        act(caller);
        took[i] = now_ns() - start;
    }
    contestant_close(caller);
    fputs("ns", stdout);
    for (long i = 0; i < times; i++) printf(" %" PRId64, took[i]);
    putchar('\n');
    free(took);
}

static pthread_barrier_t ready;

static void *thread(void *argument) {
    const long *logins = argument;
    void *caller = contestant_open();
    contestant_login(caller);
    pthread_barrier_wait(&ready);
    for (long i = 1; i < *logins; i++) contestant_login(caller);
    pthread_barrier_wait(&ready);
    contestant_close(caller);
    return NULL;
}

/* The first login of each thread, which connects, is before the clock starts. */
static void time_threads(long threads, long logins) {
    pthread_t *all = allocate((size_t)threads * sizeof *all);
    int64_t start;
    pthread_barrier_init(&ready, NULL, (unsigned)threads + 1);
    for (long i = 0; i < threads; i++)
        if (pthread_create(&all[i], NULL, thread, &logins) != 0) die("pthread_create", "failed");
    pthread_barrier_wait(&ready);
    start = now_ns();
    pthread_barrier_wait(&ready);
    printf("elapsed %" PRId64 "\n", now_ns() - start);
    for (long i = 0; i < threads; i++) pthread_join(all[i], NULL);
    free(all);
}

int main(int argc, char **argv) {
    struct target target = {0};
    const char *mode;
    void (*act)(void *);
    if (argc == 2 && strcmp(argv[1], "version") == 0) return puts(contestant_version()) < 0;
    if (argc < 4) die("usage", "PROGRAM URL CA|- warm[-calls] N | reconnect N | cold | count[-calls] N | threads T N");
    begin(&target, argv[1], argv[2]);
    mode = argv[3];
    target.reconnect = strcmp(mode, "reconnect") == 0;
    target.calls = strcmp(mode, "warm-calls") == 0 || strcmp(mode, "count-calls") == 0;
    act = target.calls ? contestant_call : contestant_login;
    contestant_start(&target);
    if (strcmp(mode, "cold") == 0) repeat(act, 1);
    else if (strncmp(mode, "count", 5) == 0 && argc == 5) repeat(act, number(argv[4]));
    else if (strncmp(mode, "warm", 4) == 0 && argc == 5) time_each(act, number(argv[4]));
    else if (strcmp(mode, "reconnect") == 0 && argc == 5) time_each(act, number(argv[4]));
    else if (strcmp(mode, "threads") == 0 && argc == 6) time_threads(number(argv[4]), number(argv[5]));
    else die("unknown mode", mode);
    contestant_stop();
    return 0;
}
