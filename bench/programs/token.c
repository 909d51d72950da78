/* How long ecgrid_token_value takes: token URL CA N, after one login. */
#define _POSIX_C_SOURCE 200809L
#include <ecgrid.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now_ns(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e9 + (double)at.tv_nsec;
}

int main(int argc, char **argv) {
    ecgrid_config *config = ecgrid_config_new();
    ecgrid_client *client = NULL;
    ecgrid_token *token = NULL;
    const char *volatile value = NULL;
    double start, took;
    long calls = argc == 4 ? strtol(argv[3], NULL, 10) : 0;
    if (calls < 1) return fputs("usage: token URL CA N\n", stderr), 2;
    if (ecgrid_config_set_base_url(config, argv[1], NULL) != ECGRID_OK ||
        ecgrid_config_set_ca_file(config, argv[2], NULL) != ECGRID_OK ||
        ecgrid_client_new(config, &client, NULL) != ECGRID_OK ||
        ecgrid_client_login(client, "bench@example.com", "Sup3r$ecret!", &token, NULL) != ECGRID_OK)
        return fprintf(stderr, "%s\n", ecgrid_error_message(ecgrid_last_error())), 1;
    start = now_ns();
    for (long i = 0; i < calls; i++) value = ecgrid_token_value(token);
    took = now_ns() - start;
    if (value[0] == '\0') return fputs("no token\n", stderr), 1;
    printf("each %.3f\n", took / (double)calls);
    ecgrid_token_free(token);
    ecgrid_client_free(client);
    ecgrid_config_free(config);
    return 0;
}
