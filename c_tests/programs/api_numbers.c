/* Every function that takes a number, with absurd ones; and what only ecgrid_client_new can refuse. */
#include <limits.h>

#include "support.h"

static void numbers_out_of_range_are_refused(void)
{
    static const struct {
        const char *name;
        ecgrid_status (*set)(ecgrid_config *config, int64_t number, ecgrid_error **error);
    } setters[] = {
        {"ecgrid_config_set_timeout_ms", ecgrid_config_set_timeout_ms},
        {"ecgrid_config_set_connect_timeout_ms", ecgrid_config_set_connect_timeout_ms},
        {"ecgrid_config_set_max_response_bytes", ecgrid_config_set_max_response_bytes},
    };
    static const struct {
        int64_t number;
        ecgrid_status status;
    } numbers[] = {
        {0, ECGRID_INVALID_ARGUMENT}, {-1, ECGRID_INVALID_ARGUMENT}, {INT64_MIN, ECGRID_INVALID_ARGUMENT},
        {1, ECGRID_OK},               {30000, ECGRID_OK},            {INT64_MAX, ECGRID_OK},
    };
    for (size_t s = 0; s < sizeof setters / sizeof *setters; s++) {
        check_row = setters[s].name;
        ecgrid_config *config = ecgrid_config_new();
        for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++) {
            ecgrid_error *error = NULL;
            CHECK_INT(setters[s].set(config, numbers[n].number, &error), numbers[n].status);
            CHECK_INT(ecgrid_error_status(error), numbers[n].status);
            if (error) CHECK(is_one_line(ecgrid_error_message(error)));
            ecgrid_error_free(error);
        }
        ecgrid_config_free(config);
    }
    check_row = "";
}

/* 0 is the configuration's again. */
static void a_handle_s_timeout_is_0_or_more(void)
{
    ecgrid_client *client = client_for("http://127.0.0.1:9");
    ecgrid_session *session = NULL;
    CHECK_INT(ecgrid_session_with_api_key(client, "key", &session, NULL), ECGRID_OK);
    const int64_t numbers[] = {INT64_MIN, -1, 0, 1, INT64_MAX};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        ecgrid_status wanted = numbers[i] < 0 ? ECGRID_INVALID_ARGUMENT : ECGRID_OK;
        ecgrid_error *errors[2] = {NULL, NULL};
        CHECK_INT(ecgrid_client_set_timeout_ms(client, numbers[i], &errors[0]), wanted);
        CHECK_INT(ecgrid_session_set_timeout_ms(session, numbers[i], &errors[1]), wanted);
        for (int e = 0; e < 2; e++) {
            CHECK_INT(ecgrid_error_status(errors[e]), wanted);
            if (errors[e]) CHECK_HAS(ecgrid_error_message(errors[e]), "timeout");
            ecgrid_error_free(errors[e]);
        }
    }
    ecgrid_session_free(session);
    ecgrid_client_free(client);
}

static void attempts_are_1_to_10(void)
{
    ecgrid_config *config = ecgrid_config_new();
    const int32_t wrong[] = {0, -1, 11, INT32_MIN, INT32_MAX};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ecgrid_error *error = NULL;
        CHECK_INT(ecgrid_config_set_max_attempts(config, wrong[i], &error), ECGRID_INVALID_ARGUMENT);
        CHECK_HAS(ecgrid_error_message(error), "1 to 10");
        ecgrid_error_free(error);
    }
    CHECK_INT(ecgrid_config_set_max_attempts(config, 1, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_config_set_max_attempts(config, 10, NULL), ECGRID_OK);
    ecgrid_config_free(config);
}

static void switches_are_1_or_0(void)
{
    ecgrid_status (*const setters[])(ecgrid_config *, int32_t, ecgrid_error **) = {
        ecgrid_config_set_keep_password,
        ecgrid_config_set_keep_alive,
    };
    ecgrid_config *config = ecgrid_config_new();
    const int32_t wrong[] = {-1, 2, INT32_MIN, INT32_MAX};
    for (size_t s = 0; s < sizeof setters / sizeof *setters; s++) {
        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
            ecgrid_error *error = NULL;
            CHECK_INT(setters[s](config, wrong[i], &error), ECGRID_INVALID_ARGUMENT);
            CHECK_INT(ecgrid_error_outcome(error), ECGRID_OUTCOME_NOT_SENT);
            CHECK(is_one_line(ecgrid_error_message(error)));
            CHECK_HAS(ecgrid_error_message(error), "1");
            ecgrid_error_free(error);
        }
        CHECK_INT(setters[s](config, 1, NULL), ECGRID_OK);
        CHECK_INT(setters[s](config, 0, NULL), ECGRID_OK);
    }
    ecgrid_config_free(config);
}

static void the_largest_numbers_work(void)
{
    ecgrid_config *config = config_for(said("SANDBOX_HTTP"));
    CHECK_INT(ecgrid_config_set_timeout_ms(config, INT64_MAX, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_config_set_connect_timeout_ms(config, INT64_MAX, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_config_set_max_response_bytes(config, INT64_MAX, NULL), ECGRID_OK);
    ecgrid_client *client = client_of(config);
    CHECK_INT(log_in(client), ECGRID_OK);
    CHECK_INT(log_in_as(client, "flaky-1-503@numbers.example"), ECGRID_OK);
    ecgrid_client_free(client);
}

static void the_smallest_numbers_hold(void)
{
    ecgrid_config *config = config_for(said("SANDBOX_HTTP"));
    CHECK_INT(ecgrid_config_set_max_response_bytes(config, 1, NULL), ECGRID_OK);
    ecgrid_client *client = client_of(config);
    CHECK_INT(log_in(client), ECGRID_BAD_RESPONSE);
    ecgrid_client_free(client);

    config = config_for(said("SANDBOX_HTTP"));
    CHECK_INT(ecgrid_config_set_timeout_ms(config, 1, NULL), ECGRID_OK);
    client = client_of(config);
    CHECK_INT(log_in_as(client, "hang@example.com"), ECGRID_TIMEOUT);
    ecgrid_client_free(client);
}

#define BASE ecgrid_config_set_base_url
#define PROXY ecgrid_config_set_proxy
#define CA ecgrid_config_set_ca_file

static void what_cannot_work_is_refused_when_the_client_is_made(void)
{
    static const struct {
        ecgrid_status (*set)(ecgrid_config *config, const char *text, ecgrid_error **error);
        const char *text, *because;
    } rows[] = {
        {BASE, "rest.ecgrid.io", "https://"},
        {BASE, "ftp://rest.ecgrid.io", "https://"},
        {BASE, "https://", "host"},
        {BASE, "https:///v2", "host"},
        {BASE, "https://user@rest.ecgrid.io", "user"},
        {BASE, "https://rest.ecgrid.io?x=1", "query"},
        {BASE, "https://rest.ecgrid.io#x", "fragment"},
        {BASE, "https://rest.ecgrid.io:0", "port"},
        {BASE, "https://rest.ecgrid.io:99999", "port"},
        {BASE, "http://rest.ecgrid.io", "in the clear"},
        {PROXY, "socks5://127.0.0.1:1080", "socks5"},
        {PROXY, "https://127.0.0.1:1080", "https"},
        {PROXY, "http://", "host"},
        {PROXY, "http://127.0.0.1:0", "port"},
        {CA, "/no/such/file.pem", "/no/such/file.pem"},
        {CA, "/", "/"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row = rows[i].text;
        ecgrid_config *config = ecgrid_config_new();
        CHECK_INT(rows[i].set(config, rows[i].text, NULL), ECGRID_OK);
        ecgrid_client *client = (ecgrid_client *)(void *)&config;
        ecgrid_error *error = NULL;
        CHECK_INT(ecgrid_client_new(config, &client, &error), ECGRID_INVALID_CONFIGURATION);
        CHECK(client == NULL);
        CHECK_INT(ecgrid_error_status(error), ECGRID_INVALID_CONFIGURATION);
        CHECK_INT(ecgrid_error_outcome(error), ECGRID_OUTCOME_NOT_SENT);
        CHECK(is_one_line(ecgrid_error_message(error)));
        CHECK_HAS(ecgrid_error_message(error), rows[i].because);
        ecgrid_error_free(error);
        ecgrid_config_free(config);
    }
    check_row = "";
}

int main(void)
{
    numbers_out_of_range_are_refused();
    a_handle_s_timeout_is_0_or_more();
    attempts_are_1_to_10();
    switches_are_1_or_0();
    the_largest_numbers_work();
    the_smallest_numbers_hold();
    what_cannot_work_is_refused_when_the_client_is_made();
    return check_done();
}
