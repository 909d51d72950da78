/* Base64 by tables, for the contestant that has none of its own. */
#ifndef BASE64_H
#define BASE64_H

#include <stddef.h>

/* Before all else, and as often as anybody likes. */
void base64_begin(void);
/* Characters written, a multiple of four. */
size_t base64_encode(char *to, const unsigned char *from, size_t length);
/* Bytes written, of whole groups; padding may be in the last of them. Ends the program when it is no base64. */
size_t base64_decode(unsigned char *to, const char *from, size_t length);

#endif
