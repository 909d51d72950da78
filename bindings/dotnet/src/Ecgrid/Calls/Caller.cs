using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Ecgrid.Native;

namespace Ecgrid.Calls
{
    /// <summary>Whoever makes calls: what those that wait for a thread need to know of it.</summary>
    internal abstract class Caller
    {
        private readonly Caller _parent;
        private CancellationTokenSource _end = new CancellationTokenSource();
        private int _cancels;

        protected Caller(CallThreads threads, Caller parent)
        {
            Threads = threads;
            _parent = parent;
        }

        public CallThreads Threads { get; }

        /// <summary>How often it was cancelled, with its parent or alone: a call that waits meanwhile never begins.</summary>
        public int Cancels
        {
            get { return Volatile.Read(ref _cancels) + (_parent == null ? 0 : _parent.Cancels); }
        }

        public bool IsReachedBy(Caller cancelled)
        {
            return this == cancelled || (_parent != null && _parent.IsReachedBy(cancelled));
        }

        /// <summary>
        /// Ends the calls that wait. They end at once, and need no thread, which others may keep busy. Rounds that have begun are
        /// told too.
        /// </summary>
        protected void CancelWaiting()
        {
            var end = Interlocked.Exchange(ref _end, new CancellationTokenSource());
            Interlocked.Increment(ref _cancels);
            foreach (var call in Threads.RemoveAll(this))
            {
                if (call.Make()) call.EndElsewhere();
            }
            end.Cancel();
        }

        /// <summary>Cancelled with the next cancel that reaches this. Whoever asks disposes of it.</summary>
        protected CancellationTokenSource NextCancel()
        {
            var ends = new List<CancellationToken>();
            for (var caller = this; caller != null; caller = caller._parent) ends.Add(Volatile.Read(ref caller._end).Token);
            return CancellationTokenSource.CreateLinkedTokenSource(ends.ToArray());
        }
    }

    /// <summary>
    /// Makes the calls of one client or session. A call with a cancel or a timeout of its own has a handle of its own, a
    /// clone. Calls that only wait for a thread share one, of which those are clones: a cancel of all stops it for good.
    /// </summary>
    internal sealed class Caller<THandle> : Caller
        where THandle : CallHandle<THandle>
    {
        private readonly string _owner;
        private readonly THandle _handle;
        private readonly object _gate = new object();
        private THandle _shared;

        /// <param name="owner">Its name in an exception.</param>
        /// <param name="handle">What it makes calls with.</param>
        /// <param name="threads">Where it makes them.</param>
        /// <param name="client">Of a session: whose cancel reaches it too.</param>
        public Caller(string owner, THandle handle, CallThreads threads, Caller client = null)
            : base(threads, client)
        {
            _owner = owner;
            _handle = handle;
        }

        /// <summary>Makes a call on the caller's thread.</summary>
        public TResult Run<TResult>(Func<THandle, TResult> call, TimeSpan? timeout, CancellationToken cancellationToken)
        {
            if (!NeedsOwn(timeout, cancellationToken))
            {
                CheckOpen();
                return call(_handle);
            }
            using (var own = Own(timeout))
            {
                try
                {
                    // Disposing of it waits for a stop that is under way, so the clone is not closed under that.
                    using (cancellationToken.Register(handle => ((THandle)handle).Stop(), own)) return call(own);
                }
                catch (EcgridException error) when (Failure.IsBy(cancellationToken, error))
                {
                    throw new EcgridCanceledException(error, cancellationToken);
                }
            }
        }

        /// <summary>Makes a call on a thread of <see cref="Caller.Threads"/>, when one is free.</summary>
        /// <param name="call">The call itself.</param>
        /// <param name="timeout">Its own; null for that of all.</param>
        /// <param name="cancellationToken">What ends it.</param>
        /// <param name="held">What it needs: disposed of when it is over, also when it never begins.</param>
        public Task<TResult> RunAsync<TResult>(
            Func<THandle, TResult> call, TimeSpan? timeout, CancellationToken cancellationToken, params IDisposable[] held)
        {
            Lease<THandle> lease;
            try
            {
                var isOwn = NeedsOwn(timeout, cancellationToken);
                lease = new Lease<THandle>(this, isOwn ? Own(timeout) : HeldShared(), isOwn, held);
            }
            catch (EcgridException error)
            {
                foreach (var each in held) each.Dispose();
                return Task.FromException<TResult>(error);
            }
            return new QueuedCall<THandle, TResult>(call, lease, cancellationToken).Start(Threads);
        }

        /// <summary>Ends the calls made here and, of a client, those of its sessions.</summary>
        public void Cancel()
        {
            THandle shared;
            lock (_gate)
            {
                CheckOpen();
                shared = _shared;
                _shared = null;
            }
            // First, as each that ends lets a waiting one begin.
            CancelWaiting();
            using (shared)
            {
                // A call counts as running also before its thread has begun it: what is stopped never begins.
                if (shared != null) shared.Stop();
            }
            try
            {
                _handle.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // Closed meanwhile.
            }
        }

        public void CheckOpen()
        {
            _handle.CheckOpen(_owner);
        }

        public void Close()
        {
            lock (_gate)
            {
                _handle.Shut();
                if (_shared != null) _shared.Dispose();
                _shared = null;
            }
        }

        private static bool NeedsOwn(TimeSpan? timeout, CancellationToken cancellationToken)
        {
            return timeout.HasValue || cancellationToken.CanBeCanceled;
        }

        private THandle Own(TimeSpan? timeout)
        {
            THandle own;
            lock (_gate) own = Shared().Clone();
            try
            {
                if (timeout.HasValue) own.SetTimeout(Spans.ToMilliseconds(timeout.Value));
                return own;
            }
            catch
            {
                own.Dispose();
                throw;
            }
        }

        private THandle HeldShared()
        {
            lock (_gate)
            {
                var shared = Shared();
                // Until the call lets go of it, it is not freed, whoever disposes of it.
                var isHeld = false;
                shared.DangerousAddRef(ref isHeld);
                return shared;
            }
        }

        private THandle Shared()
        {
            CheckOpen();
            return _shared ?? (_shared = _handle.Clone());
        }
    }
}
