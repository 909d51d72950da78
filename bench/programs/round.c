/* libecgrid's inbox: one round, everything that is pending.
 *   round URL CA FOLDER LEAST          fails unless so many parcels come */
#include "bench.h"
#include <ecgrid.h>

int main(int argc, char **argv) {
    struct target target = {0};
    ecgrid_config *config = ecgrid_config_new();
    ecgrid_client *client = NULL;
    ecgrid_session *session = NULL;
    ecgrid_inbox *inbox = NULL;
    int64_t received = 0;
    if (argc != 5) die("usage", "round URL CA FOLDER LEAST");
    begin(&target, argv[1], argv[2]);
    if (ecgrid_config_set_base_url(config, target.url, NULL) != ECGRID_OK || ecgrid_client_new(config, &client, NULL) != ECGRID_OK ||
        ecgrid_session_login(client, "jsmith@example.com", "Sup3r$ecret!", &session, NULL) != ECGRID_OK ||
        ecgrid_inbox_open(session, argv[3], 0, &inbox, NULL) != ECGRID_OK || ecgrid_inbox_receive(inbox, &received, NULL) != ECGRID_OK)
        die("libecgrid", ecgrid_error_message(ecgrid_last_error()));
    if (received != number(argv[4])) die("round", "not as many parcels as there are");
    ecgrid_inbox_free(inbox);
    ecgrid_session_free(session);
    ecgrid_client_free(client);
    ecgrid_config_free(config);
    return 0;
}
