package io.ecgrid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Plays one case of the table through the binding. */
final class CasePlayer implements AutoCloseable {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, AutoCloseable> slots = new HashMap<>();
    private final CaseParcels parcels = new CaseParcels(this::slot);
    private final boolean counts;
    private Map<String, Long> countedBefore = Map.of();
    private String tokenBefore = "";
    private String baseUrl = "";
    private CaseTable.Step begun;
    private Future<?> running;
    private EcgridCall<?> started;
    /** Where calls go that are started: to a thread, or nowhere yet. */
    private Executor executor = threads;

    CasePlayer(CaseTable.Case played) {
        Sandbox.requireEnvironment();
        counts = played.steps.stream().anyMatch(step -> step.verb.equals("server"));
    }

    void play(CaseTable.Step step) throws Exception {
        switch (step.verb) {
            case "close":
                slot(step.arguments.get(0)).close();
                break;
            case "cancel":
                cancel(step.arguments.get(0));
                break;
            case "pause":
                Thread.sleep(Long.parseLong(step.arguments.get(0)));
                break;
            case "server":
                checkCounters(step.arguments);
                break;
            case "route":
                parcels.route(step.arguments);
                break;
            case "file":
                CaseFiles.write(Path.of(step.arguments.get(0)), step.arguments.get(1));
                break;
            case "holds":
                CaseFiles.hold(Path.of(step.arguments.get(0)), step.arguments.subList(1, step.arguments.size()));
                break;
            case "reads":
                CaseFiles.read(Path.of(step.arguments.get(0)), step.arguments.get(1));
                break;
            case "finish":
                compare(begun, step.expected, running::get);
                break;
            default:
                make(step);
        }
    }

    private void cancel(String what) {
        if (what.equals("call")) {
            started.cancel();
        } else if (what.equals("client")) {
            client().cancel();
        } else if (what.equals("inbox")) {
            parcels.inbox().cancel();
        } else if (what.equals("outbox")) {
            parcels.outbox().cancel();
        } else {
            session().cancel();
        }
    }

    private void make(CaseTable.Step step) throws Exception {
        long before = step.mode.startsWith("start") ? Sandbox.counted(baseUrl, "requests") : 0;
        begun = step;
        switch (step.mode) {
            case "start":
                running = threads.submit(() -> blocking(step));
                break;
            case "start-cancellable":
                started = async(step);
                running = started.future();
                break;
            case "cancelled":
                Queue<Runnable> held = new ArrayDeque<>();
                executor = held::add;
                EcgridCall<?> ended = async(step);
                executor = threads;
                ended.cancel();
                held.remove().run();
                compare(step, step.expected, ended.future()::get);
                return;
            default:
                compare(step, step.expected, () -> blocking(step));
                return;
        }
        Sandbox.awaitRequestBeyond(baseUrl, before);
    }

    private Object blocking(CaseTable.Step step) {
        List<String> words = step.arguments;
        switch (step.verb) {
            case "client": return newClient(words);
            case "login": return client().login(words.get(0), words.get(1), step.options);
            case "default-login": return Ecgrid.login(words.get(0), words.get(1));
            case "version": return client().serverVersion(step.options);
            case "session": return client().loginSession(words.get(0), words.get(1), step.options);
            case "key-session": return client().sessionWithApiKey(words.get(0));
            case "token": return session().token(step.options);
            case "refused": session().refused((EcgridToken) slot("token")); return null;
            case "refresh": session().refresh(step.options); return null;
            case "logout": session().logout(step.options); return null;
            case "info": return session().info(step.options);
            case "change-password": session().changePassword(words.get(0), words.get(1), step.options); return null;
            case "generate-key": return session().generateApiKey(Long.parseLong(words.get(0)), step.options);
            case "call": return session().call(words.get(0), words.get(1), words.size() == 2 ? null : words.get(2), step.options);
            case "look": return slot(words.get(0));
            default: return parcels.blocking(step);
        }
    }

    private EcgridCall<?> async(CaseTable.Step step) {
        List<String> words = step.arguments;
        switch (step.verb) {
            case "login": return client().loginAsync(words.get(0), words.get(1));
            case "version": return client().serverVersionAsync();
            case "session": return client().loginSessionAsync(words.get(0), words.get(1));
            case "token": return session().tokenAsync();
            case "refresh": return session().refreshAsync();
            case "logout": return session().logoutAsync();
            case "info": return session().infoAsync();
            case "change-password": return session().changePasswordAsync(words.get(0), words.get(1));
            case "generate-key": return session().generateApiKeyAsync(Long.parseLong(words.get(0)));
            case "call":
                return session().callAsync(words.get(0), words.get(1), words.size() == 2 ? null : words.get(2));
            default: return parcels.async(step);
        }
    }

    private EcgridClient newClient(List<String> words) {
        EcgridOptions.Builder options = EcgridOptions.builder().executor(call -> executor.execute(call))
                .log(System.Logger.Level.OFF, (level, line) -> {});
        String place = words.get(0);
        if (place.equals("environment")) {
            options.fromEnvironment();
            baseUrl = Sandbox.place("https");
        } else {
            options.caFile(Sandbox.variable("SANDBOX_CA"));
            baseUrl = Sandbox.place(place);
            options.baseUrl(baseUrl);
        }
        for (String word : words.subList(1, words.size())) {
            int sign = word.indexOf('=');
            set(options, word.substring(0, sign), word.substring(sign + 1));
        }
        return EcgridClient.create(options.build());
    }

    private static void set(EcgridOptions.Builder options, String setting, String value) {
        switch (setting) {
            case "base_url": options.baseUrl(value); break;
            case "api_key": options.apiKey(value); break;
            case "ca_file": options.caFile(value); break;
            case "proxy": options.proxy(value); break;
            case "user_agent": options.userAgent(value); break;
            case "timeout_ms": options.timeout(Duration.ofMillis(Long.parseLong(value))); break;
            case "connect_timeout_ms": options.connectTimeout(Duration.ofMillis(Long.parseLong(value))); break;
            case "max_attempts": options.maxAttempts(Integer.parseInt(value)); break;
            case "max_response_bytes": options.maxResponseBytes(Long.parseLong(value)); break;
            case "keep_password": options.keepPassword(value.equals("1")); break;
            case "keep_alive": options.keepAlive(value.equals("1")); break;
            default: throw new IllegalArgumentException("the table has an unknown setting: " + setting);
        }
    }

    private void compare(CaseTable.Step step, List<String> expected, Callable<?> call) throws Exception {
        Object made;
        try {
            made = call.call();
            if (step.verb.equals("look") && expected.get(0).equals("CLOSED")) {
                lookAtClosed(made);
            }
        } catch (Exception thrown) {
            Throwable failure = thrown instanceof ExecutionException ? thrown.getCause() : thrown;
            if (failure instanceof EcgridException) {
                CaseChecks.error((EcgridException) failure, step, expected);
            } else if (failure instanceof IllegalStateException && failure.getMessage().endsWith("is closed")) {
                assertEquals("CLOSED", expected.get(0));
            } else {
                throw thrown;
            }
            return;
        }
        assertEquals("OK", expected.get(0), "it went well");
        if (made instanceof AutoCloseable && !step.verb.equals("look")) {
            keep((AutoCloseable) made);
        }
        if (made instanceof EcgridToken) {
            String value = ((EcgridToken) made).value();
            CaseChecks.token((EcgridToken) made, expected, !value.equals(tokenBefore));
            tokenBefore = value;
        } else if (made instanceof EcgridResponse) {
            CaseChecks.response((EcgridResponse) made, expected);
        } else if (made instanceof EcgridParcel) {
            CaseChecks.parcel((EcgridParcel) made, expected);
        } else {
            CaseChecks.files(made, expected);
        }
    }

    /** Every accessor must say that its handle is closed; the last one's exception is the result. */
    private static void lookAtClosed(Object closed) {
        List<Callable<?>> accessors = closed instanceof EcgridToken
                ? List.of(((EcgridToken) closed)::value, ((EcgridToken) closed)::expiresIn)
                : closed instanceof EcgridParcel
                ? List.of(((EcgridParcel) closed)::content, ((EcgridParcel) closed)::fileName)
                : List.of(((EcgridResponse) closed)::body, () -> ((EcgridResponse) closed).getLong("", 0));
        IllegalStateException last = null;
        for (Callable<?> accessor : accessors) {
            last = assertThrows(IllegalStateException.class, accessor::call);
        }
        throw last;
    }

    private void keep(AutoCloseable made) throws Exception {
        String name = slotOf(made);
        AutoCloseable before = slots.put(name, made);
        if (before != null) {
            before.close();
        }
        if (made instanceof EcgridClient && counts) {
            countedBefore = Sandbox.counters(baseUrl);
        }
    }

    private static String slotOf(AutoCloseable made) {
        return made instanceof EcgridClient ? "client" : made instanceof EcgridSession ? "session"
                : made instanceof EcgridToken ? "token" : made instanceof EcgridParcel ? "parcel"
                : made instanceof EcgridInbox ? "inbox" : made instanceof EcgridOutbox ? "outbox" : "response";
    }

    private void checkCounters(List<String> words) {
        Map<String, Long> now = Sandbox.counters(baseUrl);
        for (String word : words) {
            String counter = word.substring(0, word.indexOf('='));
            long more = now.get(counter) - countedBefore.get(counter);
            assertEquals(word, counter + "=" + more);
        }
    }

    private AutoCloseable slot(String name) {
        AutoCloseable slot = slots.get(name);
        if (slot == null) {
            throw new IllegalArgumentException("the table uses a " + name + " that was never made");
        }
        return slot;
    }

    private EcgridClient client() {
        return (EcgridClient) slot("client");
    }

    private EcgridSession session() {
        return (EcgridSession) slot("session");
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable slot : slots.values()) {
            slot.close();
        }
        threads.shutdownNow();
    }
}
