package io.ecgrid;

/** A client of the native library's. */
final class NativeClient extends Caller implements EcgridClient {
    private final String baseUrl;

    private NativeClient(long client, CallThreads threads) {
        super(Kind.CLIENT, client, threads, new Cancels(null));
        baseUrl = handle.use(address -> Text.read(NativeMethods.ecgrid_client_base_url(address)));
    }

    static NativeClient create(EcgridOptions options) {
        NativeLoader.load();
        CallThreads threads = options.newThreads();
        return new NativeClient(options.newClient(), threads);
    }

    @Override
    public String baseUrl() {
        return baseUrl;
    }

    @Override
    public EcgridToken login(String login, char[] password, CallOption... options) {
        return run(loginCall(login, password), options);
    }

    @Override
    public EcgridCall<EcgridToken> loginAsync(String login, char[] password, CallOption... options) {
        return start(loginCall(login, password), options);
    }

    @Override
    public EcgridResponse serverVersion(CallOption... options) {
        return run(serverVersionCall(), options);
    }

    @Override
    public EcgridCall<EcgridResponse> serverVersionAsync(CallOption... options) {
        return start(serverVersionCall(), options);
    }

    @Override
    public EcgridSession loginSession(String login, char[] password, CallOption... options) {
        return run(loginSessionCall(login, password), options);
    }

    @Override
    public EcgridCall<EcgridSession> loginSessionAsync(String login, char[] password, CallOption... options) {
        return start(loginSessionCall(login, password), options);
    }

    @Override
    public EcgridSession sessionWithApiKey(String key) {
        return runHere(new Call<>(
                (client, frame) -> NativeMethods.ecgrid_session_with_api_key(
                        client, frame.text(0), frame.result(), frame.error()),
                this::session, Text.of("the API key", key)));
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
                this::session, Text.of("the user name", login), Text.of("the password", password));
    }

    private EcgridSession session(long session) {
        return new NativeSession(session, threads, new Cancels(cancels), baseUrl);
    }
}
