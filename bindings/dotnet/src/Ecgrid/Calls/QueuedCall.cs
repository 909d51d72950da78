using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Ecgrid.Native;

namespace Ecgrid.Calls
{
    /// <summary>A call that waits for a thread.</summary>
    internal abstract class QueuedCall
    {
        /// <summary>Its place in the queue; belongs to <see cref="CallThreads"/>.</summary>
        public LinkedListNode<QueuedCall> Place { get; set; }

        /// <summary>Makes the call, unless it was cancelled before.</summary>
        public abstract void Run();
    }

    /// <summary>A call that waits for a thread, and the task of its result.</summary>
    internal sealed class QueuedCall<TResult> : QueuedCall
    {
        private const int Waiting = 0;
        private const int Begun = 1;
        private const int Dropped = 2;

        // Continuations are other people's code, which must not have the thread of the next call.
        private readonly TaskCompletionSource<TResult> _result =
            new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously);

        private readonly Func<TResult> _call;
        private readonly Action _stop;
        private readonly Action _release;
        private readonly CallThreads _threads;
        private readonly CancellationToken _cancellationToken;
        private CancellationTokenRegistration _registration;
        private int _state;

        /// <param name="call">The call itself.</param>
        /// <param name="stop">Ends it while it runs.</param>
        /// <param name="release">Lets go of what it needs; comes once, after all else.</param>
        /// <param name="threads">Where it runs.</param>
        /// <param name="cancellationToken">What ends it.</param>
        public QueuedCall(
            Func<TResult> call, Action stop, Action release, CallThreads threads, CancellationToken cancellationToken)
        {
            _call = call;
            _stop = stop;
            _release = release;
            _threads = threads;
            _cancellationToken = cancellationToken;
        }

        public Task<TResult> Start()
        {
            // Before it is queued: from then on the call may be over at any time, and look for its registration.
            if (_cancellationToken.CanBeCanceled)
            {
                _registration = _cancellationToken.Register(call => ((QueuedCall<TResult>)call).Cancel(), this);
            }
            try
            {
                if (Volatile.Read(ref _state) == Waiting) _threads.Enqueue(this);
            }
            catch (Exception error)
            {
                // No thread can be made. The call was not begun.
                if (Interlocked.CompareExchange(ref _state, Dropped, Waiting) == Waiting)
                {
                    _registration.Dispose();
                    _release();
                    _result.TrySetException(error);
                }
            }
            // Finish needs a thread of the pool; who blocks those on a call must at least get that one's end.
            return _cancellationToken.CanBeCanceled ? Finish(_result.Task) : _result.Task;
        }

        public override void Run()
        {
            if (Interlocked.CompareExchange(ref _state, Begun, Waiting) != Waiting) return;
            var result = default(TResult);
            Exception failure = null;
            try
            {
                result = _call();
            }
            catch (EcgridException error) when (Failure.IsBy(_cancellationToken, error))
            {
                failure = new EcgridCanceledException(error, _cancellationToken);
            }
            catch (Exception error)
            {
                failure = error;
            }
            // Waits for a stop that is under way, so that nothing is released under it.
            _registration.Dispose();
            _release();
            if (failure == null) _result.TrySetResult(result);
            else _result.TrySetException(failure);
        }

        // A task becomes cancelled, and keeps its exception, only by an async method that throws one.
        private static async Task<TResult> Finish(Task<TResult> result)
        {
            return await result.ConfigureAwait(false);
        }

        private void Cancel()
        {
            if (Interlocked.CompareExchange(ref _state, Dropped, Waiting) != Waiting)
            {
                _stop();
                return;
            }
            _threads.Remove(this);
            _release();
            _result.TrySetException(new EcgridCanceledException(Failure.NeverBegun(), _cancellationToken));
        }
    }
}
