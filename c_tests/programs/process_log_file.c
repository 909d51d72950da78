/* ECGRID_LOG and ECGRID_LOG_FILE: a log without a line of code, whole in the file and nobody else's, whatever becomes of
 * the file. */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "child.h"
#include "environment.h"
#include "hearing.h"

static char path[300];

static void asks(const char *level, const char *file)
{
    unsetenv("ECGRID_LOG");
    unsetenv("ECGRID_LOG_FILE");
    if (level) setenv("ECGRID_LOG", level, 1);
    if (file) setenv("ECGRID_LOG_FILE", file, 1);
}

static void uses(ecgrid_client *client)
{
    CHECK_INT(log_in(client), ECGRID_OK);
    CHECK_INT(log_in_as(client, "fault-403@example.com"), ECGRID_FORBIDDEN);
    ecgrid_client_free(client);
}

/* The file's text, and how many lines have that in them. */
static char content[1 << 20];
static int lines_with(const char *part)
{
    FILE *file = fopen(path, "r");
    size_t length = file ? fread(content, 1, sizeof content - 1, file) : 0;
    content[length] = '\0';
    if (file) fclose(file);
    CHECK(length == 0 || content[length - 1] == '\n');
    int count = 0;
    static char copy[sizeof content];
    memcpy(copy, content, length + 1);
    for (char *line = strtok(copy, "\n"); line; line = strtok(NULL, "\n")) {
        /* 2026-12-01T09:30:00.104Z 4711 debug event key=value */
        int year, month, day, hour, minute, second, millisecond, process, from = 0;
        char level[8];
        CHECK_INT(sscanf(line, "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ %d %7s %n", &year, &month, &day, &hour, &minute, &second,
                         &millisecond, &process, level, &from), 9);
        CHECK(from > 0 && is_one_line(line + from));
        CHECK(strstr("error warn info debug", level) != NULL);
        count += strstr(line, part) != NULL;
    }
    return count;
}

static void a_new_configuration_is_logged_too(void)
{
    unlink(path);
    asks("Debug", path);
    umask(0);
    uses(client_for(said("SANDBOX_HTTP")));
    struct stat file;
    CHECK_INT(stat(path, &file), 0);
    CHECK_INT(file.st_mode & 07777, 0600);
    CHECK_INT(lines_with("info login call=1 user=" USER), 1);
    CHECK_INT(lines_with("error failure call=2 status=ECGRID_FORBIDDEN"), 1);
    CHECK_INT(lines_with("setting=log value=debug source=ECGRID_LOG"), 1);
    CHECK_INT(lines_with("debug close"), 1);
}

static void a_log_of_one_s_own_takes_its_place(void)
{
    unlink(path);
    struct hearing hearing = {{0}, 0, NULL};
    asks("nonsense", path);
    ecgrid_config *config = config_for(said("SANDBOX_HTTP"));
    hear_all(config, &hearing);
    uses(client_of(config));
    CHECK(heard_lines(&hearing, ECGRID_LOG_DEBUG) > 0);
    CHECK_INT(access(path, F_OK), -1);
}

static void is_refused(const char *level, const char *file, const char *because)
{
    check_row = because;
    asks(level, file);
    ecgrid_config *config = config_for(said("SANDBOX_HTTP"));
    ecgrid_client *client = NULL;
    ecgrid_error *error = NULL;
    CHECK_INT(ecgrid_client_new(config, &client, &error), ECGRID_INVALID_CONFIGURATION);
    CHECK(client == NULL);
    CHECK_HAS(ecgrid_error_message(error), because);
    CHECK_HAS(ecgrid_error_message(error), "ECGRID_LOG");
    CHECK(is_one_line(ecgrid_error_message(error)));
    ecgrid_error_free(error);
    ecgrid_config_free(config);
    check_row = "";
}

static void is_not_looked_at(const char *level, const char *file)
{
    unlink(path);
    asks(level, file);
    uses(client_for(said("SANDBOX_HTTP")));
    CHECK_INT(access(path, F_OK), -1);
}

static void other_variables_are_told_of(void)
{
    unlink(path);
    asks("warn", path);
    setenv("ECGRID_BASEURL", "canary", 1);
    setenv("ECGRID_LOGFILE", "canary", 1);
    uses(client_for(said("SANDBOX_HTTP")));
    CHECK_INT(lines_with("variable="), 1); /* the one that this client would have read */
    CHECK_INT(lines_with("warn configuration variable=ECGRID_LOGFILE meant=ECGRID_LOG_FILE"), 1);
    ecgrid_config *config = NULL;
    CHECK_INT(ecgrid_config_from_env(&config, NULL), ECGRID_OK);
    ecgrid_client_free(client_of(config));
    CHECK_INT(lines_with("warn configuration variable=ECGRID_BASEURL meant=ECGRID_BASE_URL"), 1);
    CHECK_INT(lines_with("canary"), 0);
    unsetenv("ECGRID_BASEURL");
    unsetenv("ECGRID_LOGFILE");
}

static void has_its_own_descriptor(void *unused)
{
    (void)unused;
    for (int stream = 0; stream < 3; stream++) close(stream);
    ecgrid_client *client = client_for(said("SANDBOX_HTTP"));
    for (int stream = 0; stream < 3; stream++) CHECK(fcntl(stream, F_GETFD) == -1);
    int open_ones = 0;
    for (int number = 3; number < 100; number++) {
        int flags = fcntl(number, F_GETFD);
        char link[60], target[300] = "";
        snprintf(link, sizeof link, "/proc/self/fd/%d", number);
        ssize_t length = readlink(link, target, sizeof target - 1);
        if (flags == -1 || length < 0 || strcmp(target, path) != 0) continue;
        open_ones++;
        CHECK(flags & FD_CLOEXEC);
        CHECK(fcntl(number, F_GETFL) & O_APPEND);
    }
    CHECK_INT(open_ones, 1);
    uses(client);
}

static void logs_in_often(void *unused)
{
    (void)unused;
    ecgrid_client *client = client_for(said("SANDBOX_HTTP"));
    for (int i = 0; i < 20; i++) CHECK_INT(log_in(client), ECGRID_OK);
    ecgrid_client_free(client);
}

/* As many processes as there are, each with lines of its own. */
static void several_processes_share_a_file(void)
{
    enum { PROCESSES = 4 };
    unlink(path);
    asks("debug", path);
    fflush(stdout);
    for (int i = 0; i < PROCESSES; i++) {
        if (fork() != 0) continue;
        check_child_begins();
        logs_in_often(NULL);
        check_child_done();
    }
    for (int i = 0, status = -1; i < PROCESSES; i++) {
        CHECK(wait(&status) > 0);
        CHECK_INT(status, 0);
    }
    CHECK_INT(lines_with("info login call="), PROCESSES * 20);
    CHECK_INT(lines_with("debug answer call="), PROCESSES * 20);
}

/* The signal would end a process that does not expect it. */
static void may_not_grow_the_file(void *unused)
{
    (void)unused;
    struct rlimit limit = {100, 100};
    CHECK_INT(setrlimit(RLIMIT_FSIZE, &limit), 0);
    ecgrid_client *client = client_for(said("SANDBOX_HTTP"));
    CHECK_INT(log_in(client), ECGRID_OK);
    CHECK_INT(log_in_as(client, "fault-403@example.com"), ECGRID_FORBIDDEN);
    ecgrid_client_free(client);
    sigset_t pending;
    CHECK_INT(sigpending(&pending), 0);
    CHECK(!sigismember(&pending, SIGXFSZ) && !sigismember(&pending, SIGPIPE));
}

/* Somebody reads along, and goes. */
static void loses_its_reader(void *unused)
{
    (void)unused;
    char pipe_path[320];
    snprintf(pipe_path, sizeof pipe_path, "%s.pipe", path);
    unlink(pipe_path);
    CHECK_INT(mkfifo(pipe_path, 0600), 0);
    is_refused("debug", pipe_path, pipe_path); /* nobody reads it: no wait */
    int reader = open(pipe_path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    asks("debug", pipe_path);
    ecgrid_client *client = client_for(said("SANDBOX_HTTP"));
    CHECK_INT(log_in(client), ECGRID_OK);
    char text[100];
    CHECK(read(reader, text, sizeof text) > 0);
    close(reader);
    CHECK_INT(log_in(client), ECGRID_OK);
    ecgrid_client_free(client);
    unlink(pipe_path);
}

static void is_full(void *unused)
{
    (void)unused;
    asks("debug", "/dev/full");
    uses(client_for(said("SANDBOX_HTTP")));
}

static void calls_do_not_mind_a_bad_file(void)
{
    unlink(path);
    asks("debug", path);
    in_child(may_not_grow_the_file, NULL);
    in_child(loses_its_reader, NULL);
    in_child(is_full, NULL);
}

int main(int argc, char **argv)
{
    snprintf(path, sizeof path, "%s", said("LOG_FILE"));
    if (argc > 1 && strcmp(argv[1], "privileged") == 0) {
        uses(client_for(said("SANDBOX_HTTP")));
        return check_done();
    }
    a_new_configuration_is_logged_too();
    a_log_of_one_s_own_takes_its_place();
    is_refused("debug", NULL, "ECGRID_LOG_FILE");
    is_refused("debug", "", "ECGRID_LOG_FILE");
    is_refused("loud", path, "none of off, error, warn, info and debug");
    is_refused("\xff", path, "none of off, error, warn, info and debug");
    is_refused("info", "/no/such/folder/ecgrid.log", "/no/such/folder/ecgrid.log");
    is_refused("info", "a\nb", "control character");
    is_refused("info", "/", "/");
    is_not_looked_at(NULL, path);
    is_not_looked_at("", path);
    is_not_looked_at("OFF", path);
    is_not_looked_at("off", NULL);
    other_variables_are_told_of();
    asks("info", path);
    in_child(has_its_own_descriptor, NULL);
    several_processes_share_a_file();
    calls_do_not_mind_a_bad_file();
    unlink(path);
    return check_done();
}
