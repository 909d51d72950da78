/* What a session held is wiped before it is freed, whichever way it ends: seen by a malloc that looks. */
#define _POSIX_C_SOURCE 200809L
#include "watched_heap.h"

#include "sessions.h"
#include "telling.h"

#define CANARY "canary-password-1A!"
#define NEW_CANARY "canary-password-2B!"
#define BODY "{\"password\":\"canary-password-3C!\",\"apiKey\":\"canary-api-key-4\"}"

static void the_detector_detects(void)
{
    char *block = (char *)malloc(100);
    memset(block, '.', 100);
    memcpy(block + 20, CANARY, sizeof CANARY);
    free(block);
    CHECK_INT(heap_found[0], 1);
    heap_found[0] = 0;
}

static ecgrid_client *client_at(const char *url, int keep)
{
    ecgrid_config *config = config_for(url);
    CHECK_INT(ecgrid_config_set_max_attempts(config, 1, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_config_set_keep_password(config, keep, NULL), ECGRID_OK);
    listen_to(config);
    return client_of(config);
}

static ecgrid_session *session_with(const ecgrid_client *client, const char *login)
{
    ecgrid_session *session = NULL;
    CHECK_INT(ecgrid_session_login(client, login, CANARY, &session, NULL), ECGRID_OK);
    return session;
}

/* The server repeats all of it in its answers. */
static void calls(const ecgrid_session *session)
{
    ecgrid_response *response = NULL;
    const char *path = "/v2/users/create?token=canary-token-5";
    CHECK_INT(ecgrid_session_call(session, "POST", path, BODY, strlen(BODY), &response, NULL), ECGRID_OK);
    CHECK_HAS(ecgrid_response_body(response, NULL), "canary-password-3C!");
    ecgrid_response_free(response);
    response = NULL;
    CHECK_INT(ecgrid_session_generate_api_key(session, 4822, &response, NULL), ECGRID_OK);
    CHECK_STR(ecgrid_response_string(response, ""), "canary-api-key.ok");
    ecgrid_response_free(response);
    CHECK_INT(ecgrid_session_info(session, NULL, NULL), ECGRID_OK);
    nothing_was_found("calls");
}

static void a_life_with_a_token(const char *url, int keep, int ends_by_logout)
{
    ecgrid_client *client = client_at(url, keep);
    ecgrid_session *session = session_with(client, "grant-ok@example.com"), *clone = clone_of(session);
    nothing_was_found("a login");
    calls(session);
    ecgrid_token *token = NULL;
    CHECK_INT(ecgrid_session_token(clone, &token, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_session_refresh(session, NULL), ECGRID_OK);
    CHECK_INT(strncmp(ecgrid_token_value(token), "canary-token", 12), 0);
    ecgrid_token_free(token);
    CHECK_INT(ecgrid_session_refresh(session, NULL), ECGRID_OK);
    calls(clone);
    nothing_was_found("refreshes");
    CHECK_INT(ecgrid_session_change_password(session, CANARY, NEW_CANARY, NULL), ECGRID_OK);
    nothing_was_found("another password");
    ecgrid_session_free(clone);
    if (ends_by_logout) CHECK_INT(ecgrid_session_logout(session, NULL), ECGRID_OK);
    nothing_was_found("a logout");
    ecgrid_session_free(session);
    ecgrid_client_free(client);
    nothing_was_found("the end");
}

/* Refused calls, refused and lost refreshes, logins with the kept password that are no use either. */
static void a_life_that_goes_wrong(const char *url, int keep, const char *wish)
{
    ecgrid_client *client = client_at(url, keep);
    char login[100];
    snprintf(login, sizeof login, "grant-%s@example.com", wish);
    ecgrid_session *session = session_with(client, login);
    ecgrid_session_call(session, "PUT", "/v2/users/1?key=canary-api-key-5", BODY, strlen(BODY), NULL, NULL);
    nothing_was_found("a call that went wrong");
    ecgrid_session_change_password(session, CANARY, NEW_CANARY, NULL);
    nothing_was_found("a change that went wrong");
    ecgrid_session_refresh(session, NULL);
    ecgrid_session_call(session, "PUT", "/v2/users/1", BODY, strlen(BODY), NULL, NULL);
    ecgrid_session_logout(session, NULL);
    nothing_was_found("a refresh that went wrong");
    ecgrid_session_free(session);
    ecgrid_client_free(client);
    /* The last error of a thread is the library's own until the next call. */
    ecgrid_config *config = NULL;
    CHECK_INT(ecgrid_config_from_env(&config, NULL), ECGRID_OK);
    ecgrid_config_free(config);
    nothing_was_found(wish);
}

static void a_life_with_a_key(const char *url)
{
    ecgrid_client *client = client_at(url, 0);
    ecgrid_session *session = NULL;
    CHECK_INT(ecgrid_session_with_api_key(client, "canary-api-key.call-ok", &session, NULL), ECGRID_OK);
    calls(session);
    /* Its own, which it changes over to. */
    CHECK_INT(ecgrid_session_generate_api_key(session, USER_ID, NULL, NULL), ECGRID_OK);
    nothing_was_found("another key");
    calls(session);
    CHECK_INT(ecgrid_session_logout(session, NULL), ECGRID_OK);
    nothing_was_found("a logout");
    ecgrid_session_free(session);
    ecgrid_client_free(client);
    nothing_was_found("the end of a key");
}

int main(void)
{
    the_detector_detects();
    const char *const urls[] = {said("ECHO_HTTP"), said("ECHO_HTTPS")};
    static const char *const wishes[] = {"json-401", "call-json-400", "refresh-json-401", "refresh-json-400",
                                         "refresh-close", "close", "call-garbage", "refresh-half-token",
                                         "refresh-two-tokens"};
    for (int u = 0; u < 2; u++) {
        for (int keep = 0; keep < 2; keep++) {
            a_life_with_a_token(urls[u], keep, 0);
            a_life_with_a_token(urls[u], keep, 1);
            for (size_t w = 0; w < sizeof wishes / sizeof *wishes; w++)
                a_life_that_goes_wrong(urls[u], keep, wishes[w]);
        }
        a_life_with_a_key(urls[u]);
    }
    CHECK(heap_frees > 1000);
    CHECK_INT(heap_found_in_all(), 0);
    return check_done();
}
