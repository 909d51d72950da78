// Log in to ECGrid and print what came back.
//   ECGRID_LOGIN=you@example.com ECGRID_PASSWORD=... java -cp ecgrid.jar:jna.jar Login.java   (others can see a command line)
// On Java 24 and later, --enable-native-access=ALL-UNNAMED keeps Java from warning.

import io.ecgrid.*;
import java.time.*;
import java.time.format.DateTimeFormatter;
import java.util.*;

public class Login {
    static String again(Outcome outcome) {
        switch (outcome) {
            case NOT_SENT: return "it was never sent: you may send it again";
            case REFUSED: return "ECGrid refused, nothing was done: put it right before you send it again";
            default: return "it may have been done: find out before you send it again";
        }
    }

    public static void main(String[] arguments) {
        String login = System.getenv("ECGRID_LOGIN"), password = System.getenv("ECGRID_PASSWORD");
        if (login == null || password == null) {
            System.err.println("set ECGRID_LOGIN and ECGRID_PASSWORD");
            System.exit(2);
        }
        try (EcgridToken token = Ecgrid.login(login, password)) {
            DateTimeFormatter utc = DateTimeFormatter.ofPattern("EEEE, dd MMMM uuuu, HH:mm:ss 'UTC'", Locale.ENGLISH);
            System.out.printf("user id: %d%nexpires: %s, in %d seconds%ntoken:   %.12s...%n", token.userId(),
                    token.expiresAt().map(at -> utc.format(at.atZone(ZoneOffset.UTC))).orElse("unknown"),
                    token.expiresIn().map(Duration::getSeconds).orElse(-1L), token.value());
        } catch (EcgridException error) {
            System.err.printf("error:   %s%nstatus:  ECGRID_%s, HTTP %d%ncode:    %s, trace id %s%noutcome: %s%n",
                    error.getMessage(), error.status(), error.httpStatus(), error.code().isEmpty() ? "none" : error.code(),
                    error.traceId().isEmpty() ? "none" : error.traceId(), again(error.outcome()));
            System.exit(1);
        }
    }
}
