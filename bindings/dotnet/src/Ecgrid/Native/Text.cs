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

        private Text(char* text, int length, string what)
        {
            try
            {
                Length = length == 0 ? 0 : Utf8.GetByteCount(text, length);
            }
            catch (EncoderFallbackException)
            {
                throw Failure.Argument("the " + what + " has half a surrogate pair in it, which UTF-8 cannot say");
            }
            _bytes = Room(Length, what);
            if (Length > 0) Utf8.GetBytes(text, length, _bytes, Length);
        }

        private Text(byte* utf8, int length, string what)
        {
            Length = length;
            _bytes = Room(length, what);
            Buffer.MemoryCopy(utf8, _bytes, length, length);
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
            fixed (char* chars = text) return In(chars, text.Length, what);
        }

        /// <summary>The same of so many characters.</summary>
        public static Text In(char* text, int length, string what)
        {
            for (var i = 0; i < length; i++)
            {
                if (text[i] != '\0') continue;
                throw Failure.Argument("the " + what + " has a NUL character in it, which would cut it short there");
            }
            return new Text(text, length, what);
        }

        /// <summary>Text that is handed over with its length; null for none.</summary>
        public static Text Counted(string text, string what)
        {
            if (text == null) return default(Text);
            fixed (char* chars = text) return new Text(chars, text.Length, what);
        }

        /// <summary>A copy of bytes that are handed over with their length; none for no bytes.</summary>
        public static Text Copy(byte* utf8, int length, string what)
        {
            return length == 0 ? default(Text) : new Text(utf8, length, what);
        }

        /// <summary>A copy of text that the library lends.</summary>
        public static string Of(IntPtr text)
        {
            return Of(text, LengthOf(text));
        }

        /// <summary>The same, of known length.</summary>
        public static string Of(IntPtr text, UIntPtr length)
        {
            return length == UIntPtr.Zero ? "" : Encoding.UTF8.GetString((byte*)text, checked((int)length.ToUInt64()));
        }

        /// <summary>How many bytes there are before the NUL.</summary>
        public static UIntPtr LengthOf(IntPtr text)
        {
            var bytes = (byte*)text;
            var length = 0;
            while (bytes[length] != 0) length = checked(length + 1);
            return (UIntPtr)(uint)length;
        }

        /// <summary>Wipes and frees it.</summary>
        public void Dispose()
        {
            if (_bytes == null) return;
            for (var i = 0; i < Length; i++) _bytes[i] = 0;
            Marshal.FreeHGlobal((IntPtr)_bytes);
        }

        private static byte* Room(int length, string what)
        {
            try
            {
                var bytes = (byte*)Marshal.AllocHGlobal((IntPtr)(length + 1L));
                bytes[length] = 0;
                return bytes;
            }
            catch (OutOfMemoryException)
            {
                throw Failure.NoMemory("a copy of the " + what);
            }
        }
    }
}
