package io.ecgrid;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** The steps of a case that are about parcels. */
final class CaseParcels {
    private final Function<String, AutoCloseable> slots;
    /** None before the table has one. */
    private EcgridRoute route;
    /** Of the last upload. */
    private long id;

    CaseParcels(Function<String, AutoCloseable> slots) {
        this.slots = slots;
    }

    void route(List<String> words) {
        route = EcgridRoute.byEnvelope();
        for (String word : words) {
            long number = Long.parseLong(word.substring(word.indexOf('=') + 1));
            switch (word.substring(0, word.indexOf('='))) {
                case "from": route = route.from(number); break;
                case "to": route = route.to(number); break;
                case "mailbox": route = route.mailbox(number); break;
                default: throw new IllegalArgumentException("nothing of a route is " + word);
            }
        }
    }

    Object blocking(CaseTable.Step step) {
        List<String> words = step.arguments;
        switch (step.verb) {
            case "pending": return session().pending(words.isEmpty() ? 0 : Long.parseLong(words.get(0)), step.options);
            case "download": return parcel(words.get(0), session().download(parcelId(words.get(0)), step.options));
            case "download-file":
                session().download(parcelId(words.get(0)), path(words.get(1)), step.options);
                return null;
            case "confirm": session().confirm(parcelId(words.get(0)), step.options); return null;
            case "upload": id = session().upload(bytes(words.get(1)), words.get(0), route, step.options); return null;
            case "upload-file":
                id = session().upload(path(words.get(0)), second(words), route, step.options);
                return null;
            case "inbox":
                return session().openInbox(path(words.get(0)), words.size() < 2 ? 0 : Long.parseLong(words.get(1)));
            case "outbox": return session().openOutbox(path(words.get(0)), route);
            case "settle":
                outbox().setSettleTime(Duration.ofMillis(Long.parseLong(words.get(0))));
                return null;
            case "receive": return inbox().receive(step.options);
            case "send": return outbox().send(step.options);
            default: throw new IllegalArgumentException("the table has an unknown step: " + step.line);
        }
    }

    EcgridCall<?> async(CaseTable.Step step) {
        List<String> words = step.arguments;
        switch (step.verb) {
            case "pending": return session().pendingAsync(words.isEmpty() ? 0 : Long.parseLong(words.get(0)));
            case "download": return session().downloadAsync(parcelId(words.get(0)));
            case "download-file": return session().downloadAsync(parcelId(words.get(0)), path(words.get(1)));
            case "confirm": return session().confirmAsync(parcelId(words.get(0)));
            case "upload": return session().uploadAsync(bytes(words.get(1)), words.get(0), route);
            case "upload-file": return session().uploadAsync(path(words.get(0)), second(words), route);
            case "receive": return inbox().receiveAsync();
            case "send": return outbox().sendAsync();
            default: throw new IllegalArgumentException("the table has an unknown step: " + step.line);
        }
    }

    private EcgridSession session() {
        return (EcgridSession) slots.apply("session");
    }

    EcgridInbox inbox() {
        return (EcgridInbox) slots.apply("inbox");
    }

    EcgridOutbox outbox() {
        return (EcgridOutbox) slots.apply("outbox");
    }

    /** A number; {@code id}, that of the last upload; or one in the response that was made last, by its pointer. */
    private long parcelId(String word) {
        if (word.equals("id")) {
            return id;
        }
        return word.startsWith("/") ? ((EcgridResponse) slots.apply("response")).getLong(word, -7) : Long.parseLong(word);
    }

    private EcgridParcel parcel(String asked, EcgridParcel parcel) {
        assertEquals(parcelId(asked), parcel.id());
        return parcel;
    }

    private static String second(List<String> words) {
        return words.size() < 2 ? null : words.get(1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A NUL is refused by Java itself, so the player says what the library would. */
    private static Path path(String word) {
        try {
            return Path.of(word);
        } catch (InvalidPathException refused) {
            throw EcgridException.invalidArgument(refused.getReason());
        }
    }
}
