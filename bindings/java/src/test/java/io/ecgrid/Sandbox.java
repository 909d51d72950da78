package io.ecgrid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The sandboxes that the environment names, and what they have counted. */
final class Sandbox {
    static final String LOGIN = "jsmith@example.com";
    static final String PASSWORD = "Sup3r$ecret!";
    /** Who has mailbox 100, where no other test expects anything: parcels go to and from there. */
    static final String ADMIN = "admin@example.com";
    static final String ADMIN_PASSWORD = "Adm1n$ecret!";
    static final EcgridRoute TO_ADMIN = EcgridRoute.byEnvelope().to(20100);

    private Sandbox() {}

    /** A variable without which there is nothing to test. */
    static String variable(String name) {
        String value = System.getenv(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalStateException("the environment has no " + name
                    + ": these tests need a running ecgrid-sandbox; bindings/java/README.md says how to start one");
        }
        return value;
    }

    static String http() {
        return variable("SANDBOX_HTTP");
    }

    /** Comes before whatever is configured by the environment, which without one would go to the real ECGrid. */
    static void requireEnvironment() {
        String baseUrl = variable("ECGRID_BASE_URL");
        if (!baseUrl.equals(variable("SANDBOX_HTTPS")) && !baseUrl.equals(http())) {
            throw new IllegalStateException("ECGRID_BASE_URL is not that of the sandbox, but " + baseUrl);
        }
    }

    /** The URL of a place in the table of cases, such as other-host. */
    static String place(String name) {
        return variable("SANDBOX_" + name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    static EcgridOptions.Builder options() {
        return EcgridOptions.builder().baseUrl(http()).timeout(Duration.ofSeconds(20))
                .log(System.Logger.Level.OFF, (level, line) -> {});
    }

    static EcgridClient client() {
        return EcgridClient.create(options().build());
    }

    static EcgridClient client(Executor executor) {
        return EcgridClient.create(options().executor(executor).build());
    }

    /** That a call was ended before it had an answer. */
    static void assertCancelled(Outcome outcome, CompletableFuture<?> call) {
        EcgridException end = failure(call);
        assertEquals(Status.CANCELLED, end.status());
        assertEquals(outcome, end.outcome());
    }

    /** What a call failed with that a future was to bring the result of. */
    static EcgridException failure(CompletableFuture<?> call) {
        return assertInstanceOf(
                EcgridException.class, assertThrows(ExecutionException.class, call::get).getCause());
    }

    /** Ends all sessions at the sandbox. */
    static void revokeAll() {
        try (EcgridClient client = client(); EcgridSession session = client.sessionWithApiKey("any")) {
            session.call("POST", "/v2/sandbox/revoke", "{}").close();
        }
    }

    static long counted(String baseUrl, String counter) {
        return counters(baseUrl).get(counter);
    }

    /** What a sandbox has counted, asked over plain HTTP or, by a client of its own, over TLS. */
    static Map<String, Long> counters(String baseUrl) {
        String json = baseUrl.startsWith("http:") ? get(baseUrl + "/sandbox/counters") : getOverTls(baseUrl);
        Map<String, Long> counters = new HashMap<>();
        Matcher counter = Pattern.compile("\"(\\w+)\":(\\d+)").matcher(json);
        while (counter.find()) {
            counters.put(counter.group(1), Long.valueOf(counter.group(2)));
        }
        return counters;
    }

    /** Waits until the sandbox has got more requests than that. */
    static void awaitRequestBeyond(String baseUrl, long before) throws InterruptedException {
        for (int tries = 0; counted(baseUrl, "requests") <= before; tries++) {
            if (tries == 2000) {
                throw new IllegalStateException("the sandbox got no request");
            }
            Thread.sleep(5);
        }
    }

    private static String get(String url) {
        try (InputStream answer = URI.create(url).toURL().openStream()) {
            return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String getOverTls(String baseUrl) {
        EcgridOptions options = EcgridOptions.builder().baseUrl(baseUrl).caFile(variable("SANDBOX_CA")).build();
        try (EcgridClient client = EcgridClient.create(options);
                EcgridSession session = client.sessionWithApiKey("any");
                EcgridResponse counters = session.call("GET", "/v2/sandbox/counters")) {
            return counters.data();
        }
    }
}
