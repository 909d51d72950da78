// Built with -fno-exceptions -fno-rtti: everything can be done, and told, without.
#include "support.hpp"

#include <utility>

#if ECGRID_HPP_EXCEPTIONS
#error "build this with -fno-exceptions"
#endif

static ecgrid_status pretended = ECGRID_OK;

// In the library's place, which would have to be short of memory.
extern "C" ecgrid_status ecgrid_response_status(const ecgrid_response *)
{
    return pretended;
}

namespace {

using ecgrid::Outcome;
using ecgrid::Status;

void the_log_can_be_heard(const char *url)
{
    int lines = 0;
    {
        ecgrid::Config config;
        CHECK(config.try_set_base_url(url) && config.try_set_ca_file(said("SANDBOX_CA")));
        CHECK(config.try_set_log(ecgrid::LogLevel::info, [&lines](ecgrid::LogLevel, std::string_view) { lines++; }));
        const auto client = ecgrid::Client::try_make(config);
        CHECK(client && client->try_login(user, password));
    }
    CHECK_INT(lines, 1);
    ecgrid::Config config;
    const auto empty = config.try_set_log(ecgrid::LogLevel::info, nullptr);
    CHECK(!empty && empty.error().status() == Status::invalid_argument);
}

void everything_can_be_done(const char *url)
{
    const auto client = try_client_for(url);
    if (!CHECK(client)) return;
    const auto token = client->try_login(user, password);
    CHECK(token && token->user_id() == 4821 && !token->value().empty() && token->expires_in() > 59min);
    const auto version = client->try_server_version();
    CHECK(version && version->string("/version") == "2.6");
    const auto session = client->try_login_session(user, password);
    if (!CHECK(session)) return;
    const auto current = session->try_token();
    CHECK(current && session->try_refused(*current));
    CHECK(session->try_refresh());
    CHECK(session->try_info());
    CHECK(session->try_call("GET", "/v2/users/me"));
    CHECK(session->try_call("POST", "/v2/mailboxes/list", "{}"));
    CHECK(session->try_change_password(password, "An0ther$ecret!"));
    CHECK(session->try_change_password("An0ther$ecret!", password));
    const auto key = session->try_generate_api_key(4821);
    CHECK(key && client->try_session_with_api_key(key->string("")));
    const auto clone = session->try_clone();
    CHECK(clone && clone->try_logout());
    CHECK(client->try_clone());
}

void what_there_is_no_memory_for_is_empty_and_the_status_tells(const char *url)
{
    const auto client = try_client_for(url);
    const auto version = client ? client->try_server_version() : client.error();
    if (!CHECK(version)) return;
    CHECK(version->string("/nothing").empty() && version->status() == Status::ok);
    pretended = ECGRID_OUT_OF_MEMORY;
    CHECK(version->string("/nothing").empty() && version->integer("/nothing", -7) == -7);
    CHECK(version->status() == Status::out_of_memory);
    pretended = ECGRID_OK;
}

void failures_are_told(const char *url)
{
    auto client = try_client_for(url);
    if (!CHECK(client)) return;
    const auto refused = client->try_login(user, "wrong-password");
    CHECK(!refused && refused.error().status() == Status::unauthenticated);
    CHECK(!refused && refused.error().outcome() == Outcome::refused && refused.error().http_status() == 401);
    CHECK(!refused && refused.error().code() == "InvalidSession" && refused.error().trace_id().empty());
    CHECK_HAS(refused.error().what(), "HTTP 401");
    const auto nul = client->try_login(user, std::string_view("a\0b", 3));
    CHECK(!nul && nul.error().status() == Status::invalid_argument);
    ecgrid::Config config;
    CHECK(!config.try_set_timeout(0ms));
    CHECK(config.try_set_base_url("ftp://ecgrid"));
    const auto none = ecgrid::Client::try_make(config);
    CHECK(!none && none.error().status() == Status::invalid_configuration);
}

void what_is_closed_says_so_or_is_empty(const char *url)
{
    auto client = try_client_for(url);
    if (!CHECK(client)) return;
    auto token = client->try_login(user, password);
    auto version = client->try_server_version();
    if (!CHECK(token && version)) return;
    token->close();
    version->close();
    client->close();
    client->close();
    CHECK(token->value().empty() && token->header_name().empty() && token->header_value().empty() && token->user_id() == 0);
    CHECK(!token->expires_at() && !token->expires_in());
    CHECK(version->body().empty() && version->data().empty() && version->http_status() == 0);
    CHECK(version->string("/version").empty() && version->integer("/version", -7) == -7);
    CHECK(version->count() == -1 && version->kind("") == ecgrid::Kind::missing && version->header("Date").empty());
    CHECK(version->status() == Status::invalid_state);
    const auto closed = client->try_login(user, password);
    CHECK(!closed && closed.error().status() == Status::invalid_state);
    CHECK(!closed && closed.error().outcome() == Outcome::not_sent);
    client->cancel();
    ecgrid::Config config;
    const ecgrid::Config moved(std::move(config));
    CHECK(!config.try_set_timeout(1s));
    CHECK(!ecgrid::Client::try_make(config));
}

} // namespace

int main()
{
    for (const char *place : {"SANDBOX_HTTP", "SANDBOX_HTTPS"}) {
        const char *const url = said(place);
        everything_can_be_done(url);
        the_log_can_be_heard(url);
        what_there_is_no_memory_for_is_empty_and_the_status_tells(url);
        failures_are_told(url);
        what_is_closed_says_so_or_is_empty(url);
    }
    setenv("ECGRID_BASE_URL", said("SANDBOX_HTTP"), 1);
    CHECK(ecgrid::try_login(user, password));
    CHECK(ecgrid::Config::try_from_env());
    return check_done();
}
