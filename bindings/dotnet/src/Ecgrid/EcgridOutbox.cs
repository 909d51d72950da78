using System;
using System.Threading;
using System.Threading.Tasks;
using Ecgrid.Calls;
using Ecgrid.Native;

namespace Ecgrid
{
    /// <summary>
    /// A folder whose files are sent as parcels, each once, and then moved to sent/, refused/ or unclear/ in it. Made by
    /// <see cref="EcgridSession.OpenOutbox"/>.
    /// </summary>
    /// <remarks>
    /// To drop a file in, write it under another name, which begins with a dot or ends in .tmp or .part, or in another folder
    /// of the same disk, and rename it when it is whole. Any number of threads; of two rounds at once the second waits for the
    /// first. An outbox lives on after its session is disposed of.
    /// </remarks>
    public class EcgridOutbox : IDisposable
    {
        private readonly OutboxHandle _handle;
        private readonly RoundCaller _rounds;

        internal EcgridOutbox(OutboxHandle handle, Caller session)
        {
            _handle = handle;
            _rounds = new RoundCaller(nameof(EcgridOutbox), handle, session);
        }

        /// <summary>For a fake in tests of your own: override what they call. Anything else throws
        /// <see cref="NotSupportedException"/>; <see cref="Dispose"/> does nothing.</summary>
        protected EcgridOutbox()
        {
        }

        /// <summary>
        /// How long ECGrid may take to show an upload in its outbox list; ten minutes at first. A file that may have been sent
        /// is sent again no sooner.
        /// </summary>
        /// <param name="time">Not negative.</param>
        /// <exception cref="EcgridException"><paramref name="time"/> is negative.</exception>
        /// <exception cref="ObjectDisposedException">The outbox is disposed of.</exception>
        public virtual void SetSettleTime(TimeSpan time)
        {
            Rounds.CheckOpen();
            _handle.SetSettleTime(Spans.ToMilliseconds(time));
        }

        /// <summary>
        /// One round: every file that lies in the folder now is sent. Whatever comes of it, call it again: what may have been
        /// sent is not sent again before that is known.
        /// </summary>
        /// <remarks>
        /// An error with one file does not stop the others, unless it says nothing about the file; the first one is thrown,
        /// with the most careful outcome of all. A timeout holds for each request, not for the round; while a
        /// file goes, it is the longest time without a byte.
        /// </remarks>
        /// <param name="timeout">For each request of this round; null for the one of the options.</param>
        /// <param name="cancellationToken">Ends this round and no other. What it has begun the next one finishes.</param>
        /// <returns>How many files are known to be sent.</returns>
        /// <exception cref="EcgridException">
        /// The round failed; <see cref="EcgridException.ParcelCount"/> files are known to be sent all the same.
        /// </exception>
        /// <exception cref="EcgridCanceledException">The token ended the round.</exception>
        /// <exception cref="ObjectDisposedException">The outbox is disposed of.</exception>
        public virtual long Send(
            TimeSpan? timeout = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Rounds.Run(timeout, cancellationToken);
        }

        /// <summary>As <see cref="Send"/>, on a thread of the client's own.</summary>
        /// <inheritdoc cref="Send"/>
        public virtual Task<long> SendAsync(
            TimeSpan? timeout = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Rounds.RunAsync(timeout, cancellationToken);
        }

        /// <summary>
        /// Ends the rounds that run now, also those that wait for their turn: each throws an <see cref="EcgridException"/> with
        /// <see cref="EcgridStatus.Cancelled"/>. What they have begun the next one finishes.
        /// </summary>
        /// <exception cref="ObjectDisposedException">The outbox is disposed of.</exception>
        public virtual void Cancel()
        {
            Rounds.Cancel();
        }

        /// <summary>
        /// Closes the outbox: its folder may be opened again. Any thread, any number of times; rounds come to their own end
        /// first, which this does not wait for.
        /// </summary>
        public virtual void Dispose()
        {
            if (_rounds != null) _rounds.Close();
        }

        private RoundCaller Rounds
        {
            get { return Fake.Or(_rounds, nameof(EcgridOutbox)); }
        }
    }
}
