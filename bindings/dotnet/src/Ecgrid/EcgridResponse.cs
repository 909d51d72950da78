using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Ecgrid.Native;

namespace Ecgrid
{
    /// <summary>
    /// One answer of the API. Immutable, may be shared by any number of threads. Its native memory is wiped when it is
    /// disposed of, or collected.
    /// </summary>
    /// <remarks>
    /// <para>
    /// A pointer is an RFC 6901 JSON pointer into the answer's <c>data</c>, such as "/version" or "/list/0/id"; "" is
    /// <c>data</c> itself. Member names match exactly first, then without ASCII case.
    /// </para>
    /// <para>
    /// ECGrid has lists in three shapes: a bare array, totals beside <c>data</c>, totals inside it. "/0/parcelId" and
    /// "/totalRecords" reach into all of them: an index also means the element of the only array in <c>data</c>, and a name
    /// that <c>data</c> does not have is looked up beside it. <see cref="GetCount"/> of "" says how
    /// many rows a list has.
    /// </para>
    /// <para>
    /// What there is no native memory for is never taken for what is not there: an <see cref="EcgridException"/> with
    /// <see cref="EcgridStatus.OutOfMemory"/> says so. The call itself was done.
    /// </para>
    /// </remarks>
    public unsafe partial class EcgridResponse : IDisposable
    {
        private readonly ResponseHandle _handle;

        internal EcgridResponse(ResponseHandle handle)
        {
            _handle = handle;
        }

        /// <summary>For a fake in tests of your own: override what they call. Anything else throws
        /// <see cref="NotSupportedException"/>; <see cref="Dispose"/> does nothing.</summary>
        protected EcgridResponse()
        {
        }

        /// <summary>
        /// An answer for tests of your own: what comes of a call that ECGrid answers so, with HTTP status 200 and no headers.
        /// The native library reads it, as it reads all answers.
        /// </summary>
        /// <param name="json">The whole body of the answer, with <c>success</c> and <c>data</c>.</param>
        /// <returns>The answer. The caller disposes of it.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
        /// <exception cref="EcgridException">
        /// What a call would throw: <see cref="EcgridStatus.Rejected"/> where <c>success</c> is false,
        /// <see cref="EcgridStatus.BadResponse"/> for what is no JSON.
        /// </exception>
        /// <exception cref="EcgridLibraryException">The native library cannot be loaded.</exception>
        public static EcgridResponse FromJson(string json)
        {
            Given.Text(json, nameof(json));
            Library.Ensure();
            return new EcgridResponse(FromText(json));
        }

        /// <summary>The HTTP status of the answer, 200 to 299.</summary>
        /// <exception cref="ObjectDisposedException">The response is disposed of.</exception>
        public virtual int HttpStatus
        {
            get { return Read(response => NativeMethods.ecgrid_response_http_status(response)); }
        }

        /// <summary>The whole answer as received: JSON.</summary>
        /// <exception cref="EcgridException">There was no memory to read it.</exception>
        /// <exception cref="ObjectDisposedException">The response is disposed of.</exception>
        [DebuggerBrowsable(DebuggerBrowsableState.Never)]
        public virtual string Body
        {
            get { return ReadBody(Decoded); }
        }

        /// <summary>The JSON text of <c>data</c>, exactly as received; "null" when the answer has none.</summary>
        /// <exception cref="EcgridException">There was no memory to read it.</exception>
        /// <exception cref="ObjectDisposedException">The response is disposed of.</exception>
        [DebuggerBrowsable(DebuggerBrowsableState.Never)]
        public virtual string Data
        {
            get { return ReadData(Decoded); }
        }

        /// <summary>A string, number or boolean of <c>data</c> as text.</summary>
        /// <param name="pointer">Where it is.</param>
        /// <returns>The text; "" when the pointer leads to none of these, or is malformed.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="pointer"/> is null.</exception>
        /// <exception cref="EcgridException">
        /// <paramref name="pointer"/> has a NUL character in it, or there was no memory to read the answer.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The response is disposed of.</exception>
        public virtual string GetString(string pointer)
        {
            return ReadString(pointer, Decoded);
        }

        /// <summary>A whole number of <c>data</c>, also one in a string.</summary>
        /// <param name="pointer">Where it is.</param>
        /// <param name="fallback">What to return when there is none.</param>
        /// <returns>The number, or <paramref name="fallback"/> when the pointer leads to none that fits 64 bits, or is
        /// malformed.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="pointer"/> is null.</exception>
        /// <exception cref="EcgridException">
        /// <paramref name="pointer"/> has a NUL character in it, or there was no memory to read the answer.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The response is disposed of.</exception>
        public virtual long GetInt64(string pointer, long fallback)
        {
            Given.Text(pointer, nameof(pointer));
            using (var text = Text.In(pointer, "pointer"))
            {
                var where = (IntPtr)text.Bytes;
                return Read(response =>
                {
                    var value = NativeMethods.ecgrid_response_int(response, (byte*)where, fallback);
                    return value == fallback ? Sure(response, value) : value;
                });
            }
        }

        /// <summary>How many elements an array has, or members an object.</summary>
        /// <param name="pointer">Where it is; "" counts the rows of a list in each of its three shapes.</param>
        /// <returns>The number; -1 when the pointer leads to neither, or is malformed.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="pointer"/> is null.</exception>
        /// <exception cref="EcgridException">
        /// <paramref name="pointer"/> has a NUL character in it, or there was no memory to read the answer.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The response is disposed of.</exception>
        public virtual long GetCount(string pointer)
        {
            Given.Text(pointer, nameof(pointer));
            using (var text = Text.In(pointer, "pointer"))
            {
                var where = (IntPtr)text.Bytes;
                return Read(response =>
                {
                    var count = NativeMethods.ecgrid_response_count(response, (byte*)where);
                    return count < 0 ? Sure(response, count) : count;
                });
            }
        }

        /// <summary>What kind of value a pointer leads to: tells an empty string from null and from nothing.</summary>
        /// <param name="pointer">Where it is.</param>
        /// <returns>The kind; <see cref="EcgridKind.Missing"/> also when the pointer is malformed.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="pointer"/> is null.</exception>
        /// <exception cref="EcgridException">
        /// <paramref name="pointer"/> has a NUL character in it, or there was no memory to read the answer.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The response is disposed of.</exception>
        public virtual EcgridKind GetKind(string pointer)
        {
            Given.Text(pointer, nameof(pointer));
            using (var text = Text.In(pointer, "pointer"))
            {
                var where = (IntPtr)text.Bytes;
                return Read(response =>
                {
                    var kind = (EcgridKind)NativeMethods.ecgrid_response_kind(response, (byte*)where);
                    return kind == EcgridKind.Missing ? Sure(response, kind) : kind;
                });
            }
        }

        /// <summary>The value of a header of the answer. Of several of one name it is the first.</summary>
        /// <param name="name">Its name, in any case.</param>
        /// <returns>The value; "" when the answer has no such header, or its value is not UTF-8.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
        /// <exception cref="EcgridException"><paramref name="name"/> has a NUL character in it.</exception>
        /// <exception cref="ObjectDisposedException">The response is disposed of.</exception>
        public virtual string GetHeader(string name)
        {
            Given.Text(name, nameof(name));
            using (var text = Text.In(name, "name"))
            {
                var bytes = (IntPtr)text.Bytes;
                return Read(response => Text.Of(NativeMethods.ecgrid_response_header(response, (byte*)bytes)));
            }
        }

        /// <summary>
        /// Frees the response and wipes it. Any thread, any number of times; while another thread reads it, that comes to its
        /// end first.
        /// </summary>
        public virtual void Dispose()
        {
            if (_handle != null) _handle.Shut();
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static ResponseHandle FromText(string json)
        {
            using (var text = Text.Counted(json, "answer"))
            {
                ResponseHandle response;
                var error = IntPtr.Zero;
                var status = NativeMethods.ecgrid_response_from_json(
                    text.Bytes, (UIntPtr)(uint)text.Length, out response, ref error);
                Failure.ThrowIf(status, error);
                return response;
            }
        }

        private static string Decoded(byte* utf8, int length)
        {
            return Text.Of((IntPtr)utf8, (UIntPtr)(uint)length);
        }

        /// <summary>What stands for no value, unless it is memory that was missing.</summary>
        private static T Sure<T>(IntPtr response, T none)
        {
            if (NativeMethods.ecgrid_response_status(response) == (int)EcgridStatus.Ok) return none;
            throw Failure.NoMemoryToRead(NativeMethods.ecgrid_response_http_status(response));
        }

        private T Read<T>(Func<IntPtr, T> read)
        {
            return Fake.Or(_handle, nameof(EcgridResponse)).Read(nameof(EcgridResponse), read);
        }
    }
}
