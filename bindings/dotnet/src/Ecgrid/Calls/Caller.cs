using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Ecgrid.Native;

namespace Ecgrid.Calls
{
    /// <summary>
    /// Makes the calls of one client or session. A call that can be cancelled by itself, or that waits for a thread, has a
    /// handle of its own, a clone.
    /// </summary>
    internal sealed class Caller<THandle> : ICancellable
        where THandle : CallHandle<THandle>
    {
        private readonly string _owner;
        private readonly THandle _handle;
        private readonly LinkedList<Own> _own = new LinkedList<Own>();

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
            var place = Clone();
            var clone = place.Value.Handle;
            try
            {
                // Disposing of it waits for a stop that is under way, so the clone is not closed under that.
                using (cancellationToken.Register(handle => ((THandle)handle).Stop(), clone))
                {
                    return call(clone);
                }
            }
            catch (EcgridException error) when (Failure.IsBy(cancellationToken, error))
            {
                throw new EcgridCanceledException(error, cancellationToken);
            }
            finally
            {
                Release(place);
            }
        }

        /// <summary>Makes a call on a thread of <see cref="Threads"/>, when one is free.</summary>
        public Task<TResult> RunAsync<TResult>(Func<THandle, TResult> call, CancellationToken cancellationToken)
        {
            LinkedListNode<Own> place;
            try
            {
                place = Clone();
            }
            catch (EcgridException error)
            {
                return Task.FromException<TResult>(error);
            }
            var clone = place.Value.Handle;
            var queued = new QueuedCall<TResult>(
                () => call(clone), clone.Stop, () => Release(place), Threads, cancellationToken);
            place.Value.Queued = queued;
            return queued.Start();
        }

        /// <summary>Ends the calls made here, whatever handle they have.</summary>
        public void Cancel()
        {
            Own[] all;
            lock (_own)
            {
                all = new Own[_own.Count];
                _own.CopyTo(all, 0);
            }
            // Each is for one call. One that still waits for its thread counts as running for whoever made it, and the newest
            // is first, so that it does not get the thread of one that has just ended.
            foreach (var own in all)
            {
                Unless(own.Handle, handle => handle.Stop());
                // Stopped, it ends at once, and need not wait for a thread that others keep busy.
                var queued = own.Queued;
                if (queued != null && Threads.Remove(queued)) queued.Run();
            }
            Unless(_handle, handle => handle.Cancel());
        }

        public void CheckOpen()
        {
            _handle.CheckOpen(_owner);
        }

        public void Close()
        {
            _handle.Shut();
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

        private LinkedListNode<Own> Clone()
        {
            CheckOpen();
            var clone = _handle.Clone();
            lock (_own) return _own.AddFirst(new Own(clone));
        }

        private void Release(LinkedListNode<Own> place)
        {
            lock (_own) _own.Remove(place);
            place.Value.Handle.Dispose();
        }

        /// <summary>A call with a handle of its own.</summary>
        private sealed class Own
        {
            public Own(THandle handle)
            {
                Handle = handle;
            }

            public THandle Handle { get; }

            public QueuedCall Queued { get; set; }
        }
    }
}
