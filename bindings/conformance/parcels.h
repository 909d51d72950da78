/* The steps about parcels, one at a time and in folders. Included by conformance.c. */
#ifndef PARCELS_H
#define PARCELS_H

/* A number; `id`, that of the last upload; or one in the response that was made last, by its pointer. */
static int64_t parcel_id(struct text word)
{
    if (table_is(word, "id")) return world.id;
    if (*word.bytes == '/') return ecgrid_response_int(world.slots[RESPONSE], word.bytes, NO_NUMBER);
    return strtoll(word.bytes, NULL, 10);
}

/* None before the table has one. When it cannot be made, the result says why. */
static ecgrid_route *new_route(struct result *result)
{
    ecgrid_route *route = NULL;
    if (!world.route) return NULL;
    result->status = ecgrid_route_new(&route, &result->error);
    for (int i = 1; i < world.route->count && result->status == ECGRID_OK; i++) {
        struct text word = world.route->words[i];
        const char *value;
        if ((value = table_value(word, "from"))) result->status = ecgrid_route_set_from(route, strtoll(value, NULL, 10), &result->error);
        else if ((value = table_value(word, "to"))) result->status = ecgrid_route_set_to(route, strtoll(value, NULL, 10), &result->error);
        else if ((value = table_value(word, "mailbox"))) result->status = ecgrid_route_set_mailbox(route, strtoll(value, NULL, 10), &result->error);
        else fail("nothing of a route is %s", word.bytes);
    }
    return route;
}

/* Whether a word comes with its length, and so may hold anything. */
static int is_counted(const struct step *step, int word)
{
    return (table_is(step->words[0], "call") && word == 3) || (table_is(step->words[0], "upload") && word == 2);
}

/* With the route of the case. */
static void send_by_route(const struct step *step, ecgrid_session *session, struct result *result)
{
    const struct text *word = step->words;
    ecgrid_error **error = &result->error;
    ecgrid_outbox *outbox = NULL;
    ecgrid_route *route = new_route(result);
    if (result->status == ECGRID_OK && table_is(word[0], "upload")) {
        result->status = ecgrid_session_upload(
            session, word[2].bytes, word[2].length, word[1].bytes, route, &result->number, error);
    } else if (result->status == ECGRID_OK && table_is(word[0], "upload-file")) {
        result->status = ecgrid_session_upload_file(session, word[1].bytes, word[2].bytes, route, &result->number, error);
    } else if (result->status == ECGRID_OK) {
        result->status = ecgrid_outbox_open(session, word[1].bytes, route, &outbox, error);
        result->made = OUTBOX;
        result->handle = outbox;
    }
    ecgrid_route_free(route);
    if (result->number != NO_NUMBER && (result->status == ECGRID_OK) != (result->number > 0)) fail("an upload gives another id");
}

static int is_by_route(struct text verb)
{
    return table_is(verb, "upload") || table_is(verb, "upload-file") || table_is(verb, "outbox");
}

/* Does a step of a session, if it is one of these. */
static int perform_parcels(const struct step *step, ecgrid_session *session, struct result *result)
{
    const struct text *word = step->words;
    ecgrid_error **error = &result->error;
    ecgrid_response *list = NULL;
    ecgrid_parcel *parcel = NULL;
    ecgrid_inbox *inbox = NULL;
    if (is_by_route(word[0])) {
        send_by_route(step, session, result);
        return 1;
    }
    if (table_is(word[0], "pending")) {
        result->status = ecgrid_session_pending(session, step->count > 1 ? strtoll(word[1].bytes, NULL, 10) : 0, &list, error);
    } else if (table_is(word[0], "download")) {
        int64_t id = parcel_id(word[1]);
        result->status = ecgrid_session_download(session, id, &parcel, error);
        if (parcel && ecgrid_parcel_id(parcel) != id) fail("it is another parcel");
    } else if (table_is(word[0], "download-file")) {
        result->status = ecgrid_session_download_file(session, parcel_id(word[1]), word[2].bytes, error);
    } else if (table_is(word[0], "confirm")) {
        result->status = ecgrid_session_confirm(session, parcel_id(word[1]), error);
    } else if (table_is(word[0], "inbox")) {
        int64_t mailbox = step->count > 2 ? strtoll(word[2].bytes, NULL, 10) : 0;
        result->status = ecgrid_inbox_open(session, word[1].bytes, mailbox, &inbox, error);
    } else {
        return 0;
    }
    result->made = list ? RESPONSE : parcel ? PARCEL : inbox ? INBOX : -1;
    result->handle = list ? (void *)list : parcel ? (void *)parcel : (void *)inbox;
    return 1;
}

/* Does a step of a folder, if it is one. */
static int perform_folders(const struct step *step, void *const scopes[], struct result *result)
{
    const struct text *word = step->words;
    ecgrid_error **error = &result->error;
    int is_receive = table_is(word[0], "receive"), is_send = table_is(word[0], "send");
    if (!is_receive && !is_send && !table_is(word[0], "settle")) return 0;
    needs(is_receive ? INBOX : OUTBOX, scopes[is_receive ? INBOX : OUTBOX], result);
    if (is_receive) {
        result->status = ecgrid_inbox_receive(scopes[INBOX], &result->number, error);
    } else if (is_send) {
        result->status = ecgrid_outbox_send(scopes[OUTBOX], &result->number, error);
    } else {
        result->status = ecgrid_outbox_set_settle_ms(scopes[OUTBOX], strtoll(word[1].bytes, NULL, 10), error);
    }
    return 1;
}

#endif
