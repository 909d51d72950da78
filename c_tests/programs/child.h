/* A forked child whose checks count in its parent. POSIX 2008. */
#ifndef CHILD_H
#define CHILD_H

#include <sys/types.h>
#include <sys/wait.h>

#include "support.h"

/* Runs `work` in a child that ends without any of the parent's exit handlers; a hang ends it too. */
static inline void in_child(void (*work)(void *), void *argument)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        alarm(30);
        check_child_begins();
        work(argument);
        check_child_done();
    }
    int status = -1;
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    CHECK_INT(WIFSIGNALED(status) ? WTERMSIG(status) : 0, 0);
    CHECK_INT(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 0);
}

#endif
