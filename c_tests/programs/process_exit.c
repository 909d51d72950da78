/* At the end of a process every function still works: in atexit handlers, in destructors of threads and of the program. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>

#include "support.h"

static ecgrid_client *client;
static ecgrid_session *session, *of_thread;
static pthread_key_t key;

/* A call that works, one that fails, and the error of that. */
static void use_it(const char *when)
{
    check_row = when;
    ecgrid_response *response = NULL;
    ecgrid_error *error = NULL;
    CHECK_INT(ecgrid_session_call(session, "GET", "/v2/users/me", NULL, 0, &response, &error), ECGRID_OK);
    CHECK_STR(ecgrid_response_string(response, "/login"), USER);
    CHECK(error == NULL);
    ecgrid_response_free(response);
    CHECK_INT(ecgrid_session_call(session, "GET", "/v2/parcels/0", NULL, 0, NULL, &error), ECGRID_NOT_FOUND);
    CHECK_INT(ecgrid_error_status(error), ECGRID_NOT_FOUND);
    CHECK(is_one_line(ecgrid_error_message(error)));
    ecgrid_error_free(error);
    CHECK_INT(log_in(client), ECGRID_OK);
    ecgrid_session *other = NULL;
    CHECK_INT(ecgrid_session_login(client, USER, PASSWORD, &other, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_session_refresh(other, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_session_logout(other, NULL), ECGRID_OK);
    ecgrid_session_free(other);
    check_row = "";
}

static void thread_ends(void *value)
{
    (void)value;
    use_it("in a destructor of a thread");
    ecgrid_session_free(of_thread);
}

static void *run(void *nothing)
{
    (void)nothing;
    pthread_setspecific(key, &key);
    CHECK_INT(ecgrid_session_clone(session, &of_thread, NULL), ECGRID_OK);
    use_it("in a thread");
    return NULL;
}

static void at_exit(void)
{
    use_it("in an atexit handler");
}

__attribute__((destructor)) static void last(void)
{
    use_it("in a destructor of the program");
    ecgrid_session_free(session);
    ecgrid_client_free(client);
    fflush(stdout);
    /* Too late to return it. */
    int failed = check_done();
    fflush(stdout);
    _exit(failed);
}

int main(void)
{
    atexit(at_exit);
    client = client_for(said("SANDBOX_HTTPS"));
    CHECK_INT(ecgrid_session_login(client, USER, PASSWORD, &session, NULL), ECGRID_OK);
    use_it("in main");
    pthread_key_create(&key, thread_ends);
    pthread_t thread;
    pthread_create(&thread, NULL, run, NULL);
    pthread_join(thread, NULL);
    return 0;
}
