package io.ecgrid;

import java.nio.file.Path;

/** The calls of a session for parcels and folders, and the rounds of these. */
final class Parcels {
    /** The C function that makes a round. */
    interface Round {
        int call(long folder, long count, long error);
    }

    private Parcels() {}

    static Call<EcgridResponse> pending(long mailboxId) {
        return new Call<>(
                (session, frame) -> NativeMethods.ecgrid_session_pending(
                        session, mailboxId, frame.result(), frame.error()),
                EcgridResponse::new);
    }

    static Call<EcgridParcel> download(long parcelId) {
        return new Call<>(
                (session, frame) -> NativeMethods.ecgrid_session_download(
                        session, parcelId, frame.result(), frame.error()),
                NativeParcel::new);
    }

    static Call<Void> download(long parcelId, Path file) {
        return Call.ofNothing(
                (session, frame) -> NativeMethods.ecgrid_session_download_file(
                        session, parcelId, frame.text(0), frame.error()),
                Text.path("the file", file));
    }

    static Call<Void> confirm(long parcelId) {
        return Call.ofNothing(
                (session, frame) -> NativeMethods.ecgrid_session_confirm(session, parcelId, frame.error()));
    }

    static Call<Long> upload(byte[] bytes, String fileName, EcgridRoute route) {
        Text name = Text.of("the file name", fileName);
        Content content = new Content(bytes);
        return new Call<>(
                (session, frame) -> EcgridRoute.use(route, frame, way -> content.use(address ->
                        NativeMethods.ecgrid_session_upload(
                                session, address, content.length(), frame.text(0), way, frame.result(), frame.error()))),
                id -> id, content, name);
    }

    /** {@code fileName} null is the file's own. */
    static Call<Long> upload(Path file, String fileName, EcgridRoute route) {
        Text path = Text.path("the file", file);
        Text[] texts = fileName == null ? new Text[] {path} : new Text[] {path, Text.of("the file name", fileName)};
        return new Call<>(
                (session, frame) -> EcgridRoute.use(route, frame, way -> NativeMethods.ecgrid_session_upload_file(
                        session, frame.text(0), fileName == null ? 0 : frame.text(1), way, frame.result(), frame.error())),
                id -> id, texts);
    }

    static Call<EcgridInbox> openInbox(Path folder, long mailboxId, CallThreads threads, Cancels cancels) {
        return new Call<>(
                (session, frame) -> NativeMethods.ecgrid_inbox_open(
                        session, frame.text(0), mailboxId, frame.result(), frame.error()),
                inbox -> new NativeInbox(inbox, threads, new Cancels(cancels)), Text.path("the folder", folder));
    }

    static Call<EcgridOutbox> openOutbox(Path folder, EcgridRoute route, CallThreads threads, Cancels cancels) {
        return new Call<>(
                (session, frame) -> EcgridRoute.use(route, frame, way -> NativeMethods.ecgrid_outbox_open(
                        session, frame.text(0), way, frame.result(), frame.error())),
                outbox -> new NativeOutbox(outbox, threads, new Cancels(cancels)), Text.path("the folder", folder));
    }

    static Call<Long> round(Round function) {
        return new Call<>(
                (folder, frame) -> {
                    int status = function.call(folder, frame.result(), frame.error());
                    frame.checkRound(status);
                    return status;
                },
                count -> count);
    }
}
