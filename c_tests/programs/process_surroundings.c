/* The library leaves the process as it found it: environment, locale, signals, working folder, umask. */
#define _POSIX_C_SOURCE 200809L
#include <locale.h>
#include <signal.h>
#include <sys/stat.h>

#include "background.h"
#include "listener.h"

extern char **environ;

enum { SIGNALS = 65 };

struct surroundings {
    char *environment[200];
    char values[200][300];
    char locale[500];
    struct sigaction actions[SIGNALS];
    sigset_t mask;
    char folder[500];
    mode_t umask;
};

static void look(struct surroundings *seen)
{
    memset(seen, 0, sizeof *seen);
    for (int i = 0; environ[i] && i < 200; i++) {
        seen->environment[i] = environ[i];
        snprintf(seen->values[i], sizeof seen->values[i], "%s", environ[i]);
    }
    snprintf(seen->locale, sizeof seen->locale, "%s", setlocale(LC_ALL, NULL));
    for (int i = 1; i < SIGNALS; i++) sigaction(i, NULL, &seen->actions[i]);
    pthread_sigmask(SIG_SETMASK, NULL, &seen->mask);
    CHECK(getcwd(seen->folder, sizeof seen->folder) != NULL);
    seen->umask = umask(0);
    umask(seen->umask);
}

static void compare(const struct surroundings *before, const struct surroundings *after)
{
    for (int i = 0; i < 200; i++) CHECK(before->environment[i] == after->environment[i]);
    CHECK_INT(memcmp(before->values, after->values, sizeof before->values), 0);
    CHECK_STR(after->locale, before->locale);
    for (int i = 1; i < SIGNALS; i++) {
        CHECK(after->actions[i].sa_handler == before->actions[i].sa_handler);
        CHECK_INT(after->actions[i].sa_flags, before->actions[i].sa_flags);
        CHECK_INT(sigismember(&after->mask, i), sigismember(&before->mask, i));
    }
    CHECK_STR(after->folder, before->folder);
    CHECK_INT(after->umask, before->umask);
}

static void use_it_all(void)
{
    ecgrid_token *token = NULL;
    CHECK_INT(ecgrid_login(USER, PASSWORD, &token, NULL), ECGRID_OK);
    ecgrid_token_free(token);
    const char *const urls[] = {said("SANDBOX_HTTP"), said("SANDBOX_HTTPS"), "https://127.1:1"};
    for (int i = 0; i < 3; i++) {
        ecgrid_client *client = client_for(urls[i]);
        CHECK_INT(log_in(client), i < 2 ? ECGRID_OK : ECGRID_UNREACHABLE);
        log_in_as(client, "fault-401@example.com");
        log_in_as(client, "drip-1@example.com");
        ecgrid_client_free(client);
    }
}

static void handler(int number)
{
    (void)number;
}

int main(void)
{
    static struct surroundings before, after;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigaction(SIGUSR1, &action, NULL);
    sigset_t some;
    sigemptyset(&some);
    sigaddset(&some, SIGUSR2);
    sigaddset(&some, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &some, NULL);
    /* A decimal comma, where the machine has one: numbers in JSON and headers stay what they are. */
    if (!setlocale(LC_ALL, "de_DE.UTF-8")) setlocale(LC_ALL, "C.UTF-8");

    look(&before);
    use_it_all();
    look(&after);
    compare(&before, &after);
    return check_done();
}
