/* A parcel of more than 2 GiB: PARCEL, if that is set, to FILE; else FILE as a parcel. It takes no memory of its length. */
#include "support.h"

/* The most memory that this process had so far, in KiB. */
static long peak(void)
{
    char line[200];
    long most = -1;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status)) {
        if (strncmp(line, "VmHWM:", 6) == 0) most = atol(line + 6);
    }
    if (status) fclose(status);
    return most;
}

int main(void)
{
    ecgrid_client *client = client_for(said("SANDBOX_HTTPS"));
    ecgrid_session *session = NULL;
    const char *parcel = getenv("PARCEL");
    int64_t sent = 0;
    CHECK_INT(ecgrid_session_login(client, USER, PASSWORD, &session, NULL), ECGRID_OK);
    const long login = peak();
    const ecgrid_status status = parcel ? ecgrid_session_download_file(session, atoll(parcel), said("FILE"), NULL)
                                        : ecgrid_session_upload_file(session, said("FILE"), NULL, NULL, &sent, NULL);
    if (!CHECK_INT(status, ECGRID_OK)) printf("  %s\n", ecgrid_error_message(ecgrid_last_error()));
    CHECK(parcel || sent > 0);
    const long more = peak() - login;
    printf("  %ld KiB\n", more);
    CHECK(login > 0 && more <= 1024);
    ecgrid_session_free(session);
    ecgrid_client_free(client);
    return check_done();
}
