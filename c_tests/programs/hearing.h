/* A log's function that looks at each line, and counts. */
#ifndef HEARING_H
#define HEARING_H

#include "support.h"

struct hearing {
    int lines[ECGRID_LOG_DEBUG + 1]; /* of each level; from any thread */
    int released;
    int (*is_bad)(const char *line); /* may be NULL */
};

static inline int heard_lines(const struct hearing *hearing, int level)
{
    return __atomic_load_n(&hearing->lines[level], __ATOMIC_RELAXED);
}

static inline int heard_release(const struct hearing *hearing)
{
    return __atomic_load_n(&hearing->released, __ATOMIC_ACQUIRE);
}

static inline void hear(void *context, int32_t level, const char *line)
{
    struct hearing *hearing = (struct hearing *)context;
    CHECK_INT(heard_release(hearing), 0);
    if (!CHECK(is_one_line(line)) || (hearing->is_bad && !CHECK(!hearing->is_bad(line)))) printf("  %s\n", line);
    if (CHECK(level >= ECGRID_LOG_ERROR && level <= ECGRID_LOG_DEBUG))
        __atomic_fetch_add(&hearing->lines[level], 1, __ATOMIC_RELAXED);
}

static inline void hear_release(void *context)
{
    struct hearing *hearing = (struct hearing *)context;
    CHECK_INT(heard_release(hearing), 0);
    /* Last: whoever sees it may count the checks. */
    __atomic_fetch_add(&hearing->released, 1, __ATOMIC_RELEASE);
}

static inline void hear_all(ecgrid_config *config, struct hearing *hearing)
{
    CHECK_INT(ecgrid_config_set_log(config, ECGRID_LOG_DEBUG, hear, hearing, hear_release, NULL), ECGRID_OK);
}

#endif
