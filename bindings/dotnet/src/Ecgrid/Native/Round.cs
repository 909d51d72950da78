using System;
using System.Threading;

namespace Ecgrid.Native
{
    /// <summary>
    /// One round of an inbox or outbox, which it keeps from being freed. There are no clones of these, so what ends one round
    /// ends all that run in its folder at that moment.
    /// </summary>
    internal sealed class Round : StopHandle
    {
        private const int AgainAfterMilliseconds = 10;

        private readonly FolderHandle _folder;
        private readonly CancellationToken _endOfAll;
        private readonly object _gate = new object();
        private Timer _again;
        private bool _isStopped;
        private bool _isOver;

        /// <param name="folder">Whose round it is; open.</param>
        /// <param name="endOfAll">Ends all rounds of the folder.</param>
        public Round(FolderHandle folder, CancellationToken endOfAll)
        {
            _folder = folder;
            _endOfAll = endOfAll;
            var isHeld = false;
            folder.DangerousAddRef(ref isHeld);
            SetHandle(folder.DangerousGetHandle());
        }

        /// <summary>Answers how many parcels it moved.</summary>
        public long Make()
        {
            using (_endOfAll.Register(round => ((Round)round).Stop(), this))
            {
                if (IsStopped) throw Failure.NeverBegun();
                try
                {
                    long count;
                    var error = IntPtr.Zero;
                    var status = _folder.Move(handle, out count, ref error);
                    Failure.ThrowIf(status, error, count);
                    return count;
                }
                finally
                {
                    End();
                }
            }
        }

        /// <summary>
        /// The library forgets a cancel that comes before the round has begun there, so it is told again and again until the
        /// round is over; but not then, when it would end another.
        /// </summary>
        public override void Stop()
        {
            lock (_gate)
            {
                _isStopped = true;
                if (_isOver || _again != null) return;
                _folder.Cancel(handle);
                _again = new Timer(
                    round => ((Round)round).StopAgain(), this, AgainAfterMilliseconds, AgainAfterMilliseconds);
            }
        }

        protected override bool ReleaseHandle()
        {
            _folder.DangerousRelease();
            return true;
        }

        private bool IsStopped
        {
            get
            {
                lock (_gate) return _isStopped;
            }
        }

        private void StopAgain()
        {
            lock (_gate)
            {
                if (!_isOver) _folder.Cancel(handle);
            }
        }

        private void End()
        {
            lock (_gate)
            {
                _isOver = true;
                if (_again != null) _again.Dispose();
            }
        }
    }
}
