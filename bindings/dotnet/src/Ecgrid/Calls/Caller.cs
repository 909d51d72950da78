using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Ecgrid.Native;

namespace Ecgrid.Calls
{
    /// <summary>
    /// Makes the calls of one client or session. A call that can be cancelled by itself has a handle of its own, a clone.
    /// Calls that only wait for a thread share one, which a cancel of all stops for good.
    /// </summary>
    internal sealed class Caller<THandle> : ICancellable
        where THandle : CallHandle<THandle>
    {
        private readonly string _owner;
        private readonly THandle _handle;
        private readonly object _gate = new object();
        private readonly LinkedList<THandle> _own = new LinkedList<THandle>();
        private THandle _shared;

        public Caller(string owner, THandle handle, CallThreads threads)
        {
            _owner = owner;
            _handle = handle;
            Threads = threads;
        }

        public CallThreads Threads { get; }

        /// <summary>Makes a call on the caller's thread.</summary>
        public TResult Run<TResult>(Func<THandle, TResult> call, CancellationToken cancellationToken)
        {
            if (!cancellationToken.CanBeCanceled)
            {
                CheckOpen();
                return call(_handle);
            }
            var lease = Own(new IDisposable[0]);
            try
            {
                // Disposing of it waits for a stop that is under way, so the clone is not closed under that.
                using (cancellationToken.Register(handle => ((THandle)handle).Stop(), lease.Handle))
                {
                    return call(lease.Handle);
                }
            }
            catch (EcgridException error) when (Failure.IsBy(cancellationToken, error))
            {
                throw new EcgridCanceledException(error, cancellationToken);
            }
            finally
            {
                lease.End();
            }
        }

        /// <summary>Makes a call on a thread of <see cref="Threads"/>, when one is free.</summary>
        /// <param name="call">The call itself.</param>
        /// <param name="cancellationToken">What ends it.</param>
        /// <param name="held">What it needs: disposed of when it is over, also when it never begins.</param>
        public Task<TResult> RunAsync<TResult>(
            Func<THandle, TResult> call, CancellationToken cancellationToken, params IDisposable[] held)
        {
            Lease lease;
            try
            {
                lease = cancellationToken.CanBeCanceled ? Own(held) : Shared(held);
            }
            catch (EcgridException error)
            {
                return Task.FromException<TResult>(error);
            }
            return new QueuedCall<THandle, TResult>(call, lease, cancellationToken).Start(Threads);
        }

        /// <summary>Ends the calls made here, whatever handle they have.</summary>
        public void Cancel()
        {
            THandle shared;
            THandle[] own;
            lock (_gate)
            {
                shared = _shared;
                _shared = null;
                own = new THandle[_own.Count];
                _own.CopyTo(own, 0);
            }
            // A call that still waits for its thread counts as running for whoever made it: what is stopped never begins.
            if (shared != null) shared.Stop();
            foreach (var handle in own) Unless(handle, stopped => stopped.Stop());
            foreach (var call in Threads.RemoveAll(this))
            {
                // It ends at once, and need not wait for a thread that others keep busy.
                if (call.Make()) call.EndElsewhere();
            }
            if (shared != null) shared.Dispose();
            Unless(_handle, handle => handle.Cancel());
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

        private static void Unless(THandle handle, Action<THandle> cancel)
        {
            try
            {
                cancel(handle);
            }
            catch (ObjectDisposedException)
            {
                // Closed meanwhile: its last call is over, or cannot be told any more.
            }
        }

        private Lease Own(IDisposable[] held)
        {
            CheckOpen();
            var clone = _handle.Clone();
            lock (_gate) return new Lease(this, clone, _own.AddFirst(clone), held);
        }

        private Lease Shared(IDisposable[] held)
        {
            lock (_gate)
            {
                CheckOpen();
                if (_shared == null) _shared = _handle.Clone();
                // Until the call lets go of it, it is not freed, whoever disposes of it.
                var isHeld = false;
                _shared.DangerousAddRef(ref isHeld);
                return new Lease(this, _shared, null, held);
            }
        }

        /// <summary>The handle of a call, and what else it needs until its end.</summary>
        internal struct Lease
        {
            private readonly LinkedListNode<THandle> _own;
            private readonly IDisposable[] _held;

            /// <summary>For the process-wide client, whose handle the library keeps to itself.</summary>
            public Lease(IDisposable[] held)
                : this(null, null, null, held)
            {
            }

            public Lease(Caller<THandle> caller, THandle handle, LinkedListNode<THandle> own, IDisposable[] held)
            {
                Caller = caller;
                Handle = handle;
                _own = own;
                _held = held;
            }

            public Caller<THandle> Caller { get; }

            public THandle Handle { get; }

            public void End()
            {
                foreach (var each in _held) each.Dispose();
                if (Handle == null) return;
                if (_own == null)
                {
                    Handle.DangerousRelease();
                    return;
                }
                lock (Caller._gate) Caller._own.Remove(_own);
                Handle.Dispose();
            }
        }
    }
}
