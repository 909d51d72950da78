/* Functions in a table, called with NULL for every pointer in every combination. */
#ifndef NULL_TABLE_H
#define NULL_TABLE_H

#include "support.h"

static char marks[4];

/* What stands in a result before the call, so that "set to NULL" and "not touched" are two things. */
#define MARKED(type) ((type *)(void *)marks)
enum place { EMPTIED, UNTOUCHED, FILLED };
#define PLACE(pointer) ((pointer) == NULL ? EMPTIED : (void *)(pointer) == (void *)marks ? UNTOUCHED : FILLED)

/* Argument `n`, or NULL if this combination wants it so. */
#define GIVEN(n, pointer) (null & (1u << (n)) ? NULL : (pointer))

#define RESULT(call, type, release) \
    type *result = MARKED(type);    \
    ecgrid_status status = call;    \
    *place = PLACE(result);         \
    if (*place == FILLED) release(result); \
    return status

struct row {
    const char *function;
    unsigned pointers; /* besides `error` */
    unsigned required; /* a bit for each that must not be NULL */
    int result;        /* which of them is the out-pointer; -1 for none */
    ecgrid_status (*call)(unsigned null, enum place *place, ecgrid_error **error);
};

static inline void one_combination(const struct row *row, unsigned null, int with_error)
{
    enum place place;
    ecgrid_error *error = MARKED(ecgrid_error);
    ecgrid_status status = row->call(null, &place, with_error ? &error : NULL);
    int good = (null & row->required) == 0;
    int has_result = row->result >= 0 && !(null & (1u << row->result));

    CHECK_INT(status, good ? ECGRID_OK : ECGRID_INVALID_ARGUMENT);
    CHECK_INT(place, !has_result ? UNTOUCHED : good ? FILLED : EMPTIED);
    CHECK_INT(ecgrid_error_status(ecgrid_last_error()), status);
    if (!with_error) return;
    CHECK_INT(PLACE(error), good ? EMPTIED : FILLED);
    if (good) return;
    CHECK_INT(ecgrid_error_status(error), ECGRID_INVALID_ARGUMENT);
    CHECK_INT(ecgrid_error_outcome(error), ECGRID_OUTCOME_NOT_SENT);
    CHECK_INT(ecgrid_error_http_status(error), 0);
    CHECK(is_one_line(ecgrid_error_message(error)));
    CHECK_HAS(ecgrid_error_message(error), "NULL");
    CHECK_STR(ecgrid_error_code(error), "");
    CHECK_INT(ecgrid_error_retry_after_ms(error), -1);
    ecgrid_error_free(error);
}

static inline void every_combination(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (unsigned null = 0; null < 1u << rows[i].pointers; null++) {
            char name[100];
            snprintf(name, sizeof name, "%s with NULLs %u", rows[i].function, null);
            check_row = name;
            one_combination(&rows[i], null, 1);
            one_combination(&rows[i], null, 0);
            check_row = "";
        }
        printf("covers %s\n", rows[i].function);
    }
}

#endif
