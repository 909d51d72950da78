/* A session in a forked child: all functions refuse, and only freeing it works; also when it is busy in the parent. */
#define _POSIX_C_SOURCE 200809L
#include "background.h"
#include "child.h"
#include "counters.h"
#include "sessions.h"

struct shared {
    ecgrid_client *client;
    ecgrid_session *session, *clone, *with_key;
    ecgrid_token *token;
};

/* Takes the error. */
static void is_refused(ecgrid_status status, const void *result, ecgrid_error *error)
{
    CHECK_INT(status, ECGRID_INVALID_STATE);
    CHECK(result == NULL);
    CHECK_INT(ecgrid_error_status(error), ECGRID_INVALID_STATE);
    CHECK_INT(ecgrid_error_outcome(error), ECGRID_OUTCOME_NOT_SENT);
    CHECK_HAS(ecgrid_error_message(error), "fork");
    ecgrid_error_free(error);
}

#define REFUSED(type, call)                    \
    do {                                       \
        type *result = (type *)argument;       \
        ecgrid_error *error = NULL;            \
        ecgrid_status status = call;           \
        is_refused(status, result, error);     \
    } while (0)
#define REFUSED_WITHOUT_RESULT(call)           \
    do {                                       \
        ecgrid_error *error = NULL;            \
        ecgrid_status status = call;           \
        is_refused(status, NULL, error);       \
    } while (0)

static void every_function_of(const ecgrid_session *session, void *argument)
{
    REFUSED(ecgrid_token, ecgrid_session_token(session, &result, &error));
    REFUSED(ecgrid_response, ecgrid_session_info(session, &result, &error));
    REFUSED(ecgrid_response, ecgrid_session_generate_api_key(session, USER_ID, &result, &error));
    REFUSED(ecgrid_response, ecgrid_session_call(session, "GET", "/v2/users/me", NULL, 0, &result, &error));
    REFUSED(ecgrid_session, ecgrid_session_clone(session, &result, &error));
    REFUSED_WITHOUT_RESULT(ecgrid_session_refused(session, ((struct shared *)argument)->token, &error));
    REFUSED_WITHOUT_RESULT(ecgrid_session_refresh(session, &error));
    REFUSED_WITHOUT_RESULT(ecgrid_session_set_timeout_ms(session, 1, &error));
    REFUSED_WITHOUT_RESULT(ecgrid_session_change_password(session, PASSWORD, "N3w$ecret!", &error));
    REFUSED_WITHOUT_RESULT(ecgrid_session_logout(session, &error));
    ecgrid_session_cancel(session);
    ecgrid_session_stop(session);
}

static void refuses_all_and_frees(void *argument)
{
    struct shared *shared = (struct shared *)argument;
    const ecgrid_client *client = shared->client;
    every_function_of(shared->session, argument);
    every_function_of(shared->clone, argument);
    every_function_of(shared->with_key, argument);
    REFUSED(ecgrid_session, ecgrid_session_login(client, USER, PASSWORD, &result, &error));
    REFUSED(ecgrid_session, ecgrid_session_with_api_key(client, "key", &result, &error));
    ecgrid_session_free(shared->session);
    ecgrid_client_free(shared->client);
    ecgrid_session_free(shared->with_key);
    ecgrid_session_free(shared->clone);
}

static void has_a_session_of_its_own(void *url)
{
    ecgrid_client *client = client_for((const char *)url);
    ecgrid_session *session = session_of(client);
    CHECK_INT(who_am_i(session), ECGRID_OK);
    CHECK_INT(ecgrid_session_refresh(session, NULL), ECGRID_OK);
    CHECK_INT(who_am_i(session), ECGRID_OK);
    CHECK_INT(ecgrid_session_logout(session, NULL), ECGRID_OK);
    ecgrid_session_free(session);
    ecgrid_client_free(client);
}

/* Also with a password that is kept, in memory that a child may not even have. */
static struct shared shared_at(const char *url)
{
    struct shared shared;
    ecgrid_config *config = config_for(url);
    CHECK_INT(ecgrid_config_set_keep_password(config, 1, NULL), ECGRID_OK);
    shared.client = client_of(config);
    shared.session = session_of(shared.client);
    shared.clone = clone_of(shared.session);
    CHECK_INT(ecgrid_session_with_api_key(shared.client, "key", &shared.with_key, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_session_token(shared.session, &shared.token, NULL), ECGRID_OK);
    return shared;
}

static void shared_free(struct shared *shared)
{
    ecgrid_token_free(shared->token);
    ecgrid_session_free(shared->session);
    ecgrid_session_free(shared->clone);
    ecgrid_session_free(shared->with_key);
    ecgrid_client_free(shared->client);
}

/* What the child does and frees, the parent does not notice. */
static void a_child_of_an_idle_process(const char *url)
{
    struct shared shared = shared_at(url);
    struct counters before = counters_now();
    in_child(refuses_all_and_frees, &shared);
    CHECK_INT(who_am_i(shared.session), ECGRID_OK);
    in_child(refuses_all_and_frees, &shared);
    CHECK_INT(who_am_i(shared.clone), ECGRID_OK);
    struct counters after = counters_now();
    CHECK_INT(after.requests - before.requests, 2);
    shared_free(&shared);
}

static int over;

static void *uses_it_all_the_time(void *argument)
{
    const struct shared *shared = (const struct shared *)argument;
    long rounds = 0, failures = 0; /* how many rounds there are is chance, so they count as one check */
    while (!__atomic_load_n(&over, __ATOMIC_RELAXED)) {
        char token[2000];
        ecgrid_session *clone = NULL;
        failures += token_of(shared->session, token, sizeof token) != ECGRID_OK;
        failures += ecgrid_session_clone(shared->clone, &clone, NULL) != ECGRID_OK;
        failures += who_am_i(clone) != ECGRID_OK;
        ecgrid_session_cancel(clone);
        ecgrid_session_free(clone);
        if (rounds % 8 == 0) failures += ecgrid_session_refresh(shared->session, NULL) != ECGRID_OK;
        rounds++;
    }
    CHECK(rounds > 0);
    CHECK_INT(failures, 0);
    return NULL;
}

/* Whatever lock of the session's another thread holds at the moment of the fork, in a refresh or beside one. */
static void a_child_of_a_busy_process(char *url)
{
    struct shared shared = shared_at(url);
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, uses_it_all_the_time, &shared);
    for (int i = 0; i < 40; i++) in_child(refuses_all_and_frees, &shared);
    for (int i = 0; i < 5; i++) in_child(has_a_session_of_its_own, url);
    __atomic_store_n(&over, 1, __ATOMIC_RELAXED);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    CHECK_INT(who_am_i(shared.session), ECGRID_OK);
    struct counters now = counters_now();
    CHECK(now.refreshes > 0);
    CHECK_INT(now.refused_refreshes, 0);
    shared_free(&shared);
}

int main(void)
{
    char *urls[] = {getenv("SANDBOX_HTTP"), getenv("SANDBOX_HTTPS")};
    for (int i = 0; i < 2; i++) {
        a_child_of_an_idle_process(urls[i]);
        in_child(has_a_session_of_its_own, urls[i]);
    }
    a_child_of_a_busy_process(urls[0]);
    return check_done();
}
