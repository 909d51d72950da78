using System;
using System.Threading;
using System.Threading.Tasks;
using Ecgrid.Calls;
using Ecgrid.Native;

namespace Ecgrid
{
    /// <summary>
    /// A folder that gets the parcels of a mailbox, each as a file: whole, once, and under a safe name that begins with the
    /// parcel's id, such as 9007199254740993-order.edi. Made by <see cref="EcgridSession.OpenInbox"/>.
    /// </summary>
    /// <remarks>
    /// That holds whatever happens at whatever moment: the process is killed, the disk is full, the network fails. Take the
    /// files away whenever you like, but do not change them where they are. Any number of threads; of two rounds at once the
    /// second waits for the first. An inbox lives on after its session is disposed of.
    /// </remarks>
    public class EcgridInbox : IDisposable
    {
        private readonly RoundCaller _rounds;

        internal EcgridInbox(InboxHandle handle, Caller session)
        {
            _rounds = new RoundCaller(nameof(EcgridInbox), handle, session);
        }

        /// <summary>For a fake in tests of your own: override what they call. Anything else throws
        /// <see cref="NotSupportedException"/>; <see cref="Dispose"/> does nothing.</summary>
        protected EcgridInbox()
        {
        }

        /// <summary>
        /// One round: everything that is pending now appears as files, and is confirmed. Whatever comes of it, call it again.
        /// </summary>
        /// <remarks>
        /// An error with one parcel does not stop the others; the first one is thrown, with the most careful outcome of all.
        /// A timeout holds for each request, not for the round; while a parcel comes, it is the longest time
        /// without a byte.
        /// </remarks>
        /// <param name="timeout">For each request of this round; null for the one of the options.</param>
        /// <param name="cancellationToken">Ends this round and no other. What it has begun the next one finishes.</param>
        /// <returns>How many files have appeared.</returns>
        /// <exception cref="EcgridException">
        /// The round failed; <see cref="EcgridException.ParcelCount"/> files have appeared all the same.
        /// </exception>
        /// <exception cref="EcgridCanceledException">The token ended the round.</exception>
        /// <exception cref="ObjectDisposedException">The inbox is disposed of.</exception>
        public virtual long Receive(
            TimeSpan? timeout = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Rounds.Run(timeout, cancellationToken);
        }

        /// <summary>As <see cref="Receive"/>, on a thread of the client's own.</summary>
        /// <inheritdoc cref="Receive"/>
        public virtual Task<long> ReceiveAsync(
            TimeSpan? timeout = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Rounds.RunAsync(timeout, cancellationToken);
        }

        /// <summary>
        /// Ends the rounds that run now, also those that wait for their turn: each throws an <see cref="EcgridException"/> with
        /// <see cref="EcgridStatus.Cancelled"/>. What they have begun the next one finishes.
        /// </summary>
        /// <exception cref="ObjectDisposedException">The inbox is disposed of.</exception>
        public virtual void Cancel()
        {
            Rounds.Cancel();
        }

        /// <summary>
        /// Closes the inbox: its folder may be opened again. Any thread, any number of times; rounds come to their own end
        /// first, which this does not wait for.
        /// </summary>
        public virtual void Dispose()
        {
            if (_rounds != null) _rounds.Close();
        }

        private RoundCaller Rounds
        {
            get { return Fake.Or(_rounds, nameof(EcgridInbox)); }
        }
    }
}
