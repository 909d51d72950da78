package io.ecgrid;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Native;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** Another Java of the same kind, which loads the native library in its own way. */
final class ChildJvm {
    final int exitCode;
    final String output;
    final String errors;

    private ChildJvm(int exitCode, String output, String errors) {
        this.exitCode = exitCode;
        this.output = output;
        this.errors = errors;
    }

    /** What a test does while the other Java runs. */
    interface Meanwhile {
        void act(Process child) throws Exception;
    }

    /** Runs a program of the test classes, or the class that is named, with what is said before it. */
    static ChildJvm run(Path folder, Map<String, String> environment, List<String> arguments) throws Exception {
        return run(folder, environment, arguments, child -> {});
    }

    static ChildJvm run(Path folder, Map<String, String> environment, List<String> arguments, Meanwhile meanwhile)
            throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(arguments);
        Path output = Files.createTempFile(folder, "output", ".txt");
        Path errors = Files.createTempFile(folder, "errors", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(output.toFile()).redirectError(errors.toFile());
        builder.environment().remove("ECGRID_LIBRARY_PATH");
        builder.environment().putAll(environment);
        Process child = builder.start();
        try {
            meanwhile.act(child);
            assertTrue(child.waitFor(60, TimeUnit.SECONDS), "the other Java hangs");
        } finally {
            child.destroyForcibly();
        }
        return new ChildJvm(child.exitValue(), Files.readString(output), Files.readString(errors));
    }

    /** Where a class comes from: a jar or a folder. */
    static Path home(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (java.net.URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A class path of the binding, as a folder or a jar, with JNA and the test classes. */
    static String classPath(Path binding) {
        return String.join(File.pathSeparator,
                binding.toString(), home(Native.class).toString(), home(ChildJvm.class).toString());
    }

    /** The file that these tests have their native library from. */
    static Path nativeLibrary() {
        return NativeLoader.load().getFile().toPath();
    }

    /** An ecgrid.jar as it is shipped, with a native library for this platform in it, or none. */
    static Path jar(Path file, Path nativeLibrary) throws IOException {
        Path classes = home(Ecgrid.class);
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file));
                Stream<Path> all = Files.walk(classes)) {
            for (Path each : (Iterable<Path>) all.filter(each -> each.toString().endsWith(".class"))::iterator) {
                add(jar, classes.relativize(each).toString().replace(File.separatorChar, '/'), each);
            }
            if (nativeLibrary != null) {
                add(jar, com.sun.jna.Platform.RESOURCE_PREFIX + "/" + System.mapLibraryName("ecgrid"), nativeLibrary);
            }
        }
        return file;
    }

    private static void add(JarOutputStream jar, String name, Path file) throws IOException {
        jar.putNextEntry(new JarEntry(name));
        Files.copy(file, jar);
        jar.closeEntry();
    }

    /** Runs a command of the system, for which there may be a reason that it cannot be run. */
    static String attempt(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (OutputStream none = process.getOutputStream(); InputStream said = process.getInputStream()) {
            String all = new String(said.readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? null : all.trim();
        }
    }
}
