/* Fetch parcels as they arrive, for ever: store each in this folder, then confirm it. Ctrl-C or SIGTERM ends it in a second.
 *   cc -pthread poll_inbox.c $(pkg-config --cflags --libs ecgrid) -o poll_inbox
 *   ECGRID_LOGIN=you@example.com ECGRID_PASSWORD=... ./poll_inbox [seconds between rounds] */
#define _POSIX_C_SOURCE 200809L /* Windows has SetConsoleCtrlHandler, _commit and MoveFileEx instead */
#include <ecgrid.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

static ecgrid_session *session, *calls; /* the session, and a clone of it for all calls but the logout */
static sigset_t signals;
static int ending[2]; /* a pipe whose other end is closed when the program is to end */
enum next { GO_ON, NEXT_PARCEL, NEXT_ROUND, END, FAIL };

static void *watch(void *unused) { /* the second thread: waits for the signals, which the others leave to it */
    int number;
    sigwait(&signals, &number); /* Ctrl-C or SIGTERM: the running call ends, and no other begins */
    ecgrid_session_stop(calls), close(ending[1]), setitimer(ITIMER_REAL, &(struct itimerval){{0, 0}, {0, 700000}}, NULL);
    sigwait(&signals, &number); /* SIGALRM, as the logout takes too long; or Ctrl-C once more */
    return ecgrid_session_stop(session), unused;
}

static enum next after(ecgrid_status status) { /* what comes next after a call that ended like this */
    if (status == ECGRID_OK) return GO_ON;
    if (status == ECGRID_CANCELLED) return END; /* perhaps it was done: the next start sees it in the list */
    fprintf(stderr, "%s\n", ecgrid_error_message(ecgrid_last_error()));
    if (ecgrid_error_outcome(ecgrid_last_error()) == ECGRID_OUTCOME_UNKNOWN) return NEXT_PARCEL; /* see the next list */
    switch (status) { /* NOT_SENT or REFUSED: nothing was done, the parcel stays in the inbox */
    case ECGRID_UNAUTHENTICATED: /* the kept password was refused too: to go on trying could lock the account */
    case ECGRID_FORBIDDEN: case ECGRID_INVALID_ARGUMENT: case ECGRID_INVALID_CONFIGURATION: return FAIL;
    case ECGRID_NOT_FOUND: case ECGRID_REJECTED: return NEXT_PARCEL; /* this one may have been cancelled meanwhile */
    default: return NEXT_ROUND; /* UNREACHABLE, TIMEOUT, RATE_LIMITED, SERVER_ERROR (503), ...: it will pass */
    }
}

static enum next store(int64_t id, const char *base64) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char part[40], name[40]; /* never the answer's fileName: a stranger chose it, and it may lead anywhere */
    snprintf(part, sizeof part, "%" PRId64 ".part", id), snprintf(name, sizeof name, "%" PRId64 ".edi", id);
    FILE *file = fopen(part, "wb");
    uint32_t bits = 0, good = file && *base64;
    for (size_t i = 0; good && base64[i] && base64[i] != '='; i++) {
        const char *digit = strchr(digits, base64[i]);
        bits = bits << 6 | (digit ? (uint32_t)(digit - digits) : 0);
        good = digit && (i % 4 == 0 || putc((int)(bits >> (6 - i % 4 * 2) & 255), file) != EOF);
    }
    good = good && fflush(file) == 0 && fsync(fileno(file)) == 0;
    good = file && fclose(file) == 0 && good && rename(part, name) == 0; /* so no crash leaves half a .edi */
    return good ? GO_ON : (fprintf(stderr, "cannot store %s\n", name), NEXT_PARCEL);
}

static enum next fetch_all(void) {
    char row[40], ask[64] = "{}"; ecgrid_response *list = NULL, *parcel = NULL;
    enum next next = after(ecgrid_session_call(calls, "POST", "/v2/parcels/pending-inbox-list", ask, 2, &list, NULL));
    for (int64_t i = 0, rows = ecgrid_response_count(list, ""); i < rows && next < NEXT_ROUND; i++, ecgrid_response_free(parcel)) {
        snprintf(row, sizeof row, "/%" PRId64 "/parcelId", i);
        const int64_t id = ecgrid_response_int(list, row, 0);
        const size_t size = (size_t)snprintf(ask, sizeof ask, "{\"parcelId\":%" PRId64 "}", id);
        next = after(ecgrid_session_call(calls, "POST", "/v2/parcels/download", ask, size, &parcel, NULL));
        if (next == GO_ON) next = store(id, ecgrid_response_string(parcel, "/content"));
        if (next == GO_ON) /* not before it is safe on the disk */
            next = after(ecgrid_session_call(calls, "POST", "/v2/parcels/confirm", ask, size, NULL, NULL));
        if (next == GO_ON) printf("%" PRId64 ".edi is stored and confirmed\n", id), fflush(stdout);
    }
    return ecgrid_response_free(list), next;
}

int main(int argc, char **argv) {
    const char *login = getenv("ECGRID_LOGIN"), *password = getenv("ECGRID_PASSWORD");
    if (!login || !password) return fputs("set ECGRID_LOGIN and ECGRID_PASSWORD\n", stderr), 2;
    ecgrid_config *config = NULL; ecgrid_client *client = NULL; pthread_t watcher;
    enum next next = after(ecgrid_config_from_env(&config, NULL));
    if (next == GO_ON) next = after(ecgrid_config_set_keep_password(config, 1, NULL)); /* tokens die in long outages */
    if (next == GO_ON) next = after(ecgrid_client_new(config, &client, NULL));
    if (next == GO_ON) next = after(ecgrid_session_login(client, login, password, &session, NULL));
    if (next == GO_ON) next = after(ecgrid_session_clone(session, &calls, NULL));
    ecgrid_config_free(config), ecgrid_client_free(client);
    /* Until here a signal ends the program at once. From here on there is a session to log out of. */
    sigemptyset(&signals), sigaddset(&signals, SIGINT), sigaddset(&signals, SIGTERM), sigaddset(&signals, SIGALRM);
    if (next != GO_ON || pthread_sigmask(SIG_BLOCK, &signals, NULL) || pipe(ending)
        || pthread_create(&watcher, NULL, watch, NULL)) next = FAIL;
    for (struct pollfd end = {ending[0], POLLIN, 0}; next < END;) {
        next = fetch_all();
        const double left = 1000 * (argc > 1 ? atof(argv[1]) : 5) + (double)ecgrid_error_retry_after_ms(ecgrid_last_error());
        if (next < END && poll(&end, 1, left < 0 ? 0 : left < 3600000 ? (int)left : 3600000) > 0) next = END;
    }
    if (session && after(ecgrid_session_logout(session, NULL)) == END)
        fputs("there was no time to log out: the session is left to expire\n", stderr);
    return next == FAIL; /* the handles go with the process, as the other thread may be using them */
}
