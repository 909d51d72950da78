/* Handles are a tree: many threads make one that is wide and deep, and free it in any order, while others cancel and
   stop. Nothing is left of it. */
#define _POSIX_C_SOURCE 200809L
#include "background.h"

/* A sanitizer keeps freed memory for a while, to see who still uses it. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define KEEPS_FREED 1
#elif defined(__has_feature)
#define KEEPS_FREED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define KEEPS_FREED 0
#endif

enum { DEEP = 10000, MOST_THREADS = 64 };

static ecgrid_session *session;
static ecgrid_session **handles;
static size_t count, wide;
static int threads;

struct share {
    pthread_t thread;
    int number;
    int failures;
};

/* Any order, the same in each run. */
static void shuffle(void)
{
    uint64_t random = 88172645463325252u;
    for (size_t i = count - 1; i > 0; i--) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        size_t j = (size_t)(random % (i + 1));
        ecgrid_session *other = handles[i];
        handles[i] = handles[j];
        handles[j] = other;
    }
}

/* This thread's part of the children, and of a chain: each handle of that is a clone of the one before. */
static void *make(void *argument)
{
    struct share *share = (struct share *)argument;
    ecgrid_session *deepest = session;
    for (size_t i = (size_t)share->number; i < count; i += (size_t)threads) {
        const ecgrid_session *parent = i < wide ? session : deepest;
        if (ecgrid_session_clone(parent, &handles[i], NULL) != ECGRID_OK) share->failures++;
        if (i >= wide) deepest = handles[i];
    }
    return NULL;
}

/* Handles that others made, and now and then one is stopped or cancelled first. */
static void *give_back(void *argument)
{
    struct share *share = (struct share *)argument;
    size_t own = 0;
    for (size_t i = (size_t)share->number; i < count; i += (size_t)threads) {
        if (++own % 64 == 0) ecgrid_session_stop(handles[i]);
        if (own % 64 == 32) ecgrid_session_cancel(handles[i]);
        if (own % 4 == 0) {
            ecgrid_session *clone = NULL;
            if (ecgrid_session_clone(handles[i], &clone, NULL) != ECGRID_OK) share->failures++;
            ecgrid_session_free(handles[i]);
            handles[i] = clone;
        }
        ecgrid_session_free(handles[i]);
    }
    return NULL;
}

static void all_together(void *(*part)(void *))
{
    static struct share shares[MOST_THREADS];
    for (int i = 0; i < threads; i++) {
        shares[i].number = i;
        shares[i].failures = 0;
        pthread_create(&shares[i].thread, NULL, part, &shares[i]);
    }
    for (int i = 0; i < threads; i++) {
        pthread_join(shares[i].thread, NULL);
        CHECK_INT(shares[i].failures, 0);
    }
}

/* What the process has in memory. */
static long resident_kib(void)
{
    long pages = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file || fscanf(file, "%ld %ld", &pages, &resident) != 2) resident = -1;
    if (file) fclose(file);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static void a_wide_and_deep_tree_leaves_nothing(void)
{
    count = wide + (size_t)threads * DEEP;
    handles = (ecgrid_session **)calloc(count, sizeof *handles);
    if (!CHECK(handles != NULL)) return;
    all_together(make);
    shuffle();
    all_together(give_back);
    free(handles);
    ecgrid_session *clone = NULL;
    CHECK_INT(ecgrid_session_clone(session, &clone, NULL), ECGRID_OK);
    ecgrid_session_free(clone);
}

/* A program that goes from clone to clone, for ever. */
static void a_million_rounds_of_clone_and_free_the_old_one(size_t rounds)
{
    ecgrid_session *current = NULL;
    CHECK_INT(ecgrid_session_clone(session, &current, NULL), ECGRID_OK);
    long before = resident_kib();
    for (size_t i = 0; i < rounds; i++) {
        ecgrid_session *next = NULL;
        if (ecgrid_session_clone(current, &next, NULL) != ECGRID_OK) CHECK(!"a clone");
        ecgrid_session_free(current);
        current = next;
    }
    long grown = resident_kib() - before;
#if !KEEPS_FREED
    if (!CHECK(grown < 2048)) printf("  the process grew by %ld KiB\n", grown);
#else
    (void)grown;
#endif
    /* And still hears what the first was made from. */
    ecgrid_session_stop(session);
    CHECK_INT(ecgrid_session_call(current, "GET", "/v2/users/me", NULL, 0, NULL, NULL), ECGRID_CANCELLED);
    ecgrid_session_free(current);
}

int main(void)
{
    threads = atoi(said("THREADS"));
    if (threads > MOST_THREADS) threads = MOST_THREADS;
    wide = (size_t)threads * 15625;
    unsetenv("SANDBOX_CA");
    ecgrid_client *client = client_for("http://127.0.0.1:9");
    CHECK_INT(ecgrid_session_with_api_key(client, "key", &session, NULL), ECGRID_OK);
    ecgrid_client_free(client);
    a_wide_and_deep_tree_leaves_nothing();
    a_million_rounds_of_clone_and_free_the_old_one(wide);
    ecgrid_session_free(session);
    return check_done();
}
