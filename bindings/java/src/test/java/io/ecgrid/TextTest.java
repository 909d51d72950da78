package io.ecgrid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextTest {
    @Test
    void everyCharacterIsWrittenAsUtf8() {
        StringBuilder all = new StringBuilder();
        for (int point = 1; point <= Character.MAX_CODE_POINT; point++) {
            if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
                all.appendCodePoint(point);
            }
        }
        assertArrayEquals(all.toString().getBytes(StandardCharsets.UTF_8), Text.of("all", all).bytes());
        assertArrayEquals(Text.of("all", all).bytes(), Text.of("all", all.toString().toCharArray()).bytes());
    }

    @Test
    void halfASurrogatePairIsRefusedByTheLibraryAndNotReplaced() {
        try (EcgridClient client = Sandbox.client()) {
            for (String half : new String[] {"\uD83D", "\uDD11", "a\uD83Db", "\uDD11\uD83D"}) {
                EcgridException refusal = assertThrows(EcgridException.class, () -> client.login(Sandbox.LOGIN, half));
                assertEquals(Status.INVALID_ARGUMENT, refusal.status());
                assertTrue(refusal.getMessage().contains("not UTF-8"), refusal.getMessage());
            }
        }
    }

    @Test
    void anEmbeddedNulIsRefusedBeforeTheCallInTheLibrarysManner() {
        long before = Sandbox.counted(Sandbox.http(), "requests");
        try (EcgridClient client = Sandbox.client()) {
            EcgridException refusal = assertThrows(EcgridException.class,
                    () -> client.login(Sandbox.LOGIN, "s3cret\0tail"));
            assertEquals(Status.INVALID_ARGUMENT, refusal.status());
            assertEquals(Outcome.NOT_SENT, refusal.outcome());
            assertEquals(0, refusal.httpStatus());
            assertEquals("", refusal.code());
            assertTrue(refusal.getMessage().startsWith("the password has a NUL"), refusal.getMessage());
            assertFalse(refusal.getMessage().contains("s3cret"), refusal.getMessage());
        }
        assertEquals(before, Sandbox.counted(Sandbox.http(), "requests"));
    }

    @Test
    void aTextIsWipedWhenItsCallIsOver() {
        Text password = Text.of("the password", "s3cret");
        Call<Void> call = Call.ofNothing((handle, frame) -> Status.OK.number(), password);
        call.through(0);
        assertArrayEquals(new byte[6], password.bytes());
    }

    @Test
    void randomTextSurvivesTheWayThroughTheServer() {
        Random random = new Random(26);
        try (EcgridClient client = Sandbox.client();
                EcgridSession session = client.loginSession(Sandbox.LOGIN, Sandbox.PASSWORD)) {
            for (int round = 0; round < 20; round++) {
                String name = random.ints(8, 0x20, Character.MAX_CODE_POINT)
                        .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
                        .filter(point -> point != '"' && point != '\\' && point != 0x7F)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
                String body = "{\"fileName\":\"" + name + "\",\"content\":\"QQ==\",\"ecGridIdTo\":20102}";
                try (EcgridResponse sent = session.call("POST", "/v2/parcels/upload", body)) {
                    assertEquals(name, sent.getString("/fileName"));
                }
            }
        }
    }
}
