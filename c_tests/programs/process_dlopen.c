/* Loaded, used, unloaded and loaded again, as plug-in hosts do; with a thread that outlives the unloading. */
#define _POSIX_C_SOURCE 200809L
#include <dlfcn.h>
#include <ecgrid.h>
#include <pthread.h>

#include "check.h"

struct library {
    void *handle;
    ecgrid_config *(*config_new)(void);
    ecgrid_status (*set_base_url)(ecgrid_config *, const char *, ecgrid_error **);
    void (*config_free)(ecgrid_config *);
    ecgrid_status (*client_new)(const ecgrid_config *, ecgrid_client **, ecgrid_error **);
    ecgrid_status (*client_login)(const ecgrid_client *, const char *, const char *, ecgrid_token **, ecgrid_error **);
    void (*client_free)(ecgrid_client *);
    int64_t (*token_user_id)(const ecgrid_token *);
    void (*token_free)(ecgrid_token *);
    const ecgrid_error *(*last_error)(void);
};

/* ISO C has no cast from an object pointer to a function pointer; POSIX has this. */
static void find(const struct library *library, void *function, const char *name)
{
    void *symbol = dlsym(library->handle, name);
    CHECK(symbol != NULL);
    memcpy(function, &symbol, sizeof symbol);
}

static struct library load(void)
{
    struct library library;
    library.handle = dlopen(getenv("LIBECGRID"), RTLD_NOW | RTLD_LOCAL);
    if (!CHECK(library.handle != NULL)) {
        printf("  %s\n", dlerror());
        exit(check_done());
    }
    find(&library, &library.config_new, "ecgrid_config_new");
    find(&library, &library.set_base_url, "ecgrid_config_set_base_url");
    find(&library, &library.config_free, "ecgrid_config_free");
    find(&library, &library.client_new, "ecgrid_client_new");
    find(&library, &library.client_login, "ecgrid_client_login");
    find(&library, &library.client_free, "ecgrid_client_free");
    find(&library, &library.token_user_id, "ecgrid_token_user_id");
    find(&library, &library.token_free, "ecgrid_token_free");
    find(&library, &library.last_error, "ecgrid_last_error");
    CHECK(dlsym(library.handle, "ecgrid_test_panic") == NULL);
    return library;
}

static void use(const struct library *library)
{
    ecgrid_config *config = library->config_new();
    CHECK_INT(library->set_base_url(config, getenv("SANDBOX_HTTP"), NULL), ECGRID_OK);
    ecgrid_client *client = NULL;
    CHECK_INT(library->client_new(config, &client, NULL), ECGRID_OK);
    library->config_free(config);
    ecgrid_token *token = NULL;
    CHECK_INT(library->client_login(client, "jsmith@example.com", "Sup3r$ecret!", &token, NULL), ECGRID_OK);
    CHECK_INT(library->token_user_id(token), 4821);
    library->token_free(token);
    CHECK_INT(library->client_login(client, "jsmith@example.com", "wrong", &token, NULL), ECGRID_UNAUTHENTICATED);
    /* This thread now has something of the library's to clean up when it ends. */
    CHECK(library->last_error() != NULL);
    library->client_free(client);
}

static pthread_barrier_t step;

static void *outlive(void *argument)
{
    use((const struct library *)argument);
    pthread_barrier_wait(&step); /* used */
    pthread_barrier_wait(&step); /* unloaded */
    return NULL;
}

int main(void)
{
    for (int i = 0; i < 3; i++) {
        struct library library = load();
        use(&library);
        pthread_barrier_init(&step, NULL, 2);
        pthread_t thread;
        pthread_create(&thread, NULL, outlive, &library);
        pthread_barrier_wait(&step);
        CHECK_INT(dlclose(library.handle), 0);
        /* The code is still there, for whatever of the host's threads still has to run some of it. */
        void *still = dlopen(getenv("LIBECGRID"), RTLD_NOW | RTLD_NOLOAD);
        CHECK(still != NULL);
        if (still) dlclose(still);
        pthread_barrier_wait(&step);
        CHECK_INT(pthread_join(thread, NULL), 0);
        pthread_barrier_destroy(&step);
    }
    return check_done();
}
