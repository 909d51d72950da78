/* Parcels between the server and files, each N times with the token of one login, and timed:
 *   PROGRAM URL CA nothing                the login alone
 *   PROGRAM URL CA download PARCEL TO N   a parcel to the file TO, which is removed off the clock, but for the last one
 *   PROGRAM URL CA upload FROM N          the file FROM as a parcel */
#include "bench.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static long parcel;
static const char *path;

static void nothing(void *caller) { (void)caller; }
static void download(void *caller) { contestant_download(caller, parcel, path); }
static void upload(void *caller) { contestant_upload(caller, path); }

/* One write at the end, however many numbers there are. */
static char printed[1 << 16];

int main(int argc, char **argv) {
    struct target target = {0};
    const char *mode = argc > 3 ? argv[3] : "";
    void (*act)(void *) = NULL;
    long times = 1;
    void *caller;
    if (argc == 4 && strcmp(mode, "nothing") == 0) act = nothing;
    if (argc == 6 && strcmp(mode, "upload") == 0) act = upload, path = argv[4];
    if (argc == 7 && strcmp(mode, "download") == 0) act = download, parcel = number(argv[4]), path = argv[5];
    if (!act) die("usage", "PROGRAM URL CA nothing | download PARCEL TO N | upload FROM N");
    if (act != nothing) times = number(argv[argc - 1]);
    setvbuf(stdout, printed, _IOFBF, sizeof printed);
    begin(&target, argv[1], argv[2]);
    target.calls = target.large = 1;
    contestant_start(&target);
    caller = contestant_open();
    fputs("ns", stdout);
    for (long i = 0; i < times; i++) {
        int64_t start;
        if (act == download) remove(path);
        start = now_ns();
        act(caller);
        printf(" %" PRId64, now_ns() - start);
    }
    putchar('\n');
    contestant_close(caller);
    contestant_stop();
    return 0;
}
