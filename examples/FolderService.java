// Receive and send EDI files, for ever: what is pending appears in one folder, and what lies in the other is sent, each once,
// whatever fails. Ctrl-C or SIGTERM ends it in a second; so does kill -9, and the next start goes on where it was.
//   ECGRID_LOGIN=you@example.com ECGRID_PASSWORD=... java -cp ecgrid.jar:jna.jar FolderService.java INBOX OUTBOX [seconds]
// The seconds are those between rounds. On Java 24 and later, --enable-native-access=ALL-UNNAMED keeps Java from warning.

import io.ecgrid.*;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.*;

public class FolderService {
    // Waits for a round and tells what came of it. False when no other can help.
    static boolean goesOn(EcgridCall<Long> round, String what) throws InterruptedException {
        try {
            tell(round.future().get(), what);
            return true;
        } catch (InterruptedException ending) {
            round.cancel(); // what it has begun the next start finishes
            throw ending;
        } catch (ExecutionException failed) {
            EcgridException error = (EcgridException) failed.getCause();
            if (error instanceof EcgridRoundException) tell(((EcgridRoundException) error).count(), what);
            tell(error);
            // Where there is a time, the session logs in again by itself by then.
            return error.status() != Status.UNAUTHENTICATED || error.retryAfter().isPresent();
        }
    }

    static void tell(long count, String what) {
        if (count > 0) System.out.println(count + " " + what);
    }

    static void tell(EcgridException error) {
        System.err.println(error.getMessage() + (error.traceId().isEmpty() ? "" : " trace id ") + error.traceId());
    }

    static boolean serve(EcgridSession session, String[] folders, long pause) {
        try (EcgridInbox inbox = session.openInbox(Path.of(folders[0]), 0);
                EcgridOutbox outbox = session.openOutbox(Path.of(folders[1]), null)) {
            while (goesOn(inbox.receiveAsync(), "received") && goesOn(outbox.sendAsync(), "sent")) Thread.sleep(pause);
            return false;
        } catch (InterruptedException ending) {
            return true;
        } catch (EcgridException error) {
            tell(error);
            return false;
        }
    }

    static boolean logInAndServe(String login, String password, String[] arguments, CountDownLatch ended) {
        long pause = (long) (1000 * (arguments.length > 2 ? Double.parseDouble(arguments[2]) : 60));
        EcgridOptions options = EcgridOptions.builder().fromEnvironment().keepPassword(true).build(); // tokens die in long outages
        try (EcgridClient client = EcgridClient.create(options); EcgridSession session = client.loginSession(login, password)) {
            Thread main = Thread.currentThread();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> { // Ctrl-C or SIGTERM
                main.interrupt();
                try { ended.await(); } catch (InterruptedException never) { }
            }));
            boolean good = serve(session, arguments, pause);
            session.logout(CallOption.timeout(Duration.ofMillis(700))); // whoever ends it does not wait for long
            return good;
        } catch (EcgridException error) {
            tell(error);
            return false;
        }
    }

    public static void main(String[] arguments) {
        String login = System.getenv("ECGRID_LOGIN"), password = System.getenv("ECGRID_PASSWORD");
        if (login == null || password == null || arguments.length < 2) {
            System.err.println("set ECGRID_LOGIN and ECGRID_PASSWORD; name two folders");
            System.exit(2);
        }
        CountDownLatch ended = new CountDownLatch(1);
        boolean good = false;
        try { good = logInAndServe(login, password, arguments, ended); } finally { ended.countDown(); }
        if (!good) System.exit(1);
    }
}
