/* What most programs need: where the test servers are, and clients for them. */
#ifndef SUPPORT_H
#define SUPPORT_H

#include <ecgrid.h>

#include "check.h"

#define USER "jsmith@example.com"
#define PASSWORD "Sup3r$ecret!"
#define USER_ID 4821

/* What the runner says through the environment: SANDBOX_HTTP, SANDBOX_HTTPS, SANDBOX_CA … */
static inline const char *said(const char *name)
{
    const char *value = getenv(name);
    if (!value) {
        printf("FAILED the runner did not set %s\n0 passed, 1 failed\n", name);
        exit(1);
    }
    return value;
}

static inline ecgrid_config *config_for(const char *url)
{
    ecgrid_config *config = ecgrid_config_new();
    CHECK_INT(ecgrid_config_set_base_url(config, url, NULL), ECGRID_OK);
    const char *ca_file = getenv("SANDBOX_CA");
    if (ca_file) CHECK_INT(ecgrid_config_set_ca_file(config, ca_file, NULL), ECGRID_OK);
    return config;
}

/* Takes the configuration. */
static inline ecgrid_client *client_of(ecgrid_config *config)
{
    ecgrid_client *client = NULL;
    ecgrid_error *error = NULL;
    if (!CHECK_INT(ecgrid_client_new(config, &client, &error), ECGRID_OK)) {
        printf("no client: %s\n", ecgrid_error_message(error));
        exit(check_done());
    }
    ecgrid_config_free(config);
    return client;
}

static inline ecgrid_client *client_for(const char *url)
{
    return client_of(config_for(url));
}

/* A login whose token nobody needs. */
static inline ecgrid_status log_in_as(const ecgrid_client *client, const char *login)
{
    ecgrid_token *token = NULL;
    ecgrid_status status = ecgrid_client_login(client, login, PASSWORD, &token, NULL);
    ecgrid_token_free(token);
    return status;
}

static inline ecgrid_status log_in(const ecgrid_client *client)
{
    return log_in_as(client, USER);
}

/* One line, not empty, of printable text. */
static inline int is_one_line(const char *text)
{
    if (!text || !*text) return 0;
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f) return 0;
    return 1;
}

#endif
