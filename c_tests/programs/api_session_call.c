/* ecgrid_session_call and its like with what cannot be sent: methods, paths, bodies, ids. Nothing is sent. */
#define _POSIX_C_SOURCE 200809L
#include "refused.h"

#define PATH "/v2/auth/session"

static ecgrid_session *session;

static void wrong_methods(void)
{
    const char *const methods[] = {"",     "get",  "TRACE",   "GET ",   " GET",     "HEAD", "CONNECT", "OPTIONS",
                                   "Post", "GETX", "GET\r\n", "G\xc3\x89T", "G\xffT", "GET /v2/", "*",    "GET\tX"};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        check_row = methods[i];
        call_is_refused(session, methods[i], "/v2/users/me", NULL, 0);
    }
}

static void wrong_paths(void)
{
    static const char *const paths[] = {
        /* not a path of the API */
        "", "/", "v2/users/me", "/v2", "/v1/users", "/V2/users/me", "?/v2/", "/v20/users", " /v2/users/me",
        /* another host */
        "https://elsewhere.invalid/v2/users/me", "//elsewhere.invalid/v2/", "http:/v2/", "@elsewhere.invalid/v2/",
        /* segments that servers take away */
        "/v2/..", "/v2/../admin", "/v2/users/../../admin", "/v2/.", "/v2/./users", "/v2/users/%2e%2e/me", "/v2/%2E%2e/",
        "/v2/.%2E/", "/v2/%2e./", "/v2/%2e/users", "/v2/..?x=1", "/v2/users/..",
        /* what ends or breaks a request line */
        "/v2/users/me#top", "/v2/users/me?a=1#b", "/v2/users me", "/v2/users/me HTTP/1.1",
        "/v2/users/me\r\nX-Injected: 1", "/v2/users/me\n", "/v2/users/\rme", "/v2/a\tb",
        "/v2/\x01", "/v2/\x7f", "/v2/x?q=a b", "/v2/x?q=\r\n",
        /* what servers read in different ways */
        "/v2/users\\me", "/v2/..\\admin", "/v2/%zz", "/v2/100%", "/v2/%4", "/v2/%g0", "/v2/x?q=%", "/v2/%%41",
        "/v2/M\xc3\xbcller", "/v2/x?q=\xe2\x82\xac", "/v2/\xff", "/v2/cut\xc3",
    };
    static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        check_row = paths[i];
        const char *method = methods[i % (sizeof methods / sizeof *methods)];
        call_is_refused(session, method, paths[i], NULL, 0);
    }
}

#define BODY(text) {text, sizeof text - 1}

static void wrong_bodies(void)
{
    static const struct {
        const char *body;
        size_t length;
    } bodies[] = {
        {NULL, 1}, {NULL, SIZE_MAX}, {"{}", SIZE_MAX}, {"{}", SIZE_MAX / 2 + 1},
        /* not JSON */
        {"{}", 0}, BODY(" "), BODY("{"), BODY("}"), BODY("{\"a\":}"), BODY("[1,]"), BODY("nul"), BODY("'a'"),
        BODY("{} {}"), BODY("{}x"), BODY("01"), BODY("NaN"), BODY("\"open"), BODY("\"\\x\""),
        BODY("login=a&password=b"),
        BODY("\xef\xbb\xbf{}"), BODY("// none\n{}"),
        /* not UTF-8 */
        BODY("\xff\xfe"), BODY("\"\xff\""), BODY("\"cut \xc3\""), BODY("\"\xed\xa0\x80\""), BODY("\"\xc0\x80\""),
        /* a NUL, after which a text would end */
        BODY("\0"), BODY("{}\0"), BODY("{\"a\":\0 1}"), BODY("\"a\0b\""),
        /* a control character in a string */
        BODY("\"a\nb\""), BODY("\"\x01\""),
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        char row[50];
        snprintf(row, sizeof row, "body %zu", i);
        check_row = row;
        call_is_refused(session, "POST", PATH, bodies[i].body, bodies[i].length);
    }
}

static void a_body_of_random_bytes(void)
{
    char body[4096];
    unsigned state = 1;
    for (size_t i = 0; i < sizeof body; i++) body[i] = (char)((state = state * 1103515245u + 12345u) >> 16);
    call_is_refused(session, "POST", PATH, body, sizeof body);
}

static void user_ids_begin_at_1(void)
{
    const int64_t wrong[] = {0, -1, -4821, INT32_MIN, INT64_MIN};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ecgrid_response *response = REFUSED_MARK(ecgrid_response);
        ecgrid_error *error = NULL;
        ecgrid_status status = ecgrid_session_generate_api_key(session, wrong[i], &response, &error);
        is_refused(status, response, error);
        CHECK_INT(ecgrid_session_generate_api_key(session, wrong[i], NULL, NULL), ECGRID_INVALID_ARGUMENT);
    }
}

/* What was refused above was refused for what it is: its neighbours are sent as they are. */
static void what_is_odd_but_right_is_sent(void)
{
    long before = counters_now().requests;
    CHECK_INT(get(session, "/v2/users/me?a=..&b=/../"), ECGRID_OK);
    CHECK_INT(get(session, "/v2/..hidden/a..b"), ECGRID_NOT_FOUND);
    CHECK_INT(get(session, "/v2/%C3%A9?q=%20%23"), ECGRID_NOT_FOUND);
    CHECK_INT(ecgrid_session_generate_api_key(session, INT64_MAX, NULL, NULL), ECGRID_FORBIDDEN);
    /* It need not end with a NUL. */
    CHECK_INT(ecgrid_session_call(session, "POST", PATH, "{}}", 2, NULL, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_session_call(session, "POST", PATH, " [1, \"\\u0000\"]\n", 15, NULL, NULL), ECGRID_OK);
    CHECK_INT(counters_now().requests - before, 6);
}

int main(void)
{
    ecgrid_client *client = client_for(said("SANDBOX_HTTP"));
    session = session_of(client);
    long before = counters_now().requests;
    wrong_methods();
    wrong_paths();
    wrong_bodies();
    a_body_of_random_bytes();
    user_ids_begin_at_1();
    check_row = "";
    CHECK_INT(counters_now().requests, before);
    what_is_odd_but_right_is_sent();
    ecgrid_session_free(session);
    ecgrid_client_free(client);
    return check_done();
}
