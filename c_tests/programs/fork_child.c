/* What a forked child may do with the library that its parent has used. */
#define _POSIX_C_SOURCE 200809L
#include "child.h"

static ecgrid_status short_way(void)
{
    ecgrid_token *token = NULL;
    ecgrid_status status = ecgrid_login(USER, PASSWORD, &token, NULL);
    CHECK_INT(ecgrid_token_user_id(token), status == ECGRID_OK ? USER_ID : 0);
    ecgrid_token_free(token);
    return status;
}

static void cannot_use_its_parent_s_client(void *argument)
{
    ecgrid_client *client = (ecgrid_client *)argument, *clone = client;
    ecgrid_token *token = (ecgrid_token *)argument;
    ecgrid_response *response = (ecgrid_response *)argument;
    ecgrid_error *error = NULL;
    CHECK_INT(ecgrid_client_login(client, USER, PASSWORD, &token, &error), ECGRID_INVALID_STATE);
    CHECK(token == NULL);
    CHECK_INT(ecgrid_error_outcome(error), ECGRID_OUTCOME_NOT_SENT);
    CHECK_HAS(ecgrid_error_message(error), "fork");
    ecgrid_error_free(error);
    CHECK_INT(ecgrid_client_server_version(client, &response, NULL), ECGRID_INVALID_STATE);
    CHECK(response == NULL);
    CHECK_INT(ecgrid_client_clone(client, &clone, NULL), ECGRID_INVALID_STATE);
    CHECK(clone == NULL);
    CHECK_INT(ecgrid_client_set_timeout_ms(client, 1, NULL), ECGRID_INVALID_STATE);
    ecgrid_client_cancel(client);
    ecgrid_client_stop(client);
    ecgrid_client_free(client);
}

static void can_use_a_client_of_its_own(void *unused)
{
    (void)unused;
    const char *const urls[] = {said("SANDBOX_HTTP"), said("SANDBOX_HTTPS")};
    for (int i = 0; i < 2; i++) {
        ecgrid_client *client = client_for(urls[i]);
        CHECK_INT(log_in(client), ECGRID_OK);
        CHECK_INT(log_in_as(client, "fault-403@example.com"), ECGRID_FORBIDDEN);
        ecgrid_client_free(client);
    }
}

static void can_go_the_short_way(void *unused)
{
    (void)unused;
    CHECK_INT(short_way(), ECGRID_OK);
    CHECK_INT(short_way(), ECGRID_OK);
}

static void can_fork_again(void *unused)
{
    CHECK_INT(short_way(), ECGRID_OK);
    in_child(can_go_the_short_way, unused);
    CHECK_INT(short_way(), ECGRID_OK);
}

/* Tokens and errors are plain data, good on both sides. */
static void can_read_what_its_parent_was_given(void *argument)
{
    ecgrid_token *token = (ecgrid_token *)argument;
    CHECK_INT(ecgrid_token_user_id(token), USER_ID);
    CHECK(strlen(ecgrid_token_value(token)) > 20);
    ecgrid_token_free(token);
}

int main(void)
{
    in_child(can_go_the_short_way, NULL);
    CHECK_INT(short_way(), ECGRID_OK);
    in_child(can_go_the_short_way, NULL);
    in_child(can_fork_again, NULL);
    in_child(can_use_a_client_of_its_own, NULL);
    CHECK_INT(short_way(), ECGRID_OK);

    const char *const urls[] = {said("SANDBOX_HTTP"), said("SANDBOX_HTTPS")};
    for (int i = 0; i < 2; i++) {
        ecgrid_client *client = client_for(urls[i]);
        ecgrid_token *token = NULL;
        in_child(cannot_use_its_parent_s_client, client);
        CHECK_INT(ecgrid_client_login(client, USER, PASSWORD, &token, NULL), ECGRID_OK);
        in_child(cannot_use_its_parent_s_client, client);
        in_child(can_read_what_its_parent_was_given, token);
        CHECK_INT(log_in(client), ECGRID_OK);
        ecgrid_token_free(token);
        ecgrid_client_free(client);
    }
    return check_done();
}
