package io.ecgrid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the library tells of its work, to whom, and for how long. */
@Timeout(30)
class LogTest {
    /** Read while a refresh, on a thread of the library, may still add to them. */
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @TempDir
    Path folder;

    private static EcgridClient client(Level level, BiConsumer<Level, String> function) {
        return EcgridClient.create(Sandbox.options().log(level, function).build());
    }

    private void note(Level level, String line) {
        lines.add(level + " " + line);
    }

    private List<String> events() {
        return lines.stream().map(line -> line.split(" ")[1]).distinct().sorted().collect(Collectors.toList());
    }

    @Test
    void eachEventIsALineWithItsLevel() {
        try (EcgridClient client = client(Level.INFO, this::note)) {
            client.login(Sandbox.LOGIN, Sandbox.PASSWORD).close();
            assertThrows(EcgridException.class, () -> client.login(Sandbox.LOGIN, "wrong"));
        }
        assertTrue(lines.get(0).startsWith("INFO login call=1 user=jsmith@example.com user_id=4821"), lines.get(0));
        assertTrue(lines.get(1).startsWith("ERROR failure call=2 status=ECGRID_UNAUTHENTICATED outcome=refused"), lines.get(1));
        assertEquals(2, lines.size());
    }

    @Test
    void aLevelTellsWhatThoseAboveItTellAndOffNothing() {
        for (Level level : List.of(Level.OFF, Level.ERROR, Level.WARNING)) {
            try (EcgridClient client = client(level, this::note)) {
                client.login(Sandbox.LOGIN, Sandbox.PASSWORD).close();
            }
        }
        assertEquals(List.of(), lines);
        for (Level level : List.of(Level.DEBUG, Level.TRACE, Level.ALL)) {
            lines.clear();
            try (EcgridClient client = client(level, this::note)) {
                client.login(Sandbox.LOGIN, Sandbox.PASSWORD).close();
            }
            assertTrue(events().containsAll(List.of("answer", "configuration", "connect", "login", "request")), "" + lines);
        }
    }

    /** The program's own logging, as java.util.logging has it. */
    private final class Logging implements AutoCloseable {
        private final Logger logger = Logger.getLogger("io.ecgrid");
        private final Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(line.getLevel() + " " + line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };

        Logging(java.util.logging.Level level) {
            logger.setLevel(level);
            logger.setUseParentHandlers(false);
            logger.addHandler(handler);
            handler.setLevel(java.util.logging.Level.ALL);
        }

        @Override
        public void close() {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
            logger.setLevel(null);
        }
    }

    private void loginWithoutAFunction() {
        EcgridOptions options = EcgridOptions.builder().baseUrl(Sandbox.http()).build();
        try (EcgridClient client = EcgridClient.create(options)) {
            client.login(Sandbox.LOGIN, Sandbox.PASSWORD).close();
        }
    }

    @Test
    void withoutAFunctionItGoesWhereTheProgramsLoggingSays() {
        try (Logging off = new Logging(java.util.logging.Level.OFF)) {
            int kept = Log.kept();
            loginWithoutAFunction();
            assertEquals(List.of(), lines);
            assertEquals(kept, Log.kept());
        }
        try (Logging info = new Logging(java.util.logging.Level.INFO)) {
            loginWithoutAFunction();
            assertEquals(1, lines.size());
            assertTrue(lines.get(0).startsWith("INFO login call=1 user=jsmith@example.com"), lines.get(0));
        }
        lines.clear();
        try (Logging debug = new Logging(java.util.logging.Level.FINE)) {
            loginWithoutAFunction();
            assertTrue(lines.stream().anyMatch(line -> line.startsWith("FINE request ")), "" + lines);
        }
    }

    @Test
    void theVariablesCountMoreThanTheProgramsLoggingAndLessThanAFunction() throws Exception {
        Path file = folder.resolve("ecgrid.log");
        ChildJvm program = ChildJvm.run(folder, Map.of("ECGRID_LOG", "info", "ECGRID_LOG_FILE", file.toString()),
                List.of("-Decgrid.library.path=" + ChildJvm.nativeLibrary(),
                        "-cp", ChildJvm.classPath(ChildJvm.home(Ecgrid.class)), TwoLogins.class.getName()));
        assertEquals(0, program.exitCode, program.errors);
        assertEquals("INFO login call=1", program.output.substring(0, 17), program.output);
        assertFalse(program.errors.contains("login"), program.errors);
        List<String> written = Files.readAllLines(file);
        assertEquals(1, written.size());
        assertTrue(written.get(0).contains(" info login call=1 user=jsmith@example.com"), written.get(0));
    }

    /** A program that logs in with a function of its own for the log, and without. */
    static final class TwoLogins {
        public static void main(String[] arguments) {
            BiConsumer<Level, String> print = (level, line) -> System.out.println(level + " " + line);
            EcgridOptions.Builder options = EcgridOptions.builder().baseUrl(Sandbox.http());
            try (EcgridClient without = EcgridClient.create(options.build());
                    EcgridClient with = EcgridClient.create(options.log(Level.INFO, print).build())) {
                without.login(Sandbox.LOGIN, Sandbox.PASSWORD).close();
                with.login(Sandbox.LOGIN, Sandbox.PASSWORD).close();
            }
        }
    }

    @Test
    void whatTheFunctionThrowsIsForgotten() {
        BiConsumer<Level, String> full = (level, line) -> {
            note(level, line);
            throw new StackOverflowError("the log is full");
        };
        try (EcgridClient client = client(Level.DEBUG, full); EcgridToken token = client.login(Sandbox.LOGIN, Sandbox.PASSWORD)) {
            assertEquals(4821, token.userId());
        }
        assertTrue(lines.size() > 3, "" + lines);
    }

    @Test
    void theFunctionMayUseTheSessionThatItIsToldOf() throws Exception {
        AtomicReference<EcgridSession> mine = new AtomicReference<>();
        BiConsumer<Level, String> asks = (level, line) -> {
            EcgridSession session = mine.get();
            if (session != null && line.startsWith("refresh ")) {
                try (EcgridResponse me = session.call("GET", "/v2/users/me")) {
                    lines.add(me.getString("/userId"));
                }
            }
        };
        try (EcgridClient client = client(Level.INFO, asks);
                EcgridSession session = client.loginSession(Sandbox.LOGIN, Sandbox.PASSWORD)) {
            mine.set(session);
            session.refresh();
            while (lines.isEmpty()) {
                Thread.sleep(5);
            }
            mine.set(null);
            session.logout();
        }
        assertEquals(List.of("4821"), lines);
    }

    @Test
    void theFunctionIsKeptAsLongAsItMayBeCalled() throws Exception {
        int before = Log.kept();
        EcgridOptions options = Sandbox.options().log(Level.DEBUG, this::note).build();
        EcgridClient client = EcgridClient.create(options);
        EcgridSession session = client.loginSession(Sandbox.LOGIN, Sandbox.PASSWORD);
        client.close();
        System.gc();
        lines.clear();
        session.call("GET", "/v2/users/me").close();
        assertTrue(events().containsAll(List.of("answer", "request")), "" + lines);
        assertEquals(before + 1, Log.kept());
        session.logout();
        session.close();
        while (Log.kept() != before) {
            Thread.sleep(5);
        }
    }

    @Test
    void aClientThatCannotBeMadeKeepsNoFunction() throws Exception {
        int before = Log.kept();
        EcgridOptions options = Sandbox.options().log(Level.DEBUG, this::note).baseUrl("https://localhost")
                .caFile(folder.resolve("none.pem")).build();
        assertThrows(EcgridException.class, () -> EcgridClient.create(options));
        while (Log.kept() != before) {
            Thread.sleep(5);
        }
        assertThrows(NullPointerException.class, () -> EcgridOptions.builder().log(null, this::note));
        assertThrows(NullPointerException.class, () -> EcgridOptions.builder().log(Level.DEBUG, null));
    }

    @Test
    void noLineHasASecretInIt() throws Exception {
        int before = Log.kept();
        String password = "c4nary-P4ssword!";
        String key = "c4nary-k3y-0123456789abcdef";
        List<String> secrets = new ArrayList<>(List.of(password, key, Sandbox.PASSWORD, "An0ther$ecret!"));
        EcgridOptions options = Sandbox.options().log(Level.DEBUG, this::note).apiKey(key).keepPassword(true).build();
        try (EcgridClient client = EcgridClient.create(options);
                EcgridSession byKey = client.sessionWithApiKey(key);
                EcgridSession session = client.loginSession(Sandbox.LOGIN, Sandbox.PASSWORD)) {
            assertThrows(EcgridException.class, () -> client.login(Sandbox.LOGIN, password));
            assertThrows(EcgridException.class, byKey::info);
            assertThrows(EcgridException.class, () -> session.call("GET", "/v2/users/" + key + "?key=" + key));
            for (int round = 0; round < 2; round++) {
                try (EcgridToken token = session.token()) {
                    secrets.add(token.value());
                    session.refused(token);
                }
            }
            session.changePassword(Sandbox.PASSWORD, "An0ther$ecret!");
            session.changePassword("An0ther$ecret!", Sandbox.PASSWORD);
            session.logout();
        }
        // A refresh, which is on a thread of its own, tells its lines when those who waited for it go on already.
        while (Log.kept() != before) {
            Thread.sleep(5);
        }
        assertTrue(events().containsAll(List.of("failure", "login", "refresh", "request")), "" + events());
        for (String line : lines) {
            for (String secret : secrets) {
                assertFalse(line.contains(secret), "a secret is in a line of the event " + line.split(" ")[1]);
            }
        }
    }
}
