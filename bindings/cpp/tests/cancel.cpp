// cancel() ends what runs through all that was made from an object, stop() also what comes; parents go on.
#include "calls.hpp"

namespace {

using ecgrid::Outcome;
using ecgrid::Status;

void a_cancel_ends_what_runs(const char *url)
{
    const ecgrid::Client client = client_for(url);
    const Server server(url);
    client.cancel();
    auto call = begun(server, [&] { (void)client.login("hang@example.com", "any"); });
    client.cancel();
    CHECK(is_cancelled(call.get(), Outcome::unknown));
    CHECK_INT(client.login(user, password).user_id(), 4821);

    const ecgrid::Session session = client.login_session("call-hang@example.com", "any");
    call = begun(server, [&] { session.call("POST", "/v2/mailboxes/list", "{}"); });
    session.cancel();
    CHECK(is_cancelled(call.get(), Outcome::unknown));
    call = begun(server, [&] { session.call("GET", "/v2/users/me"); });
    client.cancel();
    CHECK(is_cancelled(call.get(), Outcome::unknown));
}

void what_was_made_from_an_object_ends_with_it_and_its_parent_goes_on(const char *url)
{
    const ecgrid::Client client = client_for(url);
    const ecgrid::Client clone = client.clone();
    const ecgrid::Session session = clone.login_session("call-hang@example.com", "any");
    const Server server(url);
    auto parent = begun(server, [&] { (void)client.login("slow-300@example.com", "any"); });
    auto call = begun(server, [&] { session.call("GET", "/v2/users/me"); });
    clone.cancel();
    CHECK(is_cancelled(call.get(), Outcome::unknown));
    clone.stop();
    CHECK(is_cancelled(failure_of([&] { (void)clone.clone().server_version(); }), Outcome::not_sent));
    CHECK(parent.get().status == Status::ok);
    call = begun(server, [&] { session.call("GET", "/v2/users/me"); });
    client.cancel();
    CHECK(is_cancelled(call.get(), Outcome::unknown));
    CHECK_INT(client.server_version().http_status(), 200);
}

void a_stop_is_for_good(const char *url)
{
    const ecgrid::Client client = client_for(url);
    const ecgrid::Session session = client.login_session("call-hang@example.com", "any");
    const Server server(url);
    auto call = begun(server, [&] { session.call("GET", "/v2/users/me"); });
    session.stop();
    CHECK(is_cancelled(call.get(), Outcome::unknown));
    const std::int64_t requests = server.count("requests");
    CHECK(is_cancelled(failure_of([&] { session.call("GET", "/v2/users/me"); }), Outcome::not_sent));
    CHECK_INT(server.count("requests"), requests);
    CHECK_INT(client.server_version().http_status(), 200);
}

} // namespace

int main()
{
    for (const char *place : {"SANDBOX_HTTP", "SANDBOX_HTTPS"}) {
        const char *const url = said(place);
        a_cancel_ends_what_runs(url);
        what_was_made_from_an_object_ends_with_it_and_its_parent_goes_on(url);
        a_stop_is_for_good(url);
    }
    return check_done();
}
