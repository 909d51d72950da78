/* ecgrid_client_cancel from another thread ends the calls of its handle, soon, and no others. */
#define _POSIX_C_SOURCE 200809L
#include "background.h"
#include "environment.h"
#include "listener.h"

static struct listener server;

static void is_ended_soon(const ecgrid_client *client, struct background *call)
{
    int64_t limit_ms = atoi(said("CANCEL_MS"));
    int64_t begun_ms = clock_ms();
    ecgrid_client_cancel(client);
    CHECK_INT(background_end(call), ECGRID_CANCELLED);
    int64_t took_ms = call->ended_ms - begun_ms;
    if (!CHECK(took_ms < limit_ms)) printf("  it took %" PRId64 " ms\n", took_ms);
}

/* The client works on: its next request gets its answer. */
static void works_on(const ecgrid_client *client)
{
    struct background call;
    background_begin(&call, client, USER);
    listener_answer(listener_request(&server), "401 Unauthorized");
    CHECK_INT(background_end(&call), ECGRID_UNAUTHENTICATED);
}

static void a_call_that_waits_for_its_answer(void)
{
    ecgrid_client *client = client_for(server.url);
    for (int i = 0; i < 3; i++) {
        struct background call;
        background_begin(&call, client, USER);
        socket_t connection = listener_request(&server);
        is_ended_soon(client, &call);
        socket_close(connection);
    }
    works_on(client);
    ecgrid_client_free(client);
}

static void a_call_in_the_tls_handshake(void)
{
    char url[100];
    snprintf(url, sizeof url, "https%s", server.url + strlen("http"));
    ecgrid_client *client = client_for(url);
    struct background call;
    background_begin(&call, client, USER);
    socket_t connection = accept(server.socket, NULL, NULL);
    is_ended_soon(client, &call);
    socket_close(connection);
    ecgrid_client_free(client);
}

static void a_call_that_pauses_before_another_try(void)
{
    ecgrid_client *client = client_for(server.url);
    struct background call;
    background_begin(&call, client, USER);
    listener_answer(listener_request(&server), "503 Busy\r\nRetry-After: 20");
    is_ended_soon(client, &call);
    works_on(client);
    ecgrid_client_free(client);
}

static void every_call_of_the_handle_but_none_of_other_handles(void)
{
    ecgrid_client *client = client_for(server.url), *clone = NULL, *other = NULL;
    CHECK_INT(ecgrid_client_clone(client, &clone, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_client_clone(client, &other, NULL), ECGRID_OK);
    struct background of_client, of_clone[2], of_other;
    background_begin(&of_client, client, USER);
    socket_t first = listener_request(&server);
    background_begin(&of_other, other, USER);
    socket_t second = listener_request(&server);
    background_begin(&of_clone[0], clone, USER);
    background_begin(&of_clone[1], clone, USER);
    socket_t third = listener_request(&server), fourth = listener_request(&server);

    ecgrid_client_cancel(clone);
    CHECK_INT(background_end(&of_clone[0]), ECGRID_CANCELLED);
    CHECK_INT(background_end(&of_clone[1]), ECGRID_CANCELLED);
    listener_answer(first, "403 Forbidden");
    listener_answer(second, "404 Not Found");
    CHECK_INT(background_end(&of_client), ECGRID_FORBIDDEN);
    CHECK_INT(background_end(&of_other), ECGRID_NOT_FOUND);
    socket_close(third);
    socket_close(fourth);
    works_on(clone);
    ecgrid_client_free(client);
    works_on(clone);
    ecgrid_client_free(clone);
    ecgrid_client_free(other);
}

static void later_calls_are_not_touched(void)
{
    ecgrid_client *client = client_for(server.url);
    for (int i = 0; i < 5; i++) ecgrid_client_cancel(client);
    works_on(client);
    ecgrid_client_free(client);
}

static void a_cancelled_login_says_that_it_may_have_been_done(void)
{
    ecgrid_client *client = client_for(server.url);
    struct background call;
    background_begin(&call, client, USER);
    socket_t connection = listener_request(&server);
    ecgrid_client_cancel(client);
    CHECK_INT(background_end(&call), ECGRID_CANCELLED);
    CHECK_INT(call.outcome, ECGRID_OUTCOME_UNKNOWN);
    socket_close(connection);
    ecgrid_client_free(client);
}

int main(void)
{
    unsetenv("SANDBOX_CA");
    CHECK(listener_open(&server));
    a_call_that_waits_for_its_answer();
    a_call_in_the_tls_handshake();
    a_call_that_pauses_before_another_try();
    every_call_of_the_handle_but_none_of_other_handles();
    later_calls_are_not_touched();
    a_cancelled_login_says_that_it_may_have_been_done();
    socket_close(server.socket);
    return check_done();
}
