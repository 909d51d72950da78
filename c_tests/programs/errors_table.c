/* The sandbox's special logins, and the error that each is: over HTTP and HTTPS, tried once. */
#include "support.h"

#define REFUSED ECGRID_OUTCOME_REFUSED
#define UNKNOWN ECGRID_OUTCOME_UNKNOWN
#define THREE_MILLENNIA INT64_C(99999999999000)
#define ANY (-2) /* a waiting time that depends on the clock */

static const struct row {
    const char *login;
    ecgrid_status status;
    int32_t outcome, http_status;
    const char *code;
    int64_t retry_after_ms;
    const char *words; /* that the message must have */
} rows[] = {
    {"nobody@example.com", ECGRID_UNAUTHENTICATED, REFUSED, 401, "InvalidSession", -1, "password is wrong"},
    {"fault-401@example.com", ECGRID_UNAUTHENTICATED, REFUSED, 401, "InvalidSession", -1, "user name or password"},
    {"invalid-api-key@example.com", ECGRID_UNAUTHENTICATED, REFUSED, 401, "InvalidAPIKey", -1, "API key"},
    {"fault-403@example.com", ECGRID_FORBIDDEN, REFUSED, 403, "AccessDenied", -1, "403"},
    {"fault-404@example.com", ECGRID_NOT_FOUND, REFUSED, 404, "ObjectNotFound", -1, "base URL"},
    {"fault-400@example.com", ECGRID_REJECTED, REFUSED, 400, "InvalidParameter", -1, "400"},
    {"fault-409@example.com", ECGRID_REJECTED, REFUSED, 409, "DuplicateObject", -1, "409"},
    {"fault-418@example.com", ECGRID_REJECTED, REFUSED, 418, "InvalidParameter", -1, "418"},
    {"fault-429@example.com", ECGRID_RATE_LIMITED, REFUSED, 429, "RateLimitExceeded", -1, "too many requests"},
    {"fault-500@example.com", ECGRID_SERVER_ERROR, UNKNOWN, 500, "InternalError", -1, "500"},
    {"fault-502@example.com", ECGRID_SERVER_ERROR, UNKNOWN, 502, "InternalError", -1, "502"},
    {"fault-503@example.com", ECGRID_SERVER_ERROR, REFUSED, 503, "InternalError", -1, "later"},
    {"problem-503@example.com", ECGRID_SERVER_ERROR, UNKNOWN, 503, "", -1, "not ECGrid's own"},
    {"gateway-503@example.com", ECGRID_SERVER_ERROR, UNKNOWN, 503, "", -1, "may have been done"},
    {"fault-504@example.com", ECGRID_SERVER_ERROR, UNKNOWN, 504, "InternalError", -1, "504"},
    {"fault-599@example.com", ECGRID_SERVER_ERROR, UNKNOWN, 599, "InternalError", -1, "599"},
    {"rejected@example.com", ECGRID_REJECTED, REFUSED, 200, "AccessDenied", -1, "AccessDenied"},
    {"retry-after-1-429@example.com", ECGRID_RATE_LIMITED, REFUSED, 429, "RateLimitExceeded", 1000, " 1 s"},
    {"retry-after-120-503@example.com", ECGRID_SERVER_ERROR, REFUSED, 503, "InternalError", 120000, " 120 s"},
    {"retry-date-60-503@example.com", ECGRID_SERVER_ERROR, REFUSED, 503, "InternalError", ANY, "503"},
    {"retry-past-429@example.com", ECGRID_RATE_LIMITED, REFUSED, 429, "RateLimitExceeded", 0, "429"},
    {"retry-long-429@example.com", ECGRID_RATE_LIMITED, REFUSED, 429, "RateLimitExceeded", THREE_MILLENNIA, "429"},
    {"retry-overflow-429@example.com", ECGRID_RATE_LIMITED, REFUSED, 429, "RateLimitExceeded", INT64_MAX, "429"},
    {"retry-negative-429@example.com", ECGRID_RATE_LIMITED, REFUSED, 429, "RateLimitExceeded", -1, "429"},
    {"retry-bad-429@example.com", ECGRID_RATE_LIMITED, REFUSED, 429, "RateLimitExceeded", -1, "429"},
    {"problem-400@example.com", ECGRID_REJECTED, REFUSED, 400, "", -1, "traceId"},
    {"problem-500@example.com", ECGRID_SERVER_ERROR, UNKNOWN, 500, "", -1, "traceId"},
    {"html-502@example.com", ECGRID_SERVER_ERROR, UNKNOWN, 502, "", -1, "502"},
    {"html-403@example.com", ECGRID_FORBIDDEN, REFUSED, 403, "", -1, "403"},
    {"html-200@example.com", ECGRID_BAD_RESPONSE, UNKNOWN, 200, "", -1, "base URL"},
    {"empty-401@example.com", ECGRID_UNAUTHENTICATED, REFUSED, 401, "", -1, "user name or password"},
    {"empty-500@example.com", ECGRID_SERVER_ERROR, UNKNOWN, 500, "", -1, "500"},
    {"empty-200@example.com", ECGRID_BAD_RESPONSE, UNKNOWN, 200, "", -1, "200"},
    {"redirect@example.com", ECGRID_BAD_RESPONSE, UNKNOWN, 307, "", -1, "elsewhere.invalid"},
    {"redirect-301@example.com", ECGRID_BAD_RESPONSE, UNKNOWN, 301, "", -1, "elsewhere.invalid"},
    {"not-json@example.com", ECGRID_BAD_RESPONSE, UNKNOWN, 200, "", -1, "JSON"},
    {"half-json@example.com", ECGRID_BAD_RESPONSE, UNKNOWN, 200, "", -1, "200"},
    {"not-utf8@example.com", ECGRID_BAD_RESPONSE, UNKNOWN, 200, "", -1, "200"},
    {"json-array@example.com", ECGRID_BAD_RESPONSE, UNKNOWN, 200, "", -1, "200"},
    {"json-null@example.com", ECGRID_BAD_RESPONSE, UNKNOWN, 200, "", -1, "200"},
    {"no-data@example.com", ECGRID_BAD_RESPONSE, UNKNOWN, 200, "", -1, "token"},
    {"null-data@example.com", ECGRID_BAD_RESPONSE, UNKNOWN, 200, "", -1, "token"},
    {"deep@example.com", ECGRID_BAD_RESPONSE, UNKNOWN, 200, "", -1, "200"},
    {"endless-headers@example.com", ECGRID_BAD_RESPONSE, UNKNOWN, 0, "", -1, "base URL"},
    {"garbage@example.com", ECGRID_BAD_RESPONSE, UNKNOWN, 0, "", -1, "base URL"},
    {"no-token@example.com", ECGRID_BAD_RESPONSE, UNKNOWN, 200, "", -1, "token"},
    {"empty-token@example.com", ECGRID_BAD_RESPONSE, UNKNOWN, 200, "", -1, "token"},
    {"null-token@example.com", ECGRID_BAD_RESPONSE, UNKNOWN, 200, "", -1, "token"},
    {"token-number@example.com", ECGRID_BAD_RESPONSE, UNKNOWN, 200, "", -1, "token"},
    {"token-crlf@example.com", ECGRID_BAD_RESPONSE, UNKNOWN, 200, "", -1, "token"},
    {"token-nul@example.com", ECGRID_BAD_RESPONSE, UNKNOWN, 200, "", -1, "token"},
    {"trailing@example.com", ECGRID_BAD_RESPONSE, UNKNOWN, 200, "", -1, "200"},
    {"cut@example.com", ECGRID_CONNECTION_LOST, UNKNOWN, 200, "", -1, "may have been done"},
    {"cut-head@example.com", ECGRID_CONNECTION_LOST, UNKNOWN, 0, "", -1, "may have been done"},
    {"cut-chunk@example.com", ECGRID_CONNECTION_LOST, UNKNOWN, 200, "", -1, "may have been done"},
    {"reset-body@example.com", ECGRID_CONNECTION_LOST, UNKNOWN, 200, "", -1, "may have been done"},
    {"lost@example.com", ECGRID_CONNECTION_LOST, UNKNOWN, 0, "", -1, "may have been done"},
    {"close@example.com", ECGRID_CONNECTION_LOST, UNKNOWN, 0, "", -1, "may have been done"},
    {"reset@example.com", ECGRID_CONNECTION_LOST, UNKNOWN, 0, "", -1, "may have been done"},
};

#define CANARY "canary-password-4821"

static void check_row_of(const ecgrid_client *client, const struct row *row)
{
    ecgrid_token *token = (ecgrid_token *)(void *)&client;
    ecgrid_error *error = NULL;
    ecgrid_status status = ecgrid_client_login(client, row->login, CANARY, &token, &error);
    const char *message = ecgrid_error_message(error);
    if (!CHECK_INT(status, row->status)) printf("  %s\n", message);
    CHECK(token == NULL);
    CHECK_INT(ecgrid_error_status(error), row->status);
    CHECK_INT(ecgrid_error_outcome(error), row->outcome);
    CHECK_INT(ecgrid_error_http_status(error), row->http_status);
    CHECK_STR(ecgrid_error_code(error), row->code);
    int64_t wait = ecgrid_error_retry_after_ms(error);
    if (row->retry_after_ms == ANY) CHECK(wait > 55000 && wait <= 60000);
    else CHECK_INT(wait, row->retry_after_ms);
    CHECK(is_one_line(message));
    CHECK_HAS(message, row->words);
    CHECK(strstr(message, CANARY) == NULL);
    CHECK(strlen(message) < 800);

    const ecgrid_error *last = ecgrid_last_error();
    CHECK_INT(ecgrid_error_status(last), row->status);
    CHECK_STR(ecgrid_error_message(last), message);
    ecgrid_error_free(error);
}

int main(void)
{
    const char *const urls[] = {said("SANDBOX_HTTP"), said("SANDBOX_HTTPS")};
    for (int u = 0; u < 2; u++) {
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            ecgrid_config *config = config_for(urls[u]);
            ecgrid_config_set_max_attempts(config, 1, NULL);
            ecgrid_client *client = client_of(config);
            char name[120];
            snprintf(name, sizeof name, "%s over %s", rows[i].login, u ? "HTTPS" : "HTTP");
            check_row = name;
            check_row_of(client, &rows[i]);
            check_row = "";
            ecgrid_client_free(client);
        }
    }
    return check_done();
}
