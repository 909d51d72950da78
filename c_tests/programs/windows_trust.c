/* On Windows the system judges certificates: by its stores as they are at that moment, without asking anybody whether one
 * was revoked; and what it fetches ends with the call. First run with "strangers", which ends by adding the authorities to
 * the machine's stores, then with "trusted". */
#include <winsock2.h>
#include <ws2tcpip.h>

#include <windows.h>

#include <wincrypt.h>

#include "background.h"

/* The first certificate of a PEM file. */
static PCCERT_CONTEXT certificate_in(const char *file)
{
    static char pem[20000];
    static BYTE der[20000];
    DWORD size = sizeof der;
    FILE *open = fopen(file, "rb");
    if (!CHECK(open != NULL)) exit(check_done());
    pem[fread(pem, 1, sizeof pem - 1, open)] = '\0';
    fclose(open);
    CHECK(CryptStringToBinaryA(pem, 0, CRYPT_STRING_BASE64HEADER, der, &size, NULL, NULL));
    return CertCreateCertificateContext(X509_ASN_ENCODING, der, size);
}

/* For all of this machine: a user is asked before a root is added to his own. */
static HCERTSTORE store_called(const wchar_t *name)
{
    HCERTSTORE store = CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0, CERT_SYSTEM_STORE_LOCAL_MACHINE, name);
    if (!CHECK(store != NULL)) exit(check_done());
    return store;
}

static void put(const wchar_t *name, const char *file)
{
    HCERTSTORE store = store_called(name);
    PCCERT_CONTEXT certificate = certificate_in(file);
    CHECK(CertAddCertificateContextToStore(store, certificate, CERT_STORE_ADD_REPLACE_EXISTING, NULL));
    CertFreeCertificateContext(certificate);
    CertCloseStore(store, 0);
}

static void take_back(const wchar_t *name, const char *file)
{
    HCERTSTORE store = store_called(name);
    PCCERT_CONTEXT certificate = certificate_in(file);
    PCCERT_CONTEXT found = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_EXISTING, certificate, NULL);
    CHECK(found && CertDeleteCertificateFromStore(found));
    CertFreeCertificateContext(certificate);
    CertCloseStore(store, 0);
}

/* Wine's chain engine reads the roots once in a process, and never what is distrusted. */
static int is_wine(void)
{
    return GetProcAddress(GetModuleHandleA("ntdll.dll"), "wine_get_version") != NULL;
}

static ecgrid_config *config_of(const char *url, const char *ca_file)
{
    ecgrid_config *config = ecgrid_config_new();
    CHECK_INT(ecgrid_config_set_base_url(config, url, NULL), ECGRID_OK);
    CHECK_INT(ecgrid_config_set_max_attempts(config, 1, NULL), ECGRID_OK);
    if (ca_file) CHECK_INT(ecgrid_config_set_ca_file(config, ca_file, NULL), ECGRID_OK);
    return config;
}

static void login_gives(const ecgrid_client *client, ecgrid_status expected, const char *words)
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
}

/* Takes the configuration. Twice: nothing is remembered of a refused server. */
static void a_client_gets(ecgrid_config *config, ecgrid_status expected, const char *words)
{
    ecgrid_client *client = client_of(config);
    login_gives(client, expected, words);
    login_gives(client, expected, words);
    ecgrid_client_free(client);
}

static void server_gives(const char *name, ecgrid_status expected, const char *words)
{
    check_row = name;
    a_client_gets(config_of(said(name), NULL), expected, words);
    check_row = "";
}

static void a_stranger_is_refused_until_it_is_trusted(const char *name, const char *ca)
{
    ecgrid_client *client = client_of(config_of(said(name), NULL));
    check_row = name;
    login_gives(client, ECGRID_TLS, "unknown to Windows");
    login_gives(client, ECGRID_TLS, "(0x800B010");
    login_gives(client, ECGRID_TLS, "name its file as the CA file");
    put(L"ROOT", said(ca));
    if (!is_wine()) login_gives(client, ECGRID_OK, "");
    ecgrid_client_free(client);
    check_row = "";
}

static void an_address_is_compared_with_the_addresses_of_a_certificate(void)
{
    char url[100];
    snprintf(url, sizeof url, "https://127.0.0.1:%s", strrchr(said("SANDBOX"), ':') + 1);
    a_client_gets(config_of(url, NULL), ECGRID_OK, "");
    snprintf(url, sizeof url, "https://127.0.0.1:%s", strrchr(said("SANDBOX_OTHER_HOST"), ':') + 1);
    a_client_gets(config_of(url, NULL), ECGRID_TLS, "not for 127.0.0.1 but for elsewhere.invalid");
}

static void a_bad_certificate_is_refused(void)
{
    server_gives("SANDBOX_EXPIRED", ECGRID_TLS, "expired on ");
    server_gives("SANDBOX_EXPIRED", ECGRID_TLS, "(0x800B0101)");
    server_gives("SANDBOX_NOT_YET", ECGRID_TLS, "is this machine's clock right?");
    server_gives("SANDBOX_OTHER_HOST", ECGRID_TLS, "not for localhost but for elsewhere.invalid");
    server_gives("SANDBOX_OTHER_AUTHORITY", ECGRID_TLS, "unknown to Windows");
    server_gives("SANDBOX_SELF_SIGNED", ECGRID_TLS, "unknown to Windows");
}

static void what_is_distrusted_is_refused(void)
{
    if (is_wine()) return;
    put(L"Disallowed", said("SANDBOX_CA"));
    server_gives("SANDBOX", ECGRID_TLS, "(0x800B0111)");
    take_back(L"Disallowed", said("SANDBOX_CA"));
    server_gives("SANDBOX", ECGRID_OK, "");
}

static void a_ca_file_is_judged_without_the_system(void)
{
    a_client_gets(config_of(said("SANDBOX"), said("ROOT_CA")), ECGRID_TLS, said("ROOT_CA"));
    a_client_gets(config_of(said("REVOCABLE"), said("ROOT_CA")), ECGRID_OK, "");
    SetEnvironmentVariableA("SSL_CERT_FILE", said("ROOT_CA"));
    server_gives("SANDBOX", ECGRID_TLS, said("ROOT_CA"));
    server_gives("REVOCABLE", ECGRID_OK, "");
    SetEnvironmentVariableA("SSL_CERT_FILE", NULL);
}

static void many_are_judged_at_once(void)
{
    enum { MANY = 16 };
    ecgrid_client *clients[MANY];
    struct background calls[MANY];
    for (int i = 0; i < MANY; i++) {
        clients[i] = client_of(config_of(said(i % 2 ? "SANDBOX" : "SANDBOX_OTHER_AUTHORITY"), NULL));
        background_begin(&calls[i], clients[i], USER);
    }
    for (int i = 0; i < MANY; i++) {
        CHECK_INT(background_end(&calls[i]), i % 2 ? ECGRID_OK : ECGRID_TLS);
        ecgrid_client_free(clients[i]);
    }
}

/* The runner looks whether their addresses were asked: of these only the first. */
static void only_what_is_missing_is_fetched_and_nothing_past_a_proxy(void)
{
    server_gives("FETCHED", ECGRID_OK, "");
    server_gives("REVOCABLE", ECGRID_OK, "");
    ecgrid_config *config = config_of(said("PROXIED"), NULL);
    CHECK_INT(ecgrid_config_set_proxy(config, said("PROXY"), NULL), ECGRID_OK);
    a_client_gets(config, ECGRID_TLS, "may not fetch it past the proxy");
}

static void a_fetch_that_hangs_ends_with_the_connect_timeout(void)
{
    ecgrid_config *config = config_of(said("HANGING"), NULL);
    CHECK_INT(ecgrid_config_set_connect_timeout_ms(config, 700, NULL), ECGRID_OK);
    a_client_gets(config, ECGRID_TIMEOUT, "the connect timeout of 700 ms passed while Windows checked the certificate");
}

/* Without the cancel it would be a timeout, of whatever length. */
static void a_fetch_that_hangs_ends_with_a_cancel(void)
{
    ecgrid_config *config = config_of(said("CANCELLED"), NULL);
    CHECK_INT(ecgrid_config_set_connect_timeout_ms(config, 60000, NULL), ECGRID_OK);
    ecgrid_client *client = client_of(config);
    struct background call;
    background_begin(&call, client, USER);

    WSADATA about;
    WSAStartup(MAKEWORD(2, 2), &about);
    SOCKET watch = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((u_short)atoi(said("WATCH_PORT")));
    char byte;
    CHECK_INT(connect(watch, (struct sockaddr *)&address, sizeof address), 0);
    CHECK_INT(recv(watch, &byte, 1, 0), 1);
    closesocket(watch);

    ecgrid_client_cancel(client);
    CHECK_INT(background_end(&call), ECGRID_CANCELLED);
    CHECK_INT(call.outcome, ECGRID_OUTCOME_NOT_SENT);
    ecgrid_client_free(client);
}

/* Whatever else is wrong with the certificates below them. */
static void the_authorities_become_trusted(void)
{
    const char *names[] = {"SANDBOX_EXPIRED_CA", "SANDBOX_NOT_YET_CA", "SANDBOX_OTHER_HOST_CA", "ROOT_CA"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) put(L"ROOT", said(names[i]));
}

int main(int count, char **words)
{
    if (count == 2 && strcmp(words[1], "strangers") == 0) {
        a_stranger_is_refused_until_it_is_trusted("SANDBOX", "SANDBOX_CA");
        a_stranger_is_refused_until_it_is_trusted("TLS12", "TLS12_CA");
        the_authorities_become_trusted();
        return check_done();
    }
    server_gives("SANDBOX", ECGRID_OK, "");
    server_gives("TLS12", ECGRID_OK, "");
    an_address_is_compared_with_the_addresses_of_a_certificate();
    a_bad_certificate_is_refused();
    what_is_distrusted_is_refused();
    a_ca_file_is_judged_without_the_system();
    many_are_judged_at_once();
    only_what_is_missing_is_fetched_and_nothing_past_a_proxy();
    a_fetch_that_hangs_ends_with_the_connect_timeout();
    a_fetch_that_hangs_ends_with_a_cancel();
    return check_done();
}
