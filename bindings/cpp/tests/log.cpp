// The log's function: what it gets, what becomes of what it throws, and how long it lives.
#include "support.hpp"

#include <atomic>
#include <memory>
#include <stdexcept>
#include <vector>

namespace {

ecgrid::Config config_for(const char *url)
{
    ecgrid::Config config;
    config.set_base_url(url).set_ca_file(said("SANDBOX_CA"));
    return config;
}

void each_event_is_a_line_with_its_level(const char *url)
{
    std::vector<std::string> lines;
    ecgrid::Config config = config_for(url);
    config.set_log(ecgrid::LogLevel::info, [&lines](ecgrid::LogLevel level, std::string_view line) {
        lines.push_back(std::to_string(static_cast<int>(level)) + ' ' + std::string(line));
    });
    const ecgrid::Client client(config);
    (void)client.login(user, password);
    CHECK(failure_of([&] { (void)client.login(user, "wrong"); }).status == ecgrid::Status::unauthenticated);
    if (!CHECK_INT(static_cast<std::int64_t>(lines.size()), 2)) return;
    CHECK_HAS(lines[0].c_str(), "3 login call=1 user=jsmith@example.com user_id=4821 expires_in=");
    CHECK_HAS(lines[1].c_str(), "1 failure call=2 status=ECGRID_UNAUTHENTICATED outcome=refused error=");
}

void what_it_throws_is_caught(const char *url)
{
    std::atomic<int> thrown{0};
    ecgrid::Config config = config_for(url);
    config.set_log(ecgrid::LogLevel::debug, [&thrown](ecgrid::LogLevel, std::string_view) {
        thrown++;
        throw std::runtime_error("the log is full");
    });
    const ecgrid::Client client(config);
    CHECK_INT(client.login(user, password).user_id(), 4821);
    CHECK(thrown > 3);
}

void it_may_use_the_session_that_it_is_told_of(const char *url)
{
    std::atomic<const ecgrid::Session *> mine{nullptr};
    std::atomic<int> calls{0};
    ecgrid::Config config = config_for(url);
    config.set_log(ecgrid::LogLevel::info, [&](ecgrid::LogLevel, std::string_view line) {
        const ecgrid::Session *const session = mine;
        if (!session || line.substr(0, 8) != "refresh ") return;
        CHECK_INT(session->call("GET", "/v2/users/me").integer("/userId"), 4821);
        calls++;
    });
    const ecgrid::Session session = ecgrid::Client(config).login_session(user, password);
    mine = &session;
    session.refresh();
    for (int tries = 0; calls == 0 && tries < 20000; tries++) std::this_thread::sleep_for(1ms);
    CHECK_INT(calls, 1);
    mine = nullptr;
}

// Whoever goes last, and also where it is replaced or refused.
void it_lives_as_long_as_it_is_needed(const char *url)
{
    const auto held = std::make_shared<int>(0);
    const auto function = [held](ecgrid::LogLevel, std::string_view) { ++*held; };
    {
        ecgrid::Config config = config_for(url);
        CHECK(failure_of([&] { config.set_log(static_cast<ecgrid::LogLevel>(5), function); }).status ==
              ecgrid::Status::invalid_argument);
        CHECK(failure_of([&] { config.set_log(ecgrid::LogLevel::info, nullptr); }).status ==
              ecgrid::Status::invalid_argument);
        CHECK_INT(held.use_count(), 2);
        config.set_log(ecgrid::LogLevel::info, function);
        config.set_log(ecgrid::LogLevel::info, function);
        CHECK_INT(held.use_count(), 3);
        const ecgrid::Client client(config);
        config.close();
        CHECK_INT(held.use_count(), 3);
        (void)client.login(user, password);
    }
    CHECK_INT(*held, 1);
    CHECK_INT(held.use_count(), 2);
    ecgrid::Config config;
    config.set_log(ecgrid::LogLevel::off, function).set_log(ecgrid::LogLevel::off, nullptr);
    CHECK_INT(held.use_count(), 2);
    config.close();
    CHECK(is_closed([&] { config.set_log(ecgrid::LogLevel::off, function); }));
}

} // namespace

int main()
{
    for (const char *place : {"SANDBOX_HTTP", "SANDBOX_HTTPS"}) {
        const char *const url = said(place);
        each_event_is_a_line_with_its_level(url);
        what_it_throws_is_caught(url);
        it_may_use_the_session_that_it_is_told_of(url);
        it_lives_as_long_as_it_is_needed(url);
    }
    return check_done();
}
