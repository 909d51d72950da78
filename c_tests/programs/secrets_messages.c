/* Whatever fails, no message has a secret in it: against a server and proxies that repeat all they are told. */
#define _POSIX_C_SOURCE 200809L
#include "environment.h"
#include "telling.h"

static const char *const PASSWORDS[] = {
    "canary-password",
    "canary-\"quoted\\password",
    "canary pass&word<with>%41 m\xc3\xbcll",
};
#define API_KEY "canary-api-key"

/* Special logins of the repeating server. */
static const char *const LOGINS[] = {
    "json-400@example.com",   "json-401@example.com",  "json-403@example.com",     "json-429@example.com",
    "json-500@example.com",   "json-503@example.com",  "json-200@example.com",     "code-401@example.com",
    "problem-400@example.com", "html-502@example.com", "text-401@example.com",     "text-200@example.com",
    "raw-401@example.com",    "base64-401@example.com", "location-307@example.com", "reason-401@example.com",
    "retry-429@example.com",  "garbage@example.com",   "half-token@example.com",
    "two-tokens@example.com", "close@example.com",     "no-such-name@example.com",
};

static void fails_without_telling(const ecgrid_client *client, const char *login, const char *password)
{
    ecgrid_token *token = NULL;
    ecgrid_error *error = NULL;
    ecgrid_status status = ecgrid_client_login(client, login, password, &token, &error);
    CHECK(status != ECGRID_OK);
    const char *message = ecgrid_error_message(error);
    if (!CHECK(!tells(message) && !tells(ecgrid_error_code(error)))) printf("  %s\n", message);
    if (!CHECK(!tells(ecgrid_error_trace_id(error)))) printf("  %s\n", ecgrid_error_trace_id(error));
    CHECK(is_one_line(message));
    ecgrid_error_free(error);
    ecgrid_token_free(token);
}

static ecgrid_client *client_through(const char *url, const char *proxy)
{
    ecgrid_config *config = config_for(url);
    CHECK_INT(ecgrid_config_set_api_key(config, API_KEY, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_config_set_max_attempts(config, 1, NULL), ECGRID_OK);
    char proxy_url[200];
    snprintf(proxy_url, sizeof proxy_url, "http://proxyuser:canary-proxy-password@%s", proxy);
    if (*proxy) CHECK_INT(ecgrid_config_set_proxy(config, proxy_url, NULL), ECGRID_OK);
    listen_to(config);
    return client_of(config);
}

static void servers_and_proxies_repeat_secrets(void)
{
    const char *const urls[] = {said("ECHO_HTTP"), said("ECHO_HTTPS")};
    const char *const proxies[] = {"", said("PROXY_OPEN"), said("PROXY_REFUSING"), said("PROXY_DYING"), "127.0.0.1:1"};
    for (int u = 0; u < 2; u++) {
        for (size_t p = 0; p < sizeof proxies / sizeof *proxies; p++) {
            ecgrid_client *client = client_through(urls[u], proxies[p]);
            size_t logins = p < 2 ? sizeof LOGINS / sizeof *LOGINS : 1; /* beyond a closed proxy all are the same */
            for (size_t l = 0; l < logins; l++) {
                for (size_t w = 0; w < sizeof PASSWORDS / sizeof *PASSWORDS; w++) {
                    char row[200];
                    snprintf(row, sizeof row, "%s at %s by \"%s\", password %zu", LOGINS[l], urls[u], proxies[p], w);
                    check_row = row;
                    fails_without_telling(client, LOGINS[l], PASSWORDS[w]);
                    check_row = "";
                }
            }
            ecgrid_client_free(client);
        }
    }
}

/* Settings that are refused, where a person pasted a secret into the wrong place. */
static void wrong_settings_are_not_repeated(void)
{
    static const struct {
        ecgrid_status (*set)(ecgrid_config *config, const char *text, ecgrid_error **error);
        const char *text;
    } rows[] = {
        {ecgrid_config_set_base_url, "https://user:canary@rest.ecgrid.io"},
        {ecgrid_config_set_base_url, "https://rest.ecgrid.io?key=canary"},
        {ecgrid_config_set_base_url, "https://rest.ecgrid.io#canary"},
        {ecgrid_config_set_base_url, "https://user:canary@ho st"},
        {ecgrid_config_set_proxy, "socks5://user:canary@proxy:1080"},
        {ecgrid_config_set_proxy, "http://user:canary@proxy:99999"},
        {ecgrid_config_set_proxy, "http://user:canary@"},
        {ecgrid_config_set_proxy, "http://user:canary@pro xy:80"},
        {ecgrid_config_set_proxy, "user:canary"},
        {ecgrid_config_set_api_key, "canary\n"},
        {ecgrid_config_set_api_key, "canary\xff"},
        {ecgrid_config_set_api_key, "canary-\xc3\xbc"},
        {ecgrid_config_set_proxy, "http://user:canary\r\n@proxy:80"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row = rows[i].text;
        ecgrid_config *config = ecgrid_config_new();
        ecgrid_client *client = NULL;
        ecgrid_error *error = NULL;
        listen_to(config);
        ecgrid_status status = rows[i].set(config, rows[i].text, &error);
        if (status == ECGRID_OK) status = ecgrid_client_new(config, &client, &error);
        CHECK(status == ECGRID_INVALID_ARGUMENT || status == ECGRID_INVALID_CONFIGURATION);
        if (!CHECK(!tells(ecgrid_error_message(error)))) printf("  %s\n", ecgrid_error_message(error));
        ecgrid_error_free(error);
        ecgrid_client_free(client);
        ecgrid_config_free(config);
        check_row = "";
    }
}

static void wrong_variables_are_not_repeated(void)
{
    static const struct {
        const char *name, *value;
    } rows[] = {
        {"ECGRID_API_KEY", "canary\n"},
        {"ECGRID_API_KEY", "canary\xff"},
        {"ECGRID_PROXY", "socks5://user:canary@proxy"},
        {"HTTPS_PROXY", "socks5://user:canary@proxy"},
        {"ALL_PROXY", "http://user:canary@:0"},
        {"ECGRID_BASE_URL", "https://user:canary@rest.ecgrid.io"},
    };
    /* Everybody's proxies are not for a base URL on this machine, and then nobody reads what they say. */
    unsetenv("ECGRID_BASE_URL");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row = rows[i].name;
        setenv(rows[i].name, rows[i].value, 1);
        ecgrid_config *config = NULL;
        ecgrid_client *client = NULL;
        ecgrid_error *error = NULL;
        ecgrid_status status = ecgrid_config_from_env(&config, &error);
        if (config) listen_to(config);
        if (status == ECGRID_OK) status = ecgrid_client_new(config, &client, &error);
        CHECK_INT(status, ECGRID_INVALID_CONFIGURATION);
        if (!CHECK(!tells(ecgrid_error_message(error)))) printf("  %s\n", ecgrid_error_message(error));
        ecgrid_error_free(error);
        ecgrid_client_free(client);
        ecgrid_config_free(config);
        unsetenv(rows[i].name);
        check_row = "";
    }
}

int main(void)
{
    servers_and_proxies_repeat_secrets();
    wrong_settings_are_not_repeated();
    wrong_variables_are_not_repeated();
    CHECK(heard_lines(&heard, ECGRID_LOG_ERROR) > 0 && heard_lines(&heard, ECGRID_LOG_DEBUG) > 0);
    return check_done();
}
