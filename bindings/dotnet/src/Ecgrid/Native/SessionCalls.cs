using System;

namespace Ecgrid.Native
{
    /// <summary>The calls of a session, from .NET's types to the library's and back.</summary>
    internal static unsafe class SessionCalls
    {
        public static TokenHandle Token(SessionHandle session)
        {
            TokenHandle token;
            var error = IntPtr.Zero;
            Failure.ThrowIf(NativeMethods.ecgrid_session_token(session, out token, ref error), error);
            return token;
        }

        public static bool Refused(SessionHandle session, IntPtr token)
        {
            var error = IntPtr.Zero;
            Failure.ThrowIf(NativeMethods.ecgrid_session_refused(session, token, ref error), error);
            return true;
        }

        public static void Refresh(SessionHandle session)
        {
            var error = IntPtr.Zero;
            Failure.ThrowIf(NativeMethods.ecgrid_session_refresh(session, ref error), error);
        }

        public static ResponseHandle Info(SessionHandle session)
        {
            ResponseHandle response;
            var error = IntPtr.Zero;
            Failure.ThrowIf(NativeMethods.ecgrid_session_info(session, out response, ref error), error);
            return response;
        }

        public static void ChangePassword(SessionHandle session, byte* current, byte* replacement)
        {
            var error = IntPtr.Zero;
            var status = NativeMethods.ecgrid_session_change_password(session, current, replacement, ref error);
            Failure.ThrowIf(status, error);
        }

        public static void ChangePassword(SessionHandle session, string current, string replacement)
        {
            using (var currentText = Text.In(current, "current password"))
            using (var replacementText = Text.In(replacement, "new password"))
            {
                ChangePassword(session, currentText.Bytes, replacementText.Bytes);
            }
        }

        public static ResponseHandle GenerateApiKey(SessionHandle session, long userId)
        {
            ResponseHandle response;
            var error = IntPtr.Zero;
            var status = NativeMethods.ecgrid_session_generate_api_key(session, userId, out response, ref error);
            Failure.ThrowIf(status, error);
            return response;
        }

        public static ResponseHandle Call(SessionHandle session, string method, string path, byte* body, int length)
        {
            using (var methodText = Text.In(method, "method"))
            using (var pathText = Text.In(path, "path"))
            {
                ResponseHandle response;
                var error = IntPtr.Zero;
                var status = NativeMethods.ecgrid_session_call(
                    session, methodText.Bytes, pathText.Bytes, body, (UIntPtr)(uint)length, out response, ref error);
                Failure.ThrowIf(status, error);
                return response;
            }
        }

        public static ResponseHandle Call(SessionHandle session, string method, string path, string body)
        {
            using (var text = Text.Counted(body, "body")) return Call(session, method, path, text.Bytes, text.Length);
        }

        public static void Logout(SessionHandle session)
        {
            var error = IntPtr.Zero;
            Failure.ThrowIf(NativeMethods.ecgrid_session_logout(session, ref error), error);
        }
    }
}
