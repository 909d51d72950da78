/* setenv and unsetenv, also on Windows: there for the C library and for the system, which the library asks. */
#ifndef ENVIRONMENT_H
#define ENVIRONMENT_H

#include <stdlib.h>

#ifdef _WIN32

/* Before windows.h, which has the sockets of an older Windows. */
#include <winsock2.h>

#include <windows.h>

/* Of UTF-8. What is none becomes what is no text there: a lone surrogate. */
static inline int setenv(const char *name, const char *value, int replace)
{
    wchar_t wide_name[100], wide_value[2000];
    (void)replace;
    _putenv_s(name, value);
    MultiByteToWideChar(CP_UTF8, 0, name, -1, wide_name, 100);
    if (!MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, value, -1, wide_value, 2000)) {
        wide_value[0] = 0xdc80;
        wide_value[1] = 0;
    }
    return SetEnvironmentVariableW(wide_name, wide_value) ? 0 : -1;
}

static inline int unsetenv(const char *name)
{
    _putenv_s(name, "");
    return SetEnvironmentVariableA(name, NULL) ? 0 : -1;
}

#endif

#endif
