/* Does a text tell a secret? Every secret of these tests begins with "canary". */
#ifndef TELLING_H
#define TELLING_H

#include "support.h"

/* "canary" in clear, and the beginnings that base64 gives "canary" and "proxyuser:canary". */
static inline int tells(const char *text)
{
    return strstr(text, "canary") || strstr(text, "Y2FuYXJ5") || strstr(text, "cHJveHl1c2VyOmNhbmFye");
}

#endif
