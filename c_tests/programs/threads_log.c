/* Many threads, one log: a function that uses the session that it is told of, and is released when all is over. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <sched.h>

#include "hearing.h"

static ecgrid_session *session; /* of which the function makes calls; NULL before and after */
static int inside;              /* functions that may be using it */

static void hear_and_call(void *context, int32_t level, const char *line)
{
    hear(context, level, line);
    __atomic_fetch_add(&inside, 1, __ATOMIC_SEQ_CST);
    ecgrid_session *mine = __atomic_load_n(&session, __ATOMIC_SEQ_CST);
    ecgrid_token *token = NULL;
    if (mine) CHECK_INT(ecgrid_session_token(mine, &token, NULL), ECGRID_OK);
    ecgrid_token_free(token);
    if (mine && level == ECGRID_LOG_INFO)
        CHECK_INT(ecgrid_session_call(mine, "GET", "/v2/users/me", NULL, 0, NULL, NULL), ECGRID_OK);
    __atomic_fetch_sub(&inside, 1, __ATOMIC_SEQ_CST);
}

static void *use(void *number)
{
    for (int i = 0; i < 4; i++) {
        CHECK_INT(ecgrid_session_call(session, "GET", "/v2/users/me", NULL, 0, NULL, NULL), ECGRID_OK);
        CHECK_INT(ecgrid_session_call(session, "GET", "/v2/nothing/there", NULL, 0, NULL, NULL), ECGRID_NOT_FOUND);
        if (*(const int *)number == i) CHECK_INT(ecgrid_session_refresh(session, NULL), ECGRID_OK);
    }
    return NULL;
}

int main(void)
{
    enum { MOST = 64 };
    static pthread_t thread[MOST];
    static int number[MOST];
    static struct hearing hearing;
    int threads = atoi(said("THREADS"));
    if (!CHECK(threads > 1 && threads <= MOST)) return check_done();
    ecgrid_config *config = config_for(said("SANDBOX_HTTP"));
    CHECK_INT(ecgrid_config_set_keep_alive(config, 1, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_config_set_log(config, ECGRID_LOG_DEBUG, hear_and_call, &hearing, hear_release, NULL), ECGRID_OK);
    ecgrid_client *client = client_of(config);
    ecgrid_session *opened = NULL;
    CHECK_INT(ecgrid_session_login(client, USER, PASSWORD, &opened, NULL), ECGRID_OK);
    ecgrid_client_free(client);
    __atomic_store_n(&session, opened, __ATOMIC_SEQ_CST);
    for (int i = 0; i < threads; i++) {
        number[i] = i;
        CHECK_INT(pthread_create(&thread[i], NULL, use, &number[i]), 0);
    }
    for (int i = 0; i < threads; i++) pthread_join(thread[i], NULL);
    /* Those of the last refresh come when it has ended. */
    while (heard_lines(&hearing, ECGRID_LOG_INFO) < 1 + 1) sched_yield();
    CHECK(heard_lines(&hearing, ECGRID_LOG_ERROR) == threads * 4);
    __atomic_store_n(&session, NULL, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(&inside, __ATOMIC_SEQ_CST) > 0) sched_yield();
    CHECK_INT(ecgrid_session_logout(opened, NULL), ECGRID_OK);
    ecgrid_session_free(opened);
    /* A refresh that has just ended may be on its way out. */
    while (!heard_release(&hearing)) sched_yield();
    CHECK_INT(heard_release(&hearing), 1);
    return check_done();
}
