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
        private readonly HashSet<THandle> _clones = new HashSet<THandle>();

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
            var clone = Clone();
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
                Release(clone);
            }
        }

        /// <summary>Makes a call on a thread of <see cref="Threads"/>, when one is free.</summary>
        public Task<TResult> RunAsync<TResult>(Func<THandle, TResult> call, CancellationToken cancellationToken)
        {
            THandle clone;
            try
            {
                clone = Clone();
            }
            catch (EcgridException error)
            {
                return Task.FromException<TResult>(error);
            }
            return new QueuedCall<TResult>(
                () => call(clone), clone.Stop, () => Release(clone), Threads, cancellationToken).Start();
        }

        /// <summary>Ends the calls made here, whatever handle they have.</summary>
        public void Cancel()
        {
            THandle[] clones;
            lock (_clones)
            {
                clones = new THandle[_clones.Count];
                _clones.CopyTo(clones);
            }
            Unless(_handle, handle => handle.Cancel());
            // Each is for one call. One that still waits for its thread counts as running for whoever made it.
            foreach (var clone in clones) Unless(clone, handle => handle.Stop());
        }

        public void CheckOpen()
        {
            if (_handle.IsClosed) throw new ObjectDisposedException(_owner);
        }

        public void Close()
        {
            _handle.Dispose();
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

        private THandle Clone()
        {
            CheckOpen();
            var clone = _handle.Clone();
            lock (_clones) _clones.Add(clone);
            return clone;
        }

        private void Release(THandle clone)
        {
            lock (_clones) _clones.Remove(clone);
            clone.Dispose();
        }
    }
}
