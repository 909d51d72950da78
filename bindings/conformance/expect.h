/* Compares what came of a step with what the table expects. Included by conformance.c. */
#ifndef EXPECT_H
#define EXPECT_H

/* `7`, `1..9` or `none`, which is `absent`. */
static int is_within(const char *expected, int64_t value, int64_t absent)
{
    if (strcmp(expected, "none") == 0) return value == absent;
    char *end;
    int64_t low = strtoll(expected, &end, 10);
    int64_t high = strncmp(end, "..", 2) == 0 ? strtoll(end + 2, NULL, 10) : low;
    return value != absent && value >= low && value <= high;
}

static void expect_number(struct text word, const char *name, int64_t value, int64_t absent)
{
    if (!is_within(table_value(word, name), value, absent)) fail("%s, not %s", word.bytes, name), printf("  it is %" PRId64 "\n", value);
}

static void expect_text(struct text word, const char *expected, const char *value)
{
    if (strcmp(expected, value) != 0) fail("%s, but it is %s", word.bytes, value);
}

static void expect_same(struct text word, const char *expected, int64_t value)
{
    if (strtoll(expected, NULL, 10) != value) fail("%s, but it is %" PRId64, word.bytes, value);
}

static const char *outcome_name(int32_t outcome)
{
    switch (outcome) {
    case ECGRID_OUTCOME_NOT_SENT: return "NOT_SENT";
    case ECGRID_OUTCOME_REFUSED: return "REFUSED";
    case ECGRID_OUTCOME_UNKNOWN: return "UNKNOWN";
    default: return "no outcome";
    }
}

/* The words of a step that no message may repeat: all but the user's name, the method and the path. */
static int is_secret(const struct step *step, int word)
{
    const struct text *words = step->words;
    if (words[word].length < 4 || words[word].length > 4096) return 0;
    if (table_is(words[0], "login") || table_is(words[0], "default-login") || table_is(words[0], "session")) return word == 2;
    return table_is(words[0], "key-session") || table_is(words[0], "change-password");
}

static void expect_good_message(const struct step *step, const char *message)
{
    if (!*message) fail("an error without a message");
    for (const char *letter = message; *letter; letter++)
        if ((unsigned char)*letter < ' ') fail("a message of several lines: %s", message);
    for (int word = 1; word < step->count; word++)
        if (is_secret(step, word) && strstr(message, step->words[word].bytes)) fail("a message with a secret in it: %s", message);
}

static void expect_of_error(struct text word, const ecgrid_error *error)
{
    const char *value;
    if ((value = table_value(word, "outcome"))) expect_text(word, value, outcome_name(ecgrid_error_outcome(error)));
    else if (table_value(word, "http")) expect_number(word, "http", ecgrid_error_http_status(error), -1);
    else if ((value = table_value(word, "code"))) expect_text(word, value, ecgrid_error_code(error));
    else if ((value = table_value(word, "trace"))) expect_text(word, value, ecgrid_error_trace_id(error));
    else if (table_value(word, "retry")) expect_number(word, "retry", ecgrid_error_retry_after_ms(error), -1);
    else if ((value = table_value(word, "says"))) {
        if (!strstr(ecgrid_error_message(error), value)) fail("%s, but it says %s", word.bytes, ecgrid_error_message(error));
    } else fail("nothing of an error is %s", word.bytes);
}

/* Text that C cannot hold never reached the library: what there is to say of it is known. */
static void expect_of_refused_here(struct text word)
{
    const char *value;
    if ((value = table_value(word, "outcome"))) expect_text(word, value, "NOT_SENT");
    else if (table_value(word, "http")) expect_number(word, "http", 0, -1);
    else if ((value = table_value(word, "code"))) expect_text(word, value, "");
    else if (table_value(word, "retry")) expect_number(word, "retry", -1, -1);
    else fail("nothing of a refusal is %s", word.bytes);
}

static void expect_of_token(struct text word, const ecgrid_token *token, const ecgrid_token *before)
{
    const char *value;
    if (table_value(word, "user")) expect_number(word, "user", ecgrid_token_user_id(token), 0);
    else if (table_value(word, "expires_in")) expect_number(word, "expires_in", ecgrid_token_expires_in(token), -1);
    else if ((value = table_value(word, "expires_at"))) expect_text(word, value, ecgrid_token_expires_at(token) < 0 ? "none" : "known");
    else if ((value = table_value(word, "header"))) expect_text(word, value, ecgrid_token_header_name(token));
    else if ((value = table_value(word, "fresh")))
        expect_text(word, value, strcmp(ecgrid_token_value(token), ecgrid_token_value(before)) == 0 ? "no" : "yes");
    else fail("nothing of a token is %s", word.bytes);
}

static const char *kind_name(int32_t kind)
{
    static const char *const names[] = {"missing", "null", "boolean", "number", "string", "array", "object"};
    return kind >= 0 && kind <= ECGRID_KIND_OBJECT ? names[kind] : "no kind";
}

/* What stands behind `prefix` and before the sign, if the word begins so. */
static const char *asked_for(struct text word, const char *prefix, char name[static 256])
{
    size_t length = strlen(prefix);
    if (strncmp(word.bytes, prefix, length) != 0) return NULL;
    snprintf(name, 256, "%.*s", (int)strcspn(word.bytes + length, "="), word.bytes + length);
    return name;
}

static void expect_of_response(struct text word, const ecgrid_response *response)
{
    const char *value;
    char name[256];
    if (table_value(word, "http")) expect_number(word, "http", ecgrid_response_http_status(response), 0);
    else if ((value = table_value(word, "data"))) expect_text(word, value, ecgrid_response_data(response, NULL));
    else if ((value = table_value(word, "body"))) {
        size_t length;
        const char *body = ecgrid_response_body(response, &length);
        if (strncmp(value, "has:", 4) != 0 || !strstr(body, value + 4)) fail("%s, but it is %s", word.bytes, body);
        if (strlen(body) != length) fail("the length of a body is %zu", length);
    } else if (!(value = strchr(word.bytes, '='))) fail("nothing of a response is %s", word.bytes);
    else if (asked_for(word, "header:", name)) expect_text(word, value + 1, ecgrid_response_header(response, name));
    else if (asked_for(word, "kind:", name)) expect_text(word, value + 1, kind_name(ecgrid_response_kind(response, name)));
    else if (asked_for(word, "int:", name)) expect_same(word, value + 1, ecgrid_response_int(response, name, -7));
    else if (asked_for(word, "count:", name)) expect_same(word, value + 1, ecgrid_response_count(response, name));
    else if (asked_for(word, "", name)) expect_text(word, value + 1, ecgrid_response_string(response, name));
}

static void expect_of_parcel(struct text word, const ecgrid_parcel *parcel)
{
    const char *value, *content = ecgrid_parcel_content(parcel);
    size_t length = ecgrid_parcel_length(parcel);
    if ((value = table_value(word, "name"))) expect_text(word, value, ecgrid_parcel_file_name(parcel));
    else if (table_value(word, "length")) expect_number(word, "length", (int64_t)length, -1);
    else if ((value = table_value(word, "content"))) {
        size_t expected = word.length - (size_t)(value - word.bytes);
        if (length != expected || memcmp(value, content, length) != 0) fail("%s, but it is %s", word.bytes, content);
    } else fail("nothing of a parcel is %s", word.bytes);
    if (content[length] != '\0') fail("there is no NUL behind the content");
}

static const char *status_word(const struct result *result)
{
    if (!result->closed) return ecgrid_status_name(result->status) + strlen("ECGRID_");
    return result->status == ECGRID_INVALID_ARGUMENT ? "CLOSED" : "closed, and the library takes it";
}

/* `expecting` is the step that says what comes of `step`: itself, or the one that finishes it. */
static void expect(const struct step *step, const struct step *expecting, const struct result *result,
                   const ecgrid_token *before)
{
    const char *status = status_word(result);
    const char *expected = expecting->expectations > 0 ? expecting->expected[0].bytes : "OK";
    if (strcmp(status, expected) != 0) {
        fail("%s %s: %s, not %s (%s)", step->words[0].bytes, step->count > 1 && step->words[1].length < 200 ? step->words[1].bytes : "",
             status, expected, ecgrid_error_message(result->error));
        return;
    }
    if (result->error) expect_good_message(step, ecgrid_error_message(result->error));
    if (result->made == TOKEN && result->handle) {
        const char *header = ecgrid_token_header_value(result->handle);
        if (strcmp(ecgrid_token_header_name(result->handle), "Authorization") == 0) {
            if (strncmp(header, "Bearer ", 7) != 0) fail("the header's value is not Bearer and the token");
            header += 7;
        }
        if (strcmp(header, ecgrid_token_value(result->handle)) != 0) fail("the token is not what its header says");
    }
    for (int i = 1; i < expecting->expectations; i++) {
        struct text word = expecting->expected[i];
        if (result->refused_here) expect_of_refused_here(word);
        else if (table_value(word, "files")) expect_number(word, "files", result->number, NO_NUMBER);
        else if (result->status != ECGRID_OK) expect_of_error(word, result->error);
        else if (result->made == TOKEN) expect_of_token(word, result->handle, before);
        else if (result->made == RESPONSE) expect_of_response(word, result->handle);
        else if (result->made == PARCEL) expect_of_parcel(word, result->handle);
        else fail("nothing of this step is %s", word.bytes);
    }
}

#endif
