/* A server of the test's own on loopback, for tests that must know when a request has arrived. */
#ifndef LISTENER_H
#define LISTENER_H

#include <stdio.h>
#include <string.h>

#include "sockets.h"

struct listener {
    socket_t socket;
    char url[64];
};

/* On a free port. */
static inline int listener_open(struct listener *listener)
{
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    sockets_begin();
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener->socket = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener->socket, (struct sockaddr *)&address, length) < 0 || listen(listener->socket, 64) < 0) return 0;
    getsockname(listener->socket, (struct sockaddr *)&address, &length);
    snprintf(listener->url, sizeof listener->url, "http://127.0.0.1:%d", ntohs(address.sin_port));
    return 1;
}

/* Waits for a connection and its request's head. */
static inline socket_t listener_request(const struct listener *listener)
{
    socket_t connection = accept(listener->socket, NULL, NULL);
    char head[8192];
    size_t filled = 0;
    while (filled < sizeof head - 1) {
        const int count = (int)recv(connection, head + filled, (int)(sizeof head - 1 - filled), 0);
        if (count <= 0) break;
        filled += (size_t)count;
        head[filled] = '\0';
        if (strstr(head, "\r\n\r\n")) break;
    }
    return connection;
}

/* Ends a connection in both ways at once, with bytes still unread: only this makes the next write a SIGPIPE. */
static inline void listener_break(socket_t connection)
{
    shutdown(connection, SHUT_WR);
    socket_close(connection);
}

/* An answer without a body, and the end. */
static inline void listener_answer(socket_t connection, const char *status)
{
    char text[200];
    int length = snprintf(text, sizeof text, "HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", status);
    if (send(connection, text, length, MSG_NOSIGNAL) < 0) perror("send");
    socket_close(connection);
}

#endif
