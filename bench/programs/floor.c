/* The floor: a socket and OpenSSL, the bytes of libecgrid's request in one write, the answer in one read, nothing parsed. */
#define _POSIX_C_SOURCE 200809L
#include "bench.h"
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct line {
    int fd;
    SSL *ssl;
    char request[1024];
    size_t length;
    char token[600];
    char answer[8192];
    size_t expected; /* bytes of an answer, once the first has been measured */
};

static const struct target *target;
static struct addrinfo *addresses;
static SSL_CTX *context;
static SSL_SESSION *ticket; /* for one thread: only `reconnect` resumes */

static int keep_ticket(SSL *ssl, SSL_SESSION *session) {
    (void)ssl;
    SSL_SESSION_free(ticket);
    ticket = session;
    return 1;
}

static void tls_error(const char *what) { die(what, ERR_reason_error_string(ERR_peek_last_error())); }

const char *contestant_version(void) { return OpenSSL_version(OPENSSL_VERSION); }

void contestant_start(const struct target *given) {
    struct addrinfo hints = {0};
    int failed;
    target = given;
    signal(SIGPIPE, SIG_IGN);
    hints.ai_socktype = SOCK_STREAM;
    failed = getaddrinfo(target->host, target->port, &hints, &addresses);
    if (failed) die("getaddrinfo", gai_strerror(failed));
    if (!target->tls) return;
    context = SSL_CTX_new(TLS_client_method());
    if (!context) tls_error("SSL_CTX_new");
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_read_ahead(context, 1); /* else each record is two reads */
    if (SSL_CTX_load_verify_locations(context, target->ca, NULL) != 1) tls_error("the CA file");
    if (target->reconnect) {
        SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
        SSL_CTX_sess_set_new_cb(context, keep_ticket);
    }
}

void contestant_stop(void) {
    SSL_SESSION_free(ticket);
    SSL_CTX_free(context);
    freeaddrinfo(addresses);
}

static void connect_line(struct line *line) {
    const struct addrinfo *address;
    int on = 1;
    for (address = addresses; address; address = address->ai_next) {
        line->fd = socket(address->ai_family, address->ai_socktype, address->ai_protocol);
        if (line->fd >= 0 && connect(line->fd, address->ai_addr, address->ai_addrlen) == 0) break;
        if (line->fd >= 0) close(line->fd);
    }
    if (!address) die("connect", target->url);
    setsockopt(line->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (!target->tls) return;
    line->ssl = SSL_new(context);
    SSL_set_tlsext_host_name(line->ssl, target->host);
    SSL_set1_host(line->ssl, target->host);
    SSL_set_fd(line->ssl, line->fd);
    if (ticket) SSL_set_session(line->ssl, ticket);
    if (SSL_connect(line->ssl) != 1) tls_error("SSL_connect");
}

static void disconnect(struct line *line) {
    if (line->ssl) SSL_shutdown(line->ssl);
    SSL_free(line->ssl);
    line->ssl = NULL;
    close(line->fd);
}

static void exchange(struct line *line);

/* From now on the request is a GET with the token of a login. */
static void become_a_user(struct line *line) {
    const char *token, *end;
    exchange(line);
    token = strstr(line->answer, "\"token\":\"");
    end = token ? strchr(token + 9, '"') : NULL;
    if (!end || (size_t)(end - token - 9) >= sizeof line->token) die("floor", "no token in the answer");
    memcpy(line->token, token + 9, (size_t)(end - token - 9));
    line->length = (size_t)snprintf(line->request, sizeof line->request,
                                    "GET " WHO_AM_I " HTTP/1.1\r\nHost: %s:%s\r\nUser-Agent: ecgrid/0.1.0\r\n"
                                    "Accept: application/json\r\nAuthorization: Bearer %s\r\n\r\n",
                                    target->host, target->port, line->token);
    if (line->length >= sizeof line->request) die("floor", "the token is too long");
    line->expected = 0;
}

void *contestant_open(void) {
    struct line *line = calloc(1, sizeof *line);
    const char *body = "{\"login\":\"" LOGIN "\",\"password\":\"" PASSWORD "\"}";
    if (!line) die("malloc", "no memory");
    line->length = (size_t)snprintf(line->request, sizeof line->request,
                                    "POST /v2/auth/login HTTP/1.1\r\ncontent-length: %zu\r\nhost: %s:%s\r\n"
                                    "Accept: application/json\r\nUser-Agent: ecgrid/0.1.0\r\n"
                                    "Content-Type: application/json\r\n\r\n%s",
                                    strlen(body), target->host, target->port, body);
    if (!target->reconnect) connect_line(line);
    if (target->calls) become_a_user(line);
    return line;
}

void contestant_close(void *caller) {
    struct line *line = caller;
    if (!target->reconnect) disconnect(line);
    free(line);
}

static size_t receive(struct line *line, size_t have) {
    size_t room = sizeof line->answer - 1 - have;
    ssize_t got = line->ssl ? SSL_read(line->ssl, line->answer + have, (int)room)
                            : recv(line->fd, line->answer + have, room, 0);
    if (got <= 0) die("floor", "the answer was cut off");
    return have + (size_t)got;
}

/* The length of a whole answer: read once, all later ones are the same. */
static size_t measure(struct line *line) {
    size_t have = 0;
    for (;;) {
        const char *body, *length;
        have = receive(line, have);
        line->answer[have] = '\0';
        body = strstr(line->answer, "\r\n\r\n");
        length = strstr(line->answer, "Content-Length: ");
        if (strncmp(line->answer, "HTTP/1.1 200", 12) != 0 || (body && !length)) die("floor", "not the answer expected");
        if (body && have == (size_t)(body + 4 - line->answer) + strtoul(length + 16, NULL, 10)) return have;
    }
}

/* Sends what is composed and receives the answer, of which `answer` is the whole when it is the first. */
static void exchange(struct line *line) {
    ssize_t sent = line->ssl ? SSL_write(line->ssl, line->request, (int)line->length)
                             : send(line->fd, line->request, line->length, 0);
    if (sent != (ssize_t)line->length) die("floor", "the request was not sent in one write");
    if (line->expected == 0) line->expected = measure(line);
    else
        for (size_t have = 0; have < line->expected;) have = receive(line, have);
}

void contestant_login(void *caller) {
    struct line *line = caller;
    if (target->reconnect) connect_line(line);
    exchange(line);
    if (target->reconnect) disconnect(line);
}

void contestant_call(void *caller) { exchange(caller); }

/* As much as there is room for. */
static size_t receive_into(const struct line *line, char *room, size_t length) {
    ssize_t got = line->ssl ? SSL_read(line->ssl, room, (int)length) : recv(line->fd, room, length, 0);
    if (got <= 0) die("floor", "the answer was cut off");
    return (size_t)got;
}

static void send_all(const struct line *line, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t sent = line->ssl ? SSL_write(line->ssl, bytes, (int)length) : send(line->fd, bytes, length, 0);
        if (sent <= 0) die("floor", "the request was cut off");
        bytes += sent;
        length -= (size_t)sent;
    }
}

/* The head into the line's own room, all the rest into memory that is large enough, which is the caller's. */
static char *receive_large(struct line *line) {
    size_t have = 0, whole, got;
    char *body = NULL, *length, *answer;
    while (!body) {
        have = receive(line, have);
        line->answer[have] = '\0';
        body = strstr(line->answer, "\r\n\r\n");
    }
    body += 4;
    length = strstr(line->answer, "Content-Length: ");
    if (strncmp(line->answer, "HTTP/1.1 200", 12) != 0 || !length) die("floor", "not the answer expected");
    whole = strtoul(length + 16, NULL, 10);
    answer = allocate(whole + 1);
    got = have - (size_t)(body - line->answer);
    memcpy(answer, body, got);
    while (got < whole) got += receive_into(line, answer + got, whole - got);
    answer[whole] = '\0';
    return answer;
}

static void *request_large(struct line *line, const char *method, const char *path, const char *body, size_t length) {
    char head[1024];
    int bytes = snprintf(head, sizeof head,
                         "%s %s HTTP/1.1\r\nHost: %s:%s\r\nUser-Agent: ecgrid/0.1.0\r\nAccept: application/json\r\n"
                         "Content-Type: application/json\r\nContent-Length: %zu\r\nAuthorization: Bearer %s\r\n\r\n",
                         method, path, target->host, target->port, length, line->token);
    send_all(line, head, (size_t)bytes);
    send_all(line, body, length);
    return receive_large(line);
}

void *contestant_get(void *caller, const char *path) { return request_large(caller, "GET", path, NULL, 0); }

void *contestant_post(void *caller, const char *path, const char *body, size_t length) {
    return request_large(caller, "POST", path, body, length);
}

/* Nothing is parsed, so there is nothing to see. */
const char *contestant_content(void *answer) {
    (void)answer;
    return NULL;
}

struct walked contestant_walk(void *answer) {
    (void)answer;
    return (struct walked){0, 0, 0};
}

int64_t contestant_parcel(void *answer) {
    (void)answer;
    return 1;
}

void contestant_free(void *answer) { free(answer); }
