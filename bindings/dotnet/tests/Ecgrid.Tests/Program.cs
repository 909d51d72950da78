using System;
using System.Collections.Generic;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments.Length == 1 && arguments[0] == LoadingTests.ChildMode) return LoadingTests.Child();
        if (arguments.Length == 2 && arguments[0] == LoadingTests.PropertyMode) return LoadingTests.Child(arguments[1]);
        if (arguments.Length == 1 && arguments[0] == FakeTests.ChildMode) return FakeTests.Child();
        if (arguments.Length == 1 && arguments[0] == MemoryTests.ChildMode) return MemoryTests.Child();
        if (arguments.Length == 1 && arguments[0] == LogTests.ChildMode) return LogTests.Child();
        var suites = new List<Type>
        {
            typeof(ConstantTests),
            typeof(ApiTests),
            typeof(TextTests),
            typeof(Utf8Tests),
            typeof(FakeTests),
            typeof(MemoryTests),
            typeof(SurfaceTests),
            typeof(CancellationTests),
            typeof(TimeoutTests),
            typeof(AsyncTests),
            typeof(LifetimeTests),
            typeof(ParcelTests),
            typeof(RoundTests),
            typeof(LogTests),
            typeof(LoadingTests),
        };
        // Some Monos come without HttpClient.
        if (Type.GetType("System.Net.Http.HttpClient, System.Net.Http") != null) suites.Add(typeof(AuthorizationTests));
        return Check.Run(suites.ToArray());
    }
}
