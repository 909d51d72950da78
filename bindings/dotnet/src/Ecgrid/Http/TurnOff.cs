using System;
#if NET8_0_OR_GREATER
using System.Diagnostics.CodeAnalysis;
#endif
using System.Net.Http;
using System.Reflection;
using Ecgrid.Native;

namespace Ecgrid.Http
{
    /// <summary>What the handler that sends requests would do with a credential that it knows nothing of.</summary>
    internal static class TurnOff
    {
        public static void Redirects(HttpMessageHandler handler)
        {
            Property(
                handler,
                "AllowAutoRedirect",
                "follows redirects, and would take the session's credential along to any host");
        }

        public static void Proxy(HttpMessageHandler handler)
        {
            Property(
                handler,
                "UseProxy",
                "may use a proxy, which would read the session's credential, as the base URL is not https");
        }

#if NET8_0_OR_GREATER
        // The framework's own keep theirs: they are named here. Of another one that was trimmed away, it is refused.
        [DynamicDependency("AllowAutoRedirect", typeof(HttpClientHandler))]
        [DynamicDependency("UseProxy", typeof(HttpClientHandler))]
        [DynamicDependency("AllowAutoRedirect", typeof(SocketsHttpHandler))]
        [DynamicDependency("UseProxy", typeof(SocketsHttpHandler))]
        [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "A handler without the property is refused.")]
#endif
        private static void Property(HttpMessageHandler handler, string name, string otherwise)
        {
            for (var wrapping = handler as DelegatingHandler; wrapping != null; wrapping = handler as DelegatingHandler)
            {
                handler = wrapping.InnerHandler;
            }
            // The runtime's own message says that there is none.
            if (handler == null) return;
            var property = handler.GetType().GetProperty(name, typeof(bool));
            if (property != null && IsOff(property, handler)) return;
            throw Failure.Argument(
                handler.GetType() + " " + otherwise + ": set its " + name + " to false before its first request, or take"
                    + " another handler, such as a new HttpClientHandler");
        }

        private static bool IsOff(PropertyInfo property, HttpMessageHandler handler)
        {
            if (!(bool)property.GetValue(handler)) return true;
            try
            {
                property.SetValue(handler, false);
            }
            catch (TargetInvocationException)
            {
                // It is in use, perhaps since another request of ours has turned it off.
            }
            return !(bool)property.GetValue(handler);
        }
    }
}
