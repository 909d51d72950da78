using System;
using System.Runtime.InteropServices;
using Ecgrid.Native;

namespace Ecgrid
{
#if NET8_0_OR_GREATER
    /// <summary>Reads UTF-8 that a response lends: it is good until this returns.</summary>
    /// <typeparam name="TResult">What is made of it.</typeparam>
    /// <param name="utf8">The text, in the response's own memory.</param>
    /// <returns>What is made of it.</returns>
    public delegate TResult EcgridUtf8Reader<TResult>(ReadOnlySpan<byte> utf8);
#endif

    /// <content>The answer as the UTF-8 that it is.</content>
    public unsafe partial class EcgridResponse
    {
        private delegate TResult Reader<TResult>(byte* utf8, int length);

        /// <summary>As <see cref="Body"/>, as UTF-8.</summary>
        /// <returns>A copy.</returns>
        /// <exception cref="EcgridException">There was no memory to read it.</exception>
        /// <exception cref="ObjectDisposedException">The response is disposed of.</exception>
        public virtual byte[] GetBodyUtf8()
        {
            return ReadBody(Copied);
        }

        /// <summary>As <see cref="Data"/>, as UTF-8.</summary>
        /// <returns>A copy.</returns>
        /// <exception cref="EcgridException">There was no memory to read it.</exception>
        /// <exception cref="ObjectDisposedException">The response is disposed of.</exception>
        public virtual byte[] GetDataUtf8()
        {
            return ReadData(Copied);
        }

        /// <summary>As <see cref="GetString"/>, as UTF-8.</summary>
        /// <param name="pointer">Where it is.</param>
        /// <returns>A copy; no bytes where <see cref="GetString"/> has "".</returns>
        /// <exception cref="ArgumentNullException"><paramref name="pointer"/> is null.</exception>
        /// <exception cref="EcgridException">
        /// <paramref name="pointer"/> has a NUL character in it, or there was no memory to read the answer.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The response is disposed of.</exception>
        public virtual byte[] GetUtf8(string pointer)
        {
            return ReadString(pointer, Copied);
        }

#if NET8_0_OR_GREATER
        /// <summary>As <see cref="Body"/>, as UTF-8, which is not copied.</summary>
        /// <typeparam name="TResult">What is made of it.</typeparam>
        /// <param name="read">Reads it, such as a JSON library.</param>
        /// <returns>What <paramref name="read"/> makes of it.</returns>
        /// <exception cref="EcgridException">There was no memory to read it.</exception>
        /// <exception cref="ObjectDisposedException">The response is disposed of.</exception>
        public virtual TResult GetBodyUtf8<TResult>(EcgridUtf8Reader<TResult> read)
        {
            return ReadBody(Lent(read));
        }

        /// <summary>As <see cref="Data"/>, as UTF-8, which is not copied.</summary>
        /// <typeparam name="TResult">What is made of it.</typeparam>
        /// <param name="read">Reads it, such as a JSON library.</param>
        /// <returns>What <paramref name="read"/> makes of it.</returns>
        /// <exception cref="EcgridException">There was no memory to read it.</exception>
        /// <exception cref="ObjectDisposedException">The response is disposed of.</exception>
        public virtual TResult GetDataUtf8<TResult>(EcgridUtf8Reader<TResult> read)
        {
            return ReadData(Lent(read));
        }

        /// <summary>As <see cref="GetString"/>, as UTF-8, which is not copied.</summary>
        /// <typeparam name="TResult">What is made of it.</typeparam>
        /// <param name="pointer">Where it is.</param>
        /// <param name="read">Reads it, such as a decoder of base64.</param>
        /// <returns>What <paramref name="read"/> makes of it; it is given no bytes where <see cref="GetString"/> has "".</returns>
        /// <exception cref="ArgumentNullException"><paramref name="pointer"/> is null.</exception>
        /// <exception cref="EcgridException">
        /// <paramref name="pointer"/> has a NUL character in it, or there was no memory to read the answer.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The response is disposed of.</exception>
        public virtual TResult GetUtf8<TResult>(string pointer, EcgridUtf8Reader<TResult> read)
        {
            return ReadString(pointer, Lent(read));
        }

        private static Reader<TResult> Lent<TResult>(EcgridUtf8Reader<TResult> read)
        {
            if (read == null) throw new ArgumentNullException(nameof(read));
            return (utf8, length) => read(new ReadOnlySpan<byte>(utf8, length));
        }
#endif

        private static byte[] Copied(byte* utf8, int length)
        {
            var copy = new byte[length];
            Marshal.Copy((IntPtr)utf8, copy, 0, length);
            return copy;
        }

        private TResult ReadBody<TResult>(Reader<TResult> read)
        {
            return Read(response =>
            {
                UIntPtr length;
                var body = NativeMethods.ecgrid_response_body(response, &length);
                return Lend(response, body, length, read);
            });
        }

        private TResult ReadData<TResult>(Reader<TResult> read)
        {
            return Read(response =>
            {
                UIntPtr length;
                var data = NativeMethods.ecgrid_response_data(response, &length);
                return Lend(response, data, length, read);
            });
        }

        private TResult ReadString<TResult>(string pointer, Reader<TResult> read)
        {
            Given.Text(pointer, nameof(pointer));
            using (var text = Text.In(pointer, "pointer"))
            {
                var where = (IntPtr)text.Bytes;
                return Read(response =>
                {
                    var value = NativeMethods.ecgrid_response_string(response, (byte*)where);
                    return Lend(response, value, Text.LengthOf(value), read);
                });
            }
        }

        /// <summary>What is read of text that the library lends. Empty, it may be memory that was missing.</summary>
        private static TResult Lend<TResult>(IntPtr response, IntPtr text, UIntPtr length, Reader<TResult> read)
        {
            if (length == UIntPtr.Zero) Sure(response, "");
            return read((byte*)text, checked((int)length.ToUInt64()));
        }
    }
}
