/* The library prints nothing, whatever happens. */
#define _POSIX_C_SOURCE 200809L
#include "capture.h"
#include "support.h"

static void use_it_all(void)
{
    const char *const logins[] = {USER, "fault-500@example.com", "garbage@example.com", "reset@example.com",
                                  "token-nul@example.com", "deep@example.com", "cut-chunk@example.com"};
    const char *const urls[] = {said("SANDBOX_HTTP"), said("SANDBOX_HTTPS")};
    for (int u = 0; u < 2; u++) {
        ecgrid_client *client = client_for(urls[u]);
        for (size_t i = 0; i < sizeof logins / sizeof *logins; i++) log_in_as(client, logins[i]);
        ecgrid_client_server_version(client, NULL, NULL);
        ecgrid_client_free(client);
    }
    ecgrid_token *token = NULL;
    ecgrid_login(USER, PASSWORD, &token, NULL);
    ecgrid_token_free(token);
    ecgrid_client_new(NULL, NULL, NULL);
    ecgrid_config_set_base_url(NULL, "\xff", NULL);
}

static void the_capture_works(void)
{
    struct capture capture;
    char text[200];
    capture_begin(&capture);
    printf("to one ");
    fflush(stdout);
    fprintf(stderr, "to the other");
    CHECK_INT(capture_end(&capture, text, sizeof text), 19);
    CHECK_STR(text, "to one to the other");
}

int main(void)
{
    the_capture_works();
    struct capture capture;
    char text[2000];
    capture_begin(&capture);
    use_it_all();
    CHECK_INT(capture_end(&capture, text, sizeof text), 0);
    CHECK_STR(text, "");
    return check_done();
}
