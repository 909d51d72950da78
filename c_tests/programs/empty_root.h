/* A machine of the test's own: an empty folder as the root. Linux; needs _GNU_SOURCE. */
#ifndef EMPTY_ROOT_H
#define EMPTY_ROOT_H

#include <sched.h>

#include "support.h"

/* Ends up in an empty folder as the root; without being root itself by way of a user namespace. */
static inline int enter_empty_root(const char *folder)
{
    if (chroot(folder) == 0) return chdir("/") == 0;
    return unshare(CLONE_NEWUSER) == 0 && chroot(folder) == 0 && chdir("/") == 0;
}

#endif
