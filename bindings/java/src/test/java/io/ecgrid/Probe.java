package io.ecgrid;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A program that uses a little of everything, and prints what it got. */
final class Probe {
    private Probe() {}

    public static void main(String[] arguments) throws Exception {
        System.out.println("library " + Ecgrid.version());
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (EcgridClient client = Sandbox.client(threads);
                EcgridToken token = client.login(Sandbox.LOGIN, Sandbox.PASSWORD);
                EcgridSession session = client.loginSessionAsync(Sandbox.LOGIN, Sandbox.PASSWORD).future().get();
                EcgridResponse me = session.call("POST", "/v2/parcels/inbox-list", "{\"mailboxId\": 101}")) {
            System.out.println("user " + token.userId() + ", HTTP " + me.httpStatus() + ", " + me.getLong("/2/parcelId", 0));
            EcgridCall<EcgridToken> hanging = client.loginAsync("hang@example.com", "any");
            hanging.cancel();
            try {
                client.login(Sandbox.LOGIN, "wrong");
            } catch (EcgridException refusal) {
                System.out.println(refusal.status() + " " + refusal.code());
            }
        } finally {
            threads.shutdown();
        }
        System.gc();
    }
}
