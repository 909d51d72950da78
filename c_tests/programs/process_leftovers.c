/* When everything is freed, no thread and no descriptor of the library's is left. */
#define _POSIX_C_SOURCE 200809L
#include "leftovers.h"
#include "listener.h"

static void use_it_all(void)
{
    const char *const urls[] = {said("SANDBOX_HTTP"), said("SANDBOX_HTTPS")};
    const char *const logins[] = {USER, "fault-401@example.com", "close@example.com", "garbage@example.com",
                                  "cut@example.com", "connection-close@example.com"};
    for (int u = 0; u < 2; u++) {
        ecgrid_client *client = client_for(urls[u]), *clone = NULL;
        CHECK_INT(ecgrid_client_clone(client, &clone, NULL), ECGRID_OK);
        for (size_t i = 0; i < sizeof logins / sizeof *logins; i++) log_in_as(clone, logins[i]);
        CHECK_INT(log_in(client), ECGRID_OK);
        CHECK(descriptors() > 4); /* its connection is kept, or this would count nothing */
        struct background calls[8];
        for (int i = 0; i < 8; i++) background_begin(&calls[i], client, USER);
        for (int i = 0; i < 8; i++) CHECK_INT(background_end(&calls[i]), ECGRID_OK);
        ecgrid_client_free(client);
        ecgrid_client_free(clone);
    }
}

/* 127.1 is an address to getaddrinfo alone, so the library looks it up as it does a name; on a thread. */
static void look_a_name_up(void)
{
    struct listener gone;
    CHECK(listener_open(&gone));
    close(gone.socket);
    char url[100];
    snprintf(url, sizeof url, "https://127.1%s", strrchr(gone.url, ':'));
    ecgrid_client *client = client_for(url);
    CHECK_INT(log_in(client), ECGRID_UNREACHABLE);
    ecgrid_client_free(client);
}

int main(void)
{
    int threads_before = threads(), descriptors_before = descriptors();
    CHECK_INT(threads_before, 3); /* ".", ".." and this one */
    use_it_all();
    CHECK_INT(threads(), threads_before);
    CHECK_INT(descriptors(), descriptors_before);
    look_a_name_up();
    CHECK_INT(wait_for_threads(threads_before), threads_before);
    CHECK_INT(descriptors(), descriptors_before);
    return check_done();
}
