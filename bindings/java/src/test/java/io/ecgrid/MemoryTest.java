package io.ecgrid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What there is no memory for is told, and never taken for what is not there. */
class MemoryTest {
    @TempDir
    Path folder;

    /** A library in front of the real one that says of every response that memory has run out. */
    private Path shortOfMemory() throws Exception {
        Path code = Files.writeString(
                folder.resolve("front.c"), "int ecgrid_response_status(const void *response) { return 17; }\n");
        Path front = folder.resolve(System.mapLibraryName("ecgrid"));
        Path real = ChildJvm.nativeLibrary();
        assertNull(ChildJvm.attempt("cc", "-shared", "-fPIC", "-o", front.toString(), code.toString(),
                "-Wl,--no-as-needed", real.toString(), "-Wl,-rpath," + real.getParent()));
        return front;
    }

    @Test
    void aWalkDoesNotEndEarly() throws Exception {
        ChildJvm walk = ChildJvm.run(folder, Map.of(), List.of("-Decgrid.library.path=" + shortOfMemory(),
                "-cp", ChildJvm.classPath(ChildJvm.home(Ecgrid.class)), Walk.class.getName()));
        String missing = "OUT_OF_MEMORY, UNKNOWN, HTTP 200: there was no memory to read the answer (HTTP 200): the call was"
                + " done, but not all of the answer can be read\n";
        assertEquals("a name\n9007199254740993\nall of it\n" + missing + missing, walk.output, walk.errors);
        assertEquals(0, walk.exitCode);
    }

    /** A program that walks a list. */
    static final class Walk {
        public static void main(String[] arguments) {
            try (EcgridClient client = Sandbox.client();
                    EcgridSession session = client.loginSession(Sandbox.LOGIN, Sandbox.PASSWORD);
                    EcgridResponse inbox = session.call("POST", "/v2/parcels/pending-inbox-list", "{}")) {
                // What is there is not asked about.
                System.out.println(inbox.getString("/0/fileName").isEmpty() ? "none" : "a name");
                System.out.println(inbox.getLong("/2/parcelId", -7));
                System.out.println(inbox.data().isEmpty() || inbox.body().isEmpty() ? "nothing" : "all of it");
                say(() -> inbox.getString("/3/parcelId"));
                say(() -> inbox.getLong("/3/parcelId", -7));
                session.logout();
            }
        }

        private static void say(Supplier<?> read) {
            try {
                System.out.println("nothing was thrown, but it is " + read.get());
            } catch (EcgridException error) {
                System.out.println(error.status() + ", " + error.outcome() + ", HTTP " + error.httpStatus() + ": "
                        + error.getMessage());
            }
        }
    }

    @Test
    void aListThatHasAnEndIsWalkedToIt() {
        try (EcgridClient client = Sandbox.client();
                EcgridSession session = client.loginSession(Sandbox.LOGIN, Sandbox.PASSWORD);
                EcgridResponse inbox = session.call("POST", "/v2/parcels/pending-inbox-list", "{}")) {
            int row = 0;
            while (!inbox.getString("/" + row + "/parcelId").isEmpty()) {
                row++;
            }
            assertEquals(3, row);
            assertEquals(-7, inbox.getLong("/3/parcelId", -7));
            session.logout();
        }
    }

    @Test
    void sessionsCanBeKeptAlive() {
        try (EcgridClient client = EcgridClient.create(Sandbox.options().keepAlive(true).build());
                EcgridSession session = client.loginSession(Sandbox.LOGIN, Sandbox.PASSWORD)) {
            session.logout();
        }
    }
}
