/* What cannot fail: accessors and frees on NULL, status names, the version. */
#include <limits.h>

#include "support.h"

#define COVERED(function) printf("covers %s\n", #function)
#define EMPTY_TEXT(function) (CHECK_STR(function(NULL), ""), COVERED(function))
#define EMPTY_NUMBER(function, value) (CHECK_INT(function(NULL), value), COVERED(function))
/* Twice: freeing nothing changes nothing. */
#define FREE_NOTHING(function) (function(NULL), function(NULL), CHECK(1), COVERED(function))

static void accessors_take_null_and_answer_empty(void)
{
    EMPTY_TEXT(ecgrid_token_value);
    EMPTY_TEXT(ecgrid_token_header_name);
    EMPTY_TEXT(ecgrid_token_header_value);
    EMPTY_NUMBER(ecgrid_token_user_id, 0);
    EMPTY_NUMBER(ecgrid_token_expires_at, -1);
    EMPTY_NUMBER(ecgrid_token_expires_in, -1);
    EMPTY_NUMBER(ecgrid_error_status, ECGRID_OK);
    EMPTY_NUMBER(ecgrid_error_outcome, ECGRID_OUTCOME_NOT_SENT);
    EMPTY_NUMBER(ecgrid_error_http_status, 0);
    EMPTY_TEXT(ecgrid_error_message);
    EMPTY_TEXT(ecgrid_error_code);
    EMPTY_TEXT(ecgrid_error_trace_id);
    EMPTY_NUMBER(ecgrid_error_retry_after_ms, -1);
    EMPTY_NUMBER(ecgrid_response_http_status, 0);
    EMPTY_NUMBER(ecgrid_response_status, ECGRID_OK);
    EMPTY_TEXT(ecgrid_client_base_url);
}

/* As it was written, but for a slash at the end; a clone has the same. */
static void a_client_tells_its_base_url(void)
{
    const char *const urls[][2] = {
        {"https://ecgrid.example", "https://ecgrid.example"},
        {"https://ecgrid.example/", "https://ecgrid.example"},
        {"HTTPS://ecgrid.example:8443/gateway/", "https://ecgrid.example:8443/gateway"},
        {"http://[::1]:8080", "http://[::1]:8080"},
    };
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        ecgrid_client *client = client_for(urls[i][0]), *clone = NULL;
        CHECK_STR(ecgrid_client_base_url(client), urls[i][1]);
        CHECK_INT(ecgrid_client_clone(client, &clone, NULL), ECGRID_OK);
        ecgrid_client_free(client);
        CHECK_STR(ecgrid_client_base_url(clone), urls[i][1]);
        ecgrid_client_free(clone);
    }
}

/* As many bytes as were said, whatever they are. */
static void a_response_is_made_of_json_as_an_answer_would_be(void)
{
    static const struct {
        const char *json;
        size_t length;
        ecgrid_status status;
        int32_t outcome, http_status;
    } rows[] = {
        {"{\"success\":true,\"data\":{\"id\":7}}", 32, ECGRID_OK, ECGRID_OUTCOME_NOT_SENT, 0},
        {"{\"data\":{\"id\":7}}, and more", 17, ECGRID_OK, ECGRID_OUTCOME_NOT_SENT, 0},
        {"{\"success\":false,\"errorCode\":\"X\"}", 33, ECGRID_REJECTED, ECGRID_OUTCOME_REFUSED, 200},
        {"{}\0", 3, ECGRID_BAD_RESPONSE, ECGRID_OUTCOME_UNKNOWN, 200},
        {"{\"data\":", 8, ECGRID_BAD_RESPONSE, ECGRID_OUTCOME_UNKNOWN, 200},
        {"", 0, ECGRID_BAD_RESPONSE, ECGRID_OUTCOME_UNKNOWN, 200},
        {"{}", SIZE_MAX, ECGRID_INVALID_ARGUMENT, ECGRID_OUTCOME_NOT_SENT, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ecgrid_response *response = NULL;
        ecgrid_error *error = NULL;
        check_row = rows[i].json;
        CHECK_INT(ecgrid_response_from_json(rows[i].json, rows[i].length, &response, &error), rows[i].status);
        CHECK_INT(ecgrid_error_outcome(error), rows[i].outcome);
        CHECK_INT(ecgrid_error_http_status(error), rows[i].http_status);
        CHECK((response != NULL) == (rows[i].status == ECGRID_OK));
        if (response) {
            CHECK_INT(ecgrid_response_int(response, "/id", -1), 7);
            CHECK_INT(ecgrid_response_http_status(response), 200);
            CHECK_STR(ecgrid_response_header(response, "Date"), "");
        }
        ecgrid_response_free(response);
        ecgrid_error_free(error);
    }
    check_row = "";
}

static void response_accessors_take_null_in_every_place(void)
{
    size_t length = 77;
    CHECK_STR(ecgrid_response_body(NULL, NULL), "");
    CHECK_STR(ecgrid_response_body(NULL, &length), "");
    CHECK_INT((int64_t)length, 0);
    COVERED(ecgrid_response_body);

    length = 77;
    CHECK_STR(ecgrid_response_data(NULL, NULL), "");
    CHECK_STR(ecgrid_response_data(NULL, &length), "");
    CHECK_INT((int64_t)length, 0);
    COVERED(ecgrid_response_data);

    CHECK_STR(ecgrid_response_string(NULL, NULL), "");
    CHECK_STR(ecgrid_response_string(NULL, "/version"), "");
    COVERED(ecgrid_response_string);

    const int64_t fallbacks[] = {0, -1, 7, INT64_MIN, INT64_MAX};
    for (size_t i = 0; i < sizeof fallbacks / sizeof *fallbacks; i++) {
        CHECK_INT(ecgrid_response_int(NULL, NULL, fallbacks[i]), fallbacks[i]);
        CHECK_INT(ecgrid_response_int(NULL, "/version", fallbacks[i]), fallbacks[i]);
    }
    COVERED(ecgrid_response_int);

    CHECK_INT(ecgrid_response_count(NULL, NULL), -1);
    CHECK_INT(ecgrid_response_count(NULL, ""), -1);
    COVERED(ecgrid_response_count);
    CHECK_INT(ecgrid_response_kind(NULL, NULL), ECGRID_KIND_MISSING);
    CHECK_INT(ecgrid_response_kind(NULL, ""), ECGRID_KIND_MISSING);
    COVERED(ecgrid_response_kind);
    CHECK_STR(ecgrid_response_header(NULL, NULL), "");
    CHECK_STR(ecgrid_response_header(NULL, "Date"), "");
    COVERED(ecgrid_response_header);
}

static void freeing_and_cancelling_null_does_nothing(void)
{
    FREE_NOTHING(ecgrid_token_free);
    FREE_NOTHING(ecgrid_error_free);
    FREE_NOTHING(ecgrid_config_free);
    FREE_NOTHING(ecgrid_client_free);
    FREE_NOTHING(ecgrid_response_free);
    FREE_NOTHING(ecgrid_client_cancel);
    FREE_NOTHING(ecgrid_client_stop);
    FREE_NOTHING(ecgrid_session_free);
    FREE_NOTHING(ecgrid_session_cancel);
    FREE_NOTHING(ecgrid_session_stop);
}

static void every_status_has_its_name(void)
{
    static const struct {
        int32_t number, contract;
        const char *name;
    } all[] = {
#define STATUS(number, name) {name, number, #name}
        STATUS(0, ECGRID_OK), STATUS(1, ECGRID_INVALID_ARGUMENT), STATUS(2, ECGRID_INVALID_CONFIGURATION),
        STATUS(3, ECGRID_UNAUTHENTICATED), STATUS(4, ECGRID_FORBIDDEN), STATUS(5, ECGRID_NOT_FOUND),
        STATUS(6, ECGRID_REJECTED), STATUS(7, ECGRID_RATE_LIMITED), STATUS(8, ECGRID_SERVER_ERROR),
        STATUS(9, ECGRID_UNREACHABLE), STATUS(10, ECGRID_TLS), STATUS(11, ECGRID_TIMEOUT),
        STATUS(12, ECGRID_CONNECTION_LOST), STATUS(13, ECGRID_BAD_RESPONSE), STATUS(14, ECGRID_CANCELLED),
        STATUS(15, ECGRID_INVALID_STATE), STATUS(16, ECGRID_INTERNAL), STATUS(17, ECGRID_OUT_OF_MEMORY),
        STATUS(18, ECGRID_FILE),
    };
    CHECK_INT(sizeof all / sizeof *all, 19);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        CHECK_INT(all[i].number, all[i].contract);
        CHECK_STR(ecgrid_status_name(all[i].number), all[i].name);
    }
    const int32_t none[] = {19, -1, 1000, INT32_MIN, INT32_MAX};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) CHECK_STR(ecgrid_status_name(none[i]), "ECGRID_UNKNOWN");
    COVERED(ecgrid_status_name);

    CHECK_INT(ECGRID_OUTCOME_NOT_SENT, 0);
    CHECK_INT(ECGRID_OUTCOME_REFUSED, 1);
    CHECK_INT(ECGRID_OUTCOME_UNKNOWN, 2);

    static const int32_t kinds[] = {ECGRID_KIND_MISSING, ECGRID_KIND_NULL,  ECGRID_KIND_BOOLEAN, ECGRID_KIND_NUMBER,
                                    ECGRID_KIND_STRING,  ECGRID_KIND_ARRAY, ECGRID_KIND_OBJECT};
    for (int32_t i = 0; i < 7; i++) CHECK_INT(kinds[i], i);
}

/* CARGO_VERSION is what the runner was built as: the whole workspace has one version. */
static void header_library_and_cargo_agree_on_the_version(void)
{
    char composed[50];
    snprintf(composed, sizeof composed, "%d.%d.%d", ECGRID_VERSION_MAJOR, ECGRID_VERSION_MINOR, ECGRID_VERSION_PATCH);
    CHECK_STR(ecgrid_version(), composed);
    CHECK_STR(ecgrid_version(), said("CARGO_VERSION"));
    CHECK_INT(ecgrid_version_number(), ECGRID_VERSION_NUMBER);
    CHECK_INT(ECGRID_VERSION_NUMBER,
              ECGRID_VERSION_MAJOR << 16 | ECGRID_VERSION_MINOR << 8 | ECGRID_VERSION_PATCH);
    COVERED(ecgrid_version);
    COVERED(ecgrid_version_number);
}

static void a_new_thread_has_no_last_error_and_a_new_configuration_is_one(void)
{
    CHECK(ecgrid_last_error() == NULL);
    COVERED(ecgrid_last_error);
    ecgrid_config *config = ecgrid_config_new();
    CHECK(config != NULL);
    ecgrid_config_free(config);
    COVERED(ecgrid_config_new);
}

int main(void)
{
    a_new_thread_has_no_last_error_and_a_new_configuration_is_one();
    accessors_take_null_and_answer_empty();
    a_client_tells_its_base_url();
    response_accessors_take_null_in_every_place();
    freeing_and_cancelling_null_does_nothing();
    every_status_has_its_name();
    header_library_and_cargo_agree_on_the_version();
    CHECK(ecgrid_last_error() == NULL);
    a_response_is_made_of_json_as_an_answer_would_be();
    return check_done();
}
