import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecgrid.EcgridClient;
import io.ecgrid.EcgridOptions;
import io.ecgrid.EcgridToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Logins through the binding, and the usual way: java.net.http.HttpClient and Jackson. {@code Bench URL CA} obeys a line
 * at a time: {@code binding N} and {@code usual N} answer with the time of each login and the bytes that one allocates.
 */
public final class Bench {
    private static final String LOGIN = "bench@example.com";
    private static final String PASSWORD = "Sup3r$ecret!";
    /** Other processes ran meanwhile. */
    private static final int WARM_UP = 20;

    private interface Contestant {
        void login() throws Exception;
    }

    /** What a login brings, kept where no compiler can leave it out. */
    private static volatile String value;
    private static volatile Instant expiresAt;
    private static volatile long userId;

    private static void take(String token, Instant until, long user) {
        if (token.isEmpty() || user == 0) {
            throw new IllegalStateException("no token in the answer");
        }
        value = token;
        expiresAt = until;
        userId = user;
    }

    private static Contestant binding(String url, String ca) {
        EcgridClient client = EcgridClient.create(EcgridOptions.builder().baseUrl(url).caFile(Path.of(ca))
                .log(System.Logger.Level.OFF, (level, line) -> {}).build());
        return () -> {
            try (EcgridToken token = client.login(LOGIN, PASSWORD)) {
                take(token.value(), token.expiresAt().orElseThrow(), token.userId());
            }
        };
    }

    private static Contestant usual(String url, String ca) throws Exception {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(trusting(ca)).build();
        URI address = URI.create(url + "/v2/auth/login");
        ObjectMapper json = new ObjectMapper();
        return () -> {
            byte[] body = json.writeValueAsBytes(
                    json.createObjectNode().put("login", LOGIN).put("password", PASSWORD));
            HttpRequest request = HttpRequest.newBuilder(address)
                    .header("Content-Type", "application/json")
                    .header("Accept", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            JsonNode answer = json.readTree(response.body());
            if (response.statusCode() != 200 || !answer.path("success").asBoolean()) {
                throw new IOException("status " + response.statusCode());
            }
            JsonNode data = answer.path("data");
            take(data.path("token").asText(), Instant.parse(data.path("expiresAt").asText()), data.path("userId").asLong());
        };
    }

    static SSLContext trusting(String ca) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (var file = Files.newInputStream(Path.of(ca))) {
            store.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** By all threads: HttpClient has some of its own. */
    private static long allocated() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            sum += Math.max(bytes, 0);
        }
        return sum;
    }

    private static void batch(Contestant contestant, int logins) throws Exception {
        long[] took = new long[logins];
        for (int i = 0; i < WARM_UP; i++) {
            contestant.login();
        }
        long before = allocated();
        for (int i = 0; i < logins; i++) {
            long start = System.nanoTime();
            contestant.login();
            took[i] = System.nanoTime() - start;
        }
        long bytes = allocated() - before;
        StringBuilder line = new StringBuilder("ns");
        for (long each : took) {
            line.append(' ').append(each);
        }
        System.out.println(line);
        System.out.println("bytes " + (double) bytes / logins);
    }

    public static void main(String[] arguments) throws Exception {
        Contestant binding = binding(arguments[0], arguments[1]);
        Contestant usual = usual(arguments[0], arguments[1]);
        System.out.println("runtime Java " + System.getProperty("java.version"));
        var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ");
            batch(words[0].equals("binding") ? binding : usual, Integer.parseInt(words[1]));
        }
        // HttpClient's own threads would keep the process for a while.
        System.exit(0);
    }
}
