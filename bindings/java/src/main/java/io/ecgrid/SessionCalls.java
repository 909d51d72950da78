package io.ecgrid;

/** What {@link EcgridSession} calls, blocking or as a future. */
final class SessionCalls {
    private SessionCalls() {}

    static Call<EcgridToken> token() {
        return new Call<>(
                (session, frame) -> NativeMethods.ecgrid_session_token(session, frame.result(), frame.error()),
                EcgridToken::new);
    }

    static Call<Void> refresh() {
        return Call.ofNothing((session, frame) -> NativeMethods.ecgrid_session_refresh(session, frame.error()));
    }

    static Call<EcgridResponse> info() {
        return new Call<>(
                (session, frame) -> NativeMethods.ecgrid_session_info(session, frame.result(), frame.error()),
                EcgridResponse::new);
    }

    static Call<Void> changePassword(Text current, Text replacement) {
        return Call.ofNothing(
                (session, frame) -> NativeMethods.ecgrid_session_change_password(
                        session, frame.text(0), frame.text(1), frame.error()),
                current, replacement);
    }

    static Call<EcgridResponse> generateApiKey(long userId) {
        return new Call<>(
                (session, frame) -> NativeMethods.ecgrid_session_generate_api_key(
                        session, userId, frame.result(), frame.error()),
                EcgridResponse::new);
    }

    static Call<EcgridResponse> call(String method, String path, Text body) {
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

    static Call<Void> logout() {
        return Call.ofNothing((session, frame) -> NativeMethods.ecgrid_session_logout(session, frame.error()));
    }
}
