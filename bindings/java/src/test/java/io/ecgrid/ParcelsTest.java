package io.ecgrid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Parcels, one at a time. */
@Timeout(60)
class ParcelsTest {
    /** Not text: a NUL, and what is no UTF-8. */
    private static final byte[] CONTENT = {'I', 'S', 'A', '*', 0, (byte) 0xFF, '0', '\n'};

    private static final CallOption LIMIT = CallOption.timeout(Duration.ofSeconds(15));

    @TempDir
    Path folder;

    private final EcgridClient client = Sandbox.client();
    private final EcgridSession session = client.loginSession(Sandbox.ADMIN, Sandbox.ADMIN_PASSWORD);

    @AfterEach
    void close() {
        session.close();
        client.close();
    }

    private void assertParcel(long id, String fileName, byte[] content) throws Exception {
        try (EcgridParcel parcel = session.download(id)) {
            assertParcel(id, fileName, content, parcel);
        }
    }

    private static void assertParcel(long id, String fileName, byte[] content, EcgridParcel parcel) throws Exception {
        assertEquals(id, parcel.id());
        assertEquals(fileName, parcel.fileName());
        assertEquals(content.length, parcel.length());
        assertArrayEquals(content, parcel.content());
        assertArrayEquals(content, parcel.stream().readAllBytes());
        assertEquals("EcgridParcel[id=" + id + "]", parcel.toString());
    }

    @Test
    void aParcelGoesAndComesAsItWas() throws Exception {
        long id = session.upload(CONTENT, "Bestellung-ü.edi", Sandbox.TO_ADMIN);
        assertParcel(id, "Bestellung-ü.edi", CONTENT);
        long other = session.uploadAsync(CONTENT, "b.edi", Sandbox.TO_ADMIN, LIMIT).future().get();
        assertNotEquals(id, other);
        try (EcgridParcel parcel = session.downloadAsync(other, LIMIT).future().get()) {
            assertParcel(other, "b.edi", CONTENT, parcel);
        }
    }

    @Test
    void aParcelMayBeEmpty() throws Exception {
        byte[] nothing = {};
        assertParcel(session.upload(nothing, "a.edi", Sandbox.TO_ADMIN), "a.edi", nothing);
        assertParcel(session.uploadAsync(nothing, "a.edi", Sandbox.TO_ADMIN).future().get(), "a.edi", nothing);
    }

    @Test
    void aParcelGoesFromAFileAndComesToOne() throws Exception {
        Path file = Files.write(folder.resolve("a 100%.edi"), CONTENT);
        long id = session.upload(file, null, Sandbox.TO_ADMIN);
        assertParcel(id, "a 100%.edi", CONTENT);
        long other = session.uploadAsync(file, "b.edi", Sandbox.TO_ADMIN, LIMIT).future().get();
        assertParcel(other, "b.edi", CONTENT);
        session.download(id, folder.resolve("copy #1?.edi"));
        session.downloadAsync(other, folder.resolve("other.edi"), LIMIT).future().get();
        assertArrayEquals(CONTENT, Files.readAllBytes(folder.resolve("copy #1?.edi")));
        assertArrayEquals(CONTENT, Files.readAllBytes(folder.resolve("other.edi")));
    }

    @Test
    void aPathHasTheBytesThatTheSystemHas() throws Exception {
        // Java itself can make no such name where there is no locale. That of the folder is no UTF-8.
        assertNull(ChildJvm.attempt("sh", "-c", "cd \"$0\" && inner=$(printf 'in\\374') && mkdir \"$inner\""
                + " && printf 'ISA*' > \"$inner/$(printf '\\303\\244.edi')\"", folder.toString()));
        Path inner = only(folder);
        long id = session.upload(only(inner), null, Sandbox.TO_ADMIN);
        assertParcel(id, "ä.edi", new byte[] {'I', 'S', 'A', '*'});
        session.download(id, inner.resolve("copy.edi"));
        assertEquals("ISA*", Files.readString(inner.resolve("copy.edi")));
        session.openInbox(inner, 0).close();
        assertTrue(Files.exists(inner.resolve(".ecgrid")));
        assertEquals(inner, only(folder));
    }

    private static Path only(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.collect(Collectors.toList());
            assertEquals(1, all.size(), () -> "" + all);
            return all.get(0);
        }
    }

    @Test
    void whatIsThereIsNotOverwritten() throws Exception {
        long id = session.upload(CONTENT, "a.edi", Sandbox.TO_ADMIN);
        Path file = Files.writeString(folder.resolve("a.edi"), "mine");
        assertFails(Status.FILE, () -> session.download(id, file));
        assertEquals("mine", Files.readString(file));
    }

    @Test
    void theRouteIsWhatWasSaid() throws Exception {
        assertRoute("20101 20102", EcgridRoute.byEnvelope().from(20101).to(20102));
        assertRoute("20102 20100", EcgridRoute.byEnvelope().mailbox(102).to(20100));
        assertEquals("EcgridRoute[from=1, to=2, mailbox=3]", EcgridRoute.byEnvelope().mailbox(3).to(2).from(1).toString());
        // Whose envelope says nothing is for the account itself.
        assertParcel(session.upload(CONTENT, "a.edi", null), "a.edi", CONTENT);
        assertParcel(session.upload(CONTENT, "a.edi", EcgridRoute.byEnvelope()), "a.edi", CONTENT);
    }

    private void assertRoute(String expected, EcgridRoute route) {
        long id = session.upload(CONTENT, "a.edi", route);
        try (EcgridResponse parcel = session.call("GET", "/v2/parcels/" + id)) {
            assertEquals(expected, parcel.getString("/ecGridIdFrom") + " " + parcel.getString("/ecGridIdTo"));
        }
    }

    @Test
    void whatIsConfirmedIsPendingNoMoreAndConfirmingTwiceIsNoFailure() throws Exception {
        long id = session.upload(CONTENT, "a.edi", Sandbox.TO_ADMIN);
        assertTrue(isIn(session.pending(0), id));
        session.confirm(id);
        session.confirmAsync(id, LIMIT).future().get();
        assertFalse(isIn(session.pendingAsync(100, LIMIT).future().get(), id));
    }

    private static boolean isIn(EcgridResponse list, long id) {
        try (list) {
            for (long row = 0; row < list.count(""); row++) {
                if (list.getLong("/" + row + "/parcelId", 0) == id) {
                    return true;
                }
            }
            return false;
        }
    }

    @Test
    void whatCannotBeIsRefused() {
        EcgridRoute wrong = EcgridRoute.byEnvelope().from(-1);
        Path file = folder.resolve("a.edi");
        for (Executable call : List.<Executable>of(
                () -> session.pending(-1),
                () -> session.download(0),
                () -> session.confirm(0),
                () -> session.upload(CONTENT, "", null),
                () -> session.upload(CONTENT, "a\0b", null),
                () -> session.upload(CONTENT, "\ud800", null),
                () -> session.upload(CONTENT, "a.edi", wrong),
                () -> session.upload(CONTENT, "a.edi", EcgridRoute.byEnvelope().to(-1)),
                () -> session.upload(CONTENT, "a.edi", EcgridRoute.byEnvelope().mailbox(-1)),
                () -> session.upload(file, "a.edi", wrong),
                () -> session.openInbox(folder, -1),
                () -> session.openOutbox(folder, wrong))) {
            assertFails(Status.INVALID_ARGUMENT, call);
        }
        Path nowhere = folder.resolve("no/such");
        assertFails(Status.FILE, () -> session.upload(nowhere, null, null));
        assertFails(Status.FILE, () -> session.openInbox(nowhere, 0));
        assertFails(Status.FILE, () -> session.openOutbox(nowhere, null));
        Path elsewhere = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules");
        assertThrows(UnsupportedOperationException.class, () -> session.upload(elsewhere, "a.edi", null));
        for (Executable call : List.<Executable>of(
                () -> session.upload((byte[]) null, "a.edi", null),
                () -> session.upload(CONTENT, null, null),
                () -> session.upload((Path) null, "a.edi", null),
                () -> session.uploadAsync((byte[]) null, "a.edi", null),
                () -> session.download(1, (Path) null),
                () -> session.openInbox(null, 0),
                () -> session.openOutbox(null, null))) {
            assertThrows(NullPointerException.class, call);
        }
    }

    private static void assertFails(Status status, Executable call) {
        EcgridException refusal = assertThrows(EcgridException.class, call);
        assertEquals(status + ", " + Outcome.NOT_SENT, refusal.status() + ", " + refusal.outcome());
    }

    @Test
    void aContentMayBeChangedWhenTheMethodReturns() throws Exception {
        Queue<Runnable> waiting = new ArrayDeque<>();
        try (EcgridClient waitingClient = Sandbox.client(waiting::add);
                EcgridSession one = waitingClient.loginSession(Sandbox.ADMIN, Sandbox.ADMIN_PASSWORD)) {
            byte[] content = CONTENT.clone();
            EcgridCall<Long> sent = one.uploadAsync(content, "a.edi", Sandbox.TO_ADMIN);
            Arrays.fill(content, (byte) 0);
            waiting.remove().run();
            assertParcel(sent.future().get(), "a.edi", CONTENT);
        }
    }

    @Test
    void aContentIsNotCopiedOnTheHeap() throws Exception {
        ChildJvm child = ChildJvm.run(folder, Map.of(), List.of("-Xmx96m", "-XX:+UseSerialGC", "-Decgrid.library.path="
                + ChildJvm.nativeLibrary(), "-cp", ChildJvm.classPath(ChildJvm.home(Ecgrid.class)), Upload.class.getName()));
        assertEquals("sent\nsent\n", child.output, child.errors);
        assertEquals(0, child.exitCode);
    }

    /** A program that sends what its heap has room for once. */
    static final class Upload {
        public static void main(String[] arguments) throws Exception {
            byte[] content = new byte[48 << 20];
            try (EcgridClient client = Sandbox.client();
                    EcgridSession session = client.loginSession(Sandbox.ADMIN, Sandbox.ADMIN_PASSWORD)) {
                for (long id : List.of(session.upload(content, "large.edi", Sandbox.TO_ADMIN),
                        session.uploadAsync(content, "large.edi", Sandbox.TO_ADMIN).future().get())) {
                    session.call("POST", "/v2/parcels/cancel/" + id).close();
                    System.out.println("sent");
                }
                session.logout();
            }
        }
    }

    @Test
    void aStreamReadsThePartsOfAContent() throws Exception {
        byte[] content = new byte[100_000];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i * 31 >> 3);
        }
        try (EcgridParcel parcel = session.download(session.upload(content, "a.edi", Sandbox.TO_ADMIN))) {
            InputStream stream = parcel.stream();
            assertEquals(content.length, stream.available());
            assertEquals(content[0] & 0xFF, stream.read());
            assertEquals(0, stream.skip(-1));
            assertEquals(49_999, stream.skip(49_999));
            byte[] part = new byte[60_000];
            assertEquals(0, stream.read(part, 7, 0));
            assertEquals(50_000, stream.read(part, 7, 59_993));
            assertArrayEquals(Arrays.copyOfRange(content, 50_000, 100_000), Arrays.copyOfRange(part, 7, 50_007));
            assertEquals(0, stream.available());
            assertEquals(0, stream.skip(1));
            assertEquals(-1, stream.read());
            assertEquals(-1, stream.read(part));
            assertThrows(IndexOutOfBoundsException.class, () -> stream.read(part, 1, part.length));
            // Another one begins anew.
            assertEquals(content[0] & 0xFF, parcel.stream().read());
        }
    }

    @Test
    void aStreamKeepsItsParcel() throws Exception {
        InputStream stream = session.download(session.upload(CONTENT, "a.edi", Sandbox.TO_ADMIN)).stream();
        for (int i = 0; i < CONTENT.length; i++) {
            System.gc();
            // Gives the cleaner a turn.
            Thread.sleep(10);
            assertEquals(CONTENT[i] & 0xFF, stream.read());
        }
    }

    @Test
    void whatAParcelHadIsRefusedWhenItIsClosed() {
        EcgridParcel parcel = session.download(session.upload(CONTENT, "a.edi", Sandbox.TO_ADMIN));
        InputStream stream = parcel.stream();
        parcel.close();
        parcel.close();
        for (Executable use : List.<Executable>of(parcel::id, parcel::fileName, parcel::length, parcel::content, parcel::stream,
                stream::read, () -> stream.read(new byte[1]))) {
            assertEquals("this ECGrid parcel is closed", assertThrows(IllegalStateException.class, use).getMessage());
        }
        assertEquals("EcgridParcel[closed]", parcel.toString());
    }

    @Test
    void cancellingACallEndsThatOneAndNoOther() throws Exception {
        try (EcgridSession hanging = client.loginSession("call-hang@example.com", "any")) {
            long before = Sandbox.counted(Sandbox.http(), "requests");
            List<EcgridCall<?>> calls = List.of(hanging.uploadAsync(CONTENT, "a.edi", null), hanging.downloadAsync(1),
                    hanging.downloadAsync(1, folder.resolve("a.edi")), hanging.confirmAsync(1), hanging.pendingAsync(0));
            EcgridCall<Long> other = hanging.uploadAsync(CONTENT, "a.edi", null);
            Sandbox.awaitRequestBeyond(Sandbox.http(), before + calls.size());
            for (EcgridCall<?> call : calls) {
                call.cancel();
                Sandbox.assertCancelled(Outcome.UNKNOWN, call.future());
            }
            assertFalse(other.future().isDone());
            hanging.cancel();
            Sandbox.assertCancelled(Outcome.UNKNOWN, other.future());
        }
    }
}
