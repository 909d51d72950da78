/* A program that writes to a number that it has closed long ago, and that is now a wake-up of the library's: no wait
 * spins for it, none misses what it waits for, and none takes the stray write for it. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/resource.h>

#include "background.h"
#include "listener.h"

enum { MANY = 8, DESCRIPTORS = 256 };

static int is_eventfd(int number)
{
    char path[40], target[40] = "";
    snprintf(path, sizeof path, "/proc/self/fd/%d", number);
    ssize_t length = readlink(path, target, sizeof target - 1);
    return length > 0 && strcmp(target, "anon_inode:[eventfd]") == 0;
}

/* Writes to all of them; how many there are. */
static int write_to_eventfds(void)
{
    const uint64_t one = 1;
    int found = 0;
    for (int number = 3; number < DESCRIPTORS; number++)
        if (is_eventfd(number)) found += write(number, &one, sizeof one) == sizeof one;
    return found;
}

static int64_t processor_ms(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (int64_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000
           + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000;
}

static void pause_ms(long milliseconds)
{
    struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    nanosleep(&time, NULL);
}

/* Over https the library waits for the server's hello, which never comes. */
static ecgrid_client *client_of_a_silent_server(const struct listener *silent, int64_t timeout)
{
    char url[100];
    snprintf(url, sizeof url, "https%s", silent->url + strlen("http"));
    ecgrid_config *config = config_for(url);
    CHECK_INT(ecgrid_config_set_timeout_ms(config, timeout, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_config_set_connect_timeout_ms(config, timeout, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_config_set_max_attempts(config, 1, NULL), ECGRID_OK);
    return client_of(config);
}

static void wait_for_eventfds(void)
{
    int64_t begun = clock_ms();
    while (!write_to_eventfds()) {
        if (!CHECK(clock_ms() - begun < 10000)) return;
        pause_ms(1);
    }
}

static void a_wait_does_not_spin(const struct listener *silent)
{
    ecgrid_client *client = client_of_a_silent_server(silent, 1500);
    struct background calls[MANY];
    for (int i = 0; i < MANY; i++) background_begin(&calls[i], client, USER);
    wait_for_eventfds();
    int64_t begun = clock_ms(), used = processor_ms();
    for (int i = 0; i < MANY; i++) {
        CHECK_INT(background_end(&calls[i]), ECGRID_TIMEOUT);
        CHECK_INT(calls[i].outcome, ECGRID_OUTCOME_NOT_SENT);
    }
    /* A thread that spins takes what it can get of a processor, and there are eight. */
    int64_t passed = clock_ms() - begun;
    used = processor_ms() - used;
    printf("%lld ms of processor in %lld ms\n", (long long)used, (long long)passed);
    CHECK(used * 10 < passed);
    ecgrid_client_free(client);
}

/* The write that counts, between many that do not. */
static void a_cancel_is_not_missed(const struct listener *silent)
{
    for (int round = 0; round < 100; round++) {
        ecgrid_client *client = client_of_a_silent_server(silent, 30000);
        struct background calls[MANY];
        for (int i = 0; i < MANY; i++) background_begin(&calls[i], client, USER);
        wait_for_eventfds();
        ecgrid_client_stop(client);
        write_to_eventfds();
        for (int i = 0; i < MANY; i++) {
            CHECK_INT(background_end(&calls[i]), ECGRID_CANCELLED);
            CHECK_INT(calls[i].outcome, ECGRID_OUTCOME_NOT_SENT);
        }
        ecgrid_client_free(client);
    }
}

int main(void)
{
    struct listener silent;
    CHECK(listener_open(&silent));
    a_wait_does_not_spin(&silent);
    a_cancel_is_not_missed(&silent);
    close(silent.socket);
    return check_done();
}
