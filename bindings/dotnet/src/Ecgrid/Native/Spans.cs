using System;

namespace Ecgrid.Native
{
    /// <summary>The library's numbers as times, and back. Negative is unknown; what .NET cannot hold is the most it can.</summary>
    internal static class Spans
    {
        private const long UnixSecondsOfMax = 253402300799;

        public static TimeSpan? FromMilliseconds(long milliseconds)
        {
            return From(milliseconds, TimeSpan.TicksPerMillisecond);
        }

        public static TimeSpan? FromSeconds(long seconds)
        {
            return From(seconds, TimeSpan.TicksPerSecond);
        }

        public static DateTimeOffset? FromUnixSeconds(long seconds)
        {
            if (seconds < 0) return null;
            return seconds > UnixSecondsOfMax ? DateTimeOffset.MaxValue : DateTimeOffset.FromUnixTimeSeconds(seconds);
        }

        /// <summary>Rounded up: less than a millisecond is not none.</summary>
        public static long ToMilliseconds(TimeSpan span)
        {
            var whole = span.Ticks / TimeSpan.TicksPerMillisecond;
            return span.Ticks % TimeSpan.TicksPerMillisecond > 0 ? whole + 1 : whole;
        }

        private static TimeSpan? From(long number, long ticks)
        {
            if (number < 0) return null;
            return number > TimeSpan.MaxValue.Ticks / ticks ? TimeSpan.MaxValue : new TimeSpan(number * ticks);
        }
    }
}
