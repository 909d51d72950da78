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
        private readonly CancellationTokenSource _cancel;
        private readonly object _gate = new object();
        private Timer _again;
        private bool _isStopped;
        private bool _isRunning;

        /// <param name="folder">Whose round it is; open.</param>
        /// <param name="cancel">Ends it, as all rounds of the folder; disposed of with it.</param>
        public Round(FolderHandle folder, CancellationTokenSource cancel)
        {
            _folder = folder;
            _cancel = cancel;
            var isHeld = false;
            folder.DangerousAddRef(ref isHeld);
            SetHandle(folder.DangerousGetHandle());
        }

        /// <summary>Answers how many parcels it moved.</summary>
        public long Make()
        {
            using (_cancel.Token.Register(round => ((Round)round).Stop(), this))
            {
                Begin();
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
        /// The library forgets a cancel that comes before the round has begun there, so it is told again and again while the
        /// round runs; but not after that, when it would end another.
        /// </summary>
        public override void Stop()
        {
            lock (_gate)
            {
                _isStopped = true;
                if (!_isRunning || _again != null) return;
                _folder.Cancel(handle);
                _again = new Timer(
                    round => ((Round)round).StopAgain(), this, AgainAfterMilliseconds, AgainAfterMilliseconds);
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) _cancel.Dispose();
            base.Dispose(disposing);
        }

        protected override bool ReleaseHandle()
        {
            _folder.DangerousRelease();
            return true;
        }

        private void Begin()
        {
            lock (_gate)
            {
                if (_isStopped) throw Failure.NeverBegun();
                _isRunning = true;
            }
        }

        private void StopAgain()
        {
            lock (_gate)
            {
                if (_isRunning) _folder.Cancel(handle);
            }
        }

        private void End()
        {
            lock (_gate)
            {
                _isRunning = false;
                if (_again != null) _again.Dispose();
            }
        }
    }
}
