package io.ecgrid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
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
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FutureTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final EcgridClient client = Sandbox.client();

    @AfterEach
    void close() {
        client.close();
        threads.shutdownNow();
    }

    /** A login that gets no answer, and has arrived at the server. */
    private EcgridFuture<EcgridToken> hangingLogin() throws InterruptedException {
        long before = Sandbox.counted(Sandbox.http(), "requests");
        EcgridFuture<EcgridToken> login = client.loginAsync("hang@example.com", "any", threads);
        Sandbox.awaitRequestBeyond(Sandbox.http(), before);
        return login;
    }

    private static void assertCancelled(Outcome outcome, CompletableFuture<?> settled) {
        EcgridException end = assertInstanceOf(EcgridException.class,
                assertThrows(ExecutionException.class, settled::get).getCause());
        assertEquals(Status.CANCELLED, end.status());
        assertEquals(outcome, end.outcome());
    }

    @Test
    void aFutureBringsWhatTheCallBrings() throws Exception {
        try (EcgridSession session = client.loginSessionAsync(Sandbox.LOGIN, Sandbox.PASSWORD, threads).get();
                EcgridToken token = session.tokenAsync(threads).join();
                EcgridResponse me = session.callAsync("GET", "/v2/users/me", threads).get(20, TimeUnit.SECONDS);
                EcgridResponse inbox =
                        session.callAsync("POST", "/v2/parcels/inbox-list", "{\"mailboxId\":101}", threads).get();
                EcgridResponse info = session.infoAsync(threads).get();
                EcgridResponse version = client.serverVersionAsync(threads).get()) {
            assertEquals(4821, token.userId());
            assertEquals(Sandbox.LOGIN, me.getString("/email"));
            assertEquals(9007199254740993L, inbox.getLong("/2/parcelId", 0));
            assertEquals(101, info.getLong("/mailboxId", 0));
            assertEquals("2.6", version.getString("/version"));
            session.refreshAsync(threads).get();
            session.logoutAsync(threads).get();
            ExecutionException end =
                    assertThrows(ExecutionException.class, () -> session.tokenAsync(threads).get());
            assertEquals(Status.INVALID_STATE, ((EcgridException) end.getCause()).status());
        }
    }

    @Test
    void aFailureComesAsTheJdkWrapsIt() {
        EcgridFuture<EcgridToken> login = client.loginAsync(Sandbox.LOGIN, "wrong", threads);
        Throwable byJoin = assertThrows(CompletionException.class, login::join).getCause();
        Throwable byGet = assertThrows(ExecutionException.class, login::get).getCause();
        assertSame(byJoin, byGet);
        assertEquals(Status.UNAUTHENTICATED, ((EcgridException) byGet).status());
        assertSame(byGet, assertThrows(ExecutionException.class, () -> login.settled().get()).getCause());
    }

    @Test
    void whatCannotBePassedOnFailsTheFutureAndNotTheMethod() {
        EcgridFuture<EcgridToken> login = client.loginAsync(Sandbox.LOGIN, "nul\0", threads);
        EcgridException refusal =
                (EcgridException) assertThrows(ExecutionException.class, login::get).getCause();
        assertEquals(Status.INVALID_ARGUMENT, refusal.status());
    }

    @Test
    void thePasswordMayBeWipedWhenTheMethodReturns() throws Exception {
        Queue<Runnable> waiting = new ArrayDeque<>();
        char[] password = Sandbox.PASSWORD.toCharArray();
        EcgridFuture<EcgridToken> login = client.loginAsync(Sandbox.LOGIN, password, waiting::add);
        java.util.Arrays.fill(password, '\0');
        waiting.remove().run();
        login.get().close();
    }

    @Test
    void cancellingAFutureEndsItsCallAndNoOther() throws Exception {
        long before = Sandbox.counted(Sandbox.http(), "requests");
        EcgridFuture<EcgridToken> other = client.loginAsync("slow-400@example.com", "any", threads);
        EcgridFuture<EcgridToken> login = client.loginAsync("hang@example.com", "any", threads);
        Sandbox.awaitRequestBeyond(Sandbox.http(), before + 1);
        assertTrue(login.cancel(false));
        assertTrue(login.isCancelled());
        assertThrows(CancellationException.class, login::get);
        assertThrows(CancellationException.class, login::join);
        assertCancelled(Outcome.UNKNOWN, login.settled());
        other.get().close();
        client.login(Sandbox.LOGIN, Sandbox.PASSWORD).close();
    }

    @Test
    void cancellingACallOfASessionEndsThatOne() throws Exception {
        try (EcgridSession session = client.loginSession("call-hang@example.com", "any")) {
            long before = Sandbox.counted(Sandbox.http(), "requests");
            EcgridFuture<EcgridResponse> call = session.callAsync("POST", "/v2/mailboxes/list", "{}", threads);
            Sandbox.awaitRequestBeyond(Sandbox.http(), before);
            call.cancel(true);
            assertCancelled(Outcome.UNKNOWN, call.settled());
            session.token().close();
        }
    }

    @Test
    void interruptingAThreadThatWaitsInGetEndsTheCall() throws Exception {
        EcgridFuture<EcgridToken> login = hangingLogin();
        AtomicReference<Throwable> seen = new AtomicReference<>();
        Thread waiter = waiter(() -> login.get(), seen);
        waiter.interrupt();
        waiter.join();
        assertInstanceOf(InterruptedException.class, seen.get());
        assertTrue(login.isCancelled());
        assertCancelled(Outcome.UNKNOWN, login.settled());
    }

    @Test
    void interruptingAThreadThatWaitsInGetForATimeEndsTheCall() throws Exception {
        EcgridFuture<EcgridToken> login = hangingLogin();
        AtomicReference<Throwable> seen = new AtomicReference<>();
        Thread waiter = waiter(() -> login.get(20, TimeUnit.SECONDS), seen);
        waiter.interrupt();
        waiter.join();
        assertInstanceOf(InterruptedException.class, seen.get());
        assertCancelled(Outcome.UNKNOWN, login.settled());
    }

    @Test
    void interruptingAThreadThatWaitsInJoinEndsTheCallAndLeavesItInterrupted() throws Exception {
        EcgridFuture<EcgridToken> login = hangingLogin();
        AtomicReference<Throwable> seen = new AtomicReference<>();
        Thread waiter = waiter(() -> {
            try {
                return login.join();
            } finally {
                assertTrue(Thread.currentThread().isInterrupted());
            }
        }, seen);
        waiter.interrupt();
        waiter.join();
        assertInstanceOf(CancellationException.class, seen.get());
        assertCancelled(Outcome.UNKNOWN, login.settled());
    }

    private static Thread waiter(java.util.concurrent.Callable<?> wait, AtomicReference<Throwable> seen) {
        Thread waiter = new Thread(() -> {
            try {
                wait.call();
            } catch (Throwable thrown) {
                seen.set(thrown);
            }
        });
        waiter.start();
        return waiter;
    }

    @Test
    void aWaitThatTimesOutLeavesTheCallAlone() throws Exception {
        EcgridFuture<EcgridToken> login = hangingLogin();
        assertThrows(TimeoutException.class, () -> login.get(1, TimeUnit.MILLISECONDS));
        assertFalse(login.isDone());
        login.cancel(true);
    }

    @Test
    void aFutureThatTimesOutEndsTheCall() throws Exception {
        EcgridFuture<EcgridToken> login = hangingLogin();
        login.orTimeout(1, TimeUnit.MILLISECONDS);
        assertInstanceOf(TimeoutException.class, assertThrows(ExecutionException.class, login::get).getCause());
        assertCancelled(Outcome.UNKNOWN, login.settled());
    }

    @Test
    void aCallThatStillWaitsForItsExecutorIsNeverSent() throws Exception {
        Queue<Runnable> waiting = new ArrayDeque<>();
        long before = Sandbox.counted(Sandbox.http(), "requests");
        EcgridFuture<EcgridToken> login = client.loginAsync(Sandbox.LOGIN, Sandbox.PASSWORD, waiting::add);
        login.cancel(false);
        assertCancelled(Outcome.NOT_SENT, login.settled());
        waiting.remove().run();
        assertTrue(login.isCancelled());
        assertEquals(before, Sandbox.counted(Sandbox.http(), "requests"));
    }

    @Test
    void cancellingWhatHasEndedChangesNothing() throws Exception {
        EcgridFuture<EcgridSession> login = client.loginSessionAsync(Sandbox.LOGIN, Sandbox.PASSWORD, threads);
        try (EcgridSession session = login.get()) {
            assertFalse(login.cancel(true));
            session.call("GET", "/v2/users/me").close();
        }
    }

    @Test
    void anExecutorThatRefusesIsHeardByTheCaller() {
        threads.shutdownNow();
        assertThrows(RejectedExecutionException.class,
                () -> client.loginAsync(Sandbox.LOGIN, Sandbox.PASSWORD, threads));
        assertThrows(NullPointerException.class, () -> client.serverVersionAsync(null));
    }

    @Test
    void aCancelOfTheClientEndsItsFuturesAndThoseOfItsSessions() throws Exception {
        EcgridSession blocking = client.loginSession("call-hang@example.com", "any");
        EcgridSession future = client.loginSessionAsync("call-hang@example.com", "any", threads).get();
        long before = Sandbox.counted(Sandbox.http(), "requests");
        java.util.List<EcgridFuture<?>> calls = java.util.List.of(
                client.loginAsync("hang@example.com", "any", threads),
                blocking.callAsync("POST", "/v2/mailboxes/list", "{}", threads),
                future.callAsync("POST", "/v2/mailboxes/list", "{}", threads));
        CompletableFuture<EcgridResponse> direct =
                CompletableFuture.supplyAsync(() -> future.call("POST", "/v2/mailboxes/list", "{}"), threads);
        Sandbox.awaitRequestBeyond(Sandbox.http(), before + 3);
        client.cancel();
        for (EcgridFuture<?> call : calls) {
            assertCancelled(Outcome.UNKNOWN, call);
            assertFalse(call.isCancelled());
        }
        assertCancelled(Outcome.UNKNOWN, direct);
        client.serverVersion().close();
        blocking.close();
        future.close();
    }

    @Test
    void aCancelOfASessionEndsItsFuturesOnly() throws Exception {
        try (EcgridSession session = client.loginSession("call-hang@example.com", "any")) {
            long before = Sandbox.counted(Sandbox.http(), "requests");
            EcgridFuture<EcgridToken> other = client.loginAsync("slow-400@example.com", "any", threads);
            EcgridFuture<EcgridResponse> call = session.callAsync("POST", "/v2/mailboxes/list", "{}", threads);
            Sandbox.awaitRequestBeyond(Sandbox.http(), before + 1);
            session.cancel();
            assertCancelled(Outcome.UNKNOWN, call);
            other.get().close();
        }
    }

    @Test
    void cancelsAndEndsMayCrossInAnyOrder() throws Exception {
        for (int round = 0; round < 300; round++) {
            EcgridFuture<EcgridToken> login = client.loginAsync(Sandbox.LOGIN, Sandbox.PASSWORD, threads);
            for (int spin = 0; spin < round * 200; spin++) {
                Thread.onSpinWait();
            }
            boolean cancelled = login.cancel(true);
            assertEquals(cancelled, login.isCancelled());
            try (EcgridToken token = login.settled().get()) {
                assertEquals(4821, token.userId());
            } catch (ExecutionException end) {
                assertTrue(cancelled);
                assertEquals(Status.CANCELLED, ((EcgridException) end.getCause()).status());
            }
        }
    }

    @Test
    void whatHangsOnAFutureDoesNotHoldUpTheEndOfItsCall() throws Exception {
        Queue<Runnable> waiting = new ArrayDeque<>();
        for (EcgridFuture<EcgridToken> login : java.util.List.of(
                hangingLogin(), client.loginAsync(Sandbox.LOGIN, Sandbox.PASSWORD, waiting::add))) {
            CompletableFuture<Throwable> end = login.handle((token, cancel) ->
                    assertThrows(CompletionException.class, () -> login.settled().join()).getCause());
            login.cancel(true);
            assertEquals(Status.CANCELLED, ((EcgridException) end.get()).status());
        }
    }

    @Test
    void whatHangsOnTheEndOfACallFindsTheFutureCompleted() throws Exception {
        Queue<Runnable> waiting = new ArrayDeque<>();
        EcgridFuture<EcgridResponse> version = client.serverVersionAsync(waiting::add);
        CompletableFuture<Boolean> done = version.settled().thenApply(answer -> version.isDone());
        waiting.remove().run();
        assertTrue(done.get());
    }

    @Test
    void theEndOfACallIsToldAsItIs() throws Exception {
        EcgridFuture<EcgridToken> login = hangingLogin();
        CompletableFuture<Throwable> end = login.settled().handle((token, failure) -> failure);
        login.cancel(true);
        assertEquals(Outcome.UNKNOWN, assertInstanceOf(EcgridException.class, end.get()).outcome());
    }

    @Test
    void aCancelOfTheClientEndsWhatWaitsForItsExecutor() {
        EcgridSession byLogin = client.loginSession(Sandbox.LOGIN, Sandbox.PASSWORD);
        EcgridSession byKey = client.sessionWithApiKey("any");
        for (EcgridFuture<?> call : java.util.List.of(
                byLogin.infoAsync(never -> {}), byKey.infoAsync(never -> {}), client.serverVersionAsync(never -> {}))) {
            client.cancel();
            assertCancelled(Outcome.NOT_SENT, call);
        }
    }

    @Test
    void aCancelOfTheClientReachesTheCallOfASessionThatIsDropped() throws Exception {
        long before = Sandbox.counted(Sandbox.http(), "requests");
        EcgridFuture<EcgridResponse> call = client.loginSessionAsync("call-hang@example.com", "any", threads).get()
                .callAsync("POST", "/v2/mailboxes/list", "{}", threads);
        Sandbox.awaitRequestBeyond(Sandbox.http(), before + 1);
        System.gc();
        client.cancel();
        assertCancelled(Outcome.UNKNOWN, call);
    }

    @Test
    void aCancelDoesNotWaitForWhatHangsOnAFuture() throws Exception {
        EcgridSession session = client.loginSession(Sandbox.LOGIN, Sandbox.PASSWORD);
        for (Runnable cancel : java.util.List.<Runnable>of(session::cancel, client::cancel)) {
            // Whichever ends first, what hangs on it waits for the other.
            EcgridFuture<EcgridResponse> one = session.infoAsync(never -> {});
            EcgridFuture<EcgridResponse> other = session.infoAsync(never -> {});
            CompletableFuture<?> afterOne = one.handle((answer, end) -> assertThrows(Exception.class, other::get));
            CompletableFuture<?> afterOther = other.handle((answer, end) -> assertThrows(Exception.class, one::get));
            Thread canceller = new Thread(cancel);
            canceller.start();
            canceller.join(10_000);
            assertFalse(canceller.isAlive(), "the cancel waits for a dependent");
            CompletableFuture.allOf(afterOne, afterOther).get();
            assertCancelled(Outcome.NOT_SENT, one);
            assertCancelled(Outcome.NOT_SENT, other);
        }
    }

    @Test
    void anInterruptOfOneWaiterDoesNotEndACallThatAnotherWaitsFor() throws Exception {
        java.util.List<java.util.function.Function<EcgridFuture<?>, java.util.concurrent.Callable<?>>> waits = java.util.List.of(
                call -> call::get, call -> () -> call.get(25, TimeUnit.SECONDS), call -> call::join);
        for (java.util.function.Function<EcgridFuture<?>, java.util.concurrent.Callable<?>> wait : waits) {
            EcgridFuture<EcgridToken> login = hangingLogin();
            int before = login.getNumberOfDependents();
            AtomicReference<Throwable> first = new AtomicReference<>();
            AtomicReference<Throwable> last = new AtomicReference<>();
            Thread one = waiter(wait.apply(login), first);
            Thread other = waiter(login::get, last);
            while (login.getNumberOfDependents() < before + 2) {
                Thread.onSpinWait();
            }
            one.interrupt();
            one.join();
            assertTrue(first.get() instanceof InterruptedException || first.get() instanceof CancellationException);
            assertFalse(login.isDone());
            other.interrupt();
            other.join();
            assertInstanceOf(InterruptedException.class, last.get());
            assertCancelled(Outcome.UNKNOWN, login.settled());
        }
    }

    @Test
    void anInterruptDoesNotEndACallThatADerivedFutureWaitsFor() throws Exception {
        long before = Sandbox.counted(Sandbox.http(), "requests");
        EcgridFuture<EcgridToken> login = client.loginAsync("slow-400@example.com", "any", threads);
        CompletableFuture<Long> derived = login.thenApply(EcgridToken::userId);
        Sandbox.awaitRequestBeyond(Sandbox.http(), before);
        Thread waiter = waiter(login::get, new AtomicReference<>());
        waiter.interrupt();
        waiter.join();
        assertEquals(4821, derived.get());
        login.get().close();
    }

    @Test
    void aTimeoutIsNobodyWhoWaits() throws Exception {
        EcgridFuture<EcgridToken> login = hangingLogin().orTimeout(1, TimeUnit.HOURS).completeOnTimeout(null, 1, TimeUnit.HOURS);
        Thread waiter = waiter(login::get, new AtomicReference<>());
        waiter.interrupt();
        waiter.join();
        assertCancelled(Outcome.UNKNOWN, login.settled());
    }

    @Test
    void nullIsRefusedBeforeItEndsTheCall() throws Exception {
        EcgridFuture<EcgridToken> login = client.loginAsync("slow-400@example.com", "any", threads);
        assertThrows(NullPointerException.class, () -> login.completeExceptionally(null));
        try (EcgridToken token = login.get()) {
            assertEquals(4821, token.userId());
        }
    }
}
