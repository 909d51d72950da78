/* Does a step of the table with the C functions. Included by conformance.c. */
#ifndef PERFORM_H
#define PERFORM_H

static void read_counters(int64_t counts[])
{
    ecgrid_response *response = NULL;
    char pointer[40];
    /* Where there is no such server nothing asks for these. */
    for (int i = 0; i < COUNTER_COUNT; i++) counts[i] = NOT_COUNTED;
    if (ecgrid_session_call(world.control, "GET", "/v2/sandbox/counters", NULL, 0, &response, NULL) != ECGRID_OK) return;
    for (int i = 0; i < COUNTER_COUNT; i++) {
        snprintf(pointer, sizeof pointer, "/%s", COUNTERS[i]);
        counts[i] = ecgrid_response_int(response, pointer, -1);
    }
    ecgrid_response_free(response);
}

static void pause_ms(long ms)
{
    struct timespec length = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&length, NULL);
}

static const char *url_of(struct text place)
{
    char name[64] = "SANDBOX_";
    size_t length = strlen(name);
    for (size_t i = 0; i < place.length && length + 1 < sizeof name; i++) {
        char letter = place.bytes[i];
        name[length++] = letter == '-' ? '_' : letter >= 'a' && letter <= 'z' ? (char)(letter - 'a' + 'A') : letter;
    }
    const char *url = getenv(name);
    if (!url) fail("the environment has no %s", name);
    return url;
}

/* Through this the runner asks the server how much it was asked. */
static void take_control(const char *url)
{
    ecgrid_config *config = ecgrid_config_new();
    ecgrid_client *client = NULL;
    ecgrid_session_free(world.control);
    world.control = NULL;
    if (ecgrid_config_set_base_url(config, url, NULL) == ECGRID_OK
        && ecgrid_config_set_ca_file(config, getenv("SANDBOX_CA"), NULL) == ECGRID_OK
        && ecgrid_config_set_max_attempts(config, 1, NULL) == ECGRID_OK
        && ecgrid_client_new(config, &client, NULL) == ECGRID_OK
        && ecgrid_session_with_api_key(client, "control", &world.control, NULL) == ECGRID_OK) {
        read_counters(world.counted);
    }
    ecgrid_client_free(client);
    ecgrid_config_free(config);
}

static ecgrid_status set(ecgrid_config *config, struct text word, ecgrid_error **error)
{
    static const struct {
        const char *name;
        ecgrid_status (*text)(ecgrid_config *, const char *, ecgrid_error **);
        ecgrid_status (*number)(ecgrid_config *, int64_t, ecgrid_error **);
        ecgrid_status (*small)(ecgrid_config *, int32_t, ecgrid_error **);
    } all[] = {
        {"base_url", ecgrid_config_set_base_url, NULL, NULL},
        {"api_key", ecgrid_config_set_api_key, NULL, NULL},
        {"ca_file", ecgrid_config_set_ca_file, NULL, NULL},
        {"proxy", ecgrid_config_set_proxy, NULL, NULL},
        {"user_agent", ecgrid_config_set_user_agent, NULL, NULL},
        {"timeout_ms", NULL, ecgrid_config_set_timeout_ms, NULL},
        {"connect_timeout_ms", NULL, ecgrid_config_set_connect_timeout_ms, NULL},
        {"max_response_bytes", NULL, ecgrid_config_set_max_response_bytes, NULL},
        {"max_attempts", NULL, NULL, ecgrid_config_set_max_attempts},
        {"keep_password", NULL, NULL, ecgrid_config_set_keep_password},
        {"keep_alive", NULL, NULL, ecgrid_config_set_keep_alive},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const char *value = table_value(word, all[i].name);
        if (!value) continue;
        if (all[i].text) return all[i].text(config, value, error);
        if (all[i].number) return all[i].number(config, strtoll(value, NULL, 10), error);
        return all[i].small(config, (int32_t)strtol(value, NULL, 10), error);
    }
    fail("there is no setting %s", word.bytes);
    return ECGRID_OK;
}

static void make_client(const struct step *step, struct result *result)
{
    ecgrid_config *config = NULL;
    if (table_is(step->words[1], "environment")) {
        result->status = ecgrid_config_from_env(&config, &result->error);
        take_control(getenv("SANDBOX_HTTPS"));
    } else {
        const char *url = url_of(step->words[1]);
        if (!url) return;
        config = ecgrid_config_new();
        result->status = ecgrid_config_set_base_url(config, url, &result->error);
        if (result->status == ECGRID_OK)
            result->status = ecgrid_config_set_ca_file(config, getenv("SANDBOX_CA"), &result->error);
        take_control(url);
    }
    for (int i = 2; i < step->count && result->status == ECGRID_OK; i++)
        result->status = set(config, step->words[i], &result->error);
    if (result->status == ECGRID_OK) {
        ecgrid_client *client = NULL;
        result->status = ecgrid_client_new(config, &client, &result->error);
        result->made = CLIENT;
        result->handle = client;
    }
    ecgrid_config_free(config);
}

/* Does a step with these handles, which may be NULL: then the library must refuse them. */
static void perform(const struct step *step, void *const scopes[], struct result *result)
{
    const struct text *word = step->words;
    ecgrid_client *client = scopes[CLIENT];
    ecgrid_session *session = scopes[SESSION];
    /* Words that are not there have no bytes: NULL, which only a step with too few words passes on. */
    const char *first = word[1].bytes, *second = word[2].bytes;
    ecgrid_error **error = &result->error;
    ecgrid_token *token = NULL;
    ecgrid_session *made = NULL;
    ecgrid_response *response = NULL;
    int is_call = table_is(word[0], "call");

    for (int i = 1; i < step->count; i++) {
        if (strlen(word[i].bytes) != word[i].length && !is_counted(step, i)) {
            result->status = ECGRID_INVALID_ARGUMENT;
            result->refused_here = 1;
            return;
        }
    }
    if (table_is(word[0], "client")) {
        make_client(step, result);
        return;
    }
    if (perform_folders(step, scopes, result)) return;
    if (table_is(word[0], "login")) {
        needs(CLIENT, client, result);
        result->status = ecgrid_client_login(client, first, second, &token, error);
    } else if (table_is(word[0], "default-login")) {
        result->status = ecgrid_login(first, second, &token, error);
    } else if (table_is(word[0], "version")) {
        needs(CLIENT, client, result);
        result->status = ecgrid_client_server_version(client, &response, error);
    } else if (table_is(word[0], "session")) {
        needs(CLIENT, client, result);
        result->status = ecgrid_session_login(client, first, second, &made, error);
    } else if (table_is(word[0], "key-session")) {
        needs(CLIENT, client, result);
        result->status = ecgrid_session_with_api_key(client, first, &made, error);
    } else {
        needs(SESSION, session, result);
        if (perform_parcels(step, session, result)) return;
        if (table_is(word[0], "token")) {
            result->status = ecgrid_session_token(session, &token, error);
        } else if (table_is(word[0], "refused")) {
            needs(TOKEN, world.slots[TOKEN], result);
            result->status = ecgrid_session_refused(session, world.slots[TOKEN], error);
        } else if (table_is(word[0], "refresh")) {
            result->status = ecgrid_session_refresh(session, error);
        } else if (table_is(word[0], "logout")) {
            result->status = ecgrid_session_logout(session, error);
        } else if (table_is(word[0], "info")) {
            result->status = ecgrid_session_info(session, &response, error);
        } else if (table_is(word[0], "change-password")) {
            result->status = ecgrid_session_change_password(session, first, second, error);
        } else if (table_is(word[0], "generate-key")) {
            result->status = ecgrid_session_generate_api_key(session, strtoll(first, NULL, 10), &response, error);
        } else if (is_call) {
            result->status = ecgrid_session_call(session, first, second, word[3].bytes, word[3].length, &response, error);
        } else {
            fail("there is no step %s", word[0].bytes);
        }
    }
    result->made = token ? TOKEN : made ? SESSION : response ? RESPONSE : -1;
    result->handle = token ? (void *)token : made ? (void *)made : (void *)response;
}

#endif
