/* Sessions that are kept alive, and fork: the child has no thread, and one of its own for sessions of its own. */
#define _POSIX_C_SOURCE 200809L
#include "child.h"
#include "counters.h"
#include "keep_alive.h"

static const char *url;

static void a_session_of_its_own(void)
{
    ecgrid_client *client = keeping_client(url);
    ecgrid_session *session = session_of(client);
    CHECK_INT(threads(), 3 + 1);
    CHECK_INT(who_am_i(session), ECGRID_OK);
    CHECK_INT(ecgrid_session_refresh(session, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_session_logout(session, NULL), ECGRID_OK);
    CHECK_INT(wait_for_threads(3), 3);
    ecgrid_session_free(session);
    ecgrid_client_free(client);
}

static void has_no_thread_but_its_own(void *argument)
{
    ecgrid_session *session = (ecgrid_session *)argument, *another = NULL;
    CHECK_INT(threads(), 3);
    a_session_of_its_own();
    CHECK_INT(who_am_i(session), ECGRID_INVALID_STATE);
    CHECK_INT(ecgrid_session_clone(session, &another, NULL), ECGRID_INVALID_STATE);
    ecgrid_session_free(session);
    CHECK_INT(threads(), 3);
    a_session_of_its_own();
}

static void opens_none_with_its_parents_client(void *client)
{
    ecgrid_session *session = NULL;
    CHECK_INT(ecgrid_session_login((ecgrid_client *)client, USER, PASSWORD, &session, NULL), ECGRID_INVALID_STATE);
    CHECK(session == NULL);
    CHECK_INT(threads(), 3);
    ecgrid_client_free((ecgrid_client *)client);
}

static int over;

static void *opens_and_frees(void *client)
{
    while (!__atomic_load_n(&over, __ATOMIC_RELAXED)) {
        ecgrid_session *session = NULL;
        if (ecgrid_session_login((ecgrid_client *)client, USER, PASSWORD, &session, NULL) != ECGRID_OK) break;
        ecgrid_session_free(session);
    }
    return NULL;
}

int main(void)
{
    url = said("SANDBOX_HTTP");
    ecgrid_client *client = keeping_client(url);
    ecgrid_session *session = session_of(client);
    in_child(has_no_thread_but_its_own, session);
    in_child(opens_none_with_its_parents_client, client);
    CHECK_INT(threads(), 3 + 1);
    CHECK_INT(who_am_i(session), ECGRID_OK);

    /* Whatever lock another thread holds at the moment of the fork. */
    pthread_t several[3];
    for (int i = 0; i < 3; i++) pthread_create(&several[i], NULL, opens_and_frees, client);
    for (int i = 0; i < 40; i++) in_child(has_no_thread_but_its_own, session);
    __atomic_store_n(&over, 1, __ATOMIC_RELAXED);
    for (int i = 0; i < 3; i++) pthread_join(several[i], NULL);

    CHECK_INT(who_am_i(session), ECGRID_OK);
    CHECK_INT(wait_for_threads(3 + 1), 3 + 1);
    struct counters now = counters_now();
    CHECK_INT(now.refreshes, 2 * 41);
    CHECK_INT(now.unauthorized, 0);
    ecgrid_session_free(session);
    ecgrid_client_free(client);
    CHECK_INT(wait_for_threads(3), 3);
    return check_done();
}
