/* ecgrid_config_set_log: what it refuses is the caller's still, and what it takes is released once. */
#include <limits.h>

#include "hearing.h"

static void what_is_refused_is_not_released(void)
{
    static const struct {
        int32_t level;
        int has_function;
        const char *because;
    } rows[] = {
        {-1, 1, "0 to 4"}, {5, 1, "0 to 4"}, {INT32_MIN, 1, "0 to 4"}, {INT32_MAX, 1, "0 to 4"},
        {ECGRID_LOG_ERROR, 0, "NULL"}, {ECGRID_LOG_DEBUG, 0, "NULL"},
    };
    struct hearing hearing = {{0}, 0, NULL}, kept = {{0}, 0, NULL};
    ecgrid_config *config = ecgrid_config_new();
    hear_all(config, &kept);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ecgrid_error *error = NULL;
        CHECK_INT(ecgrid_config_set_log(config, rows[i].level, rows[i].has_function ? hear : NULL, &hearing,
                                        hear_release, &error),
                  ECGRID_INVALID_ARGUMENT);
        CHECK_HAS(ecgrid_error_message(error), rows[i].because);
        ecgrid_error_free(error);
    }
    CHECK_INT(ecgrid_config_set_log(NULL, ECGRID_LOG_INFO, hear, &hearing, hear_release, NULL), ECGRID_INVALID_ARGUMENT);
    CHECK_INT(heard_release(&kept), 0);
    ecgrid_config_free(config);
    CHECK_INT(heard_release(&hearing), 0);
    CHECK_INT(heard_release(&kept), 1);
}

/* The client and its session, whichever goes last; not the configuration. */
static void what_is_taken_is_released_with_the_last_handle(int session_first)
{
    struct hearing hearing = {{0}, 0, NULL};
    ecgrid_config *config = config_for(said("SANDBOX_HTTP"));
    hear_all(config, &hearing);
    ecgrid_client *client = client_of(config);
    ecgrid_session *session = NULL;
    CHECK_INT(ecgrid_session_with_api_key(client, "any-key", &session, NULL), ECGRID_OK);
    CHECK_INT(log_in(client), ECGRID_OK);
    CHECK_INT(log_in_as(client, "fault-403@example.com"), ECGRID_FORBIDDEN);
    CHECK_INT(heard_lines(&hearing, ECGRID_LOG_INFO), 1);
    CHECK_INT(heard_lines(&hearing, ECGRID_LOG_ERROR), 1);
    CHECK(heard_lines(&hearing, ECGRID_LOG_DEBUG) > 10);
    if (session_first) ecgrid_session_free(session);
    else ecgrid_client_free(client);
    CHECK_INT(heard_release(&hearing), 0);
    if (session_first) ecgrid_client_free(client);
    else ecgrid_session_free(session);
    CHECK_INT(heard_release(&hearing), 1);
}

static void off_needs_no_function_and_is_released_too(void)
{
    struct hearing hearing = {{0}, 0, NULL};
    ecgrid_config *config = config_for(said("SANDBOX_HTTP"));
    CHECK_INT(ecgrid_config_set_log(config, ECGRID_LOG_OFF, NULL, &hearing, hear_release, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_config_set_log(config, ECGRID_LOG_OFF, NULL, NULL, NULL, NULL), ECGRID_OK);
    CHECK_INT(heard_release(&hearing), 1);
    ecgrid_client *client = client_of(config);
    CHECK_INT(log_in(client), ECGRID_OK);
    ecgrid_client_free(client);
}

int main(void)
{
    what_is_refused_is_not_released();
    what_is_taken_is_released_with_the_last_handle(0);
    what_is_taken_is_released_with_the_last_handle(1);
    off_needs_no_function_and_is_released_too();
    return check_done();
}
