/* A machine whose trust store changes while a program runs: each new client has it as it is then. */
#define _GNU_SOURCE
#include <sys/stat.h>

#include "empty_root.h"

#define BUNDLE "/etc/ssl/certs/ca-certificates.crt"

static char ours[20000], theirs[20000];

static void read_all(const char *path, char *content, size_t size)
{
    FILE *file = fopen(path, "rb");
    if (!CHECK(file != NULL)) exit(check_done());
    content[fread(content, 1, size - 1, file)] = '\0';
    fclose(file);
}

static void the_machine_trusts(const char *content)
{
    FILE *file = fopen(BUNDLE ".new", "wb");
    if (!CHECK(file != NULL)) exit(check_done());
    fputs(content, file);
    fclose(file);
    CHECK_INT(rename(BUNDLE ".new", BUNDLE), 0);
}

static void the_machine_trusts_in_place(const char *content)
{
    FILE *file = fopen(BUNDLE, "wb");
    if (!CHECK(file != NULL)) exit(check_done());
    fputs(content, file);
    fclose(file);
}

static ecgrid_client *new_client(const char *url)
{
    ecgrid_config *config = ecgrid_config_new();
    CHECK_INT(ecgrid_config_set_base_url(config, url, NULL), ECGRID_OK);
    return client_of(config);
}

static void is_refused(const char *url, const char *why)
{
    ecgrid_config *config = ecgrid_config_new();
    ecgrid_client *client = NULL;
    ecgrid_error *error = NULL;
    CHECK_INT(ecgrid_config_set_base_url(config, url, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_client_new(config, &client, &error), ECGRID_INVALID_CONFIGURATION);
    CHECK(client == NULL);
    CHECK_INT(ecgrid_error_outcome(error), ECGRID_OUTCOME_NOT_SENT);
    CHECK_HAS(ecgrid_error_message(error), BUNDLE);
    CHECK_HAS(ecgrid_error_message(error), why);
    ecgrid_error_free(error);
    ecgrid_config_free(config);
}

int main(void)
{
    char url[100];
    snprintf(url, sizeof url, "https://127.0.0.1%s", strrchr(said("SANDBOX_HTTPS"), ':'));
    read_all(said("SANDBOX_CA"), ours, sizeof ours);
    read_all(said("OTHER_CA"), theirs, sizeof theirs);
    if (!CHECK(enter_empty_root(said("EMPTY_ROOT")))) return check_done();
    CHECK_INT(mkdir("/etc", 0755), 0);
    CHECK_INT(mkdir("/etc/ssl", 0755), 0);
    CHECK_INT(mkdir("/etc/ssl/certs", 0755), 0);

    the_machine_trusts(theirs);
    ecgrid_client *before = new_client(url);
    CHECK_INT(log_in(before), ECGRID_TLS);
    the_machine_trusts(ours);
    ecgrid_client *after = new_client(url);
    CHECK_INT(log_in(after), ECGRID_OK);
    /* What a client trusts is settled when it is made. */
    CHECK_INT(log_in(before), ECGRID_TLS);
    the_machine_trusts_in_place(theirs);
    ecgrid_client *last = new_client(url);
    CHECK_INT(log_in(last), ECGRID_TLS);
    CHECK_INT(log_in(after), ECGRID_OK);

    /* One that is there and cannot be used is an error, and no reason to trust others. */
    the_machine_trusts("");
    is_refused(url, "no PEM certificate");
    the_machine_trusts("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    is_refused(url, "none of its certificates");
    /* One that cannot even be looked at is there all the same. */
    CHECK_INT(unlink(BUNDLE), 0);
    CHECK_INT(symlink(BUNDLE, BUNDLE), 0);
    is_refused(url, "symbolic links");
    /* A client that needs no certificates is made all the same. */
    ecgrid_client_free(new_client("http://127.0.0.1:1"));
    the_machine_trusts(ours);
    ecgrid_client *again = new_client(url);
    CHECK_INT(log_in(again), ECGRID_OK);

    ecgrid_client_free(before);
    ecgrid_client_free(after);
    ecgrid_client_free(last);
    ecgrid_client_free(again);
    return check_done();
}
