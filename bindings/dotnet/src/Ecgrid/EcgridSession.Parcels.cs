using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using System.Threading.Tasks;
using Ecgrid.Native;

namespace Ecgrid
{
    /// <content>Parcels, one at a time and in folders.</content>
    public partial class EcgridSession
    {
        /// <summary>
        /// Lists what is pending in a mailbox (POST /v2/parcels/pending-inbox-list): "/0/parcelId", "/0/fileName", "/0/bytes",
        /// "/0/ecGridIdFrom" and so on, as many as <c>GetCount("")</c> says.
        /// </summary>
        /// <param name="mailboxId">The mailbox; 0 for the account's own.</param>
        /// <param name="timeout">For this call alone; null for the one of the options.</param>
        /// <param name="cancellationToken">Ends this call and no other.</param>
        /// <returns>The answer. The caller disposes of it.</returns>
        /// <exception cref="EcgridException">The call failed.</exception>
        /// <exception cref="EcgridCanceledException">The token ended the call.</exception>
        /// <exception cref="ObjectDisposedException">The session is disposed of.</exception>
        public virtual EcgridResponse GetPending(
            long mailboxId = 0, TimeSpan? timeout = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Calls.Run(PendingCall(mailboxId), timeout, cancellationToken);
        }

        /// <summary>As <see cref="GetPending"/>, on a thread of the client's own.</summary>
        /// <inheritdoc cref="GetPending"/>
        public virtual Task<EcgridResponse> GetPendingAsync(
            long mailboxId = 0, TimeSpan? timeout = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Calls.RunAsync(PendingCall(mailboxId), timeout, cancellationToken);
        }

        /// <summary>
        /// Downloads a parcel into memory (POST /v2/parcels/download), decoded; as large as
        /// <see cref="EcgridOptions.MaxResponseBytes"/> says.
        /// </summary>
        /// <remarks>
        /// Confirm it when it is safe on your disk. Some of ECGrid's pages say that a parcel is listed no more once it was
        /// downloaded, so note its id before.
        /// </remarks>
        /// <param name="parcelId">The parcel.</param>
        /// <param name="timeout">For this call alone; null for the one of the options.</param>
        /// <param name="cancellationToken">Ends this call and no other.</param>
        /// <returns>The parcel. The caller disposes of it.</returns>
        /// <exception cref="EcgridException">The call failed.</exception>
        /// <exception cref="EcgridCanceledException">The token ended the call.</exception>
        /// <exception cref="ObjectDisposedException">The session is disposed of.</exception>
        public virtual EcgridParcel Download(
            long parcelId, TimeSpan? timeout = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Calls.Run(DownloadCall(parcelId), timeout, cancellationToken);
        }

        /// <summary>As <see cref="Download"/>, on a thread of the client's own.</summary>
        /// <inheritdoc cref="Download"/>
        public virtual Task<EcgridParcel> DownloadAsync(
            long parcelId, TimeSpan? timeout = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Calls.RunAsync(DownloadCall(parcelId), timeout, cancellationToken);
        }

        /// <summary>
        /// Downloads a parcel to a file that is not there yet. When this returns, the file is whole and on the disk; when it
        /// throws, there is none. Memory does not grow with the parcel.
        /// </summary>
        /// <param name="parcelId">The parcel.</param>
        /// <param name="path">The file. Where something has that name, a link too, it is <see cref="EcgridStatus.File"/>:
        /// nothing is ever overwritten.</param>
        /// <param name="timeout">The longest time without a byte, for this call alone; null for the one of the options.</param>
        /// <param name="cancellationToken">Ends this call and no other.</param>
        /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
        /// <exception cref="EcgridException">The call failed.</exception>
        /// <exception cref="EcgridCanceledException">The token ended the call.</exception>
        /// <exception cref="ObjectDisposedException">The session is disposed of.</exception>
        public virtual void DownloadFile(
            long parcelId,
            string path,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            Calls.Run(DownloadFileCall(parcelId, path), timeout, cancellationToken);
        }

        /// <summary>As <see cref="DownloadFile"/>, on a thread of the client's own.</summary>
        /// <inheritdoc cref="DownloadFile"/>
        /// <returns>A task that ends when the call does.</returns>
        public virtual Task DownloadFileAsync(
            long parcelId,
            string path,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return Calls.RunAsync(DownloadFileCall(parcelId, path), timeout, cancellationToken);
        }

        /// <summary>
        /// Tells ECGrid that a parcel is safe (POST /v2/parcels/confirm): it is pending no more. Confirming twice is no
        /// failure.
        /// </summary>
        /// <param name="parcelId">The parcel.</param>
        /// <param name="timeout">For this call alone; null for the one of the options.</param>
        /// <param name="cancellationToken">Ends this call and no other.</param>
        /// <exception cref="EcgridException">The call failed.</exception>
        /// <exception cref="EcgridCanceledException">The token ended the call.</exception>
        /// <exception cref="ObjectDisposedException">The session is disposed of.</exception>
        public virtual void Confirm(
            long parcelId, TimeSpan? timeout = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            Calls.Run(ConfirmCall(parcelId), timeout, cancellationToken);
        }

        /// <summary>As <see cref="Confirm"/>, on a thread of the client's own.</summary>
        /// <inheritdoc cref="Confirm"/>
        /// <returns>A task that ends when the call does.</returns>
        public virtual Task ConfirmAsync(
            long parcelId, TimeSpan? timeout = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Calls.RunAsync(ConfirmCall(parcelId), timeout, cancellationToken);
        }

        /// <summary>Sends a parcel from memory (POST /v2/parcels/upload).</summary>
        /// <remarks>
        /// ECGrid knows no key by which it could tell a second upload. When the outcome of a failure is unknown, look into the
        /// outbox (POST /v2/parcels/outbox-list) before you send it again.
        /// </remarks>
        /// <param name="content">Any bytes. Not to be changed while the call runs.</param>
        /// <param name="fileName">What the addressee sees; not empty.</param>
        /// <param name="route">From whom and to whom; null: the envelope of the content says it.</param>
        /// <param name="timeout">For this call alone; null for the one of the options.</param>
        /// <param name="cancellationToken">Ends this call and no other.</param>
        /// <returns>The id of the new parcel.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="content"/> or <paramref name="fileName"/> is
        /// null.</exception>
        /// <exception cref="EcgridException">The call failed.</exception>
        /// <exception cref="EcgridCanceledException">The token ended the call.</exception>
        /// <exception cref="ObjectDisposedException">The session is disposed of.</exception>
        public virtual unsafe long Upload(
            byte[] content,
            string fileName,
            [AllowNull] EcgridRoute route = null,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            if (content == null) throw new ArgumentNullException(nameof(content));
            Given.Text(fileName, nameof(fileName));
            var copy = EcgridRoute.Copy(route);
            fixed (byte* bytes = content)
            {
                var place = (IntPtr)bytes;
                return Calls.Run(
                    session => ParcelCalls.Upload(session, (byte*)place, content.Length, fileName, copy),
                    timeout,
                    cancellationToken);
            }
        }

        /// <summary>As <see cref="Upload"/>, on a thread of the client's own. The content is copied.</summary>
        /// <inheritdoc cref="Upload"/>
        public virtual unsafe Task<long> UploadAsync(
            byte[] content,
            string fileName,
            [AllowNull] EcgridRoute route = null,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            if (content == null) throw new ArgumentNullException(nameof(content));
            Given.Text(fileName, nameof(fileName));
            var copy = EcgridRoute.Copy(route);
            HeldText held;
            fixed (byte* bytes = content) held = HeldText.Copy(bytes, content.Length, "content");
            return Calls.RunAsync(
                session => ParcelCalls.Upload(session, held.Bytes, held.Length, fileName, copy),
                timeout,
                cancellationToken,
                held);
        }

        /// <summary>Sends a file as a parcel. Memory does not grow with the file.</summary>
        /// <remarks>As for <see cref="Upload"/>, when the outcome of a failure is unknown.</remarks>
        /// <param name="path">The file. One that changes while it is sent is <see cref="EcgridStatus.File"/>, and ECGrid does
        /// not get the whole of it.</param>
        /// <param name="fileName">What the addressee sees; null for the file's own name.</param>
        /// <param name="route">From whom and to whom; null: the envelope of the content says it.</param>
        /// <param name="timeout">The longest time without a byte, for this call alone; null for the one of the options.</param>
        /// <param name="cancellationToken">Ends this call and no other.</param>
        /// <returns>The id of the new parcel.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
        /// <exception cref="EcgridException">The call failed.</exception>
        /// <exception cref="EcgridCanceledException">The token ended the call.</exception>
        /// <exception cref="ObjectDisposedException">The session is disposed of.</exception>
        public virtual long UploadFile(
            string path,
            [AllowNull] string fileName = null,
            [AllowNull] EcgridRoute route = null,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return Calls.Run(UploadFileCall(path, fileName, route), timeout, cancellationToken);
        }

        /// <summary>As <see cref="UploadFile"/>, on a thread of the client's own.</summary>
        /// <inheritdoc cref="UploadFile"/>
        public virtual Task<long> UploadFileAsync(
            string path,
            [AllowNull] string fileName = null,
            [AllowNull] EcgridRoute route = null,
            TimeSpan? timeout = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return Calls.RunAsync(UploadFileCall(path, fileName, route), timeout, cancellationToken);
        }

        /// <summary>
        /// Opens a folder as the inbox of a mailbox. Makes no request. The hidden folder .ecgrid in it has the inbox's notes:
        /// leave it alone.
        /// </summary>
        /// <param name="folder">The folder, on a local file system; it must be there. No other inbox or outbox may have
        /// it.</param>
        /// <param name="mailboxId">The mailbox; 0 for the account's own.</param>
        /// <returns>The inbox. The caller disposes of it.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="folder"/> is null.</exception>
        /// <exception cref="EcgridException">
        /// The folder cannot be opened; <see cref="EcgridStatus.InvalidState"/> when another inbox or outbox has it.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The session is disposed of.</exception>
        public virtual EcgridInbox OpenInbox(string folder, long mailboxId = 0)
        {
            Given.Text(folder, nameof(folder));
            return Calls.Run(
                session => new EcgridInbox(ParcelCalls.OpenInbox(session, folder, mailboxId), _caller),
                null,
                CancellationToken.None);
        }

        /// <summary>
        /// Opens a folder as an outbox. Makes no request. The hidden folder .ecgrid in it has the outbox's notes: leave it
        /// alone.
        /// </summary>
        /// <param name="folder">The folder, on a local file system; it must be there. No other inbox or outbox may have
        /// it.</param>
        /// <param name="route">From whom and to whom its files go; null: the envelope of each says it.</param>
        /// <returns>The outbox. The caller disposes of it.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="folder"/> is null.</exception>
        /// <exception cref="EcgridException">
        /// The folder cannot be opened; <see cref="EcgridStatus.InvalidState"/> when another inbox or outbox has it.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The session is disposed of.</exception>
        public virtual EcgridOutbox OpenOutbox(string folder, [AllowNull] EcgridRoute route = null)
        {
            Given.Text(folder, nameof(folder));
            var copy = EcgridRoute.Copy(route);
            return Calls.Run(
                session => new EcgridOutbox(ParcelCalls.OpenOutbox(session, folder, copy), _caller),
                null,
                CancellationToken.None);
        }

        private static Func<SessionHandle, EcgridResponse> PendingCall(long mailboxId)
        {
            return session => new EcgridResponse(ParcelCalls.Pending(session, mailboxId));
        }

        private static Func<SessionHandle, EcgridParcel> DownloadCall(long parcelId)
        {
            return session => new EcgridParcel(ParcelCalls.Download(session, parcelId));
        }

        private static Func<SessionHandle, bool> DownloadFileCall(long parcelId, string path)
        {
            Given.Text(path, nameof(path));
            return session =>
            {
                ParcelCalls.DownloadFile(session, parcelId, path);
                return true;
            };
        }

        private static Func<SessionHandle, bool> ConfirmCall(long parcelId)
        {
            return session =>
            {
                ParcelCalls.Confirm(session, parcelId);
                return true;
            };
        }

        private static Func<SessionHandle, long> UploadFileCall(string path, string fileName, EcgridRoute route)
        {
            Given.Text(path, nameof(path));
            var copy = EcgridRoute.Copy(route);
            return session => ParcelCalls.UploadFile(session, path, fileName, copy);
        }
    }
}
