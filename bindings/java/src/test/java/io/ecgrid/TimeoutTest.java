package io.ecgrid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call that has a timeout of its own, beside others that do not. */
@Timeout(30)
class TimeoutTest {
    private static final CallOption SHORT = CallOption.timeout(Duration.ofMillis(51));
    private static final CallOption LONG = CallOption.timeout(Duration.ofSeconds(15));

    private static void assertTimesOut(String afterHowLong, Callable<?> call) {
        Exception thrown = assertThrows(Exception.class, call::call);
        EcgridException end = (EcgridException) (thrown instanceof ExecutionException ? thrown.getCause() : thrown);
        assertEquals(Status.TIMEOUT, end.status());
        assertTrue(end.getMessage().contains(afterHowLong), end.getMessage());
    }

    @Test
    void oneCallMayHaveLessTimeThanTheOthers() throws Exception {
        try (EcgridClient client = Sandbox.client();
                EcgridSession session = client.loginSession("call-hang@example.com", "any")) {
            EcgridCall<EcgridToken> other = client.loginAsync("slow-400@example.com", "any");
            for (Callable<?> call : List.<Callable<?>>of(
                    () -> client.login("hang@example.com", "any", SHORT),
                    () -> client.login("hang@example.com", "any".toCharArray(), SHORT),
                    () -> client.loginAsync("hang@example.com", "any", SHORT).future().get(),
                    () -> client.loginSession("hang@example.com", "any", SHORT),
                    () -> session.call("POST", "/v2/mailboxes/list", "{}", SHORT),
                    () -> session.callUtf8("POST", "/v2/mailboxes/list", new byte[] {'{', '}'}, SHORT),
                    () -> session.callAsync("POST", "/v2/mailboxes/list", null, SHORT).future().get(),
                    () -> session.pending(0, SHORT),
                    () -> session.download(1, SHORT),
                    () -> session.downloadAsync(1, SHORT).future().get(),
                    () -> session.upload(new byte[1], "a.edi", null, SHORT))) {
                assertTimesOut("51 ms", call);
            }
            other.future().get().close();
            client.login("slow-400@example.com", "any").close();
        }
    }

    @Test
    void oneCallMayHaveMoreTimeThanTheOthers() throws Exception {
        try (EcgridClient client = EcgridClient.create(Sandbox.options().timeout(Duration.ofMillis(52)).build())) {
            client.login("slow-400@example.com", "any", LONG).close();
            client.loginAsync("slow-400@example.com", "any", LONG).future().get().close();
            assertTimesOut("52 ms", () -> client.login("slow-400@example.com", "any"));
        }
    }

    @Test
    void aSessionHasTheTimeoutOfTheOptionsAndNotThatOfItsLogin() {
        try (EcgridClient client = EcgridClient.create(Sandbox.options().timeout(Duration.ofMillis(53)).build());
                EcgridSession session = client.loginSession("call-hang@example.com", "any", LONG)) {
            assertTimesOut("53 ms", () -> session.call("POST", "/v2/mailboxes/list", "{}"));
        }
    }

    @Test
    void ofTwoTimeoutsTheLaterCounts() {
        try (EcgridClient client = Sandbox.client()) {
            assertTimesOut("51 ms", () -> client.login("hang@example.com", "any", LONG, SHORT));
        }
    }

    @Test
    void noTimeIsThatOfTheOptionsAndLessIsRefused() {
        try (EcgridClient client = EcgridClient.create(Sandbox.options().timeout(Duration.ofMillis(54)).build())) {
            assertTimesOut("54 ms", () -> client.login("hang@example.com", "any", CallOption.timeout(Duration.ZERO)));
            for (Duration less : List.of(Duration.ofNanos(-1), Duration.ofMillis(-1), Duration.ofSeconds(Long.MIN_VALUE))) {
                EcgridException refusal = assertThrows(
                        EcgridException.class, () -> client.serverVersion(CallOption.timeout(less)));
                assertEquals(Status.INVALID_ARGUMENT, refusal.status());
                assertEquals(Outcome.NOT_SENT, refusal.outcome());
            }
            assertThrows(NullPointerException.class, () -> client.serverVersion((CallOption) null));
        }
    }

    @Test
    void anyDurationIsANumberOfMilliseconds() {
        assertEquals("CallOption[timeout=1 ms]", CallOption.timeout(Duration.ofNanos(1)).toString());
        try (EcgridClient client = Sandbox.client()) {
            client.serverVersion(CallOption.timeout(Duration.ofSeconds(Long.MAX_VALUE))).close();
        }
    }
}
