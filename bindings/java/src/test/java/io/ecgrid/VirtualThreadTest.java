package io.ecgrid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** By reflection, since the tests are compiled for Java 11 too. */
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadTest {
    @TempDir
    Path folder;

    private static ExecutorService virtualThreads() throws ReflectiveOperationException {
        return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }

    @Test
    void everyVirtualThreadGetsItsOwnResultOrError() throws Exception {
        ExecutorService threads = virtualThreads();
        try (EcgridClient client = Sandbox.client(threads)) {
            List<Future<EcgridToken>> logins = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String login = i % 2 == 0 ? Sandbox.LOGIN : "fault-4" + (10 + i % 50) + "@example.com";
                logins.add(i % 4 < 2
                        ? threads.submit(() -> client.login(login, Sandbox.PASSWORD))
                        : client.loginAsync(login, Sandbox.PASSWORD).future());
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

    /** Far more than there are processors, each of which has but one carrier. */
    private static final int MANY = 50;

    @Test
    void aCallThatBlocksAVirtualThreadDoesNotHoldItsCarrier() throws Exception {
        ExecutorService virtual = virtualThreads();
        try (EcgridClient client = Sandbox.client(Runnable::run);
                EcgridSession session = client.loginSession("call-hang@example.com", "any")) {
            List<java.util.concurrent.Callable<AutoCloseable>> ways = List.of(
                    () -> client.login("hang@example.com", "any"),
                    () -> session.call("POST", "/v2/mailboxes/list", "{}"),
                    () -> client.loginAsync("hang@example.com", "any").future().join(),
                    () -> session.download(1),
                    () -> {
                        try (EcgridInbox inbox = session.openInbox(Files.createTempDirectory(folder, "in"), 0)) {
                            inbox.receive();
                            return () -> {};
                        }
                    });
            for (java.util.concurrent.Callable<AutoCloseable> way : ways) {
                long before = Sandbox.counted(Sandbox.http(), "requests");
                List<Future<AutoCloseable>> calls = new ArrayList<>();
                for (int i = 0; i < MANY; i++) {
                    calls.add(virtual.submit(way));
                }
                // All of them are at the server, and none has an answer.
                Sandbox.awaitRequestBeyond(Sandbox.http(), before + MANY - 1);
                assertEquals("here", virtual.submit(() -> "here").get());
                client.cancel();
                for (Future<AutoCloseable> call : calls) {
                    Throwable end = assertThrows(ExecutionException.class, call::get).getCause();
                    end = end instanceof EcgridException ? end : end.getCause();
                    assertEquals(Status.CANCELLED, ((EcgridException) end).status());
                }
            }
        } finally {
            virtual.shutdownNow();
        }
    }

    @Test
    void aRoundThatWaitsForAnotherHoldsNoCarrier() throws Exception {
        ExecutorService virtual = virtualThreads();
        try (EcgridClient client = Sandbox.client();
                EcgridSession session = client.loginSession("call-hang@example.com", "any");
                EcgridInbox inbox = session.openInbox(folder, 0)) {
            long before = Sandbox.counted(Sandbox.http(), "requests");
            List<Future<Long>> rounds = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                rounds.add(virtual.submit(() -> inbox.receive()));
            }
            Sandbox.awaitRequestBeyond(Sandbox.http(), before);
            assertEquals("here", virtual.submit(() -> "here").get());
            inbox.stop();
            for (Future<Long> round : rounds) {
                Throwable end = assertThrows(ExecutionException.class, round::get).getCause();
                assertEquals(Status.CANCELLED, ((EcgridException) end).status());
                assertTrue(java.util.Arrays.stream(end.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals(VirtualThreadTest.class.getName())));
            }
        } finally {
            virtual.shutdownNow();
        }
    }

    @Test
    void aCallThatWaitsForItsThreadDuringACancelIsNotSent() throws Exception {
        ExecutorService virtual = virtualThreads();
        try (EcgridClient client = EcgridClient.create(Sandbox.options().maxAsyncThreads(1).build());
                EcgridSession session = client.sessionWithApiKey("any")) {
            long before = Sandbox.counted(Sandbox.http(), "requests");
            Future<EcgridToken> first = virtual.submit(() -> client.login("hang@example.com", "any"));
            Sandbox.awaitRequestBeyond(Sandbox.http(), before);
            CompletableFuture<Thread> caller = new CompletableFuture<>();
            Future<EcgridResponse> second = virtual.submit(() -> {
                caller.complete(Thread.currentThread());
                return session.info();
            });
            while (caller.get().getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            client.cancel();
            for (Future<?> call : List.of(first, second)) {
                EcgridException end = (EcgridException) assertThrows(ExecutionException.class, call::get).getCause();
                assertEquals(Status.CANCELLED, end.status());
                assertEquals(call == first ? Outcome.UNKNOWN : Outcome.NOT_SENT, end.outcome());
            }
        } finally {
            virtual.shutdownNow();
        }
    }

    @Test
    void anInterruptDoesNotEndACallThatBlocks() throws Exception {
        ExecutorService virtual = virtualThreads();
        try (EcgridClient client = Sandbox.client()) {
            long before = Sandbox.counted(Sandbox.http(), "requests");
            Future<Boolean> call = virtual.submit(() -> {
                client.login("slow-400@example.com", "any").close();
                return Thread.interrupted();
            });
            Sandbox.awaitRequestBeyond(Sandbox.http(), before);
            virtual.shutdownNow();
            assertTrue(call.get(), "it is no longer interrupted");
        } finally {
            virtual.shutdownNow();
        }
    }

    @Test
    void anExceptionTellsWhoCalled() throws Exception {
        ExecutorService virtual = virtualThreads();
        try (EcgridClient client = Sandbox.client()) {
            for (java.util.concurrent.Callable<?> call : List.<java.util.concurrent.Callable<?>>of(
                    () -> client.login(Sandbox.LOGIN, "wrong"), () -> Ecgrid.login(Sandbox.LOGIN, "wrong"))) {
                Throwable refusal = assertThrows(ExecutionException.class, virtual.submit(call)::get).getCause();
                assertEquals(Status.UNAUTHENTICATED, ((EcgridException) refusal).status());
                assertTrue(java.util.Arrays.stream(refusal.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals(VirtualThreadTest.class.getName())));
            }
            client.close();
            Throwable closed = assertThrows(
                    ExecutionException.class, virtual.submit(() -> client.serverVersion())::get).getCause();
            assertTrue(closed instanceof IllegalStateException, "" + closed);
        } finally {
            virtual.shutdownNow();
        }
    }
}
