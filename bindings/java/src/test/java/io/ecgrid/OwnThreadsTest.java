package io.ecgrid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls without an executor of the program's: a client has platform threads of its own for them. */
@Timeout(30)
class OwnThreadsTest {
    private static EcgridClient clientWithThreads(int threads) {
        return EcgridClient.create(Sandbox.options().maxAsyncThreads(threads).build());
    }

    @Test
    void everyCallNeedsNoExecutor() throws Exception {
        try (EcgridClient client = Sandbox.client();
                EcgridToken token = client.loginAsync(Sandbox.LOGIN, Sandbox.PASSWORD).future().get();
                EcgridToken again = client.loginAsync(Sandbox.LOGIN, Sandbox.PASSWORD.toCharArray()).future().get();
                EcgridResponse version = client.serverVersionAsync().future().get();
                EcgridSession other = client.loginSessionAsync(Sandbox.LOGIN, Sandbox.PASSWORD.toCharArray()).future().get();
                EcgridSession session = client.loginSessionAsync(Sandbox.LOGIN, Sandbox.PASSWORD).future().get();
                EcgridToken current = session.tokenAsync().future().get();
                EcgridResponse info = session.infoAsync().future().get();
                EcgridResponse me = session.callAsync("GET", "/v2/users/me").future().get();
                EcgridResponse text = session.callAsync("POST", "/v2/parcels/inbox-list", "{\"mailboxId\":101}").future().get();
                EcgridResponse bytes = session.callUtf8Async("POST", "/v2/parcels/inbox-list", new byte[] {'{', '}'}).future().get()) {
            assertEquals(4821, token.userId());
            assertEquals(4821, again.userId());
            assertEquals(4821, current.userId());
            assertEquals("2.6", version.getString("/version"));
            assertEquals(101, info.getLong("/mailboxId", 0));
            assertEquals(Sandbox.LOGIN, me.getString("/email"));
            assertEquals(9007199254740993L, text.getLong("/2/parcelId", 0));
            assertEquals(9007199254740993L, bytes.getLong("/2/parcelId", 0));
            session.refreshAsync().future().get();
            session.changePasswordAsync(Sandbox.PASSWORD, "An0ther$ecret!").future().get();
            session.changePasswordAsync("An0ther$ecret!".toCharArray(), Sandbox.PASSWORD.toCharArray()).future().get();
            ExecutionException forbidden = assertThrows(ExecutionException.class, () -> session.generateApiKeyAsync(4800).future().get());
            assertEquals(Status.FORBIDDEN, ((EcgridException) forbidden.getCause()).status());
            session.logoutAsync().future().get();
            other.logout();
        }
    }

    @Test
    void manyCallsRunAtOnce() throws Exception {
        try (EcgridClient client = Sandbox.client()) {
            long before = Sandbox.counted(Sandbox.http(), "requests");
            List<EcgridCall<EcgridToken>> logins = new ArrayList<>();
            for (int i = 0; i < CallThreads.MOST; i++) {
                logins.add(client.loginAsync("hang@example.com", "any"));
            }
            Sandbox.awaitRequestBeyond(Sandbox.http(), before + CallThreads.MOST - 1);
            client.cancel();
            for (EcgridCall<EcgridToken> login : logins) {
                Sandbox.assertCancelled(Outcome.UNKNOWN, login.future());
            }
        }
    }

    @Test
    void aCallThatWaitsForItsTurnIsReachedByACancelToo() throws Exception {
        try (EcgridClient client = clientWithThreads(1)) {
            long before = Sandbox.counted(Sandbox.http(), "requests");
            EcgridCall<EcgridToken> first = client.loginAsync("hang@example.com", "any");
            Sandbox.awaitRequestBeyond(Sandbox.http(), before);
            EcgridCall<EcgridResponse> second = client.serverVersionAsync();
            EcgridCall<EcgridResponse> third = client.serverVersionAsync();
            third.cancel();
            Sandbox.assertCancelled(Outcome.NOT_SENT, third.settled());
            client.cancel();
            Sandbox.assertCancelled(Outcome.NOT_SENT, second.future());
            Sandbox.assertCancelled(Outcome.UNKNOWN, first.future());
        }
    }

    @Test
    void whatHangsOnACallMayWaitForTheNext() throws Exception {
        try (EcgridClient client = clientWithThreads(1)) {
            CompletableFuture<String> chain = client.serverVersionAsync().future().thenApply(version -> {
                version.close();
                return client.serverVersionAsync().future().join();
            }).thenCompose(version -> {
                version.close();
                return client.serverVersionAsync().future();
            }).thenApply(version -> {
                try (version) {
                    return version.getString("/version");
                }
            });
            assertEquals("2.6", chain.get());
        }
    }

    @Test
    void whatHangsOnCallsAndDoesNotEndKeepsNoOthersWaiting() throws Exception {
        CountDownLatch begun = new CountDownLatch(5);
        CountDownLatch end = new CountDownLatch(1);
        try (EcgridClient client = clientWithThreads(2)) {
            List<CompletableFuture<?>> stuck = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                // Slow, so that none has ended before something hangs on it.
                stuck.add(client.loginAsync("slow-400@example.com", "any").future().thenAccept(token -> {
                    token.close();
                    begun.countDown();
                    awaitQuietly(end);
                }));
            }
            begun.await();
            client.serverVersionAsync().future().get().close();
            end.countDown();
            for (CompletableFuture<?> one : stuck) {
                one.get();
            }
        } finally {
            end.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    @Test
    void theThreadsAreDaemonsAndEndSoon() throws Exception {
        try (EcgridClient client = Sandbox.client()) {
            long before = Sandbox.counted(Sandbox.http(), "requests");
            EcgridCall<EcgridToken> login = client.loginAsync("hang@example.com", "any");
            Sandbox.awaitRequestBeyond(Sandbox.http(), before);
            assertTrue(ours().count() > 0);
            assertTrue(ours().allMatch(Thread::isDaemon));
            login.cancel();
        }
        for (int tries = 0; ours().count() > 0; tries++) {
            assertTrue(tries < 2000, "there are still threads");
            Thread.sleep(10);
        }
    }

    @Test
    void callsOneAfterTheOtherShareAThread() throws Exception {
        try (EcgridClient client = Sandbox.client()) {
            Set<Thread> others = ours().collect(Collectors.toSet());
            Set<Thread> threads = new HashSet<>();
            for (int i = 0; i < 40; i++) {
                client.serverVersionAsync().future().get().close();
                ours().filter(thread -> !others.contains(thread)).forEach(threads::add);
            }
            // One, but for those that are late to say that they are idle.
            assertTrue(threads.size() < 30, "there were " + threads.size() + " threads");
        }
    }

    private static Stream<Thread> ours() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals("ecgrid-call"));
    }

    @Test
    void thereIsAtLeastOneThread() {
        EcgridException refusal = assertThrows(EcgridException.class, () -> clientWithThreads(0));
        assertEquals(Status.INVALID_ARGUMENT, refusal.status());
    }
}
