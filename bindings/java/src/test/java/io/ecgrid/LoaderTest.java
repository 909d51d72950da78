package io.ecgrid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

class LoaderTest {
    private static final String WORKED =
            "library 0.1.0\nuser 4821, HTTP 200, 9007199254740993\nUNAUTHENTICATED InvalidSession\n";

    @TempDir
    Path folder;

    private ChildJvm probe(Path binding, String... options) throws Exception {
        return probe(Map.of(), binding, options);
    }

    private ChildJvm probe(Map<String, String> variables, Path binding, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of("-cp", ChildJvm.classPath(binding), Probe.class.getName()));
        return ChildJvm.run(folder, variables, arguments);
    }

    private static void assertWorked(ChildJvm probe) {
        assertEquals(WORKED, probe.output, probe.errors);
        assertEquals(0, probe.exitCode);
    }

    private static void assertRefused(ChildJvm probe, String... said) {
        String reason = probe.errors.lines()
                .filter(line -> line.contains("EcgridLoadException")).findFirst().orElse(probe.errors);
        for (String each : said) {
            assertTrue(reason.contains(each), reason);
        }
        assertEquals(1, probe.exitCode);
    }

    @Test
    void thePropertyNamesTheFileOrItsFolder() throws Exception {
        Path library = ChildJvm.nativeLibrary();
        Path classes = ChildJvm.home(Ecgrid.class);
        assertWorked(probe(classes, "-Decgrid.library.path=" + library));
        assertWorked(probe(classes, "-Decgrid.library.path=" + library.getParent()));
    }

    @Test
    void theVariableOfAllLanguagesNamesTheFileOrItsFolder() throws Exception {
        Path library = ChildJvm.nativeLibrary();
        Path jar = ChildJvm.jar(folder.resolve("ecgrid.jar"), null);
        assertWorked(probe(Map.of("ECGRID_LIBRARY_PATH", library.toString()), jar));
        assertWorked(probe(Map.of("ECGRID_LIBRARY_PATH", library.getParent().toString()), jar));
    }

    @Test
    void thePropertyCountsMoreThanTheVariableAndThatMoreThanTheJar() throws Exception {
        Path jar = ChildJvm.jar(folder.resolve("ecgrid.jar"), ChildJvm.nativeLibrary());
        Map<String, String> variables = Map.of("ECGRID_LIBRARY_PATH", folder.resolve("nothing").toString());
        assertWorked(probe(variables, jar, "-Decgrid.library.path=" + ChildJvm.nativeLibrary()));
        assertRefused(probe(variables, jar), "ECGRID_LIBRARY_PATH", "there is no file", "nothing");
        assertWorked(probe(Map.of("ECGRID_LIBRARY_PATH", ""), jar, "-Decgrid.library.path="));
    }

    @Test
    void theJarBringsItsLibraryAlong() throws Exception {
        assertWorked(probe(ChildJvm.jar(folder.resolve("ecgrid.jar"), ChildJvm.nativeLibrary())));
    }

    @Test
    void thePropertyCountsMoreThanTheJar() throws Exception {
        Path jar = ChildJvm.jar(folder.resolve("ecgrid.jar"), ChildJvm.nativeLibrary());
        assertRefused(probe(jar, "-Decgrid.library.path=" + folder.resolve("nothing")),
                "ecgrid.library.path", "there is no file", "nothing");
    }

    @Test
    void unitTestsThatMakeNoAnswerNeedNoLibrary() throws Exception {
        String everything = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        ChildJvm tests = ChildJvm.run(folder, Map.of(), List.of("-Decgrid.library.path=" + folder.resolve("nothing"),
                "-cp", everything, UnitTests.class.getName(), "example.OrderDeskTest",
                "anOrderThatNeverLeftIsSentAgain", "aBusyServerIsGivenTheTimeThatItAsksFor"));
        assertEquals("2 passed\n", tests.output, tests.errors);
        assertEquals(0, tests.exitCode, tests.errors);
    }

    /** Runs some tests of a class, without more of JUnit than its assertions. */
    static final class UnitTests {
        public static void main(String[] arguments) throws Exception {
            java.lang.reflect.Constructor<?> maker = Class.forName(arguments[0]).getDeclaredConstructor();
            maker.setAccessible(true);
            int passed = 0;
            for (String name : List.of(arguments).subList(1, arguments.length)) {
                java.lang.reflect.Method test = maker.getDeclaringClass().getDeclaredMethod(name);
                test.setAccessible(true);
                test.invoke(maker.newInstance());
                passed++;
            }
            System.out.println(passed + " passed");
        }
    }

    @Test
    void theSystemIsLookedThroughLast() throws Exception {
        Path jar = ChildJvm.jar(folder.resolve("ecgrid.jar"), null);
        assertWorked(probe(jar, "-Djna.library.path=" + ChildJvm.nativeLibrary().getParent()));
        assertRefused(probe(jar), "was not found", Platform.RESOURCE_PREFIX, "-Decgrid.library.path=");
    }

    @Test
    void anotherLibraryIsToldFromOurs() throws Exception {
        Path classes = ChildJvm.home(Ecgrid.class);
        assertRefused(probe(classes, "-Decgrid.library.path=" + ChildJvm.home(Native.class)), "cannot load", "jna");
        Path other = compiled("int answer(void) { return 42; }");
        assertRefused(probe(classes, "-Decgrid.library.path=" + other),
                "is not the native library of ecgrid", "ecgrid_version_number");
    }

    /** One of JNA's own, each of which is for another kind of machine. */
    private Path foreign(String name) throws Exception {
        Path library = folder.resolve(System.mapLibraryName("ecgrid"));
        try (java.io.InputStream jnas = Native.class.getResourceAsStream(name)) {
            Files.copy(jnas, library, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        return library;
    }

    @Test
    void aLibraryForAnotherProcessorIsRecognisedAndNamed() throws Exception {
        Path classes = ChildJvm.home(Ecgrid.class);
        String here = "and this Java is for " + (Platform.isWindows() ? "Windows" : "Unix") + " on " + Platform.ARCH;
        for (String[] each : new String[][] {
            {"linux-aarch64/libjnidispatch.so", "Unix on aarch64"},
            {"linux-x86-64/libjnidispatch.so", "Unix on x86-64"},
            {"linux-x86/libjnidispatch.so", "Unix on x86,"},
            {"linux-s390x/libjnidispatch.so", "Unix on s390x"},
            {"win32-x86-64/jnidispatch.dll", "Windows on x86-64"},
            {"win32-aarch64/jnidispatch.dll", "Windows on aarch64"},
            {"darwin-aarch64/libjnidispatch.jnilib", "macOS on aarch64"},
        }) {
            if (each[0].startsWith(Platform.RESOURCE_PREFIX)) {
                continue;
            }
            Path library = foreign(each[0]);
            ChildJvm probe = probe(classes, "-Decgrid.library.path=" + library);
            assertRefused(probe, library.toString(), each[1], here, Platform.RESOURCE_PREFIX, "-Decgrid.library.path=");
            assertFalse(probe.errors.contains("noexec"), probe.errors);
        }
    }

    @Test
    void aLibraryForAnotherProcessorIsRecognisedInTheJarAndInTheSystem() throws Exception {
        boolean isArm = Platform.ARCH.equals("aarch64");
        Path library = foreign(isArm ? "linux-x86-64/libjnidispatch.so" : "linux-aarch64/libjnidispatch.so");
        String other = isArm ? "Unix on x86-64" : "Unix on aarch64";
        Path filled = ChildJvm.jar(folder.resolve("filled.jar"), library);
        assertRefused(probe(filled), other, Platform.RESOURCE_PREFIX);
        Path empty = ChildJvm.jar(folder.resolve("empty.jar"), null);
        ChildJvm probe = probe(empty, "-Djna.library.path=" + folder);
        assertRefused(probe, library.toString(), other);
        assertFalse(probe.errors.contains("was not found"), probe.errors);
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_24)
    void aJavaThatDeniesNativeAccessIsToldWhatAllowsIt() throws Exception {
        Path classes = ChildJvm.home(Ecgrid.class);
        String library = "-Decgrid.library.path=" + ChildJvm.nativeLibrary();
        ChildJvm probe = probe(classes, "--illegal-native-access=deny", library);
        assertRefused(probe, "--illegal-native-access=deny", "--enable-native-access=ALL-UNNAMED");
        assertFalse(probe.errors.contains("noexec"), probe.errors);
        assertWorked(probe(
                classes, "--illegal-native-access=deny", "--enable-native-access=ALL-UNNAMED", library));
    }

    @Test
    void aLibraryOfAnotherVersionIsRefusedBeforeItIsUsed() throws Exception {
        Path other = compiled("unsigned ecgrid_version_number(void) { return 0x000200; }");
        assertRefused(probe(ChildJvm.home(Ecgrid.class), "-Decgrid.library.path=" + other),
                "version 0.2.0", "Java 0.1.0", "use the library that came with");
    }

    private Path compiled(String source) throws Exception {
        Path code = Files.writeString(folder.resolve("other.c"), source + "\n");
        Path library = folder.resolve(System.mapLibraryName("other"));
        assertNull(ChildJvm.attempt("cc", "-shared", "-fPIC", "-o", library.toString(), code.toString()));
        return library;
    }

    @Test
    void aTemporaryFolderThatIsNotExecutableIsExplained() throws Exception {
        Path noexec = Files.createDirectory(folder.resolve("noexec"));
        String refusal = ChildJvm.attempt("mount", "-t", "tmpfs", "-o", "noexec,size=16m", "tmpfs", noexec.toString());
        assumeTrue(refusal == null, "skipped: this user may not mount a noexec folder: " + refusal);
        try {
            Path jar = ChildJvm.jar(folder.resolve("ecgrid.jar"), ChildJvm.nativeLibrary());
            assertRefused(probe(jar, "-Djna.tmpdir=" + noexec), "JNA", "noexec", "-Djna.tmpdir=");

            // JNA has its own library where it can be executed; ours is still unpacked into the folder.
            Path jna = Files.createDirectory(folder.resolve("jna"));
            try (java.io.InputStream dispatch = Native.class.getResourceAsStream(
                    Platform.RESOURCE_PREFIX + "/" + System.mapLibraryName("jnidispatch"))) {
                Files.copy(dispatch, jna.resolve(System.mapLibraryName("jnidispatch")));
            }
            String[] both = {"-Djna.tmpdir=" + noexec, "-Djna.boot.library.path=" + jna};
            assertRefused(probe(jar, both), "cannot load", "noexec", "-Djna.tmpdir=", "-Decgrid.library.path=");
            assertWorked(probe(jar, both[0], both[1], "-Decgrid.library.path=" + ChildJvm.nativeLibrary()));
        } finally {
            assertNull(ChildJvm.attempt("umount", noexec.toString()));
        }
    }

    @Test
    void aTemporaryFolderThatCannotBeWrittenToIsExplained() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        Path jar = ChildJvm.jar(folder.resolve("ecgrid.jar"), ChildJvm.nativeLibrary());
        assertRefused(probe(jar, "-Djna.tmpdir=" + file.resolve("below")), "-Djna.tmpdir=");
    }

    @Test
    void theJvmsOwnChecksFindNothingInOurCalls() throws Exception {
        ChildJvm probe = probe(
                ChildJvm.home(Ecgrid.class), "-Xcheck:jni", "-Decgrid.library.path=" + ChildJvm.nativeLibrary());
        // What they find while JNA loads itself comes before the first line, and is JNA's.
        assertEquals(WORKED, probe.output.substring(Math.max(0, probe.output.indexOf("library "))), probe.output);
        assertEquals(0, probe.exitCode);
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_24)
    void withNativeAccessEnabledJavaHasNothingToWarnOf() throws Exception {
        ChildJvm probe = probe(ChildJvm.jar(folder.resolve("ecgrid.jar"), ChildJvm.nativeLibrary()),
                "--enable-native-access=ALL-UNNAMED");
        assertWorked(probe);
        assertEquals("", probe.errors);
    }
}
