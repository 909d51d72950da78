package io.ecgrid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files of a case, and what has become of them. */
final class CaseFiles {
    private CaseFiles() {}

    static void write(Path file, String content) throws IOException {
        Files.write(file, content.getBytes(StandardCharsets.UTF_8));
    }

    static void hold(Path folder, List<String> patterns) throws IOException {
        List<String> names = namesIn(folder);
        boolean fits = names.size() == patterns.size();
        for (int i = 0; fits && i < patterns.size(); i++) {
            fits = isNamed(names.get(i), patterns.get(i));
        }
        assertTrue(fits, folder + " holds something else: " + names);
    }

    static void read(Path pattern, String content) throws IOException {
        String name = namesIn(pattern.getParent()).stream()
                .filter(each -> isNamed(each, pattern.getFileName().toString()))
                .findFirst().orElseThrow(() -> new AssertionError("there is no " + pattern));
        assertArrayEquals(
                content.getBytes(StandardCharsets.UTF_8), Files.readAllBytes(pattern.resolveSibling(name)), name);
    }

    /** Those that are not hidden, in the order of their bytes. */
    private static List<String> namesIn(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).filter(name -> !name.startsWith("."))
                    .sorted().collect(Collectors.toList());
        }
    }

    /** A star at the beginning stands for a number. */
    private static boolean isNamed(String name, String pattern) {
        return pattern.startsWith("*") ? name.matches("[0-9]+" + Pattern.quote(pattern.substring(1))) : name.equals(pattern);
    }
}
