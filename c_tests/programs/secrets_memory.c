/* Memory that held a password, a key or a token is wiped before it is freed: seen by a malloc that looks. */
#define _POSIX_C_SOURCE 200809L
#include "watched_heap.h"

#include "telling.h"

#define LOGIN "token@example.com"
#define CANARY "canary-password"

static void the_detector_detects(void)
{
    static const char *const secrets[] = {"canary-password", "canary-api-key", "canary-token", "canary-proxy-password",
                                          "Y2FuYXJ5", "cHJveHl1c2VyOmNhbmFye"};
    CHECK_INT(HEAP_SECRETS, sizeof secrets / sizeof *secrets);
    for (int i = 0; i < HEAP_SECRETS; i++) {
        char *block = (char *)malloc(1000);
        memset(block, '.', 1000);
        memcpy(block + 900, secrets[i], strlen(secrets[i]));
        free(block);
        CHECK_INT(heap_found[i], 1);

        block = (char *)malloc(100);
        memset(block, '.', 100);
        memcpy(block, secrets[i], strlen(secrets[i]));
        block = (char *)realloc(block, 5000);
        CHECK_INT(heap_found[i], 2);
        memset(block, 0, 5000);
        free(block);
        CHECK_INT(heap_found[i], 2);
        heap_found[i] = 0;
    }
}

static void the_library_uses_this_heap(void)
{
    long before = heap_frees;
    ecgrid_config *config = ecgrid_config_new();
    ecgrid_config_free(config);
    CHECK(heap_frees > before);
}

static void log_in_once(const ecgrid_client *client, const char *login, ecgrid_status expected)
{
    ecgrid_token *token = NULL;
    ecgrid_error *error = NULL;
    if (!CHECK_INT(ecgrid_client_login(client, login, CANARY, &token, &error), expected))
        printf("  %s\n", ecgrid_error_message(error));
    CHECK((strncmp(ecgrid_token_value(token), "canary-token", 12) == 0) == (expected == ECGRID_OK));
    ecgrid_token_free(token);
    ecgrid_error_free(error);
}

static void a_whole_life(const char *url, const char *proxy)
{
    ecgrid_config *config = config_for(url);
    CHECK_INT(ecgrid_config_set_api_key(config, "canary-api-key", NULL), ECGRID_OK);
    CHECK_INT(ecgrid_config_set_api_key(config, "canary-api-key-2", NULL), ECGRID_OK);
    char proxy_url[200];
    snprintf(proxy_url, sizeof proxy_url, "http://proxyuser:canary-proxy-password@%s", proxy);
    if (*proxy) CHECK_INT(ecgrid_config_set_proxy(config, proxy_url, NULL), ECGRID_OK);
    ecgrid_config_set_max_attempts(config, 1, NULL);
    ecgrid_config_set_timeout_ms(config, 10000, NULL);
    listen_to(config);
    ecgrid_client *client = client_of(config), *clone = NULL;
    nothing_was_found("settings");
    CHECK_INT(ecgrid_client_clone(client, &clone, NULL), ECGRID_OK);
    if (strcmp(proxy, said("PROXY_REFUSING")) == 0) {
        log_in_once(client, LOGIN, ECGRID_UNREACHABLE);
    } else {
        log_in_once(client, LOGIN, ECGRID_OK);
        nothing_was_found("a login that worked");
        log_in_once(clone, "json-401@example.com", ECGRID_UNAUTHENTICATED);
        log_in_once(client, "json-500@example.com", ECGRID_SERVER_ERROR);
        log_in_once(client, "text-401@example.com", ECGRID_UNAUTHENTICATED);
        log_in_once(client, "location-307@example.com", ECGRID_BAD_RESPONSE);
        nothing_was_found("logins that failed");
        log_in_once(client, "half-token@example.com", ECGRID_BAD_RESPONSE);
        log_in_once(client, "two-tokens@example.com", ECGRID_BAD_RESPONSE);
        log_in_once(client, "close@example.com", ECGRID_CONNECTION_LOST);
        log_in_once(client, "garbage@example.com", ECGRID_BAD_RESPONSE);
        nothing_was_found("answers that were none");
        log_in_once(client, "long-token@example.com", ECGRID_OK);
        log_in_once(clone, "padded-token@example.com", ECGRID_OK);
    }
    ecgrid_client_free(client);
    ecgrid_client_free(clone);
    nothing_was_found("the end");
}

/* The last error of a thread is the library's own until the next call. */
static void the_short_way(void)
{
    ecgrid_token *token = NULL;
    CHECK_INT(ecgrid_login(LOGIN, CANARY, &token, NULL), ECGRID_OK);
    ecgrid_token_free(token);
    CHECK_INT(ecgrid_login("json-401@example.com", CANARY, &token, NULL), ECGRID_UNAUTHENTICATED);
    CHECK_INT(ecgrid_login(LOGIN, CANARY, &token, NULL), ECGRID_OK);
    ecgrid_token_free(token);
    nothing_was_found("ecgrid_login");
}

int main(void)
{
    the_detector_detects();
    the_library_uses_this_heap();
    const char *const urls[] = {said("ECHO_HTTP"), said("ECHO_HTTPS")};
    const char *const proxies[] = {"", said("PROXY_OPEN"), said("PROXY_REFUSING")};
    for (int u = 0; u < 2; u++)
        for (int p = 0; p < 3; p++) a_whole_life(urls[u], proxies[p]);
    the_short_way();
    CHECK(heap_frees > 1000);
    CHECK_INT(heap_found_in_all(), 0);
    return check_done();
}
