/* A session has a thread only while it refreshes; freed, also in the middle of that, it leaves nothing behind. */
#define _POSIX_C_SOURCE 200809L
#include "environment.h"
#include "granting.h"
#include "leftovers.h"

static int threads_before, descriptors_before;

static void nothing_is_left(void)
{
    CHECK_INT(wait_for_threads(threads_before), threads_before);
    CHECK_INT(descriptors(), descriptors_before);
}

static void calls_have_no_thread(const char *url)
{
    ecgrid_client *client = client_for(url);
    ecgrid_session *session = session_of(client), *clone = clone_of(session);
    char token[2000];
    CHECK_INT(who_am_i(session), ECGRID_OK);
    CHECK_INT(token_of(clone, token, sizeof token), ECGRID_OK);
    CHECK_INT(get(clone, "/v2/no/such"), ECGRID_NOT_FOUND);
    CHECK_INT(ecgrid_session_info(session, NULL, NULL), ECGRID_OK);
    CHECK_INT(threads(), threads_before);
    ecgrid_session_free(clone);
    CHECK_INT(ecgrid_session_logout(session, NULL), ECGRID_OK);
    CHECK_INT(threads(), threads_before);
    ecgrid_session_free(session);
    ecgrid_client_free(client);
    CHECK_INT(threads(), threads_before);
    nothing_is_left();
}

static void refreshes_leave_no_thread(const char *url)
{
    ecgrid_client *client = client_for(url);
    ecgrid_session *session = session_of(client);
    for (int i = 0; i < 20; i++) {
        CHECK_INT(ecgrid_session_refresh(session, NULL), ECGRID_OK);
        CHECK_INT(who_am_i(session), ECGRID_OK);
    }
    CHECK_INT(wait_for_threads(threads_before), threads_before);
    /* A connection of each refresh, one of the calls; wake-ups of the session, of its client's logins and sessions, and of
       its refreshes. */
    CHECK(descriptors() <= descriptors_before + 20 + 1 + 4);
    ecgrid_session_free(session);
    ecgrid_client_free(client);
    nothing_is_left();
}

/* One call is waiting for its answer, of which the handle's wake-up stays until the handle goes. */
static void cancels_and_clones_leave_no_descriptor(const char *url)
{
    ecgrid_client *client = client_for(url);
    ecgrid_session *session = session_of(client);
    CHECK_INT(who_am_i(session), ECGRID_OK);
    int with_session = descriptors();
    for (int i = 0; i < 50; i++) {
        ecgrid_session *clone = clone_of(session);
        CHECK_INT(who_am_i(clone), ECGRID_OK);
        ecgrid_session_cancel(clone);
        CHECK_INT(who_am_i(clone), ECGRID_OK);
        ecgrid_session_free(clone);
    }
    CHECK_INT(descriptors(), with_session);
    ecgrid_session_free(session);
    ecgrid_client_free(client);
    nothing_is_left();
}

/* The server never answers; nobody waits any more, and freeing is not waiting either. */
static void freed_while_it_refreshes(int client_first)
{
    struct listener server;
    CHECK(listener_open(&server));
    char *ca_file = strdup(said("SANDBOX_CA"));
    unsetenv("SANDBOX_CA");
    ecgrid_client *client = client_for(server.url);
    setenv("SANDBOX_CA", ca_file, 1);
    free(ca_file);
    ecgrid_session *session = granted_session(&server, client);
    struct use use;
    use_begin(&use, session, use_refresh);
    int connection = listener_expect(&server, "POST /v2/auth/refresh");
    CHECK_INT(threads(), threads_before + 2); /* the one that waits, and the session's own */
    ecgrid_session_cancel(session);
    CHECK_INT(use_end(&use), ECGRID_CANCELLED);
    CHECK_INT(wait_for_threads(threads_before + 1), threads_before + 1);

    int64_t begun_ms = clock_ms();
    if (client_first) ecgrid_client_free(client);
    ecgrid_session_free(session);
    if (!client_first) ecgrid_client_free(client);
    CHECK(clock_ms() - begun_ms < 1000);
    CHECK_INT(wait_for_threads(threads_before), threads_before);
    CHECK(!listener_is_asked(&server));
    close(connection);
    close(server.socket);
    nothing_is_left();
}

int main(void)
{
    threads_before = threads();
    descriptors_before = descriptors();
    CHECK_INT(threads_before, 3); /* ".", ".." and this one */
    const char *const urls[] = {said("SANDBOX_HTTP"), said("SANDBOX_HTTPS")};
    for (int u = 0; u < 2; u++) {
        calls_have_no_thread(urls[u]);
        refreshes_leave_no_thread(urls[u]);
        cancels_and_clones_leave_no_descriptor(urls[u]);
    }
    for (int round = 0; round < 20; round++) freed_while_it_refreshes(round % 2);
    return check_done();
}
