/* Rounds of an inbox and an outbox, one after the other, until it is killed: IN, OUT, API_KEY. With ROUNDS so many, and all of
 * them go well. */
#include "support.h"

int main(void)
{
    const char *limit = getenv("ROUNDS");
    const long rounds = limit ? atol(limit) : -1;
    ecgrid_client *client = client_for(said("SANDBOX_HTTP"));
    ecgrid_session *session = NULL;
    ecgrid_inbox *inbox = NULL;
    ecgrid_outbox *outbox = NULL;
    CHECK_INT(ecgrid_session_with_api_key(client, said("API_KEY"), &session, NULL), ECGRID_OK);
    /* Whoever was killed may not be gone yet. */
    while (ecgrid_inbox_open(session, said("IN"), 0, &inbox, NULL) == ECGRID_INVALID_STATE) continue;
    while (ecgrid_outbox_open(session, said("OUT"), NULL, &outbox, NULL) == ECGRID_INVALID_STATE) continue;
    CHECK_INT(ecgrid_outbox_set_settle_ms(outbox, 0, NULL), ECGRID_OK);
    for (long round = 0; round != rounds; round++) {
        const ecgrid_status received = ecgrid_inbox_receive(inbox, NULL, NULL);
        if (!CHECK_INT(received, ECGRID_OK)) printf("  %s\n", ecgrid_error_message(ecgrid_last_error()));
        const ecgrid_status sent = ecgrid_outbox_send(outbox, NULL, NULL);
        if (!CHECK_INT(sent, ECGRID_OK)) printf("  %s\n", ecgrid_error_message(ecgrid_last_error()));
    }
    ecgrid_inbox_free(inbox);
    ecgrid_outbox_free(outbox);
    ecgrid_session_free(session);
    ecgrid_client_free(client);
    return check_done();
}
