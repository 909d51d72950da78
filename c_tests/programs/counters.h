/* What the sandbox has counted, asked for without the library. */
#ifndef COUNTERS_H
#define COUNTERS_H

#include "sockets.h"
#include "support.h"

struct counters {
    long logins, refreshes, refused_refreshes, logouts, unauthorized, requests;
};

/* One request to SANDBOX_HTTP, and the whole answer. */
static inline void counters_ask(const char *request_line, char *answer, size_t size)
{
    struct sockaddr_in address;
    sockets_begin();
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t)atoi(strrchr(said("SANDBOX_HTTP"), ':') + 1));
    socket_t connection = socket(AF_INET, SOCK_STREAM, 0);
    char request[200];
    int length = snprintf(request, sizeof request,
                          "%s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                          request_line);
    CHECK(connect(connection, (struct sockaddr *)&address, sizeof address) == 0);
    CHECK(send(connection, request, length, MSG_NOSIGNAL) == length);
    size_t filled = 0;
    int count;
    while (filled < size - 1 && (count = (int)recv(connection, answer + filled, (int)(size - 1 - filled), 0)) > 0)
        filled += (size_t)count;
    answer[filled] = '\0';
    socket_close(connection);
}

static inline struct counters counters_now(void)
{
    char answer[2000];
    counters_ask("GET /sandbox/counters", answer, sizeof answer);
    struct counters now = {-1, -1, -1, -1, -1, -1};
    const struct {
        const char *name;
        long *number;
    } all[] = {
        {"\"logins\":", &now.logins},       {"\"refreshes\":", &now.refreshes},
        {"\"logouts\":", &now.logouts},     {"\"refusedRefreshes\":", &now.refused_refreshes},
        {"\"requests\":", &now.requests},   {"\"unauthorized\":", &now.unauthorized},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const char *at = strstr(answer, all[i].name);
        if (CHECK(at != NULL)) *all[i].number = atol(at + strlen(all[i].name));
    }
    return now;
}

#endif
