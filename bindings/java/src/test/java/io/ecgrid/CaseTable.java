package io.ecgrid;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The table of cases that all bindings play: bindings/conformance/README.md explains its form. */
final class CaseTable {
    private static final Set<String> MODES = Set.of("start", "start-cancellable", "cancelled", "within");
    private static final CallOption[] NONE = {};

    private CaseTable() {}

    static final class Case {
        final String name;
        final List<Step> steps = new ArrayList<>();

        Case(String name) {
            this.name = name;
        }
    }

    static final class Step {
        final String line;
        /** How the step is made: one of {@link #MODES}, or "". */
        final String mode;
        /** Those of a step that is made within so many milliseconds. */
        final CallOption[] options;
        final String verb;
        final List<String> arguments;
        final List<String> expected;

        Step(String line) {
            this.line = line;
            List<String> words = new ArrayList<>(List.of(line.split(" ")));
            mode = MODES.contains(words.get(0)) ? words.remove(0) : "";
            options = mode.equals("within") ? new CallOption[] {CallOption.timeout(millis(words.remove(0)))} : NONE;
            verb = words.remove(0);
            int arrow = words.indexOf("=>");
            arguments = decoded(arrow < 0 ? words : words.subList(0, arrow));
            expected = arrow < 0 ? List.of("OK") : decoded(words.subList(arrow + 1, words.size()));
        }
    }

    private static Duration millis(String word) {
        return Duration.ofMillis(Long.parseLong(word));
    }

    static List<Case> read(Path file) throws IOException {
        List<Case> cases = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("case ")) {
                cases.add(new Case(line.substring(5)));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                cases.get(cases.size() - 1).steps.add(new Step(line));
            }
        }
        return cases;
    }

    private static List<String> decoded(List<String> words) {
        List<String> decoded = new ArrayList<>();
        for (String word : words) {
            decoded.add(decoded(word));
        }
        return decoded;
    }

    static String decoded(String word) {
        if (word.equals("%")) {
            return "";
        }
        if (word.matches("\\{x\\*\\d+}")) {
            return "x".repeat(Integer.parseInt(word.substring(3, word.length() - 1)));
        }
        byte[] from = word.replace("{api-key}", Sandbox.variable("SANDBOX_API_KEY")).getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        for (int i = 0; i < from.length; i++) {
            if (from[i] == '%') {
                to.write(Integer.parseInt(new String(from, i + 1, 2, StandardCharsets.US_ASCII), 16));
                i += 2;
            } else {
                to.write(from[i]);
            }
        }
        return to.toString(StandardCharsets.UTF_8);
    }
}
