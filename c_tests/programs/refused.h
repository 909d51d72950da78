/* What a function must do with an argument that it cannot take, and that nothing of it reaches the server. */
#ifndef REFUSED_H
#define REFUSED_H

#include "counters.h"
#include "sessions.h"

/* A result that is not NULL before the call, and never a handle. */
static char refused_mark[1];
#define REFUSED_MARK(type) ((type *)(void *)refused_mark)

/* Takes the error. */
static inline void is_refused(ecgrid_status status, const void *result, ecgrid_error *error)
{
    CHECK_INT(status, ECGRID_INVALID_ARGUMENT);
    CHECK(result == NULL);
    CHECK(error != NULL);
    CHECK_INT(ecgrid_error_status(error), ECGRID_INVALID_ARGUMENT);
    CHECK_INT(ecgrid_error_outcome(error), ECGRID_OUTCOME_NOT_SENT);
    CHECK_INT(ecgrid_error_http_status(error), 0);
    CHECK_STR(ecgrid_error_code(error), "");
    CHECK_INT(ecgrid_error_retry_after_ms(error), -1);
    CHECK(is_one_line(ecgrid_error_message(error)));
    CHECK_STR(ecgrid_error_message(ecgrid_last_error()), ecgrid_error_message(error));
    ecgrid_error_free(error);
}

/* A call that cannot be made. */
static inline void call_is_refused(const ecgrid_session *session, const char *method, const char *path,
                                   const char *body, size_t length)
{
    ecgrid_response *response = REFUSED_MARK(ecgrid_response);
    ecgrid_error *error = NULL;
    ecgrid_status status = ecgrid_session_call(session, method, path, body, length, &response, &error);
    is_refused(status, response, error);
    /* Also for a caller who asks for neither. */
    CHECK_INT(ecgrid_session_call(session, method, path, body, length, NULL, NULL), ECGRID_INVALID_ARGUMENT);
}

#endif
