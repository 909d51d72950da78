using System;
using System.Collections.Generic;
using System.Threading;

namespace Ecgrid.Calls
{
    /// <summary>
    /// Threads for calls that block, so that the pool's stay free for others. They are made when a call finds none idle, for
    /// so many calls at a time; beyond that calls wait, first come first served. One that has been idle for a while ends.
    /// </summary>
    /// <remarks>
    /// What follows a call runs on the thread that made it: a thread of the pool would first have to wake up, which costs
    /// more than most calls. It is other people's code and may take long, so that thread does not count for calls meanwhile,
    /// and no more than there are processors do so at a time; what follows the other calls runs on the pool.
    /// </remarks>
    internal sealed class CallThreads
    {
        private static readonly int MostFollowing = Environment.ProcessorCount;

        private readonly object _gate = new object();
        private readonly LinkedList<QueuedCall> _queue = new LinkedList<QueuedCall>();

        // The newest is first: it is still warm, and the others may end.
        private readonly LinkedList<CallThread> _idle = new LinkedList<CallThread>();
        private readonly int _most;
        private int _calling;
        private int _following;

        public CallThreads(int most)
        {
            _most = most;
        }

        public void Enqueue(QueuedCall call)
        {
            CallThread thread = null;
            lock (_gate)
            {
                if (_calling == _most)
                {
                    call.Place = _queue.AddLast(call);
                    return;
                }
                _calling++;
                if (_idle.Count > 0)
                {
                    thread = _idle.First.Value;
                    _idle.RemoveFirst();
                }
            }
            if (thread == null) StartOne(call);
            else thread.Give(call);
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

        /// <summary>Takes all calls that a cancel reaches out of the queue.</summary>
        public List<QueuedCall> RemoveAll(Caller cancelled)
        {
            var removed = new List<QueuedCall>();
            lock (_gate)
            {
                for (LinkedListNode<QueuedCall> place = _queue.First, next; place != null; place = next)
                {
                    next = place.Next;
                    if (place.Value.Caller == null || !place.Value.Caller.IsReachedBy(cancelled)) continue;
                    _queue.Remove(place);
                    removed.Add(place.Value);
                }
            }
            return removed;
        }

        /// <summary>A thread has made a call. Answers the one to make next, and else whether what follows may run there.</summary>
        internal QueuedCall Made(out bool mayFollow)
        {
            lock (_gate)
            {
                mayFollow = false;
                if (_queue.Count > 0)
                {
                    var next = _queue.First.Value;
                    _queue.RemoveFirst();
                    return next;
                }
                _calling--;
                mayFollow = _following < MostFollowing;
                if (mayFollow) _following++;
                return null;
            }
        }

        /// <summary>A thread has nothing to do.</summary>
        internal void Rest(LinkedListNode<CallThread> thread, bool hasFollowed)
        {
            lock (_gate)
            {
                if (hasFollowed) _following--;
                _idle.AddFirst(thread);
            }
        }

        /// <summary>Whether an idle thread may end; if not, it is just being given a call.</summary>
        internal bool Leave(LinkedListNode<CallThread> thread)
        {
            lock (_gate)
            {
                if (thread.List == null) return false;
                _idle.Remove(thread);
                return true;
            }
        }

        private void StartOne(QueuedCall call)
        {
            try
            {
                CallThread.Start(this, call);
            }
            catch (Exception)
            {
                lock (_gate)
                {
                    _calling--;
                    // With none at work nobody would ever come.
                    if (_calling == 0) throw;
                    call.Place = _queue.AddFirst(call);
                }
            }
        }
    }
}
