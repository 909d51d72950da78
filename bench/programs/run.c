/* run PROGRAM ARGUMENT...: its time from start to end and its peak memory.
 * A program of its own because a process starts with the peak of the one that started it: this one has next to none. */
#define _DEFAULT_SOURCE
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ns(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (int64_t)at.tv_sec * 1000000000 + at.tv_nsec;
}

int main(int argc, char **argv) {
    struct rusage used;
    int status = 0;
    int64_t start, took;
    pid_t child;
    if (argc < 2) return fputs("usage: run PROGRAM ARGUMENT...\n", stderr), 2;
    start = now_ns();
    child = vfork();
    if (child == 0) {
        execv(argv[1], argv + 1);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &used) != child) return perror("run"), 1;
    took = now_ns() - start;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return fprintf(stderr, "%s failed\n", argv[1]), 1;
    printf("ns %" PRId64 " kb %ld\n", took, used.ru_maxrss);
    return 0;
}
