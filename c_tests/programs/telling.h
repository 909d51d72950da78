/* Does a text tell a secret? Every secret of these tests begins with "canary". */
#ifndef TELLING_H
#define TELLING_H

#include "hearing.h"

/* "canary" in clear, and the beginnings that base64 gives "canary" and "proxyuser:canary". */
static inline int tells(const char *text)
{
    return strstr(text, "canary") || strstr(text, "Y2FuYXJ5") || strstr(text, "cHJveHl1c2VyOmNhbmFye");
}

/* Listens to all that is told of clients with this configuration: no line may tell a secret either. */
static struct hearing heard;
static inline void listen_to(ecgrid_config *config)
{
    heard.is_bad = tells;
    CHECK_INT(ecgrid_config_set_log(config, ECGRID_LOG_DEBUG, hear, &heard, NULL, NULL), ECGRID_OK);
}

#endif
