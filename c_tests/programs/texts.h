/* Texts of every kind, for tables of what a function does with them. None passes for a new password. */
#ifndef TEXTS_H
#define TEXTS_H

enum kind { EMPTY, NOT_UTF8, CONTROL, NOT_HEADER, ODD, KINDS };

static const struct {
    enum kind kind;
    const char *text;
} texts[] = {
    {EMPTY, ""},
    {NOT_UTF8, "\xff\xfe"},
    {NOT_UTF8, "Cut 1 \xc3"},
    {NOT_UTF8, "0verlong \xc0\x80"},
    {NOT_UTF8, "Surrogate 1 \xed\xa0\x80"},
    {NOT_UTF8, "Beyond 1 Unicode \xf4\x90\x80\x80"},
    {NOT_UTF8, "Latin-1 M\xfcller"},
    {CONTROL, "a line\n"},
    {CONTROL, "a\r\nX-Injected: yes"},
    {CONTROL, "\x01"},
    {CONTROL, "a\tb"},
    {CONTROL, "\x7f"},
    {CONTROL, "C1 \xc2\x85"},
    {NOT_HEADER, "M\xc3\xbcller"},
    {NOT_HEADER, " begins with a space"},
    {NOT_HEADER, "ends with a space "},
    {NOT_HEADER, "\xf0\x9f\x98\x80"},
    {ODD, "\"quoted\" \\ {json} %00 %s %n"},
};

#endif
