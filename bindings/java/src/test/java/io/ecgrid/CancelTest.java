package io.ecgrid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
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
    /** The executor of {@link #waitingClient}, whose calls wait until the test gives them their turn. */
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final EcgridClient waitingClient = Sandbox.client(waiting::add);

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

    private void theirTurnComes() {
        while (!waiting.isEmpty()) {
            waiting.remove().run();
        }
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
        CallOption limit = CallOption.timeout(Duration.ofSeconds(15));
        EcgridSession third = client.loginSession("call-hang@example.com", "any", limit);
        long before = Sandbox.counted(Sandbox.http(), "requests");
        List<CompletableFuture<?>> calls = List.of(
                client.loginAsync("hang@example.com", "any").future(),
                blocking(() -> client.login("hang@example.com", "any", limit)),
                one.callAsync("POST", "/v2/mailboxes/list", "{}").future(),
                other.callAsync("POST", "/v2/mailboxes/list", "{}", limit).future(),
                blocking(() -> other.call("POST", "/v2/mailboxes/list", "{}")),
                blocking(() -> third.call("POST", "/v2/mailboxes/list", "{}", limit)));
        Sandbox.awaitRequestBeyond(Sandbox.http(), before + 5);
        client.cancel();
        for (CompletableFuture<?> call : calls) {
            Sandbox.assertCancelled(Outcome.UNKNOWN, call);
        }
        client.serverVersion().close();
        one.close();
        other.close();
        third.close();
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
    void whatWaitsForItsThreadDuringACancelIsNotSent() throws Exception {
        EcgridSession byLogin = waitingClient.loginSession(Sandbox.LOGIN, Sandbox.PASSWORD);
        EcgridSession byKey = waitingClient.sessionWithApiKey("any");
        List<EcgridCall<?>> calls = List.of(byLogin.infoAsync(), byKey.infoAsync(), waitingClient.serverVersionAsync());
        waitingClient.cancel();
        EcgridCall<EcgridResponse> later = byLogin.infoAsync();
        long before = Sandbox.counted(Sandbox.http(), "requests");
        theirTurnComes();
        for (EcgridCall<?> call : calls) {
            Sandbox.assertCancelled(Outcome.NOT_SENT, call.future());
        }
        later.future().get().close();
        assertEquals(before + 1, Sandbox.counted(Sandbox.http(), "requests"));
    }

    @Test
    void aCancelOfASessionLeavesAloneWhatElseWaits() throws Exception {
        EcgridSession one = waitingClient.loginSession(Sandbox.LOGIN, Sandbox.PASSWORD);
        EcgridSession other = waitingClient.loginSession(Sandbox.LOGIN, Sandbox.PASSWORD);
        EcgridCall<EcgridResponse> ended = one.infoAsync();
        List<EcgridCall<EcgridResponse>> calls = List.of(other.infoAsync(), waitingClient.serverVersionAsync());
        one.cancel();
        theirTurnComes();
        Sandbox.assertCancelled(Outcome.NOT_SENT, ended.future());
        for (EcgridCall<EcgridResponse> call : calls) {
            call.future().get().close();
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
        // Whichever ends first, what hangs on it waits for the other.
        EcgridCall<EcgridResponse> one = waitingClient.serverVersionAsync();
        EcgridCall<EcgridResponse> other = waitingClient.serverVersionAsync();
        CompletableFuture<?> afterOne = one.future().handle((answer, end) -> assertThrows(Exception.class, other.future()::get));
        CompletableFuture<?> afterOther = other.future().handle((answer, end) -> assertThrows(Exception.class, one.future()::get));
        Thread canceller = new Thread(() -> List.of(one, other).forEach(EcgridCall::cancel));
        canceller.start();
        canceller.join(10_000);
        assertFalse(canceller.isAlive(), "the cancel waits for a dependent");
        CompletableFuture.allOf(afterOne, afterOther).get();
        Sandbox.assertCancelled(Outcome.NOT_SENT, one.future());
        Sandbox.assertCancelled(Outcome.NOT_SENT, other.future());
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
    void aStopEndsWhatWaitsForItsThread() throws Exception {
        EcgridSession one = waitingClient.loginSession(Sandbox.LOGIN, Sandbox.PASSWORD);
        EcgridSession other = waitingClient.loginSession(Sandbox.LOGIN, Sandbox.PASSWORD);
        EcgridCall<EcgridResponse> ofClient = waitingClient.serverVersionAsync();
        EcgridCall<EcgridResponse> ofOne = one.infoAsync();
        EcgridCall<EcgridResponse> ofOther = other.infoAsync();
        waitingClient.stop();
        other.stop();
        theirTurnComes();
        Sandbox.assertCancelled(Outcome.NOT_SENT, ofClient.future());
        Sandbox.assertCancelled(Outcome.NOT_SENT, ofOther.future());
        ofOne.future().get().close();
    }
}
