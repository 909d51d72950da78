package io.ecgrid;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The table of cases that all bindings play. */
class ConformanceTest {
    private static int passed;
    private static int failed;

    @TestFactory
    Stream<DynamicTest> everyCaseOfTheTable() throws IOException {
        return CaseTable.read(Path.of(Sandbox.variable("ECGRID_CASES"))).stream()
                .map(each -> DynamicTest.dynamicTest(each.name, () -> play(each)));
    }

    private static void play(CaseTable.Case each) throws Exception {
        String line = "";
        try (CasePlayer player = new CasePlayer(each)) {
            for (CaseTable.Step step : each.steps) {
                line = step.line;
                player.play(step);
            }
            passed++;
        } catch (Exception | AssertionError failure) {
            failed++;
            System.out.println("FAILED " + each.name + ": " + line + ": " + failure.getMessage());
            throw failure;
        }
    }

    @AfterAll
    static void tellHowMany() {
        System.out.println("conformance: " + passed + " passed, " + failed + " failed");
    }
}
