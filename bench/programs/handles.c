/* What a handle costs that makes no request, after one login:
 *   handles URL CA value N | token N | clone N | crowd N | threads T N [CORE...] */
#define _GNU_SOURCE
#include <ecgrid.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* No figure needs more. */
#define MOST_THREADS 64
/* Calls that are timed together: long for the clock, and short enough that most batches are not interrupted. */
#define BATCH 1000

static ecgrid_client *client;
static ecgrid_session *session;

static double now_ns(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e9 + (double)at.tv_nsec;
}

static void die(const char *what) {
    fprintf(stderr, "%s: %s\n", what, ecgrid_error_message(ecgrid_last_error()));
    exit(1);
}

static ecgrid_token *kept;

static void read_values(long calls) {
    const char *volatile value = NULL;
    for (long i = 0; i < calls; i++) value = ecgrid_token_value(kept);
    if (value[0] == '\0') die("no value");
}

static void read_tokens(long calls) {
    for (long i = 0; i < calls; i++) {
        ecgrid_token *token = NULL;
        if (ecgrid_session_token(session, &token, NULL) != ECGRID_OK) die("token");
        ecgrid_token_free(token);
    }
}

static void make_clones(long calls) {
    for (long i = 0; i < calls; i++) {
        ecgrid_session *clone = NULL;
        if (ecgrid_session_clone(session, &clone, NULL) != ECGRID_OK) die("clone");
        ecgrid_session_free(clone);
    }
}

/* Beside the clones that a process may have in the worst case. */
static void make_crowd(void) {
    for (long i = 0; i < 1000000; i++) {
        ecgrid_session *clone = NULL;
        if (ecgrid_session_clone(session, &clone, NULL) != ECGRID_OK) die("clone");
    }
}

/* A call's part of one batch. */
static double time_batch(void (*act)(long)) {
    double start = now_ns();
    act(BATCH);
    return (now_ns() - start) / BATCH;
}

static void time_batches(void (*act)(long), long calls) {
    fputs("each", stdout);
    for (long done = 0; done < calls; done += BATCH) printf(" %.3f", time_batch(act));
    putchar('\n');
}

static pthread_barrier_t ready;

struct reader {
    pthread_t thread;
    long batches;
    int core; /* -1: any */
    double *each;
};

static void *reader(void *argument) {
    struct reader *self = argument;
    cpu_set_t only;
    CPU_ZERO(&only);
    if (self->core >= 0) CPU_SET((size_t)self->core, &only);
    if (self->core >= 0 && pthread_setaffinity_np(pthread_self(), sizeof only, &only) != 0) die("cannot pin a thread");
    /* A thread's first token may have to be looked up. */
    read_tokens(1);
    pthread_barrier_wait(&ready);
    for (long i = 0; i < self->batches; i++) self->each[i] = time_batch(read_tokens);
    return NULL;
}

/* The batches of all threads, told when nobody reads any more. */
static void time_threads(long threads, long calls, char **cores, int count) {
    static struct reader all[MOST_THREADS];
    long batches = (calls + BATCH - 1) / BATCH;
    pthread_barrier_init(&ready, NULL, (unsigned)threads);
    for (long i = 0; i < threads; i++) {
        all[i].batches = batches;
        all[i].core = count > 0 ? atoi(cores[i % count]) : -1;
        all[i].each = malloc((size_t)batches * sizeof *all[i].each);
        if (!all[i].each || pthread_create(&all[i].thread, NULL, reader, &all[i]) != 0) die("cannot start a thread");
    }
    for (long i = 0; i < threads; i++) pthread_join(all[i].thread, NULL);
    fputs("each", stdout);
    for (long i = 0; i < threads; i++) {
        for (long k = 0; k < batches; k++) printf(" %.3f", all[i].each[k]);
        free(all[i].each);
    }
    putchar('\n');
}

/* One write at the end, however many numbers there are: system calls are counted. */
static char printed[1 << 20];

int main(int argc, char **argv) {
    ecgrid_config *config = ecgrid_config_new();
    const char *mode = argc >= 5 ? argv[3] : "";
    long number = argc >= 5 ? strtol(argv[4], NULL, 10) : 0;
    long calls = argc >= 6 ? strtol(argv[5], NULL, 10) : number;
    setvbuf(stdout, printed, _IOFBF, sizeof printed);
    if (number < 1 || calls < 1 || (argc >= 6 && number > MOST_THREADS))
        return fputs("usage: handles URL CA value N | token N | clone N | crowd N | threads T N [CORE...]\n", stderr), 2;
    if (ecgrid_config_set_base_url(config, argv[1], NULL) != ECGRID_OK ||
        ecgrid_config_set_ca_file(config, argv[2], NULL) != ECGRID_OK ||
        ecgrid_client_new(config, &client, NULL) != ECGRID_OK ||
        ecgrid_session_login(client, "bench@example.com", "Sup3r$ecret!", &session, NULL) != ECGRID_OK)
        die("login");
    if (ecgrid_session_token(session, &kept, NULL) != ECGRID_OK) die("token");
    if (strcmp(mode, "value") == 0) time_batches(read_values, calls);
    else if (strcmp(mode, "token") == 0) time_batches(read_tokens, calls);
    else if (strcmp(mode, "clone") == 0) time_batches(make_clones, calls);
    else if (strcmp(mode, "crowd") == 0) make_crowd(), time_batches(make_clones, calls);
    else if (strcmp(mode, "threads") == 0 && argc >= 6)
        time_threads(number, calls, argv + 6, argc - 6);
    else return fprintf(stderr, "unknown mode: %s\n", mode), 2;
    ecgrid_token_free(kept);
    ecgrid_session_free(session);
    ecgrid_client_free(client);
    ecgrid_config_free(config);
    return 0;
}
