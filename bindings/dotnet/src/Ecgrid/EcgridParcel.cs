using System;
using System.IO;
using System.Runtime.InteropServices;
using Ecgrid.Native;

namespace Ecgrid
{
    /// <summary>
    /// A parcel that was downloaded into memory. Immutable, may be shared by any number of threads. Its native memory is wiped
    /// when it is disposed of, or collected.
    /// </summary>
    public class EcgridParcel : IDisposable
    {
        private readonly ParcelHandle _handle;

        internal EcgridParcel(ParcelHandle handle)
        {
            _handle = handle;
        }

        /// <summary>For a fake in tests of your own: override what they call. Anything else throws
        /// <see cref="NotSupportedException"/>; <see cref="Dispose"/> does nothing.</summary>
        protected EcgridParcel()
        {
        }

        /// <summary>The id that was asked for.</summary>
        /// <exception cref="ObjectDisposedException">The parcel is disposed of.</exception>
        public virtual long Id
        {
            get { return Read(parcel => NativeMethods.ecgrid_parcel_id(parcel)); }
        }

        /// <summary>
        /// The file name as ECGrid says it; "" when there is none. It is the sender's word, and may be "../../etc/passwd": do
        /// not make a path of it.
        /// </summary>
        /// <exception cref="ObjectDisposedException">The parcel is disposed of.</exception>
        public virtual string FileName
        {
            get { return Read(parcel => Text.Of(NativeMethods.ecgrid_parcel_file_name(parcel))); }
        }

        /// <summary>How many bytes the content has.</summary>
        /// <exception cref="ObjectDisposedException">The parcel is disposed of.</exception>
        public virtual long Length
        {
            get { return Read(LengthOf); }
        }

        /// <summary>The content: any bytes.</summary>
        /// <returns>A copy.</returns>
        /// <exception cref="ObjectDisposedException">The parcel is disposed of.</exception>
        public virtual byte[] GetContent()
        {
            return Read(parcel =>
            {
                var copy = new byte[LengthOf(parcel)];
                Marshal.Copy(NativeMethods.ecgrid_parcel_content(parcel), copy, 0, copy.Length);
                return copy;
            });
        }

        /// <summary>The content, which is not copied.</summary>
        /// <returns>
        /// A stream that can be read. The caller disposes of it; until then the memory of the parcel is not freed, also when
        /// that is disposed of.
        /// </returns>
        /// <exception cref="ObjectDisposedException">The parcel is disposed of.</exception>
        public virtual Stream OpenRead()
        {
            return Read(parcel => new ParcelStream(
                new ParcelMemory(_handle, NativeMethods.ecgrid_parcel_content(parcel), LengthOf(parcel))));
        }

        /// <summary>
        /// Frees the parcel and wipes it. Any thread, any number of times; while another thread reads it, that comes to its end
        /// first.
        /// </summary>
        public virtual void Dispose()
        {
            if (_handle != null) _handle.Shut();
        }

        private static long LengthOf(IntPtr parcel)
        {
            return checked((long)NativeMethods.ecgrid_parcel_length(parcel).ToUInt64());
        }

        private T Read<T>(Func<IntPtr, T> read)
        {
            return Fake.Or(_handle, nameof(EcgridParcel)).Read(nameof(EcgridParcel), read);
        }
    }
}
