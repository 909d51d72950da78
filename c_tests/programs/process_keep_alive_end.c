/* A process ends as ever while sessions are kept alive, also in the middle of a refresh that is never answered. */
#define _POSIX_C_SOURCE 200809L
#include <sys/wait.h>

#include "keep_alive.h"

/* This program as a child: two sessions, of which one is being refreshed, and then the end that `how` names. */
static int ends(const char *how)
{
    alarm(20); /* should it never end */
    struct listener server;
    CHECK(listener_open(&server));
    ecgrid_client *client = keeping_client(said("SANDBOX_HTTP")), *other = keeping_client(server.url);
    ecgrid_session *idle = session_of(client), *refreshing;
    CHECK(session_that_refreshes(&server, other, &refreshing) >= 0);
    CHECK_INT(who_am_i(idle), ECGRID_OK);
    CHECK_INT(threads(), 3 + 2);
    if (check_counts[1] > 0) return check_done();
    if (strcmp(how, "exit") == 0) exit(7);
    if (strcmp(how, "_exit") == 0) _exit(7);
    if (strcmp(how, "SIGTERM") == 0) kill(getpid(), SIGTERM);
    if (strcmp(how, "freed") == 0) {
        ecgrid_session_free(idle);
        ecgrid_session_free(refreshing);
        ecgrid_client_free(client);
        ecgrid_client_free(other);
    }
    return 7;
}

static int ended_by(const char *program, const char *how)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        execl(program, program, how, (char *)NULL);
        _exit(127);
    }
    int status = -1;
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    return status;
}

int main(int count, char **arguments)
{
    if (count > 1) return ends(arguments[1]);
    const char *const hows[] = {"exit", "_exit", "return", "freed"};
    for (int i = 0; i < 4; i++) {
        int status = ended_by(arguments[0], hows[i]);
        check_row = hows[i];
        CHECK_INT(WIFSIGNALED(status) ? WTERMSIG(status) : 0, 0);
        CHECK_INT(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 7);
    }
    check_row = "SIGTERM";
    int status = ended_by(arguments[0], "SIGTERM");
    CHECK_INT(WIFSIGNALED(status) ? WTERMSIG(status) : 0, SIGTERM);
    return check_done();
}
