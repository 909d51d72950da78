package io.ecgrid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConstantsTest {
    private static final Path HEADER = Path.of("../../include/ecgrid.h");

    @Test
    void everyConstantOfTheHeaderIsHereWithItsNumberAndNoOther() throws IOException {
        Map<String, Integer> ours = new TreeMap<>();
        for (Status status : Status.values()) {
            if (status != Status.UNRECOGNIZED) {
                ours.put("ECGRID_" + status, status.number());
            }
        }
        for (Outcome outcome : Outcome.values()) {
            ours.put("ECGRID_OUTCOME_" + outcome, outcome.number());
        }
        for (Level level : Log.LEVELS) {
            ours.put("ECGRID_LOG_" + (level == Level.WARNING ? "WARN" : level), Log.numberOf(level));
        }
        for (Kind kind : Kind.values()) {
            ours.put("ECGRID_KIND_" + kind, kind.number());
        }
        ours.put("ECGRID_VERSION_MAJOR", NativeLoader.VERSION >>> 16);
        ours.put("ECGRID_VERSION_MINOR", NativeLoader.VERSION >>> 8 & 0xFF);
        ours.put("ECGRID_VERSION_PATCH", NativeLoader.VERSION & 0xFF);
        ours.put("ECGRID_VERSION_NUMBER", NativeLoader.VERSION);

        Map<String, Integer> theirs = new TreeMap<>();
        Matcher define = Pattern.compile("(?m)^#define (ECGRID_\\w+) (0x[0-9A-Fa-f]+|\\d+)u?$")
                .matcher(Files.readString(HEADER));
        while (define.find()) {
            theirs.put(define.group(1), Integer.decode(define.group(2)));
        }
        assertEquals(theirs, ours);
    }

    @Test
    void everyFunctionOfTheHeaderIsBoundButThoseThatJavaHasNoUseFor() throws IOException {
        Matcher function = Pattern.compile("(?m)^[a-z].*?\\*?(ecgrid_\\w+)\\(").matcher(Files.readString(HEADER));
        String theirs = function.results().map(found -> found.group(1))
                .filter(name -> !name.equals("ecgrid_last_error"))
                .sorted().collect(Collectors.joining("\n"));
        String ours = Arrays.stream(NativeMethods.class.getDeclaredMethods())
                .map(method -> method.getName()).filter(name -> name.startsWith("ecgrid_"))
                .sorted().collect(Collectors.joining("\n"));
        assertEquals(theirs, ours);
    }

    @Test
    void theNumbersLeadBackToTheConstants() {
        for (Status status : Status.values()) {
            assertEquals(status, Status.of(status.number()));
        }
        for (Outcome outcome : Outcome.values()) {
            assertEquals(outcome, Outcome.of(outcome.number()));
        }
        for (Kind kind : Kind.values()) {
            assertEquals(kind, Kind.of(kind.number()));
        }
    }

    @Test
    void anUnknownNumberIsUnrecognizedAndMayHaveBeenDone() {
        for (int number : new int[] {19, 99, Integer.MAX_VALUE, -2, Integer.MIN_VALUE}) {
            assertEquals(Status.UNRECOGNIZED, Status.of(number));
            assertEquals(Outcome.UNKNOWN, Outcome.of(number));
        }
    }

    @Test
    void theVersionIsThatOfThePomAndTheLibrary() throws IOException {
        String version = NativeLoader.text(NativeLoader.VERSION);
        assertTrue(Files.readString(Path.of("pom.xml")).contains("<artifactId>ecgrid</artifactId>\n  <version>" + version));
        assertEquals(version, Ecgrid.version());
    }

    @Test
    void aLibraryOfAnotherSeriesOrAnOlderOneIsRefusedWithBothVersions() {
        assertEquals(null, NativeLoader.refusal(0x000100));
        assertEquals(null, NativeLoader.refusal(0x000109));
        Stream.of(0x000000, 0x0000FF, 0x000200, 0x010000, 0x010100).forEach(other -> {
            String refusal = NativeLoader.refusal(other);
            assertTrue(refusal.contains("version " + NativeLoader.text(other)), refusal);
            assertTrue(refusal.contains("Java 0.1.0"), refusal);
            assertTrue(refusal.contains("needs 0.1.x"), refusal);
        });
    }
}
