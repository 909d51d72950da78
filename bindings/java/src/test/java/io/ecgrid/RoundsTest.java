package io.ecgrid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Rounds of inboxes and outboxes. */
@Timeout(60)
class RoundsTest {
    @TempDir
    Path folder;

    /** A client that makes one call at a time on a thread of its own. */
    private final EcgridClient client = EcgridClient.create(Sandbox.options().maxAsyncThreads(1).build());
    private final EcgridSession session = client.loginSession(Sandbox.ADMIN, Sandbox.ADMIN_PASSWORD);
    /** A session whose requests get no answer. */
    private final EcgridSession hanging = Sandbox.client().loginSession("call-hang@example.com", "any");
    private Path in;
    private Path out;

    @BeforeEach
    void folders() throws IOException {
        in = Files.createDirectory(folder.resolve("in"));
        out = Files.createDirectory(folder.resolve("out"));
    }

    @AfterEach
    void close() {
        hanging.close();
        session.close();
        client.close();
    }

    private void drop(String... names) throws IOException {
        for (String name : names) {
            Files.move(Files.writeString(out.resolve(".new"), "ISA*" + name), out.resolve(name));
        }
    }

    /** The names of what lies in a folder, without what begins with a dot, and without the ids. */
    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> !name.startsWith("."))
                    .map(name -> name.replaceFirst("^\\d+-", "")).sorted().collect(Collectors.toList());
        }
    }

    @Test
    void whatLiesInAnOutboxIsSentOnceAndWhatIsPendingIsReceivedOnce() throws Exception {
        try (EcgridInbox inbox = session.openInbox(in, 100);
                EcgridOutbox outbox = session.openOutbox(out, Sandbox.TO_ADMIN)) {
            inbox.receive();
            int before = names(in).size();
            outbox.setSettleTime(Duration.ofMinutes(1));
            drop("first.edi", "second.edi");
            assertEquals(2, outbox.send());
            assertEquals(0, outbox.sendAsync().future().get());
            assertEquals(List.of("first.edi", "second.edi"), names(out.resolve("sent")));
            assertEquals(List.of("sent"), names(out));
            assertEquals(2, inbox.receiveAsync().future().get());
            assertEquals(0, inbox.receive());
            assertEquals(before + 2, names(in).size());
            try (Stream<Path> files = Files.list(in)) {
                Path first = files.filter(file -> file.toString().endsWith("-first.edi")).findFirst().orElseThrow();
                assertEquals("ISA*first.edi", Files.readString(first));
            }
        }
    }

    @Test
    void aRoundThatFailsSaysHowManyFilesWentThrough() throws Exception {
        try (EcgridOutbox outbox = session.openOutbox(out, EcgridRoute.byEnvelope().to(20102))) {
            drop("a.edi", "b.edi", "c.edi");
            refuseAnUpload();
            EcgridRoundException failure = assertThrows(EcgridRoundException.class, outbox::send);
            assertEquals("REJECTED REFUSED 400 2", failure.status() + " " + failure.outcome() + " " + failure.httpStatus() + " "
                    + failure.count());
            drop("d.edi", "e.edi");
            refuseAnUpload();
            assertEquals(1, ((EcgridRoundException) Sandbox.failure(outbox.sendAsync().future())).count());
            assertEquals(List.of("b.edi", "c.edi", "e.edi"), names(out.resolve("sent")));
        }
    }

    private void refuseAnUpload() {
        String trouble = "{\"path\":\"/v2/parcels/upload\",\"what\":\"refuse\",\"status\":400}";
        session.call("POST", "/v2/sandbox/trouble", trouble).close();
    }

    @Test
    void aFolderHasOneHandleWhichLivesAsLongAsItIsNotClosed() {
        EcgridSession first = client.loginSession(Sandbox.ADMIN, Sandbox.ADMIN_PASSWORD);
        EcgridInbox inbox = first.openInbox(in, 100);
        first.close();
        EcgridException taken = assertThrows(EcgridException.class, () -> session.openOutbox(in, null));
        assertEquals(Status.INVALID_STATE, taken.status());
        inbox.receive();
        inbox.close();
        session.openOutbox(in, null).close();
        session.openInbox(in, 0).close();
    }

    @Test
    void everyUseOfAClosedFolderIsRefused() {
        EcgridInbox inbox = session.openInbox(in, 0);
        EcgridOutbox outbox = session.openOutbox(out, null);
        EcgridException refusal = assertThrows(EcgridException.class, () -> outbox.setSettleTime(Duration.ofNanos(-1)));
        assertEquals(Status.INVALID_ARGUMENT, refusal.status());
        for (int times = 0; times < 2; times++) {
            inbox.close();
            outbox.close();
        }
        assertClosed("inbox", inbox::receive, inbox::receiveAsync, inbox::cancel, inbox::stop);
        assertClosed("outbox", outbox::send, outbox::sendAsync, outbox::cancel, outbox::stop,
                () -> outbox.setSettleTime(Duration.ZERO));
        session.close();
        assertClosed("session", () -> session.openInbox(in, 0), () -> session.openOutbox(out, null), () -> session.pending(0),
                () -> session.download(1), () -> session.download(1, out), () -> session.confirm(1),
                () -> session.upload(new byte[1], "a.edi", null), () -> session.upload(out, null, null),
                () -> session.pendingAsync(0), () -> session.downloadAsync(1), () -> session.downloadAsync(1, out),
                () -> session.confirmAsync(1), () -> session.uploadAsync(new byte[1], "a.edi", null),
                () -> session.uploadAsync(out, null, null));
    }

    private static void assertClosed(String what, Executable... uses) {
        for (Executable use : uses) {
            assertEquals("this ECGrid " + what + " is closed", assertThrows(IllegalStateException.class, use).getMessage());
        }
    }

    /** Starts a round whose request is at the server, and gets no answer. */
    private static EcgridCall<Long> hangingRound(EcgridInbox inbox) throws InterruptedException {
        long before = Sandbox.counted(Sandbox.http(), "requests");
        EcgridCall<Long> round = inbox.receiveAsync();
        Sandbox.awaitRequestBeyond(Sandbox.http(), before);
        return round;
    }

    private static void assertCancelled(EcgridCall<Long> round) {
        assertEquals(Status.CANCELLED, Sandbox.failure(round.future()).status());
    }

    @Test
    void cancellingARoundEndsThatOneAndNoOther() throws Exception {
        try (EcgridInbox inbox = hanging.openInbox(in, 0)) {
            EcgridCall<Long> first = hangingRound(inbox);
            // These wait for it.
            EcgridCall<Long> second = inbox.receiveAsync();
            EcgridCall<Long> third = inbox.receiveAsync();
            second.cancel();
            Sandbox.assertCancelled(Outcome.NOT_SENT, second.future());
            assertFalse(first.future().isDone());
            assertFalse(third.future().isDone());
            first.cancel();
            assertCancelled(first);
            assertFalse(third.future().isDone());
            third.future().cancel(true);
            assertEquals(Status.CANCELLED, Sandbox.failure(third.settled()).status());
        }
    }

    @Test
    void wheneverTheCancelComesTheRoundEnds() throws Exception {
        try (EcgridInbox inbox = hanging.openInbox(in, 0)) {
            // The steps are that small because a round takes microseconds to begin.
            for (int step = 0; step < 300; step++) {
                EcgridCall<Long> round = inbox.receiveAsync();
                for (int i = 0; i < step * 5; i++) {
                    Thread.onSpinWait();
                }
                round.cancel();
                assertCancelled(round);
            }
        }
    }

    @Test
    void aCancelEndsTheRoundsThatRunAndThoseThatWaitForAThread() throws Exception {
        try (EcgridClient one = EcgridClient.create(Sandbox.options().maxAsyncThreads(1).build());
                EcgridSession its = one.loginSession("call-hang@example.com", "any");
                EcgridInbox inbox = its.openInbox(in, 0)) {
            for (Runnable end : List.<Runnable>of(inbox::cancel, its::cancel, one::cancel)) {
                EcgridCall<Long> first = hangingRound(inbox);
                EcgridCall<Long> second = inbox.receiveAsync();
                long before = Sandbox.counted(Sandbox.http(), "requests");
                end.run();
                assertCancelled(first);
                Sandbox.assertCancelled(Outcome.NOT_SENT, second.future());
                assertEquals(before, Sandbox.counted(Sandbox.http(), "requests"));
            }
        }
    }

    @Test
    void aCancelOfAFolderLeavesItsSessionAlone() throws Exception {
        try (EcgridInbox inbox = hanging.openInbox(in, 0)) {
            EcgridCall<Long> round = hangingRound(inbox);
            long before = Sandbox.counted(Sandbox.http(), "requests");
            EcgridCall<EcgridResponse> other = hanging.pendingAsync(0);
            Sandbox.awaitRequestBeyond(Sandbox.http(), before);
            inbox.cancel();
            assertCancelled(round);
            assertFalse(other.future().isDone());
            other.cancel();
        }
    }

    @Test
    void aStopEndsTheRoundsForGood() throws Exception {
        try (EcgridInbox inbox = hanging.openInbox(in, 0); EcgridOutbox outbox = hanging.openOutbox(out, null)) {
            EcgridCall<Long> round = hangingRound(inbox);
            inbox.stop();
            assertCancelled(round);
            long before = Sandbox.counted(Sandbox.http(), "requests");
            assertEquals(0, assertCancelled(inbox::receive).count());
            assertCancelled(inbox.receiveAsync());
            // The session's is its folders' too.
            drop("a.edi");
            hanging.stop();
            assertCancelled(outbox::send);
            assertEquals(before, Sandbox.counted(Sandbox.http(), "requests"));
        }
    }

    private static EcgridRoundException assertCancelled(Executable round) {
        EcgridRoundException end = assertThrows(EcgridRoundException.class, round);
        assertEquals(Status.CANCELLED, end.status());
        return end;
    }

    @Test
    void aCancelWithNoRoundRunningIsForgotten() throws Exception {
        try (EcgridInbox inbox = session.openInbox(in, 100)) {
            inbox.cancel();
            EcgridCall<Long> round = inbox.receiveAsync();
            round.future().get();
            round.cancel();
            assertEquals(0, inbox.receive());
        }
    }

    @Test
    void aRoundMayHaveATimeoutOfItsOwn() throws Exception {
        CallOption brief = CallOption.timeout(Duration.ofMillis(51));
        drop("a.edi");
        try (EcgridInbox inbox = hanging.openInbox(in, 0); EcgridOutbox outbox = hanging.openOutbox(out, null)) {
            for (Executable round : List.<Executable>of(() -> inbox.receive(brief), () -> outbox.send(brief))) {
                EcgridRoundException end = assertThrows(EcgridRoundException.class, round);
                assertEquals(Status.TIMEOUT, end.status());
                assertTrue(end.getMessage().contains("51 ms"), end.getMessage());
            }
            assertEquals(Status.TIMEOUT, Sandbox.failure(inbox.receiveAsync(brief).future()).status());
            assertEquals(Status.TIMEOUT, Sandbox.failure(outbox.sendAsync(brief).future()).status());
        }
    }

    @Test
    void aFolderThatIsClosedDuringARoundIsFreeAfterIt() throws Exception {
        // Often, as the cancel and the end of the round may come at the same moment.
        for (int times = 0; times < 50; times++) {
            EcgridInbox inbox = hanging.openInbox(in, 0);
            EcgridCall<Long> round = hangingRound(inbox);
            inbox.close();
            EcgridException taken = assertThrows(EcgridException.class, () -> session.openInbox(in, 0));
            assertEquals(Status.INVALID_STATE, taken.status());
            round.cancel();
            assertCancelled(round);
            session.openInbox(in, 0).close();
        }
    }

    @Test
    void aRoundOfAFolderThatIsDroppedComesToItsEnd() throws Exception {
        EcgridCall<Long> round = hangingRound(hanging.openInbox(in, 0));
        System.gc();
        hanging.cancel();
        assertCancelled(round);
    }

    @Test
    void aFakeThrowsWhatALibraryThrows() {
        EcgridException failure =
                new EcgridException(Status.RATE_LIMITED, Outcome.REFUSED, "busy", 429, "Rate", Duration.ofSeconds(7), "00-4b");
        EcgridRoundException round = new EcgridRoundException(failure, 3);
        Consumer<EcgridException> check = it -> assertEquals("RATE_LIMITED 7 REFUSED 1 busy 429 Rate PT7S 00-4b",
                it.status() + " " + it.statusNumber() + " " + it.outcome() + " " + it.outcomeNumber() + " " + it.getMessage()
                        + " " + it.httpStatus() + " " + it.code() + " " + it.retryAfter().orElseThrow() + " " + it.traceId());
        check.accept(failure);
        check.accept(assertInstanceOf(EcgridException.class, round));
        assertEquals(3, round.count());
    }
}
