/* Reads the conformance table: steps as words, words decoded. README.md explains the form. */
#ifndef TABLE_H
#define TABLE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_WORDS 16

/* Text as the table has it: it may hold a NUL, and has one behind it. */
struct text {
    char *bytes;
    size_t length;
};

/* A step: what to do, and what comes of it. */
struct step {
    struct text words[MOST_WORDS];
    int count;
    struct text expected[MOST_WORDS];
    int expectations;
};

static void *must_have(void *memory)
{
    if (!memory) fputs("out of memory\n", stderr), exit(2);
    return memory;
}

static int table_is(struct text text, const char *word)
{
    return text.length == strlen(word) && memcmp(text.bytes, word, text.length) == 0;
}

/* The part of a word behind a name, as in `http=401`; NULL if it is another. */
static const char *table_value(struct text word, const char *name)
{
    size_t length = strlen(name);
    return strncmp(word.bytes, name, length) == 0 && word.bytes[length] == '=' ? word.bytes + length + 1 : NULL;
}

static struct text table_decoded(const char *word, size_t length)
{
    struct text text;
    char letter, hex[3] = {0};
    unsigned long times;
    if (sscanf(word, "{%c*%lu}", &letter, &times) == 2) {
        text.bytes = must_have(calloc(times + 1, 1));
        memset(text.bytes, letter, times);
        text.length = times;
        return text;
    }
    const char *key = getenv("SANDBOX_API_KEY");
    text.bytes = must_have(calloc(length + (key ? strlen(key) : 0) + 1, 1));
    text.length = 0;
    if (length == 1 && *word == '%') return text;
    for (size_t at = 0; at < length;) {
        if (key && strncmp(word + at, "{api-key}", 9) == 0) {
            memcpy(text.bytes + text.length, key, strlen(key));
            text.length += strlen(key);
            at += 9;
        } else if (word[at] == '%' && at + 2 < length) {
            memcpy(hex, word + at + 1, 2);
            text.bytes[text.length++] = (char)strtoul(hex, NULL, 16);
            at += 3;
        } else {
            text.bytes[text.length++] = word[at++];
        }
    }
    return text;
}

static struct step table_step(const char *line)
{
    struct step step = {0};
    int behind = 0;
    while (*(line += strspn(line, " "))) {
        size_t length = strcspn(line, " ");
        if (length == 2 && memcmp(line, "=>", 2) == 0) {
            behind = 1;
        } else {
            int *count = behind ? &step.expectations : &step.count;
            if (*count == MOST_WORDS) fprintf(stderr, "a step has too many words: %s\n", line), exit(2);
            (behind ? step.expected : step.words)[(*count)++] = table_decoded(line, length);
        }
        line += length;
    }
    return step;
}

static void table_free(struct step *step)
{
    for (int i = 0; i < step->count; i++) free(step->words[i].bytes);
    for (int i = 0; i < step->expectations; i++) free(step->expected[i].bytes);
}

/* The next line that says something, without its end; NULL at the end of the file. */
static char *table_line(FILE *file)
{
    static char line[65536];
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        if (*line && *line != '#') return line;
    }
    return NULL;
}

#endif
