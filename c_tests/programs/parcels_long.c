/* A parcel of more than 2 GiB, to a file and back: PARCEL, BYTES, FOLDER. Neither takes memory of its length. */
#define _POSIX_C_SOURCE 200809L
#include <sys/stat.h>
#include <unistd.h>

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

static void went_well(ecgrid_status status)
{
    if (!CHECK_INT(status, ECGRID_OK)) printf("  %s\n", ecgrid_error_message(ecgrid_last_error()));
}

static void takes_little(const char *what, long before)
{
    const long more = peak() - before;
    printf("  %s: %ld KiB\n", what, more);
    CHECK(before > 0 && more <= 1024);
}

int main(void)
{
    ecgrid_client *client = client_for(said("SANDBOX_HTTPS"));
    ecgrid_session *session = NULL;
    char path[500];
    struct stat facts;
    int64_t sent = 0;
    snprintf(path, sizeof path, "%.400s/long.edi", said("FOLDER"));
    CHECK_INT(ecgrid_session_login(client, USER, PASSWORD, &session, NULL), ECGRID_OK);
    const long login = peak();
    went_well(ecgrid_session_download_file(session, atoll(said("PARCEL")), path, NULL));
    takes_little("down", login);
    CHECK(stat(path, &facts) == 0);
    CHECK_INT(facts.st_size, atoll(said("BYTES")));
    went_well(ecgrid_session_upload_file(session, path, NULL, NULL, &sent, NULL));
    takes_little("up", login);
    CHECK(sent > 0);
    CHECK(unlink(path) == 0);
    ecgrid_session_free(session);
    ecgrid_client_free(client);
    return check_done();
}
