using System;
using System.Runtime.InteropServices;

namespace Ecgrid.Native
{
    /// <content>Parcels and folders.</content>
    internal static unsafe partial class NativeMethods
    {
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_route_new(out RouteHandle route, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_route_set_from(RouteHandle route, long ecgridId, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_route_set_to(RouteHandle route, long ecgridId, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_route_set_mailbox(RouteHandle route, long mailboxId, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern void ecgrid_route_free(IntPtr route);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_session_pending(
            SessionHandle session,
            long mailboxId,
            out ResponseHandle list,
            ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_session_download(
            SessionHandle session,
            long parcelId,
            out ParcelHandle parcel,
            ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_session_download_file(
            SessionHandle session,
            long parcelId,
            byte* path,
            ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_session_confirm(SessionHandle session, long parcelId, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_session_upload(
            SessionHandle session,
            byte* content,
            UIntPtr length,
            byte* fileName,
            RouteHandle route,
            out long parcelId,
            ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_session_upload_file(
            SessionHandle session,
            byte* path,
            byte* fileName,
            RouteHandle route,
            out long parcelId,
            ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern IntPtr ecgrid_parcel_content(IntPtr parcel);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern UIntPtr ecgrid_parcel_length(IntPtr parcel);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern long ecgrid_parcel_id(IntPtr parcel);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern IntPtr ecgrid_parcel_file_name(IntPtr parcel);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern void ecgrid_parcel_free(IntPtr parcel);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_inbox_open(
            SessionHandle session,
            byte* folder,
            long mailboxId,
            out InboxHandle inbox,
            ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_inbox_receive(InboxHandle inbox, out long received, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_inbox_clone(InboxHandle inbox, out InboxHandle clone, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_inbox_set_timeout_ms(InboxHandle inbox, long total, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern void ecgrid_inbox_stop(InboxHandle inbox);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern void ecgrid_inbox_free(IntPtr inbox);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_outbox_open(
            SessionHandle session,
            byte* folder,
            RouteHandle route,
            out OutboxHandle outbox,
            ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_outbox_set_settle_ms(OutboxHandle outbox, long milliseconds, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_outbox_send(OutboxHandle outbox, out long sent, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_outbox_clone(OutboxHandle outbox, out OutboxHandle clone, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern int ecgrid_outbox_set_timeout_ms(OutboxHandle outbox, long total, ref IntPtr error);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern void ecgrid_outbox_stop(OutboxHandle outbox);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true, SetLastError = false)]
        public static extern void ecgrid_outbox_free(IntPtr outbox);
    }
}
