package io.ecgrid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** By reflection, since the tests are compiled for Java 11 too. */
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadTest {
    private static ExecutorService virtualThreads() throws ReflectiveOperationException {
        return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }

    @Test
    void everyVirtualThreadGetsItsOwnResultOrError() throws Exception {
        ExecutorService threads = virtualThreads();
        try (EcgridClient client = Sandbox.client()) {
            List<Future<EcgridToken>> logins = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String login = i % 2 == 0 ? Sandbox.LOGIN : "fault-4" + (10 + i % 50) + "@example.com";
                logins.add(i % 4 < 2
                        ? threads.submit(() -> client.login(login, Sandbox.PASSWORD))
                        : client.loginAsync(login, Sandbox.PASSWORD, threads));
            }
            for (int i = 0; i < logins.size(); i++) {
                Future<EcgridToken> login = logins.get(i);
                if (i % 2 == 0) {
                    login.get().close();
                } else {
                    EcgridException refusal =
                            (EcgridException) assertThrows(ExecutionException.class, login::get).getCause();
                    assertEquals(410 + i % 50, refusal.httpStatus());
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void interruptingAVirtualThreadThatWaitsEndsItsCall() throws Exception {
        ExecutorService platform = Executors.newSingleThreadExecutor();
        ExecutorService virtual = virtualThreads();
        try (EcgridClient client = Sandbox.client()) {
            long before = Sandbox.counted(Sandbox.http(), "requests");
            EcgridFuture<EcgridToken> login = client.loginAsync("hang@example.com", "any", platform);
            java.util.concurrent.CountDownLatch begun = new java.util.concurrent.CountDownLatch(1);
            Future<EcgridToken> waiter = virtual.submit(() -> {
                begun.countDown();
                return login.get();
            });
            begun.await();
            Sandbox.awaitRequestBeyond(Sandbox.http(), before);
            waiter.cancel(true);
            EcgridException end =
                    (EcgridException) assertThrows(ExecutionException.class, login.settled()::get).getCause();
            assertEquals(Status.CANCELLED, end.status());
            assertTrue(login.isCancelled());
        } finally {
            virtual.shutdownNow();
            platform.shutdownNow();
        }
    }
}
