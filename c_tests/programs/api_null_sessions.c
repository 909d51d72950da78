/* Every function of sessions that can fail, with NULL for every pointer in every combination. */
#include "null_table.h"
#include "sessions.h"

#define METHOD "POST"
#define PATH "/v2/auth/session"
#define BODY "{}"

static ecgrid_client *client;
static ecgrid_session *session;
static ecgrid_token *any_token;

static ecgrid_status login(unsigned null, enum place *place, ecgrid_error **error)
{
    RESULT(ecgrid_session_login(GIVEN(1, client), GIVEN(2, USER), GIVEN(3, PASSWORD), GIVEN(0, &result), error),
           ecgrid_session, ecgrid_session_free);
}

static ecgrid_status with_api_key(unsigned null, enum place *place, ecgrid_error **error)
{
    RESULT(ecgrid_session_with_api_key(GIVEN(1, client), GIVEN(2, "key"), GIVEN(0, &result), error), ecgrid_session,
           ecgrid_session_free);
}

static ecgrid_status token(unsigned null, enum place *place, ecgrid_error **error)
{
    RESULT(ecgrid_session_token(GIVEN(1, session), GIVEN(0, &result), error), ecgrid_token, ecgrid_token_free);
}

static ecgrid_status refused(unsigned null, enum place *place, ecgrid_error **error)
{
    *place = UNTOUCHED;
    return ecgrid_session_refused(GIVEN(0, session), GIVEN(1, any_token), error);
}

static ecgrid_status refresh(unsigned null, enum place *place, ecgrid_error **error)
{
    *place = UNTOUCHED;
    return ecgrid_session_refresh(GIVEN(0, session), error);
}

static ecgrid_status info(unsigned null, enum place *place, ecgrid_error **error)
{
    RESULT(ecgrid_session_info(GIVEN(1, session), GIVEN(0, &result), error), ecgrid_response, ecgrid_response_free);
}

static ecgrid_status change_password(unsigned null, enum place *place, ecgrid_error **error)
{
    *place = UNTOUCHED;
    return ecgrid_session_change_password(GIVEN(0, session), GIVEN(1, PASSWORD), GIVEN(2, PASSWORD), error);
}

static ecgrid_status generate_api_key(unsigned null, enum place *place, ecgrid_error **error)
{
    RESULT(ecgrid_session_generate_api_key(GIVEN(1, session), USER_ID, GIVEN(0, &result), error), ecgrid_response,
           ecgrid_response_free);
}

static ecgrid_status call(unsigned null, enum place *place, ecgrid_error **error)
{
    RESULT(ecgrid_session_call(GIVEN(1, session), GIVEN(2, METHOD), GIVEN(3, PATH), GIVEN(4, BODY), strlen(BODY),
                               GIVEN(0, &result), error),
           ecgrid_response, ecgrid_response_free);
}

/* No body is NULL with a length of 0. */
static ecgrid_status call_without_a_body(unsigned null, enum place *place, ecgrid_error **error)
{
    RESULT(ecgrid_session_call(GIVEN(1, session), GIVEN(2, METHOD), GIVEN(3, PATH), NULL, 0, GIVEN(0, &result), error),
           ecgrid_response, ecgrid_response_free);
}

/* Of a session of its own, as the others go on. */
static ecgrid_status logout(unsigned null, enum place *place, ecgrid_error **error)
{
    ecgrid_session *own = session_of(client);
    ecgrid_status status = ecgrid_session_logout(GIVEN(0, own), error);
    /* What failed here is looked at by last_error as well, so nothing that can fail may follow. */
    ecgrid_session_free(own);
    *place = UNTOUCHED;
    return status;
}

static ecgrid_status clone(unsigned null, enum place *place, ecgrid_error **error)
{
    RESULT(ecgrid_session_clone(GIVEN(1, session), GIVEN(0, &result), error), ecgrid_session, ecgrid_session_free);
}

static ecgrid_status set_timeout(unsigned null, enum place *place, ecgrid_error **error)
{
    *place = UNTOUCHED;
    return ecgrid_session_set_timeout_ms(GIVEN(0, session), 0, error);
}

static const struct row rows[] = {
    {"ecgrid_session_login", 4, 15, 0, login},
    {"ecgrid_session_with_api_key", 3, 7, 0, with_api_key},
    {"ecgrid_session_token", 2, 3, 0, token},
    {"ecgrid_session_refused", 2, 3, -1, refused},
    {"ecgrid_session_refresh", 1, 1, -1, refresh},
    {"ecgrid_session_info", 2, 2, 0, info},
    {"ecgrid_session_change_password", 3, 7, -1, change_password},
    {"ecgrid_session_generate_api_key", 2, 2, 0, generate_api_key},
    {"ecgrid_session_call", 5, 30, 0, call},
    {"ecgrid_session_call", 4, 14, 0, call_without_a_body},
    {"ecgrid_session_logout", 1, 1, -1, logout},
    {"ecgrid_session_clone", 2, 3, 0, clone},
    {"ecgrid_session_set_timeout_ms", 1, 1, -1, set_timeout},
};

int main(void)
{
    client = client_for(said("SANDBOX_HTTP"));
    session = session_of(client);
    CHECK_INT(ecgrid_client_login(client, USER, PASSWORD, &any_token, NULL), ECGRID_OK);
    every_combination(rows, sizeof rows / sizeof *rows);
    ecgrid_token_free(any_token);
    ecgrid_session_free(session);
    ecgrid_client_free(client);
    return check_done();
}
