/* A listener that stands for ECGrid: it takes whole requests, and grants tokens. */
#ifndef GRANTING_H
#define GRANTING_H

#include "background.h"
#include "listener.h"
#include "sessions.h"

/* Waits for a connection and all of its request, which must begin with `line`. */
static inline socket_t listener_expect(const struct listener *listener, const char *line)
{
    socket_t connection = accept(listener->socket, NULL, NULL);
    char text[16384];
    size_t filled = 0, whole = sizeof text - 1;
    while (filled < whole) {
        const int count = (int)recv(connection, text + filled, (int)(whole - filled), 0);
        if (count <= 0) break;
        filled += (size_t)count;
        text[filled] = '\0';
        const char *end = strstr(text, "\r\n\r\n"), *length = strstr(text, "Content-Length: ");
        if (end) whole = (size_t)(end + 4 - text) + (size_t)(length && length < end ? atol(length + 16) : 0);
    }
    text[filled] = '\0';
    char *line_end = strchr(text, '\r');
    if (line_end) *line_end = '\0';
    check_that(strncmp(text, line, strlen(line)) == 0, __FILE__, __LINE__, text);
    return connection;
}

/* An answer, and the end. */
static inline void listener_json(socket_t connection, const char *json)
{
    char text[1000];
    int length = snprintf(text, sizeof text,
                          "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n"
                          "Connection: close\r\n\r\n%s",
                          strlen(json), json);
    if (send(connection, text, length, MSG_NOSIGNAL) < 0) perror("send");
    socket_close(connection);
}

/* The answer to a login or a refresh. */
static inline void listener_grant(socket_t connection, const char *token)
{
    char json[300];
    snprintf(json, sizeof json, "{\"success\":true,\"data\":{\"token\":\"%s\",\"userId\":4821}}", token);
    listener_json(connection, json);
}

/* Whether somebody has connected who was not expected. */
static inline int listener_is_asked(const struct listener *listener)
{
    struct pollfd wait = {listener->socket, POLLIN, 0};
    return poll(&wait, 1, 0) > 0;
}

/* A use of a session, on a thread of its own. */
struct use {
    pthread_t thread;
    const ecgrid_client *client; /* for a login */
    ecgrid_session *session;     /* that a login made, or that is used */
    ecgrid_status status;
    int32_t outcome;
    int64_t ended_ms;
    char token[100];
};

static inline void *use_ends(struct use *use, ecgrid_status status)
{
    use->status = status;
    use->ended_ms = clock_ms();
    use->outcome = ecgrid_error_outcome(ecgrid_last_error());
    return NULL;
}

static inline void *use_login(void *argument)
{
    struct use *use = (struct use *)argument;
    return use_ends(use, ecgrid_session_login(use->client, USER, PASSWORD, &use->session, NULL));
}

static inline void *use_call(void *argument)
{
    struct use *use = (struct use *)argument;
    return use_ends(use, ecgrid_session_call(use->session, "POST", "/v2/held", "{}", 2, NULL, NULL));
}

static inline void *use_refresh(void *argument)
{
    struct use *use = (struct use *)argument;
    return use_ends(use, ecgrid_session_refresh(use->session, NULL));
}

static inline void *use_token(void *argument)
{
    struct use *use = (struct use *)argument;
    return use_ends(use, token_of(use->session, use->token, sizeof use->token));
}

static inline void use_begin(struct use *use, ecgrid_session *session, void *(*what)(void *))
{
    use->session = session;
    CHECK_INT(pthread_create(&use->thread, NULL, what, use), 0);
}

static inline ecgrid_status use_end(struct use *use)
{
    pthread_join(use->thread, NULL);
    return use->status;
}

/* A session at the listener, whose token is "one". */
static inline ecgrid_session *granted_session(const struct listener *listener, const ecgrid_client *client)
{
    struct use login;
    login.client = client;
    use_begin(&login, NULL, use_login);
    listener_grant(listener_expect(listener, "POST /v2/auth/login"), "one");
    CHECK_INT(use_end(&login), ECGRID_OK);
    return login.session;
}

#endif
