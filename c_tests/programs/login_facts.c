/* A login that works: what the token says, over HTTP and HTTPS. */
#include <time.h>

#include "support.h"

static void a_token_says_all_it_knows(const ecgrid_client *client)
{
    ecgrid_token *token = NULL;
    ecgrid_error *error = (ecgrid_error *)(void *)&token;
    CHECK_INT(ecgrid_client_login(client, USER, PASSWORD, &token, &error), ECGRID_OK);
    CHECK(error == NULL);
    CHECK(ecgrid_last_error() == NULL);

    const char *jwt = ecgrid_token_value(token);
    CHECK_INT(strncmp(jwt, "eyJ", 3), 0);
    CHECK_INT(strspn(jwt, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."), (int64_t)strlen(jwt));
    CHECK_STR(ecgrid_token_header_name(token), "Authorization");
    const char *header = ecgrid_token_header_value(token);
    CHECK_INT(strncmp(header, "Bearer ", 7), 0);
    CHECK_STR(header + 7, jwt);
    CHECK_INT(ecgrid_token_user_id(token), USER_ID);

    /* The two clocks may round to different seconds. */
    int64_t now = (int64_t)time(NULL);
    CHECK(ecgrid_token_expires_at(token) > now + 3500 && ecgrid_token_expires_at(token) <= now + 3600 + 2);
    int64_t left = ecgrid_token_expires_in(token);
    CHECK(left > 3500 && left <= 3600);
    CHECK(ecgrid_token_expires_in(token) <= left);
    ecgrid_token_free(token);
}

/* (login, user id, whether it expires, seconds left at least and at most) of the sandbox's odd but good answers. */
static void odd_answers_are_read_liberally(const ecgrid_client *client)
{
    static const struct {
        const char *login;
        int64_t user_id, least, most;
    } rows[] = {
        {"ok@example.com", USER_ID, 3500, 3600},
        {"opaque-token@example.com", USER_ID, 3500, 3600},
        {"no-user-id@example.com", 0, 3500, 3600},
        {"null-user-id@example.com", 0, 3500, 3600},
        {"user-id-string@example.com", USER_ID, 3500, 3600},
        {"user-id-big@example.com", INT64_C(9007199254740993), 3500, 3600},
        {"user-id-huge@example.com", 0, 3500, 3600},
        {"user-id-negative@example.com", -1, 3500, 3600},
        {"no-expiry@example.com", USER_ID, 3500, 3600},
        {"null-expiry@example.com", USER_ID, 3500, 3600},
        {"bad-expiry@example.com", USER_ID, 3500, 3600},
        {"expiry-offset@example.com", USER_ID, 3500, 3600},
        {"expiry-naive@example.com", USER_ID, 3500, 3600},
        {"expiry-fraction@example.com", USER_ID, 3500, 3600},
        {"expired@example.com", USER_ID, 0, 0},
        {"clock-ahead@example.com", USER_ID, 3500, 3600},
        {"clock-behind@example.com", USER_ID, 3500, 3600},
        {"upper-case@example.com", USER_ID, 3500, 3600},
        {"pascal-case@example.com", USER_ID, 3500, 3600},
        {"extra-members@example.com", USER_ID, 3500, 3600},
        {"null-error-code@example.com", USER_ID, 3500, 3600},
        {"no-error-code@example.com", USER_ID, 3500, 3600},
        {"no-content-type@example.com", USER_ID, 3500, 3600},
        {"no-date@example.com", USER_ID, 3500, 3600},
        {"early-hints@example.com", USER_ID, 3500, 3600},
        {"chunked@example.com", USER_ID, 3500, 3600},
        {"until-close@example.com", USER_ID, 3500, 3600},
        {"connection-close@example.com", USER_ID, 3500, 3600},
        {"silent-close@example.com", USER_ID, 3500, 3600},
        {"drip-1@example.com", USER_ID, 3500, 3600},
        {"slow-50@example.com", USER_ID, 3500, 3600},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row = rows[i].login;
        ecgrid_token *token = NULL;
        ecgrid_error *error = NULL;
        if (!CHECK_INT(ecgrid_client_login(client, rows[i].login, "any", &token, &error), ECGRID_OK))
            printf("  %s\n", ecgrid_error_message(error));
        CHECK_INT(ecgrid_token_user_id(token), rows[i].user_id);
        int64_t left = ecgrid_token_expires_in(token);
        CHECK(left >= rows[i].least && left <= rows[i].most);
        CHECK(ecgrid_token_expires_at(token) > 0);
        CHECK(strlen(ecgrid_token_value(token)) >= 32);
        ecgrid_error_free(error);
        ecgrid_token_free(token);
    }
    check_row = "";
}

static void the_version_is_an_answer_to_look_into(const ecgrid_client *client)
{
    ecgrid_response *response = NULL;
    CHECK_INT(ecgrid_client_server_version(client, &response, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_response_http_status(response), 200);
    size_t length = 0;
    CHECK_STR(ecgrid_response_data(response, &length), "{\"version\":\"2.6\"}");
    CHECK_INT((int64_t)length, 17);
    const char *body = ecgrid_response_body(response, &length);
    CHECK_HAS(body, "{\"version\":\"2.6\"}");
    CHECK_INT((int64_t)length, (int64_t)strlen(body));
    const char *version = ecgrid_response_string(response, "/version");
    CHECK_STR(version, "2.6");
    CHECK_STR(ecgrid_response_string(response, "/VERSION"), "2.6");
    CHECK_STR(ecgrid_response_string(response, ""), "");
    CHECK_STR(ecgrid_response_string(response, "/nothing"), "");
    CHECK_INT(ecgrid_response_int(response, "/version", 42), 42);
    CHECK_STR(version, "2.6"); /* still there after other look-ups */
    ecgrid_response_free(response);
    CHECK_INT(ecgrid_client_server_version(client, NULL, NULL), ECGRID_OK);
}

static void handles_outlive_each_other(const char *url)
{
    ecgrid_config *config = config_for(url);
    ecgrid_client *client = NULL, *clone = NULL;
    CHECK_INT(ecgrid_client_new(config, &client, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_client_clone(client, &clone, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_config_set_base_url(config, "https://elsewhere.invalid", NULL), ECGRID_OK);
    ecgrid_config_free(config);
    ecgrid_token *token = NULL;
    CHECK_INT(ecgrid_client_login(client, USER, PASSWORD, &token, NULL), ECGRID_OK);
    ecgrid_error *error = NULL;
    CHECK_INT(ecgrid_client_login(client, USER, "wrong", &(ecgrid_token *){NULL}, &error), ECGRID_UNAUTHENTICATED);
    ecgrid_client_free(client);
    CHECK_INT(log_in(clone), ECGRID_OK);
    ecgrid_client_free(clone);
    CHECK_INT(ecgrid_token_user_id(token), USER_ID);
    CHECK(strlen(ecgrid_token_value(token)) > 20);
    CHECK_INT(ecgrid_error_http_status(error), 401);
    ecgrid_token_free(token);
    ecgrid_error_free(error);
}

int main(void)
{
    const char *const urls[] = {said("SANDBOX_HTTP"), said("SANDBOX_HTTPS")};
    for (int i = 0; i < 2; i++) {
        ecgrid_client *client = client_for(urls[i]);
        a_token_says_all_it_knows(client);
        odd_answers_are_read_liberally(client);
        the_version_is_an_answer_to_look_into(client);
        ecgrid_client_free(client);
        handles_outlive_each_other(urls[i]);
    }
    return check_done();
}
