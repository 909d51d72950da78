using System;

namespace Ecgrid.Native
{
    /// <summary>The calls of a session for parcels and folders, from .NET's types to the library's and back.</summary>
    internal static unsafe class ParcelCalls
    {
        public static ResponseHandle Pending(SessionHandle session, long mailboxId)
        {
            ResponseHandle list;
            var error = IntPtr.Zero;
            Failure.ThrowIf(NativeMethods.ecgrid_session_pending(session, mailboxId, out list, ref error), error);
            return list;
        }

        public static ParcelHandle Download(SessionHandle session, long parcelId)
        {
            ParcelHandle parcel;
            var error = IntPtr.Zero;
            Failure.ThrowIf(NativeMethods.ecgrid_session_download(session, parcelId, out parcel, ref error), error);
            return parcel;
        }

        public static void DownloadFile(SessionHandle session, long parcelId, string path)
        {
            using (var pathText = Text.In(path, "path"))
            {
                var error = IntPtr.Zero;
                var status = NativeMethods.ecgrid_session_download_file(session, parcelId, pathText.Bytes, ref error);
                Failure.ThrowIf(status, error);
            }
        }

        public static void Confirm(SessionHandle session, long parcelId)
        {
            var error = IntPtr.Zero;
            Failure.ThrowIf(NativeMethods.ecgrid_session_confirm(session, parcelId, ref error), error);
        }

        public static long Upload(SessionHandle session, byte* content, int length, string fileName, EcgridRoute route)
        {
            using (var nameText = Text.In(fileName, "file name"))
            using (var native = Native(route))
            {
                long parcelId;
                var error = IntPtr.Zero;
                var status = NativeMethods.ecgrid_session_upload(
                    session, content, (UIntPtr)(uint)length, nameText.Bytes, native, out parcelId, ref error);
                Failure.ThrowIf(status, error);
                return parcelId;
            }
        }

        /// <summary>Sends a file; <paramref name="fileName"/> null is its own name.</summary>
        public static long UploadFile(SessionHandle session, string path, string fileName, EcgridRoute route)
        {
            using (var pathText = Text.In(path, "path"))
            using (var nameText = fileName == null ? default(Text) : Text.In(fileName, "file name"))
            using (var native = Native(route))
            {
                long parcelId;
                var error = IntPtr.Zero;
                var status = NativeMethods.ecgrid_session_upload_file(
                    session, pathText.Bytes, nameText.Bytes, native, out parcelId, ref error);
                Failure.ThrowIf(status, error);
                return parcelId;
            }
        }

        public static InboxHandle OpenInbox(SessionHandle session, string folder, long mailboxId)
        {
            using (var folderText = Text.In(folder, "folder"))
            {
                InboxHandle inbox;
                var error = IntPtr.Zero;
                var status = NativeMethods.ecgrid_inbox_open(session, folderText.Bytes, mailboxId, out inbox, ref error);
                Failure.ThrowIf(status, error);
                return inbox;
            }
        }

        public static OutboxHandle OpenOutbox(SessionHandle session, string folder, EcgridRoute route)
        {
            using (var folderText = Text.In(folder, "folder"))
            using (var native = Native(route))
            {
                OutboxHandle outbox;
                var error = IntPtr.Zero;
                var status = NativeMethods.ecgrid_outbox_open(session, folderText.Bytes, native, out outbox, ref error);
                Failure.ThrowIf(status, error);
                return outbox;
            }
        }

        private static RouteHandle Native(EcgridRoute route)
        {
            RouteHandle native;
            var error = IntPtr.Zero;
            Failure.ThrowIf(NativeMethods.ecgrid_route_new(out native, ref error), error);
            try
            {
                Failure.ThrowIf(NativeMethods.ecgrid_route_set_from(native, route.From, ref error), error);
                Failure.ThrowIf(NativeMethods.ecgrid_route_set_to(native, route.To, ref error), error);
                Failure.ThrowIf(NativeMethods.ecgrid_route_set_mailbox(native, route.Mailbox, ref error), error);
                return native;
            }
            catch
            {
                native.Dispose();
                throw;
            }
        }
    }
}
