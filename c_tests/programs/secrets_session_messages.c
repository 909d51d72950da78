/* Whatever a session's calls fail with, no message has a password, a key or a token in it: against a server that
 * repeats all it is told. What it does is in its tokens and keys, behind the dot. */
#define _POSIX_C_SOURCE 200809L
#include "sessions.h"
#include "telling.h"

static const char *const PASSWORDS[] = {
    "canary-Passw0rd",
    "canary-\"Quot3d\\password",
    "canary Pass&w0rd<with>%41 m\xc3\xbcll",
};

static const char *const KINDS[] = {
    "json-400",   "json-401",    "json-403",    "json-404",   "json-409",    "json-429",    "json-500",    "json-503",
    "json-200",   "code-401",    "code-400",    "problem-400", "html-502",   "text-401",    "text-200",    "text-400",
    "raw-401",    "raw-400",     "base64-401",  "base64-400", "body-401",   "body-400",    "location-307",
    "reason-401", "reason-400",  "retry-429",   "garbage",    "half-token",  "two-tokens",  "close",
};

static void says_nothing(ecgrid_status status, ecgrid_error *error, int must_fail)
{
    const char *message = ecgrid_error_message(error);
    if (must_fail) CHECK(status != ECGRID_OK);
    if (!CHECK(!tells(message) && !tells(ecgrid_error_code(error)))) printf("  %s\n", message);
    if (!CHECK(!tells(ecgrid_error_trace_id(error)))) printf("  %s\n", ecgrid_error_trace_id(error));
    if (error) CHECK(is_one_line(message));
    CHECK_STR(ecgrid_error_message(ecgrid_last_error()), message);
    ecgrid_error_free(error);
}

#define SAYS_NOTHING(must_fail, call)            \
    do {                                         \
        ecgrid_error *error = NULL;              \
        ecgrid_status status = call;             \
        says_nothing(status, error, must_fail);  \
    } while (0)

/* As JSON and as a URL have it. */
static void written(const char *text, char *json, char *url)
{
    for (; *text; text++) {
        if (*text == '"' || *text == '\\') *json++ = '\\';
        *json++ = *text;
        url += sprintf(url, "%%%02X", (unsigned char)*text);
    }
    *json = *url = '\0';
}

/* Secrets of the caller's own, in bodies and queries, known by the names that ECGrid gives them. */
static void calls_of_one_s_own(const ecgrid_session *session, const char *password, int must_fail)
{
    char json[200], url[400], text[1600];
    written(password, json, url);
    static const char *const bodies[] = {
        "{\"login\":\"x\",\"password\":\"%s\"}",
        "{\"newPassword\" : \"%s\", \"apiKey\": \"canary-api-key-of-a-user\"}",
        "{\"user\":{\"contact\":[{\"secret\":\"%s\"}]},\"certPassword\":\"canary-cert\",\"token\":\"canary-other\"}",
        "[{\"Password\":\"%s\"}]",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        snprintf(text, sizeof text, bodies[i], json);
        size_t length = strlen(text);
        SAYS_NOTHING(must_fail, ecgrid_session_call(session, "POST", "/v2/users", text, length, NULL, &error));
        SAYS_NOTHING(must_fail, ecgrid_session_call(session, "PUT", "/v2/users/1", text, length, NULL, &error));
    }
    snprintf(text, sizeof text, "/v2/users?page=1&password=%s&apiKey=canary-key&Token=canary%%2Dtoken", url);
    SAYS_NOTHING(must_fail, ecgrid_session_call(session, "GET", text, NULL, 0, NULL, &error));
    SAYS_NOTHING(must_fail, ecgrid_session_call(session, "DELETE", text, NULL, 0, NULL, &error));
    CHECK_INT(strncmp(json, "canary", 6), 0);
}

static void calls_of_the_session_itself(const ecgrid_session *session, const char *password)
{
    SAYS_NOTHING(0, ecgrid_session_info(session, NULL, &error));
    SAYS_NOTHING(0, ecgrid_session_change_password(session, password, "canary-N3w-password", &error));
    SAYS_NOTHING(0, ecgrid_session_change_password(session, "canary-Old-passw0rd", password, &error));
    SAYS_NOTHING(0, ecgrid_session_generate_api_key(session, 4822, NULL, &error));
    SAYS_NOTHING(0, ecgrid_session_refresh(session, &error));
    ecgrid_token *token = NULL;
    SAYS_NOTHING(0, ecgrid_session_token(session, &token, &error));
    SAYS_NOTHING(0, ecgrid_session_refused(session, token, &error));
    ecgrid_token_free(token);
    token = NULL;
    SAYS_NOTHING(0, ecgrid_session_token(session, &token, &error));
    ecgrid_token_free(token);
    SAYS_NOTHING(0, ecgrid_session_logout(session, &error));
}

static ecgrid_client *client_at(const char *url, int keep)
{
    ecgrid_config *config = config_for(url);
    CHECK_INT(ecgrid_config_set_api_key(config, "canary-login-key", NULL), ECGRID_OK);
    CHECK_INT(ecgrid_config_set_max_attempts(config, 1, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_config_set_keep_password(config, keep, NULL), ECGRID_OK);
    listen_to(config);
    return client_of(config);
}

/* "call-": everything but refreshes fails; "refresh-": only those; "": both, so that a 401 is the end. */
static void one_life(const ecgrid_client *client, const char *prefix, const char *kind, const char *password)
{
    char login[200], row[300];
    snprintf(login, sizeof login, "grant-%s%s@example.com", prefix, kind);
    snprintf(row, sizeof row, "%s, password %.10s", login, password);
    check_row = row;
    ecgrid_session *session = NULL;
    CHECK_INT(ecgrid_session_login(client, login, password, &session, NULL), ECGRID_OK);
    calls_of_one_s_own(session, password, strcmp(prefix, "refresh-") != 0);
    calls_of_the_session_itself(session, password);
    ecgrid_session_free(session);
    check_row = "";
}

static void one_life_with_a_key(const ecgrid_client *client, const char *kind)
{
    char key[100];
    snprintf(key, sizeof key, "canary-api-key.%s", kind);
    check_row = key;
    ecgrid_session *session = NULL;
    CHECK_INT(ecgrid_session_with_api_key(client, key, &session, NULL), ECGRID_OK);
    calls_of_one_s_own(session, PASSWORDS[0], 1);
    calls_of_the_session_itself(session, PASSWORDS[0]);
    ecgrid_session_free(session);
    check_row = "";
}

/* What is refused before it is sent. */
static void wrong_arguments_are_not_repeated(const ecgrid_client *client)
{
    ecgrid_session *session = session_as(client, "grant-ok@example.com"), *none = NULL;
    static const char *const paths[] = {"/v2/x?token=canary y", "/v2/x?password=canary#", "canary",
                                        "/v2/../?key=canary",
                                        "https://user:canary@elsewhere.invalid/v2/", "/v2/x?password=canary%",
                                        "/v2/x?key=canary\xff"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        SAYS_NOTHING(1, ecgrid_session_call(session, "GET", paths[i], NULL, 0, NULL, &error));
    static const char *const bodies[] = {"{\"password\":\"canary\"", "password=canary", "{\"password\":canary}",
                                         "canary", "{\"password\":\"canary\xff\"}", "{\"canary\":\"a\nb\"}"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        SAYS_NOTHING(1, ecgrid_session_call(session, "POST", "/v2/x", bodies[i], strlen(bodies[i]), NULL, &error));
    SAYS_NOTHING(1, ecgrid_session_call(session, "canary", "/v2/x", NULL, 0, NULL, &error));
    SAYS_NOTHING(1, ecgrid_session_change_password(session, "canary-Passw0rd", "canary", &error));
    SAYS_NOTHING(1, ecgrid_session_change_password(session, "canary\xff", "canary-N3w-password", &error));
    SAYS_NOTHING(1, ecgrid_session_with_api_key(client, "canary key\n", &none, &error));
    SAYS_NOTHING(1, ecgrid_session_with_api_key(client, "canary-\xc3\xbc", &none, &error));
    ecgrid_session_free(session);
}

int main(void)
{
    static const char *const prefixes[] = {"", "call-", "refresh-"};
    const char *const urls[] = {said("ECHO_HTTP"), said("ECHO_HTTPS")};
    for (int u = 0; u < 2; u++) {
        ecgrid_client *forgets = client_at(urls[u], 0), *keeps = client_at(urls[u], 1);
        for (size_t k = 0; k < sizeof KINDS / sizeof *KINDS; k++) {
            for (size_t p = 0; p < 3; p++)
                for (size_t w = 0; w < 3; w++)
                    one_life((k + w) % 2 ? forgets : keeps, prefixes[p], KINDS[k], PASSWORDS[w]);
            one_life_with_a_key(forgets, KINDS[k]);
        }
        wrong_arguments_are_not_repeated(forgets);
        ecgrid_client_free(forgets);
        ecgrid_client_free(keeps);
    }
    CHECK(heard_lines(&heard, ECGRID_LOG_ERROR) > 0 && heard_lines(&heard, ECGRID_LOG_DEBUG) > 0);
    return check_done();
}
