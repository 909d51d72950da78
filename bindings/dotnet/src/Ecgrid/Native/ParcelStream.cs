using System;
using System.IO;
using System.Runtime.InteropServices;

namespace Ecgrid.Native
{
    /// <summary>The content of a parcel, which is not freed before this is.</summary>
    internal sealed class ParcelMemory : SafeBuffer
    {
        private readonly ParcelHandle _parcel;

        public ParcelMemory(ParcelHandle parcel, IntPtr content, long length)
            : base(true)
        {
            _parcel = parcel;
            var isHeld = false;
            parcel.DangerousAddRef(ref isHeld);
            SetHandle(content);
            Initialize((ulong)length);
        }

        protected override bool ReleaseHandle()
        {
            _parcel.DangerousRelease();
            return true;
        }
    }

    /// <summary>Reads it.</summary>
    internal sealed class ParcelStream : UnmanagedMemoryStream
    {
        private readonly ParcelMemory _memory;

        public ParcelStream(ParcelMemory memory)
            : base(memory, 0, (long)memory.ByteLength)
        {
            _memory = memory;
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing) _memory.Dispose();
        }
    }
}
