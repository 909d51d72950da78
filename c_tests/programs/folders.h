/* A folder of the test's own, and what is made in it. */
#ifndef FOLDERS_H
#define FOLDERS_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef _WIN32
#include <io.h>
#define mkdir(path, mode) mkdir(path)
#endif

static char folder_root[400];

/* A path below it that nothing has. */
static inline const char *fresh(const char *what)
{
    static char path[500];
    static int number;
    snprintf(path, sizeof path, "%.400s/%s%d", folder_root, what, number++);
    return path;
}

/* Makes the folder of the test. */
static inline int folders_begin(void)
{
    const char *place = getenv("TMPDIR");
    for (int number = (int)getpid(); number > 0; number += 1000) {
        snprintf(folder_root, sizeof folder_root, "%.300s/ecgrid-c-%d", place ? place : "/tmp", number);
        if (mkdir(folder_root, 0700) == 0) return 1;
    }
    return 0;
}

static inline void folders_remove(const char *path)
{
    DIR *directory = opendir(path);
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        char inside[800];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        snprintf(inside, sizeof inside, "%.500s/%.255s", path, entry->d_name);
        if (unlink(inside) != 0) folders_remove(inside);
    }
    if (directory) closedir(directory);
    rmdir(path);
}

static inline void folders_end(void)
{
    folders_remove(folder_root);
}

#endif
