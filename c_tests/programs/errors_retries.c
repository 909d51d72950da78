/* Tried again is only what was not done: 429, ECGrid's own 503, and a kept connection that died. The last error says
   how often. */
#include "support.h"

static ecgrid_status tried(int32_t attempts, const char *login, ecgrid_error **error)
{
    ecgrid_config *config = config_for(said("SANDBOX_HTTP"));
    CHECK_INT(ecgrid_config_set_max_attempts(config, attempts, NULL), ECGRID_OK);
    ecgrid_client *client = client_of(config);
    ecgrid_token *token = NULL;
    ecgrid_status status = ecgrid_client_login(client, login, PASSWORD, &token, error);
    ecgrid_token_free(token);
    ecgrid_client_free(client);
    return status;
}

int main(void)
{
    ecgrid_error *error = NULL;
    CHECK_INT(tried(3, "flaky-2-503@a.example", NULL), ECGRID_OK);
    CHECK_INT(tried(3, "flaky-2-429@a.example", NULL), ECGRID_OK);
    CHECK_INT(tried(2, "flaky-2-503@b.example", &error), ECGRID_SERVER_ERROR);
    CHECK_HAS(ecgrid_error_message(error), "2 tries");
    CHECK_INT(ecgrid_error_outcome(error), ECGRID_OUTCOME_REFUSED);
    ecgrid_error_free(error);
    CHECK_INT(tried(1, "flaky-1-503@c.example", NULL), ECGRID_SERVER_ERROR);

    /* Had these been sent again, the second try would have worked. */
    CHECK_INT(tried(3, "flaky-1-500@a.example", NULL), ECGRID_SERVER_ERROR);
    CHECK_INT(tried(3, "flaky-1-401@a.example", NULL), ECGRID_UNAUTHENTICATED);
    CHECK_INT(tried(3, "flaky-1-reset@a.example", NULL), ECGRID_CONNECTION_LOST);
    CHECK_INT(tried(3, "flaky-1-lost@a.example", NULL), ECGRID_CONNECTION_LOST);
    CHECK_INT(tried(3, "flaky-1-problem-503@a.example", NULL), ECGRID_SERVER_ERROR);
    CHECK_INT(tried(3, "flaky-1-gateway-503@a.example", &error), ECGRID_SERVER_ERROR);
    CHECK_INT(ecgrid_error_outcome(error), ECGRID_OUTCOME_UNKNOWN);
    ecgrid_error_free(error);

    ecgrid_client *client = client_for(said("SANDBOX_HTTP"));
    CHECK_INT(log_in_as(client, "stale@example.com"), ECGRID_OK);
    CHECK_INT(log_in(client), ECGRID_OK);
    ecgrid_client_free(client);
    return check_done();
}
