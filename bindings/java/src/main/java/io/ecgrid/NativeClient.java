package io.ecgrid;

import java.lang.ref.Reference;
import java.util.function.LongFunction;

/** A client of the native library's. */
final class NativeClient extends Caller implements EcgridClient {
    private NativeClient(long client, CallThreads threads) {
        super(Kind.CLIENT, client, threads);
    }

    static NativeClient create(EcgridOptions options) {
        NativeLoader.load();
        CallThreads threads = options.newThreads();
        return new NativeClient(options.newClient(), threads);
    }

    @Override
    public EcgridToken login(String login, char[] password) {
        return run(loginCall(login, password));
    }

    @Override
    public EcgridCall<EcgridToken> loginAsync(String login, char[] password) {
        return start(loginCall(login, password));
    }

    @Override
    public EcgridResponse serverVersion() {
        return run(serverVersionCall());
    }

    @Override
    public EcgridCall<EcgridResponse> serverVersionAsync() {
        return start(serverVersionCall());
    }

    @Override
    public EcgridSession loginSession(String login, char[] password) {
        return run(loginSessionCall(login, password));
    }

    @Override
    public EcgridCall<EcgridSession> loginSessionAsync(String login, char[] password) {
        return start(loginSessionCall(login, password));
    }

    @Override
    public EcgridSession sessionWithApiKey(String key) {
        Call<EcgridSession> call = new Call<>(
                (client, frame) -> NativeMethods.ecgrid_session_with_api_key(
                        client, frame.text(0), frame.result(), frame.error()),
                inScope(), Text.of("the API key", key));
        try {
            return handle.use(call::through);
        } finally {
            call.wipe();
            Reference.reachabilityFence(this);
        }
    }

    private static Call<EcgridToken> loginCall(String login, char[] password) {
        return new Call<>(
                (client, frame) -> NativeMethods.ecgrid_client_login(
                        client, frame.text(0), frame.text(1), frame.result(), frame.error()),
                NativeToken::new, Text.of("the user name", login), Text.of("the password", password));
    }

    private static Call<EcgridResponse> serverVersionCall() {
        return new Call<>(
                (client, frame) -> NativeMethods.ecgrid_client_server_version(client, frame.result(), frame.error()),
                EcgridResponse::new);
    }

    private Call<EcgridSession> loginSessionCall(String login, char[] password) {
        return new Call<>(
                (client, frame) -> NativeMethods.ecgrid_session_login(
                        client, frame.text(0), frame.text(1), frame.result(), frame.error()),
                inScope(), Text.of("the user name", login), Text.of("the password", password));
    }

    /** Calls of a session that wait for their thread, and a session made through a clone, are not in the native scope. */
    private LongFunction<EcgridSession> inScope() {
        Scope mine = scope;
        return session -> mine.add(new NativeSession(session, mine.threads));
    }
}
