/* After a session is freed or logged out, its password, key and token are nowhere in the process's memory; and a
 * password that is not to be kept is gone as soon as the login is. */
#define _POSIX_C_SOURCE 200809L
#include "leftovers.h"
#include "memory_scan.h"
#include "sessions.h"
#include "telling.h"

static struct secret password, replacement, key;
static int threads_before;

/* What the server grants, with another first byte, so that this is not itself what is found. */
static struct secret granted(void)
{
    char text[] = "Xanary-token-0123456789.ok";
    text[0] = 'c';
    struct secret secret;
    secret.length = strlen(text);
    for (size_t i = 0; i < secret.length; i++) secret.masked[i] = (unsigned char)(text[i] ^ MASK);
    wiped(text, sizeof text);
    return secret;
}

static void the_scan_finds_what_is_there(void)
{
    struct secret secret = secret_made("there-", "");
    CHECK_INT(found_anywhere(&secret), 0);
    static char in_data[LONGEST_SECRET + 1];
    char on_stack[LONGEST_SECRET + 1], *on_heap = (char *)malloc(5000);
    secret_shown(&secret, in_data);
    CHECK_INT(found_anywhere(&secret), 1);
    secret_shown(&secret, on_stack);
    CHECK_INT(found_anywhere(&secret), 2);
    secret_shown(&secret, on_heap + 4000);
    CHECK_INT(found_anywhere(&secret), 3);
    wiped(in_data, sizeof in_data);
    wiped(on_stack, sizeof on_stack);
    wiped(on_heap, 5000);
    CHECK_INT(found_anywhere(&secret), 0);
    free(on_heap);
}

static ecgrid_client *client_at(const char *url, int keep)
{
    ecgrid_config *config = config_for(url);
    CHECK_INT(ecgrid_config_set_keep_password(config, keep, NULL), ECGRID_OK);
    listen_to(config);
    return client_of(config);
}

static ecgrid_session *logged_in(const ecgrid_client *client)
{
    char text[LONGEST_SECRET + 1];
    ecgrid_session *session = NULL;
    secret_shown(&password, text);
    CHECK_INT(ecgrid_session_login(client, "grant-ok@example.com", text, &session, NULL), ECGRID_OK);
    wiped(text, sizeof text);
    return session;
}

static void is_used(const ecgrid_session *session)
{
    CHECK_INT(get(session, "/v2/users/me"), ECGRID_OK);
    CHECK_INT(ecgrid_session_call(session, "POST", "/v2/x", "{}", 2, NULL, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_session_info(session, NULL, NULL), ECGRID_OK);
}

/* The thread of a refresh that is done may take a moment to let go of the session. */
static void is_gone(const struct secret *secret, const char *what)
{
    check_row = what;
    CHECK_INT(wait_for_threads(threads_before), threads_before);
    CHECK_INT(found_anywhere(secret), 0);
    check_row = "";
}

static void changes_its_password(const ecgrid_session *session)
{
    char before[LONGEST_SECRET + 1], after[LONGEST_SECRET + 1];
    secret_shown(&password, before);
    secret_shown(&replacement, after);
    CHECK_INT(ecgrid_session_change_password(session, before, after, NULL), ECGRID_OK);
    wiped(before, sizeof before);
    wiped(after, sizeof after);
}

static void a_token_s_session(const char *url, int keep, int ends_by_logout)
{
    const struct secret token = granted();
    ecgrid_client *client = client_at(url, keep);
    ecgrid_session *session = logged_in(client), *clone = clone_of(session);
    /* What is there now is what has to go later. */
    CHECK((found_anywhere(&password) > 0) == keep);
    CHECK(found_anywhere(&token) > 0);
    is_used(session);
    CHECK_INT(ecgrid_session_refresh(session, NULL), ECGRID_OK);
    is_used(clone);
    CHECK((found_anywhere(&password) > 0) == keep);
    changes_its_password(session);
    is_gone(&password, "the password before the change");
    CHECK((found_anywhere(&replacement) > 0) == keep);
    CHECK(found_anywhere(&token) > 0);

    ecgrid_session_free(clone);
    if (ends_by_logout) CHECK_INT(ecgrid_session_logout(session, NULL), ECGRID_OK);
    else ecgrid_session_free(session);
    is_gone(&password, "the old password");
    is_gone(&replacement, "the kept password");
    is_gone(&token, "the token");
    if (ends_by_logout) ecgrid_session_free(session);
    ecgrid_client_free(client);
}

static void a_key_s_session(const char *url, int ends_by_logout)
{
    ecgrid_client *client = client_at(url, 0);
    char text[LONGEST_SECRET + 1];
    ecgrid_session *session = NULL;
    secret_shown(&key, text);
    CHECK_INT(ecgrid_session_with_api_key(client, text, &session, NULL), ECGRID_OK);
    wiped(text, sizeof text);
    is_used(session);
    CHECK(found_anywhere(&key) > 0);
    if (ends_by_logout) CHECK_INT(ecgrid_session_logout(session, NULL), ECGRID_OK);
    else ecgrid_session_free(session);
    is_gone(&key, "the key");
    if (ends_by_logout) ecgrid_session_free(session);
    ecgrid_client_free(client);
}

int main(void)
{
    threads_before = threads();
    the_scan_finds_what_is_there();
    password = secret_made("pass-", "-1A!");
    replacement = secret_made("next-", "-2B!");
    key = secret_made("key-", "");
    const char *const urls[] = {said("ECHO_HTTP"), said("ECHO_HTTPS")};
    for (int u = 0; u < 2; u++) {
        for (int ends_by_logout = 0; ends_by_logout < 2; ends_by_logout++) {
            for (int keep = 0; keep < 2; keep++) a_token_s_session(urls[u], keep, ends_by_logout);
            a_key_s_session(urls[u], ends_by_logout);
        }
    }
    return check_done();
}
