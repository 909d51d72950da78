/* Many threads on one client, good and bad logins mixed: each gets its own answer and its own last error. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>

#include "support.h"

static ecgrid_client *client;
static pthread_barrier_t start;

static const struct {
    const char *login;
    ecgrid_status status;
    int32_t http_status;
} kinds[] = {
    {USER, ECGRID_OK, 0},
    {"fault-401@example.com", ECGRID_UNAUTHENTICATED, 401},
    {"user-id-string@example.com", ECGRID_OK, 0},
    {"fault-403@example.com", ECGRID_FORBIDDEN, 403},
    {"rejected@example.com", ECGRID_REJECTED, 200},
    {"fault-500@example.com", ECGRID_SERVER_ERROR, 500},
    {"close@example.com", ECGRID_CONNECTION_LOST, 0},
};
#define KINDS (sizeof kinds / sizeof *kinds)

static void one_login(size_t kind)
{
    ecgrid_token *token = NULL;
    ecgrid_error *error = NULL;
    ecgrid_status status = ecgrid_client_login(client, kinds[kind].login, PASSWORD, &token, &error);
    check_row = kinds[kind].login;
    if (!CHECK_INT(status, kinds[kind].status)) printf("  %s\n", ecgrid_error_message(error));
    CHECK_INT(ecgrid_token_user_id(token), status == ECGRID_OK ? USER_ID : 0);
    CHECK_INT(ecgrid_error_http_status(error), kinds[kind].http_status);
    CHECK((ecgrid_last_error() == NULL) == (status == ECGRID_OK));
    ecgrid_error_free(error);
    ecgrid_token_free(token);
}

static void *many_logins(void *number)
{
    size_t first = *(const size_t *)number;
    pthread_barrier_wait(&start);
    for (size_t i = 0; i < 2 * KINDS; i++) {
        size_t kind = (first + i) % KINDS;
        one_login(kind);
        /* Whatever the others failed with meanwhile. */
        CHECK_INT(ecgrid_error_status(ecgrid_last_error()), kinds[kind].status);
        CHECK_INT(ecgrid_error_http_status(ecgrid_last_error()), kinds[kind].http_status);
    }
    return NULL;
}

int main(void)
{
    enum { MOST = 64 };
    size_t threads = (size_t)atoi(said("THREADS"));
    static pthread_t thread[MOST];
    static size_t number[MOST];
    if (!CHECK(threads > 1 && threads <= MOST)) return check_done();
    client = client_for(said("SANDBOX_HTTP"));
    pthread_barrier_init(&start, NULL, (unsigned)threads);
    for (size_t i = 0; i < threads; i++) {
        number[i] = i;
        CHECK_INT(pthread_create(&thread[i], NULL, many_logins, &number[i]), 0);
    }
    for (size_t i = 0; i < threads; i++) pthread_join(thread[i], NULL);
    pthread_barrier_destroy(&start);
    check_row = "";
    CHECK_INT(log_in(client), ECGRID_OK);
    ecgrid_client_free(client);
    return check_done();
}
