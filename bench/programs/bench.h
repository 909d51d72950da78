/* What the contestants share: how they are called, timed and heard (bench.c), and what each of them has to do. */
#ifndef BENCH_H
#define BENCH_H

#include <stdint.h>

#define LOGIN "bench@example.com"
#define PASSWORD "Sup3r$ecret!"
/* What is called with the token: who it belongs to. */
#define WHO_AM_I "/v2/users/me"

struct target {
    const char *url;      /* http(s)://host:port */
    const char *ca;       /* PEM file; NULL: the machine's trust, as the contestant finds it */
    char host[64];
    char port[8];
    int tls;
    int reconnect;        /* the server closes after each answer */
    int calls;            /* one login before the first, and the calls have its token */
};

/* What is measured, as the library itself says at run time. */
const char *contestant_version(void);
/* Once a process. */
void contestant_start(const struct target *target);
void contestant_stop(void);
/* Once a thread; what it returns logs in or calls, and belongs to the thread. */
void *contestant_open(void);
void contestant_close(void *caller);
/* One login, token, expiry and user id taken; ends the program when it fails. */
void contestant_login(void *caller);
/* One GET of WHO_AM_I with the token as Authorization, the user id taken from its answer; ends the program when it fails. */
void contestant_call(void *caller);

int64_t now_ns(void);
void die(const char *what, const char *why);

#endif
