using System;
using System.Threading;
using System.Threading.Tasks;
using Ecgrid.Native;

namespace Ecgrid.Calls
{
    /// <summary>Makes the rounds of one inbox or outbox.</summary>
    internal sealed class RoundCaller : Caller
    {
        private readonly string _owner;
        private readonly FolderHandle _folder;
        private readonly object _gate = new object();

        /// <param name="owner">Its name in an exception.</param>
        /// <param name="folder">Whose rounds it makes.</param>
        /// <param name="session">Whose cancel reaches them too, and on whose threads they are made.</param>
        public RoundCaller(string owner, FolderHandle folder, Caller session)
            : base(session.Threads, session)
        {
            _owner = owner;
            _folder = folder;
        }

        /// <summary>A round on the caller's thread.</summary>
        public long Run(TimeSpan? timeout, CancellationToken cancellationToken)
        {
            CancellationTokenSource cancel;
            using (var own = Own(timeout, out cancel))
            using (cancel)
            {
                try
                {
                    using (cancellationToken.Register(it => ((FolderHandle)it).Stop(), own)) return Move(own, cancel);
                }
                catch (EcgridException error) when (Failure.IsBy(cancellationToken, error))
                {
                    throw new EcgridCanceledException(error, cancellationToken);
                }
            }
        }

        /// <summary>A round on a thread of <see cref="Caller.Threads"/>, when one is free.</summary>
        public Task<long> RunAsync(TimeSpan? timeout, CancellationToken cancellationToken)
        {
            Lease<FolderHandle> lease;
            CancellationTokenSource cancel;
            try
            {
                var own = Own(timeout, out cancel);
                lease = new Lease<FolderHandle>(this, own, true, cancel);
            }
            catch (EcgridException error)
            {
                return Task.FromException<long>(error);
            }
            return new QueuedCall<FolderHandle, long>(folder => Move(folder, cancel), lease, cancellationToken).Start(Threads);
        }

        /// <summary>Ends the rounds that run or wait for a thread.</summary>
        public void Cancel()
        {
            CheckOpen();
            CancelWaiting();
        }

        public void CheckOpen()
        {
            _folder.CheckOpen(_owner);
        }

        public void Close()
        {
            lock (_gate) _folder.Shut();
        }

        /// <summary>A stop that comes before the round has begun is not forgotten, as a cancel would be.</summary>
        private static long Move(FolderHandle own, CancellationTokenSource cancel)
        {
            using (cancel.Token.Register(it => ((FolderHandle)it).Stop(), own)) return own.Move();
        }

        /// <param name="timeout">For the requests of this round; null for that of all.</param>
        /// <param name="cancel">Cancelled with the next cancel of the folder, its session or its client.</param>
        private FolderHandle Own(TimeSpan? timeout, out CancellationTokenSource cancel)
        {
            FolderHandle own;
            lock (_gate)
            {
                CheckOpen();
                own = _folder.Clone();
                cancel = NextCancel();
            }
            try
            {
                if (timeout.HasValue) own.SetTimeout(Spans.ToMilliseconds(timeout.Value));
                return own;
            }
            catch
            {
                cancel.Dispose();
                own.Dispose();
                throw;
            }
        }
    }
}
