/* What the contestants share: how they are called, timed and heard (bench.c, large.c, shared.c), and what each of them has to do. */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include <stdint.h>

#define LOGIN "bench@example.com"
#define PASSWORD "Sup3r$ecret!"
/* What is called with the token: who it belongs to. */
#define WHO_AM_I "/v2/users/me"
/* Where a parcel is posted. */
#define UPLOAD "/v2/parcels/upload"
/* Where one is asked for. */
#define DOWNLOAD "/v2/parcels/download"

struct target {
    const char *url;      /* http(s)://host:port */
    const char *ca;       /* PEM file; NULL: the machine's trust, as the contestant finds it */
    char host[64];
    char port[8];
    int tls;
    int reconnect;        /* the server closes after each answer */
    int calls;            /* one login before the first, and the calls have its token */
    int large;            /* what is called is large, and the contestant may prepare for that */
};

/* What a walk over a list has seen. */
struct walked {
    long rows;
    int64_t ids;          /* their sum */
    size_t names;         /* bytes of all together */
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

/* For what is large alone: one GET of `path`, or one POST of `body` to it, with the token. The answer belongs to the
 * caller. They end the program when they fail. */
void *contestant_get(void *caller, const char *path);
void *contestant_post(void *caller, const char *path, const char *body, size_t length);
/* The string `content` of an answer, which has it until it is freed. */
const char *contestant_content(void *answer);
/* Of every row of an answer, which is a list: `parcelId`, a number, and `fileName`, a string. */
struct walked contestant_walk(void *answer);
/* The id of a parcel that was posted. */
int64_t contestant_parcel(void *answer);
void contestant_free(void *answer);

/* For file.c alone, and only of those that write files: a parcel to a file that is not there, on the disk when it is done;
 * and a file as a parcel. */
void contestant_download(void *caller, long parcel, const char *to);
void contestant_upload(void *caller, const char *from);

/* Takes the URL and the CA of a command line. From here on a program that hangs ends by itself. */
void begin(struct target *target, const char *url, const char *ca);
int64_t now_ns(void);
/* Never NULL. */
void *allocate(size_t bytes);
/* A whole number above 0. */
long number(const char *text);
void die(const char *what, const char *why);

#endif
