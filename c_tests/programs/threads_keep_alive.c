/* Sessions that are kept alive, opened, used, refreshed, logged out and freed by many threads at once. */
#define _POSIX_C_SOURCE 200809L
#include "background.h"
#include "counters.h"
#include "sessions.h"

#define THREADS 6
#define ROUNDS 8

static ecgrid_client *client;
static ecgrid_session *shared;

static void *uses_sessions(void *argument)
{
    const int number = *(const int *)argument;
    for (int round = 0; round < ROUNDS; round++) {
        ecgrid_session *session = session_of(client), *clone = clone_of(session);
        CHECK_INT(who_am_i(shared), ECGRID_OK);
        CHECK_INT(ecgrid_session_refresh(round % 2 ? shared : session, NULL), ECGRID_OK);
        ecgrid_session_free(session);
        CHECK_INT(who_am_i(clone), ECGRID_OK);
        if ((round + number) % 3) CHECK_INT(ecgrid_session_logout(clone, NULL), ECGRID_OK);
        ecgrid_session_free(clone);
    }
    return NULL;
}

int main(void)
{
    ecgrid_config *config = config_for(said("SANDBOX_HTTP"));
    CHECK_INT(ecgrid_config_set_keep_alive(config, 1, NULL), ECGRID_OK);
    client = client_of(config);
    shared = session_of(client);
    pthread_t threads[THREADS];
    int numbers[THREADS];
    for (int i = 0; i < THREADS; i++) {
        numbers[i] = i;
        pthread_create(&threads[i], NULL, uses_sessions, &numbers[i]);
    }
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    struct counters now = counters_now();
    CHECK_INT(now.logins, 1 + THREADS * ROUNDS);
    CHECK_INT(now.refused_refreshes, 0);
    CHECK_INT(ecgrid_session_logout(shared, NULL), ECGRID_OK);
    ecgrid_session_free(shared);
    ecgrid_client_free(client);
    return check_done();
}
