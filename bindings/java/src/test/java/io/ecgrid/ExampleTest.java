package io.ecgrid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Native;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** examples/Login.java, run as its first lines say, with an ecgrid.jar as it is shipped. */
class ExampleTest {
    @TempDir
    Path folder;

    private ChildJvm login(String login, String password) throws Exception {
        Sandbox.requireEnvironment();
        assumeTrue(ToolProvider.getSystemJavaCompiler() != null, "skipped: this Java has no compiler");
        Path jar = ChildJvm.jar(folder.resolve("ecgrid.jar"), ChildJvm.nativeLibrary());
        return ChildJvm.run(folder, Map.of("ECGRID_LOGIN", login, "ECGRID_PASSWORD", password), List.of(
                "-cp", jar + File.pathSeparator + ChildJvm.home(Native.class), "../../examples/Login.java"));
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
}
