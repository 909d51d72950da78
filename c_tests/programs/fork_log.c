/* A forked child neither calls its parent's function nor releases its context; a log of its own works. */
#define _POSIX_C_SOURCE 200809L
#include "child.h"
#include "hearing.h"

struct parents {
    ecgrid_config *config;
    ecgrid_client *client;
    ecgrid_session *session;
    struct hearing *hearing;
};

static void tells_its_parent_s_function_nothing(void *argument)
{
    struct parents *parents = (struct parents *)argument;
    struct hearing before = *parents->hearing;
    CHECK_INT(log_in(parents->client), ECGRID_INVALID_STATE);
    CHECK_INT(ecgrid_session_refresh(parents->session, NULL), ECGRID_INVALID_STATE);
    /* A client of its own, with the settings of its parent but for the log. */
    ecgrid_client *client = NULL;
    CHECK_INT(ecgrid_client_new(parents->config, &client, NULL), ECGRID_OK);
    CHECK_INT(log_in(client), ECGRID_OK);
    ecgrid_client_free(client);
    ecgrid_session_free(parents->session);
    ecgrid_client_free(parents->client);
    ecgrid_config_free(parents->config);
    CHECK(memcmp(&before, parents->hearing, sizeof before) == 0);
}

static void has_a_log_of_its_own(void *unused)
{
    (void)unused;
    struct hearing hearing = {{0}, 0, NULL};
    ecgrid_config *config = config_for(said("SANDBOX_HTTPS"));
    hear_all(config, &hearing);
    ecgrid_client *client = client_of(config);
    CHECK_INT(log_in(client), ECGRID_OK);
    CHECK_INT(heard_lines(&hearing, ECGRID_LOG_INFO), 1);
    ecgrid_client_free(client);
    CHECK_INT(heard_release(&hearing), 1);
}

int main(void)
{
    struct hearing hearing = {{0}, 0, NULL};
    struct parents parents = {config_for(said("SANDBOX_HTTPS")), NULL, NULL, &hearing};
    hear_all(parents.config, &hearing);
    CHECK_INT(ecgrid_client_new(parents.config, &parents.client, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_session_login(parents.client, USER, PASSWORD, &parents.session, NULL), ECGRID_OK);
    in_child(tells_its_parent_s_function_nothing, &parents);
    in_child(has_a_log_of_its_own, NULL);
    CHECK_INT(log_in(parents.client), ECGRID_OK);
    CHECK_INT(heard_lines(&hearing, ECGRID_LOG_INFO), 2);
    ecgrid_session_free(parents.session);
    ecgrid_client_free(parents.client);
    CHECK_INT(heard_release(&hearing), 0);
    ecgrid_config_free(parents.config);
    CHECK_INT(heard_release(&hearing), 1);
    return check_done();
}
