/* libecgrid: parcels to and from files, as its header has it. */
#include "bench.h"
#include <ecgrid.h>

ecgrid_session *ours_session(void);

void contestant_download(void *caller, long parcel, const char *to) {
    (void)caller;
    if (ecgrid_session_download_file(ours_session(), parcel, to, NULL) != ECGRID_OK)
        die("libecgrid", ecgrid_error_message(ecgrid_last_error()));
}

void contestant_upload(void *caller, const char *from) {
    int64_t parcel = 0;
    (void)caller;
    if (ecgrid_session_upload_file(ours_session(), from, "bench.edi", NULL, &parcel, NULL) != ECGRID_OK || parcel == 0)
        die("libecgrid", ecgrid_error_message(ecgrid_last_error()));
}
