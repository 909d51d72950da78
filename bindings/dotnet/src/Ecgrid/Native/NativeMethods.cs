using System;
using System.Runtime.InteropServices;

// What is loaded by its name is never looked for in the current folder or on the PATH of Windows.
[assembly: DefaultDllImportSearchPaths(
    DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.ApplicationDirectory | DllImportSearchPath.System32)]

namespace Ecgrid.Native
{
    /// <summary>
    /// The functions of ecgrid.h, one for one. Text goes in as UTF-8 with a NUL and comes out as a pointer; what a handle is
    /// borrowed for is a SafeHandle, and what a function makes comes back as one: nothing that the runtime would convert.
    /// </summary>
    /// <remarks>
    /// Accessors and the free functions take the pointer: <see cref="NativeHandle.Read{T}"/> and the handle itself call them,
    /// which hold it.
    /// </remarks>
    internal static unsafe partial class NativeMethods
    {
        public const string Library = "ecgrid";

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_login(byte* login, byte* password, out TokenHandle token, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern IntPtr ecgrid_token_value(IntPtr token);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern IntPtr ecgrid_token_header_name(IntPtr token);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern IntPtr ecgrid_token_header_value(IntPtr token);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern long ecgrid_token_user_id(IntPtr token);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern long ecgrid_token_expires_at(IntPtr token);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern long ecgrid_token_expires_in(IntPtr token);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern void ecgrid_token_free(IntPtr token);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_error_outcome(IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_error_http_status(IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern IntPtr ecgrid_error_message(IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern IntPtr ecgrid_error_code(IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern IntPtr ecgrid_error_trace_id(IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern long ecgrid_error_retry_after_ms(IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern void ecgrid_error_free(IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern ConfigHandle ecgrid_config_new();

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_config_from_env(out ConfigHandle config, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_config_set_base_url(ConfigHandle config, byte* url, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_config_set_api_key(ConfigHandle config, byte* key, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_config_set_ca_file(ConfigHandle config, byte* pemPath, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_config_set_proxy(ConfigHandle config, byte* url, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_config_set_user_agent(ConfigHandle config, byte* product, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_config_set_timeout_ms(ConfigHandle config, long total, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_config_set_connect_timeout_ms(
            ConfigHandle config,
            long connect,
            ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_config_set_max_attempts(ConfigHandle config, int attempts, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_config_set_max_response_bytes(
            ConfigHandle config,
            long bytes,
            ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_config_set_keep_password(ConfigHandle config, int keep, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_config_set_keep_alive(ConfigHandle config, int keep, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_config_set_log(
            ConfigHandle config,
            int level,
            IntPtr function,
            IntPtr context,
            IntPtr release,
            ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern void ecgrid_config_free(IntPtr config);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_client_new(ConfigHandle config, out ClientHandle client, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_client_login(
            ClientHandle client,
            byte* login,
            byte* password,
            out TokenHandle token,
            ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_client_server_version(
            ClientHandle client,
            out ResponseHandle response,
            ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern IntPtr ecgrid_client_base_url(ClientHandle client);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_client_clone(ClientHandle client, out ClientHandle clone, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_client_set_timeout_ms(ClientHandle client, long total, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern void ecgrid_client_cancel(ClientHandle client);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern void ecgrid_client_stop(ClientHandle client);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern void ecgrid_client_free(IntPtr client);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_session_login(
            ClientHandle client,
            byte* login,
            byte* password,
            out SessionHandle session,
            ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_session_with_api_key(
            ClientHandle client,
            byte* key,
            out SessionHandle session,
            ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_session_token(SessionHandle session, out TokenHandle token, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_session_refused(SessionHandle session, IntPtr token, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_session_refresh(SessionHandle session, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_session_info(
            SessionHandle session,
            out ResponseHandle response,
            ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_session_change_password(
            SessionHandle session,
            byte* current,
            byte* replacement,
            ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_session_generate_api_key(
            SessionHandle session,
            long userId,
            out ResponseHandle response,
            ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_session_call(
            SessionHandle session,
            byte* method,
            byte* path,
            byte* body,
            UIntPtr bodyLength,
            out ResponseHandle response,
            ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_session_logout(SessionHandle session, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_session_clone(SessionHandle session, out SessionHandle clone, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_session_set_timeout_ms(SessionHandle session, long total, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern void ecgrid_session_cancel(SessionHandle session);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern void ecgrid_session_stop(SessionHandle session);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern void ecgrid_session_free(IntPtr session);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_response_http_status(IntPtr response);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_response_status(IntPtr response);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern IntPtr ecgrid_response_body(IntPtr response, UIntPtr* length);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern IntPtr ecgrid_response_data(IntPtr response, UIntPtr* length);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern IntPtr ecgrid_response_string(IntPtr response, byte* pointer);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern long ecgrid_response_int(IntPtr response, byte* pointer, long fallback);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern long ecgrid_response_count(IntPtr response, byte* pointer);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_response_kind(IntPtr response, byte* pointer);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern IntPtr ecgrid_response_header(IntPtr response, byte* name);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_response_from_json(
            byte* json, UIntPtr length, out ResponseHandle response, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern void ecgrid_response_free(IntPtr response);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern IntPtr ecgrid_version();

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern uint ecgrid_version_number();
    }
}
