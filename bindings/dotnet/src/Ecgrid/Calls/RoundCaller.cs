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
        public long Run(CancellationToken cancellationToken)
        {
            using (var round = Begin())
            {
                try
                {
                    using (cancellationToken.Register(it => ((Round)it).Stop(), round)) return round.Make();
                }
                catch (EcgridException error) when (Failure.IsBy(cancellationToken, error))
                {
                    throw new EcgridCanceledException(error, cancellationToken);
                }
            }
        }

        /// <summary>A round on a thread of <see cref="Caller.Threads"/>, when one is free.</summary>
        public Task<long> RunAsync(CancellationToken cancellationToken)
        {
            var lease = new Lease<Round>(this, Begin(), true);
            return new QueuedCall<Round, long>(round => round.Make(), lease, cancellationToken).Start(Threads);
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

        private Round Begin()
        {
            lock (_gate)
            {
                CheckOpen();
                return new Round(_folder, NextCancel());
            }
        }
    }
}
