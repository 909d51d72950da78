/* A child that frees its parent's client leaves the parent's kept connection alone. The runner counts connections. */
#define _POSIX_C_SOURCE 200809L
#include "child.h"

static void free_it(void *client)
{
    ecgrid_client_free((ecgrid_client *)client);
    CHECK(ecgrid_last_error() == NULL);
}

static void cancel_it_and_leave(void *client)
{
    ecgrid_client_cancel((ecgrid_client *)client);
    CHECK_INT(log_in((ecgrid_client *)client), ECGRID_INVALID_STATE);
}

int main(void)
{
    ecgrid_client *client = client_for(said("FORK_URL"));
    CHECK_INT(log_in(client), ECGRID_OK);
    in_child(free_it, client);
    CHECK_INT(log_in(client), ECGRID_OK);
    in_child(cancel_it_and_leave, client);
    CHECK_INT(log_in(client), ECGRID_OK);
    ecgrid_client_free(client);
    return check_done();
}
