// What most test programs need: where the sandbox is, clients for it, and what it has seen.
#ifndef SUPPORT_HPP
#define SUPPORT_HPP

#include <ecgrid.hpp>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>

#include "check.h"

using namespace std::chrono_literals;

constexpr std::string_view user = "jsmith@example.com";
constexpr std::string_view password = "Sup3r$ecret!";

inline const char *said(const char *name)
{
    const char *const value = std::getenv(name);
    if (!value) {
        std::printf("FAILED the runner did not set %s\n0 passed, 1 failed\n", name);
        std::exit(1);
    }
    return value;
}

inline ecgrid::Result<ecgrid::Client> try_client_for(std::string_view url)
{
    ecgrid::Config config;
    CHECK(config.try_set_base_url(url));
    if (const char *const ca_file = std::getenv("SANDBOX_CA")) CHECK(config.try_set_ca_file(ca_file));
    return ecgrid::Client::try_make(config);
}

inline ecgrid::Client client_for(std::string_view url)
{
    ecgrid::Result<ecgrid::Client> client = try_client_for(url);
    if (!client) {
        std::printf("FAILED no client: %s\n0 passed, 1 failed\n", client.error().what());
        std::exit(1);
    }
    return *std::move(client);
}

// What the sandbox has counted.
class Server {
public:
    explicit Server(std::string_view url) : session_(*client_for(url).try_session_with_api_key("none-needed")) {}

    [[nodiscard]] std::int64_t count(const std::string &counter) const
    {
        const auto counters = session_.try_call("GET", "/v2/sandbox/counters");
        return counters ? counters->integer('/' + counter, -1) : -1;
    }

    // Until it has got that many requests; gives up in the end, so that a mistake is a failure and not a hang.
    [[nodiscard]] bool waits_for_requests(std::int64_t number) const
    {
        for (int tries = 0; tries < 20000; tries++) {
            if (count("requests") >= number) return true;
            std::this_thread::sleep_for(1ms);
        }
        return false;
    }

private:
    ecgrid::Session session_;
};

#if ECGRID_HPP_EXCEPTIONS
// The status and outcome that `work` fails with.
struct Failure {
    ecgrid::Status status = ecgrid::Status::ok;
    ecgrid::Outcome outcome = ecgrid::Outcome::not_sent;
};

template <typename Work> Failure failure_of(Work work)
{
    try {
        work();
    } catch (const ecgrid::Error &error) {
        CHECK(!error.message().empty() && error.message() == error.what());
        return {error.status(), error.outcome()};
    }
    return {};
}

template <typename Work> bool is_closed(Work work)
{
    const Failure failure = failure_of(work);
    return failure.status == ecgrid::Status::invalid_state && failure.outcome == ecgrid::Outcome::not_sent;
}
#endif

#endif
