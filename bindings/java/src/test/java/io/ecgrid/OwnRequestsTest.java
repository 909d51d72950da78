package io.ecgrid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** Requests that the program sends by an HttpClient of its own, with the credential of a session. */
@Timeout(30)
class OwnRequestsTest {
    private static final String KEY = "k3y-of-the-pr0gram";

    private final HttpClient http = HttpClient.newHttpClient();

    /** A server that sends every request on to {@link #elsewhere}, and both note what arrives. */
    private final List<String> arrived = Collections.synchronizedList(new ArrayList<>());
    private final List<String> arrivedElsewhere = Collections.synchronizedList(new ArrayList<>());
    private HttpServer elsewhere;
    private HttpServer redirecting;

    @BeforeEach
    void open() throws IOException {
        elsewhere = server(arrivedElsewhere, null);
        redirecting = server(arrived, urlOf(elsewhere) + "/v2/there");
    }

    @AfterEach
    void close() {
        redirecting.stop(0);
        elsewhere.stop(0);
    }

    private static HttpServer server(List<String> arrived, String location) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            arrived.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " key="
                    + exchange.getRequestHeaders().get("X-API-Key") + " own=" + exchange.getRequestHeaders().get("X-Own")
                    + " " + new String(exchange.getRequestBody().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
            if (location != null) {
                exchange.getResponseHeaders().set("Location", location);
            }
            exchange.sendResponseHeaders(location == null ? 200 : 307, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static String urlOf(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static HttpRequest.Builder request(String url) {
        return HttpRequest.newBuilder(URI.create(url));
    }

    private static HttpRequest list(BodyPublisher body) {
        return request(Sandbox.http() + "/v2/mailboxes/list").header("Content-Type", "application/json").POST(body).build();
    }

    private static EcgridClient clientOf(String baseUrl) {
        return EcgridClient.create(EcgridOptions.builder().baseUrl(baseUrl).build());
    }

    private static EcgridException assertRefused(Executable send) {
        EcgridException refusal = assertThrows(EcgridException.class, send);
        assertEquals(Status.INVALID_ARGUMENT, refusal.status());
        assertEquals(Outcome.NOT_SENT, refusal.outcome());
        return refusal;
    }

    @Test
    void aRequestIsAuthorizedByATokenOrAKey() throws Exception {
        try (EcgridClient client = Sandbox.client();
                EcgridSession byLogin = client.loginSession(Sandbox.LOGIN, Sandbox.PASSWORD);
                EcgridSession byKey = client.sessionWithApiKey(Sandbox.variable("SANDBOX_API_KEY"))) {
            for (EcgridSession session : List.of(byLogin, byKey)) {
                assertEquals(client.baseUrl(), session.baseUrl());
                HttpRequest.Builder request = request(session.baseUrl() + "/v2/users/me");
                HttpResponse<String> me = http.send(session.authorize(request).build(), BodyHandlers.ofString());
                assertTrue(me.body().contains(Sandbox.LOGIN), me.body());
                HttpResponse<String> same = session.send(http, request.build(), BodyHandlers.ofString());
                assertEquals(me.body(), same.body());
            }
            byLogin.logout();
        }
    }

    @Test
    void afterA401TheRequestIsSentOnceMoreWithANewToken() throws Exception {
        EcgridOptions options = Sandbox.options().keepPassword(true).build();
        try (EcgridClient client = EcgridClient.create(options);
                EcgridSession session = client.loginSession(Sandbox.LOGIN, Sandbox.PASSWORD)) {
            long unauthorized = Sandbox.counted(Sandbox.http(), "unauthorized");
            Sandbox.revokeAll();
            HttpResponse<String> answer = session.send(http, list(BodyPublishers.ofString("{}")), BodyHandlers.ofString());
            assertEquals(200, answer.statusCode(), answer.body());
            assertEquals(unauthorized + 1, Sandbox.counted(Sandbox.http(), "unauthorized"));
            session.logout();
        }
    }

    @Test
    void aBodyThatMayBeGoneIsNotSentAgain() throws Exception {
        EcgridOptions options = Sandbox.options().keepPassword(true).build();
        try (EcgridClient client = EcgridClient.create(options);
                EcgridSession session = client.loginSession(Sandbox.LOGIN, Sandbox.PASSWORD)) {
            Sandbox.revokeAll();
            BodyPublisher stream = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[] {'{', '}'}));
            long before = Sandbox.counted(Sandbox.http(), "requests");
            HttpResponse<String> answer = session.send(http, list(stream), BodyHandlers.ofString());
            assertEquals(401, answer.statusCode());
            assertTrue(answer.body().contains("InvalidSession"), answer.body());
            assertEquals(before + 1, Sandbox.counted(Sandbox.http(), "requests"));
            // The session was told all the same.
            assertEquals(200, session.send(http, list(stream), BodyHandlers.ofString()).statusCode());
            session.logout();
        }
    }

    @Test
    void whereThereIsNoTokenTheExceptionSaysWhy() {
        try (EcgridClient client = Sandbox.client();
                EcgridSession session = client.loginSession(Sandbox.LOGIN, Sandbox.PASSWORD)) {
            Sandbox.revokeAll();
            EcgridException end = assertThrows(EcgridException.class,
                    () -> session.send(http, list(BodyPublishers.ofString("{}")), BodyHandlers.ofString()));
            assertEquals(Status.UNAUTHENTICATED, end.status());
        }
    }

    @Test
    void whatIsRefusedTwiceIsAnswered() throws Exception {
        try (EcgridClient client = Sandbox.client(); EcgridSession session = client.sessionWithApiKey("no-such-key")) {
            long before = Sandbox.counted(Sandbox.http(), "unauthorized");
            HttpResponse<String> answer = session.send(http, list(BodyPublishers.ofString("{}")), BodyHandlers.ofString());
            assertEquals(401, answer.statusCode());
            assertTrue(answer.body().contains("errorCode"), answer.body());
            assertEquals(before + 2, Sandbox.counted(Sandbox.http(), "unauthorized"));
        }
    }

    @Test
    void aTokenOfSomebodyElsesChangesNothing() {
        try (EcgridClient client = Sandbox.client();
                EcgridSession session = client.loginSession(Sandbox.LOGIN, Sandbox.PASSWORD);
                EcgridToken current = session.token();
                EcgridToken other = client.login(Sandbox.LOGIN, Sandbox.PASSWORD)) {
            session.refused(other);
            assertThrows(NullPointerException.class, () -> session.refused(null));
            try (EcgridToken same = session.token()) {
                assertEquals(current.value(), same.value());
            }
            session.refused(current);
            try (EcgridToken next = session.token()) {
                assertTrue(!current.value().equals(next.value()));
            }
            session.logout();
        }
    }

    @Test
    void noOtherHostGetsTheCredential() {
        int port = redirecting.getAddress().getPort();
        int otherPort = elsewhere.getAddress().getPort();
        try (EcgridClient client = clientOf("http://127.0.0.1:" + port + "/ecgrid");
                EcgridSession session = client.sessionWithApiKey(KEY)) {
            for (String url : List.of(
                    "http://127.0.0.1:" + otherPort + "/ecgrid/v2/users/me",
                    "http://localhost:" + port + "/ecgrid/v2/users/me",
                    "https://127.0.0.1:" + port + "/ecgrid/v2/users/me",
                    "http://127.0.0.1/ecgrid/v2/users/me",
                    "http://127.0.0.1:" + port + "@localhost:" + otherPort + "/ecgrid/v2/users/me",
                    "http://127.0.0.1:" + port + "/v2/users/me",
                    "http://127.0.0.1:" + port + "/ecgrids/v2/users/me",
                    "http://127.0.0.1:" + port + "/ecgrid/../v2/users/me",
                    "http://127.0.0.1:" + port + "/ecgrid/%2E%2e/v2/users/me",
                    "http://127.0.0.1:" + port + "//any/ecgrid/v2/users/me")) {
                HttpRequest.Builder request = request(url);
                EcgridException refusal = assertRefused(() -> session.authorize(request));
                assertTrue(refusal.getMessage().contains("http://127.0.0.1:" + port + "/ecgrid,"), refusal.getMessage());
                assertEquals(java.util.Map.of(), request.build().headers().map());
                assertRefused(() -> session.send(http, request.build(), BodyHandlers.discarding()));
            }
            for (String path : List.of("/ecgrid", "/ecgrid/v2/users/me?a=/../b", "/ecgrid/v2/../v2/users/me")) {
                HttpRequest.Builder request = request("HTTP://127.0.0.1:" + port + path);
                assertEquals(List.of(KEY), session.authorize(request).build().headers().allValues("x-api-key"));
            }
        }
        assertEquals(List.of(), arrived);
        assertEquals(List.of(), arrivedElsewhere);
    }

    @Test
    void theDefaultPortIsThatPort() {
        try (EcgridClient client = clientOf("https://localhost"); EcgridSession session = client.sessionWithApiKey(KEY)) {
            session.authorize(request("https://LOCALHOST:443/v2/users/me"));
            assertRefused(() -> session.authorize(request("https://localhost:80/v2/users/me")));
        }
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        try (EcgridClient client = clientOf(urlOf(redirecting)); EcgridSession session = client.sessionWithApiKey(KEY)) {
            HttpRequest request = request(urlOf(redirecting) + "/v2/here?x=1").header("X-Own", "a").header("X-Own", "b")
                    .header("x-api-key", "another").PUT(BodyPublishers.ofString("a body")).build();
            HttpResponse<Void> answer = session.send(http, request, BodyHandlers.discarding());
            assertEquals(307, answer.statusCode());
            assertEquals(List.of("PUT /v2/here?x=1 key=[" + KEY + "] own=[a, b] a body"), arrived);
            assertEquals(List.of(), arrivedElsewhere);
        }
    }

    @Test
    void aClientThatFollowsRedirectsIsRefused() {
        try (EcgridClient client = clientOf(urlOf(redirecting)); EcgridSession session = client.sessionWithApiKey(KEY)) {
            for (HttpClient.Redirect follows : List.of(HttpClient.Redirect.NORMAL, HttpClient.Redirect.ALWAYS)) {
                HttpClient following = HttpClient.newBuilder().followRedirects(follows).build();
                EcgridException refusal = assertRefused(() -> session.send(
                        following, request(urlOf(redirecting) + "/v2/here").build(), BodyHandlers.discarding()));
                assertTrue(refusal.getMessage().contains("Redirect.NEVER"), refusal.getMessage());
            }
        }
        assertEquals(List.of(), arrived);
    }

    @Test
    void aProxyMayNotReadTheCredential() throws Exception {
        try (EcgridClient client = clientOf(urlOf(redirecting)); EcgridSession session = client.sessionWithApiKey(KEY)) {
            HttpRequest request = request(urlOf(redirecting) + "/v2/here").build();
            HttpClient proxied = HttpClient.newBuilder().proxy(ProxySelector.of(elsewhere.getAddress())).build();
            assertRefused(() -> session.send(proxied, request, BodyHandlers.discarding()));
            HttpClient direct = HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).build();
            assertEquals(307, session.send(direct, request, BodyHandlers.discarding()).statusCode());
        }
        assertEquals(1, arrived.size());
        assertEquals(List.of(), arrivedElsewhere);
    }
}
