package io.ecgrid;

/**
 * The C functions, as {@code include/ecgrid.h} declares them, bound by {@link NativeLoader}.
 *
 * <p>Pointers and {@code size_t} are {@code long}, as the library exists for 64-bit machines only: so a call neither
 * allocates nor converts. Nothing here checks anything; {@link NativeHandle} and {@link Frame} do.
 */
final class NativeMethods {
    private NativeMethods() {}

    static native int ecgrid_login(long login, long password, long token, long error);

    static native long ecgrid_status_name(int status);

    static native long ecgrid_token_value(long token);
    static native long ecgrid_token_header_name(long token);
    static native long ecgrid_token_header_value(long token);
    static native long ecgrid_token_user_id(long token);
    static native long ecgrid_token_expires_at(long token);
    static native long ecgrid_token_expires_in(long token);
    static native void ecgrid_token_free(long token);

    static native int ecgrid_error_status(long error);
    static native int ecgrid_error_outcome(long error);
    static native int ecgrid_error_http_status(long error);
    static native long ecgrid_error_message(long error);
    static native long ecgrid_error_code(long error);
    static native long ecgrid_error_trace_id(long error);
    static native long ecgrid_error_retry_after_ms(long error);
    static native void ecgrid_error_free(long error);

    static native long ecgrid_config_new();
    static native int ecgrid_config_from_env(long config, long error);
    static native int ecgrid_config_set_base_url(long config, long url, long error);
    static native int ecgrid_config_set_api_key(long config, long key, long error);
    static native int ecgrid_config_set_ca_file(long config, long path, long error);
    static native int ecgrid_config_set_proxy(long config, long url, long error);
    static native int ecgrid_config_set_user_agent(long config, long product, long error);
    static native int ecgrid_config_set_timeout_ms(long config, long total, long error);
    static native int ecgrid_config_set_connect_timeout_ms(long config, long connect, long error);
    static native int ecgrid_config_set_max_attempts(long config, int attempts, long error);
    static native int ecgrid_config_set_max_response_bytes(long config, long bytes, long error);
    static native int ecgrid_config_set_keep_password(long config, int keep, long error);
    static native int ecgrid_config_set_keep_alive(long config, int keep, long error);
    static native int ecgrid_config_set_log(
            long config, int level, long function, long context, long release, long error);
    static native void ecgrid_config_free(long config);

    static native int ecgrid_client_new(long config, long client, long error);
    static native int ecgrid_client_login(long client, long login, long password, long token, long error);
    static native int ecgrid_client_server_version(long client, long response, long error);
    static native long ecgrid_client_base_url(long client);
    static native int ecgrid_client_clone(long client, long clone, long error);
    static native int ecgrid_client_set_timeout_ms(long client, long total, long error);
    static native void ecgrid_client_cancel(long client);
    static native void ecgrid_client_stop(long client);
    static native void ecgrid_client_free(long client);

    static native int ecgrid_session_login(long client, long login, long password, long session, long error);
    static native int ecgrid_session_with_api_key(long client, long key, long session, long error);
    static native int ecgrid_session_token(long session, long token, long error);
    static native int ecgrid_session_refused(long session, long token, long error);
    static native int ecgrid_session_refresh(long session, long error);
    static native int ecgrid_session_info(long session, long response, long error);
    static native int ecgrid_session_change_password(long session, long current, long replacement, long error);
    static native int ecgrid_session_generate_api_key(long session, long userId, long response, long error);
    static native int ecgrid_session_call(
            long session, long method, long path, long body, long length, long response, long error);
    static native int ecgrid_session_logout(long session, long error);
    static native int ecgrid_session_clone(long session, long clone, long error);
    static native int ecgrid_session_set_timeout_ms(long session, long total, long error);
    static native void ecgrid_session_cancel(long session);
    static native void ecgrid_session_stop(long session);
    static native void ecgrid_session_free(long session);

    static native int ecgrid_route_new(long route, long error);
    static native int ecgrid_route_set_from(long route, long ecgridId, long error);
    static native int ecgrid_route_set_to(long route, long ecgridId, long error);
    static native int ecgrid_route_set_mailbox(long route, long mailboxId, long error);
    static native void ecgrid_route_free(long route);

    static native int ecgrid_session_pending(long session, long mailboxId, long list, long error);
    static native int ecgrid_session_download(long session, long parcelId, long parcel, long error);
    static native int ecgrid_session_download_file(long session, long parcelId, long path, long error);
    static native int ecgrid_session_confirm(long session, long parcelId, long error);
    static native int ecgrid_session_upload(
            long session, long content, long length, long fileName, long route, long parcelId, long error);
    static native int ecgrid_session_upload_file(
            long session, long path, long fileName, long route, long parcelId, long error);

    static native long ecgrid_parcel_content(long parcel);
    static native long ecgrid_parcel_length(long parcel);
    static native long ecgrid_parcel_id(long parcel);
    static native long ecgrid_parcel_file_name(long parcel);
    static native void ecgrid_parcel_free(long parcel);

    static native int ecgrid_inbox_open(long session, long folder, long mailboxId, long inbox, long error);
    static native int ecgrid_inbox_receive(long inbox, long received, long error);
    static native int ecgrid_inbox_clone(long inbox, long clone, long error);
    static native int ecgrid_inbox_set_timeout_ms(long inbox, long total, long error);
    static native void ecgrid_inbox_cancel(long inbox);
    static native void ecgrid_inbox_stop(long inbox);
    static native void ecgrid_inbox_free(long inbox);

    static native int ecgrid_outbox_open(long session, long folder, long route, long outbox, long error);
    static native int ecgrid_outbox_set_settle_ms(long outbox, long milliseconds, long error);
    static native int ecgrid_outbox_send(long outbox, long sent, long error);
    static native int ecgrid_outbox_clone(long outbox, long clone, long error);
    static native int ecgrid_outbox_set_timeout_ms(long outbox, long total, long error);
    static native void ecgrid_outbox_cancel(long outbox);
    static native void ecgrid_outbox_stop(long outbox);
    static native void ecgrid_outbox_free(long outbox);

    static native int ecgrid_response_from_json(long json, long length, long response, long error);
    static native int ecgrid_response_http_status(long response);
    static native int ecgrid_response_status(long response);
    static native long ecgrid_response_body(long response, long length);
    static native long ecgrid_response_data(long response, long length);
    static native long ecgrid_response_string(long response, long pointer);
    static native long ecgrid_response_int(long response, long pointer, long fallback);
    static native long ecgrid_response_count(long response, long pointer);
    static native int ecgrid_response_kind(long response, long pointer);
    static native long ecgrid_response_header(long response, long name);
    static native void ecgrid_response_free(long response);

    static native long ecgrid_version();
    static native int ecgrid_version_number();
}
