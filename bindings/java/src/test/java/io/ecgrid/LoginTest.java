package io.ecgrid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LoginTest {
    @Test
    void aLoginGivesATokenWithItsFacts() {
        try (EcgridClient client = Sandbox.client();
                EcgridToken token = client.login(Sandbox.LOGIN, Sandbox.PASSWORD)) {
            assertEquals(4821, token.userId());
            assertEquals("Authorization", token.headerName());
            assertEquals("Bearer " + token.value(), token.headerValue());
            Duration left = token.expiresIn().orElseThrow();
            assertTrue(left.compareTo(Duration.ofSeconds(3590)) >= 0 && left.compareTo(Duration.ofHours(1)) <= 0);
            assertTrue(token.expiresAt().orElseThrow().isAfter(Instant.EPOCH));
        }
    }

    @Test
    void aPasswordInAnArrayIsNotChanged() {
        char[] password = Sandbox.PASSWORD.toCharArray();
        try (EcgridClient client = Sandbox.client();
                EcgridToken token = client.login(Sandbox.LOGIN, password);
                EcgridSession session = client.loginSession(Sandbox.LOGIN, password)) {
            assertEquals(4821, token.userId());
            assertEquals(200, session.call("GET", "/v2/users/me").httpStatus());
            assertArrayEquals(Sandbox.PASSWORD.toCharArray(), password);
        }
    }

    @Test
    void theLoginThatNeedsNoClientIsConfiguredByTheEnvironment() {
        Sandbox.requireEnvironment();
        try (EcgridToken token = Ecgrid.login(Sandbox.LOGIN, Sandbox.PASSWORD);
                EcgridToken other = Ecgrid.login(Sandbox.LOGIN, Sandbox.PASSWORD.toCharArray())) {
            assertEquals(4821, token.userId());
            assertNotEquals(token.value(), other.value());
        }
    }

    @Test
    void aRefusalSaysWhyAndWhetherItWasDone() {
        try (EcgridClient client = EcgridClient.create(Sandbox.options().maxAttempts(1).build())) {
            EcgridException wrong = assertThrows(EcgridException.class,
                    () -> client.login(Sandbox.LOGIN, "n0t-the-Password"));
            assertEquals(Status.UNAUTHENTICATED, wrong.status());
            assertEquals(Outcome.REFUSED, wrong.outcome());
            assertEquals(401, wrong.httpStatus());
            assertEquals("InvalidSession", wrong.code());
            assertEquals(Optional.empty(), wrong.retryAfter());
            assertFalse(wrong.getMessage().contains("n0t-the-Password"), wrong.getMessage());

            EcgridException later = assertThrows(EcgridException.class,
                    () -> client.login("retry-after-2-429@example.com", "any"));
            assertEquals(Optional.of(Duration.ofSeconds(2)), later.retryAfter());
        }
    }

    @Test
    void anErrorSurvivesSerialization() throws Exception {
        EcgridException before = EcgridException.invalidArgument("the cat is empty");
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        new java.io.ObjectOutputStream(bytes).writeObject(before);
        EcgridException after = (EcgridException) new java.io.ObjectInputStream(
                new java.io.ByteArrayInputStream(bytes.toByteArray())).readObject();
        assertEquals(before.getMessage(), after.getMessage());
        assertEquals(Status.INVALID_ARGUMENT, after.status());
        assertEquals(Outcome.NOT_SENT, after.outcome());
    }

    @Test
    void aSessionCallsWithTextAndBytes() {
        try (EcgridClient client = Sandbox.client();
                EcgridSession session = client.loginSession(Sandbox.LOGIN, Sandbox.PASSWORD)) {
            String body = "{\"mailboxId\": 101}";
            try (EcgridResponse text = session.call("POST", "/v2/parcels/inbox-list", body);
                    EcgridResponse bytes =
                            session.callUtf8("POST", "/v2/parcels/inbox-list", body.getBytes(StandardCharsets.UTF_8));
                    EcgridResponse part = session.callUtf8("POST", "/v2/parcels/inbox-list", partOf(body))) {
                assertEquals(9007199254740993L, text.getLong("/2/parcelId", 0));
                assertEquals("9007199254740993", text.getString("/2/parcelId"));
                assertEquals(text.data(), bytes.data());
                assertEquals(text.data(), part.data());
                assertTrue(text.body().contains(text.data()));
                assertArrayEquals(text.data().getBytes(StandardCharsets.UTF_8), text.dataUtf8());
                assertArrayEquals(text.body().getBytes(StandardCharsets.UTF_8), text.bodyUtf8());
            }
        }
    }

    /** A text within a larger buffer, in memory that is not Java's, and only to be read. */
    private static ByteBuffer partOf(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer whole = ByteBuffer.allocateDirect(utf8.length + 4);
        whole.put("[ ".getBytes(StandardCharsets.UTF_8)).put(utf8).put("] ".getBytes(StandardCharsets.UTF_8));
        return whole.position(2).limit(2 + utf8.length).asReadOnlyBuffer();
    }

    @Test
    void aCallWithoutABodySaysSoInAnyWay() throws Exception {
        try (EcgridClient client = Sandbox.client();
                EcgridSession session = client.loginSession(Sandbox.LOGIN, Sandbox.PASSWORD);
                EcgridResponse none = session.call("GET", "/v2/users/me");
                EcgridResponse isNull = session.call("GET", "/v2/users/me", null);
                EcgridResponse later = session.callAsync("GET", "/v2/users/me", null).future().get()) {
            assertEquals(Sandbox.LOGIN, none.getString("/email"));
            assertEquals(none.data(), isNull.data());
            assertEquals(none.data(), later.data());
            // What has no body is call; there is one meaning of null.
            assertEquals("the body", assertThrows(NullPointerException.class,
                    () -> session.callUtf8("GET", "/v2/users/me", (byte[]) null)).getMessage());
            assertEquals("the body", assertThrows(NullPointerException.class,
                    () -> session.callUtf8Async("GET", "/v2/users/me", (ByteBuffer) null)).getMessage());
        }
    }

    @Test
    void whatDoesNotExistIsEmptyOrTheFallback() {
        try (EcgridClient client = Sandbox.client(); EcgridResponse version = client.serverVersion()) {
            assertEquals("", version.getString("/nothing"));
            assertEquals("", version.getString("no pointer"));
            assertEquals("", version.getString("/version\0"));
            assertEquals(-7, version.getLong("/version\0", -7));
            assertEquals(-7, version.getLong("/nothing", -7));
            assertEquals(Long.MIN_VALUE, version.getLong("", Long.MIN_VALUE));
        }
    }

    @Test
    void noSecretIsInWhatIsPrinted() {
        try (EcgridClient client = Sandbox.client();
                EcgridToken token = client.login(Sandbox.LOGIN, Sandbox.PASSWORD);
                EcgridResponse version = client.serverVersion()) {
            assertEquals("EcgridToken[userId=4821]", token.toString());
            assertEquals("EcgridResponse[httpStatus=200]", version.toString());
            token.close();
            assertEquals("EcgridToken[closed]", token.toString());
        }
        EcgridOptions options = Sandbox.options().apiKey("k3y").proxy("http://user:s3cret@127.0.0.1:1").build();
        assertFalse(options.toString().contains("k3y") || options.toString().contains("s3cret"));
    }

    @Test
    void nullIsRefusedByTheLanguage() {
        try (EcgridClient client = Sandbox.client()) {
            NullPointerException refusal = assertThrows(NullPointerException.class,
                    () -> client.login(Sandbox.LOGIN, (String) null));
            assertEquals("the password", refusal.getMessage());
            assertThrows(NullPointerException.class, () -> EcgridClient.create(null));
            assertThrows(NullPointerException.class, () -> EcgridOptions.builder().baseUrl(null));
        }
    }

    /** A server's answer is not to be trusted. */
    @Test
    void anExpiryThatJavaCannotHoldIsTheLatestThatItCan() throws Exception {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String claims = base64.encodeToString("{\"exp\":9223372036854775807}".getBytes(StandardCharsets.UTF_8));
        byte[] answer = ("{\"success\":true,\"data\":{\"token\":\"e30." + claims + ".e30\",\"userId\":4821}}")
                .getBytes(StandardCharsets.UTF_8);
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        try (EcgridClient client = EcgridClient.create(EcgridOptions.builder().baseUrl(url).build());
                EcgridToken token = client.login(Sandbox.LOGIN, Sandbox.PASSWORD)) {
            assertEquals(Optional.of(Instant.MAX), token.expiresAt());
            assertTrue(token.expiresIn().orElseThrow().compareTo(Duration.ofDays(365)) > 0);
        } finally {
            server.stop(0);
        }
    }
}
