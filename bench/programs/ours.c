/* libecgrid: one client, or one session, shared by all threads. */
#include "bench.h"
#include <ecgrid.h>
#include <stdio.h>
#include <string.h>

static ecgrid_client *client;
static ecgrid_session *session;
static volatile int64_t seen;

const char *contestant_version(void) { return ecgrid_version(); }

void contestant_start(const struct target *target) {
    ecgrid_config *config = ecgrid_config_new();
    ecgrid_error *error = NULL;
    if (ecgrid_config_set_base_url(config, target->url, &error) != ECGRID_OK ||
        (target->ca && ecgrid_config_set_ca_file(config, target->ca, &error) != ECGRID_OK) ||
        ecgrid_client_new(config, &client, &error) != ECGRID_OK ||
        (target->calls && ecgrid_session_login(client, LOGIN, PASSWORD, &session, &error) != ECGRID_OK))
        die("libecgrid", ecgrid_error_message(error));
    ecgrid_config_free(config);
}

void contestant_stop(void) {
    ecgrid_session_free(session);
    ecgrid_client_free(client);
}

/* For ours_file.c. */
ecgrid_session *ours_session(void);
ecgrid_session *ours_session(void) { return session; }

void *contestant_open(void) { return client; }

void contestant_close(void *caller) { (void)caller; }

void contestant_login(void *caller) {
    ecgrid_token *token = NULL;
    ecgrid_error *error = NULL;
    if (ecgrid_client_login(caller, LOGIN, PASSWORD, &token, &error) != ECGRID_OK)
        die("libecgrid", ecgrid_error_message(error));
    if (ecgrid_token_value(token)[0] == '\0' || ecgrid_token_expires_at(token) <= 0) die("libecgrid", "no token");
    seen = ecgrid_token_user_id(token);
    ecgrid_token_free(token);
}

void contestant_call(void *caller) {
    ecgrid_response *response = NULL;
    ecgrid_error *error = NULL;
    (void)caller;
    if (ecgrid_session_call(session, "GET", WHO_AM_I, NULL, 0, &response, &error) != ECGRID_OK)
        die("libecgrid", ecgrid_error_message(error));
    seen = ecgrid_response_int(response, "/userId", 0);
    if (seen == 0) die("libecgrid", "no user in the answer");
    ecgrid_response_free(response);
}

static void *call(const char *method, const char *path, const char *body, size_t length) {
    ecgrid_response *response = NULL;
    ecgrid_error *error = NULL;
    if (ecgrid_session_call(session, method, path, body, length, &response, &error) != ECGRID_OK)
        die("libecgrid", ecgrid_error_message(error));
    return response;
}

void *contestant_get(void *caller, const char *path) {
    (void)caller;
    return call("GET", path, NULL, 0);
}

void *contestant_post(void *caller, const char *path, const char *body, size_t length) {
    (void)caller;
    return call("POST", path, body, length);
}

const char *contestant_content(void *answer) { return ecgrid_response_string(answer, "/content"); }

int64_t contestant_parcel(void *answer) { return ecgrid_response_int(answer, "/parcelId", 0); }

/* As the header walks a list. */
struct walked contestant_walk(void *answer) {
    struct walked seen = {0};
    char pointer[40];
    for (;; seen.rows++) {
        const char *name;
        int64_t id;
        snprintf(pointer, sizeof pointer, "/%ld/parcelId", seen.rows);
        id = ecgrid_response_int(answer, pointer, 0);
        if (id == 0) break;
        snprintf(pointer, sizeof pointer, "/%ld/fileName", seen.rows);
        name = ecgrid_response_string(answer, pointer);
        seen.ids += id;
        seen.names += strlen(name);
    }
    if (ecgrid_response_status(answer) != ECGRID_OK) die("libecgrid", "no memory for the list");
    return seen;
}

void contestant_free(void *answer) { ecgrid_response_free(answer); }
