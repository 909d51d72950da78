/* ecgrid_last_error: this thread's last failure, until this thread's next call that can fail. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>

#include "support.h"

static ecgrid_client *client;

static void *in_another_thread(void *unused)
{
    (void)unused;
    CHECK(ecgrid_last_error() == NULL);
    CHECK_INT(log_in_as(client, "fault-403@example.com"), ECGRID_FORBIDDEN);
    CHECK_INT(ecgrid_error_status(ecgrid_last_error()), ECGRID_FORBIDDEN);
    return NULL;
}

static void it_is_the_thread_s_own(void)
{
    CHECK_INT(log_in_as(client, "fault-409@example.com"), ECGRID_REJECTED);
    const ecgrid_error *ours = ecgrid_last_error();
    pthread_t thread;
    pthread_create(&thread, NULL, in_another_thread, NULL);
    pthread_join(thread, NULL);
    CHECK(ecgrid_last_error() == ours);
    CHECK_INT(ecgrid_error_http_status(ours), 409);
}

static void calls_that_cannot_fail_leave_it(void)
{
    CHECK_INT(log_in_as(client, "fault-404@example.com"), ECGRID_NOT_FOUND);
    const ecgrid_error *last = ecgrid_last_error();
    const char *message = ecgrid_error_message(last);
    ecgrid_config *config = ecgrid_config_new();
    ecgrid_config_free(config);
    ecgrid_client_cancel(client);
    ecgrid_token_free(NULL);
    ecgrid_version();
    ecgrid_status_name(3);
    CHECK(ecgrid_last_error() == last);
    CHECK(ecgrid_error_message(ecgrid_last_error()) == message);
    CHECK_HAS(message, "404");
}

static void every_call_that_can_fail_replaces_it(void)
{
    CHECK_INT(log_in_as(client, "fault-404@example.com"), ECGRID_NOT_FOUND);
    CHECK_INT(ecgrid_config_set_timeout_ms(NULL, 5, NULL), ECGRID_INVALID_ARGUMENT);
    CHECK_INT(ecgrid_error_status(ecgrid_last_error()), ECGRID_INVALID_ARGUMENT);
    ecgrid_config *config = ecgrid_config_new();
    CHECK_INT(ecgrid_config_set_timeout_ms(config, 5, NULL), ECGRID_OK);
    CHECK(ecgrid_last_error() == NULL);
    ecgrid_config_free(config);
}

static void the_error_a_caller_owns_lives_on(void)
{
    ecgrid_token *token = NULL;
    ecgrid_error *error = NULL;
    CHECK_INT(ecgrid_client_login(client, "fault-418@example.com", "any", &token, &error), ECGRID_REJECTED);
    CHECK_INT(log_in(client), ECGRID_OK);
    CHECK(ecgrid_last_error() == NULL);
    CHECK_INT(ecgrid_error_http_status(error), 418);
    CHECK_HAS(ecgrid_error_message(error), "418");

    CHECK_INT(ecgrid_client_login(client, "", "any", &token, NULL), ECGRID_INVALID_ARGUMENT);
    const ecgrid_error *last = ecgrid_last_error();
    ecgrid_error_free(error);
    CHECK_INT(ecgrid_error_status(last), ECGRID_INVALID_ARGUMENT);
}

static void freeing_the_owned_one_leaves_the_last_one(void)
{
    ecgrid_token *token = NULL;
    ecgrid_error *error = NULL;
    CHECK_INT(ecgrid_client_login(client, "fault-418@example.com", "any", &token, &error), ECGRID_REJECTED);
    ecgrid_error_free(error);
    CHECK_INT(ecgrid_error_http_status(ecgrid_last_error()), 418);
    CHECK_HAS(ecgrid_error_message(ecgrid_last_error()), "418");
}

int main(void)
{
    client = client_for(said("SANDBOX_HTTP"));
    it_is_the_thread_s_own();
    calls_that_cannot_fail_leave_it();
    every_call_that_can_fail_replaces_it();
    the_error_a_caller_owns_lives_on();
    freeing_the_owned_one_leaves_the_last_one();
    ecgrid_client_free(client);
    return check_done();
}
