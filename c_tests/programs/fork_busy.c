/* A fork while other threads are in calls: the child neither hangs nor ends its parent's calls. */
#define _POSIX_C_SOURCE 200809L
#include "background.h"
#include "child.h"
#include "listener.h"

static struct listener server;

static void cancels_and_frees(void *argument)
{
    ecgrid_client *client = (ecgrid_client *)argument;
    ecgrid_client_cancel(client);
    CHECK_INT(log_in(client), ECGRID_INVALID_STATE);
    ecgrid_client_free(client);
}

static void a_cancel_in_the_child_is_no_cancel_in_the_parent(void)
{
    ecgrid_client *client = client_for(server.url);
    struct background call;
    background_begin(&call, client, USER);
    int connection = listener_request(&server);
    in_child(cancels_and_frees, client);
    listener_answer(connection, "403 Forbidden");
    CHECK_INT(background_end(&call), ECGRID_FORBIDDEN);
    ecgrid_client_free(client);
}

static void logs_in(void *url)
{
    ecgrid_client *client = client_for((const char *)url);
    CHECK_INT(log_in(client), ECGRID_OK);
    ecgrid_client_free(client);
    ecgrid_token *token = NULL;
    CHECK_INT(ecgrid_login(USER, PASSWORD, &token, NULL), ECGRID_OK);
    ecgrid_token_free(token);
}

static int over;

static void *logs_in_all_the_time(void *client)
{
    long rounds = 0, failures = 0; /* how many rounds there are is chance, so they count as one check */
    while (!__atomic_load_n(&over, __ATOMIC_RELAXED)) {
        ecgrid_token *token = NULL;
        failures += log_in((const ecgrid_client *)client) != ECGRID_OK;
        failures += ecgrid_login(USER, PASSWORD, &token, NULL) != ECGRID_OK;
        ecgrid_token_free(token);
        rounds++;
    }
    CHECK(rounds > 0);
    CHECK_INT(failures, 0);
    return NULL;
}

/* Whatever lock of the library's another thread holds at the moment of the fork. */
static void a_child_of_a_busy_process_can_log_in(void)
{
    char *url = getenv("SANDBOX_HTTP");
    ecgrid_client *client = client_for(url);
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, logs_in_all_the_time, client);
    for (int i = 0; i < 30; i++) in_child(logs_in, url);
    __atomic_store_n(&over, 1, __ATOMIC_RELAXED);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    ecgrid_client_free(client);
}

int main(void)
{
    CHECK(listener_open(&server));
    a_cancel_in_the_child_is_no_cancel_in_the_parent();
    a_child_of_a_busy_process_can_log_in();
    close(server.socket);
    return check_done();
}
