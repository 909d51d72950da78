package io.ecgrid;

import java.nio.ByteBuffer;
import java.util.Objects;

/** A session of the native library's. */
final class NativeSession extends Caller implements EcgridSession {
    /** With its client's threads. */
    NativeSession(long session, CallThreads threads) {
        super(Kind.SESSION, session, threads);
    }

    @Override
    public EcgridToken token() {
        return run(tokenCall());
    }

    @Override
    public EcgridCall<EcgridToken> tokenAsync() {
        return start(tokenCall());
    }

    @Override
    public void refused(EcgridToken token) {
        NativeToken refused = (NativeToken) Objects.requireNonNull(token, "the token");
        run(Call.ofNothing(refused::refusedBy));
    }

    @Override
    public void refresh() {
        run(refreshCall());
    }

    @Override
    public EcgridCall<Void> refreshAsync() {
        return start(refreshCall());
    }

    @Override
    public EcgridResponse info() {
        return run(infoCall());
    }

    @Override
    public EcgridCall<EcgridResponse> infoAsync() {
        return start(infoCall());
    }

    @Override
    public void changePassword(char[] current, char[] replacement) {
        run(changePasswordCall(current, replacement));
    }

    @Override
    public EcgridCall<Void> changePasswordAsync(char[] current, char[] replacement) {
        return start(changePasswordCall(current, replacement));
    }

    @Override
    public EcgridResponse generateApiKey(long userId) {
        return run(generateApiKeyCall(userId));
    }

    @Override
    public EcgridCall<EcgridResponse> generateApiKeyAsync(long userId) {
        return start(generateApiKeyCall(userId));
    }

    @Override
    public EcgridResponse call(String method, String path, String json) {
        return run(callOf(method, path, json == null ? null : Text.counted("the body", json)));
    }

    @Override
    public EcgridCall<EcgridResponse> callAsync(String method, String path, String json) {
        return start(callOf(method, path, json == null ? null : Text.counted("the body", json)));
    }

    @Override
    public EcgridResponse callUtf8(String method, String path, ByteBuffer json) {
        return run(callOf(method, path, Text.counted("the body", json)));
    }

    @Override
    public EcgridCall<EcgridResponse> callUtf8Async(String method, String path, ByteBuffer json) {
        return start(callOf(method, path, Text.counted("the body", json)));
    }

    @Override
    public void logout() {
        run(logoutCall());
    }

    @Override
    public EcgridCall<Void> logoutAsync() {
        return start(logoutCall());
    }

    /** For its client, which also reaches calls that run on after a close. */
    void cancelByClient() {
        handle.useIfAlive(NativeMethods::ecgrid_session_cancel);
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
