/* Sessions that are kept alive, and a server whose tokens do not last. POSIX 2008. */
#ifndef KEEP_ALIVE_H
#define KEEP_ALIVE_H

#include <signal.h>

#include "granting.h"
#include "leftovers.h"

static inline ecgrid_client *keeping_client(const char *url)
{
    ecgrid_config *config = config_for(url);
    CHECK_INT(ecgrid_config_set_keep_alive(config, 1, NULL), ECGRID_OK);
    return client_of(config);
}

/* The answer to a login or a refresh: a token that lasts for a second or two. */
static inline void listener_grant_briefly(int connection)
{
    char json[300];
    time_t end = time(NULL) + 2;
    struct tm utc;
    size_t length = strftime(json, sizeof json,
                             "{\"success\":true,\"data\":{\"token\":\"brief\",\"userId\":1,"
                             "\"expiresAt\":\"%Y-%m-%dT%H:%M:%SZ\"}}",
                             gmtime_r(&end, &utc));
    CHECK(length > 0);
    listener_json(connection, json);
}

/* A session that nobody calls, whose refresh has arrived at the listener: the connection on which it waits. */
static inline int session_that_refreshes(const struct listener *server, const ecgrid_client *client,
                                         ecgrid_session **session)
{
    struct use login;
    login.client = client;
    use_begin(&login, NULL, use_login);
    listener_grant_briefly(listener_expect(server, "POST /v2/auth/login"));
    CHECK_INT(use_end(&login), ECGRID_OK);
    *session = login.session;
    return listener_expect(server, "POST /v2/auth/refresh");
}

#endif
