/* Whose certificates are believed: a CA file's, else those of SSL_CERT_FILE; and what is said of files that are bad. */
#define _POSIX_C_SOURCE 200809L
#include "environment.h"
#include "support.h"

#define FOLDER_SIZE 500

static char place[FOLDER_SIZE + 50];

/* A file of that name in the runner's folder. */
static const char *at(const char *name)
{
    snprintf(place, sizeof place, "%.*s/%s", FOLDER_SIZE, said("SCRATCH"), name);
    return place;
}

static const char *written(const char *name, const char *content)
{
    FILE *file = fopen(at(name), "wb");
    if (!CHECK(file != NULL)) exit(check_done());
    fputs(content, file);
    fclose(file);
    return place;
}

static char *content_of(const char *path)
{
    static char content[20000];
    FILE *file = fopen(path, "rb");
    if (!CHECK(file != NULL)) exit(check_done());
    content[fread(content, 1, sizeof content - 1, file)] = '\0';
    fclose(file);
    return content;
}

static ecgrid_client *client_trusting(const char *ca_file)
{
    ecgrid_config *config = ecgrid_config_new();
    CHECK_INT(ecgrid_config_set_base_url(config, said("SANDBOX_HTTPS"), NULL), ECGRID_OK);
    if (ca_file) CHECK_INT(ecgrid_config_set_ca_file(config, ca_file, NULL), ECGRID_OK);
    return client_of(config);
}

static void login_gives(ecgrid_client *client, ecgrid_status expected, const char *words)
{
    ecgrid_token *token = NULL;
    ecgrid_error *error = NULL;
    CHECK_INT(ecgrid_client_login(client, USER, PASSWORD, &token, &error), expected);
    if (error) {
        CHECK_HAS(ecgrid_error_message(error), words);
        CHECK_INT(ecgrid_error_outcome(error), ECGRID_OUTCOME_NOT_SENT);
    }
    ecgrid_token_free(token);
    ecgrid_error_free(error);
    ecgrid_client_free(client);
}

static void ssl_cert_file_is_honoured(void)
{
    setenv("SSL_CERT_FILE", said("SANDBOX_CA"), 1);
    login_gives(client_trusting(NULL), ECGRID_OK, "");
    setenv("SSL_CERT_FILE", said("OTHER_CA"), 1);
    login_gives(client_trusting(NULL), ECGRID_TLS, said("OTHER_CA"));
    login_gives(client_trusting(NULL), ECGRID_TLS, "name its file as the CA file"); /* that one is not the program's to change */
    unsetenv("SSL_CERT_FILE");
}

static void a_ca_file_replaces_everything_else(void)
{
    setenv("SSL_CERT_FILE", said("SANDBOX_CA"), 1);
    login_gives(client_trusting(said("OTHER_CA")), ECGRID_TLS, said("OTHER_CA"));
    setenv("SSL_CERT_FILE", said("OTHER_CA"), 1);
    login_gives(client_trusting(said("SANDBOX_CA")), ECGRID_OK, "");
    setenv("SSL_CERT_FILE", "/no/such/file", 1);
    login_gives(client_trusting(said("SANDBOX_CA")), ECGRID_OK, "");
    unsetenv("SSL_CERT_FILE");
}

static void a_ca_file_is_read_once(void)
{
    const char *copy = written("copy.pem", content_of(said("SANDBOX_CA")));
    ecgrid_client *client = client_trusting(copy);
    CHECK_INT(unlink(copy), 0);
    login_gives(client, ECGRID_OK, "");

    setenv("SSL_CERT_FILE", written("copy.pem", content_of(said("SANDBOX_CA"))), 1);
    client = client_trusting(NULL);
    CHECK_INT(unlink(at("copy.pem")), 0);
    login_gives(client, ECGRID_OK, "");
    unsetenv("SSL_CERT_FILE");
}

/* Whatever stands around the certificates, and however lines end. */
static void a_ca_file_may_hold_more(void)
{
    static char both[60000];
    snprintf(both, sizeof both, "# our own\n\n%s", content_of(said("OTHER_CA")));
    strncat(both, content_of(said("SANDBOX_CA")), 20000);
    login_gives(client_trusting(written("both.pem", both)), ECGRID_OK, "");
}

static void refused(const char *path, const char *reason)
{
    check_row = path;
    ecgrid_config *config = ecgrid_config_new();
    ecgrid_client *client = NULL;
    for (int from_environment = 0; from_environment < 2; from_environment++) {
        ecgrid_error *error = NULL;
        if (from_environment) {
            setenv("SSL_CERT_FILE", path, 1);
            ecgrid_config_free(config);
            config = ecgrid_config_new();
        } else {
            CHECK_INT(ecgrid_config_set_ca_file(config, path, NULL), ECGRID_OK);
        }
        CHECK_INT(ecgrid_client_new(config, &client, &error), ECGRID_INVALID_CONFIGURATION);
        CHECK_HAS(ecgrid_error_message(error), path);
        CHECK_HAS(ecgrid_error_message(error), reason);
        if (from_environment) CHECK_HAS(ecgrid_error_message(error), "SSL_CERT_FILE");
        ecgrid_error_free(error);
        ecgrid_client_free(client);
    }
    unsetenv("SSL_CERT_FILE");
    ecgrid_config_free(config);
    check_row = "";
}

static void bad_files_are_named_with_the_reason(void)
{
    refused(at("missing.pem"), "o such file");
    refused(said("SCRATCH"), "directory");
    refused(written("empty.pem", ""), "no PEM certificate");
    refused(written("words.pem", "these are not the certificates\n"), "no PEM certificate");
    refused(written("broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), "can be read");
    refused(written("key.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), "no PEM certificate");
}

int main(void)
{
    unsetenv("SSL_CERT_FILE");
    ssl_cert_file_is_honoured();
    a_ca_file_replaces_everything_else();
    a_ca_file_is_read_once();
    a_ca_file_may_hold_more();
    bad_files_are_named_with_the_reason();
    return check_done();
}
