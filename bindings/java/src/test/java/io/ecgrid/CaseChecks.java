package io.ecgrid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Compares what came of a step with what the table expects. */
final class CaseChecks {
    private CaseChecks() {}

    static void error(EcgridException error, CaseTable.Step step, List<String> expected) {
        String message = error.getMessage();
        assertEquals(expected.get(0), error.status().name(), message);
        assertEquals(error.status().number(), error.statusNumber());
        assertFalse(message.isBlank() || message.contains("\n"), "not one line: " + message);
        for (String secret : secrets(step)) {
            assertFalse(message.contains(secret), "a secret is in the message");
        }
        for (String word : expected.subList(1, expected.size())) {
            String value = word.substring(word.indexOf('=') + 1);
            switch (word.substring(0, word.indexOf('='))) {
                case "outcome": assertEquals(value, error.outcome().name(), message); break;
                case "http": assertEquals(value, String.valueOf(error.httpStatus()), message); break;
                case "code": assertEquals(value, error.code(), message); break;
                case "trace": assertEquals(value, error.traceId(), message); break;
                case "retry": within(value, error.retryAfter().map(Duration::toMillis), message); break;
                case "files": assertEquals(value, String.valueOf(filesOf(error)), message); break;
                case "says": assertTrue(message.contains(value), message); break;
                default: throw unknown(word);
            }
        }
    }

    static void token(EcgridToken token, List<String> expected, boolean fresh) {
        String scheme = token.headerName().equals("Authorization") ? "Bearer " : "";
        assertEquals(scheme + token.value(), token.headerValue());
        for (String word : expected.subList(1, expected.size())) {
            String value = word.substring(word.indexOf('=') + 1);
            switch (word.substring(0, word.indexOf('='))) {
                case "user": assertEquals(value.equals("none") ? "0" : value, String.valueOf(token.userId())); break;
                case "expires_in": within(value, token.expiresIn().map(Duration::getSeconds), "expires_in"); break;
                case "expires_at": assertEquals(value.equals("known"), token.expiresAt().isPresent()); break;
                case "header": assertEquals(value, token.headerName()); break;
                case "fresh": assertEquals(value.equals("yes"), fresh, "fresh"); break;
                default: throw unknown(word);
            }
        }
    }

    static void response(EcgridResponse response, List<String> expected) {
        for (String word : expected.subList(1, expected.size())) {
            String name = word.substring(0, word.indexOf('='));
            String value = word.substring(word.indexOf('=') + 1);
            if (name.equals("http")) {
                assertEquals(value, String.valueOf(response.httpStatus()));
            } else if (name.equals("data")) {
                assertEquals(value, response.data());
            } else if (name.equals("body") && value.startsWith("has:")) {
                assertTrue(response.body().contains(value.substring(4)), response.body());
            } else if (name.startsWith("header:")) {
                assertEquals(value, response.header(name.substring(7)), word);
            } else if (name.startsWith("kind:")) {
                assertEquals(value, response.kind(name.substring(5)).name().toLowerCase(Locale.ROOT), word);
            } else if (name.startsWith("count:")) {
                assertEquals(Long.parseLong(value), response.count(name.substring(6)), word);
            } else if (name.startsWith("int:")) {
                assertEquals(Long.parseLong(value), response.getLong(name.substring(4), -7), word);
            } else if (name.isEmpty() || name.startsWith("/")) {
                assertEquals(value, response.getString(name), word);
            } else {
                throw unknown(word);
            }
        }
    }

    static void parcel(EcgridParcel parcel, List<String> expected) throws IOException {
        byte[] content = parcel.content();
        assertEquals(content.length, parcel.length());
        try (InputStream stream = parcel.stream()) {
            assertArrayEquals(content, stream.readAllBytes());
        }
        for (String word : expected.subList(1, expected.size())) {
            String value = word.substring(word.indexOf('=') + 1);
            switch (word.substring(0, word.indexOf('='))) {
                case "name": assertEquals(value, parcel.fileName()); break;
                case "length": assertEquals(value, String.valueOf(content.length)); break;
                case "content": assertArrayEquals(value.getBytes(StandardCharsets.UTF_8), content); break;
                default: throw unknown(word);
            }
        }
    }

    /** Of a round; of another step nothing may be expected. */
    static void files(Object count, List<String> expected) {
        for (String word : expected.subList(1, expected.size())) {
            assertEquals(word, "files=" + count);
        }
    }

    /** None of a round that did not begin. */
    private static long filesOf(EcgridException error) {
        return error instanceof EcgridRoundException ? ((EcgridRoundException) error).count() : 0;
    }

    /** What must not be in a message: the passwords or the key of the step, those of a few characters aside. */
    private static List<String> secrets(CaseTable.Step step) {
        List<String> secrets;
        switch (step.verb) {
            case "login": case "default-login": case "session": secrets = step.arguments.subList(1, 2); break;
            case "change-password": case "key-session": secrets = step.arguments; break;
            default: return List.of();
        }
        return secrets.stream().filter(secret -> secret.length() >= 4).collect(Collectors.toList());
    }

    private static void within(String value, Optional<Long> actual, String message) {
        if (value.equals("none")) {
            assertEquals(Optional.empty(), actual, message);
            return;
        }
        String[] ends = value.split("\\.\\.");
        long least = Long.parseLong(ends[0]);
        long most = Long.parseLong(ends[ends.length - 1]);
        assertTrue(actual.isPresent() && least <= actual.get() && actual.get() <= most,
                actual + " is not " + value + ": " + message);
    }

    private static IllegalArgumentException unknown(String word) {
        return new IllegalArgumentException("the table expects something unknown: " + word);
    }
}
