/* What nobody may do: two threads with one configuration. ThreadSanitizer must see it, or it would see nothing else. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>

#include "support.h"

static void *sets_it(void *config)
{
    for (int64_t i = 1; i <= 1000; i++) ecgrid_config_set_timeout_ms((ecgrid_config *)config, i, NULL);
    return NULL;
}

int main(void)
{
    ecgrid_config *config = ecgrid_config_new();
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) CHECK_INT(pthread_create(&threads[i], NULL, sets_it, config), 0);
    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    ecgrid_config_free(config);
    return check_done();
}
