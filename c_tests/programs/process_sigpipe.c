/* A server that closes while we write, with SIGPIPE at its default: an error, not the end of the process. */
#define _POSIX_C_SOURCE 200809L
#include <signal.h>

#include "background.h"
#include "listener.h"

static struct listener server;

static void *close_at_once(void *unused)
{
    (void)unused;
    for (int i = 0; i < 3; i++) {
        int connection = accept(server.socket, NULL, NULL);
        char some[100];
        ssize_t count = read(connection, some, sizeof some);
        (void)count;
        listener_break(connection);
    }
    return NULL;
}

int main(void)
{
    struct sigaction before, after;
    sigaction(SIGPIPE, NULL, &before);
    CHECK(before.sa_handler == SIG_DFL);
    CHECK(listener_open(&server));
    pthread_t thread;
    pthread_create(&thread, NULL, close_at_once, NULL);

    /* More than the sockets' buffers hold, so that it cannot all be written before the end is known. */
    size_t size = 32u << 20;
    char *password = (char *)malloc(size);
    memset(password, 'p', size);
    password[size - 1] = '\0';
    ecgrid_client *client = client_for(server.url);
    for (int i = 0; i < 3; i++) {
        ecgrid_token *token = NULL;
        ecgrid_error *error = NULL;
        CHECK_INT(ecgrid_client_login(client, USER, password, &token, &error), ECGRID_CONNECTION_LOST);
        CHECK_INT(ecgrid_error_outcome(error), ECGRID_OUTCOME_UNKNOWN);
        ecgrid_error_free(error);
    }
    pthread_join(thread, NULL);
    free(password);
    ecgrid_client_free(client);

    sigset_t pending;
    sigpending(&pending);
    CHECK_INT(sigismember(&pending, SIGPIPE), 0);
    sigaction(SIGPIPE, NULL, &after);
    CHECK(after.sa_handler == SIG_DFL);
    close(server.socket);
    return check_done();
}
