/* Parcels between the server and files, each N times with the token of one login, and timed:
 *   PROGRAM URL CA nothing 1           the login alone
 *   PROGRAM URL CA download TO N       a parcel to the file TO, which is removed off the clock
 *   PROGRAM URL CA upload FROM N       the file FROM as a parcel */
#include "bench.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
    struct target target = {0};
    const char *mode = argc > 3 ? argv[3] : "";
    const int downloads = strcmp(mode, "download") == 0, uploads = strcmp(mode, "upload") == 0;
    int64_t *took;
    void *caller;
    long times;
    if (argc != (downloads || uploads ? 6 : 5)) die("usage", "PROGRAM URL CA nothing 1 | download TO N | upload FROM N");
    begin(&target, argv[1], argv[2]);
    target.calls = target.large = 1;
    times = number(argv[argc - 1]);
    took = allocate((size_t)times * sizeof *took);
    contestant_start(&target);
    caller = contestant_open();
    for (long i = 0; i < times && (downloads || uploads); i++) {
        int64_t start;
        if (downloads) remove(argv[4]);
        start = now_ns();
        if (downloads) contestant_download(caller, argv[4]);
        else contestant_upload(caller, argv[4]);
        took[i] = now_ns() - start;
    }
    contestant_close(caller);
    contestant_stop();
    fputs("ns", stdout);
    for (long i = 0; i < times; i++) printf(" %" PRId64, downloads || uploads ? took[i] : 0);
    putchar('\n');
    free(took);
    return 0;
}
