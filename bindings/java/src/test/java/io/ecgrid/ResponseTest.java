package io.ecgrid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** What can be asked of an answer, here of answers as a test makes them. */
class ResponseTest {
    @Test
    void anEmptyStringIsToldFromNullAndFromNothing() {
        try (EcgridResponse answer = EcgridResponse.of(
                "{\"success\": true, \"data\": {\"a\": \"\", \"b\": null, \"c\": [1], \"d\": true, \"e\": 1.5, \"f\": {}}}")) {
            for (String pointer : new String[] {"/a", "/b", "/c", "/f", "/g"}) {
                assertEquals("", answer.getString(pointer), pointer);
            }
            assertEquals(Kind.STRING, answer.kind("/a"));
            assertEquals(Kind.NULL, answer.kind("/b"));
            assertEquals(Kind.ARRAY, answer.kind("/c"));
            assertEquals(Kind.BOOLEAN, answer.kind("/d"));
            assertEquals(Kind.NUMBER, answer.kind("/e"));
            assertEquals(Kind.OBJECT, answer.kind("/f"));
            assertEquals(Kind.MISSING, answer.kind("/g"));
            assertEquals(Kind.MISSING, answer.kind("/a\0"));
        }
    }

    @Test
    void aListIsCountedInEachShape() {
        for (String data : new String[] {
                "\"data\": [{\"parcelId\": 7}, {\"parcelId\": 8}]",
                "\"data\": [{\"parcelId\": 7}, {\"parcelId\": 8}], \"totalRecords\": 2",
                "\"data\": {\"totalRecords\": 2, \"parcels\": [{\"parcelId\": 7}, {\"parcelId\": 8}]}"}) {
            try (EcgridResponse answer = EcgridResponse.of("{\"success\": true, " + data + "}")) {
                assertEquals(2, answer.count(""), data);
                assertEquals(1, answer.count("/1"), data);
                assertEquals(-1, answer.count("/1/parcelId"), data);
                assertEquals(-1, answer.count("/2"), data);
                assertEquals(8, answer.getLong("/1/parcelId", 0), data);
            }
        }
    }

    @Test
    void aHeaderIsFoundInAnyCase() {
        try (EcgridClient client = Sandbox.client(); EcgridResponse version = client.serverVersion()) {
            assertEquals("application/json", version.header("content-TYPE").split(";")[0]);
            assertEquals("", version.header("X-Nothing"));
            assertEquals("", version.header("Date\0"));
        }
    }

    @Test
    void anAnswerIsMadeOfItsBody() {
        String body = "{\"success\": true, \"data\": \"\u00e9\uD83D\uDD11\\u0000\"}";
        try (EcgridResponse answer = EcgridResponse.of(body)) {
            assertEquals(200, answer.httpStatus());
            assertEquals(body, answer.body());
            assertEquals("\"\u00e9\uD83D\uDD11\\u0000\"", answer.data());
            assertEquals("", answer.header("Content-Type"));
        }
    }

    @Test
    void aBodyThatRefusesIsAFailure() {
        EcgridException refusal = assertThrows(EcgridException.class, () -> EcgridResponse.of(
                "{\"success\": false, \"errorCode\": \"NoPartner\", \"message\": \"no such partner\"}"));
        assertEquals(Status.REJECTED, refusal.status());
        assertEquals(Outcome.REFUSED, refusal.outcome());
        assertEquals("NoPartner", refusal.code());
        for (String none : new String[] {"", "no JSON", "{\"success\": true", "{\"success\": true}\0"}) {
            EcgridException end = assertThrows(EcgridException.class, () -> EcgridResponse.of(none));
            assertEquals(Status.BAD_RESPONSE, end.status(), none);
        }
        assertThrows(NullPointerException.class, () -> EcgridResponse.of(null));
    }

    @Test
    void aFailureHasWhatSupportAsksFor() {
        try (EcgridClient client = Sandbox.client()) {
            EcgridException problem =
                    assertThrows(EcgridException.class, () -> client.login("problem-400@example.com", "any"));
            assertEquals("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", problem.traceId());
            EcgridException fault = assertThrows(EcgridException.class, () -> client.login("fault-400@example.com", "any"));
            assertEquals("", fault.traceId());
        }
    }
}
