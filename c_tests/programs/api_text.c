/* Every function that takes text, with text that it cannot take. */
#include "support.h"
#include "texts.h"

static ecgrid_client *client;

static ecgrid_status as_login(ecgrid_config *config, const char *text, ecgrid_error **error)
{
    (void)config;
    ecgrid_token *token = NULL;
    ecgrid_status status = ecgrid_login(text, PASSWORD, &token, error);
    CHECK(token == NULL);
    return status;
}

static ecgrid_status as_password(ecgrid_config *config, const char *text, ecgrid_error **error)
{
    (void)config;
    ecgrid_token *token = NULL;
    ecgrid_status status = ecgrid_login(USER, text, &token, error);
    CHECK(token == NULL);
    return status;
}

static ecgrid_status as_client_login(ecgrid_config *config, const char *text, ecgrid_error **error)
{
    (void)config;
    ecgrid_token *token = NULL;
    ecgrid_status status = ecgrid_client_login(client, text, PASSWORD, &token, error);
    CHECK(token == NULL);
    return status;
}

static ecgrid_status as_client_password(ecgrid_config *config, const char *text, ecgrid_error **error)
{
    (void)config;
    ecgrid_token *token = NULL;
    ecgrid_status status = ecgrid_client_login(client, USER, text, &token, error);
    CHECK(token == NULL);
    return status;
}

#define NO ECGRID_INVALID_ARGUMENT
#define WRONG ECGRID_UNAUTHENTICATED /* taken, sent, and nobody's password */

static const struct {
    const char *name;
    ecgrid_status (*call)(ecgrid_config *config, const char *text, ecgrid_error **error);
    ecgrid_status expected[KINDS];
} functions[] = {
    {"ecgrid_login login", as_login, {NO, NO, WRONG, WRONG, WRONG}},
    {"ecgrid_login password", as_password, {NO, NO, WRONG, WRONG, WRONG}},
    {"ecgrid_client_login login", as_client_login, {NO, NO, WRONG, WRONG, WRONG}},
    {"ecgrid_client_login password", as_client_password, {NO, NO, WRONG, WRONG, WRONG}},
    {"ecgrid_config_set_base_url", ecgrid_config_set_base_url, {NO, NO, NO, ECGRID_OK, ECGRID_OK}},
    {"ecgrid_config_set_api_key", ecgrid_config_set_api_key, {NO, NO, NO, NO, ECGRID_OK}},
    {"ecgrid_config_set_ca_file", ecgrid_config_set_ca_file, {NO, NO, NO, ECGRID_OK, ECGRID_OK}},
    {"ecgrid_config_set_proxy", ecgrid_config_set_proxy, {ECGRID_OK, NO, NO, ECGRID_OK, ECGRID_OK}},
    {"ecgrid_config_set_user_agent", ecgrid_config_set_user_agent, {NO, NO, NO, NO, ECGRID_OK}},
};

static void text_is_taken_or_refused_with_a_reason(void)
{
    for (size_t f = 0; f < sizeof functions / sizeof *functions; f++) {
        ecgrid_config *config = ecgrid_config_new();
        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
            char row[200];
            snprintf(row, sizeof row, "%s, text %zu", functions[f].name, t);
            check_row = row;
            ecgrid_error *error = NULL;
            ecgrid_status status = functions[f].call(config, texts[t].text, &error);
            CHECK_INT(status, functions[f].expected[texts[t].kind]);
            CHECK_INT(ecgrid_error_status(error), status);
            if (status != ECGRID_OK) CHECK(is_one_line(ecgrid_error_message(error)));
            if (status == NO) CHECK_INT(ecgrid_error_outcome(error), ECGRID_OUTCOME_NOT_SENT);
            ecgrid_error_free(error);
            check_row = "";
        }
        ecgrid_config_free(config);
    }
}

static void a_header_value_has_at_most_2048_bytes(void)
{
    char text[2050];
    memset(text, 'k', sizeof text);
    ecgrid_config *config = ecgrid_config_new();
    text[2049] = '\0';
    CHECK_INT(ecgrid_config_set_api_key(config, text, NULL), ECGRID_INVALID_ARGUMENT);
    CHECK_INT(ecgrid_config_set_user_agent(config, text, NULL), ECGRID_INVALID_ARGUMENT);
    text[2048] = '\0';
    CHECK_INT(ecgrid_config_set_api_key(config, text, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_config_set_user_agent(config, text, NULL), ECGRID_OK);
    ecgrid_config_free(config);
}

static void a_refused_setting_keeps_its_old_value(void)
{
    ecgrid_config *config = config_for(said("SANDBOX_HTTP"));
    CHECK_INT(ecgrid_config_set_base_url(config, "", NULL), ECGRID_INVALID_ARGUMENT);
    CHECK_INT(ecgrid_config_set_base_url(config, NULL, NULL), ECGRID_INVALID_ARGUMENT);
    CHECK_INT(ecgrid_config_set_timeout_ms(config, 0, NULL), ECGRID_INVALID_ARGUMENT);
    ecgrid_client *same = client_of(config);
    CHECK_INT(log_in(same), ECGRID_OK);
    ecgrid_client_free(same);
}

static void a_malformed_pointer_finds_nothing(void)
{
    ecgrid_response *response = NULL;
    CHECK_INT(ecgrid_client_server_version(client, &response, NULL), ECGRID_OK);
    const char *const pointers[] = {NULL, "version", "/", "//", "/version/", "/~", "/~2", "/\xff", "/\n", "/0", "/-1"};
    for (size_t i = 0; i < sizeof pointers / sizeof *pointers; i++) {
        CHECK_STR(ecgrid_response_string(response, pointers[i]), "");
        CHECK_INT(ecgrid_response_int(response, pointers[i], INT64_MIN), INT64_MIN);
    }
    CHECK_STR(ecgrid_response_string(response, "/version"), "2.6");
    ecgrid_response_free(response);
}

int main(void)
{
    client = client_for(said("SANDBOX_HTTP"));
    text_is_taken_or_refused_with_a_reason();
    a_header_value_has_at_most_2048_bytes();
    a_refused_setting_keeps_its_old_value();
    a_malformed_pointer_finds_nothing();
    ecgrid_client_free(client);
    return check_done();
}
