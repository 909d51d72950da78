// Every function of the binding does what the C function behind it does.
#include "support.hpp"

namespace {

void a_token_has_its_facts(const char *url)
{
    const ecgrid::Client client = client_for(url);
    const ecgrid::Token token = client.login(user, password);
    CHECK(token.value().substr(0, 3) == "eyJ");
    CHECK(token.header_name() == "Authorization");
    CHECK(token.header_value() == "Bearer " + std::string(token.value()));
    CHECK(client.base_url() == url);
    CHECK_INT(token.user_id(), 4821);
    const auto left = token.expires_in();
    CHECK(left && *left <= 1h && *left > 59min);
    const auto at = token.expires_at();
    CHECK(at && *at > std::chrono::system_clock::now() && *at < std::chrono::system_clock::now() + 2h);
}

void a_token_says_what_the_server_did_not(const char *url)
{
    const ecgrid::Client client = client_for(url);
    CHECK_INT(client.login("no-user-id@example.com", "any").user_id(), 0);
    const ecgrid::Token expired = client.login("expired@example.com", "any");
    CHECK(expired.expires_in() == 0s);
    CHECK(expired.expires_at() && *expired.expires_at() < std::chrono::system_clock::now());
}

void a_client_asks_for_the_version(const char *url)
{
    const ecgrid::Response response = client_for(url).server_version();
    CHECK_INT(response.http_status(), 200);
    CHECK(response.string("/version") == "2.6");
    CHECK(response.string("") == "");
    CHECK(response.string("no pointer") == "");
    CHECK(response.string(std::string_view("/version\0", 9)) == "");
    CHECK_INT(response.integer("/nothing"), 0);
    CHECK_INT(response.integer("/nothing", -7), -7);
    CHECK_INT(response.integer(std::string_view("/a\0", 3), -7), -7);
    CHECK_INT(response.count(), 1);
    CHECK_INT(response.count("/version"), -1);
    CHECK_INT(response.count(std::string_view("\0", 1)), -1);
    CHECK(response.kind("") == ecgrid::Kind::object && response.kind("/VERSION") == ecgrid::Kind::string);
    CHECK(response.kind("/nothing") == ecgrid::Kind::missing);
    CHECK(response.kind(std::string_view("/version\0", 9)) == ecgrid::Kind::missing);
    CHECK(response.header("content-TYPE").substr(0, 16) == "application/json");
    CHECK(response.header("X-Nothing").empty() && response.header(std::string_view("Date\0", 5)).empty());
    CHECK(response.data() == R"({"version":"2.6"})");
    CHECK(response.body().find(response.data()) != std::string_view::npos);
    CHECK(response.body().data()[response.body().size()] == '\0');
}

void a_session_calls(const char *url)
{
    const ecgrid::Session session = client_for(url).login_session(user, password);
    CHECK(session.call("GET", "/v2/users/me").string("/email") == user);
    CHECK_INT(session.call("GET", "/v2/users/me").integer("/userId"), 4821);
    const std::string body = R"({"mailboxId":101} and what is not part of it)";
    const std::string_view part = std::string_view(body).substr(0, 17);
    CHECK_INT(session.call("POST", "/v2/parcels/inbox-list", part).integer("/2/parcelId"), 9007199254740993);
    CHECK(failure_of([&] { session.call("POST", "/v2/mailboxes/list", ""); }).status ==
          ecgrid::Status::invalid_argument);
    CHECK(session.info().string("/login") == user);
}

void a_session_is_kept_valid(const char *url)
{
    const ecgrid::Session session = client_for(url).login_session(user, password);
    const ecgrid::Token before = session.token();
    session.refresh();
    const ecgrid::Token after = session.token();
    CHECK(before.value() != after.value());
    session.refused(before);
    CHECK(session.token().value() == after.value());
    session.refused(after);
    const ecgrid::Token better = session.token();
    CHECK(better.value() != after.value());
    session.refused(client_for(url).login(user, password));
    CHECK(session.token().value() == better.value());
    const ecgrid::Session clone = session.clone();
    session.logout();
    session.refused(better);
    session.logout();
    CHECK(failure_of([&] { clone.call("GET", "/v2/users/me"); }).status == ecgrid::Status::invalid_state);
    CHECK(failure_of([&] { (void)session.token(); }).status == ecgrid::Status::invalid_state);
}

void an_account_is_looked_after(const char *url)
{
    const ecgrid::Session session = client_for(url).login_session(user, password);
    session.change_password(password, "An0ther$ecret!");
    session.change_password("An0ther$ecret!", password);
    const ecgrid::Response key = session.generate_api_key(4821);
    CHECK(!key.string("").empty());
    const ecgrid::Session with_key = client_for(url).session_with_api_key(key.string(""));
    CHECK_INT(with_key.call("GET", "/v2/users/me").integer("/userId"), 4821);
    const ecgrid::Token same = with_key.token();
    CHECK(same.header_name() == "X-API-Key" && same.header_value() == key.string("") && same.value() == key.string(""));
    CHECK(same.user_id() == 0 && !same.expires_at() && !same.expires_in());
    with_key.refused(same);
    CHECK(with_key.token().value() == same.value());
}

void settings_can_be_chained(const char *url)
{
    ecgrid::Config config;
    config.set_base_url(url).set_api_key("a-key").set_proxy("").set_user_agent("acme-translator/4.2");
    config.set_timeout(20s).set_connect_timeout(500ms).set_max_attempts(2).set_max_response_bytes(64);
    config.set_keep_password(true).set_keep_password(false).set_keep_alive(true).set_keep_alive(false);
    if (const char *const ca_file = std::getenv("SANDBOX_CA")) config.set_ca_file(ca_file);
    const ecgrid::Client client(config);
    config.close();
    CHECK(failure_of([&] { (void)client.login(user, password); }).status == ecgrid::Status::bad_response);

    CHECK(failure_of([] { ecgrid::Config().set_timeout(0ms); }).status == ecgrid::Status::invalid_argument);
    CHECK(failure_of([] { ecgrid::Config().set_connect_timeout(-1s); }).status == ecgrid::Status::invalid_argument);
    CHECK(failure_of([] { ecgrid::Config().set_max_attempts(11); }).status == ecgrid::Status::invalid_argument);
    CHECK(failure_of([] { (void)ecgrid::Client(ecgrid::Config().set_base_url("ftp://ecgrid")); }).status ==
          ecgrid::Status::invalid_configuration);
    CHECK(ecgrid::Client().is_open());
}

// The environment is the whole process's: this one is last.
void the_environment_configures_what_needs_no_settings(const char *url)
{
    setenv("ECGRID_BASE_URL", url, 1);
    setenv("ECGRID_CA_FILE", said("SANDBOX_CA"), 1);
    CHECK_INT(ecgrid::login(user, password).user_id(), 4821);
    CHECK_INT(ecgrid::Client(ecgrid::Config::from_env()).login(user, password).user_id(), 4821);
    CHECK(failure_of([] { (void)ecgrid::login(user, "wrong"); }).status == ecgrid::Status::unauthenticated);
    setenv("ECGRID_TIMEOUT_MS", "soon", 1);
    const auto config = ecgrid::Config::try_from_env();
    CHECK(!config && config.error().status() == ecgrid::Status::invalid_configuration);
    CHECK(!config && config.error().message().find("ECGRID_TIMEOUT_MS") != std::string_view::npos);
}

} // namespace

int main()
{
    for (const char *place : {"SANDBOX_HTTP", "SANDBOX_HTTPS"}) {
        const char *const url = said(place);
        a_token_has_its_facts(url);
        a_token_says_what_the_server_did_not(url);
        a_client_asks_for_the_version(url);
        a_session_calls(url);
        a_session_is_kept_valid(url);
        an_account_is_looked_after(url);
        settings_can_be_chained(url);
    }
    the_environment_configures_what_needs_no_settings(said("SANDBOX_HTTPS"));
    return check_done();
}
