import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecgrid.EcgridClient;
import io.ecgrid.EcgridOptions;
import io.ecgrid.EcgridResponse;
import io.ecgrid.EcgridSession;
import io.ecgrid.EcgridToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Calls by many callers, through the binding and the usual way: java.net.http.HttpClient and Jackson. {@code Callers URL CA}
 * obeys a line at a time: {@code WAY MODE CALLERS CALLS} answers with the time of one call and the processor's, of all
 * threads of the process, in nanoseconds. WAY is binding or usual.
 */
public final class Callers {
    private static final String ME = "/v2/users/me";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Kept where no compiler can leave it out. */
    private static volatile long seen;

    private static EcgridSession session;
    private static HttpClient client;
    private static HttpRequest request;

    private static void take(long userId) {
        if (userId != 4821) {
            throw new IllegalStateException("no user in the answer");
        }
        seen = userId;
    }

    private static void take(EcgridResponse answer) {
        try (answer) {
            take(answer.getLong("/userId", 0));
        }
    }

    private static void take(HttpResponse<byte[]> answer) {
        try {
            JsonNode json = JSON.readTree(answer.body());
            take(json.path("data").path("userId").asLong());
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private static Object bindingCall() {
        take(session.call("GET", ME));
        return null;
    }

    private static CompletableFuture<?> bindingCallAsync() {
        return session.callAsync("GET", ME).future().thenAccept(Callers::take);
    }

    private static Object usualCall() throws Exception {
        take(client.send(request, BodyHandlers.ofByteArray()));
        return null;
    }

    private static CompletableFuture<?> usualCallAsync() {
        return client.sendAsync(request, BodyHandlers.ofByteArray()).thenAccept(Callers::take);
    }

    private static void blocking(Callable<?> call, int callers, int calls) throws Exception {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int caller = 0; caller < callers; caller++) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            all.add(done);
            new Thread(() -> {
                try {
                    for (int i = 0; i < calls; i++) {
                        call.call();
                    }
                    done.complete(null);
                } catch (Exception error) {
                    done.completeExceptionally(error);
                }
            }).start();
        }
        CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0])).get();
    }

    private static void async(Supplier<CompletableFuture<?>> call, int callers, int calls) throws Exception {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int caller = 0; caller < callers; caller++) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            all.add(done);
            next(call, calls, done);
        }
        CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0])).get();
    }

    private static void next(Supplier<CompletableFuture<?>> call, int left, CompletableFuture<Void> done) {
        if (left == 0) {
            done.complete(null);
            return;
        }
        call.get().whenComplete((result, error) -> {
            if (error == null) {
                next(call, left - 1, done);
            } else {
                done.completeExceptionally(error);
            }
        });
    }

    private static void run(String what, int callers, int calls) throws Exception {
        switch (what) {
            case "binding blocking": blocking(Callers::bindingCall, callers, calls); break;
            case "binding async": async(Callers::bindingCallAsync, callers, calls); break;
            case "usual blocking": blocking(Callers::usualCall, callers, calls); break;
            case "usual async": async(Callers::usualCallAsync, callers, calls); break;
            default: throw new IllegalArgumentException(what);
        }
    }

    private static void start(String url, String ca) throws Exception {
        EcgridClient ours = EcgridClient.create(EcgridOptions.builder().baseUrl(url).caFile(Path.of(ca)).build());
        session = ours.loginSession("bench@example.com", "Sup3r$ecret!");
        client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(Bench.trusting(ca)).build();
        try (EcgridToken token = session.token()) {
            request = HttpRequest.newBuilder(URI.create(url + ME))
                    .header(token.headerName(), token.headerValue())
                    .header("Accept", "application/json")
                    .build();
        }
    }

    public static void main(String[] arguments) throws Exception {
        start(arguments[0], arguments[1]);
        System.out.println("runtime Java " + System.getProperty("java.version"));
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ");
            int callers = Integer.parseInt(words[2]);
            int each = Math.max(1, Integer.parseInt(words[3]) / callers);
            long cpu = system.getProcessCpuTime();
            long start = System.nanoTime();
            run(words[0] + " " + words[1], callers, each);
            long took = System.nanoTime() - start;
            cpu = system.getProcessCpuTime() - cpu;
            long calls = (long) callers * each;
            System.out.println("call " + took / calls + " " + cpu / calls);
        }
        // HttpClient's own threads would keep the process for a while.
        System.exit(0);
    }
}
