/* Every function that can fail, with NULL for every pointer in every combination; those of sessions have their own. */
#include "null_table.h"

static ecgrid_client *client;

static ecgrid_status login(unsigned null, enum place *place, ecgrid_error **error)
{
    RESULT(ecgrid_login(GIVEN(0, USER), GIVEN(1, PASSWORD), GIVEN(2, &result), error), ecgrid_token, ecgrid_token_free);
}

static ecgrid_status client_login(unsigned null, enum place *place, ecgrid_error **error)
{
    RESULT(ecgrid_client_login(GIVEN(3, client), GIVEN(0, USER), GIVEN(1, PASSWORD), GIVEN(2, &result), error),
           ecgrid_token, ecgrid_token_free);
}

static ecgrid_status from_env(unsigned null, enum place *place, ecgrid_error **error)
{
    RESULT(ecgrid_config_from_env(GIVEN(0, &result), error), ecgrid_config, ecgrid_config_free);
}

static ecgrid_status client_new(unsigned null, enum place *place, ecgrid_error **error)
{
    ecgrid_config *config = ecgrid_config_new();
    ecgrid_client *result = MARKED(ecgrid_client);
    ecgrid_status status = ecgrid_client_new(GIVEN(1, config), GIVEN(0, &result), error);
    ecgrid_config_free(config);
    *place = PLACE(result);
    if (*place == FILLED) ecgrid_client_free(result);
    return status;
}

static ecgrid_status client_clone(unsigned null, enum place *place, ecgrid_error **error)
{
    RESULT(ecgrid_client_clone(GIVEN(1, client), GIVEN(0, &result), error), ecgrid_client, ecgrid_client_free);
}

static ecgrid_status client_set_timeout(unsigned null, enum place *place, ecgrid_error **error)
{
    *place = UNTOUCHED;
    return ecgrid_client_set_timeout_ms(GIVEN(0, client), 0, error);
}

static ecgrid_status server_version(unsigned null, enum place *place, ecgrid_error **error)
{
    RESULT(ecgrid_client_server_version(GIVEN(1, client), GIVEN(0, &result), error), ecgrid_response,
           ecgrid_response_free);
}

static ecgrid_status from_json(unsigned null, enum place *place, ecgrid_error **error)
{
    static const char json[] = "{\"success\":true,\"data\":7}";
    RESULT(ecgrid_response_from_json(GIVEN(1, json), sizeof json - 1, GIVEN(0, &result), error), ecgrid_response,
           ecgrid_response_free);
}

#define SETTER(name, call)                                                             \
    static ecgrid_status name(unsigned null, enum place *place, ecgrid_error **error)  \
    {                                                                                  \
        ecgrid_config *config = ecgrid_config_new();                                   \
        ecgrid_status status = call;                                                   \
        ecgrid_config_free(config);                                                    \
        *place = UNTOUCHED;                                                            \
        return status;                                                                 \
    }
#define TEXT_SETTER(name, text) SETTER(name, ecgrid_config_##name(GIVEN(0, config), GIVEN(1, text), error))
#define NUMBER_SETTER(name) SETTER(name, ecgrid_config_##name(GIVEN(0, config), 1, error))

TEXT_SETTER(set_base_url, "https://ecgrid.example")
TEXT_SETTER(set_api_key, "key")
TEXT_SETTER(set_ca_file, "/no/such/file")
TEXT_SETTER(set_proxy, "http://proxy.example:3128")
TEXT_SETTER(set_user_agent, "acme/1.0")
NUMBER_SETTER(set_timeout_ms)
NUMBER_SETTER(set_connect_timeout_ms)
NUMBER_SETTER(set_max_attempts)
NUMBER_SETTER(set_max_response_bytes)
NUMBER_SETTER(set_keep_password)
NUMBER_SETTER(set_keep_alive)

static void told(void *context, int32_t level, const char *line)
{
    (void)context, (void)level, (void)line;
}

static void released(void *context)
{
    CHECK(!context || context == (void *)&client);
}

SETTER(set_log, ecgrid_config_set_log(GIVEN(0, config), ECGRID_LOG_DEBUG, GIVEN(1, told), GIVEN(2, (void *)&client),
                                      GIVEN(3, released), error))

static const struct row rows[] = {
    {"ecgrid_login", 3, 7, 2, login},
    {"ecgrid_client_login", 4, 15, 2, client_login},
    {"ecgrid_config_from_env", 1, 1, 0, from_env},
    {"ecgrid_client_new", 2, 1, 0, client_new},
    {"ecgrid_client_clone", 2, 3, 0, client_clone},
    {"ecgrid_client_set_timeout_ms", 1, 1, -1, client_set_timeout},
    {"ecgrid_client_server_version", 2, 2, 0, server_version},
    {"ecgrid_response_from_json", 2, 3, 0, from_json},
    {"ecgrid_config_set_base_url", 2, 3, -1, set_base_url},
    {"ecgrid_config_set_api_key", 2, 3, -1, set_api_key},
    {"ecgrid_config_set_ca_file", 2, 3, -1, set_ca_file},
    {"ecgrid_config_set_proxy", 2, 3, -1, set_proxy},
    {"ecgrid_config_set_user_agent", 2, 3, -1, set_user_agent},
    {"ecgrid_config_set_timeout_ms", 1, 1, -1, set_timeout_ms},
    {"ecgrid_config_set_connect_timeout_ms", 1, 1, -1, set_connect_timeout_ms},
    {"ecgrid_config_set_max_attempts", 1, 1, -1, set_max_attempts},
    {"ecgrid_config_set_max_response_bytes", 1, 1, -1, set_max_response_bytes},
    {"ecgrid_config_set_keep_password", 1, 1, -1, set_keep_password},
    {"ecgrid_config_set_keep_alive", 1, 1, -1, set_keep_alive},
    {"ecgrid_config_set_log", 4, 3, -1, set_log},
};

int main(void)
{
    client = client_for(said("SANDBOX_HTTP"));
    every_combination(rows, sizeof rows / sizeof *rows);
    ecgrid_client_free(client);
    return check_done();
}
