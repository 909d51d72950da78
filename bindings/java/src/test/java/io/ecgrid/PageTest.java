package io.ecgrid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Native;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every block of Java that README.md shows compiles, as it stands there. */
class PageTest {
    /** What the blocks are about, with as much of Mockito and Jackson as they use; a name in a block hides that here. */
    private static final String AROUND = String.join("\n",
            "package example;",
            "import static org.junit.jupiter.api.Assertions.assertEquals;",
            "import io.ecgrid.*;",
            "import java.io.InputStream;",
            "import java.lang.System.Logger.Level;",
            "import java.net.URI;",
            "import java.net.http.*;",
            "import java.net.http.HttpResponse.BodyHandlers;",
            "import java.nio.file.Path;",
            "import java.time.*;",
            "import java.util.*;",
            "import org.junit.jupiter.api.Test;",
            "class %s {",
            "    static class Receipt {}",
            "    interface Mapper { byte[] writeValueAsBytes(Object value); <T> T readValue(byte[] json, Class<T> type); }",
            "    interface Stubbing<T> { void thenReturn(T value); void thenThrow(Throwable failure); }",
            "    static <T> T mock(Class<T> type) { return null; }",
            "    static <T> Stubbing<T> when(T call) { return null; }",
            "    static <T> T any() { return null; }",
            "    EcgridClient client; EcgridSession session; EcgridCall<EcgridResponse> call; Mapper mapper; Object parcel;",
            "    String login, password, path; List<String> audit; Instant now;",
            "    void store(InputStream content) {}",
            "");

    @TempDir
    Path folder;

    @Test
    void everyBlockOfThePageCompiles() throws Exception {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assumeTrue(compiler != null, "skipped: this Java has no compiler");
        List<String> arguments = new ArrayList<>(List.of("-proc:none", "-d", folder.resolve("classes").toString(), "-cp",
                Stream.of(EcgridClient.class, PageTest.class, Test.class, Native.class)
                        .map(type -> ChildJvm.home(type).toString()).collect(Collectors.joining(File.pathSeparator))));
        Matcher blocks = Pattern.compile("(?s)\n```java\n(.*?)\n```").matcher(Files.readString(Path.of("README.md")));
        int found = 0;
        while (blocks.find()) {
            String name = "Block" + ++found;
            Path source = folder.resolve(name + ".java");
            Files.writeString(source, String.format(AROUND, name) + body(blocks.group(1)) + "\n}\n");
            arguments.add(source.toString());
        }
        assertTrue(found >= 10, found + " blocks");
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        assertEquals(0, compiler.run(null, null, errors, arguments.toArray(new String[0])),
                () -> errors.toString(StandardCharsets.UTF_8));
    }

    /** Methods as they are; else what a method may do, also where it returns at the end. {@code ...} is left out. */
    private static String body(String block) {
        String code = block.replace("{ ... }", "{ }").replaceAll("(?m)^\\.\\.\\.$", "");
        return code.startsWith("@Test") ? code : "Object run() throws Exception { if (now != null) {\n" + code + "\n} return null; }";
    }
}
