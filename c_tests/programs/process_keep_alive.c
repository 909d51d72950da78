/* One thread keeps sessions alive: it is there while one is open, takes no signal, and leaves nothing behind. */
#define _POSIX_C_SOURCE 200809L
#include <sys/resource.h>

#include "keep_alive.h"

static int threads_before, descriptors_before;

static void nothing_is_left(void)
{
    CHECK_INT(wait_for_threads(threads_before), threads_before);
    CHECK_INT(descriptors(), descriptors_before);
}

/* First of all: a thread that has ended leaves its stack to the next. */
static void without_a_thread_there_is_no_login(void)
{
    struct listener server;
    CHECK(listener_open(&server));
    ecgrid_client *client = keeping_client(server.url);
    ecgrid_session *session = NULL;
    ecgrid_error *error = NULL;
    struct rlimit before, none;
    CHECK_INT(getrlimit(RLIMIT_AS, &before), 0);
    none = before;
    none.rlim_cur = 4096; /* no stack; what is mapped already can be used */
    CHECK_INT(setrlimit(RLIMIT_AS, &none), 0);
    ecgrid_status status = ecgrid_session_login(client, USER, PASSWORD, &session, &error);
    CHECK_INT(setrlimit(RLIMIT_AS, &before), 0);
    CHECK_INT(status, ECGRID_UNREACHABLE);
    CHECK(session == NULL);
    CHECK_INT(ecgrid_error_outcome(error), ECGRID_OUTCOME_NOT_SENT);
    CHECK_HAS(ecgrid_error_message(error), "cannot start the thread that keeps sessions alive");
    CHECK(!listener_is_asked(&server));
    ecgrid_error_free(error);
    ecgrid_client_free(client);
    close(server.socket);
    nothing_is_left();
}

static void there_is_one_thread_while_a_session_is_open(const char *url)
{
    ecgrid_client *client = keeping_client(url), *other = client_for(url);
    ecgrid_session *session, *sessions[20], *with_key = NULL, *not_kept = session_of(other);
    CHECK_INT(ecgrid_session_with_api_key(client, "key", &with_key, NULL), ECGRID_OK);
    CHECK_INT(threads(), threads_before);
    CHECK_INT(log_in(client), ECGRID_OK); /* a token alone is nobody's to keep */
    CHECK_INT(ecgrid_session_login(client, USER, "wrong", &session, NULL), ECGRID_UNAUTHENTICATED);
    CHECK_INT(wait_for_threads(threads_before), threads_before);

    for (int i = 0; i < 20; i++) {
        sessions[i] = session_of(client);
        CHECK_INT(threads(), threads_before + 1);
    }
    ecgrid_session *clone = clone_of(sessions[0]);
    ecgrid_session_free(sessions[0]);
    for (int i = 1; i < 20; i++) {
        if (i % 2) CHECK_INT(ecgrid_session_logout(sessions[i], NULL), ECGRID_OK);
        ecgrid_session_free(sessions[i]);
    }
    CHECK_INT(who_am_i(clone), ECGRID_OK);
    CHECK_INT(threads(), threads_before + 1);
    CHECK_INT(ecgrid_session_logout(clone, NULL), ECGRID_OK);
    CHECK_INT(wait_for_threads(threads_before), threads_before);

    session = session_of(client);
    CHECK_INT(threads(), threads_before + 1);
    ecgrid_session_free(session);
    CHECK_INT(wait_for_threads(threads_before), threads_before);
    ecgrid_session_free(clone);
    ecgrid_session_free(with_key);
    ecgrid_session_free(not_kept);
    ecgrid_client_free(client);
    ecgrid_client_free(other);
    nothing_is_left();
}

static void *opens_and_frees(void *argument)
{
    for (int i = 0; i < 25; i++) ecgrid_session_free(session_of((ecgrid_client *)argument));
    return NULL;
}

static void opened_and_freed_by_many(const char *url)
{
    ecgrid_client *client = keeping_client(url);
    pthread_t several[4];
    for (int i = 0; i < 4; i++) pthread_create(&several[i], NULL, opens_and_frees, client);
    for (int i = 0; i < 4; i++) pthread_join(several[i], NULL);
    ecgrid_client_free(client);
    nothing_is_left();
}

/* The server never answers the refresh that nobody asked for. */
static void freed_while_it_is_refreshed(void)
{
    struct listener server;
    CHECK(listener_open(&server));
    ecgrid_client *client = keeping_client(server.url);
    ecgrid_session *session;
    int connection = session_that_refreshes(&server, client, &session);
    CHECK_INT(threads(), threads_before + 2);
    ecgrid_session_free(session);
    ecgrid_client_free(client);
    CHECK_INT(wait_for_threads(threads_before), threads_before);
    CHECK(!listener_is_asked(&server));
    close(connection);
    close(server.socket);
    nothing_is_left();
}

static pthread_t handled_by;
static volatile sig_atomic_t signals;

static void on_signal(int number)
{
    (void)number;
    handled_by = pthread_self();
    signals++;
}

static void signals_are_the_hosts(const char *url)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    CHECK_INT(sigaction(SIGTERM, &action, NULL), 0);
    ecgrid_client *client = keeping_client(url);
    ecgrid_session *session = session_of(client);
    CHECK_INT(threads(), threads_before + 1);
    int elsewhere = 0;
    for (int i = 0; i < 200; i++) {
        CHECK_INT(kill(getpid(), SIGTERM), 0);
        elsewhere += !pthread_equal(handled_by, pthread_self());
    }
    CHECK_INT(signals, 200);
    CHECK_INT(elsewhere, 0);
    /* With the host's one thread blocking it, it waits for that one. */
    sigset_t term, pending;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &term, NULL);
    CHECK_INT(kill(getpid(), SIGTERM), 0);
    CHECK_INT(who_am_i(session), ECGRID_OK);
    CHECK_INT(sigpending(&pending), 0);
    CHECK_INT(sigismember(&pending, SIGTERM), 1);
    CHECK_INT(signals, 200);
    pthread_sigmask(SIG_UNBLOCK, &term, NULL);
    CHECK_INT(signals, 201);
    ecgrid_session_free(session);
    ecgrid_client_free(client);
    nothing_is_left();
}

int main(void)
{
    threads_before = threads();
    descriptors_before = descriptors();
    CHECK_INT(threads_before, 3); /* ".", ".." and this one */
    without_a_thread_there_is_no_login();
    const char *const urls[] = {said("SANDBOX_HTTP"), said("SANDBOX_HTTPS")};
    for (int u = 0; u < 2; u++) {
        there_is_one_thread_while_a_session_is_open(urls[u]);
        opened_and_freed_by_many(urls[u]);
    }
    freed_while_it_is_refreshed();
    signals_are_the_hosts(urls[0]);
    return check_done();
}
