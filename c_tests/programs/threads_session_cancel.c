/* A session's handle is a scope: a cancel ends the calls made through it, soon, and no others. */
#define _POSIX_C_SOURCE 200809L
#include "environment.h"
#include "granting.h"

static struct listener server;

static int is_soon(int64_t begun_ms, int64_t ended_ms)
{
    int64_t took_ms = ended_ms - begun_ms;
    int soon = took_ms < atoi(said("CANCEL_MS"));
    if (!soon) printf("  it took %" PRId64 " ms\n", took_ms);
    return soon;
}

/* Through this handle a call gets its answer. */
static void works_on(ecgrid_session *session)
{
    struct use use;
    use_begin(&use, session, use_call);
    listener_json(listener_expect(&server, "POST /v2/held"), "{\"success\":true,\"data\":1}");
    CHECK_INT(use_end(&use), ECGRID_OK);
}

static void a_call_that_waits_for_its_answer(void)
{
    ecgrid_client *client = client_for(server.url);
    ecgrid_session *session = granted_session(&server, client);
    for (int i = 0; i < 3; i++) {
        struct use use;
        use_begin(&use, session, use_call);
        socket_t connection = listener_expect(&server, "POST /v2/held");
        int64_t begun_ms = clock_ms();
        ecgrid_session_cancel(session);
        CHECK_INT(use_end(&use), ECGRID_CANCELLED);
        CHECK_INT(use.outcome, ECGRID_OUTCOME_UNKNOWN);
        CHECK(is_soon(begun_ms, use.ended_ms));
        socket_close(connection);
    }
    works_on(session);
    ecgrid_session_free(session);
    ecgrid_client_free(client);
}

static void every_call_of_the_handle_but_none_of_its_clone_s(void)
{
    ecgrid_client *client = client_for(server.url);
    ecgrid_session *session = granted_session(&server, client), *clone = clone_of(session);
    struct use own[3], other;
    socket_t connections[4];
    use_begin(&other, session, use_call);
    connections[3] = listener_expect(&server, "POST /v2/held");
    for (int i = 0; i < 3; i++) {
        use_begin(&own[i], clone, use_call);
        connections[i] = listener_expect(&server, "POST /v2/held");
    }
    ecgrid_session_cancel(clone);
    for (int i = 0; i < 3; i++) {
        CHECK_INT(use_end(&own[i]), ECGRID_CANCELLED);
        socket_close(connections[i]);
    }
    listener_json(connections[3], "{\"success\":true,\"data\":null}");
    CHECK_INT(use_end(&other), ECGRID_OK);
    works_on(clone);
    works_on(session);
    ecgrid_session_free(session);
    works_on(clone);
    ecgrid_session_free(clone);
    ecgrid_client_free(client);
}

/* The client's handle stands above those of its sessions; the one that it was cloned from has other sessions too. */
static void the_client_s_handle_cancels_all_of_its_sessions(void)
{
    ecgrid_client *other_client = client_for(server.url), *client = NULL;
    CHECK_INT(ecgrid_client_clone(other_client, &client, NULL), ECGRID_OK);
    ecgrid_session *first = granted_session(&server, client), *second = granted_session(&server, client);
    ecgrid_session *sessions[4] = {first, second, clone_of(first), granted_session(&server, other_client)};
    ecgrid_session *with_key = NULL;
    CHECK_INT(ecgrid_session_with_api_key(client, "key", &with_key, NULL), ECGRID_OK);

    struct use uses[4], of_key;
    socket_t connections[4];
    for (int i = 0; i < 4; i++) {
        use_begin(&uses[i], sessions[i], use_call);
        connections[i] = listener_expect(&server, "POST /v2/held");
    }
    use_begin(&of_key, with_key, use_call);
    socket_t connection = listener_expect(&server, "POST /v2/held");
    int64_t begun_ms = clock_ms();
    ecgrid_client_cancel(client);
    CHECK_INT(use_end(&of_key), ECGRID_CANCELLED);
    socket_close(connection);
    for (int i = 0; i < 3; i++) {
        CHECK_INT(use_end(&uses[i]), ECGRID_CANCELLED);
        CHECK(is_soon(begun_ms, uses[i].ended_ms));
        socket_close(connections[i]);
    }
    listener_json(connections[3], "{\"success\":true,\"data\":null}");
    CHECK_INT(use_end(&uses[3]), ECGRID_OK);

    for (int i = 0; i < 4; i++) works_on(sessions[i]);
    for (int i = 0; i < 4; i++) ecgrid_session_free(sessions[i]);
    ecgrid_session_free(with_key);
    ecgrid_client_free(other_client);
    ecgrid_client_free(client);
}

static void a_login_that_is_cancelled_makes_no_session(void)
{
    ecgrid_client *client = client_for(server.url);
    struct use login;
    login.client = client;
    use_begin(&login, (ecgrid_session *)(void *)&login, use_login);
    socket_t connection = listener_expect(&server, "POST /v2/auth/login");
    ecgrid_client_cancel(client);
    CHECK_INT(use_end(&login), ECGRID_CANCELLED);
    CHECK_INT(login.outcome, ECGRID_OUTCOME_UNKNOWN);
    CHECK(login.session == NULL);
    socket_close(connection);
    ecgrid_client_free(client);
}

/* Calls, cancels and a refresh of a session whose client's handle is gone. */
static void a_session_outlives_its_client_s_handle(void)
{
    ecgrid_client *client = client_for(server.url);
    ecgrid_session *session = granted_session(&server, client), *clone = clone_of(session);
    ecgrid_client_free(client);
    works_on(session);
    struct use use;
    use_begin(&use, clone, use_refresh);
    listener_grant(listener_expect(&server, "POST /v2/auth/refresh"), "two");
    CHECK_INT(use_end(&use), ECGRID_OK);
    use_begin(&use, session, use_call);
    socket_t connection = listener_expect(&server, "POST /v2/held");
    ecgrid_session_cancel(session);
    CHECK_INT(use_end(&use), ECGRID_CANCELLED);
    socket_close(connection);
    ecgrid_session_free(session);
    works_on(clone);
    ecgrid_session_free(clone);
}

static void later_calls_are_not_touched(void)
{
    ecgrid_client *client = client_for(server.url);
    ecgrid_session *session = granted_session(&server, client);
    for (int i = 0; i < 3; i++) ecgrid_session_cancel(session);
    ecgrid_client_cancel(client);
    works_on(session);
    ecgrid_session_free(session);
    ecgrid_client_free(client);
}

int main(void)
{
    unsetenv("SANDBOX_CA");
    CHECK(listener_open(&server));
    a_call_that_waits_for_its_answer();
    every_call_of_the_handle_but_none_of_its_clone_s();
    the_client_s_handle_cancels_all_of_its_sessions();
    a_login_that_is_cancelled_makes_no_session();
    a_session_outlives_its_client_s_handle();
    later_calls_are_not_touched();
    CHECK(!listener_is_asked(&server));
    socket_close(server.socket);
    return check_done();
}
