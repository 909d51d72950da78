/* A bug inside the library is an error like any other. Only for the library that is built with the test hook. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>

#include "capture.h"
#include "support.h"

ecgrid_status ecgrid_test_panic(ecgrid_error **error);

static void it_becomes_an_error_that_tells_no_secret(void)
{
    struct capture capture;
    char text[2000];
    ecgrid_error *error = NULL;
    capture_begin(&capture);
    ecgrid_status status = ecgrid_test_panic(&error);
    CHECK_INT(capture_end(&capture, text, sizeof text), 0);
    CHECK_STR(text, "");

    CHECK_INT(status, ECGRID_INTERNAL);
    CHECK(error != NULL);
    CHECK_INT(ecgrid_error_status(error), ECGRID_INTERNAL);
    CHECK_INT(ecgrid_error_outcome(error), ECGRID_OUTCOME_UNKNOWN);
    CHECK(is_one_line(ecgrid_error_message(error)));
    CHECK_HAS(ecgrid_error_message(error), "bug in libecgrid");
    CHECK(strstr(ecgrid_error_message(error), "canary") == NULL);
    CHECK_INT(ecgrid_error_status(ecgrid_last_error()), ECGRID_INTERNAL);
    ecgrid_error_free(error);
    CHECK_INT(ecgrid_test_panic(NULL), ECGRID_INTERNAL);
}

static void the_next_call_works(const ecgrid_client *client)
{
    CHECK_INT(log_in(client), ECGRID_OK);
    CHECK(ecgrid_last_error() == NULL);
}

static void *again_and_again(void *client)
{
    for (int i = 0; i < 20; i++) {
        CHECK_INT(ecgrid_test_panic(NULL), ECGRID_INTERNAL);
        CHECK_INT(log_in_as((const ecgrid_client *)client, "fault-401@example.com"), ECGRID_UNAUTHENTICATED);
    }
    return NULL;
}

int main(void)
{
    ecgrid_client *client = client_for(said("SANDBOX_HTTP"));
    it_becomes_an_error_that_tells_no_secret();
    the_next_call_works(client);
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, again_and_again, client);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    the_next_call_works(client);
    ecgrid_client_free(client);
    return check_done();
}
