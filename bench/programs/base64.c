/* One look-up for two characters that are written, and one for each that is read. */
#include "base64.h"
#include "bench.h"
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static char pairs[4096][2];
/* Of a character at each place of its group: its part of the three bytes, the first of them lowest. */
static uint32_t parts[4][256];

/* Beside any three bytes. */
#define NONE 0x1000000u

void base64_begin(void) {
    for (size_t pair = 0; pair < 4096; pair++) {
        pairs[pair][0] = alphabet[pair >> 6];
        pairs[pair][1] = alphabet[pair & 63];
    }
    for (size_t place = 0; place < 4; place++) {
        for (size_t byte = 0; byte < 256; byte++) parts[place][byte] = NONE;
        for (uint32_t value = 0; value < 64; value++) {
            const uint32_t bits = value << (18 - 6 * place);
            parts[place][(unsigned char)alphabet[value]] = bits >> 16 | (bits & 0xff00) | (bits & 0xff) << 16;
        }
    }
}

static void encode_group(char *to, uint32_t bits) {
    memcpy(to, pairs[bits >> 12], 2);
    memcpy(to + 2, pairs[bits & 4095], 2);
}

size_t base64_encode(char *to, const unsigned char *from, size_t length) {
    char *at = to;
    for (; length >= 3; length -= 3, from += 3, at += 4)
        encode_group(at, (uint32_t)from[0] << 16 | (uint32_t)from[1] << 8 | from[2]);
    if (length > 0) {
        encode_group(at, (uint32_t)from[0] << 16 | (length > 1 ? (uint32_t)from[1] << 8 : 0));
        memcpy(at + length + 1, "==", 3 - length);
        at += 4;
    }
    return (size_t)(at - to);
}

static uint32_t group(const char *from) {
    const unsigned char *four = (const unsigned char *)from;
    return parts[0][four[0]] | parts[1][four[1]] | parts[2][four[2]] | parts[3][four[3]];
}

/* On machines whose lowest byte is the first. */
size_t base64_decode(unsigned char *to, const char *from, size_t length) {
    unsigned char *at = to;
    char last[4] = {'A', 'A', 'A', 'A'};
    size_t padding = 0;
    uint32_t all = 0, bits;
    if (length == 0) return 0;
    if (length % 4 != 0) die("base64", "not whole");
    for (const char *end = from + length - 4; from < end; from += 4, at += 3) {
        bits = group(from);
        all |= bits;
        memcpy(at, &bits, 4);
    }
    while (padding < 2 && from[3 - padding] == '=') padding++;
    memcpy(last, from, 4 - padding);
    bits = group(last);
    memcpy(at, &bits, 3 - padding);
    if ((all | bits) & NONE) die("base64", "broken");
    return (size_t)(at - to) + 3 - padding;
}
