/* A storm on one session whose token lives for two seconds: no call may fail, and ECGrid sees one login and one refresh
 * for each generation of the token. The runner says how many THREADS, and for how many SECONDS. */
#define _POSIX_C_SOURCE 200809L
#include "background.h"
#include "counters.h"
#include "sessions.h"

enum { MOST_THREADS = 64, MOST_GENERATIONS = 200 };

static ecgrid_client *client;
static ecgrid_session *session;
static int64_t end_ms;

/* The tokens that were seen. */
static pthread_mutex_t seen_lock = PTHREAD_MUTEX_INITIALIZER;
static char *seen[MOST_GENERATIONS];
static int seen_count;

static void see(const char *token)
{
    pthread_mutex_lock(&seen_lock);
    int i = seen_count; /* it is nearly always the last one */
    while (i > 0 && strcmp(seen[i - 1], token) != 0) i--;
    if (i == 0 && seen_count < MOST_GENERATIONS) seen[seen_count++] = strdup(token);
    pthread_mutex_unlock(&seen_lock);
}

/* A thread, and the handle through which it makes the calls that its neighbour may cancel. */
struct worker {
    pthread_t thread;
    int number;
    struct worker *neighbour;
    pthread_mutex_t lock; /* of `own`: no handle is freed under a cancel */
    ecgrid_session *own;
    unsigned random;
    long calls, failures, cancelled;
    char first_failure[500];
};

static unsigned chance(struct worker *worker, unsigned of)
{
    worker->random = worker->random * 1103515245u + 12345u;
    return (worker->random >> 16) % of;
}

static int went_well(struct worker *worker, ecgrid_status status, const char *what)
{
    worker->calls++;
    if (status == ECGRID_OK) return 1;
    if (worker->failures++ == 0)
        snprintf(worker->first_failure, sizeof worker->first_failure, "%s: %s", what,
                 ecgrid_error_message(ecgrid_last_error()));
    return 0;
}

static void take_a_token(struct worker *worker)
{
    ecgrid_token *token = NULL;
    if (went_well(worker, ecgrid_session_token(session, &token, NULL), "a token")) see(ecgrid_token_value(token));
    ecgrid_token_free(token);
}

static void call_for_an_answer(struct worker *worker)
{
    ecgrid_response *response = NULL;
    ecgrid_status status = ecgrid_session_call(session, "GET", "/v2/users/me", NULL, 0, &response, NULL);
    if (went_well(worker, status, "a call"))
        worker->failures += ecgrid_response_int(response, "/userId", 0) != USER_ID;
    ecgrid_response_free(response);
}

static void post(struct worker *worker)
{
    went_well(worker, ecgrid_session_call(session, "POST", "/v2/auth/session", "{}", 2, NULL, NULL), "a POST");
}

/* A call through a new handle, which the neighbour may cancel at any moment: then it says so, and nothing else. */
static void call_and_be_cancelled(struct worker *worker)
{
    ecgrid_session *clone = NULL;
    if (!went_well(worker, ecgrid_session_clone(session, &clone, NULL), "a clone")) return;
    pthread_mutex_lock(&worker->lock);
    worker->own = clone;
    pthread_mutex_unlock(&worker->lock);
    ecgrid_status status = chance(worker, 2) ? ecgrid_session_info(clone, NULL, NULL) : who_am_i(clone);
    if (status == ECGRID_CANCELLED) worker->cancelled++;
    else went_well(worker, status, "a call that may be cancelled");
    pthread_mutex_lock(&worker->lock);
    worker->own = NULL;
    pthread_mutex_unlock(&worker->lock);
    ecgrid_session_free(clone);
}

static void cancel_the_neighbour(struct worker *worker)
{
    struct worker *neighbour = worker->neighbour;
    pthread_mutex_lock(&neighbour->lock);
    if (neighbour->own) ecgrid_session_cancel(neighbour->own);
    pthread_mutex_unlock(&neighbour->lock);
}

static void *storm(void *argument)
{
    struct worker *worker = (struct worker *)argument;
    while (clock_ms() < end_ms) {
        switch (chance(worker, 8)) {
        case 0: case 1: call_for_an_answer(worker); break;
        case 2: post(worker); break;
        case 3: call_and_be_cancelled(worker); break;
        case 4: cancel_the_neighbour(worker); break;
        default: take_a_token(worker); break;
        }
    }
    return NULL;
}

static void sums_up(struct worker *workers, int threads)
{
    long calls = 0, failures = 0, cancelled = 0;
    for (int i = 0; i < threads; i++) {
        calls += workers[i].calls;
        cancelled += workers[i].cancelled;
        failures += workers[i].failures;
        if (workers[i].failures) printf("  thread %d: %s\n", i, workers[i].first_failure);
    }
    CHECK_INT(failures, 0);
    CHECK(calls > threads);
    printf("%d threads: %ld calls, %ld cancelled, %d tokens\n", threads, calls, cancelled, seen_count);
}

int main(void)
{
    static struct worker workers[MOST_THREADS];
    int threads = atoi(said("THREADS"));
    if (!CHECK(threads > 1 && threads <= MOST_THREADS)) return check_done();
    client = client_for(said("STORM_URL"));
    struct counters before = counters_now();
    session = session_of(client);
    end_ms = clock_ms() + 1000 * atoi(said("SECONDS"));
    for (int i = 0; i < threads; i++) {
        workers[i].number = i;
        workers[i].random = (unsigned)i;
        workers[i].neighbour = &workers[(i + 1) % threads];
        pthread_mutex_init(&workers[i].lock, NULL);
    }
    for (int i = 0; i < threads; i++) CHECK_INT(pthread_create(&workers[i].thread, NULL, storm, &workers[i]), 0);
    for (int i = 0; i < threads; i++) pthread_join(workers[i].thread, NULL);
    take_a_token(&workers[0]);
    sums_up(workers, threads);

    struct counters after = counters_now();
    CHECK_INT(after.logins - before.logins, 1);
    CHECK(after.refreshes > before.refreshes);
    CHECK_INT(after.refreshes - before.refreshes, seen_count - 1);
    CHECK_INT(after.refused_refreshes - before.refused_refreshes, 0);
    for (int i = 0; i < threads; i++) pthread_mutex_destroy(&workers[i].lock);
    for (int i = 0; i < seen_count; i++) free(seen[i]);
    ecgrid_session_free(session);
    ecgrid_client_free(client);
    return check_done();
}
