/* libcurl and cJSON: parcels to and from files as a C programmer who knows them writes it. What comes is written under another
 * name, put on the disk, and linked to its own, which replaces nothing. */
#define _DEFAULT_SOURCE
#include "base64.h"
#include "bench.h"
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Bytes that are read or written at once: they stay in the cache, and need no memory of the file's length. */
#define PIECE (36 * 1024)

static void write_all(int fd, const unsigned char *bytes, size_t length) {
    while (length > 0) {
        ssize_t written = write(fd, bytes, length);
        if (written <= 0) die("write", "failed");
        bytes += written;
        length -= (size_t)written;
    }
}

/* The name is on the disk, too. */
static void sync_folder(const char *path) {
    char copy[500];
    int fd;
    snprintf(copy, sizeof copy, "%s", path);
    fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0) die("fsync", path);
    close(fd);
}

void contestant_download(void *caller, long parcel, const char *to) {
    char ask[40], part[500];
    const int asked = snprintf(ask, sizeof ask, "{\"parcelId\":%ld}", parcel);
    void *answer = contestant_post(caller, DOWNLOAD, ask, (size_t)asked);
    const char *content = contestant_content(answer);
    size_t left = strlen(content);
    unsigned char piece[PIECE];
    int fd;
    base64_begin();
    snprintf(part, sizeof part, "%s.part", to);
    fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) die("open", part);
    while (left > 0) {
        const size_t now = left < PIECE / 3 * 4 ? left : PIECE / 3 * 4;
        write_all(fd, piece, base64_decode(piece, content, now));
        content += now;
        left -= now;
    }
    contestant_free(answer);
    if (fsync(fd) != 0) die("fsync", part);
    close(fd);
    if (link(part, to) != 0 || unlink(part) != 0) die("link", to);
    sync_folder(to);
}

/* As much as there is room for, unless the file ends before. */
static size_t read_all(int fd, unsigned char *room, size_t length) {
    size_t have = 0;
    while (have < length) {
        ssize_t count = read(fd, room + have, length - have);
        if (count < 0) die("read", "failed");
        if (count == 0) break;
        have += (size_t)count;
    }
    return have;
}

/* The body in one piece, made by hand: nothing in it needs an escape. */
void contestant_upload(void *caller, const char *from) {
    static const char head[] = "{\"fileName\":\"bench.edi\",\"content\":\"", tail[] = "\"}";
    const int fd = open(from, O_RDONLY | O_CLOEXEC);
    unsigned char piece[PIECE];
    struct stat facts;
    size_t room, length = sizeof head - 1, now;
    char *body;
    void *answer;
    if (fd < 0 || fstat(fd, &facts) != 0) die("open", from);
    base64_begin();
    room = sizeof head + ((size_t)facts.st_size + 2) / 3 * 4 + sizeof tail;
    body = allocate(room);
    memcpy(body, head, length);
    while ((now = read_all(fd, piece, PIECE)) > 0) {
        if (length + (now + 2) / 3 * 4 + sizeof tail > room) die("read", "the file has grown");
        length += base64_encode(body + length, piece, now);
    }
    close(fd);
    memcpy(body + length, tail, sizeof tail - 1);
    length += sizeof tail - 1;
    answer = contestant_post(caller, UPLOAD, body, length);
    if (contestant_parcel(answer) == 0) die("upload", "no parcel in the answer");
    contestant_free(answer);
    free(body);
}
