/* The same over TLS: the connection breaks in the middle of an encrypted request, with SIGPIPE at its default. */
#define _POSIX_C_SOURCE 200809L
#include <poll.h>
#include <signal.h>

#include "background.h"
#include "listener.h"

enum { ROUNDS = 3, ENOUGH = 100000 };

static struct listener middle;

static int connect_to_server(void)
{
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((in_port_t)atoi(strrchr(said("ECHO_HTTPS"), ':') + 1));
    int server = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_INT(connect(server, (struct sockaddr *)&address, sizeof address), 0);
    return server;
}

/* Hands on what comes, both ways, until a side ends or the client has sent more than any handshake. */
static void hand_on(int client, int server)
{
    char bytes[4096];
    struct pollfd sides[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    for (size_t from_client = 0; from_client < ENOUGH && poll(sides, 2, -1) > 0;) {
        for (int side = 0; side < 2; side++) {
            if (!sides[side].revents) continue;
            ssize_t count = read(sides[side].fd, bytes, sizeof bytes);
            if (count <= 0 || send(sides[1 - side].fd, bytes, (size_t)count, MSG_NOSIGNAL) != count) return;
            if (side == 0) from_client += (size_t)count;
        }
    }
}

static void *break_connections(void *unused)
{
    (void)unused;
    for (int i = 0; i < ROUNDS; i++) {
        int client = accept(middle.socket, NULL, NULL), server = connect_to_server();
        hand_on(client, server);
        listener_break(client);
        close(server);
    }
    return NULL;
}

int main(void)
{
    struct sigaction action;
    sigaction(SIGPIPE, NULL, &action);
    CHECK(action.sa_handler == SIG_DFL);
    CHECK(listener_open(&middle));
    pthread_t thread;
    pthread_create(&thread, NULL, break_connections, NULL);

    size_t size = 32u << 20;
    char *password = (char *)malloc(size);
    memset(password, 'p', size);
    password[size - 1] = '\0';
    char url[100];
    snprintf(url, sizeof url, "https://localhost%s", strrchr(middle.url, ':'));
    ecgrid_client *client = client_for(url);
    for (int i = 0; i < ROUNDS; i++) {
        ecgrid_token *token = NULL;
        ecgrid_error *error = NULL;
        CHECK_INT(ecgrid_client_login(client, USER, password, &token, &error), ECGRID_CONNECTION_LOST);
        CHECK_INT(ecgrid_error_outcome(error), ECGRID_OUTCOME_UNKNOWN);
        ecgrid_error_free(error);
    }
    pthread_join(thread, NULL);
    free(password);
    ecgrid_client_free(client);
    close(middle.socket);
    return check_done();
}
