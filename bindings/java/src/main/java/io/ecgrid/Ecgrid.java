package io.ecgrid;

/** The short way to a token, and which native library this is. */
public final class Ecgrid {
    private static final CallThreads THREADS = new CallThreads(CallThreads.MOST, null);

    private Ecgrid() {}

    /**
     * Logs in with the process-wide client of the native library, which is made at the first call from the environment as
     * it was when Java was started; see {@link EcgridOptions.Builder#fromEnvironment()}.
     *
     * <p>Every login opens a session at ECGrid, and an account may have few: log in once and use the token while it
     * lasts. Blocks until there is a result, at most for the timeout; an interrupt does not end that. Any thread.
     *
     * @param login the user name
     * @param password the password
     * @return the token, the caller's to close
     * @throws EcgridException if the login fails
     * @throws EcgridLoadException if there is no native library
     */
    public static EcgridToken login(String login, String password) {
        NativeLoader.load();
        return login(Text.of("the user name", login), Text.of("the password", password));
    }

    /**
     * As {@link #login(String, String)}, with a password that can be wiped by the caller afterwards.
     *
     * @param login the user name
     * @param password the password; it is not changed, and no copy is left behind
     * @return the token, the caller's to close
     * @throws EcgridException if the login fails
     * @throws EcgridLoadException if there is no native library
     */
    public static EcgridToken login(String login, char[] password) {
        NativeLoader.load();
        return login(Text.of("the user name", login), Text.of("the password", password));
    }

    /**
     * The version of the native library.
     *
     * @return such as {@code 0.1.0}
     * @throws EcgridLoadException if there is no native library
     */
    public static String version() {
        NativeLoader.load();
        return Text.read(NativeMethods.ecgrid_version());
    }

    private static EcgridToken login(Text login, Text password) {
        Call<EcgridToken> call = new Call<>(
                (none, frame) ->
                        NativeMethods.ecgrid_login(frame.text(0), frame.text(1), frame.result(), frame.error()),
                NativeToken::new, login, password);
        return CallThreads.areNeededHere() ? THREADS.callAndWait(() -> call.through(0)) : call.through(0);
    }
}
