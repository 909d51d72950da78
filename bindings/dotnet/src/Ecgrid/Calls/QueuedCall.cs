using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
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

        /// <summary>Who makes it; null for the process-wide client.</summary>
        public abstract Caller Caller { get; }

        /// <summary>Makes the call, unless it was cancelled before. Answers whether its task is to be ended then.</summary>
        public abstract bool Make();

        /// <summary>Ends the task, and runs what follows.</summary>
        public abstract void End();

        /// <summary>The same on a thread of the pool.</summary>
        public void EndElsewhere()
        {
            ThreadPool.UnsafeQueueUserWorkItem(call => ((QueuedCall)call).End(), this);
        }
    }

    /// <summary>A call that waits for a thread, and the task of its result.</summary>
    internal sealed class QueuedCall<THandle, TResult> : QueuedCall
        where THandle : StopHandle
    {
        private const int Waiting = 0;
        private const int Begun = 1;
        private const int Dropped = 2;

        private readonly Func<THandle, TResult> _call;
        private readonly Lease<THandle> _lease;
        private readonly CancellationToken _cancellationToken;
        private readonly int _cancels;
        private CancellationTokenRegistration _registration;
        private int _state;

        // What async methods have: only so a task becomes cancelled and keeps its exception.
        private AsyncTaskMethodBuilder<TResult> _task = AsyncTaskMethodBuilder<TResult>.Create();
        private TResult _result;
        private Exception _failure;

        /// <param name="call">The call itself.</param>
        /// <param name="lease">What it is made with.</param>
        /// <param name="cancellationToken">What ends it.</param>
        public QueuedCall(Func<THandle, TResult> call, Lease<THandle> lease, CancellationToken cancellationToken)
        {
            _call = call;
            _lease = lease;
            _cancellationToken = cancellationToken;
            _cancels = Cancels;
        }

        public override Caller Caller
        {
            get { return _lease.Caller; }
        }

        public Task<TResult> Start(CallThreads threads)
        {
            var task = _task.Task;
            // Before it is queued: from then on the call may be over at any time, and look for its registration.
            if (_cancellationToken.CanBeCanceled)
            {
                _registration = _cancellationToken.Register(call => ((QueuedCall<THandle, TResult>)call).Cancel(threads), this);
            }
            try
            {
                if (Volatile.Read(ref _state) == Waiting) threads.Enqueue(this);
            }
            catch (Exception error)
            {
                // No thread can be made. The call was not begun.
                if (Interlocked.CompareExchange(ref _state, Dropped, Waiting) == Waiting)
                {
                    _registration.Dispose();
                    _lease.End();
                    _failure = error;
                    End();
                }
            }
            return task;
        }

        public override bool Make()
        {
            if (Interlocked.CompareExchange(ref _state, Begun, Waiting) != Waiting) return false;
            try
            {
                if (Cancels != _cancels) throw Failure.NeverBegun();
                _result = _call(_lease.Handle);
            }
            catch (EcgridException error) when (Failure.IsBy(_cancellationToken, error))
            {
                _failure = new EcgridCanceledException(error, _cancellationToken);
            }
            catch (Exception error)
            {
                _failure = error;
            }
            // Waits for a stop that is under way, so that nothing is released under it.
            _registration.Dispose();
            _lease.End();
            return true;
        }

        public override void End()
        {
            if (_failure == null) _task.SetResult(_result);
            else _task.SetException(_failure);
        }

        private int Cancels
        {
            get { return Caller == null ? 0 : Caller.Cancels; }
        }

        private void Cancel(CallThreads threads)
        {
            if (Interlocked.CompareExchange(ref _state, Dropped, Waiting) != Waiting)
            {
                _lease.Handle.Stop();
                return;
            }
            threads.Remove(this);
            _lease.End();
            _failure = new EcgridCanceledException(Failure.NeverBegun(), _cancellationToken);
            // This is the thread of whoever cancels.
            EndElsewhere();
        }
    }
}
