/* Every function of sessions that takes text, with text that it cannot take: refused, and nothing is sent. */
#define _POSIX_C_SOURCE 200809L
#include "refused.h"
#include "texts.h"

static ecgrid_client *client;
static ecgrid_session *session;

static ecgrid_status made(ecgrid_status status, ecgrid_session *result)
{
    CHECK((result == NULL) == (status != ECGRID_OK));
    ecgrid_session_free(result);
    return status;
}

static ecgrid_status as_login(const char *text, ecgrid_error **error)
{
    ecgrid_session *result = REFUSED_MARK(ecgrid_session);
    ecgrid_status status = ecgrid_session_login(client, text, PASSWORD, &result, error);
    return made(status, result);
}

static ecgrid_status as_password(const char *text, ecgrid_error **error)
{
    ecgrid_session *result = REFUSED_MARK(ecgrid_session);
    ecgrid_status status = ecgrid_session_login(client, USER, text, &result, error);
    return made(status, result);
}

static ecgrid_status as_key(const char *text, ecgrid_error **error)
{
    ecgrid_session *result = REFUSED_MARK(ecgrid_session);
    ecgrid_status status = ecgrid_session_with_api_key(client, text, &result, error);
    return made(status, result);
}

static ecgrid_status as_current(const char *text, ecgrid_error **error)
{
    return ecgrid_session_change_password(session, text, "N3w$ecret!", error);
}

static ecgrid_status as_replacement(const char *text, ecgrid_error **error)
{
    return ecgrid_session_change_password(session, PASSWORD, text, error);
}

#define NO ECGRID_INVALID_ARGUMENT
#define UNKNOWN ECGRID_UNAUTHENTICATED /* sent as it is, and no such user or password */
#define WRONG ECGRID_REJECTED          /* sent as it is, and not the account's password */

static const struct {
    const char *name;
    ecgrid_status (*call)(const char *text, ecgrid_error **error);
    ecgrid_status expected[KINDS];
} functions[] = {
    {"ecgrid_session_login (login)", as_login, {NO, NO, UNKNOWN, UNKNOWN, UNKNOWN}},
    {"ecgrid_session_login (password)", as_password, {NO, NO, UNKNOWN, UNKNOWN, UNKNOWN}},
    {"ecgrid_session_with_api_key", as_key, {NO, NO, NO, NO, ECGRID_OK}},
    {"ecgrid_session_change_password (current)", as_current, {NO, NO, WRONG, WRONG, WRONG}},
    {"ecgrid_session_change_password (replacement)", as_replacement, {NO, NO, NO, NO, NO}},
};

static void text_is_taken_or_refused_with_a_reason(void)
{
    for (size_t f = 0; f < sizeof functions / sizeof *functions; f++) {
        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
            char row[200];
            snprintf(row, sizeof row, "%s, text %zu", functions[f].name, t);
            check_row = row;
            long before = counters_now().requests;
            ecgrid_error *error = NULL;
            ecgrid_status status = functions[f].call(texts[t].text, &error);
            ecgrid_status expected = functions[f].expected[texts[t].kind];
            if (expected == NO) {
                is_refused(status, NULL, error);
            } else {
                CHECK_INT(status, expected);
                if (error) CHECK(is_one_line(ecgrid_error_message(error)));
                ecgrid_error_free(error);
            }
            int sent = expected == UNKNOWN || expected == WRONG;
            CHECK_INT(counters_now().requests - before, sent);
            check_row = "";
        }
    }
}

/* Each replacement breaks one rule of ECGrid's, which the message names. */
static void a_password_that_breaks_a_rule_is_not_sent(void)
{
    static const struct {
        const char *replacement, *rule;
    } rows[] = {
        {"N3W$ECRET!", "lower-case"}, {"n3w$ecret!", "upper-case"}, {"New$ecret!", "digit"}, {"N3wSecret", "neither"},
    };
    long before = counters_now().requests;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row = rows[i].replacement;
        ecgrid_error *error = NULL;
        ecgrid_status status = ecgrid_session_change_password(session, PASSWORD, rows[i].replacement, &error);
        CHECK_HAS(ecgrid_error_message(error), rows[i].rule);
        CHECK(strstr(ecgrid_error_message(error), rows[i].replacement) == NULL);
        is_refused(status, NULL, error);
    }
    check_row = "";
    CHECK_INT(counters_now().requests, before);
}

static void a_key_has_at_most_2048_bytes(void)
{
    char text[2050];
    memset(text, 'k', sizeof text);
    text[2049] = '\0';
    CHECK_INT(as_key(text, NULL), ECGRID_INVALID_ARGUMENT);
    text[2048] = '\0';
    CHECK_INT(as_key(text, NULL), ECGRID_OK);
}

int main(void)
{
    client = client_for(said("SANDBOX_HTTP"));
    session = session_of(client);
    text_is_taken_or_refused_with_a_reason();
    a_password_that_breaks_a_rule_is_not_sent();
    a_key_has_at_most_2048_bytes();
    CHECK_INT(who_am_i(session), ECGRID_OK);
    ecgrid_session_free(session);
    ecgrid_client_free(client);
    return check_done();
}
