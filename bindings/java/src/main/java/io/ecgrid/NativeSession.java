package io.ecgrid;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;

/** A session of the native library's. */
final class NativeSession extends Caller implements EcgridSession {
    private final String baseUrl;

    /** With its client's threads and base URL, and its own cancels under its client's. */
    NativeSession(long session, CallThreads threads, Cancels cancels, String baseUrl) {
        super(Kind.SESSION, session, threads, cancels);
        this.baseUrl = baseUrl;
    }

    @Override
    public String baseUrl() {
        return baseUrl;
    }

    @Override
    public EcgridToken token(CallOption... options) {
        return run(tokenCall(), options);
    }

    @Override
    public EcgridCall<EcgridToken> tokenAsync(CallOption... options) {
        return start(tokenCall(), options);
    }

    @Override
    public void refused(EcgridToken token) {
        Objects.requireNonNull(token, "token");
        // One that is not the library's own is not the session's either.
        if (token instanceof NativeToken) {
            runHere(Call.ofNothing(((NativeToken) token)::refusedBy));
        }
    }

    @Override
    public HttpRequest.Builder authorize(HttpRequest.Builder request, CallOption... options) {
        return new OwnRequests(this, baseUrl).authorize(request, options);
    }

    @Override
    public <T> HttpResponse<T> send(
            HttpClient client, HttpRequest request, HttpResponse.BodyHandler<T> handler, CallOption... options)
            throws IOException, InterruptedException {
        return new OwnRequests(this, baseUrl).send(client, request, handler, options);
    }

    @Override
    public void refresh(CallOption... options) {
        run(refreshCall(), options);
    }

    @Override
    public EcgridCall<Void> refreshAsync(CallOption... options) {
        return start(refreshCall(), options);
    }

    @Override
    public EcgridResponse info(CallOption... options) {
        return run(infoCall(), options);
    }

    @Override
    public EcgridCall<EcgridResponse> infoAsync(CallOption... options) {
        return start(infoCall(), options);
    }

    @Override
    public void changePassword(char[] current, char[] replacement, CallOption... options) {
        run(changePasswordCall(current, replacement), options);
    }

    @Override
    public EcgridCall<Void> changePasswordAsync(char[] current, char[] replacement, CallOption... options) {
        return start(changePasswordCall(current, replacement), options);
    }

    @Override
    public EcgridResponse generateApiKey(long userId, CallOption... options) {
        return run(generateApiKeyCall(userId), options);
    }

    @Override
    public EcgridCall<EcgridResponse> generateApiKeyAsync(long userId, CallOption... options) {
        return start(generateApiKeyCall(userId), options);
    }

    @Override
    public EcgridResponse call(String method, String path, String json, CallOption... options) {
        return run(callOf(method, path, json == null ? null : Text.counted("the body", json)), options);
    }

    @Override
    public EcgridCall<EcgridResponse> callAsync(String method, String path, String json, CallOption... options) {
        return start(callOf(method, path, json == null ? null : Text.counted("the body", json)), options);
    }

    @Override
    public EcgridResponse callUtf8(String method, String path, ByteBuffer json, CallOption... options) {
        return run(callOf(method, path, Text.counted("the body", json)), options);
    }

    @Override
    public EcgridCall<EcgridResponse> callUtf8Async(String method, String path, ByteBuffer json, CallOption... options) {
        return start(callOf(method, path, Text.counted("the body", json)), options);
    }

    @Override
    public void logout(CallOption... options) {
        run(logoutCall(), options);
    }

    @Override
    public EcgridCall<Void> logoutAsync(CallOption... options) {
        return start(logoutCall(), options);
    }

    @Override
    public EcgridResponse pending(long mailboxId, CallOption... options) {
        return run(Parcels.pending(mailboxId), options);
    }

    @Override
    public EcgridCall<EcgridResponse> pendingAsync(long mailboxId, CallOption... options) {
        return start(Parcels.pending(mailboxId), options);
    }

    @Override
    public EcgridParcel download(long parcelId, CallOption... options) {
        return run(Parcels.download(parcelId), options);
    }

    @Override
    public EcgridCall<EcgridParcel> downloadAsync(long parcelId, CallOption... options) {
        return start(Parcels.download(parcelId), options);
    }

    @Override
    public void download(long parcelId, Path file, CallOption... options) {
        run(Parcels.download(parcelId, file), options);
    }

    @Override
    public EcgridCall<Void> downloadAsync(long parcelId, Path file, CallOption... options) {
        return start(Parcels.download(parcelId, file), options);
    }

    @Override
    public void confirm(long parcelId, CallOption... options) {
        run(Parcels.confirm(parcelId), options);
    }

    @Override
    public EcgridCall<Void> confirmAsync(long parcelId, CallOption... options) {
        return start(Parcels.confirm(parcelId), options);
    }

    @Override
    public long upload(byte[] content, String fileName, EcgridRoute route, CallOption... options) {
        return run(Parcels.upload(content, fileName, route), options);
    }

    @Override
    public EcgridCall<Long> uploadAsync(byte[] content, String fileName, EcgridRoute route, CallOption... options) {
        return start(Parcels.upload(content, fileName, route), options);
    }

    @Override
    public long upload(Path file, String fileName, EcgridRoute route, CallOption... options) {
        return run(Parcels.upload(file, fileName, route), options);
    }

    @Override
    public EcgridCall<Long> uploadAsync(Path file, String fileName, EcgridRoute route, CallOption... options) {
        return start(Parcels.upload(file, fileName, route), options);
    }

    @Override
    public EcgridInbox openInbox(Path folder, long mailboxId) {
        return run(Parcels.openInbox(folder, mailboxId, threads, cancels));
    }

    @Override
    public EcgridOutbox openOutbox(Path folder, EcgridRoute route) {
        return run(Parcels.openOutbox(folder, route, threads, cancels));
    }

    private static Call<EcgridToken> tokenCall() {
        return new Call<>(
                (session, frame) -> NativeMethods.ecgrid_session_token(session, frame.result(), frame.error()),
                NativeToken::new);
    }

    private static Call<Void> refreshCall() {
        return Call.ofNothing((session, frame) -> NativeMethods.ecgrid_session_refresh(session, frame.error()));
    }

    private static Call<EcgridResponse> infoCall() {
        return new Call<>(
                (session, frame) -> NativeMethods.ecgrid_session_info(session, frame.result(), frame.error()),
                EcgridResponse::new);
    }

    private static Call<Void> changePasswordCall(char[] current, char[] replacement) {
        return Call.ofNothing(
                (session, frame) -> NativeMethods.ecgrid_session_change_password(
                        session, frame.text(0), frame.text(1), frame.error()),
                Text.of("the current password", current), Text.of("the new password", replacement));
    }

    private static Call<EcgridResponse> generateApiKeyCall(long userId) {
        return new Call<>(
                (session, frame) -> NativeMethods.ecgrid_session_generate_api_key(
                        session, userId, frame.result(), frame.error()),
                EcgridResponse::new);
    }

    private static Call<EcgridResponse> callOf(String method, String path, Text body) {
        Text verb = Text.of("the method", method);
        Text target = Text.of("the path", path);
        if (body == null) {
            return new Call<>(
                    (session, frame) -> NativeMethods.ecgrid_session_call(
                            session, frame.text(0), frame.text(1), 0, 0, frame.result(), frame.error()),
                    EcgridResponse::new, verb, target);
        }
        long length = body.bytes().length;
        return new Call<>(
                (session, frame) -> NativeMethods.ecgrid_session_call(
                        session, frame.text(0), frame.text(1), frame.text(2), length, frame.result(), frame.error()),
                EcgridResponse::new, verb, target, body);
    }

    private static Call<Void> logoutCall() {
        return Call.ofNothing((session, frame) -> NativeMethods.ecgrid_session_logout(session, frame.error()));
    }
}
