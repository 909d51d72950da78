/* Failures before there is an answer: name, connection, TLS, deadline. */
#define _POSIX_C_SOURCE 200809L
#include "support.h"

#include "listener.h"

#define SENT 1

/* A login at `url` fails so; nothing was sent unless `sent`. */
static void fails(const char *url, const char *login, int64_t timeout_ms, ecgrid_status expected, int sent,
                  const char *words)
{
    check_row = words;
    ecgrid_config *config = config_for(url);
    ecgrid_config_set_max_attempts(config, 1, NULL);
    ecgrid_config_set_timeout_ms(config, timeout_ms, NULL);
    ecgrid_client *client = client_of(config);
    ecgrid_token *token = NULL;
    ecgrid_error *error = NULL;
    CHECK_INT(ecgrid_client_login(client, login, PASSWORD, &token, &error), expected);
    CHECK_INT(ecgrid_error_status(error), expected);
    CHECK_INT(ecgrid_error_outcome(error), sent ? ECGRID_OUTCOME_UNKNOWN : ECGRID_OUTCOME_NOT_SENT);
    CHECK_INT(ecgrid_error_http_status(error), 0);
    CHECK(is_one_line(ecgrid_error_message(error)));
    CHECK_HAS(ecgrid_error_message(error), words);
    ecgrid_error_free(error);
    ecgrid_client_free(client);
    check_row = "";
}

static void nobody_listens(void)
{
    struct listener gone;
    CHECK(listener_open(&gone));
    socket_close(gone.socket);
    /* Host and port, as the person at the other end of a log needs them. */
    fails(gone.url, USER, 30000, ECGRID_UNREACHABLE, 0, strstr(gone.url, "127.0.0.1"));
}

static void a_certificate_that_cannot_be_trusted_says_why(void)
{
    fails(said("SANDBOX_EXPIRED"), USER, 30000, ECGRID_TLS, 0, "expired");
    fails(said("SANDBOX_NOT_YET"), USER, 30000, ECGRID_TLS, 0, "not valid before");
    fails(said("SANDBOX_OTHER_HOST"), USER, 30000, ECGRID_TLS, 0, "elsewhere.invalid");
    fails(said("SANDBOX_OTHER_AUTHORITY"), USER, 30000, ECGRID_TLS, 0, "add its certificate to the file");
    fails(said("SANDBOX_SELF_SIGNED"), USER, 30000, ECGRID_TLS, 0, "localhost");
}

static void plain_http_where_tls_is_expected(void)
{
    char url[100];
    snprintf(url, sizeof url, "https%s", said("SANDBOX_HTTP") + strlen("http"));
    fails(url, USER, 30000, ECGRID_TLS, 0, "plain HTTP");
}

static void tls_where_plain_http_is_expected(void)
{
    char url[100];
    snprintf(url, sizeof url, "http%s", said("SANDBOX_HTTPS") + strlen("https"));
    check_row = url;
    ecgrid_client *client = client_for(url);
    CHECK(log_in(client) != ECGRID_OK);
    ecgrid_client_free(client);
    check_row = "";
}

static void the_deadline_holds(void)
{
    fails(said("SANDBOX_HTTP"), "hang@example.com", 2000, ECGRID_TIMEOUT, SENT, "may have been done");
    fails(said("SANDBOX_HTTPS"), "hang@example.com", 2000, ECGRID_TIMEOUT, SENT, "may have been done");
    fails(said("SANDBOX_HTTP"), "drip-head-200@example.com", 500, ECGRID_TIMEOUT, SENT, "may have been done");
    /* Accepted by the kernel, answered by nobody: the handshake never comes to an end. */
    struct listener silent;
    CHECK(listener_open(&silent));
    char url[100];
    snprintf(url, sizeof url, "https%s", silent.url + strlen("http"));
    fails(url, USER, 300, ECGRID_TIMEOUT, 0, "TLS handshake");
    socket_close(silent.socket);
}

int main(void)
{
    nobody_listens();
    a_certificate_that_cannot_be_trusted_says_why();
    plain_http_where_tls_is_expected();
    tls_where_plain_http_is_expected();
    the_deadline_holds();
    return check_done();
}
