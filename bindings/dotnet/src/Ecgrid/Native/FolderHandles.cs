using System;

namespace Ecgrid.Native
{
    /// <summary>An inbox or an outbox. The pointer is that of the handle, which whoever calls these holds.</summary>
    internal abstract class FolderHandle : NativeHandle
    {
        /// <summary>One round, and how many parcels it moved, also when it fails.</summary>
        public abstract int Move(IntPtr folder, out long count, ref IntPtr error);

        /// <summary>Ends the rounds that run now.</summary>
        public abstract void Cancel(IntPtr folder);
    }

    internal sealed class InboxHandle : FolderHandle
    {
        public override int Move(IntPtr folder, out long count, ref IntPtr error)
        {
            return NativeMethods.ecgrid_inbox_receive(folder, out count, ref error);
        }

        public override void Cancel(IntPtr folder)
        {
            NativeMethods.ecgrid_inbox_cancel(folder);
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

        public override int Move(IntPtr folder, out long count, ref IntPtr error)
        {
            return NativeMethods.ecgrid_outbox_send(folder, out count, ref error);
        }

        public override void Cancel(IntPtr folder)
        {
            NativeMethods.ecgrid_outbox_cancel(folder);
        }

        protected override bool ReleaseHandle()
        {
            NativeMethods.ecgrid_outbox_free(handle);
            return true;
        }
    }
}
