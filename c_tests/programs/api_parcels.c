/* The functions of parcels, routes, inboxes and outboxes: NULL for every pointer in every combination, and what stays what it is. */
#define _XOPEN_SOURCE 700
#include "folders.h"
#include "null_table.h"

enum { PARCEL = 70001 }; /* one that the sandbox has */

static ecgrid_session *session;

static const char *folder(void)
{
    const char *path = fresh("folder");
    CHECK_INT(mkdir(path, 0700), 0);
    return path;
}

static ecgrid_status pending(unsigned null, enum place *place, ecgrid_error **error)
{
    RESULT(ecgrid_session_pending(GIVEN(1, session), 0, GIVEN(0, &result), error), ecgrid_response, ecgrid_response_free);
}

static ecgrid_status download(unsigned null, enum place *place, ecgrid_error **error)
{
    RESULT(ecgrid_session_download(GIVEN(1, session), PARCEL, GIVEN(0, &result), error), ecgrid_parcel, ecgrid_parcel_free);
}

static ecgrid_status download_file(unsigned null, enum place *place, ecgrid_error **error)
{
    const char *path = fresh("file");
    *place = UNTOUCHED;
    return ecgrid_session_download_file(GIVEN(0, session), PARCEL, GIVEN(1, path), error);
}

static ecgrid_status confirm(unsigned null, enum place *place, ecgrid_error **error)
{
    *place = UNTOUCHED;
    return ecgrid_session_confirm(GIVEN(0, session), PARCEL, error);
}

static ecgrid_status upload(unsigned null, enum place *place, ecgrid_error **error)
{
    int64_t id = -1;
    ecgrid_status status = ecgrid_session_upload(GIVEN(0, session), GIVEN(1, "ISA"), 3, GIVEN(2, "a.edi"), NULL, GIVEN(3, &id), error);
    const int given = !(null & 8u);
    CHECK(given ? status == ECGRID_OK ? id > 0 : id == 0 : id == -1);
    *place = UNTOUCHED;
    return status;
}

static ecgrid_status upload_nothing(unsigned null, enum place *place, ecgrid_error **error)
{
    *place = UNTOUCHED;
    return ecgrid_session_upload(GIVEN(0, session), NULL, 0, GIVEN(1, "a.edi"), NULL, NULL, error);
}

static ecgrid_status upload_file(unsigned null, enum place *place, ecgrid_error **error)
{
    const char *file = fresh("file");
    FILE *written = fopen(file, "wb");
    CHECK(written && fputs("ISA*", written) >= 0 && fclose(written) == 0);
    int64_t id = -1;
    ecgrid_status status = ecgrid_session_upload_file(GIVEN(0, session), GIVEN(1, file), GIVEN(2, "a.edi"), NULL, GIVEN(3, &id), error);
    const int given = !(null & 8u);
    CHECK(given ? status == ECGRID_OK ? id > 0 : id == 0 : id == -1);
    *place = UNTOUCHED;
    return status;
}

static ecgrid_status route_new(unsigned null, enum place *place, ecgrid_error **error)
{
    RESULT(ecgrid_route_new(GIVEN(0, &result), error), ecgrid_route, ecgrid_route_free);
}


#define SETTER(name)                                                                  \
    static ecgrid_status name(unsigned null, enum place *place, ecgrid_error **error) \
    {                                                                                 \
        ecgrid_route *route = NULL;                                                   \
        CHECK_INT(ecgrid_route_new(&route, NULL), ECGRID_OK);                         \
        ecgrid_status status = ecgrid_route_##name(GIVEN(0, route), 7, error);        \
        ecgrid_route_free(route);                                                     \
        *place = UNTOUCHED;                                                           \
        return status;                                                                \
    }
SETTER(set_from)
SETTER(set_to)
SETTER(set_mailbox)

static ecgrid_status inbox_open(unsigned null, enum place *place, ecgrid_error **error)
{
    const char *path = folder();
    RESULT(ecgrid_inbox_open(GIVEN(1, session), GIVEN(2, path), 0, GIVEN(0, &result), error), ecgrid_inbox, ecgrid_inbox_free);
}

static ecgrid_status outbox_open(unsigned null, enum place *place, ecgrid_error **error)
{
    const char *path = folder();
    RESULT(ecgrid_outbox_open(GIVEN(1, session), GIVEN(2, path), NULL, GIVEN(0, &result), error), ecgrid_outbox, ecgrid_outbox_free);
}

static ecgrid_inbox *inbox;
static ecgrid_outbox *outbox;

static ecgrid_status inbox_clone(unsigned null, enum place *place, ecgrid_error **error)
{
    RESULT(ecgrid_inbox_clone(GIVEN(1, inbox), GIVEN(0, &result), error), ecgrid_inbox, ecgrid_inbox_free);
}

static ecgrid_status outbox_clone(unsigned null, enum place *place, ecgrid_error **error)
{
    RESULT(ecgrid_outbox_clone(GIVEN(1, outbox), GIVEN(0, &result), error), ecgrid_outbox, ecgrid_outbox_free);
}

static ecgrid_status inbox_set_timeout(unsigned null, enum place *place, ecgrid_error **error)
{
    *place = UNTOUCHED;
    return ecgrid_inbox_set_timeout_ms(GIVEN(0, inbox), 0, error);
}

static ecgrid_status outbox_set_timeout(unsigned null, enum place *place, ecgrid_error **error)
{
    *place = UNTOUCHED;
    return ecgrid_outbox_set_timeout_ms(GIVEN(0, outbox), 0, error);
}

static ecgrid_status receive(unsigned null, enum place *place, ecgrid_error **error)
{
    int64_t received = -1;
    *place = UNTOUCHED;
    ecgrid_status status = ecgrid_inbox_receive(GIVEN(0, inbox), GIVEN(1, &received), error);
    CHECK(null & 2u ? received == -1 : received >= 0);
    return status;
}

static ecgrid_status send_all(unsigned null, enum place *place, ecgrid_error **error)
{
    int64_t sent = -1;
    *place = UNTOUCHED;
    ecgrid_status status = ecgrid_outbox_send(GIVEN(0, outbox), GIVEN(1, &sent), error);
    CHECK(null & 2u ? sent == -1 : sent == 0);
    return status;
}

static ecgrid_status set_settle(unsigned null, enum place *place, ecgrid_error **error)
{
    *place = UNTOUCHED;
    return ecgrid_outbox_set_settle_ms(GIVEN(0, outbox), 600000, error);
}

static const struct row rows[] = {
    {"ecgrid_session_pending", 2, 2, 0, pending},
    {"ecgrid_session_download", 2, 3, 0, download},
    {"ecgrid_session_download_file", 2, 3, -1, download_file},
    {"ecgrid_session_confirm", 1, 1, -1, confirm},
    {"ecgrid_session_upload", 4, 7, -1, upload},
    {"ecgrid_session_upload", 2, 3, -1, upload_nothing},
    {"ecgrid_session_upload_file", 4, 3, -1, upload_file},
    {"ecgrid_route_new", 1, 1, 0, route_new},
    {"ecgrid_route_set_from", 1, 1, -1, set_from},
    {"ecgrid_route_set_to", 1, 1, -1, set_to},
    {"ecgrid_route_set_mailbox", 1, 1, -1, set_mailbox},
    {"ecgrid_inbox_open", 3, 7, 0, inbox_open},
    {"ecgrid_outbox_open", 3, 7, 0, outbox_open},
    {"ecgrid_inbox_clone", 2, 3, 0, inbox_clone},
    {"ecgrid_outbox_clone", 2, 3, 0, outbox_clone},
    {"ecgrid_inbox_set_timeout_ms", 1, 1, -1, inbox_set_timeout},
    {"ecgrid_outbox_set_timeout_ms", 1, 1, -1, outbox_set_timeout},
    {"ecgrid_inbox_receive", 2, 1, -1, receive},
    {"ecgrid_outbox_send", 2, 1, -1, send_all},
    {"ecgrid_outbox_set_settle_ms", 1, 1, -1, set_settle},
};

#define COVERED(function) printf("covers %s\n", #function)

static void what_cannot_fail_takes_null(void)
{
    CHECK_STR((const char *)ecgrid_parcel_content(NULL), ""), COVERED(ecgrid_parcel_content);
    CHECK_INT((int64_t)ecgrid_parcel_length(NULL), 0), COVERED(ecgrid_parcel_length);
    CHECK_INT(ecgrid_parcel_id(NULL), 0), COVERED(ecgrid_parcel_id);
    CHECK_STR(ecgrid_parcel_file_name(NULL), ""), COVERED(ecgrid_parcel_file_name);
    ecgrid_parcel_free(NULL), COVERED(ecgrid_parcel_free);
    ecgrid_route_free(NULL), COVERED(ecgrid_route_free);
    ecgrid_inbox_cancel(NULL), COVERED(ecgrid_inbox_cancel);
    ecgrid_inbox_stop(NULL), COVERED(ecgrid_inbox_stop);
    ecgrid_inbox_free(NULL), COVERED(ecgrid_inbox_free);
    ecgrid_outbox_cancel(NULL), COVERED(ecgrid_outbox_cancel);
    ecgrid_outbox_stop(NULL), COVERED(ecgrid_outbox_stop);
    ecgrid_outbox_free(NULL), COVERED(ecgrid_outbox_free);
}

static void numbers_that_are_no_ids_are_refused(void)
{
    static const int64_t numbers[] = {INT64_MIN, -1, 0};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        ecgrid_error *error = NULL;
        ecgrid_parcel *parcel = NULL;
        CHECK_INT(ecgrid_session_download(session, numbers[i], &parcel, &error), ECGRID_INVALID_ARGUMENT);
        CHECK(parcel == NULL && is_one_line(ecgrid_error_message(error)));
        ecgrid_error_free(error);
        CHECK_INT(ecgrid_session_confirm(session, numbers[i], NULL), ECGRID_INVALID_ARGUMENT);
        CHECK_INT(ecgrid_session_download_file(session, numbers[i], fresh("none"), NULL), ECGRID_INVALID_ARGUMENT);
        ecgrid_route *route = NULL;
        CHECK_INT(ecgrid_route_new(&route, NULL), ECGRID_OK);
        const ecgrid_status wanted = numbers[i] < 0 ? ECGRID_INVALID_ARGUMENT : ECGRID_OK;
        CHECK_INT(ecgrid_route_set_from(route, numbers[i], NULL), wanted);
        CHECK_INT(ecgrid_route_set_to(route, numbers[i], NULL), wanted);
        CHECK_INT(ecgrid_route_set_mailbox(route, numbers[i], NULL), wanted);
        CHECK_INT(ecgrid_outbox_set_settle_ms(outbox, numbers[i], NULL), wanted);
        CHECK_INT(ecgrid_inbox_set_timeout_ms(inbox, numbers[i], NULL), wanted);
        CHECK_INT(ecgrid_outbox_set_timeout_ms(outbox, numbers[i], NULL), wanted);
        CHECK_INT(ecgrid_session_pending(session, numbers[i], NULL, NULL), wanted);
        ecgrid_route_free(route);
    }
}

static void a_parcel_outlives_its_session_and_an_inbox_too(void)
{
    ecgrid_client *client = client_for(said("SANDBOX_HTTP"));
    ecgrid_session *own = NULL;
    ecgrid_parcel *parcel = NULL;
    ecgrid_inbox *left = NULL;
    CHECK_INT(ecgrid_session_login(client, USER, PASSWORD, &own, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_session_download(own, PARCEL, &parcel, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_inbox_open(own, folder(), 0, &left, NULL), ECGRID_OK);
    ecgrid_session_free(own);
    ecgrid_client_free(client);
    CHECK_INT(ecgrid_parcel_id(parcel), PARCEL);
    CHECK_STR(ecgrid_parcel_file_name(parcel), "order-1.x12");
    CHECK(memcmp(ecgrid_parcel_content(parcel), "ISA*", 4) == 0);
    CHECK_INT(strlen(ecgrid_parcel_content(parcel)), (int64_t)ecgrid_parcel_length(parcel));
    CHECK_INT(ecgrid_inbox_receive(left, NULL, NULL), ECGRID_OK);
    ecgrid_inbox_stop(left);
    CHECK_INT(ecgrid_inbox_receive(left, NULL, NULL), ECGRID_CANCELLED);
    ecgrid_parcel_free(parcel);
    ecgrid_inbox_free(left);
}

static void a_folder_is_free_when_the_last_handle_is_gone(void)
{
    ecgrid_inbox *first = NULL, *clone = NULL, *next = NULL;
    const char *path = folder();
    CHECK_INT(ecgrid_inbox_open(session, path, 0, &first, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_inbox_clone(first, &clone, NULL), ECGRID_OK);
    ecgrid_inbox_free(first);
    CHECK_INT(ecgrid_inbox_open(session, path, 0, &next, NULL), ECGRID_INVALID_STATE);
    CHECK_INT(ecgrid_inbox_receive(clone, NULL, NULL), ECGRID_OK);
    ecgrid_inbox_free(clone);
    CHECK_INT(ecgrid_inbox_open(session, path, 0, &next, NULL), ECGRID_OK);
    ecgrid_inbox_free(next);
}

static void a_stop_of_a_clone_is_no_stop_of_its_parent(void)
{
    ecgrid_outbox *clone = NULL, *late = NULL;
    CHECK_INT(ecgrid_outbox_clone(outbox, &clone, NULL), ECGRID_OK);
    ecgrid_outbox_stop(clone);
    CHECK_INT(ecgrid_outbox_send(clone, NULL, NULL), ECGRID_CANCELLED);
    CHECK_INT(ecgrid_outbox_clone(clone, &late, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_outbox_send(late, NULL, NULL), ECGRID_CANCELLED);
    CHECK_INT(ecgrid_outbox_send(outbox, NULL, NULL), ECGRID_OK);
    ecgrid_outbox_free(late);
    ecgrid_outbox_free(clone);
}

int main(void)
{
    ecgrid_client *client = client_for(said("SANDBOX_HTTP"));
    CHECK(folders_begin());
    CHECK_INT(ecgrid_session_login(client, USER, PASSWORD, &session, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_inbox_open(session, folder(), 0, &inbox, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_outbox_open(session, folder(), NULL, &outbox, NULL), ECGRID_OK);
    every_combination(rows, sizeof rows / sizeof *rows);
    what_cannot_fail_takes_null();
    numbers_that_are_no_ids_are_refused();
    a_parcel_outlives_its_session_and_an_inbox_too();
    a_folder_is_free_when_the_last_handle_is_gone();
    a_stop_of_a_clone_is_no_stop_of_its_parent();
    ecgrid_inbox_free(inbox);
    ecgrid_outbox_free(outbox);
    ecgrid_session_free(session);
    ecgrid_client_free(client);
    folders_end();
    return check_done();
}
