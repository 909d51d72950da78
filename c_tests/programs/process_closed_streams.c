/* A daemon that has closed its standard streams, as many do: what it prints must not go into a connection. */
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>

#include "child.h"

/* Prints as a careless daemon does, on whatever now has those numbers. */
static void print(void)
{
    printf("it goes on: a line on standard output\n");
    fflush(stdout);
    fprintf(stderr, "it goes on: a line on standard error\n");
    ssize_t ignored = write(0, "stray\n", 6);
    (void)ignored;
}

/* Everything that a client does, with a line between: only an exit status tells what came of it. */
static void be_a_daemon(void *url)
{
    for (int stream = 0; stream < 3; stream++) close(stream);
    ecgrid_client *client = client_for((const char *)url);
    print();
    for (int i = 0; i < 3; i++) {
        CHECK_INT(log_in(client), ECGRID_OK);
        print();
    }
    ecgrid_session *session = NULL;
    CHECK_INT(ecgrid_session_login(client, USER, PASSWORD, &session, NULL), ECGRID_OK);
    for (int i = 0; i < 3; i++) {
        print();
        ecgrid_response *response = NULL;
        CHECK_INT(ecgrid_session_call(session, "GET", "/v2/users/me", NULL, 0, &response, NULL), ECGRID_OK);
        ecgrid_response_free(response);
    }
    for (int stream = 0; stream < 3; stream++) CHECK(fcntl(stream, F_GETFD) == -1);
    ecgrid_session_free(session);
    ecgrid_client_free(client);
}

/* The same when only some are closed, so that the library's first descriptor may be any of the three. */
static void be_a_careless_daemon(void *url)
{
    close(1);
    ecgrid_client *client = client_for((const char *)url);
    for (int i = 0; i < 3; i++) {
        CHECK_INT(log_in(client), ECGRID_OK);
        print();
    }
    CHECK(fcntl(1, F_GETFD) == -1);
    ecgrid_client_free(client);
}

int main(void)
{
    const char *const urls[] = {said("SANDBOX_HTTP"), said("SANDBOX_HTTPS")};
    for (int u = 0; u < 2; u++) {
        in_child(be_a_daemon, (void *)urls[u]);
        in_child(be_a_careless_daemon, (void *)urls[u]);
    }
    return check_done();
}
