/* setenv and unsetenv, also on Windows: there for the C library and for the system, which the library asks. */
#ifndef ENVIRONMENT_H
#define ENVIRONMENT_H

#include <stdlib.h>

#ifdef _WIN32

/* Before windows.h, which has the sockets of an older Windows. */
#include <winsock2.h>

#include <windows.h>

static inline int setenv(const char *name, const char *value, int replace)
{
    (void)replace;
    _putenv_s(name, value);
    return SetEnvironmentVariableA(name, value) ? 0 : -1;
}

static inline int unsetenv(const char *name)
{
    _putenv_s(name, "");
    return SetEnvironmentVariableA(name, NULL) ? 0 : -1;
}

#endif

#endif
