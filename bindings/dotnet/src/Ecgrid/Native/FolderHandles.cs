using System;

namespace Ecgrid.Native
{
    /// <summary>A handle on an inbox or an outbox. Each round has one of its own, a clone.</summary>
    internal abstract class FolderHandle : StopHandle
    {
        /// <summary>Another handle on the same folder, with a cancel of its own.</summary>
        public abstract FolderHandle Clone();

        /// <summary>A timeout for the requests of this handle; 0 is that of the options again.</summary>
        public abstract void SetTimeout(long milliseconds);

        /// <summary>One round. Answers how many parcels it moved.</summary>
        public long Move()
        {
            long count;
            var error = IntPtr.Zero;
            var status = Move(out count, ref error);
            Failure.ThrowIf(status, error, count);
            return count;
        }

        protected abstract int Move(out long count, ref IntPtr error);
    }

    internal sealed class InboxHandle : FolderHandle
    {
        public override FolderHandle Clone()
        {
            InboxHandle clone;
            var error = IntPtr.Zero;
            Failure.ThrowIf(NativeMethods.ecgrid_inbox_clone(this, out clone, ref error), error);
            return clone;
        }

        public override void SetTimeout(long milliseconds)
        {
            var error = IntPtr.Zero;
            Failure.ThrowIf(NativeMethods.ecgrid_inbox_set_timeout_ms(this, milliseconds, ref error), error);
        }

        public override void Stop()
        {
            NativeMethods.ecgrid_inbox_stop(this);
        }

        protected override int Move(out long count, ref IntPtr error)
        {
            return NativeMethods.ecgrid_inbox_receive(this, out count, ref error);
        }

        protected override bool ReleaseHandle()
        {
            NativeMethods.ecgrid_inbox_free(handle);
            return true;
        }
    }

    internal sealed class OutboxHandle : FolderHandle
    {
        public void SetSettleTime(long milliseconds)
        {
            var error = IntPtr.Zero;
            Failure.ThrowIf(NativeMethods.ecgrid_outbox_set_settle_ms(this, milliseconds, ref error), error);
        }

        public override FolderHandle Clone()
        {
            OutboxHandle clone;
            var error = IntPtr.Zero;
            Failure.ThrowIf(NativeMethods.ecgrid_outbox_clone(this, out clone, ref error), error);
            return clone;
        }

        public override void SetTimeout(long milliseconds)
        {
            var error = IntPtr.Zero;
            Failure.ThrowIf(NativeMethods.ecgrid_outbox_set_timeout_ms(this, milliseconds, ref error), error);
        }

        public override void Stop()
        {
            NativeMethods.ecgrid_outbox_stop(this);
        }

        protected override int Move(out long count, ref IntPtr error)
        {
            return NativeMethods.ecgrid_outbox_send(this, out count, ref error);
        }

        protected override bool ReleaseHandle()
        {
            NativeMethods.ecgrid_outbox_free(handle);
            return true;
        }
    }
}
