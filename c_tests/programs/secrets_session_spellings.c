/* However a server spells what it was sent, also encoded once more, a secret of a call is not in the message. */
#define _POSIX_C_SOURCE 200809L
#include "sessions.h"
#include "telling.h"

/* The server tells the body first, then the head, in one of these ways. */
static const char *const WAYS[] = {"body-400", "encoded-400", "escaped-400", "base64-400"};

static const char *const BODIES[] = {
    "{\"password\":\"canary-password\"}",
    "{\"Password\" : \"canary-\\\"Quot3d\\\\password\"}",
    "{\"password\":\"\\u0063anary-pass\\u0077ord\"}",
    "{\"p\\u0061ssword\":\"canary-password\"}",
    "{\"a\":[{\"b\":{\"clientSecret\":\"canary-secret\"}}],\"certPassword\":\"canary-cert\"}",
    /* several of a kind */
    "{\"apiKeys\":[\"canary-first-key\",\"canary-second-key\"]}",
    "{\"tokens\":[\"canary-first-token\", \"canary-second-token\", \"canary-third-token\"]}",
};

static const char *const QUERIES[] = {
    "token=canary-token",
    "page=1&Password=canary-password&apiKey=canary-key",
    "token=canary%2Dtoken",
    "password=%63anary%20password",
    "key=canary+key",
};

static void says_nothing(const ecgrid_session *session, const char *method, const char *path, const char *body)
{
    ecgrid_error *error = NULL;
    CHECK_INT(ecgrid_session_call(session, method, path, body, body ? strlen(body) : 0, NULL, &error), ECGRID_REJECTED);
    const char *message = ecgrid_error_message(error);
    if (!CHECK(!tells(message) && !tells(ecgrid_error_code(error)))) printf("  %s\n", message);
    if (!CHECK(!tells(ecgrid_error_trace_id(error)))) printf("  %s\n", ecgrid_error_trace_id(error));
    ecgrid_error_free(error);
}

int main(void)
{
    ecgrid_config *config = config_for(said("ECHO_HTTP"));
    listen_to(config);
    ecgrid_client *client = client_of(config);
    for (size_t w = 0; w < sizeof WAYS / sizeof *WAYS; w++) {
        char login[100], row[300], path[200];
        snprintf(login, sizeof login, "grant-call-%s@example.com", WAYS[w]);
        ecgrid_session *session = session_as(client, login);
        for (size_t i = 0; i < sizeof BODIES / sizeof *BODIES; i++) {
            snprintf(row, sizeof row, "%s, %s", WAYS[w], BODIES[i]);
            check_row = row;
            says_nothing(session, "POST", "/v2/users", BODIES[i]);
        }
        for (size_t i = 0; i < sizeof QUERIES / sizeof *QUERIES; i++) {
            snprintf(row, sizeof row, "%s, %s", WAYS[w], QUERIES[i]);
            check_row = row;
            snprintf(path, sizeof path, "/v2/users?%s", QUERIES[i]);
            says_nothing(session, "DELETE", path, NULL);
        }
        check_row = "";
        ecgrid_session_free(session);
    }
    ecgrid_client_free(client);
    CHECK(heard_lines(&heard, ECGRID_LOG_ERROR) > 0 && heard_lines(&heard, ECGRID_LOG_DEBUG) > 0);
    return check_done();
}
