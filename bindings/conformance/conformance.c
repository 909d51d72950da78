/* Plays the conformance table through the C ABI. README.md explains the table. */
#define _POSIX_C_SOURCE 200809L
#include <ecgrid.h>

#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <time.h>

#include "table.h"

enum { CLIENT, SESSION, TOKEN, RESPONSE, SLOTS };
static const char *const SLOT_NAMES[SLOTS] = {"client", "session", "token", "response"};

/* What came of a step. */
struct result {
    ecgrid_status status;
    int closed;
    int refused_here; /* text that C cannot hold */
    int made;         /* the slot of `handle`, or -1 */
    void *handle;
    ecgrid_error *error;
};

/* A step on another thread. */
struct started {
    int is_running;
    struct step step;
    struct result result;
    ecgrid_client *client; /* clones, when that one call can be cancelled */
    ecgrid_session *session;
    int is_cancellable;
    pthread_t thread;
};

static struct {
    void *slots[SLOTS];
    int is_filled[SLOTS];
    void *to_free[SLOTS]; /* closed while a call was running: freed when it is done */
    ecgrid_session *control;
    int64_t counted[8];
    struct started started;
} world;

static const char *const COUNTERS[] = {"logins", "refreshes", "refusedRefreshes", "logouts",
                                       "unauthorized", "requests"};
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

static void free_handle(int slot, void *handle)
{
    switch (slot) {
    case CLIENT: ecgrid_client_free(handle); break;
    case SESSION: ecgrid_session_free(handle); break;
    case TOKEN: ecgrid_token_free(handle); break;
    case RESPONSE: ecgrid_response_free(handle); break;
    default: break;
    }
}

static void read_counters(int64_t counts[])
{
    ecgrid_response *response = NULL;
    char pointer[40];
    /* Where there is no such server nothing asks for these. */
    for (int i = 0; i < COUNTER_COUNT; i++) counts[i] = NOT_COUNTED;
    if (ecgrid_session_call(world.control, "GET", "/v2/sandbox/counters", NULL, 0, &response, NULL) != ECGRID_OK) return;
    for (int i = 0; i < COUNTER_COUNT; i++) {
        snprintf(pointer, sizeof pointer, "/%s", COUNTERS[i]);
        counts[i] = ecgrid_response_int(response, pointer, -1);
    }
    ecgrid_response_free(response);
}

static void pause_ms(long ms)
{
    struct timespec length = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&length, NULL);
}

static const char *url_of(struct text place)
{
    char name[64] = "SANDBOX_";
    size_t length = strlen(name);
    for (size_t i = 0; i < place.length && length + 1 < sizeof name; i++) {
        char letter = place.bytes[i];
        name[length++] = letter == '-' ? '_' : letter >= 'a' && letter <= 'z' ? (char)(letter - 'a' + 'A') : letter;
    }
    const char *url = getenv(name);
    if (!url) fail("the environment has no %s", name);
    return url;
}

/* Through this the runner asks the server how much it was asked. */
static void take_control(const char *url)
{
    ecgrid_config *config = ecgrid_config_new();
    ecgrid_client *client = NULL;
    ecgrid_session_free(world.control);
    world.control = NULL;
    if (ecgrid_config_set_base_url(config, url, NULL) == ECGRID_OK
        && ecgrid_config_set_ca_file(config, getenv("SANDBOX_CA"), NULL) == ECGRID_OK
        && ecgrid_config_set_max_attempts(config, 1, NULL) == ECGRID_OK
        && ecgrid_client_new(config, &client, NULL) == ECGRID_OK
        && ecgrid_session_with_api_key(client, "control", &world.control, NULL) == ECGRID_OK) {
        read_counters(world.counted);
    }
    ecgrid_client_free(client);
    ecgrid_config_free(config);
}

static ecgrid_status set(ecgrid_config *config, struct text word, ecgrid_error **error)
{
    static const struct {
        const char *name;
        ecgrid_status (*text)(ecgrid_config *, const char *, ecgrid_error **);
        ecgrid_status (*number)(ecgrid_config *, int64_t, ecgrid_error **);
        ecgrid_status (*small)(ecgrid_config *, int32_t, ecgrid_error **);
    } all[] = {
        {"base_url", ecgrid_config_set_base_url, NULL, NULL},
        {"api_key", ecgrid_config_set_api_key, NULL, NULL},
        {"ca_file", ecgrid_config_set_ca_file, NULL, NULL},
        {"proxy", ecgrid_config_set_proxy, NULL, NULL},
        {"user_agent", ecgrid_config_set_user_agent, NULL, NULL},
        {"timeout_ms", NULL, ecgrid_config_set_timeout_ms, NULL},
        {"connect_timeout_ms", NULL, ecgrid_config_set_connect_timeout_ms, NULL},
        {"max_response_bytes", NULL, ecgrid_config_set_max_response_bytes, NULL},
        {"max_attempts", NULL, NULL, ecgrid_config_set_max_attempts},
        {"keep_password", NULL, NULL, ecgrid_config_set_keep_password},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const char *value = table_value(word, all[i].name);
        if (!value) continue;
        if (all[i].text) return all[i].text(config, value, error);
        if (all[i].number) return all[i].number(config, strtoll(value, NULL, 10), error);
        return all[i].small(config, (int32_t)strtol(value, NULL, 10), error);
    }
    fail("there is no setting %s", word.bytes);
    return ECGRID_OK;
}

static void make_client(const struct step *step, struct result *result)
{
    ecgrid_config *config = NULL;
    if (table_is(step->words[1], "environment")) {
        result->status = ecgrid_config_from_env(&config, &result->error);
        take_control(getenv("SANDBOX_HTTPS"));
    } else {
        const char *url = url_of(step->words[1]);
        if (!url) return;
        config = ecgrid_config_new();
        result->status = ecgrid_config_set_base_url(config, url, &result->error);
        if (result->status == ECGRID_OK)
            result->status = ecgrid_config_set_ca_file(config, getenv("SANDBOX_CA"), &result->error);
        take_control(url);
    }
    for (int i = 2; i < step->count && result->status == ECGRID_OK; i++)
        result->status = set(config, step->words[i], &result->error);
    if (result->status == ECGRID_OK) {
        ecgrid_client *client = NULL;
        result->status = ecgrid_client_new(config, &client, &result->error);
        result->made = CLIENT;
        result->handle = client;
    }
    ecgrid_config_free(config);
}

/* Whether a step needs a slot, and finds it closed or never filled. */
static int needs(int slot, const void *handle, struct result *result)
{
    if (handle) return 0;
    if (!world.is_filled[slot]) fail("no %s was made", SLOT_NAMES[slot]);
    result->closed = 1;
    return 1;
}

/* Does a step with these handles, which may be NULL: then the library must refuse them. */
static void perform(const struct step *step, const ecgrid_client *client, const ecgrid_session *session,
                    struct result *result)
{
    const struct text *word = step->words;
    /* Words that are not there have no bytes: NULL, which only a step with too few words passes on. */
    const char *first = word[1].bytes, *second = word[2].bytes;
    ecgrid_error **error = &result->error;
    ecgrid_token *token = NULL;
    ecgrid_session *made = NULL;
    ecgrid_response *response = NULL;
    int is_call = table_is(word[0], "call");

    for (int i = 1; i < step->count; i++) {
        /* Only a body comes with its length. */
        if (strlen(word[i].bytes) != word[i].length && !(is_call && i == 3)) {
            result->status = ECGRID_INVALID_ARGUMENT;
            result->refused_here = 1;
            return;
        }
    }
    if (table_is(word[0], "client")) {
        make_client(step, result);
        return;
    }
    if (table_is(word[0], "login")) {
        needs(CLIENT, client, result);
        result->status = ecgrid_client_login(client, first, second, &token, error);
    } else if (table_is(word[0], "default-login")) {
        result->status = ecgrid_login(first, second, &token, error);
    } else if (table_is(word[0], "version")) {
        needs(CLIENT, client, result);
        result->status = ecgrid_client_server_version(client, &response, error);
    } else if (table_is(word[0], "session")) {
        needs(CLIENT, client, result);
        result->status = ecgrid_session_login(client, first, second, &made, error);
    } else if (table_is(word[0], "key-session")) {
        needs(CLIENT, client, result);
        result->status = ecgrid_session_with_api_key(client, first, &made, error);
    } else {
        needs(SESSION, session, result);
        if (table_is(word[0], "token")) {
            result->status = ecgrid_session_token(session, &token, error);
        } else if (table_is(word[0], "refresh")) {
            result->status = ecgrid_session_refresh(session, error);
        } else if (table_is(word[0], "logout")) {
            result->status = ecgrid_session_logout(session, error);
        } else if (table_is(word[0], "info")) {
            result->status = ecgrid_session_info(session, &response, error);
        } else if (table_is(word[0], "change-password")) {
            result->status = ecgrid_session_change_password(session, first, second, error);
        } else if (table_is(word[0], "generate-key")) {
            result->status = ecgrid_session_generate_api_key(session, strtoll(first, NULL, 10), &response, error);
        } else if (is_call) {
            result->status = ecgrid_session_call(session, first, second, word[3].bytes, word[3].length, &response, error);
        } else {
            fail("there is no step %s", word[0].bytes);
        }
    }
    result->made = token ? TOKEN : made ? SESSION : response ? RESPONSE : -1;
    result->handle = token ? (void *)token : made ? (void *)made : (void *)response;
}

static struct result nothing(void)
{
    struct result result = {ECGRID_OK, 0, 0, -1, NULL, NULL};
    return result;
}

/* Compares, and puts what was made into its slot. */
static void conclude(const struct step *step, const struct step *expecting, struct result result)
{
    expect(step, expecting, &result, world.slots[TOKEN]);
    ecgrid_error_free(result.error);
    if (!result.handle) return;
    free_handle(result.made, world.slots[result.made]);
    world.slots[result.made] = result.handle;
    world.is_filled[result.made] = 1;
}

static void *run_started(void *unused)
{
    (void)unused;
    struct started *started = &world.started;
    perform(&started->step, started->client, started->session, &started->result);
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

static void clone_handles(ecgrid_client **client, ecgrid_session **session)
{
    *client = NULL;
    *session = NULL;
    if (world.slots[CLIENT]) ecgrid_client_clone(world.slots[CLIENT], client, NULL);
    if (world.slots[SESSION]) ecgrid_session_clone(world.slots[SESSION], session, NULL);
}

static void start(const struct step *step, int is_cancellable)
{
    struct started *started = &world.started;
    int64_t before[COUNTER_COUNT] = {0}, now[COUNTER_COUNT] = {0};
    read_counters(before);
    started->step = rest_of(step);
    started->result = nothing();
    started->client = world.slots[CLIENT];
    started->session = world.slots[SESSION];
    started->is_cancellable = is_cancellable;
    if (is_cancellable) clone_handles(&started->client, &started->session);
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
    if (started->is_cancellable) {
        ecgrid_client_free(started->client);
        ecgrid_session_free(started->session);
    }
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
    ecgrid_client *client;
    ecgrid_session *session;
    clone_handles(&client, &session);
    ecgrid_client_stop(client);
    ecgrid_session_stop(session);
    perform(&inner, client, session, &result);
    ecgrid_client_free(client);
    ecgrid_session_free(session);
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
        const char *text = slot == TOKEN ? ecgrid_token_value(NULL) : ecgrid_response_body(NULL, &length);
        if (slot == RESPONSE) length_is_right = length == 0;
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
        else ecgrid_client_stop(world.started.client), ecgrid_session_stop(world.started.session);
        return;
    }
    int slot = slot_named(what);
    if (!world.slots[slot]) fail("there is no %s to cancel", what.bytes);
    if (slot == CLIENT) ecgrid_client_cancel(world.slots[CLIENT]);
    else if (slot == SESSION) ecgrid_session_cancel(world.slots[SESSION]);
    else fail("a %s has no calls", what.bytes);
}

static void play(const struct step *step)
{
    const struct text *word = step->words;
    if (table_is(word[0], "start")) start(step, 0);
    else if (table_is(word[0], "start-cancellable")) start(step, 1);
    else if (table_is(word[0], "finish")) finish(step);
    else if (table_is(word[0], "cancelled")) do_cancelled(step);
    else if (table_is(word[0], "close")) close_slot(slot_named(word[1]));
    else if (table_is(word[0], "look")) look(step);
    else if (table_is(word[0], "pause")) pause_ms(strtol(word[1].bytes, NULL, 10));
    else if (table_is(word[0], "server")) compare_counters(step);
    else if (table_is(word[0], "cancel")) do_cancel(word[1]);
    else {
        struct result result = nothing();
        perform(step, world.slots[CLIENT], world.slots[SESSION], &result);
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
