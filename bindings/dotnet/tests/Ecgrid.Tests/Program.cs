internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments.Length == 1 && arguments[0] == LoadingTests.ChildMode) return LoadingTests.Child();
        if (arguments.Length == 1 && arguments[0] == MemoryTests.ChildMode) return MemoryTests.Child();
        return Check.Run(
            typeof(ConstantTests),
            typeof(ApiTests),
            typeof(TextTests),
            typeof(MemoryTests),
            typeof(SurfaceTests),
            typeof(CancellationTests),
            typeof(AsyncTests),
            typeof(LifetimeTests),
            typeof(LoadingTests));
    }
}
