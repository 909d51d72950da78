// The C header from C++11: handles in unique_ptr, and exceptions around calls, not through them.
#include <ecgrid.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "check.h"

namespace {

struct Free {
    void operator()(ecgrid_config *handle) const { ecgrid_config_free(handle); }
    void operator()(ecgrid_client *handle) const { ecgrid_client_free(handle); }
    void operator()(ecgrid_session *handle) const { ecgrid_session_free(handle); }
    void operator()(ecgrid_token *handle) const { ecgrid_token_free(handle); }
    void operator()(ecgrid_response *handle) const { ecgrid_response_free(handle); }
    void operator()(ecgrid_error *handle) const { ecgrid_error_free(handle); }
};

using Config = std::unique_ptr<ecgrid_config, Free>;
using Client = std::unique_ptr<ecgrid_client, Free>;
using Session = std::unique_ptr<ecgrid_session, Free>;
using Token = std::unique_ptr<ecgrid_token, Free>;
using Response = std::unique_ptr<ecgrid_response, Free>;

class Failure : public std::runtime_error {
public:
    explicit Failure(ecgrid_error *error)
        : std::runtime_error(ecgrid_error_message(error)), status(ecgrid_error_status(error))
    {
        ecgrid_error_free(error);
    }
    const ecgrid_status status;
};

Client make_client(const char *url)
{
    Config config(ecgrid_config_new());
    ecgrid_error *error = nullptr;
    ecgrid_client *client = nullptr;
    if (ecgrid_config_set_base_url(config.get(), url, &error) != ECGRID_OK) throw Failure(error);
    if (ecgrid_config_set_ca_file(config.get(), std::getenv("SANDBOX_CA"), &error) != ECGRID_OK) throw Failure(error);
    if (ecgrid_client_new(config.get(), &client, &error) != ECGRID_OK) throw Failure(error);
    return Client(client);
}

Token log_in(const Client &client, const std::string &login, const std::string &password)
{
    ecgrid_token *token = nullptr;
    ecgrid_error *error = nullptr;
    const ecgrid_status status = ecgrid_client_login(client.get(), login.c_str(), password.c_str(), &token, &error);
    if (status != ECGRID_OK) throw Failure(error);
    return Token(token);
}

Session start_session(const Client &client, const std::string &login)
{
    ecgrid_session *session = nullptr;
    ecgrid_error *error = nullptr;
    const ecgrid_status status =
        ecgrid_session_login(client.get(), login.c_str(), "Sup3r$ecret!", &session, &error);
    if (status != ECGRID_OK) throw Failure(error);
    return Session(session);
}

Session clone_of(const Session &session)
{
    ecgrid_session *clone = nullptr;
    ecgrid_error *error = nullptr;
    if (ecgrid_session_clone(session.get(), &clone, &error) != ECGRID_OK) throw Failure(error);
    return Session(clone);
}

Response call(const Session &session, const char *method, const std::string &path, const std::string &body = {})
{
    ecgrid_response *response = nullptr;
    ecgrid_error *error = nullptr;
    const char *const text = body.empty() ? nullptr : body.data();
    const ecgrid_status status =
        ecgrid_session_call(session.get(), method, path.c_str(), text, body.size(), &response, &error);
    if (status != ECGRID_OK) throw Failure(error);
    return Response(response);
}

template <typename Work> ecgrid_status status_of(Work work)
{
    try {
        work();
        return ECGRID_OK;
    } catch (const Failure &failure) {
        CHECK(*failure.what() != '\0');
        return failure.status;
    }
}

void handles_live_as_long_as_their_owners(const char *url)
{
    Token token;
    {
        const Client client = make_client(url);
        token = log_in(client, "jsmith@example.com", "Sup3r$ecret!");
        ecgrid_response *raw = nullptr;
        CHECK_INT(ecgrid_client_server_version(client.get(), &raw, nullptr), ECGRID_OK);
        const Response response(raw);
        CHECK_STR(ecgrid_response_string(response.get(), "/version"), "2.6");
    }
    CHECK_INT(ecgrid_token_user_id(token.get()), 4821);
    CHECK_INT(std::string(ecgrid_token_header_value(token.get())).find("Bearer "), 0);
}

void failures_become_exceptions(const char *url)
{
    const Client client = make_client(url);
    CHECK_INT(status_of([&] { log_in(client, "jsmith@example.com", "wrong"); }), ECGRID_UNAUTHENTICATED);
    CHECK_INT(status_of([&] { log_in(client, "fault-503@example.com", ""); }), ECGRID_INVALID_ARGUMENT);
    CHECK_INT(status_of([] { make_client("ftp://ecgrid"); }), ECGRID_INVALID_CONFIGURATION);
    CHECK_INT(status_of([] { make_client(""); }), ECGRID_INVALID_ARGUMENT);
}

// The session outlives its client's handle, and what it gave outlives the session.
void sessions_live_as_long_as_their_owners(const char *url)
{
    Response me;
    Token token;
    {
        const Session session = start_session(make_client(url), "jsmith@example.com");
        const Session clone = clone_of(session);
        me = call(session, "GET", "/v2/users/me");
        CHECK_INT(ecgrid_session_refresh(clone.get(), nullptr), ECGRID_OK);
        ecgrid_token *raw = nullptr;
        CHECK_INT(ecgrid_session_token(session.get(), &raw, nullptr), ECGRID_OK);
        token.reset(raw);
        const Response info = call(clone, "POST", "/v2/auth/session", "{}");
        CHECK_STR(ecgrid_response_string(info.get(), "/login"), "jsmith@example.com");
        ecgrid_session_cancel(clone.get());
        CHECK_INT(ecgrid_session_logout(session.get(), nullptr), ECGRID_OK);
        CHECK_INT(status_of([&] { call(clone, "GET", "/v2/users/me"); }), ECGRID_INVALID_STATE);
    }
    CHECK_INT(ecgrid_response_int(me.get(), "/userId", 0), 4821);
    CHECK_INT(ecgrid_token_user_id(token.get()), 4821);
}

void failures_of_sessions_become_exceptions(const char *url)
{
    const Client client = make_client(url);
    CHECK_INT(status_of([&] { start_session(client, "fault-403@example.com"); }), ECGRID_FORBIDDEN);
    CHECK_INT(status_of([&] { start_session(client, ""); }), ECGRID_INVALID_ARGUMENT);
    const Session session = start_session(client, "jsmith@example.com");
    CHECK_INT(status_of([&] { call(session, "GET", "/v2/no/such"); }), ECGRID_NOT_FOUND);
    CHECK_INT(status_of([&] { call(session, "get", "/v2/users/me"); }), ECGRID_INVALID_ARGUMENT);
    CHECK_INT(status_of([&] { call(session, "POST", "/v2/users/me", "no JSON"); }), ECGRID_INVALID_ARGUMENT);
    CHECK_INT(status_of([&] { call(Session(), "GET", "/v2/users/me"); }), ECGRID_INVALID_ARGUMENT);
}

// A clone for each thread, freed by whatever unwinds its frame.
void threads_share_a_session(const char *url)
{
    const Session session = start_session(make_client(url), "jsmith@example.com");
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; i++) {
        threads.emplace_back([&session] {
            for (int round = 0; round < 5; round++) {
                CHECK_INT(status_of([&session] {
                    const Session own = clone_of(session);
                    call(own, "GET", "/v2/users/me");
                    call(own, "GET", "/v2/no/such");
                }), ECGRID_NOT_FOUND);
            }
        });
    }
    for (std::thread &thread : threads) thread.join();
    CHECK(call(session, "GET", "/v2/users/me") != nullptr);
}

// What unwinds a caller's frames frees its handles, also on several threads at once, and later calls work.
void exceptions_around_calls_do_no_harm(const char *url)
{
    const Client client = make_client(url);
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; i++) {
        threads.emplace_back([&client] {
            for (int round = 0; round < 5; round++) {
                bool caught = false;
                try {
                    const Token token = log_in(client, "jsmith@example.com", "Sup3r$ecret!");
                    throw std::logic_error(ecgrid_token_value(token.get()));
                } catch (const std::logic_error &error) {
                    caught = std::string(error.what()).find("eyJ") == 0;
                }
                CHECK(caught);
                CHECK_INT(status_of([&client] { log_in(client, "fault-403@example.com", "x"); }), ECGRID_FORBIDDEN);
                CHECK_INT(ecgrid_error_status(ecgrid_last_error()), ECGRID_FORBIDDEN);
            }
        });
    }
    for (std::thread &thread : threads) thread.join();
    CHECK(log_in(client, "jsmith@example.com", "Sup3r$ecret!") != nullptr);
}

} // namespace

int main()
{
    for (const char *name : {"SANDBOX_HTTP", "SANDBOX_HTTPS"}) {
        const char *url = std::getenv(name);
        if (!CHECK(url != nullptr)) return check_done();
        handles_live_as_long_as_their_owners(url);
        failures_become_exceptions(url);
        sessions_live_as_long_as_their_owners(url);
        failures_of_sessions_become_exceptions(url);
        threads_share_a_session(url);
        exceptions_around_calls_do_no_harm(url);
    }
    return check_done();
}
