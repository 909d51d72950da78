/* Receive and send EDI files, for ever: what is pending appears in one folder, and what lies in the other is sent, each once,
 * whatever fails. Ctrl-C or SIGTERM ends it in a second; so does kill -9, and the next start goes on where it was.
 *   cc -pthread folder_service.c $(pkg-config --cflags --libs ecgrid) -o folder_service
 *   ECGRID_LOGIN=you@example.com ECGRID_PASSWORD=... ./folder_service INBOX OUTBOX [seconds between rounds] */
#define _POSIX_C_SOURCE 200809L /* Windows has SetConsoleCtrlHandler instead */
#include <ecgrid.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

static ecgrid_session *session, *calls; /* the session, and a clone of it for all but the logout */
static ecgrid_inbox *inbox;
static ecgrid_outbox *outbox;
static sigset_t signals;
static int ending[2]; /* a pipe whose other end is closed when the program is to end */

static void *watch(void *unused) { /* the second thread: waits for the signals, which the others leave to it */
    int number;
    sigwait(&signals, &number); /* Ctrl-C or SIGTERM: the running round ends, and no other begins */
    ecgrid_session_stop(calls), close(ending[1]), setitimer(ITIMER_REAL, &(struct itimerval){{0, 0}, {0, 700000}}, NULL);
    sigwait(&signals, &number); /* SIGALRM, as the logout takes too long; or Ctrl-C once more */
    return ecgrid_session_stop(session), unused;
}

static int well(ecgrid_status status) { /* whether another round may help: as a rule, as a round loses nothing */
    if (status == ECGRID_OK || status == ECGRID_CANCELLED) return 1;
    const ecgrid_error *error = ecgrid_last_error();
    const char *trace = ecgrid_error_trace_id(error);
    fprintf(stderr, "%s%s%s\n", ecgrid_error_message(error), *trace ? " trace id " : "", trace);
    if (status == ECGRID_UNAUTHENTICATED) return ecgrid_error_retry_after_ms(error) >= 0; /* else the password is wrong by now */
    return status != ECGRID_INVALID_ARGUMENT && status != ECGRID_INVALID_CONFIGURATION && status != ECGRID_INVALID_STATE;
}

int main(int argc, char **argv) {
    const char *login = getenv("ECGRID_LOGIN"), *password = getenv("ECGRID_PASSWORD");
    if (!login || !password || argc < 3) return fputs("set ECGRID_LOGIN and ECGRID_PASSWORD; name two folders\n", stderr), 2;
    ecgrid_config *config = NULL; ecgrid_client *client = NULL; pthread_t watcher;
    int good = well(ecgrid_config_from_env(&config, NULL))
        && well(ecgrid_config_set_keep_password(config, 1, NULL)) /* tokens die in long outages */
        && well(ecgrid_client_new(config, &client, NULL)) && well(ecgrid_session_login(client, login, password, &session, NULL))
        && well(ecgrid_session_clone(session, &calls, NULL)) && well(ecgrid_inbox_open(calls, argv[1], 0, &inbox, NULL))
        && well(ecgrid_outbox_open(calls, argv[2], NULL, &outbox, NULL));
    ecgrid_config_free(config), ecgrid_client_free(client);
    /* Until here a signal ends the program at once. From here on there is a session to log out of. */
    sigemptyset(&signals), sigaddset(&signals, SIGINT), sigaddset(&signals, SIGTERM), sigaddset(&signals, SIGALRM);
    if (pthread_sigmask(SIG_BLOCK, &signals, NULL) || pipe(ending) || (good && pthread_create(&watcher, NULL, watch, NULL))) good = 0;
    for (struct pollfd end = {ending[0], POLLIN, 0}; good;) {
        int64_t received = 0, sent = 0;
        good = well(ecgrid_inbox_receive(inbox, &received, NULL)) && well(ecgrid_outbox_send(outbox, &sent, NULL));
        if (received || sent) printf("%" PRId64 " received, %" PRId64 " sent\n", received, sent), fflush(stdout);
        const double wait = 1000 * (argc > 3 ? atof(argv[3]) : 60);
        if (good && poll(&end, 1, wait < 0 ? 0 : wait < 3600000 ? (int)wait : 3600000) > 0) break;
    }
    const ecgrid_status status = session ? ecgrid_session_logout(session, NULL) : ECGRID_OK;
    if (status == ECGRID_CANCELLED) fputs("there was no time to log out: the session is left to expire\n", stderr);
    return !(well(status) && good); /* the handles go with the process, as the other thread may be using them */
}
