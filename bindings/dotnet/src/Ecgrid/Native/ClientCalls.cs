using System;
using System.Runtime.CompilerServices;

namespace Ecgrid.Native
{
    /// <summary>The calls of a client, from .NET's types to the library's and back.</summary>
    internal static unsafe class ClientCalls
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static TokenHandle DefaultLogin(string login, byte* password)
        {
            using (var loginText = Text.In(login, "user name"))
            {
                TokenHandle token;
                var error = IntPtr.Zero;
                Failure.ThrowIf(NativeMethods.ecgrid_login(loginText.Bytes, password, out token, ref error), error);
                return token;
            }
        }

        public static TokenHandle DefaultLogin(string login, string password)
        {
            using (var passwordText = Text.In(password, "password")) return DefaultLogin(login, passwordText.Bytes);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static ClientHandle New(ConfigHandle config)
        {
            ClientHandle client;
            var error = IntPtr.Zero;
            Failure.ThrowIf(NativeMethods.ecgrid_client_new(config, out client, ref error), error);
            return client;
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static string BaseUrl(ClientHandle client)
        {
            return Text.Of(NativeMethods.ecgrid_client_base_url(client));
        }

        public static TokenHandle Login(ClientHandle client, string login, byte* password)
        {
            using (var loginText = Text.In(login, "user name"))
            {
                TokenHandle token;
                var error = IntPtr.Zero;
                var status = NativeMethods.ecgrid_client_login(client, loginText.Bytes, password, out token, ref error);
                Failure.ThrowIf(status, error);
                return token;
            }
        }

        public static TokenHandle Login(ClientHandle client, string login, string password)
        {
            using (var passwordText = Text.In(password, "password")) return Login(client, login, passwordText.Bytes);
        }

        public static ResponseHandle ServerVersion(ClientHandle client)
        {
            ResponseHandle response;
            var error = IntPtr.Zero;
            Failure.ThrowIf(NativeMethods.ecgrid_client_server_version(client, out response, ref error), error);
            return response;
        }

        public static SessionHandle OpenSession(ClientHandle client, string login, byte* password)
        {
            using (var loginText = Text.In(login, "user name"))
            {
                SessionHandle session;
                var error = IntPtr.Zero;
                var status = NativeMethods.ecgrid_session_login(
                    client, loginText.Bytes, password, out session, ref error);
                Failure.ThrowIf(status, error);
                return session;
            }
        }

        public static SessionHandle OpenSession(ClientHandle client, string login, string password)
        {
            using (var passwordText = Text.In(password, "password")) return OpenSession(client, login, passwordText.Bytes);
        }

        public static SessionHandle OpenSessionWithApiKey(ClientHandle client, string key)
        {
            using (var keyText = Text.In(key, "API key"))
            {
                SessionHandle session;
                var error = IntPtr.Zero;
                var status = NativeMethods.ecgrid_session_with_api_key(client, keyText.Bytes, out session, ref error);
                Failure.ThrowIf(status, error);
                return session;
            }
        }
    }
}
