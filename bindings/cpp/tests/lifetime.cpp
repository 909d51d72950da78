// Objects move, close and go in any order, and one that has nothing left says so.
#include "support.hpp"

#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using ecgrid::Client;
using ecgrid::Config;
using ecgrid::Response;
using ecgrid::Session;
using ecgrid::Token;

template <typename T>
constexpr bool is_move_only = !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T> &&
                              std::is_nothrow_move_constructible_v<T> && std::is_nothrow_move_assignable_v<T>;
static_assert(is_move_only<Config> && is_move_only<Client> && is_move_only<Session>);
static_assert(is_move_only<Token> && is_move_only<Response>);

// Every use of what was closed or moved from.
void is_over(const Token &token)
{
    CHECK(!token.is_open());
    CHECK(is_closed([&] { (void)token.value(); }));
    CHECK(is_closed([&] { (void)token.header_name(); }));
    CHECK(is_closed([&] { (void)token.header_value(); }));
    CHECK(is_closed([&] { (void)token.user_id(); }));
    CHECK(is_closed([&] { (void)token.expires_at(); }));
    CHECK(is_closed([&] { (void)token.expires_in(); }));
}

void is_over(const Response &response)
{
    CHECK(!response.is_open());
    CHECK(is_closed([&] { (void)response.http_status(); }));
    CHECK(is_closed([&] { (void)response.body(); }));
    CHECK(is_closed([&] { (void)response.data(); }));
    CHECK(is_closed([&] { (void)response.string("/version"); }));
    CHECK(is_closed([&] { (void)response.integer("/version"); }));
    CHECK(is_closed([&] { (void)response.count(); }));
    CHECK(is_closed([&] { (void)response.kind("/version"); }));
    CHECK(is_closed([&] { (void)response.header("Date"); }));
}

void is_over(const Session &session)
{
    CHECK(!session.is_open());
    CHECK(is_closed([&] { (void)session.token(); }));
    CHECK(is_closed([&] { session.refresh(); }));
    CHECK(is_closed([&] { (void)session.info(); }));
    CHECK(is_closed([&] { session.change_password("a", "b"); }));
    CHECK(is_closed([&] { (void)session.generate_api_key(1); }));
    CHECK(is_closed([&] { session.call("GET", "/v2/users/me"); }));
    CHECK(is_closed([&] { session.call("POST", "/v2/mailboxes/list", "{}"); }));
    CHECK(is_closed([&] { session.logout(); }));
    CHECK(is_closed([&] { (void)session.clone(); }));
    session.cancel();
    session.stop();
}

void is_over(const Client &client)
{
    CHECK(!client.is_open());
    CHECK(is_closed([&] { (void)client.base_url(); }));
    CHECK(is_closed([&] { (void)client.login(user, password); }));
    CHECK(is_closed([&] { (void)client.server_version(); }));
    CHECK(is_closed([&] { (void)client.login_session(user, password); }));
    CHECK(is_closed([&] { (void)client.session_with_api_key("key"); }));
    CHECK(is_closed([&] { (void)client.clone(); }));
    client.cancel();
    client.stop();
}

void is_over(Config &config)
{
    CHECK(!config.is_open());
    CHECK(is_closed([&] { config.set_base_url("https://ecgrid.example"); }));
    CHECK(is_closed([&] { config.set_timeout(1s); }));
    CHECK(is_closed([&] { config.set_keep_password(true); }));
    CHECK(is_closed([&] { Client client(config); }));
}

// Moves, self-moves and closes an object; `good` uses it. `spare` is another of its kind.
template <typename T, typename Good> void lives_as_it_should(T object, T spare, Good good)
{
    CHECK(good(object));
    T moved(std::move(object));
    is_over(object);
    CHECK(good(moved));

    object = std::move(moved);
    is_over(moved);
    CHECK(good(object));

    // Through a reference, for compilers that warn of a self-move that they see.
    T &same = object;
    object = std::move(same);
    CHECK(object.is_open() && good(object));
    moved = std::move(same);
    object = std::move(object.is_open() ? same : moved);
    CHECK(good(object));

    using std::swap;
    swap(object, spare);
    CHECK(good(object) && good(spare));
    spare = std::move(object);
    CHECK(good(spare));

    spare.close();
    is_over(spare);
    spare.close();
    is_over(spare);
    spare = std::move(spare);
    is_over(spare);
    T over(std::move(spare));
    is_over(over);
    is_over(spare);
}

void every_kind_lives_as_it_should(const char *url)
{
    const Client client = client_for(url);
    lives_as_it_should(client.login(user, password), client.login(user, password),
                       [](const Token &token) { return token.user_id() == 4821; });
    lives_as_it_should(client.server_version(), client.server_version(),
                       [](const Response &response) { return response.string("/version") == "2.6"; });
    lives_as_it_should(client.login_session(user, password), client.login_session(user, password),
                       [](const Session &session) { return session.token().user_id() == 4821; });
    lives_as_it_should(client.clone(), client.clone(),
                       [](const Client &one) { return one.server_version().http_status() == 200; });
    lives_as_it_should(Config(), Config(), [](Config &config) { return config.set_timeout(1s).is_open(); });
}

void handles_of_the_c_api_are_taken_over(const char *url)
{
    ecgrid_config *config = ecgrid_config_new();
    CHECK_INT(ecgrid_config_set_base_url(config, url, nullptr), ECGRID_OK);
    CHECK_INT(ecgrid_config_set_ca_file(config, said("SANDBOX_CA"), nullptr), ECGRID_OK);
    const Client client{Config(config)};
    CHECK_INT(client.login(user, password).user_id(), 4821);
    is_over(Token(nullptr));
    is_over(Client(nullptr));
}

void borrowed_text_outlives_a_move(const char *url)
{
    std::optional<Token> token = client_for(url).login(user, password);
    const std::string_view value = token->value();
    const std::string copy(value);
    const Token moved = *std::move(token);
    token.reset();
    CHECK(value == copy && moved.value().data() == value.data());
}

void objects_go_in_any_order(const char *url)
{
    std::optional<Client> client = client_for(url);
    std::optional<Session> session = client->login_session(user, password);
    client.reset();
    const Response me = session->call("GET", "/v2/users/me");
    const Token token = session->token();
    const Session clone = session->clone();
    session.reset();
    CHECK(clone.call("GET", "/v2/users/me").string("/email") == user);
    CHECK(me.string("/email") == user && token.user_id() == 4821);
}

void objects_can_be_kept_in_containers(const char *url)
{
    const Client client = client_for(url);
    std::vector<Session> sessions;
    for (int i = 0; i < 9; i++) sessions.push_back(client.login_session(user, password));
    sessions.erase(sessions.begin() + 2);
    for (const Session &session : sessions) CHECK_INT(session.token().user_id(), 4821);
}

} // namespace

int main()
{
    for (const char *place : {"SANDBOX_HTTP", "SANDBOX_HTTPS"}) {
        const char *const url = said(place);
        every_kind_lives_as_it_should(url);
        handles_of_the_c_api_are_taken_over(url);
        borrowed_text_outlives_a_move(url);
        objects_go_in_any_order(url);
        objects_can_be_kept_in_containers(url);
    }
    return check_done();
}
