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
        private readonly LinkedList<THandle> _clones = new LinkedList<THandle>();

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
            var clone = place.Value;
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
            LinkedListNode<THandle> place;
            try
            {
                place = Clone();
            }
            catch (EcgridException error)
            {
                return Task.FromException<TResult>(error);
            }
            var clone = place.Value;
            return new QueuedCall<TResult>(
                () => call(clone), clone.Stop, () => Release(place), Threads, cancellationToken).Start();
        }

        /// <summary>Ends the calls made here, whatever handle they have.</summary>
        public void Cancel()
        {
            THandle[] clones;
            lock (_clones)
            {
                clones = new THandle[_clones.Count];
                _clones.CopyTo(clones, 0);
            }
            // Each is for one call. One that still waits for its thread counts as running for whoever made it, and the newest
            // is first, so that it does not get the thread of one that has just ended.
            foreach (var clone in clones) Unless(clone, handle => handle.Stop());
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

        private LinkedListNode<THandle> Clone()
        {
            CheckOpen();
            var clone = _handle.Clone();
            lock (_clones) return _clones.AddFirst(clone);
        }

        private void Release(LinkedListNode<THandle> place)
        {
            lock (_clones) _clones.Remove(place);
            place.Value.Dispose();
        }
    }
}
