using System;
#if NET8_0_OR_GREATER
using System.Runtime.InteropServices;
#endif
using Microsoft.Win32.SafeHandles;

namespace Ecgrid.Native
{
    /// <summary>
    /// A native copy of what the program may wipe or change as soon as it has asked for the call. It is wiped when that is
    /// over, also one that never begins; whoever forgets it leaves that to the garbage collector.
    /// </summary>
    internal sealed unsafe class HeldText : SafeHandleZeroOrMinusOneIsInvalid
    {
        private readonly Text _text;

        private HeldText(Text text)
            : base(true)
        {
            _text = text;
            SetHandle((IntPtr)text.Bytes);
        }

        public byte* Bytes
        {
            get { return _text.Bytes; }
        }

        public int Length
        {
            get { return _text.Length; }
        }

        /// <summary>A secret. <paramref name="what"/> names it in a message.</summary>
        /// <exception cref="ArgumentNullException">It is null; the exception names <paramref name="parameter"/>.</exception>
        public static HeldText Secret(char[] text, string parameter, string what)
        {
            if (text == null) throw new ArgumentNullException(parameter);
            fixed (char* chars = text) return new HeldText(Text.In(chars, text.Length, what));
        }

#if NET8_0_OR_GREATER
        /// <summary>A secret. <paramref name="what"/> names it in a message.</summary>
        public static HeldText Secret(ReadOnlySpan<char> text, string what)
        {
            fixed (char* chars = &MemoryMarshal.GetReference(text)) return new HeldText(Text.In(chars, text.Length, what));
        }
#endif

        /// <summary>Bytes, handed over with their length; none of no bytes. <paramref name="what"/> names them.</summary>
        public static HeldText Copy(byte* bytes, int length, string what)
        {
            return new HeldText(Text.Copy(bytes, length, what));
        }

        protected override bool ReleaseHandle()
        {
            _text.Dispose();
            return true;
        }
    }
}
