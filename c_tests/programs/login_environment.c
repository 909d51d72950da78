/* ecgrid_login and ecgrid_config_from_env: configured by the environment as it is at the first call. */
#define _POSIX_C_SOURCE 200809L
#include "environment.h"
#include "support.h"

static ecgrid_status try_login(ecgrid_error **error)
{
    ecgrid_token *token = NULL;
    ecgrid_status status = ecgrid_login(USER, PASSWORD, &token, error);
    CHECK((token != NULL) == (status == ECGRID_OK));
    if (token) CHECK_INT(ecgrid_token_user_id(token), USER_ID);
    ecgrid_token_free(token);
    return status;
}

static void a_variable_that_cannot_work_is_named(void)
{
    static const struct {
        const char *name, *value;
    } rows[] = {
        {"ECGRID_BASE_URL", "https://a\nb"},     {"ECGRID_BASE_URL", "\xff"},        {"ECGRID_API_KEY", "k\xc3\xa9y"},
        {"ECGRID_API_KEY", "two\r\nlines"},      {"ECGRID_CA_FILE", "a\tb"},         {"ECGRID_CA_FILE", "\xfe"},
        {"ECGRID_PROXY", "http://a\rb"},         {"ECGRID_PROXY", "\xff"},           {"ECGRID_TIMEOUT_MS", "soon"},
        {"ECGRID_TIMEOUT_MS", "0"},              {"ECGRID_TIMEOUT_MS", "-1"},        {"ECGRID_TIMEOUT_MS", "1.5"},
        {"ECGRID_TIMEOUT_MS", "9223372036854775808"}, {"HTTPS_PROXY", "\xff"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row = rows[i].name;
        setenv(rows[i].name, rows[i].value, 1);
        ecgrid_config *config = (ecgrid_config *)(void *)&check_row;
        ecgrid_error *error = NULL;
        CHECK_INT(ecgrid_config_from_env(&config, &error), ECGRID_INVALID_CONFIGURATION);
        CHECK(config == NULL);
        CHECK_HAS(ecgrid_error_message(error), rows[i].name);
        CHECK(is_one_line(ecgrid_error_message(error)));
        ecgrid_error_free(error);
        unsetenv(rows[i].name);
    }
    check_row = "";
}

static void a_client_that_cannot_be_made_is_tried_again(void)
{
    ecgrid_error *error = NULL;
    setenv("ECGRID_BASE_URL", "gopher://ecgrid", 1);
    CHECK_INT(try_login(&error), ECGRID_INVALID_CONFIGURATION);
    CHECK_HAS(ecgrid_error_message(error), "gopher://ecgrid");
    ecgrid_error_free(error);

    setenv("ECGRID_BASE_URL", said("SANDBOX_HTTPS"), 1);
    setenv("ECGRID_CA_FILE", "/no/such/authority.pem", 1);
    CHECK_INT(try_login(&error), ECGRID_INVALID_CONFIGURATION);
    CHECK_HAS(ecgrid_error_message(error), "/no/such/authority.pem");
    ecgrid_error_free(error);

    setenv("ECGRID_CA_FILE", said("SANDBOX_CA"), 1);
    setenv("ECGRID_TIMEOUT_MS", "soon", 1);
    CHECK_INT(try_login(&error), ECGRID_INVALID_CONFIGURATION);
    CHECK_HAS(ecgrid_error_message(error), "ECGRID_TIMEOUT_MS");
    ecgrid_error_free(error);
}

static void the_client_of_the_first_good_call_is_kept(void)
{
    ecgrid_error *error = NULL;
    setenv("ECGRID_TIMEOUT_MS", " 20000 ", 1);
    setenv("ECGRID_API_KEY", "key-from-the-environment", 1);
    if (!CHECK_INT(try_login(&error), ECGRID_OK)) printf("  %s\n", ecgrid_error_message(error));
    CHECK(error == NULL);

    setenv("ECGRID_BASE_URL", "https://elsewhere.invalid", 1);
    setenv("ECGRID_TIMEOUT_MS", "soon", 1);
    CHECK_INT(try_login(&error), ECGRID_OK);
}

static ecgrid_client *client_from_environment(void)
{
    ecgrid_config *config = NULL;
    CHECK_INT(ecgrid_config_from_env(&config, NULL), ECGRID_OK);
    return client_of(config);
}

static void the_timeout_is_the_environment_s(void)
{
    setenv("ECGRID_BASE_URL", said("SANDBOX_HTTP"), 1);
    setenv("ECGRID_TIMEOUT_MS", "200", 1);
    ecgrid_client *client = client_from_environment();
    CHECK_INT(log_in_as(client, "hang@example.com"), ECGRID_TIMEOUT);
    ecgrid_client_free(client);
    setenv("ECGRID_TIMEOUT_MS", "", 1); /* empty is not set */
    client = client_from_environment();
    CHECK_INT(log_in(client), ECGRID_OK);
    ecgrid_client_free(client);
}

static void a_new_configuration_does_not_look_at_the_environment(void)
{
    setenv("ECGRID_API_KEY", "two\nlines", 1);
    setenv("ECGRID_TIMEOUT_MS", "soon", 1);
    ecgrid_client *client = client_for(said("SANDBOX_HTTP"));
    CHECK_INT(log_in(client), ECGRID_OK);
    ecgrid_client_free(client);
}

int main(void)
{
    a_variable_that_cannot_work_is_named();
    a_client_that_cannot_be_made_is_tried_again();
    the_client_of_the_first_good_call_is_kept();
    unsetenv("ECGRID_API_KEY");
    the_timeout_is_the_environment_s();
    a_new_configuration_does_not_look_at_the_environment();
    return check_done();
}
