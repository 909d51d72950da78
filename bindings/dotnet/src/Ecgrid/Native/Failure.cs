using System;
using System.Threading;

namespace Ecgrid.Native
{
    /// <summary>A failed call's error object, turned into an exception.</summary>
    internal static class Failure
    {
        /// <summary>Throws unless <paramref name="status"/> is OK. Takes over <paramref name="error"/>, which may be zero.</summary>
        public static void ThrowIf(int status, IntPtr error, long parcelCount = 0)
        {
            if (status != (int)EcgridStatus.Ok) throw Take(status, error, parcelCount);
        }

        /// <summary>Text that cannot be handed over, refused as the library would refuse it.</summary>
        public static EcgridException Argument(string message)
        {
            return new EcgridException(message, EcgridStatus.InvalidArgument, EcgridOutcome.NotSent);
        }

        /// <summary>What there is no native memory for, so that nothing was sent.</summary>
        public static EcgridException NoMemory(string what)
        {
            return new EcgridException(
                "there is no memory for " + what, EcgridStatus.OutOfMemory, EcgridOutcome.NotSent);
        }

        /// <summary>An answer that there was no memory to read. The call was done, so it is not to be sent again.</summary>
        public static EcgridException NoMemoryToRead(int httpStatus)
        {
            return new EcgridException(
                "there was no memory to read the answer (HTTP " + httpStatus
                    + "): the call was done, but not all of the answer can be read",
                EcgridStatus.OutOfMemory,
                EcgridOutcome.Unknown,
                httpStatus);
        }

        /// <summary>A call that was cancelled before its turn came.</summary>
        public static EcgridException NeverBegun()
        {
            return new EcgridException(
                "not sent: cancelled before the call began", EcgridStatus.Cancelled, EcgridOutcome.NotSent);
        }

        /// <summary>Whether a call failed because of its token, and not by a cancel of its client or session.</summary>
        public static bool IsBy(CancellationToken cancellationToken, EcgridException error)
        {
            return error.Status == EcgridStatus.Cancelled && cancellationToken.IsCancellationRequested;
        }

        private static EcgridException Take(int status, IntPtr error, long parcelCount)
        {
            try
            {
                // The library has no memory left for an error object, or it is broken: whether it was done, nobody can say.
                if (error == IntPtr.Zero)
                {
                    return new EcgridException(
                        "the call failed, and there was no memory to say why",
                        (EcgridStatus)status,
                        EcgridOutcome.Unknown,
                        parcelCount: parcelCount);
                }
                return new EcgridException(
                    Text.Of(NativeMethods.ecgrid_error_message(error)),
                    (EcgridStatus)status,
                    (EcgridOutcome)NativeMethods.ecgrid_error_outcome(error),
                    NativeMethods.ecgrid_error_http_status(error),
                    Text.Of(NativeMethods.ecgrid_error_code(error)),
                    Spans.FromMilliseconds(NativeMethods.ecgrid_error_retry_after_ms(error)),
                    Text.Of(NativeMethods.ecgrid_error_trace_id(error)),
                    parcelCount);
            }
            finally
            {
                NativeMethods.ecgrid_error_free(error);
            }
        }
    }
}
