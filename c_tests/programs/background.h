/* A login on a thread of its own, and a clock. POSIX 2008. */
#ifndef BACKGROUND_H
#define BACKGROUND_H

#include <pthread.h>
#include <time.h>

#include "support.h"

struct background {
    pthread_t thread;
    const ecgrid_client *client;
    const char *login;
    ecgrid_status status;
    int32_t outcome;
    int64_t ended_ms;
};

static inline int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline void *background_run(void *argument)
{
    struct background *call = (struct background *)argument;
    call->status = log_in_as(call->client, call->login);
    call->ended_ms = clock_ms();
    call->outcome = ecgrid_error_outcome(ecgrid_last_error());
    return NULL;
}

static inline void background_begin(struct background *call, const ecgrid_client *client, const char *login)
{
    call->client = client;
    call->login = login;
    pthread_create(&call->thread, NULL, background_run, call);
}

static inline ecgrid_status background_end(struct background *call)
{
    pthread_join(call->thread, NULL);
    return call->status;
}

#endif
