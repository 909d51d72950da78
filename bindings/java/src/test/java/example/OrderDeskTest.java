package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ecgrid.EcgridCall;
import io.ecgrid.EcgridException;
import io.ecgrid.Outcome;
import io.ecgrid.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Unit tests as a user of the binding writes them, without a server. */
class OrderDeskTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final FakeSession ecgrid = new FakeSession();
    private final OrderDesk desk = new OrderDesk(ecgrid);

    @Test
    void anOrderIsSentOnce() {
        ecgrid.answer = "{\"success\": true, \"data\": {\"parcelId\": 9007199254740993}}";
        assertEquals("sent as parcel 9007199254740993", desk.send("{\"order\":1}", NOW).what);
        assertEquals("[POST /v2/parcels/upload {\"order\":1}]", ecgrid.calls.toString());
    }

    @Test
    void anOrderThatMayHaveArrivedIsNotSentAgain() {
        ecgrid.failure = new EcgridException(Status.TIMEOUT, Outcome.UNKNOWN, "no answer in time");
        assertEquals("find out", desk.send("{}", NOW).what);
    }

    @Test
    void anOrderThatNeverLeftIsSentAgain() {
        ecgrid.failure = new EcgridException(Status.UNREACHABLE, Outcome.NOT_SENT, "no route");
        OrderDesk.Verdict verdict = desk.send("{}", NOW);
        assertEquals("send again", verdict.what);
        assertEquals(NOW.plusSeconds(60), verdict.when);
    }

    @Test
    void aBusyServerIsGivenTheTimeThatItAsksFor() {
        ecgrid.failure = new EcgridException(
                Status.RATE_LIMITED, Outcome.REFUSED, "too many", 429, "RateLimited", Duration.ofSeconds(7), "");
        OrderDesk.Verdict verdict = desk.send("{}", NOW);
        assertEquals("send again", verdict.what);
        assertEquals(NOW.plusSeconds(7), verdict.when);
    }

    @Test
    void anOrderThatIsWrongIsForAPerson() {
        ecgrid.failure = new EcgridException(Status.REJECTED, Outcome.REFUSED, "no such partner", 422, "NoPartner", null, "00-4bf9");
        assertEquals("ask a person: NoPartner, 00-4bf9", desk.send("{}", NOW).what);
    }

    @Test
    void whatAFakeStartsHasEndedAlready() throws Exception {
        ecgrid.callAsync("GET", "/v2/users/me").future().get();
        ecgrid.failure = new EcgridException(Status.CANCELLED, Outcome.NOT_SENT, "cancelled");
        ExecutionException end =
                assertThrows(ExecutionException.class, () -> ecgrid.callAsync("GET", "/v2/users/me").settled().get());
        assertEquals(ecgrid.failure, end.getCause());
        assertEquals("[GET /v2/users/me null, GET /v2/users/me null]", ecgrid.calls.toString());
    }

    @Test
    void whatAFakeDoesNotHaveItSays() {
        for (Executable call : List.<Executable>of(
                () -> ecgrid.pending(0), () -> ecgrid.download(1), () -> ecgrid.download(1, Path.of("a")),
                () -> ecgrid.confirm(1), () -> ecgrid.upload(new byte[0], "a", null), () -> ecgrid.upload(Path.of("a"), null, null),
                () -> ecgrid.openInbox(Path.of("a"), 0), () -> ecgrid.openOutbox(Path.of("a"), null))) {
            assertThrows(UnsupportedOperationException.class, call);
        }
        for (EcgridCall<?> call : List.<EcgridCall<?>>of(
                ecgrid.pendingAsync(0), ecgrid.downloadAsync(1), ecgrid.downloadAsync(1, Path.of("a")), ecgrid.confirmAsync(1),
                ecgrid.uploadAsync(new byte[0], "a", null), ecgrid.uploadAsync(Path.of("a"), null, null))) {
            Throwable end = assertThrows(ExecutionException.class, call.future()::get).getCause();
            assertEquals(UnsupportedOperationException.class, end.getClass());
        }
    }

    @Test
    void everyExceptionIsAFailure() {
        assertThrows(IllegalArgumentException.class, () -> new EcgridException(Status.OK, Outcome.REFUSED, "fine"));
    }
}
