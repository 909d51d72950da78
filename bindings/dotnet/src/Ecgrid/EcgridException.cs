using System;
#if !NET8_0_OR_GREATER
using System.Runtime.Serialization;
#endif

namespace Ecgrid
{
    /// <summary>
    /// A call that failed: why (<see cref="Status"/>), whether it may have been done (<see cref="Outcome"/>), and in
    /// <see cref="Exception.Message"/> one English line for a log, without passwords, tokens or keys.
    /// </summary>
    /// <remarks>
    /// Decide by <see cref="Outcome"/> whether to send again. Programs should not read the message: its words may change.
    /// </remarks>
#if !NET8_0_OR_GREATER
    [Serializable]
#endif
    public class EcgridException : Exception
    {
        /// <summary>An exception with these values. The library makes them itself; this is for tests of your own.</summary>
        /// <param name="message">One line for a person.</param>
        /// <param name="status">Why it failed.</param>
        /// <param name="outcome">Whether it may have been done.</param>
        /// <param name="httpStatus">The status of the HTTP answer; 0 when there was none.</param>
        /// <param name="code">ECGrid's errorCode; "" when there was none.</param>
        /// <param name="retryAfter">How long the server asks to wait; null when it did not say.</param>
        /// <param name="traceId">What the server gave to find the request by; "" when it gave nothing.</param>
        /// <param name="parcelCount">Of a round: how many parcels went through all the same.</param>
        /// <exception cref="ArgumentNullException">
        /// <paramref name="code"/> or <paramref name="traceId"/> is null.
        /// </exception>
        public EcgridException(
            string message,
            EcgridStatus status,
            EcgridOutcome outcome,
            int httpStatus = 0,
            string code = "",
            TimeSpan? retryAfter = null,
            string traceId = "",
            long parcelCount = 0)
            : base(message)
        {
            if (code == null) throw new ArgumentNullException(nameof(code));
            if (traceId == null) throw new ArgumentNullException(nameof(traceId));
            Status = status;
            Outcome = outcome;
            HttpStatus = httpStatus;
            Code = code;
            RetryAfter = retryAfter;
            TraceId = traceId;
            ParcelCount = parcelCount;
        }

        /// <summary>Why the call failed. May be a number that <see cref="EcgridStatus"/> does not name.</summary>
        public EcgridStatus Status { get; }

        /// <summary>May it be sent again?</summary>
        public EcgridOutcome Outcome { get; }

        /// <summary>The status of the HTTP answer; 0 when there was none.</summary>
        public int HttpStatus { get; }

        /// <summary>ECGrid's errorCode, such as "InvalidSession"; "" when the server sent none.</summary>
        public string Code { get; }

        /// <summary>
        /// How long to wait before the next try; null when nobody said. With <see cref="EcgridStatus.RateLimited"/> the
        /// server asks for it; with <see cref="EcgridStatus.Unauthenticated"/> the session logs in by itself by then.
        /// </summary>
        public TimeSpan? RetryAfter { get; }

        /// <summary>
        /// What the server gave to find the request by: quote it when you ask ECGrid's support. "" when it gave nothing.
        /// </summary>
        public string TraceId { get; }

        /// <summary>
        /// How many parcels went through all the same, in a round of <see cref="EcgridInbox"/> or <see cref="EcgridOutbox"/>;
        /// 0 after any other call.
        /// </summary>
        public long ParcelCount { get; }

#if !NET8_0_OR_GREATER
        /// <summary>For exceptions that cross application domains of .NET Framework.</summary>
        /// <param name="info">What was stored.</param>
        /// <param name="context">Where it comes from.</param>
        protected EcgridException(SerializationInfo info, StreamingContext context)
            : base(info, context)
        {
            Status = (EcgridStatus)info.GetInt32(nameof(Status));
            Outcome = (EcgridOutcome)info.GetInt32(nameof(Outcome));
            HttpStatus = info.GetInt32(nameof(HttpStatus));
            Code = info.GetString(nameof(Code)) ?? "";
            var ticks = info.GetInt64(nameof(RetryAfter));
            RetryAfter = ticks < 0 ? (TimeSpan?)null : new TimeSpan(ticks);
            TraceId = info.GetString(nameof(TraceId)) ?? "";
            ParcelCount = info.GetInt64(nameof(ParcelCount));
        }

        /// <inheritdoc/>
        public override void GetObjectData(SerializationInfo info, StreamingContext context)
        {
            base.GetObjectData(info, context);
            info.AddValue(nameof(Status), (int)Status);
            info.AddValue(nameof(Outcome), (int)Outcome);
            info.AddValue(nameof(HttpStatus), HttpStatus);
            info.AddValue(nameof(Code), Code);
            info.AddValue(nameof(RetryAfter), RetryAfter.HasValue ? RetryAfter.Value.Ticks : -1L);
            info.AddValue(nameof(TraceId), TraceId);
            info.AddValue(nameof(ParcelCount), ParcelCount);
        }
#endif
    }
}
