/* What is written to standard output and error between two calls. POSIX 2008. */
#ifndef CAPTURE_H
#define CAPTURE_H

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

struct capture {
    int kept[2];
    FILE *file;
};

static inline void capture_begin(struct capture *capture)
{
    fflush(NULL);
    capture->file = tmpfile();
    for (int i = 0; i < 2; i++) {
        capture->kept[i] = dup(i + 1);
        dup2(fileno(capture->file), i + 1);
    }
}

/* How many bytes there were; the first few in `text`. */
static inline long capture_end(struct capture *capture, char *text, size_t size)
{
    fflush(NULL);
    for (int i = 0; i < 2; i++) {
        dup2(capture->kept[i], i + 1);
        close(capture->kept[i]);
    }
    rewind(capture->file);
    size_t count = fread(text, 1, size - 1, capture->file);
    text[count] = '\0';
    fclose(capture->file);
    return (long)count;
}

#endif
