/* A machine without any certificates, such as an empty container: Mozilla's list, as built in, decides. */
#define _GNU_SOURCE
#include "empty_root.h"

int main(void)
{
    char url[100];
    /* By number, as there is no /etc/hosts any more either. */
    snprintf(url, sizeof url, "https://127.0.0.1%s", strrchr(said("SANDBOX_HTTPS"), ':'));
    ecgrid_config *trusting = config_for(url);
    ecgrid_client *with_file = client_of(trusting);
    if (!CHECK(enter_empty_root(said("EMPTY_ROOT")))) return check_done();
    CHECK(access("/etc/ssl", F_OK) != 0);

    ecgrid_config *config = ecgrid_config_new();
    CHECK_INT(ecgrid_config_set_base_url(config, url, NULL), ECGRID_OK);
    ecgrid_client *client = client_of(config);
    for (int i = 0; i < 2; i++) {
        ecgrid_token *token = NULL;
        ecgrid_error *error = NULL;
        CHECK_INT(ecgrid_client_login(client, USER, PASSWORD, &token, &error), ECGRID_TLS);
        CHECK_INT(ecgrid_error_outcome(error), ECGRID_OUTCOME_NOT_SENT);
        CHECK_HAS(ecgrid_error_message(error), "unknown to");
        CHECK_HAS(ecgrid_error_message(error), "built-in Mozilla");
        CHECK_HAS(ecgrid_error_message(error), "the CA file");
        ecgrid_error_free(error);
    }
    /* It was the authority and nothing else: with the file read before, the same server is trusted. */
    CHECK_INT(log_in(with_file), ECGRID_OK);
    ecgrid_client_free(with_file);
    ecgrid_client_free(client);
    return check_done();
}
