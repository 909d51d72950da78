using System;
#if !NET8_0_OR_GREATER
using System.Runtime.Serialization;
#endif
using System.Threading;

namespace Ecgrid
{
    /// <summary>
    /// A call that its CancellationToken ended. Whatever handles <see cref="OperationCanceledException"/> handles it; whoever
    /// needs to know whether the call may have been done looks at <see cref="Outcome"/>.
    /// </summary>
    /// <remarks>
    /// A task that was cancelled so is <see cref="System.Threading.Tasks.Task.IsCanceled"/>, and <c>await</c> throws this
    /// exception. (<c>Task.Wait</c> and <c>Task.Result</c> throw an exception of their own in its place.)
    /// </remarks>
#if !NET8_0_OR_GREATER
    [Serializable]
#endif
    public class EcgridCanceledException : OperationCanceledException
    {
        /// <summary>An exception for a cancelled call. The library makes them itself; this is for tests of your own.</summary>
        /// <param name="error">How the call ended.</param>
        /// <param name="cancellationToken">The token that ended it.</param>
        /// <exception cref="ArgumentNullException"><paramref name="error"/> is null.</exception>
        public EcgridCanceledException(EcgridException error, CancellationToken cancellationToken)
            : base(MessageOf(error), error, cancellationToken)
        {
            Outcome = error.Outcome;
        }

        /// <summary>
        /// <see cref="EcgridOutcome.NotSent"/>, or <see cref="EcgridOutcome.Unknown"/> for a call that was sent and may have
        /// been done.
        /// </summary>
        public EcgridOutcome Outcome { get; }

#if !NET8_0_OR_GREATER
        /// <summary>For exceptions that cross application domains of .NET Framework.</summary>
        /// <param name="info">What was stored.</param>
        /// <param name="context">Where it comes from.</param>
        protected EcgridCanceledException(SerializationInfo info, StreamingContext context)
            : base(info, context)
        {
            Outcome = (EcgridOutcome)info.GetInt32(nameof(Outcome));
        }

        /// <inheritdoc/>
        public override void GetObjectData(SerializationInfo info, StreamingContext context)
        {
            base.GetObjectData(info, context);
            info.AddValue(nameof(Outcome), (int)Outcome);
        }
#endif

        private static string MessageOf(EcgridException error)
        {
            if (error == null) throw new ArgumentNullException(nameof(error));
            return error.Message;
        }
    }
}
