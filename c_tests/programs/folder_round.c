/* One round of a folder, for a test that kills it: FOLDER, USE (inbox or outbox), API_KEY. Says how many went through. */
#include "support.h"

int main(void)
{
    const int is_inbox = strcmp(said("USE"), "inbox") == 0;
    ecgrid_client *client = client_for(said("SANDBOX_HTTP"));
    ecgrid_session *session = NULL;
    ecgrid_inbox *inbox = NULL;
    ecgrid_outbox *outbox = NULL;
    ecgrid_error *error = NULL;
    int64_t count = 0;
    CHECK_INT(ecgrid_session_with_api_key(client, said("API_KEY"), &session, NULL), ECGRID_OK);
    ecgrid_status status;
    if (is_inbox) {
        status = ecgrid_inbox_open(session, said("FOLDER"), 0, &inbox, &error);
        if (status == ECGRID_OK) status = ecgrid_inbox_receive(inbox, &count, &error);
    } else {
        status = ecgrid_outbox_open(session, said("FOLDER"), NULL, &outbox, &error);
        if (status == ECGRID_OK) status = ecgrid_outbox_set_settle_ms(outbox, 0, &error);
        if (status == ECGRID_OK) status = ecgrid_outbox_send(outbox, &count, &error);
    }
    if (!CHECK_INT(status, ECGRID_OK)) printf("  %s\n", ecgrid_error_message(error));
    printf("%" PRId64 " went through\n", count);
    ecgrid_error_free(error);
    ecgrid_inbox_free(inbox);
    ecgrid_outbox_free(outbox);
    ecgrid_session_free(session);
    ecgrid_client_free(client);
    return check_done();
}
