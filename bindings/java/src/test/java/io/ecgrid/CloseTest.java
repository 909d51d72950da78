package io.ecgrid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class CloseTest {
    private static void assertClosed(Executable use) {
        IllegalStateException refusal = assertThrows(IllegalStateException.class, use);
        assertTrue(refusal.getMessage().endsWith("is closed"), refusal.getMessage());
    }

    @Test
    void everyUseOfAClosedClientIsRefused() {
        EcgridClient client = Sandbox.client();
        client.close();
        client.close();
        assertClosed(() -> client.login("a", "b"));
        assertClosed(() -> client.login("a", new char[] {'b'}));
        assertClosed(() -> client.loginAsync("a", "b"));
        assertClosed(() -> client.loginAsync("a", new char[] {'b'}));
        assertClosed(() -> client.loginSession("a", "b"));
        assertClosed(() -> client.loginSession("a", new char[] {'b'}));
        assertClosed(() -> client.loginSessionAsync("a", "b"));
        assertClosed(() -> client.loginSessionAsync("a", new char[] {'b'}));
        assertClosed(() -> client.sessionWithApiKey("a"));
        assertClosed(client::serverVersion);
        assertClosed(() -> client.serverVersionAsync());
        assertClosed(client::cancel);
        assertClosed(client::stop);
    }

    @Test
    void everyUseOfAClosedSessionIsRefused() {
        try (EcgridClient client = Sandbox.client()) {
            EcgridSession session = client.sessionWithApiKey("key");
            EcgridToken token = session.token();
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(Sandbox.http() + "/v2/users/me"));
            session.close();
            session.close();
            assertClosed(session::token);
            assertClosed(() -> session.refused(token));
            assertClosed(() -> session.authorize(request));
            assertClosed(() -> session.send(HttpClient.newHttpClient(), request.build(), BodyHandlers.discarding()));
            assertClosed(session::refresh);
            assertClosed(session::info);
            assertClosed(() -> session.changePassword("a", "b"));
            assertClosed(() -> session.changePassword(new char[1], new char[1]));
            assertClosed(() -> session.generateApiKey(1));
            assertClosed(() -> session.call("GET", "/v2/users/me"));
            assertClosed(() -> session.call("POST", "/v2/users/me", "{}"));
            assertClosed(() -> session.callUtf8("POST", "/v2/users/me", new byte[0]));
            assertClosed(session::logout);
            assertClosed(session::cancel);
            assertClosed(session::stop);
            assertClosed(() -> session.tokenAsync());
            assertClosed(() -> session.refreshAsync());
            assertClosed(() -> session.infoAsync());
            assertClosed(() -> session.changePasswordAsync("a", "b"));
            assertClosed(() -> session.changePasswordAsync(new char[1], new char[1]));
            assertClosed(() -> session.generateApiKeyAsync(1));
            assertClosed(() -> session.callAsync("GET", "/v2/users/me"));
            assertClosed(() -> session.callAsync("POST", "/v2/users/me", "{}"));
            assertClosed(() -> session.callUtf8Async("POST", "/v2/users/me", new byte[0]));
            assertClosed(() -> session.logoutAsync());
        }
    }

    @Test
    void everyUseOfAClosedTokenOrResponseIsRefused() {
        try (EcgridClient client = Sandbox.client()) {
            EcgridToken token = client.login(Sandbox.LOGIN, Sandbox.PASSWORD);
            token.close();
            token.close();
            assertClosed(token::value);
            assertClosed(token::headerName);
            assertClosed(token::headerValue);
            assertClosed(token::userId);
            assertClosed(token::expiresAt);
            assertClosed(token::expiresIn);

            EcgridResponse response = client.serverVersion();
            response.close();
            response.close();
            assertClosed(response::httpStatus);
            assertClosed(response::body);
            assertClosed(response::data);
            assertClosed(response::bodyUtf8);
            assertClosed(response::dataUtf8);
            assertClosed(() -> response.getString(""));
            assertClosed(() -> response.getLong("", 0));
            assertClosed(() -> response.count(""));
            assertClosed(() -> response.kind(""));
            assertClosed(() -> response.header("Date"));
        }
    }

    @Test
    void aClientThatIsClosedDuringALoginFinishesIt() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (EcgridClient client = Sandbox.client(threads)) {
            long before = Sandbox.counted(Sandbox.http(), "requests");
            Future<EcgridToken> blocking = threads.submit(() -> client.login("slow-400@example.com", "any"));
            Future<EcgridToken> future = client.loginAsync("slow-400@example.com", "any").future();
            Sandbox.awaitRequestBeyond(Sandbox.http(), before + 1);
            client.close();
            assertClosed(client::serverVersion);
            try (EcgridToken one = blocking.get(); EcgridToken other = future.get()) {
                assertEquals(4821, one.userId());
                assertEquals(4821, other.userId());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void manyThreadsMayCloseAndUseAHandleAtOnce() throws Exception {
        int threadCount = 8;
        ExecutorService threads = Executors.newFixedThreadPool(threadCount);
        try (EcgridClient client = Sandbox.client();
                EcgridSession session = client.loginSession(Sandbox.LOGIN, Sandbox.PASSWORD)) {
            for (int round = 0; round < 200; round++) {
                EcgridToken token = session.token();
                String value = token.value();
                CountDownLatch together = new CountDownLatch(threadCount);
                Future<?>[] users = new Future<?>[threadCount];
                for (int i = 0; i < threadCount; i++) {
                    boolean closes = i % 4 == 0;
                    users[i] = threads.submit(() -> {
                        together.countDown();
                        together.await();
                        try {
                            if (closes) {
                                token.close();
                            } else {
                                assertEquals(value, token.value());
                            }
                        } catch (IllegalStateException closed) {
                            assertTrue(closed.getMessage().endsWith("token is closed"));
                        }
                        return null;
                    });
                }
                for (Future<?> user : users) {
                    user.get();
                }
                assertClosed(token::value);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void whatWasMadeFromAClientLivesOn() {
        EcgridClient client = Sandbox.client();
        EcgridSession session = client.loginSession(Sandbox.LOGIN, Sandbox.PASSWORD);
        client.close();
        EcgridToken token = session.token();
        EcgridResponse me = session.call("GET", "/v2/users/me");
        session.close();
        assertEquals(4821, token.userId());
        assertEquals(Sandbox.LOGIN, me.getString("/email"));
        token.close();
        me.close();
    }

    @Test
    void aHandleThatIsClosedDuringAUseIsFreedAfterIt() {
        NativeLoader.load();
        NativeHandle client =
                NativeHandle.own(this, NativeHandle.Kind.CLIENT, Sandbox.options().build().newClient());
        NativeHandle token = client.use(new Call<>(
                (handle, frame) -> NativeMethods.ecgrid_client_login(
                        handle, frame.text(0), frame.text(1), frame.result(), frame.error()),
                made -> NativeHandle.own(this, NativeHandle.Kind.TOKEN, made),
                Text.of("the user name", Sandbox.LOGIN), Text.of("the password", Sandbox.PASSWORD))::through);
        client.close();
        token.use(made -> {
            token.close();
            // A freed token is wiped.
            assertTrue(Text.read(NativeMethods.ecgrid_token_value(made)).startsWith("eyJ"));
            return null;
        });
        assertClosed(() -> token.use(made -> null));
    }
}
