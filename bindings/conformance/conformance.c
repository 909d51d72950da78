/* Plays the conformance table through the C ABI. README.md explains the table. */
#define _POSIX_C_SOURCE 200809L
#include <ecgrid.h>

#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <time.h>

#include "table.h"

/* The first four have calls of their own. */
enum { CLIENT, SESSION, INBOX, OUTBOX, SCOPES, TOKEN = SCOPES, RESPONSE, PARCEL, SLOTS };
static const char *const SLOT_NAMES[SLOTS] = {"client", "session", "inbox", "outbox", "token", "response", "parcel"};

/* What came of a step. */
struct result {
    ecgrid_status status;
    int closed;
    int refused_here; /* text that C cannot hold */
    int made;         /* the slot of `handle`, or -1 */
    void *handle;
    int64_t number; /* the id of what was uploaded, or the files of a round */
    ecgrid_error *error;
};
enum { NO_NUMBER = -7 };

/* A step on another thread. */
struct started {
    int is_running;
    struct step step;
    struct result result;
    void *scopes[SCOPES]; /* clones, when that one call can be cancelled */
    int is_cancellable;
    pthread_t thread;
};

static struct {
    void *slots[SLOTS];
    int is_filled[SLOTS];
    void *to_free[SLOTS]; /* closed while a call was running: freed when it is done */
    const struct step *route; /* as the table has it */
    int64_t id;               /* of the last upload */
    ecgrid_session *control;
    int64_t counted[16];
    struct started started;
} world;

static const char *const COUNTERS[] = {"logins", "refreshes", "refusedRefreshes", "logouts",
                                       "unauthorized", "requests",
                                       "uploads", "downloads", "confirmations", "repeatedConfirmations"};
enum { COUNTER_COUNT = sizeof COUNTERS / sizeof *COUNTERS, REQUESTS = 5, NOT_COUNTED = -1 };

static const char *case_name;
static int case_failed, passed, failed;

static void fail(const char *form, ...)
{
    va_list list;
    va_start(list, form);
    printf("FAILED %s: ", case_name);
    vprintf(form, list);
    putchar('\n');
    va_end(list);
    case_failed = 1;
}

#include "expect.h"
#include "files.h"
#include "scopes.h"
#include "parcels.h"
#include "perform.h"

static struct result nothing(void)
{
    struct result result = {ECGRID_OK, 0, 0, -1, NULL, NO_NUMBER, NULL};
    return result;
}

/* Compares, and puts what was made into its slot. */
static void conclude(const struct step *step, const struct step *expecting, struct result result)
{
    expect(step, expecting, &result, world.slots[TOKEN]);
    ecgrid_error_free(result.error);
    if (strncmp(step->words[0].bytes, "upload", 6) == 0 && result.status == ECGRID_OK) world.id = result.number;
    if (!result.handle) return;
    free_handle(result.made, world.slots[result.made]);
    world.slots[result.made] = result.handle;
    world.is_filled[result.made] = 1;
}

static void *run_started(void *unused)
{
    (void)unused;
    struct started *started = &world.started;
    perform(&started->step, started->scopes, &started->result);
    return NULL;
}

/* The step without its first word. */
static struct step rest_of(const struct step *step)
{
    struct step rest = *step;
    memmove(rest.words, rest.words + 1, sizeof rest.words - sizeof *rest.words);
    rest.count--;
    return rest;
}

static void start(const struct step *step, int is_cancellable)
{
    struct started *started = &world.started;
    int64_t before[COUNTER_COUNT] = {0}, now[COUNTER_COUNT] = {0};
    read_counters(before);
    started->step = rest_of(step);
    started->result = nothing();
    memcpy(started->scopes, world.slots, sizeof started->scopes);
    started->is_cancellable = is_cancellable;
    if (is_cancellable) clone_all(started->scopes);
    started->is_running = pthread_create(&started->thread, NULL, run_started, NULL) == 0;
    for (int tries = 0; now[REQUESTS] <= before[REQUESTS]; tries++) {
        if (tries == 10000) {
            fail("%s did not reach the server", started->step.words[0].bytes);
            return;
        }
        pause_ms(1);
        read_counters(now);
    }
}

static void finish(const struct step *expecting)
{
    struct started *started = &world.started;
    if (!started->is_running) {
        fail("no step was started");
        return;
    }
    pthread_join(started->thread, NULL);
    started->is_running = 0;
    if (started->is_cancellable) free_all(started->scopes);
    for (int slot = 0; slot < SLOTS; slot++) {
        free_handle(slot, world.to_free[slot]);
        world.to_free[slot] = NULL;
    }
    conclude(&started->step, expecting, started->result);
}

static void do_cancelled(const struct step *step)
{
    struct step inner = rest_of(step);
    struct result result = nothing();
    void *scopes[SCOPES];
    clone_all(scopes);
    stop_all(scopes);
    perform(&inner, scopes, &result);
    free_all(scopes);
    conclude(&inner, step, result);
}

/* With a timeout of the call's own. */
static void do_within(const struct step *step)
{
    struct step timed = rest_of(step), inner = rest_of(&timed);
    struct result result = nothing();
    void *scopes[SCOPES];
    clone_all(scopes);
    result.status = limit_all(scopes, strtoll(timed.words[0].bytes, NULL, 10), &result.error);
    if (result.status == ECGRID_OK) perform(&inner, scopes, &result);
    free_all(scopes);
    conclude(&inner, step, result);
}

static int slot_named(struct text name)
{
    for (int slot = 0; slot < SLOTS; slot++)
        if (table_is(name, SLOT_NAMES[slot])) return slot;
    fail("there is no slot %s", name.bytes);
    return CLIENT;
}

/* C has no closed handle, so NULL stands for it; and whoever frees has to see that no call is running. */
static void close_slot(int slot)
{
    if (!world.is_filled[slot]) fail("no %s was made", SLOT_NAMES[slot]);
    if (world.started.is_running) world.to_free[slot] = world.slots[slot];
    else free_handle(slot, world.slots[slot]);
    world.slots[slot] = NULL;
}

static void look(const struct step *step)
{
    struct result result = nothing();
    int slot = slot_named(step->words[1]);
    if (!world.slots[slot]) {
        int length_is_right = 1;
        size_t length = 1;
        const char *text = slot == TOKEN    ? ecgrid_token_value(NULL)
                           : slot == PARCEL ? ecgrid_parcel_content(NULL)
                                            : ecgrid_response_body(NULL, &length);
        if (slot == RESPONSE) length_is_right = length == 0;
        if (slot == PARCEL) length_is_right = ecgrid_parcel_length(NULL) == 0 && !*ecgrid_parcel_file_name(NULL);
        if (*text || !length_is_right) fail("an accessor has something to say of NULL");
        result.closed = 1;
        result.status = ECGRID_INVALID_ARGUMENT;
    }
    result.made = slot;
    result.handle = world.slots[slot];
    expect(step, step, &result, NULL);
}

static void compare_counters(const struct step *step)
{
    int64_t now[COUNTER_COUNT] = {0};
    read_counters(now);
    if (now[REQUESTS] == NOT_COUNTED || world.counted[REQUESTS] == NOT_COUNTED) fail("the server does not say what it counted");
    for (int word = 1; word < step->count; word++) {
        int known = 0;
        for (int i = 0; i < COUNTER_COUNT; i++) {
            const char *value = table_value(step->words[word], COUNTERS[i]);
            if (!value) continue;
            known = 1;
            int64_t grown = now[i] - world.counted[i];
            if (grown != strtoll(value, NULL, 10)) fail("the server counted %s=%" PRId64 ", not %s", COUNTERS[i], grown, value);
        }
        if (!known) fail("there is no counter %s", step->words[word].bytes);
    }
}

static void do_cancel(struct text what)
{
    if (table_is(what, "call")) {
        if (!world.started.is_running || !world.started.is_cancellable) fail("there is no call to cancel");
        else stop_all(world.started.scopes);
        return;
    }
    int slot = slot_named(what);
    if (!world.slots[slot]) fail("there is no %s to cancel", what.bytes);
    cancel(slot, world.slots[slot]);
}

static void play(const struct step *step)
{
    const struct text *word = step->words;
    if (table_is(word[0], "start")) start(step, 0);
    else if (table_is(word[0], "start-cancellable")) start(step, 1);
    else if (table_is(word[0], "finish")) finish(step);
    else if (table_is(word[0], "cancelled")) do_cancelled(step);
    else if (table_is(word[0], "within")) do_within(step);
    else if (table_is(word[0], "close")) close_slot(slot_named(word[1]));
    else if (table_is(word[0], "look")) look(step);
    else if (table_is(word[0], "pause")) pause_ms(strtol(word[1].bytes, NULL, 10));
    else if (table_is(word[0], "server")) compare_counters(step);
    else if (table_is(word[0], "cancel")) do_cancel(word[1]);
    else if (table_is(word[0], "route")) world.route = step;
    else if (table_is(word[0], "file")) write_file(word[1].bytes, word[2]);
    else if (table_is(word[0], "holds")) look_into(word[1].bytes, word + 2, step->count - 2);
    else if (table_is(word[0], "reads")) compare_file(word[1].bytes, word[2]);
    else {
        struct result result = nothing();
        perform(step, world.slots, &result);
        conclude(step, step, result);
    }
}

static void end_case(void)
{
    if (!case_name) return;
    if (world.started.is_running) {
        fail("a step was started and not finished");
        pthread_join(world.started.thread, NULL);
    }
    for (int slot = 0; slot < SLOTS; slot++) free_handle(slot, world.slots[slot]);
    ecgrid_session_free(world.control);
    memset(&world, 0, sizeof world);
    if (case_failed) failed++;
    else passed++;
}

int main(void)
{
    const char *path = getenv("ECGRID_CASES");
    FILE *file = path ? fopen(path, "r") : NULL;
    if (!file) return fputs("ECGRID_CASES does not name the table\n", stderr), 2;
    static char name[256];
    /* A step may run to the end of its case, and its words with it. */
    static struct step steps[64];
    int count = 0;
    for (char *line; (line = table_line(file));) {
        if (strncmp(line, "case ", 5) == 0) {
            end_case();
            while (count > 0) table_free(&steps[--count]);
            snprintf(name, sizeof name, "%.255s", line + 5);
            case_name = name;
            case_failed = 0;
            continue;
        }
        if (count == sizeof steps / sizeof *steps) fputs("a case has too many steps\n", stderr), exit(2);
        steps[count] = table_step(line);
        if (!case_failed) play(&steps[count]);
        count++;
    }
    end_case();
    while (count > 0) table_free(&steps[--count]);
    fclose(file);
    printf("%d passed, %d failed\n", passed, failed);
    return failed > 0 || passed == 0;
}
