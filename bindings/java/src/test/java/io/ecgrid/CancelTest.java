package io.ecgrid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** What a cancel or a stop of a client or a session reaches, and what it does not. */
@Timeout(30)
class CancelTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final EcgridClient client = Sandbox.client(threads);
    /** Its calls wait for ever. */
    private final EcgridClient waitingClient = Sandbox.client(never -> {});

    @AfterEach
    void close() {
        client.close();
        waitingClient.close();
        threads.shutdownNow();
    }

    private CompletableFuture<?> blocking(Callable<?> call) {
        CompletableFuture<Object> result = new CompletableFuture<>();
        threads.execute(() -> {
            try {
                result.complete(call.call());
            } catch (Throwable thrown) {
                result.completeExceptionally(thrown);
            }
        });
        return result;
    }

    private static void assertNotSent(Executable call) {
        EcgridException end = assertThrows(EcgridException.class, call);
        assertEquals(Status.CANCELLED, end.status());
        assertEquals(Outcome.NOT_SENT, end.outcome());
    }

    @Test
    void aCancelOfTheClientEndsItsCallsAndThoseOfItsSessions() throws Exception {
        EcgridSession one = client.loginSession("call-hang@example.com", "any");
        EcgridSession other = client.loginSessionAsync("call-hang@example.com", "any").future().get();
        long before = Sandbox.counted(Sandbox.http(), "requests");
        List<CompletableFuture<?>> calls = List.of(
                client.loginAsync("hang@example.com", "any").future(),
                one.callAsync("POST", "/v2/mailboxes/list", "{}").future(),
                other.callAsync("POST", "/v2/mailboxes/list", "{}").future(),
                blocking(() -> other.call("POST", "/v2/mailboxes/list", "{}")));
        Sandbox.awaitRequestBeyond(Sandbox.http(), before + 3);
        client.cancel();
        for (CompletableFuture<?> call : calls) {
            Sandbox.assertCancelled(Outcome.UNKNOWN, call);
        }
        client.serverVersion().close();
        one.close();
        other.close();
    }

    @Test
    void aCancelOfASessionEndsItsCallsOnly() throws Exception {
        try (EcgridSession session = client.loginSession("call-hang@example.com", "any")) {
            long before = Sandbox.counted(Sandbox.http(), "requests");
            EcgridCall<EcgridToken> other = client.loginAsync("slow-400@example.com", "any");
            EcgridCall<EcgridResponse> call = session.callAsync("POST", "/v2/mailboxes/list", "{}");
            Sandbox.awaitRequestBeyond(Sandbox.http(), before + 1);
            session.cancel();
            Sandbox.assertCancelled(Outcome.UNKNOWN, call.future());
            other.future().get().close();
        }
    }

    @Test
    void aCancelOfTheClientEndsWhatWaitsForItsThread() {
        EcgridSession byLogin = waitingClient.loginSession(Sandbox.LOGIN, Sandbox.PASSWORD);
        EcgridSession byKey = waitingClient.sessionWithApiKey("any");
        for (EcgridCall<?> call : List.of(
                byLogin.infoAsync(), byKey.infoAsync(), waitingClient.serverVersionAsync())) {
            waitingClient.cancel();
            Sandbox.assertCancelled(Outcome.NOT_SENT, call.future());
        }
    }

    @Test
    void aCancelOfTheClientReachesTheCallOfASessionThatIsDropped() throws Exception {
        long before = Sandbox.counted(Sandbox.http(), "requests");
        EcgridCall<EcgridResponse> call = client.loginSessionAsync("call-hang@example.com", "any").future().get()
                .callAsync("POST", "/v2/mailboxes/list", "{}");
        Sandbox.awaitRequestBeyond(Sandbox.http(), before + 1);
        System.gc();
        client.cancel();
        Sandbox.assertCancelled(Outcome.UNKNOWN, call.future());
    }

    @Test
    void aCancelDoesNotWaitForWhatHangsOnAFuture() throws Exception {
        EcgridSession session = waitingClient.loginSession(Sandbox.LOGIN, Sandbox.PASSWORD);
        for (Runnable cancel : List.<Runnable>of(session::cancel, waitingClient::cancel, session::stop)) {
            // Whichever ends first, what hangs on it waits for the other.
            CompletableFuture<EcgridResponse> one = session.infoAsync().future();
            CompletableFuture<EcgridResponse> other = session.infoAsync().future();
            CompletableFuture<?> afterOne = one.handle((answer, end) -> assertThrows(Exception.class, other::get));
            CompletableFuture<?> afterOther = other.handle((answer, end) -> assertThrows(Exception.class, one::get));
            Thread canceller = new Thread(cancel);
            canceller.start();
            canceller.join(10_000);
            assertFalse(canceller.isAlive(), "the cancel waits for a dependent");
            CompletableFuture.allOf(afterOne, afterOther).get();
            Sandbox.assertCancelled(Outcome.NOT_SENT, one);
            Sandbox.assertCancelled(Outcome.NOT_SENT, other);
        }
    }

    @Test
    void aStopOfASessionEndsItsCallsForGood() throws Exception {
        try (EcgridSession session = client.loginSession("call-hang@example.com", "any")) {
            long before = Sandbox.counted(Sandbox.http(), "requests");
            List<CompletableFuture<?>> calls = List.of(
                    session.callAsync("POST", "/v2/mailboxes/list", "{}").future(),
                    blocking(() -> session.call("POST", "/v2/mailboxes/list", "{}")));
            Sandbox.awaitRequestBeyond(Sandbox.http(), before + 1);
            session.stop();
            for (CompletableFuture<?> call : calls) {
                Sandbox.assertCancelled(Outcome.UNKNOWN, call);
            }
            long stopped = Sandbox.counted(Sandbox.http(), "requests");
            assertNotSent(session::info);
            assertNotSent(session::logout);
            Sandbox.assertCancelled(Outcome.NOT_SENT, session.infoAsync().future());
            assertEquals(stopped, Sandbox.counted(Sandbox.http(), "requests"));
            client.serverVersion().close();
        }
    }

    @Test
    void aStopOfTheClientEndsItsCallsForGoodAndNoSession() throws Exception {
        try (EcgridSession one = client.loginSession(Sandbox.LOGIN, Sandbox.PASSWORD);
                EcgridSession other = client.loginSessionAsync(Sandbox.LOGIN, Sandbox.PASSWORD).future().get()) {
            long before = Sandbox.counted(Sandbox.http(), "requests");
            EcgridCall<EcgridToken> login = client.loginAsync("hang@example.com", "any");
            Sandbox.awaitRequestBeyond(Sandbox.http(), before);
            client.stop();
            Sandbox.assertCancelled(Outcome.UNKNOWN, login.future());
            assertNotSent(client::serverVersion);
            Sandbox.assertCancelled(
                    Outcome.NOT_SENT, client.loginAsync(Sandbox.LOGIN, Sandbox.PASSWORD).future());
            one.info().close();
            other.infoAsync().future().get().close();
            one.logout();
            other.logout();
        }
    }

    @Test
    void aStopEndsWhatWaitsForItsThread() {
        EcgridSession session = waitingClient.loginSession(Sandbox.LOGIN, Sandbox.PASSWORD);
        EcgridCall<EcgridResponse> ofSession = session.infoAsync();
        EcgridCall<EcgridResponse> ofClient = waitingClient.serverVersionAsync();
        waitingClient.stop();
        Sandbox.assertCancelled(Outcome.NOT_SENT, ofClient.future());
        assertFalse(ofSession.settled().isDone());
        session.stop();
        Sandbox.assertCancelled(Outcome.NOT_SENT, ofSession.future());
    }
}
