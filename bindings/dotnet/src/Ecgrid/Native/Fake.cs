using System;

namespace Ecgrid.Native
{
    /// <summary>Objects that a program's own tests have derived from ours: there is nothing native behind them.</summary>
    internal static class Fake
    {
        public static T Or<T>(T native, string type)
            where T : class
        {
            if (native != null) return native;
            throw new NotSupportedException(
                "this " + type + " was made by a test of your own and has no native one: override what the test calls");
        }
    }
}
