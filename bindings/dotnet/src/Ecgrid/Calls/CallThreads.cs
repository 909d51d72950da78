using System;
using System.Collections.Generic;
using System.Threading;

namespace Ecgrid.Calls
{
    /// <summary>
    /// Threads for calls that block, so that the pool's stay free for others. They are made when a call finds none idle, up to
    /// a number; beyond that calls wait, first come first served. One that has been idle for a while ends.
    /// </summary>
    internal sealed class CallThreads
    {
        private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(2);

        private readonly object _gate = new object();
        private readonly LinkedList<QueuedCall> _queue = new LinkedList<QueuedCall>();
        private readonly int _most;
        private int _threads;
        private int _idle;

        public CallThreads(int most)
        {
            _most = most;
        }

        public void Enqueue(QueuedCall call)
        {
            lock (_gate)
            {
                call.Place = _queue.AddLast(call);
                if (_queue.Count <= _idle || _threads == _most)
                {
                    Monitor.Pulse(_gate);
                    return;
                }
                try
                {
                    StartOne();
                }
                catch (Exception)
                {
                    // With others at work it is only later. With none nobody would ever come.
                    if (_threads > 0) return;
                    _queue.Remove(call.Place);
                    throw;
                }
            }
        }

        /// <summary>Takes a call out of the queue, if it is there.</summary>
        public bool Remove(QueuedCall call)
        {
            lock (_gate)
            {
                if (call.Place == null || call.Place.List == null) return false;
                _queue.Remove(call.Place);
                return true;
            }
        }

        private void StartOne()
        {
            var thread = new Thread(Work) { IsBackground = true, Name = "Ecgrid call" };
            // The thread outlives the call that it is made for, so it must not keep that one's ambient values.
            if (ExecutionContext.IsFlowSuppressed())
            {
                thread.Start();
            }
            else
            {
                using (ExecutionContext.SuppressFlow()) thread.Start();
            }
            _threads++;
        }

        private void Work()
        {
            for (QueuedCall call; (call = Next()) != null;) call.Run();
        }

        private QueuedCall Next()
        {
            lock (_gate)
            {
                while (_queue.Count == 0)
                {
                    _idle++;
                    var woken = Monitor.Wait(_gate, LongestIdle);
                    _idle--;
                    if (woken || _queue.Count > 0) continue;
                    _threads--;
                    return null;
                }
                var call = _queue.First.Value;
                _queue.RemoveFirst();
                return call;
            }
        }
    }
}
