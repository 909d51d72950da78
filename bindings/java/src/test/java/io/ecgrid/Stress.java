package io.ecgrid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many threads make everything there is and close half of it, while Java collects garbage all the time. Not among the
 * ordinary tests: it takes SECONDS, a native library that counts its handles, and a heap of one size from the start
 * (-Xms, -Xmx, -XX:+AlwaysPreTouch), so that what the process grows by is not Java's own.
 */
class Stress {
    private static final int THREADS = 32;
    private static final long MOST_GROWTH = 32L << 20;

    @TempDir
    Path folder;

    private final AtomicLong rounds = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicLong cancelled = new AtomicLong();
    private final AtomicLong leftOpen = new AtomicLong();
    private final AtomicLong folders = new AtomicLong();
    private final AtomicLong collections = new AtomicLong();
    private final AtomicLong most = new AtomicLong();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final ExecutorService executor = Executors.newFixedThreadPool(8);

    @Test
    void nothingIsLeftOfWhatWasNeverClosed() throws Exception {
        long seconds = Long.parseLong(
                System.getProperty("seconds", System.getenv().getOrDefault("SECONDS", "20")));
        boolean passed = false;
        try {
            // Memory is compared between two moments at which nothing is alive: what the threads hold while they work is
            // more or less, by chance.
            long alive = play(seconds / 2);
            long early = residentBytes();
            alive += play(seconds - seconds / 2);
            long late = residentBytes();
            executor.shutdown();
            threads.shutdown();
            System.out.println("stress: " + THREADS + " threads, " + seconds + " s, " + rounds + " rounds, " + collections
                    + " collections, " + errors + " errors, " + cancelled + " cancelled, " + leftOpen
                    + " never closed, " + folders + " folders, " + alive + " handles alive of " + most + " at most, RSS "
                    + (early >> 20) + " MiB after the first half, " + (late >> 20) + " MiB at the end");
            assertTrue(most.get() > THREADS, "the library does not count its handles");
            assertEquals(0, alive, "native handles alive");
            assertTrue(late - early < MOST_GROWTH, "the process grew by " + ((late - early) >> 20) + " MiB");
            assertTrue(errors.get() > 0 && cancelled.get() > 0 && leftOpen.get() > 0, "some rounds were never played");
            passed = true;
        } finally {
            System.out.println("stress: " + (passed ? "1 passed, 0 failed" : "0 passed, 1 failed"));
        }
    }

    /** All threads work for so long. Tells how many handles are left when all is done and collected. */
    private long play(long seconds) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        List<Future<?>> workers = new ArrayList<>();
        long begun = System.nanoTime();
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(i);
            workers.add(threads.submit(() -> work(random, over)));
        }
        while (System.nanoTime() - begun < seconds * 1_000_000_000L) {
            System.gc();
            collections.incrementAndGet();
            most.accumulateAndGet(handlesAlive(), Math::max);
        }
        over.set(true);
        for (Future<?> worker : workers) {
            worker.get();
        }
        return awaitNoHandles();
    }

    private Void work(Random random, AtomicBoolean over) throws Exception {
        while (!over.get()) {
            EcgridClient client = Sandbox.client();
            EcgridSession session = random.nextBoolean()
                    ? client.loginSession(Sandbox.LOGIN, Sandbox.PASSWORD)
                    : client.sessionWithApiKey(Sandbox.variable("SANDBOX_API_KEY"));
            if (random.nextInt(4) == 0) {
                client.close();
            }
            for (int i = 0; i < 4; i++) {
                EcgridResponse me = session.call("GET", "/v2/users/me");
                assertEquals(4821, me.getLong("/userId", 0));
                maybeClose(random, me);
            }
            EcgridParcel parcel = session.download(70001);
            assertEquals(parcel.length(), parcel.stream().skip(Long.MAX_VALUE));
            maybeClose(random, parcel);
            makeRounds(random, session);
            maybeClose(random, session);
            client = random.nextBoolean() ? Sandbox.client() : Sandbox.client(executor);
            EcgridToken token = client.login(Sandbox.LOGIN, Sandbox.PASSWORD);
            assertTrue(token.headerValue().endsWith(token.value()));
            maybeClose(random, token);
            expectError(client);
            maybeCancel(random, client);
            maybeClose(random, client);
            rounds.incrementAndGet();
        }
        return null;
    }

    private void makeRounds(Random random, EcgridSession session) throws Exception {
        long number = folders.incrementAndGet();
        EcgridInbox inbox = session.openInbox(Files.createDirectory(folder.resolve("in" + number)), 0);
        EcgridOutbox outbox = session.openOutbox(Files.createDirectory(folder.resolve("out" + number)), null);
        List<EcgridCall<Long>> calls = List.of(inbox.receiveAsync(), outbox.sendAsync());
        maybeClose(random, inbox);
        maybeClose(random, outbox);
        for (EcgridCall<Long> call : calls) {
            if (random.nextBoolean()) {
                call.cancel();
            }
            try {
                call.settled().get();
            } catch (ExecutionException end) {
                assertEquals(Status.CANCELLED, ((EcgridException) end.getCause()).status(), () -> "" + end);
                cancelled.incrementAndGet();
            }
        }
    }

    private void expectError(EcgridClient client) {
        try {
            client.login(Sandbox.LOGIN, "wrong");
            throw new AssertionError("a wrong password was right");
        } catch (EcgridException expected) {
            assertEquals(Status.UNAUTHENTICATED, expected.status());
            errors.incrementAndGet();
        }
    }

    private void maybeCancel(Random random, EcgridClient client) throws Exception {
        EcgridCall<EcgridSession> login = client.loginSessionAsync(Sandbox.LOGIN, Sandbox.PASSWORD);
        if (random.nextBoolean()) {
            login.cancel();
        }
        try {
            maybeClose(random, login.settled().get());
        } catch (ExecutionException end) {
            assertEquals(Status.CANCELLED, ((EcgridException) end.getCause()).status());
            cancelled.incrementAndGet();
        }
    }

    private void maybeClose(Random random, AutoCloseable handle) throws Exception {
        if (random.nextBoolean()) {
            handle.close();
        } else {
            leftOpen.incrementAndGet();
        }
    }

    /** Collects garbage until nothing native is left, but not for ever. */
    private static long awaitNoHandles() throws InterruptedException {
        for (int tries = 0; tries < 300 && handlesAlive() != 0; tries++) {
            System.gc();
            Thread.sleep(20);
        }
        return handlesAlive();
    }

    private static long handlesAlive() {
        return NativeLoader.load().getFunction("ecgrid_test_live_handles").invokeLong(new Object[0]);
    }

    private static long residentBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10).findFirst().orElseThrow();
    }
}
