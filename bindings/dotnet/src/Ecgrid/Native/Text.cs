using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Ecgrid.Native
{
    /// <summary>Text for the native library: UTF-8 with a NUL, in memory that is wiped when the call is over.</summary>
    internal unsafe struct Text : IDisposable
    {
        // One that refuses half a surrogate pair. Replacing it would change a password.
        private static readonly UTF8Encoding Utf8 = new UTF8Encoding(false, true);

        private readonly byte* _bytes;

        private Text(string text, string what)
        {
            try
            {
                Length = Utf8.GetByteCount(text);
            }
            catch (EncoderFallbackException)
            {
                throw Failure.Argument("the " + what + " has half a surrogate pair in it, which UTF-8 cannot say");
            }
            try
            {
                _bytes = (byte*)Marshal.AllocHGlobal((IntPtr)(Length + 1L));
            }
            catch (OutOfMemoryException)
            {
                throw Failure.NoMemory("a copy of the " + what);
            }
            fixed (char* chars = text)
            {
                if (Length > 0) Utf8.GetBytes(chars, text.Length, _bytes, Length);
            }
            _bytes[Length] = 0;
        }

        /// <summary>NULL for none.</summary>
        public byte* Bytes
        {
            get { return _bytes; }
        }

        /// <summary>In bytes, without the NUL at the end.</summary>
        public int Length { get; }

        /// <summary>Text that ends at its NUL, and so cannot have another. <paramref name="what"/> names it in a message.</summary>
        public static Text In(string text, string what)
        {
            if (text.IndexOf('\0') >= 0)
            {
                throw Failure.Argument("the " + what + " has a NUL character in it, which would cut it short there");
            }
            return new Text(text, what);
        }

        /// <summary>Text that is handed over with its length; null for none.</summary>
        public static Text Counted(string text, string what)
        {
            return text == null ? default(Text) : new Text(text, what);
        }

        /// <summary>A copy of text that the library lends.</summary>
        public static string Of(IntPtr text)
        {
            var bytes = (byte*)text;
            var length = 0;
            while (bytes[length] != 0) length = checked(length + 1);
            return Of(text, (UIntPtr)length);
        }

        /// <summary>The same, of known length.</summary>
        public static string Of(IntPtr text, UIntPtr length)
        {
            return length == UIntPtr.Zero ? "" : Encoding.UTF8.GetString((byte*)text, checked((int)length.ToUInt64()));
        }

        /// <summary>Wipes and frees it.</summary>
        public void Dispose()
        {
            if (_bytes == null) return;
            for (var i = 0; i < Length; i++) _bytes[i] = 0;
            Marshal.FreeHGlobal((IntPtr)_bytes);
        }
    }
}
