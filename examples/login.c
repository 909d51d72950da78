/* Log in to ECGrid and print what came back.
 *   cc login.c $(pkg-config --cflags --libs ecgrid) -o login
 *   ECGRID_LOGIN=you@example.com ECGRID_PASSWORD=... ./login     (other users can see a command line) */
#include <ecgrid.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const char *again(int32_t outcome) {
    switch (outcome) {
    case ECGRID_OUTCOME_NOT_SENT: return "it was never sent: you may send it again";
    case ECGRID_OUTCOME_REFUSED: return "ECGrid refused, nothing was done: put it right before you send it again";
    default: return "it may have been done: find out before you send it again";
    }
}

int main(void) {
    const char *login = getenv("ECGRID_LOGIN"), *password = getenv("ECGRID_PASSWORD");
    if (!login || !password) return fputs("set ECGRID_LOGIN and ECGRID_PASSWORD\n", stderr), 2;

    ecgrid_token *token = NULL;
    ecgrid_error *error = NULL;
    if (ecgrid_login(login, password, &token, &error) != ECGRID_OK) {
        const char *code = ecgrid_error_code(error), *trace = ecgrid_error_trace_id(error);
        fprintf(stderr, "error:   %s\nstatus:  %s, HTTP %" PRId32 "\ncode:    %s, trace id %s\noutcome: %s\n",
                ecgrid_error_message(error), ecgrid_status_name(ecgrid_error_status(error)), ecgrid_error_http_status(error),
                *code ? code : "none", *trace ? trace : "none", again(ecgrid_error_outcome(error)));
        ecgrid_error_free(error);
        return 1;
    }
    time_t at = (time_t)ecgrid_token_expires_at(token);
    struct tm *utc = at < 0 ? NULL : gmtime(&at);
    char expires[64] = "unknown";
    if (utc) strftime(expires, sizeof expires, "%A, %d %B %Y, %H:%M:%S UTC", utc);
    printf("user id: %" PRId64 "\nexpires: %s, in %" PRId64 " seconds\ntoken:   %.12s...\n",
           ecgrid_token_user_id(token), expires, ecgrid_token_expires_in(token), ecgrid_token_value(token));
    ecgrid_token_free(token);
    return 0;
}
