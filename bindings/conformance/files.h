/* The files of a case, and what has become of them. Included by conformance.c. */
#ifndef FILES_H
#define FILES_H

#include <ctype.h>
#include <dirent.h>

enum { MOST_FILES = 32 };

/* Those that are not hidden, in the order of their bytes. */
struct names {
    char text[MOST_FILES][256];
    int count;
};

static int in_order(const void *one, const void *other)
{
    return strcmp(one, other);
}

static struct names names_in(const char *path)
{
    struct names names = {.count = 0};
    DIR *folder = opendir(path);
    if (!folder) fail("there is no folder %s", path);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        if (*entry->d_name == '.') continue;
        if (names.count == MOST_FILES) fputs("a folder has too many files\n", stderr), exit(2);
        snprintf(names.text[names.count++], sizeof names.text[0], "%s", entry->d_name);
    }
    if (folder) closedir(folder);
    qsort(names.text, (size_t)names.count, sizeof names.text[0], in_order);
    return names;
}

/* A star at the beginning stands for a number. */
static int is_named(const char *name, const char *pattern)
{
    if (*pattern == '*') {
        const char *digits = name;
        while (isdigit((unsigned char)*name)) name++;
        if (name == digits) return 0;
        pattern++;
    }
    return strcmp(name, pattern) == 0;
}

static void write_file(const char *path, struct text content)
{
    FILE *file = fopen(path, "wb");
    int is_written = file && fwrite(content.bytes, 1, content.length, file) == content.length;
    if (file && fclose(file) != 0) is_written = 0;
    if (!is_written) fail("%s cannot be written", path);
}

static void look_into(const char *path, const struct text *patterns, int count)
{
    struct names names = names_in(path);
    int is_so = names.count == count;
    for (int i = 0; is_so && i < count; i++) is_so = is_named(names.text[i], patterns[i].bytes);
    if (is_so) return;
    fail("%s holds something else:", path);
    for (int i = 0; i < names.count; i++) printf("  %s\n", names.text[i]);
}

static void compare_file(const char *pattern, struct text expected)
{
    const char *name = strrchr(pattern, '/') + 1;
    char path[1024] = {0};
    snprintf(path, sizeof path, "%.*s", (int)(name - pattern), pattern);
    struct names names = names_in(path);
    int at = 0;
    while (at < names.count && !is_named(names.text[at], name)) at++;
    if (at == names.count) {
        fail("there is no %s", pattern);
        return;
    }
    snprintf(path, sizeof path, "%.*s%s", (int)(name - pattern), pattern, names.text[at]);
    FILE *file = fopen(path, "rb");
    /* One more than there should be. */
    char *content = must_have(malloc(expected.length + 1));
    size_t length = file ? fread(content, 1, expected.length + 1, file) : 0;
    if (!file || length != expected.length || memcmp(content, expected.bytes, length) != 0) fail("%s has another content", path);
    if (file) fclose(file);
    free(content);
}

#endif
