/* Sessions at a sandbox, and the calls that most tests make with them. */
#ifndef SESSIONS_H
#define SESSIONS_H

#include "support.h"

static inline ecgrid_session *session_as(const ecgrid_client *client, const char *login)
{
    ecgrid_session *session = NULL;
    ecgrid_error *error = NULL;
    if (!CHECK_INT(ecgrid_session_login(client, login, PASSWORD, &session, &error), ECGRID_OK)) {
        printf("no session: %s\n", ecgrid_error_message(error));
        exit(check_done());
    }
    return session;
}

static inline ecgrid_session *session_of(const ecgrid_client *client)
{
    return session_as(client, USER);
}

static inline ecgrid_session *clone_of(const ecgrid_session *session)
{
    ecgrid_session *clone = NULL;
    CHECK_INT(ecgrid_session_clone(session, &clone, NULL), ECGRID_OK);
    return clone;
}

static inline ecgrid_status get(const ecgrid_session *session, const char *path)
{
    return ecgrid_session_call(session, "GET", path, NULL, 0, NULL, NULL);
}

static inline ecgrid_status who_am_i(const ecgrid_session *session)
{
    return get(session, "/v2/users/me");
}

/* Copies the session's token; empty when there is none. */
static inline ecgrid_status token_of(const ecgrid_session *session, char *text, size_t size)
{
    ecgrid_token *token = NULL;
    ecgrid_status status = ecgrid_session_token(session, &token, NULL);
    snprintf(text, size, "%s", ecgrid_token_value(token));
    ecgrid_token_free(token);
    return status;
}

#endif
