/* libcurl and cJSON as a C programmer who knows them writes it: one easy handle a thread, everything reused that can be. */
#define _POSIX_C_SOURCE 200809L
#include "bench.h"
#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct session {
    CURL *easy;
    struct curl_slist *headers;
    char *answer;
    size_t length, capacity;
};

static const struct target *target;
static char login_url[160], call_url[160];
static volatile double seen;

static size_t receive(char *data, size_t size, size_t count, void *user) {
    struct session *session = user;
    size_t bytes = size * count;
    if (session->length + bytes > session->capacity) {
        size_t capacity = (session->length + bytes) * 2;
        char *larger = realloc(session->answer, capacity);
        if (!larger) return 0;
        session->answer = larger;
        session->capacity = capacity;
    }
    memcpy(session->answer + session->length, data, bytes);
    session->length += bytes;
    return bytes;
}

const char *contestant_version(void) { return curl_version(); }

void contestant_start(const struct target *given) {
    target = given;
    snprintf(login_url, sizeof login_url, "%s/v2/auth/login", target->url);
    snprintf(call_url, sizeof call_url, "%s" WHO_AM_I, target->url);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) die("libcurl", "curl_global_init failed");
}

void contestant_stop(void) { curl_global_cleanup(); }

static char *log_in(struct session *session);

/* From now on the handle GETs with the token of a login, on the connection that it has. */
static void become_a_user(struct session *session) {
    char *token = log_in(session);
    char line[1024];
    if ((size_t)snprintf(line, sizeof line, "Authorization: Bearer %s", token) >= sizeof line)
        die("libcurl", "the token is too long");
    free(token);
    curl_slist_free_all(session->headers);
    session->headers = curl_slist_append(NULL, line);
    session->headers = curl_slist_append(session->headers, "Accept: application/json");
    curl_easy_setopt(session->easy, CURLOPT_HTTPHEADER, session->headers);
    curl_easy_setopt(session->easy, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(session->easy, CURLOPT_URL, call_url);
}

/* A large answer, and what is parsed of it. */
struct large {
    CURL *easy;
    char *text;
    size_t length, capacity;
    cJSON *json;
};

/* Into memory for all of it, which the head has told. */
static size_t receive_large(char *data, size_t size, size_t count, void *user) {
    struct large *answer = user;
    size_t bytes = size * count;
    if (answer->length + bytes > answer->capacity) {
        curl_off_t told = -1;
        size_t capacity = (answer->length + bytes) * 2;
        char *larger;
        curl_easy_getinfo(answer->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &told);
        if (answer->length == 0 && told >= 0 && (size_t)told >= bytes) capacity = (size_t)told;
        larger = realloc(answer->text, capacity);
        if (!larger) return 0;
        answer->text = larger;
        answer->capacity = capacity;
    }
    memcpy(answer->text + answer->length, data, bytes);
    answer->length += bytes;
    return bytes;
}

/* For answers and requests that are large. No Expect: it would wait for an answer before it sends. */
static void prepare(struct session *session) {
    session->headers = curl_slist_append(session->headers, "Content-Type: application/json");
    session->headers = curl_slist_append(session->headers, "Expect:");
    curl_easy_setopt(session->easy, CURLOPT_HTTPHEADER, session->headers);
    curl_easy_setopt(session->easy, CURLOPT_BUFFERSIZE, 524288L);
    curl_easy_setopt(session->easy, CURLOPT_UPLOAD_BUFFERSIZE, 262144L);
    curl_easy_setopt(session->easy, CURLOPT_WRITEFUNCTION, receive_large);
}

void *contestant_open(void) {
    struct session *session = calloc(1, sizeof *session);
    CURL *easy = curl_easy_init();
    if (!session || !easy) die("libcurl", "no memory");
    session->easy = easy;
    session->headers = curl_slist_append(session->headers, "Content-Type: application/json");
    session->headers = curl_slist_append(session->headers, "Accept: application/json");
    curl_easy_setopt(easy, CURLOPT_URL, login_url);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, session->headers);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "bench/1");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 30000L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, 10000L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, session);
    if (target->ca) curl_easy_setopt(easy, CURLOPT_CAINFO, target->ca);
    if (target->calls) become_a_user(session);
    if (target->large) prepare(session);
    return session;
}

void contestant_close(void *caller) {
    struct session *session = caller;
    curl_easy_cleanup(session->easy);
    curl_slist_free_all(session->headers);
    free(session->answer);
    free(session);
}

static char *request(void) {
    cJSON *json = cJSON_CreateObject();
    char *text;
    cJSON_AddStringToObject(json, "login", LOGIN);
    cJSON_AddStringToObject(json, "password", PASSWORD);
    text = cJSON_PrintUnformatted(json);
    cJSON_Delete(json);
    if (!text) die("cJSON", "no memory");
    return text;
}

static char *take(const struct session *session) {
    cJSON *json = cJSON_ParseWithLength(session->answer, session->length);
    const cJSON *data = cJSON_GetObjectItemCaseSensitive(json, "data");
    const cJSON *token = cJSON_GetObjectItemCaseSensitive(data, "token");
    const cJSON *expires_at = cJSON_GetObjectItemCaseSensitive(data, "expiresAt");
    const cJSON *user_id = cJSON_GetObjectItemCaseSensitive(data, "userId");
    char *kept, until[40];
    if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(json, "success")) || !cJSON_IsString(token) ||
        !cJSON_IsString(expires_at) || !cJSON_IsNumber(user_id))
        die("libcurl", "no token in the answer");
    kept = strdup(token->valuestring);
    snprintf(until, sizeof until, "%s", expires_at->valuestring);
    seen = user_id->valuedouble;
    cJSON_Delete(json);
    if (!kept || kept[0] == '\0' || until[0] == '\0') die("libcurl", "no token");
    return kept;
}

static void perform(struct session *session) {
    long status = 0;
    CURLcode code;
    session->length = 0;
    code = curl_easy_perform(session->easy);
    if (code != CURLE_OK) die("libcurl", curl_easy_strerror(code));
    curl_easy_getinfo(session->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200) die("libcurl", "not 200");
}

/* The token; the caller's. */
static char *log_in(struct session *session) {
    char *body = request();
    curl_easy_setopt(session->easy, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(session->easy, CURLOPT_POSTFIELDSIZE, (long)strlen(body));
    perform(session);
    cJSON_free(body);
    return take(session);
}

void contestant_login(void *caller) { free(log_in(caller)); }

void contestant_call(void *caller) {
    struct session *session = caller;
    cJSON *json;
    const cJSON *user_id;
    perform(session);
    json = cJSON_ParseWithLength(session->answer, session->length);
    user_id = cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(json, "data"), "userId");
    if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(json, "success")) || !cJSON_IsNumber(user_id))
        die("libcurl", "no user in the answer");
    seen = user_id->valuedouble;
    cJSON_Delete(json);
}

static void *perform_large(struct session *session) {
    struct large *answer = calloc(1, sizeof *answer);
    if (!answer) die("libcurl", "no memory");
    answer->easy = session->easy;
    curl_easy_setopt(session->easy, CURLOPT_WRITEDATA, answer);
    perform(session);
    return answer;
}

static void *perform_at(struct session *session, const char *path) {
    char url[160];
    snprintf(url, sizeof url, "%s%s", target->url, path);
    curl_easy_setopt(session->easy, CURLOPT_URL, url);
    return perform_large(session);
}

void *contestant_get(void *caller, const char *path) { return perform_at(caller, path); }

void *contestant_post(void *caller, const char *path, const char *body, size_t length) {
    struct session *session = caller;
    curl_easy_setopt(session->easy, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(session->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
    return perform_at(session, path);
}

static const cJSON *data_of(struct large *answer) {
    const cJSON *data;
    if (!answer->json) answer->json = cJSON_ParseWithLength(answer->text, answer->length);
    data = cJSON_GetObjectItemCaseSensitive(answer->json, "data");
    if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(answer->json, "success")) || !data)
        die("libcurl", "not the answer expected");
    return data;
}

const char *contestant_content(void *answer) {
    const char *content = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(data_of(answer), "content"));
    if (!content) die("libcurl", "no content");
    return content;
}

int64_t contestant_parcel(void *answer) {
    return (int64_t)cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(data_of(answer), "parcelId"));
}

struct walked contestant_walk(void *answer) {
    struct walked seen = {0};
    const cJSON *row;
    cJSON_ArrayForEach(row, data_of(answer)) {
        const cJSON *id = cJSON_GetObjectItemCaseSensitive(row, "parcelId");
        const cJSON *name = cJSON_GetObjectItemCaseSensitive(row, "fileName");
        if (!cJSON_IsNumber(id) || !cJSON_IsString(name)) die("libcurl", "not a row");
        seen.rows++;
        seen.ids += (int64_t)id->valuedouble;
        seen.names += strlen(name->valuestring);
    }
    return seen;
}

void contestant_free(void *given) {
    struct large *answer = given;
    cJSON_Delete(answer->json);
    free(answer->text);
    free(answer);
}
