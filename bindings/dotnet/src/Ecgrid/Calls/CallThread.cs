using System;
using System.Collections.Generic;
using System.Threading;

namespace Ecgrid.Calls
{
    /// <summary>A thread that makes calls, one after the other, as they are given to it.</summary>
    internal sealed class CallThread
    {
        private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(2);

        /// <summary>
        /// How often others come first before it sleeps. With many callers the next call is there by then, and nobody has to
        /// wake it up, which is most of what handing over costs; more often would cost those who have few.
        /// </summary>
        private const int Yields = 3;

        /// <summary>In place of a call: the thread sleeps, or is about to.</summary>
        private static readonly object Asleep = new object();

        private readonly CallThreads _threads;
        private readonly LinkedListNode<CallThread> _place;

        // Nobody disposes of it: who gives a call may still be waking the thread when that has ended.
        private readonly AutoResetEvent _wake = new AutoResetEvent(false);
        private object _given;

        private CallThread(CallThreads threads, QueuedCall first)
        {
            _threads = threads;
            _place = new LinkedListNode<CallThread>(this);
            _given = first;
        }

        public static void Start(CallThreads threads, QueuedCall first)
        {
            var thread = new Thread(new CallThread(threads, first).Work) { IsBackground = true, Name = "Ecgrid call" };
            // The thread outlives the call that it is made for, so it must not keep that one's ambient values.
            if (ExecutionContext.IsFlowSuppressed())
            {
                thread.Start();
            }
            else
            {
                using (ExecutionContext.SuppressFlow()) thread.Start();
            }
        }

        /// <summary>Only for a thread that was taken out of the idle ones.</summary>
        public void Give(QueuedCall call)
        {
            if (Interlocked.Exchange(ref _given, call) == Asleep) _wake.Set();
        }

        private void Work()
        {
            for (var call = Taken(); call != null;)
            {
                var isToEnd = call.Make();
                bool mayFollow;
                var next = _threads.Made(out mayFollow);
                if (isToEnd && mayFollow) call.End();
                else if (isToEnd) call.EndElsewhere();
                call = next;
                if (call != null) continue;
                _threads.Rest(_place, mayFollow);
                call = Await();
            }
        }

        /// <summary>The next call; null when none came for so long that the thread is to end.</summary>
        private QueuedCall Await()
        {
            for (var i = 0; i < Yields && Volatile.Read(ref _given) == null; i++) Thread.Yield();
            if (Interlocked.CompareExchange(ref _given, Asleep, null) == null && !_wake.WaitOne(LongestIdle))
            {
                if (_threads.Leave(_place)) return null;
                _wake.WaitOne();
            }
            return Taken();
        }

        private QueuedCall Taken()
        {
            return (QueuedCall)Interlocked.Exchange(ref _given, null);
        }
    }
}
