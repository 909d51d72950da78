/* What a process has of threads and descriptors. Linux. */
#ifndef LEFTOVERS_H
#define LEFTOVERS_H

#include <dirent.h>

#include "background.h"

static inline int entries(const char *path)
{
    DIR *folder = opendir(path);
    int count = 0;
    while (readdir(folder)) count++;
    closedir(folder);
    return count;
}

static inline int threads(void)
{
    return entries("/proc/self/task");
}

static inline int descriptors(void)
{
    return entries("/proc/self/fd");
}

/* The kernel may take a moment to forget a thread that is done. */
static inline int wait_for_threads(int wanted)
{
    int64_t until = clock_ms() + 5000;
    while (threads() != wanted && clock_ms() < until) {
        struct timespec moment = {0, 1000000};
        nanosleep(&moment, NULL);
    }
    return threads();
}

#endif
