/* Every function with the type that the contract gives it; every constant where #if and a switch see it. */
#include <ecgrid.h>

#define TAKE(name, type, parameters) \
    {                                \
        type(*function) parameters = name; \
        total += function != NULL;   \
    }

#if ECGRID_VERSION_NUMBER < 0x000100u || ECGRID_OUT_OF_MEMORY != 17 || ECGRID_KIND_OBJECT != 6
#error "constants work in #if"
#endif

int every_function(int32_t status);

int every_function(int32_t status)
{
    int total = 0;
    const ecgrid_status same_type = status;
    TAKE(ecgrid_status_name, const char *, (int32_t))
    TAKE(ecgrid_login, ecgrid_status, (const char *, const char *, ecgrid_token **, ecgrid_error **))
    TAKE(ecgrid_token_value, const char *, (const ecgrid_token *))
    TAKE(ecgrid_token_header_name, const char *, (const ecgrid_token *))
    TAKE(ecgrid_token_header_value, const char *, (const ecgrid_token *))
    TAKE(ecgrid_token_user_id, int64_t, (const ecgrid_token *))
    TAKE(ecgrid_token_expires_at, int64_t, (const ecgrid_token *))
    TAKE(ecgrid_token_expires_in, int64_t, (const ecgrid_token *))
    TAKE(ecgrid_token_free, void, (ecgrid_token *))
    TAKE(ecgrid_last_error, const ecgrid_error *, (void))
    TAKE(ecgrid_error_status, int32_t, (const ecgrid_error *))
    TAKE(ecgrid_error_outcome, int32_t, (const ecgrid_error *))
    TAKE(ecgrid_error_http_status, int32_t, (const ecgrid_error *))
    TAKE(ecgrid_error_message, const char *, (const ecgrid_error *))
    TAKE(ecgrid_error_code, const char *, (const ecgrid_error *))
    TAKE(ecgrid_error_trace_id, const char *, (const ecgrid_error *))
    TAKE(ecgrid_error_retry_after_ms, int64_t, (const ecgrid_error *))
    TAKE(ecgrid_error_free, void, (ecgrid_error *))
    TAKE(ecgrid_config_new, ecgrid_config *, (void))
    TAKE(ecgrid_config_from_env, ecgrid_status, (ecgrid_config **, ecgrid_error **))
    TAKE(ecgrid_config_set_base_url, ecgrid_status, (ecgrid_config *, const char *, ecgrid_error **))
    TAKE(ecgrid_config_set_api_key, ecgrid_status, (ecgrid_config *, const char *, ecgrid_error **))
    TAKE(ecgrid_config_set_ca_file, ecgrid_status, (ecgrid_config *, const char *, ecgrid_error **))
    TAKE(ecgrid_config_set_proxy, ecgrid_status, (ecgrid_config *, const char *, ecgrid_error **))
    TAKE(ecgrid_config_set_user_agent, ecgrid_status, (ecgrid_config *, const char *, ecgrid_error **))
    TAKE(ecgrid_config_set_timeout_ms, ecgrid_status, (ecgrid_config *, int64_t, ecgrid_error **))
    TAKE(ecgrid_config_set_connect_timeout_ms, ecgrid_status, (ecgrid_config *, int64_t, ecgrid_error **))
    TAKE(ecgrid_config_set_max_attempts, ecgrid_status, (ecgrid_config *, int32_t, ecgrid_error **))
    TAKE(ecgrid_config_set_max_response_bytes, ecgrid_status, (ecgrid_config *, int64_t, ecgrid_error **))
    TAKE(ecgrid_config_set_keep_password, ecgrid_status, (ecgrid_config *, int32_t, ecgrid_error **))
    TAKE(ecgrid_config_set_keep_alive, ecgrid_status, (ecgrid_config *, int32_t, ecgrid_error **))
    TAKE(ecgrid_config_set_log, ecgrid_status,
         (ecgrid_config *, int32_t, ecgrid_log_function, void *, void (*)(void *), ecgrid_error **))
    TAKE(ecgrid_config_free, void, (ecgrid_config *))
    TAKE(ecgrid_client_new, ecgrid_status, (const ecgrid_config *, ecgrid_client **, ecgrid_error **))
    TAKE(ecgrid_client_login, ecgrid_status,
         (const ecgrid_client *, const char *, const char *, ecgrid_token **, ecgrid_error **))
    TAKE(ecgrid_client_server_version, ecgrid_status, (const ecgrid_client *, ecgrid_response **, ecgrid_error **))
    TAKE(ecgrid_client_base_url, const char *, (const ecgrid_client *))
    TAKE(ecgrid_client_set_timeout_ms, ecgrid_status, (const ecgrid_client *, int64_t, ecgrid_error **))
    TAKE(ecgrid_client_clone, ecgrid_status, (const ecgrid_client *, ecgrid_client **, ecgrid_error **))
    TAKE(ecgrid_client_cancel, void, (const ecgrid_client *))
    TAKE(ecgrid_client_stop, void, (const ecgrid_client *))
    TAKE(ecgrid_client_free, void, (ecgrid_client *))
    TAKE(ecgrid_session_login, ecgrid_status,
         (const ecgrid_client *, const char *, const char *, ecgrid_session **, ecgrid_error **))
    TAKE(ecgrid_session_with_api_key, ecgrid_status,
         (const ecgrid_client *, const char *, ecgrid_session **, ecgrid_error **))
    TAKE(ecgrid_session_token, ecgrid_status, (const ecgrid_session *, ecgrid_token **, ecgrid_error **))
    TAKE(ecgrid_session_refused, ecgrid_status, (const ecgrid_session *, const ecgrid_token *, ecgrid_error **))
    TAKE(ecgrid_session_refresh, ecgrid_status, (const ecgrid_session *, ecgrid_error **))
    TAKE(ecgrid_session_info, ecgrid_status, (const ecgrid_session *, ecgrid_response **, ecgrid_error **))
    TAKE(ecgrid_session_change_password, ecgrid_status,
         (const ecgrid_session *, const char *, const char *, ecgrid_error **))
    TAKE(ecgrid_session_generate_api_key, ecgrid_status,
         (const ecgrid_session *, int64_t, ecgrid_response **, ecgrid_error **))
    TAKE(ecgrid_session_call, ecgrid_status,
         (const ecgrid_session *, const char *, const char *, const char *, size_t, ecgrid_response **,
          ecgrid_error **))
    TAKE(ecgrid_session_logout, ecgrid_status, (const ecgrid_session *, ecgrid_error **))
    TAKE(ecgrid_session_set_timeout_ms, ecgrid_status, (const ecgrid_session *, int64_t, ecgrid_error **))
    TAKE(ecgrid_session_clone, ecgrid_status, (const ecgrid_session *, ecgrid_session **, ecgrid_error **))
    TAKE(ecgrid_session_cancel, void, (const ecgrid_session *))
    TAKE(ecgrid_session_stop, void, (const ecgrid_session *))
    TAKE(ecgrid_session_free, void, (ecgrid_session *))
    TAKE(ecgrid_response_http_status, int32_t, (const ecgrid_response *))
    TAKE(ecgrid_response_status, ecgrid_status, (const ecgrid_response *))
    TAKE(ecgrid_response_body, const char *, (const ecgrid_response *, size_t *))
    TAKE(ecgrid_response_data, const char *, (const ecgrid_response *, size_t *))
    TAKE(ecgrid_response_string, const char *, (const ecgrid_response *, const char *))
    TAKE(ecgrid_response_int, int64_t, (const ecgrid_response *, const char *, int64_t))
    TAKE(ecgrid_response_count, int64_t, (const ecgrid_response *, const char *))
    TAKE(ecgrid_response_kind, int32_t, (const ecgrid_response *, const char *))
    TAKE(ecgrid_response_header, const char *, (const ecgrid_response *, const char *))
    TAKE(ecgrid_response_from_json, ecgrid_status, (const char *, size_t, ecgrid_response **, ecgrid_error **))
    TAKE(ecgrid_response_free, void, (ecgrid_response *))
    TAKE(ecgrid_route_new, ecgrid_status, (ecgrid_route **, ecgrid_error **))
    TAKE(ecgrid_route_set_from, ecgrid_status, (ecgrid_route *, int64_t, ecgrid_error **))
    TAKE(ecgrid_route_set_to, ecgrid_status, (ecgrid_route *, int64_t, ecgrid_error **))
    TAKE(ecgrid_route_set_mailbox, ecgrid_status, (ecgrid_route *, int64_t, ecgrid_error **))
    TAKE(ecgrid_route_free, void, (ecgrid_route *))
    TAKE(ecgrid_session_pending, ecgrid_status, (const ecgrid_session *, int64_t, ecgrid_response **, ecgrid_error **))
    TAKE(ecgrid_session_download, ecgrid_status, (const ecgrid_session *, int64_t, ecgrid_parcel **, ecgrid_error **))
    TAKE(ecgrid_session_download_file, ecgrid_status, (const ecgrid_session *, int64_t, const char *, ecgrid_error **))
    TAKE(ecgrid_session_confirm, ecgrid_status, (const ecgrid_session *, int64_t, ecgrid_error **))
    TAKE(ecgrid_session_upload, ecgrid_status, (const ecgrid_session *, const void *, size_t, const char *, const ecgrid_route *, int64_t *, ecgrid_error **))
    TAKE(ecgrid_session_upload_file, ecgrid_status, (const ecgrid_session *, const char *, const char *, const ecgrid_route *, int64_t *, ecgrid_error **))
    TAKE(ecgrid_parcel_content, const void *, (const ecgrid_parcel *))
    TAKE(ecgrid_parcel_length, size_t, (const ecgrid_parcel *))
    TAKE(ecgrid_parcel_id, int64_t, (const ecgrid_parcel *))
    TAKE(ecgrid_parcel_file_name, const char *, (const ecgrid_parcel *))
    TAKE(ecgrid_parcel_free, void, (ecgrid_parcel *))
    TAKE(ecgrid_inbox_open, ecgrid_status, (const ecgrid_session *, const char *, int64_t, ecgrid_inbox **, ecgrid_error **))
    TAKE(ecgrid_inbox_receive, ecgrid_status, (const ecgrid_inbox *, int64_t *, ecgrid_error **))
    TAKE(ecgrid_inbox_clone, ecgrid_status, (const ecgrid_inbox *, ecgrid_inbox **, ecgrid_error **))
    TAKE(ecgrid_inbox_set_timeout_ms, ecgrid_status, (const ecgrid_inbox *, int64_t, ecgrid_error **))
    TAKE(ecgrid_inbox_cancel, void, (const ecgrid_inbox *))
    TAKE(ecgrid_inbox_stop, void, (const ecgrid_inbox *))
    TAKE(ecgrid_inbox_free, void, (ecgrid_inbox *))
    TAKE(ecgrid_outbox_open, ecgrid_status, (const ecgrid_session *, const char *, const ecgrid_route *, ecgrid_outbox **, ecgrid_error **))
    TAKE(ecgrid_outbox_set_settle_ms, ecgrid_status, (const ecgrid_outbox *, int64_t, ecgrid_error **))
    TAKE(ecgrid_outbox_send, ecgrid_status, (const ecgrid_outbox *, int64_t *, ecgrid_error **))
    TAKE(ecgrid_outbox_clone, ecgrid_status, (const ecgrid_outbox *, ecgrid_outbox **, ecgrid_error **))
    TAKE(ecgrid_outbox_set_timeout_ms, ecgrid_status, (const ecgrid_outbox *, int64_t, ecgrid_error **))
    TAKE(ecgrid_outbox_cancel, void, (const ecgrid_outbox *))
    TAKE(ecgrid_outbox_stop, void, (const ecgrid_outbox *))
    TAKE(ecgrid_outbox_free, void, (ecgrid_outbox *))
    TAKE(ecgrid_version, const char *, (void))
    TAKE(ecgrid_version_number, uint32_t, (void))

    switch (same_type) {
    case ECGRID_OK:
    case ECGRID_INVALID_ARGUMENT:
    case ECGRID_INVALID_CONFIGURATION:
    case ECGRID_UNAUTHENTICATED:
    case ECGRID_FORBIDDEN:
    case ECGRID_NOT_FOUND:
    case ECGRID_REJECTED:
    case ECGRID_RATE_LIMITED:
    case ECGRID_SERVER_ERROR:
    case ECGRID_UNREACHABLE:
    case ECGRID_TLS:
    case ECGRID_TIMEOUT:
    case ECGRID_CONNECTION_LOST:
    case ECGRID_BAD_RESPONSE:
    case ECGRID_CANCELLED:
    case ECGRID_INVALID_STATE:
    case ECGRID_INTERNAL:
    case ECGRID_OUT_OF_MEMORY:
    case ECGRID_FILE:
        return total;
    default:
        return ECGRID_OUTCOME_NOT_SENT + ECGRID_OUTCOME_REFUSED + ECGRID_OUTCOME_UNKNOWN;
    }
}
