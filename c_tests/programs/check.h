/* Checks for the test programs: one line for each that fails, and the count as the last line. C99 and C++11. */
#ifndef CHECK_H
#define CHECK_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int check_counts[2]; /* passed, failed; from any thread */
static __thread const char *check_row = ""; /* the row of a table that a failure belongs to */

#define CHECK(condition) check_that(!!(condition), __FILE__, __LINE__, #condition)
#define CHECK_INT(got, expected) check_int((got), (expected), __FILE__, __LINE__, #got)
#define CHECK_STR(got, expected) check_str((got), (expected), __FILE__, __LINE__, #got)
#define CHECK_HAS(got, part) check_has((got), (part), __FILE__, __LINE__, #got)

static inline void check_failed(const char *file, int line, const char *what)
{
    const char *name = strrchr(file, '/');
    printf("FAILED %s:%d %s%s%s", name ? name + 1 : file, line, check_row, *check_row ? ": " : "", what);
}

static inline int check_that(int good, const char *file, int line, const char *what)
{
    __atomic_fetch_add(&check_counts[good ? 0 : 1], 1, __ATOMIC_RELAXED);
    if (!good) {
        check_failed(file, line, what);
        printf("\n");
        fflush(stdout);
    }
    return good;
}

static inline int check_int(int64_t got, int64_t expected, const char *file, int line, const char *what)
{
    if (got == expected) return check_that(1, file, line, what);
    char text[400];
    snprintf(text, sizeof text, "%s is %" PRId64 ", not %" PRId64, what, got, expected);
    return check_that(0, file, line, text);
}

static inline int check_str(const char *got, const char *expected, const char *file, int line, const char *what)
{
    if (got && strcmp(got, expected) == 0) return check_that(1, file, line, what);
    char text[900];
    snprintf(text, sizeof text, "%s is \"%.300s\", not \"%.300s\"", what, got ? got : "(NULL)", expected);
    return check_that(0, file, line, text);
}

static inline int check_has(const char *got, const char *part, const char *file, int line, const char *what)
{
    if (got && strstr(got, part)) return check_that(1, file, line, what);
    char text[1200];
    snprintf(text, sizeof text, "%s has no \"%.300s\" in it: %.600s", what, part, got ? got : "(NULL)");
    return check_that(0, file, line, text);
}

static inline int check_done(void)
{
    printf("%d passed, %d failed\n", check_counts[0], check_counts[1]);
    return check_counts[1] > 0 || check_counts[0] == 0;
}

/* For a forked child: its checks become its exit status. Nothing of its parent's runs. */
static inline void check_child_done(void)
{
    fflush(stdout);
    _exit(check_counts[1] > 0 || check_counts[0] == 0);
}

static inline void check_child_begins(void)
{
    check_counts[0] = check_counts[1] = 0;
}

#endif
