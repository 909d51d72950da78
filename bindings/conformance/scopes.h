/* The handles that have calls: clients, sessions, inboxes and outboxes, by their slots. Included by conformance.c. */
#ifndef SCOPES_H
#define SCOPES_H

static void free_handle(int slot, void *handle)
{
    switch (slot) {
    case CLIENT: ecgrid_client_free(handle); break;
    case SESSION: ecgrid_session_free(handle); break;
    case INBOX: ecgrid_inbox_free(handle); break;
    case OUTBOX: ecgrid_outbox_free(handle); break;
    case TOKEN: ecgrid_token_free(handle); break;
    case RESPONSE: ecgrid_response_free(handle); break;
    case PARCEL: ecgrid_parcel_free(handle); break;
    default: break;
    }
}

/* Of what is in the slots now; what is not there stays NULL. */
static void clone_all(void *clones[])
{
    ecgrid_client *client = NULL;
    ecgrid_session *session = NULL;
    ecgrid_inbox *inbox = NULL;
    ecgrid_outbox *outbox = NULL;
    if (world.slots[CLIENT]) ecgrid_client_clone(world.slots[CLIENT], &client, NULL);
    if (world.slots[SESSION]) ecgrid_session_clone(world.slots[SESSION], &session, NULL);
    if (world.slots[INBOX]) ecgrid_inbox_clone(world.slots[INBOX], &inbox, NULL);
    if (world.slots[OUTBOX]) ecgrid_outbox_clone(world.slots[OUTBOX], &outbox, NULL);
    clones[CLIENT] = client;
    clones[SESSION] = session;
    clones[INBOX] = inbox;
    clones[OUTBOX] = outbox;
}

static void stop_all(void *clones[])
{
    ecgrid_client_stop(clones[CLIENT]);
    ecgrid_session_stop(clones[SESSION]);
    ecgrid_inbox_stop(clones[INBOX]);
    ecgrid_outbox_stop(clones[OUTBOX]);
}

/* A timeout for each. */
static ecgrid_status limit_all(void *clones[], int64_t limit, ecgrid_error **error)
{
    ecgrid_status status = ECGRID_OK;
    if (clones[CLIENT]) status = ecgrid_client_set_timeout_ms(clones[CLIENT], limit, error);
    if (status == ECGRID_OK && clones[SESSION]) status = ecgrid_session_set_timeout_ms(clones[SESSION], limit, error);
    if (status == ECGRID_OK && clones[INBOX]) status = ecgrid_inbox_set_timeout_ms(clones[INBOX], limit, error);
    if (status == ECGRID_OK && clones[OUTBOX]) status = ecgrid_outbox_set_timeout_ms(clones[OUTBOX], limit, error);
    return status;
}

static void free_all(void *clones[])
{
    for (int slot = 0; slot < SCOPES; slot++) free_handle(slot, clones[slot]);
}

static void cancel(int slot, void *handle)
{
    switch (slot) {
    case CLIENT: ecgrid_client_cancel(handle); break;
    case SESSION: ecgrid_session_cancel(handle); break;
    case INBOX: ecgrid_inbox_cancel(handle); break;
    case OUTBOX: ecgrid_outbox_cancel(handle); break;
    default: fail("a %s has no calls", SLOT_NAMES[slot]);
    }
}

/* Whether a step needs a slot, and finds it closed or never filled. */
static int needs(int slot, const void *handle, struct result *result)
{
    if (handle) return 0;
    if (!world.is_filled[slot]) fail("no %s was made", SLOT_NAMES[slot]);
    result->closed = 1;
    return 1;
}

#endif
