/* Calls whose answer or request is large, each done N times with the token of one login, and timed part by part:
 *   PROGRAM URL CA answer PATH BYTES N    the call, the look-up of its one string, which is so long, the free
 *   PROGRAM URL CA rows PATH ROWS N       the call, the walk over its list, which is so long, the free
 *   PROGRAM URL CA request BYTES N        the call with a body of that size, the look-up in its small answer, the free */
#include "bench.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Nanoseconds. */
struct parts {
    int64_t call, read, free;
};

static char *body;
static size_t length;

static const char *path;
static long expected;

static struct parts answer(void *caller) {
    int64_t start = now_ns(), called, looked_up, checked;
    void *answer = contestant_get(caller, path);
    const char *content;
    called = now_ns();
    content = contestant_content(answer);
    looked_up = now_ns();
    if (content && strlen(content) != (size_t)expected) die("answer", "not the string");
    checked = now_ns();
    contestant_free(answer);
    return (struct parts){called - start, looked_up - called, now_ns() - checked};
}

static struct parts rows(void *caller) {
    int64_t start = now_ns(), called, walked, checked;
    void *answer = contestant_get(caller, path);
    struct walked seen;
    called = now_ns();
    seen = contestant_walk(answer);
    walked = now_ns();
    /* Rows are numbered from 1, and all names are equally long. */
    if (seen.rows && (seen.rows != expected || seen.ids != (int64_t)expected * (expected + 1) / 2 || seen.names % (size_t)expected))
        die("rows", "not the list");
    checked = now_ns();
    contestant_free(answer);
    return (struct parts){called - start, walked - called, now_ns() - checked};
}

static struct parts request(void *caller) {
    int64_t start = now_ns(), called, read;
    void *answer = contestant_post(caller, UPLOAD, body, length);
    called = now_ns();
    if (contestant_parcel(answer) == 0) die("request", "no parcel in the answer");
    read = now_ns();
    contestant_free(answer);
    return (struct parts){called - start, read - called, now_ns() - read};
}

/* A parcel to post, of that size in all: what it holds looks like base64. */
static void compose(size_t bytes) {
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    static const char head[] = "{\"fileName\":\"bench.edi\",\"content\":\"", tail[] = "\",\"mailboxId\":321}";
    uint32_t random = 1;
    if (bytes < sizeof head + sizeof tail) die("request", "too small for a parcel");
    body = allocate(bytes);
    length = bytes;
    for (size_t i = 0; i < bytes; i++) {
        random = random * 1664525u + 1013904223u;
        body[i] = alphabet[random >> 26];
    }
    memcpy(body, head, sizeof head - 1);
    memcpy(body + bytes - (sizeof tail - 1), tail, sizeof tail - 1);
}

static void tell(const char *name, const struct parts *parts, long times, int64_t (*part)(const struct parts *)) {
    fputs(name, stdout);
    for (long i = 0; i < times; i++) printf(" %" PRId64, part(&parts[i]));
    putchar('\n');
}

static int64_t of_call(const struct parts *parts) { return parts->call; }
static int64_t of_read(const struct parts *parts) { return parts->read; }
static int64_t of_free(const struct parts *parts) { return parts->free; }

/* One write at the end, however many numbers there are: system calls are counted. */
static char printed[1 << 16];

static struct parts (*mode_of(int argc, char **argv))(void *) {
    if (argc == 6 && strcmp(argv[3], "request") == 0) {
        compose((size_t)number(argv[4]));
        return request;
    }
    if (argc != 7) return NULL;
    path = argv[4];
    expected = number(argv[5]);
    return strcmp(argv[3], "answer") == 0 ? answer : strcmp(argv[3], "rows") == 0 ? rows : NULL;
}

int main(int argc, char **argv) {
    struct target target = {0};
    struct parts (*act)(void *) = mode_of(argc, argv);
    struct parts *parts;
    void *caller;
    long times;
    if (!act) die("usage", "PROGRAM URL CA answer PATH BYTES N | rows PATH ROWS N | request BYTES N");
    setvbuf(stdout, printed, _IOFBF, sizeof printed);
    begin(&target, argv[1], argv[2]);
    target.calls = target.large = 1;
    times = number(argv[argc - 1]);
    parts = allocate((size_t)times * sizeof *parts);
    contestant_start(&target);
    caller = contestant_open();
    for (long i = 0; i < times; i++) parts[i] = act(caller);
    contestant_close(caller);
    contestant_stop();
    tell("call", parts, times, of_call);
    tell("read", parts, times, of_read);
    tell("free", parts, times, of_free);
    free(parts);
    free(body);
    return 0;
}
