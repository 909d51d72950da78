// 32 threads make objects of every kind and let go of them in every way, for SECONDS: by scope, by close(), by assignment,
// or on another thread. In the end no native handle is left, and memory has not grown. Needs the library with test hooks.
#include "support.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <fstream>
#include <mutex>
#include <random>
#include <stop_token>
#include <unistd.h>
#include <variant>
#include <vector>

extern "C" std::int64_t ecgrid_test_live_handles(void);

namespace {

constexpr int thread_count = 32;

using Any = std::variant<std::monostate, ecgrid::Client, ecgrid::Session, ecgrid::Token, ecgrid::Response, ecgrid::Config>;

std::array<std::atomic<std::int64_t>, 6> made{};
std::atomic<std::int64_t> failures{0}, exchanged{0}, closed_while_used{0};

// Where threads leave objects, and take those of others to free them.
class Exchange {
public:
    Any swap(Any object, std::size_t at)
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        std::swap(object, places_[at % places_.size()]);
        exchanged++;
        return object;
    }

    void clear()
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        for (Any &place : places_) place = std::monostate();
    }

private:
    std::mutex mutex_;
    std::array<Any, 64> places_;
} exchange;

void close(Any &object)
{
    std::visit(
        [](auto &one) {
            if constexpr (!std::is_same_v<std::decay_t<decltype(one)>, std::monostate>) one.close();
        },
        object);
}

Any make(std::mt19937 &random, const ecgrid::Client &client, const ecgrid::Session &session)
{
    const char *const url = said("SANDBOX_HTTP");
    switch (random() % 12) {
    case 0: {
        ecgrid::Config config;
        config.set_base_url(url).set_user_agent("stress/1");
        return config;
    }
    case 1: return ecgrid::Client(ecgrid::Config().set_base_url(url));
    case 2: return client.clone();
    case 3: return client.login_session(user, password);
    case 4: return session.clone();
    case 5: return client.login(user, password);
    case 6: return client.server_version();
    case 7: return session.call("GET", "/v2/users/me");
    case 8: return client.login("fault-403@example.com", "any");
    case 9: return session.call("GET", "/v2/no/such");
    case 10: {
        std::stop_source source;
        std::jthread stopper([&source] { source.request_stop(); });
        return session.call("GET", "/v2/users/me", source.get_token());
    }
    default: return session.token();
    }
}

// An object of the thread's own, closed by another thread while it is in calls.
void close_under_a_call(const ecgrid::Session &session)
{
    ecgrid::Session own = session.clone();
    std::jthread closer([&own] { own.close(); });
    for (int i = 0; i < 3; i++) {
        if (!own.try_call("GET", "/v2/users/me")) closed_while_used++;
    }
}

void work(std::stop_token stop, unsigned seed, const ecgrid::Client &client, const ecgrid::Session &shared)
{
    std::mt19937 random(seed);
    Any kept;
    while (!stop.stop_requested()) {
        try {
            Any object = make(random, client, shared);
            made[object.index()]++;
            switch (random() % 4) {
            case 0: break;
            case 1: close(object); break;
            case 2: kept = std::move(object); break;
            default: object = exchange.swap(std::move(object), random()); break;
            }
            if (random() % 64 == 0) close_under_a_call(shared);
        } catch (const ecgrid::Error &error) {
            const auto expected = {ecgrid::Status::forbidden, ecgrid::Status::not_found, ecgrid::Status::cancelled};
            if (std::find(expected.begin(), expected.end(), error.status()) == expected.end()) {
                std::printf("FAILED a call: %s\n", error.what());
                check_counts[1]++;
                return;
            }
            failures++;
        }
    }
}

std::int64_t resident_kib()
{
    std::int64_t size = 0, resident = 0;
    std::ifstream("/proc/self/statm") >> size >> resident;
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

} // namespace

int main()
{
    const char *const given = std::getenv("SECONDS");
    const auto length = std::chrono::seconds(given ? std::stoi(given) : 20);
    std::int64_t early = 0, late = 0;
    {
        const ecgrid::Client client = client_for(said("SANDBOX_HTTP"));
        const ecgrid::Session session = client.login_session(user, password);
        std::vector<std::jthread> threads;
        for (unsigned t = 0; t < thread_count; t++) {
            threads.emplace_back([&, t](std::stop_token stop) { work(stop, t, client, session); });
        }
        std::this_thread::sleep_for(length / 3);
        early = resident_kib();
        std::this_thread::sleep_for(length - length / 3);
        late = resident_kib();
        for (std::jthread &thread : threads) thread.request_stop();
        threads.clear();
        CHECK_INT(session.call("GET", "/v2/users/me").integer("/userId"), 4821);
        exchange.clear();
        CHECK_INT(ecgrid_test_live_handles(), 2);
    }
    CHECK_INT(ecgrid_test_live_handles(), 0);
    CHECK(late - early < std::max<std::int64_t>(32 * 1024, early / 4));
    for (std::size_t kind = 1; kind < made.size(); kind++) CHECK(made[kind] > 0);
    CHECK(failures > 0 && closed_while_used > 0);
    std::printf("stress: %d threads, %d s: %lld clients, %lld sessions, %lld tokens, %lld responses, %lld configurations, "
                "%lld errors, %lld exchanged, %lld refused after a close; %lld KiB after a third, %lld KiB at the end\n",
                thread_count, static_cast<int>(length.count()), static_cast<long long>(made[1]),
                static_cast<long long>(made[2]), static_cast<long long>(made[3]), static_cast<long long>(made[4]),
                static_cast<long long>(made[5]), static_cast<long long>(failures), static_cast<long long>(exchanged),
                static_cast<long long>(closed_while_used), static_cast<long long>(early), static_cast<long long>(late));
    return check_done();
}
