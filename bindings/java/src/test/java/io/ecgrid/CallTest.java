package io.ecgrid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call that was started: its result, and its end before that. */
@Timeout(30)
class CallTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final EcgridClient client = Sandbox.client(threads);
    /** The executor of {@link #waitingClient}, which leaves its calls to the test. */
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final EcgridClient waitingClient = Sandbox.client(waiting::add);

    @AfterEach
    void close() {
        client.close();
        waitingClient.close();
        threads.shutdownNow();
    }

    /** A login that gets no answer, and has arrived at the server. */
    private EcgridCall<EcgridToken> hangingLogin() throws InterruptedException {
        long before = Sandbox.counted(Sandbox.http(), "requests");
        EcgridCall<EcgridToken> login = client.loginAsync("hang@example.com", "any");
        Sandbox.awaitRequestBeyond(Sandbox.http(), before);
        return login;
    }

    @Test
    void aCallBringsWhatTheBlockingMethodBrings() throws Exception {
        try (EcgridSession session = client.loginSessionAsync(Sandbox.LOGIN, Sandbox.PASSWORD).future().get();
                EcgridToken token = session.tokenAsync().future().join();
                EcgridResponse me = session.callAsync("GET", "/v2/users/me").future().get(20, TimeUnit.SECONDS);
                EcgridResponse inbox =
                        session.callAsync("POST", "/v2/parcels/inbox-list", "{\"mailboxId\":101}").settled().get();
                EcgridResponse info = session.infoAsync().future().get();
                EcgridResponse version = client.serverVersionAsync().future().get()) {
            assertEquals(4821, token.userId());
            assertEquals(Sandbox.LOGIN, me.getString("/email"));
            assertEquals(9007199254740993L, inbox.getLong("/2/parcelId", 0));
            assertEquals(101, info.getLong("/mailboxId", 0));
            assertEquals("2.6", version.getString("/version"));
            assertNull(session.refreshAsync().future().get());
            assertNull(session.logoutAsync().future().get());
            ExecutionException end =
                    assertThrows(ExecutionException.class, () -> session.tokenAsync().future().get());
            assertEquals(Status.INVALID_STATE, ((EcgridException) end.getCause()).status());
        }
    }

    @Test
    void aFailureComesAsTheJdkWrapsIt() {
        EcgridCall<EcgridToken> login = client.loginAsync(Sandbox.LOGIN, "wrong");
        Throwable byJoin = assertThrows(CompletionException.class, () -> login.future().join()).getCause();
        Throwable byGet = assertThrows(ExecutionException.class, () -> login.future().get()).getCause();
        assertSame(byJoin, byGet);
        assertEquals(Status.UNAUTHENTICATED, ((EcgridException) byGet).status());
        assertSame(byGet, login.future().handle((token, failure) -> failure).join());
        assertSame(byGet, login.settled().handle((token, failure) -> failure).join());
    }

    @Test
    void whatCannotBePassedOnFailsTheCallAndNotTheMethod() {
        EcgridCall<EcgridToken> login = client.loginAsync(Sandbox.LOGIN, "nul\0");
        EcgridException refusal =
                (EcgridException) assertThrows(ExecutionException.class, () -> login.future().get()).getCause();
        assertEquals(Status.INVALID_ARGUMENT, refusal.status());
    }

    @Test
    void thePasswordMayBeWipedWhenTheMethodReturns() throws Exception {
        char[] password = Sandbox.PASSWORD.toCharArray();
        EcgridCall<EcgridToken> login = waitingClient.loginAsync(Sandbox.LOGIN, password);
        Arrays.fill(password, '\0');
        waiting.remove().run();
        login.future().get().close();
    }

    @Test
    void aBodyMayBeChangedWhenTheMethodReturns() throws Exception {
        try (EcgridSession session = waitingClient.loginSession(Sandbox.LOGIN, Sandbox.PASSWORD)) {
            byte[] body = "{\"mailboxId\":101}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
            EcgridCall<EcgridResponse> list = session.callUtf8Async("POST", "/v2/parcels/inbox-list", body);
            Arrays.fill(body, (byte) '!');
            waiting.remove().run();
            try (EcgridResponse inbox = list.future().get()) {
                assertEquals(9007199254740993L, inbox.getLong("/2/parcelId", 0));
            }
        }
    }

    @Test
    void cancellingACallEndsThatOneAndNoOther() throws Exception {
        long before = Sandbox.counted(Sandbox.http(), "requests");
        EcgridCall<EcgridToken> other = client.loginAsync("slow-400@example.com", "any");
        EcgridCall<EcgridToken> login = client.loginAsync("hang@example.com", "any");
        Sandbox.awaitRequestBeyond(Sandbox.http(), before + 1);
        login.cancel();
        login.cancel();
        Sandbox.assertCancelled(Outcome.UNKNOWN, login.future());
        Sandbox.assertCancelled(Outcome.UNKNOWN, login.settled());
        assertFalse(login.future().isCancelled());
        other.future().get().close();
        client.login(Sandbox.LOGIN, Sandbox.PASSWORD).close();
    }

    @Test
    void cancellingACallOfASessionEndsThatOne() throws Exception {
        try (EcgridSession session = client.loginSession("call-hang@example.com", "any")) {
            long before = Sandbox.counted(Sandbox.http(), "requests");
            EcgridCall<EcgridResponse> call = session.callAsync("POST", "/v2/mailboxes/list", "{}");
            Sandbox.awaitRequestBeyond(Sandbox.http(), before);
            call.cancel();
            Sandbox.assertCancelled(Outcome.UNKNOWN, call.future());
            session.token().close();
        }
    }

    @Test
    void aCallThatStillWaitsForItsThreadIsNeverSent() throws Exception {
        long before = Sandbox.counted(Sandbox.http(), "requests");
        EcgridCall<EcgridToken> login = waitingClient.loginAsync(Sandbox.LOGIN, Sandbox.PASSWORD);
        login.cancel();
        Sandbox.assertCancelled(Outcome.NOT_SENT, login.future());
        waiting.remove().run();
        Sandbox.assertCancelled(Outcome.NOT_SENT, login.settled());
        assertEquals(before, Sandbox.counted(Sandbox.http(), "requests"));
    }

    @Test
    void cancellingWhatHasEndedChangesNothing() throws Exception {
        EcgridCall<EcgridSession> login = client.loginSessionAsync(Sandbox.LOGIN, Sandbox.PASSWORD);
        try (EcgridSession session = login.future().get()) {
            login.cancel();
            assertSame(session, login.future().get());
            assertSame(session, login.settled().get());
            session.call("GET", "/v2/users/me").close();
        }
    }

    @Test
    void aFutureThatIsCancelledEndsItsCall() throws Exception {
        EcgridCall<EcgridToken> login = hangingLogin();
        assertTrue(login.future().cancel(true));
        assertThrows(CancellationException.class, () -> login.future().get());
        Sandbox.assertCancelled(Outcome.UNKNOWN, login.settled());
    }

    @Test
    void aFutureThatTimesOutEndsItsCall() throws Exception {
        EcgridCall<EcgridToken> login = hangingLogin();
        login.future().orTimeout(1, TimeUnit.MILLISECONDS);
        assertInstanceOf(TimeoutException.class,
                assertThrows(ExecutionException.class, () -> login.future().get()).getCause());
        Sandbox.assertCancelled(Outcome.UNKNOWN, login.settled());
    }

    @Test
    void aWaitThatTimesOutLeavesTheCallAlone() throws Exception {
        EcgridCall<EcgridToken> login = hangingLogin();
        assertThrows(TimeoutException.class, () -> login.future().get(1, TimeUnit.MILLISECONDS));
        assertFalse(login.future().isDone());
        login.cancel();
    }

    @Test
    void anInterruptEndsTheWaitingAndNotTheCall() throws Exception {
        EcgridCall<EcgridToken> login = hangingLogin();
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        Thread waiter = new Thread(() -> seen.complete(assertThrows(Throwable.class, () -> login.future().get())));
        waiter.start();
        waiter.interrupt();
        assertInstanceOf(InterruptedException.class, seen.get());
        assertFalse(login.settled().isDone());
        login.cancel();
        Sandbox.assertCancelled(Outcome.UNKNOWN, login.settled());
    }

    @Test
    void aDerivedFutureDoesNotReachBack() throws Exception {
        EcgridCall<EcgridToken> login = client.loginAsync("slow-400@example.com", "any");
        CompletableFuture<Long> derived = login.future().thenApply(EcgridToken::userId);
        derived.cancel(true);
        try (EcgridToken token = login.future().get()) {
            assertEquals(4821, token.userId());
        }
    }

    @Test
    void whatHangsOnTheFutureMayAskHowTheCallEnded() throws Exception {
        for (EcgridCall<EcgridToken> login : java.util.List.of(
                hangingLogin(), waitingClient.loginAsync(Sandbox.LOGIN, Sandbox.PASSWORD))) {
            CompletableFuture<Throwable> end = login.future().handle((token, cancel) ->
                    assertThrows(CompletionException.class, () -> login.settled().join()).getCause());
            login.cancel();
            assertEquals(Status.CANCELLED, ((EcgridException) end.get()).status());
        }
    }

    @Test
    void anExecutorThatRefusesIsHeardByTheCaller() {
        threads.shutdownNow();
        assertThrows(RejectedExecutionException.class, () -> client.loginAsync(Sandbox.LOGIN, Sandbox.PASSWORD));
        assertThrows(NullPointerException.class, () -> EcgridOptions.builder().executor(null));
    }

    @Test
    void cancelsAndEndsMayCrossInAnyOrder() throws Exception {
        for (int round = 0; round < 300; round++) {
            EcgridCall<EcgridToken> login = client.loginAsync(Sandbox.LOGIN, Sandbox.PASSWORD);
            for (int spin = 0; spin < round * 200; spin++) {
                Thread.onSpinWait();
            }
            boolean byFuture = round % 2 == 0;
            boolean cancelled = byFuture && login.future().cancel(true);
            login.cancel();
            assertEquals(cancelled, login.future().isCancelled());
            try (EcgridToken token = login.settled().get()) {
                assertEquals(4821, token.userId());
            } catch (ExecutionException end) {
                assertTrue(cancelled || !byFuture);
                assertEquals(Status.CANCELLED, ((EcgridException) end.getCause()).status());
            }
        }
    }
}
