// C++20: a stop token ends its one call and no other, is never forgotten, and costs nothing where it cannot stop.
#include "calls.hpp"
#include "scratch.hpp"

#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

namespace {

using ecgrid::Outcome;
using ecgrid::Status;

void a_stop_ends_its_call_and_no_other(const char *url)
{
    const ecgrid::Client client = client_for(url);
    const Server server(url);
    std::stop_source one, other;
    auto first = begun(server, [&] { (void)client.login("hang@example.com", "any", one.get_token()); });
    auto second = begun(server, [&] { (void)client.login("hang@example.com", "any", other.get_token()); });
    auto third = begun(server, [&] { (void)client.login("slow-300@example.com", "any"); });
    one.request_stop();
    CHECK(is_cancelled(first.get(), Outcome::unknown));
    CHECK(third.get().status == Status::ok);
    CHECK(second.wait_for(0s) == std::future_status::timeout);
    other.request_stop();
    CHECK(is_cancelled(second.get(), Outcome::unknown));
    CHECK_INT(client.login(user, password).user_id(), 4821);
}

void a_stop_before_the_call_is_not_forgotten(const char *url)
{
    const ecgrid::Client client = client_for(url);
    const ecgrid::Session session = client.login_session(user, password);
    const Server server(url);
    const std::int64_t requests = server.count("requests");
    std::stop_source source;
    source.request_stop();
    const std::stop_token stop = source.get_token();
    const auto ended = [](auto work) { return is_cancelled(failure_of(work), Outcome::not_sent); };
    CHECK(ended([&] { (void)client.login(user, password, stop); }));
    CHECK(ended([&] { (void)client.login_session(user, password, stop); }));
    CHECK(ended([&] { (void)client.server_version(stop); }));
    CHECK(ended([&] { (void)session.info(stop); }));
    CHECK(ended([&] { session.change_password(password, "An0ther$ecret!", stop); }));
    CHECK(ended([&] { (void)session.generate_api_key(4821, stop); }));
    CHECK(ended([&] { session.call("GET", "/v2/users/me", stop); }));
    CHECK(ended([&] { session.call("POST", "/v2/mailboxes/list", "{}", stop); }));
    CHECK(ended([&] { session.refresh(stop); }));
    CHECK(ended([&] { session.logout(stop); }));
    const Scratch scratch;
    const ecgrid::Inbox inbox = session.inbox(scratch.make("in"));
    const ecgrid::Outbox outbox = session.outbox(scratch.make("out"));
    CHECK(ended([&] { (void)inbox.receive(stop); }));
    CHECK(ended([&] { (void)outbox.send(stop); }));
    CHECK_INT(server.count("requests"), requests);
    CHECK_INT(session.call("GET", "/v2/users/me").integer("/userId"), 4821);
    // Handed out without a request, which is all that a stop can end.
    CHECK_INT(session.token(stop).user_id(), 4821);
}

void a_call_that_can_be_stopped_need_not_be(const char *url)
{
    const ecgrid::Client client = client_for(url);
    std::optional<ecgrid::Session> session;
    {
        std::stop_source source;
        const std::stop_token stop = source.get_token();
        CHECK_INT(client.login(user, password, stop).user_id(), 4821);
        session = client.login_session(user, password, stop);
        CHECK_INT(session->call("GET", "/v2/users/me", stop).integer("/userId"), 4821);
        session->refresh(stop);
        source.request_stop();
    }
    // What the stopped token's calls made is not stopped.
    CHECK_INT(session->call("GET", "/v2/users/me").integer("/userId"), 4821);
    // A token that nobody can stop.
    CHECK_INT(client.login(user, password, std::stop_token()).user_id(), 4821);
    std::stop_token orphan = std::stop_source().get_token();
    CHECK(!orphan.stop_possible());
    CHECK_INT(client.login(user, password, orphan).user_id(), 4821);
}

// Calls with a stop token belong to their object all the same.
void a_cancel_of_the_object_reaches_calls_with_a_token(const char *url)
{
    const ecgrid::Client client = client_for(url);
    const ecgrid::Session session = client.login_session("call-hang@example.com", "any");
    const Server server(url);
    std::stop_source source;
    const std::stop_token stop = source.get_token();
    auto one = begun(server, [&] { session.call("GET", "/v2/users/me", stop); });
    auto two = begun(server, [&] { session.call("GET", "/v2/users/me", stop); });
    auto three = begun(server, [&] { (void)client.login("hang@example.com", "any", stop); });
    session.cancel();
    CHECK(is_cancelled(one.get(), Outcome::unknown) && is_cancelled(two.get(), Outcome::unknown));
    CHECK(three.wait_for(0s) == std::future_status::timeout);
    client.stop();
    CHECK(is_cancelled(three.get(), Outcome::unknown));
    CHECK(is_cancelled(failure_of([&] { (void)client.server_version(stop); }), Outcome::not_sent));
    auto moved = client_for(url);
    moved.stop();
    const ecgrid::Client stopped = std::move(moved);
    CHECK(is_cancelled(failure_of([&] { (void)stopped.server_version(stop); }), Outcome::not_sent));
}

// And so do sessions whose login had a token: they outlive that, and hear the client's cancel.
void a_cancel_of_the_client_reaches_a_session_whose_login_had_a_token(const char *url)
{
    const ecgrid::Client client = client_for(url);
    std::stop_source source;
    const ecgrid::Session session = client.login_session("call-hang@example.com", "any", source.get_token());
    source.request_stop();
    const Server server(url);
    auto call = begun(server, [&] { session.call("GET", "/v2/users/me"); });
    client.cancel();
    CHECK(is_cancelled(call.get(), Outcome::unknown));
}

// Each of the two ends its call, whichever comes first.
void a_call_may_have_a_stop_token_and_a_timeout(const char *url)
{
    const ecgrid::Client client = client_for(url);
    std::stop_source source;
    const std::stop_token stop = source.get_token();
    const Failure late = failure_of([&] { (void)client.login("hang@example.com", "any", {stop, 100ms}); });
    CHECK(late.status == Status::timeout);
    const Server server(url);
    auto call = begun(server, [&] { (void)client.login("hang@example.com", "any", {stop, 1h}); });
    source.request_stop();
    CHECK(is_cancelled(call.get(), Outcome::unknown));
}

void a_jthread_s_token_can_be_handed_through(const char *url)
{
    const ecgrid::Client client = client_for(url);
    const Server server(url);
    const std::int64_t before = server.count("requests");
    Failure failure;
    {
        const std::jthread thread([&](std::stop_token stop) {
            failure = failure_of([&] { (void)client.login("hang@example.com", "any", std::move(stop)); });
        });
        CHECK(server.waits_for_requests(before + 1));
    }
    CHECK(is_cancelled(failure, Outcome::unknown));
}

// Stops that come at any moment: each call ends one way or the other, and nothing is freed under it.
void stops_may_come_at_any_moment(const char *url)
{
    const ecgrid::Client client = client_for(url);
    const ecgrid::Session session = client.login_session(user, password);
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; t++) {
        threads.emplace_back([&] {
            for (int round = 0; round < 100; round++) {
                std::stop_source source;
                std::jthread stopper([&source, round] {
                    for (int i = 0; i < round * 20; i++) std::this_thread::yield();
                    source.request_stop();
                });
                const auto answer = session.try_call("GET", "/v2/users/me", source.get_token());
                CHECK(answer || answer.error().status() == Status::cancelled);
            }
        });
    }
    threads.clear();
    CHECK_INT(session.call("GET", "/v2/users/me").integer("/userId"), 4821);
}

} // namespace

int main()
{
    for (const char *place : {"SANDBOX_HTTP", "SANDBOX_HTTPS"}) {
        const char *const url = said(place);
        a_stop_ends_its_call_and_no_other(url);
        a_stop_before_the_call_is_not_forgotten(url);
        a_call_that_can_be_stopped_need_not_be(url);
        a_cancel_of_the_object_reaches_calls_with_a_token(url);
        a_cancel_of_the_client_reaches_a_session_whose_login_had_a_token(url);
        a_call_may_have_a_stop_token_and_a_timeout(url);
        a_jthread_s_token_can_be_handed_through(url);
        stops_may_come_at_any_moment(url);
    }
    return check_done();
}
