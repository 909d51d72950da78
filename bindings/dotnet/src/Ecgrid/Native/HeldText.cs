using System;
#if NET8_0_OR_GREATER
using System.Runtime.InteropServices;
#endif

namespace Ecgrid.Native
{
    /// <summary>
    /// A native copy of what the program may wipe or change as soon as it has asked for the call. It is wiped when that is
    /// over, also one that never begins.
    /// </summary>
    internal sealed unsafe class HeldText : IDisposable
    {
        private readonly Text _text;
        private readonly HeldText _other;

        private HeldText(Text text, HeldText other = null)
        {
            _text = text;
            _other = other;
        }

        public byte* Bytes
        {
            get { return _text.Bytes; }
        }

        public int Length
        {
            get { return _text.Length; }
        }

        /// <summary>A secret; <paramref name="other"/> is wiped with it, also when this one is refused.</summary>
        public static HeldText Secret(char* text, int length, string what, HeldText other = null)
        {
            try
            {
                return new HeldText(Text.In(text, length, what), other);
            }
            catch
            {
                if (other != null) other.Dispose();
                throw;
            }
        }

        /// <summary>A body, handed over with its length.</summary>
        public static HeldText Body(byte* utf8, int length)
        {
            return new HeldText(Text.Copy(utf8, length, "body"));
        }

        public void Dispose()
        {
            _text.Dispose();
            if (_other != null) _other.Dispose();
        }
    }
}
