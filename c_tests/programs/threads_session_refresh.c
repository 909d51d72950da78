/* A refresh belongs to the session: a cancel ends the waiting for it, and whoever still waits gets its result. */
#define _GNU_SOURCE /* pthread_tryjoin_np */
#include "counters.h"
#include "granting.h"

static struct listener server;

static void has_token(const ecgrid_session *session, const char *token)
{
    char text[100];
    CHECK_INT(token_of(session, text, sizeof text), ECGRID_OK);
    CHECK_STR(text, token);
}

/* By its own handle, or by that of the client. */
static void cancelled_by(int the_client)
{
    ecgrid_client *client = client_for(server.url);
    ecgrid_session *session = granted_session(&server, client), *one = clone_of(session);
    struct use forces, waits;
    use_begin(&forces, one, use_refresh);
    socket_t refresh = listener_expect(&server, "POST /v2/auth/refresh");
    int64_t begun_ms = clock_ms();
    if (the_client) ecgrid_client_cancel(client);
    else ecgrid_session_cancel(one);
    CHECK_INT(use_end(&forces), ECGRID_CANCELLED);
    CHECK(forces.ended_ms - begun_ms < atoi(said("CANCEL_MS")));

    use_begin(&waits, session, use_token);
    listener_grant(refresh, "two");
    CHECK_INT(use_end(&waits), ECGRID_OK);
    CHECK_STR(waits.token, "two");
    has_token(one, "two");
    CHECK(!listener_is_asked(&server));
    ecgrid_session_free(one);
    ecgrid_session_free(session);
    ecgrid_client_free(client);
}

/* Who waits for a refresh that somebody else began is cancelled like anybody. */
static void joining_in_is_cancelled_too(void *(*what)(void *))
{
    ecgrid_client *client = client_for(server.url);
    ecgrid_session *session = granted_session(&server, client), *other = clone_of(session);
    struct use first, joins;
    use_begin(&first, session, use_refresh);
    socket_t refresh = listener_expect(&server, "POST /v2/auth/refresh");
    use_begin(&joins, other, what);
    /* Whether it waits by now nobody can see; one of these cancels finds it waiting. */
    do ecgrid_session_cancel(other);
    while (pthread_tryjoin_np(joins.thread, NULL) != 0);
    CHECK_INT(joins.status, ECGRID_CANCELLED);
    /* What waited for a refresh was not sent itself. Who asked for the refresh may have come too late to join in, or it may be done. */
    if (what == use_refresh) CHECK(joins.outcome != ECGRID_OUTCOME_REFUSED);
    else CHECK_INT(joins.outcome, ECGRID_OUTCOME_NOT_SENT);
    listener_grant(refresh, "two");
    CHECK_INT(use_end(&first), ECGRID_OK);
    has_token(other, "two");
    CHECK(!listener_is_asked(&server));
    ecgrid_session_free(other);
    ecgrid_session_free(session);
    ecgrid_client_free(client);
}

/* One refresh for all; the old token, which is dead at the server by then, is handed to nobody meanwhile. */
static void those_who_still_wait_get_the_result(void)
{
    enum { WAITING = 12 };
    ecgrid_client *client = client_for(server.url);
    ecgrid_session *session = granted_session(&server, client), *gone = clone_of(session);
    struct use first, waiting[WAITING];
    use_begin(&first, gone, use_refresh);
    socket_t refresh = listener_expect(&server, "POST /v2/auth/refresh");
    for (int i = 0; i < WAITING; i++) use_begin(&waiting[i], session, use_token);
    ecgrid_session_cancel(gone);
    CHECK_INT(use_end(&first), ECGRID_CANCELLED);
    ecgrid_session_free(gone);
    for (int i = 0; i < WAITING; i++) CHECK(pthread_tryjoin_np(waiting[i].thread, NULL) != 0);
    listener_grant(refresh, "two");
    for (int i = 0; i < WAITING; i++) {
        CHECK_INT(use_end(&waiting[i]), ECGRID_OK);
        CHECK_STR(waiting[i].token, "two");
    }
    CHECK(!listener_is_asked(&server));
    ecgrid_session_free(session);
    ecgrid_client_free(client);
}

/* At the sandbox, where the old token dies when the refresh arrives and the new one comes later. */
static void a_late_grant_reaches_those_who_wait(void)
{
    ecgrid_client *client = client_for(said("SANDBOX_HTTP"));
    ecgrid_session *session = session_of(client), *one = clone_of(session);
    char before[2000], after[2000];
    CHECK_INT(token_of(session, before, sizeof before), ECGRID_OK);
    struct use forces, calls;
    struct counters base = counters_now();
    use_begin(&forces, one, use_refresh);
    while (counters_now().refreshes == base.refreshes) continue;
    use_begin(&calls, session, use_call);
    ecgrid_session_cancel(one);
    CHECK_INT(use_end(&forces), ECGRID_CANCELLED);
    CHECK_INT(use_end(&calls), ECGRID_NOT_FOUND); /* with a credential that is good, there is no such path */
    CHECK_INT(token_of(one, after, sizeof after), ECGRID_OK);
    CHECK(strcmp(before, after) != 0);
    struct counters now = counters_now();
    CHECK_INT(now.refreshes - base.refreshes, 1);
    CHECK_INT(now.logins - base.logins, 0);
    CHECK_INT(now.unauthorized - base.unauthorized, 0);
    ecgrid_session_free(one);
    ecgrid_session_free(session);
    ecgrid_client_free(client);
}

int main(void)
{
    unsetenv("SANDBOX_CA");
    CHECK(listener_open(&server));
    cancelled_by(0);
    cancelled_by(1);
    joining_in_is_cancelled_too(use_token);
    joining_in_is_cancelled_too(use_refresh);
    joining_in_is_cancelled_too(use_call);
    those_who_still_wait_get_the_result();
    a_late_grant_reaches_those_who_wait();
    socket_close(server.socket);
    return check_done();
}
