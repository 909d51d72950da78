/* Credentials of any bytes: CREDENTIALS names a file of login NUL password NUL pairs that the server knows. */
#include "support.h"

int main(void)
{
    FILE *file = fopen(said("CREDENTIALS"), "rb");
    if (!CHECK(file != NULL)) return check_done();
    static char all[4 << 20];
    size_t size = fread(all, 1, sizeof all - 1, file);
    fclose(file);
    ecgrid_client *client = client_for(said("SANDBOX_HTTP"));
    for (char *login = all; login < all + size;) {
        char *password = login + strlen(login) + 1;
        ecgrid_token *token = NULL;
        ecgrid_error *error = NULL;
        check_row = login;
        if (!CHECK_INT(ecgrid_client_login(client, login, password, &token, &error), ECGRID_OK))
            printf("  %s\n", ecgrid_error_message(error));
        ecgrid_token_free(token);
        ecgrid_error_free(error);
        login = password + strlen(password) + 1;
    }
    check_row = "";
    ecgrid_client_free(client);
    return check_done();
}
