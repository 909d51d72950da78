/* Every function works on a stack of 64 KiB, as ecgrid.h promises: some hosts give their threads no more. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/mman.h>

#include "support.h"

enum { STACK = 64 * 1024, PAINT = 0xa5 };

static char *stack, *top;

/* What touches the stack most: TLS handshakes, certificates, JSON, error messages, a refresh. */
static void *use_it(void *url)
{
    char here;
    top = &here;
    ecgrid_config *config = url ? config_for(url) : NULL;
    if (!config) CHECK_INT(ecgrid_config_from_env(&config, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_config_set_keep_password(config, 1, NULL), ECGRID_OK);
    ecgrid_client *client = client_of(config);
    ecgrid_session *session = NULL;
    ecgrid_response *response = NULL;
    ecgrid_error *error = NULL;
    CHECK_INT(log_in_as(client, "fault-401@example.com"), ECGRID_UNAUTHENTICATED);
    CHECK_INT(log_in_as(client, "html-502@example.com"), ECGRID_SERVER_ERROR);
    CHECK(is_one_line(ecgrid_error_message(ecgrid_last_error())));
    CHECK_INT(ecgrid_session_login(client, USER, PASSWORD, &session, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_session_refresh(session, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_session_call(session, "POST", "/v2/parcels/pending-inbox-list", "{}", 2, &response, NULL), ECGRID_OK);
    CHECK(ecgrid_response_int(response, "/0/parcelId", 0) > 0);
    CHECK(*ecgrid_response_string(response, "/0/fileName") != '\0');
    ecgrid_response_free(response);
    CHECK_INT(ecgrid_session_call(session, "POST", "/v2/parcels/0?token=x", "{\"a\":[{}]}", 10, NULL, &error), ECGRID_REJECTED);
    CHECK(is_one_line(ecgrid_error_message(error)));
    ecgrid_error_free(error);
    CHECK_INT(ecgrid_session_logout(session, NULL), ECGRID_OK);
    ecgrid_session_free(session);
    ecgrid_client_free(client);
    return NULL;
}

/* How deep it went, from the frame of the thread's first function. */
static size_t depth(const char *url)
{
    memset(stack, PAINT, STACK);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    CHECK_INT(pthread_attr_setstack(&attributes, stack, STACK), 0);
    pthread_t thread;
    if (!CHECK_INT(pthread_create(&thread, &attributes, use_it, (void *)url), 0)) return STACK;
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
    const char *low = stack;
    while (low < stack + STACK && (unsigned char)*low == PAINT) low++;
    return (size_t)(top - low);
}

int main(void)
{
    /* The page below is nobody's: a step too far ends the program here, not in somebody else's memory. */
    char *pages = mmap(NULL, STACK + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (!CHECK(pages != MAP_FAILED)) return check_done();
    CHECK_INT(mprotect(pages, 4096, PROT_NONE), 0);
    stack = pages + 4096;

    size_t http = depth(said("SANDBOX_HTTP")), https = depth(said("SANDBOX_HTTPS"));
    printf("stack: HTTP %zu, HTTPS %zu bytes\n", http, https);
    CHECK(http > 1024 && http < STACK);
    CHECK(https > http && https < STACK);
    return check_done();
}
