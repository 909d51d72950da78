// close() while other threads are in calls: those end as they end, later ones are refused, nothing is freed under them.
#include "support.hpp"

#include <atomic>
#include <future>
#include <string>
#include <thread>
#include <vector>

namespace {

void a_running_call_ends_as_if_nothing_was(const char *url)
{
    const Server server(url);
    ecgrid::Client client = client_for(url);
    ecgrid::Session session = client.login_session("call-slow-300@example.com", "any");
    const std::int64_t before = server.count("requests");
    auto login = std::async(std::launch::async, [&] { return client.login("slow-300@example.com", "any").user_id(); });
    auto call = std::async(std::launch::async, [&] { return session.call("GET", "/v2/users/me").integer("/userId"); });
    CHECK(server.waits_for_requests(before + 2));
    client.close();
    session.close();
    CHECK(is_closed([&] { (void)client.server_version(); }));
    CHECK(is_closed([&] { session.call("GET", "/v2/users/me"); }));
    CHECK_INT(login.get(), 4821);
    CHECK_INT(call.get(), 4821);
    client.close();
    session.close();
}

// Many threads use and close one object, at moments of their own.
template <typename T, typename Make, typename Use> void is_closed_under_use(int rounds, Make make, Use use)
{
    for (int round = 0; round < rounds; round++) {
        T object = make();
        std::atomic<int> used{0}, refused{0}, failed{0};
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; t++) {
            threads.emplace_back([&] {
                for (int i = 0; i < 5000 && refused.load() == 0; i++) {
                    const ecgrid::Status status = failure_of([&] { use(object); }).status;
                    const bool is_refused = status == ecgrid::Status::invalid_state;
                    (is_refused ? refused : status == ecgrid::Status::ok ? used : failed)++;
                }
            });
        }
        for (int t = 0; t < 2; t++) {
            threads.emplace_back([&] {
                while (used.load() < round % 8) std::this_thread::yield();
                object.close();
            });
        }
        for (std::thread &thread : threads) thread.join();
        CHECK_INT(failed, 0);
        CHECK(!object.is_open());
        CHECK(is_closed([&] { use(object); }));
    }
}

void every_kind_may_be_closed_under_use(const char *url)
{
    const ecgrid::Client client = client_for(url);
    const ecgrid::Session session = client.login_session(user, password);
    is_closed_under_use<ecgrid::Token>(100, [&] { return session.token(); },
                                       [](const ecgrid::Token &token) { (void)token.expires_in(); });
    is_closed_under_use<ecgrid::Response>(40, [&] { return client.server_version(); },
                                          [](const ecgrid::Response &response) { (void)response.integer("/version"); });
    is_closed_under_use<ecgrid::Session>(40, [&] { return session.clone(); },
                                         [](const ecgrid::Session &one) { one.call("GET", "/v2/users/me"); });
    is_closed_under_use<ecgrid::Client>(40, [&] { return client.clone(); },
                                        [](const ecgrid::Client &one) { (void)one.server_version(); });
}

} // namespace

int main()
{
    for (const char *place : {"SANDBOX_HTTP", "SANDBOX_HTTPS"}) {
        const char *const url = said(place);
        a_running_call_ends_as_if_nothing_was(url);
        every_kind_may_be_closed_under_use(url);
    }
    return check_done();
}
