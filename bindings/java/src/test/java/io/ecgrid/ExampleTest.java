package io.ecgrid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Native;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The programs of examples/, run as their first lines say, with an ecgrid.jar as it is shipped. */
@Timeout(180)
class ExampleTest {
    @TempDir
    Path folder;

    private ChildJvm run(String login, String password, ChildJvm.Meanwhile meanwhile, String... program) throws Exception {
        Sandbox.requireEnvironment();
        assumeTrue(ToolProvider.getSystemJavaCompiler() != null, "skipped: this Java has no compiler");
        Path jar = ChildJvm.jar(folder.resolve("ecgrid.jar"), ChildJvm.nativeLibrary());
        List<String> arguments = new ArrayList<>(List.of("-cp", jar + File.pathSeparator + ChildJvm.home(Native.class)));
        arguments.addAll(List.of(program));
        // A call that is not ended takes longer than the test waits.
        return ChildJvm.run(folder, Map.of("ECGRID_LOGIN", login, "ECGRID_PASSWORD", password, "ECGRID_TIMEOUT_MS", "600000"),
                arguments, meanwhile);
    }

    private ChildJvm login(String login, String password) throws Exception {
        return run(login, password, child -> {}, "../../examples/Login.java");
    }

    private ChildJvm serve(String login, String password, ChildJvm.Meanwhile meanwhile) throws Exception {
        return run(login, password, meanwhile, "../../examples/FolderService.java", folder.resolve("in").toString(),
                folder.resolve("out").toString(), "0.1");
    }

    private boolean isIn(String name, String end) throws IOException {
        Path place = folder.resolve(name);
        if (Files.notExists(place)) {
            return false;
        }
        try (Stream<Path> files = Files.list(place)) {
            return files.anyMatch(file -> file.toString().endsWith(end));
        }
    }

    @Test
    void itPrintsTheToken() throws Exception {
        ChildJvm login = login(Sandbox.LOGIN, Sandbox.PASSWORD);
        assertTrue(login.output.matches("user id: 4821\n"
                + "expires: \\w+, \\d\\d \\w+ \\d{4}, \\d\\d:\\d\\d:\\d\\d UTC, in \\d{4} seconds\n"
                + "token:   eyJhbGciOiJI\\.\\.\\.\n"), login.output + login.errors);
        assertEquals(0, login.exitCode);
    }

    @Test
    void itPrintsWhyThereIsNone() throws Exception {
        ChildJvm login = login(Sandbox.LOGIN, "wrong");
        assertTrue(login.errors.contains("\nstatus:  ECGRID_UNAUTHENTICATED, HTTP 401\ncode:    InvalidSession, trace id none\n"
                + "outcome: ECGrid refused, nothing was done"), login.errors);
        assertEquals(1, login.exitCode);
    }

    /** Of a Java that was ended by SIGTERM. */
    private static final int TERMINATED = 143;

    @Test
    void itReceivesAndSendsUntilItIsToEndAndLogsOut() throws Exception {
        Files.createDirectory(folder.resolve("in"));
        Path out = Files.createDirectory(folder.resolve("out"));
        try (EcgridClient client = Sandbox.client();
                EcgridSession session = client.loginSession(Sandbox.ADMIN, Sandbox.ADMIN_PASSWORD)) {
            session.upload("ISA*00".getBytes(), "order.edi", Sandbox.TO_ADMIN);
            session.logout();
        }
        Files.writeString(out.resolve("invoice.edi"), "ISA*01");
        long logouts = Sandbox.counted(Sandbox.http(), "logouts");
        ChildJvm service = serve(Sandbox.ADMIN, Sandbox.ADMIN_PASSWORD, child -> {
            // What is sent is for the account itself, as its envelope names nobody.
            while (child.isAlive()
                    && !(isIn("in", "-order.edi") && isIn("in", "-invoice.edi") && isIn("out/sent", "-invoice.edi"))) {
                Thread.sleep(20);
            }
            child.destroy();
        });
        assertTrue(service.output.contains(" received\n"), service.output + service.errors);
        assertTrue(service.output.contains("1 sent\n"), service.output + service.errors);
        assertEquals(TERMINATED, service.exitCode, service.errors);
        assertEquals(logouts + 1, Sandbox.counted(Sandbox.http(), "logouts"));
    }

    @Test
    void itEndsInTheMiddleOfACall() throws Exception {
        Files.createDirectory(folder.resolve("in"));
        Files.createDirectory(folder.resolve("out"));
        long before = Sandbox.counted(Sandbox.http(), "requests");
        ChildJvm service = serve("call-hang@example.com", "any", child -> {
            // The login, and the first request of the round.
            Sandbox.awaitRequestBeyond(Sandbox.http(), before + 1);
            child.destroy();
        });
        assertEquals(TERMINATED, service.exitCode, service.errors);
    }

    @Test
    void itTellsWhyItCannotServe() throws Exception {
        ChildJvm wrong = serve(Sandbox.ADMIN, "wrong", child -> {});
        assertTrue(wrong.errors.contains("the user name or password is wrong"), wrong.errors);
        assertEquals(1, wrong.exitCode);
        long logouts = Sandbox.counted(Sandbox.http(), "logouts");
        ChildJvm nowhere = serve(Sandbox.ADMIN, Sandbox.ADMIN_PASSWORD, child -> {});
        assertTrue(nowhere.errors.contains(folder.resolve("in").toString()), nowhere.errors);
        assertEquals(1, nowhere.exitCode);
        assertEquals(logouts + 1, Sandbox.counted(Sandbox.http(), "logouts"));
    }
}
