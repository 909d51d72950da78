// Calls on other threads, and how they end.
#ifndef CALLS_HPP
#define CALLS_HPP

#include <future>

#include "support.hpp"

// Begins `work` on another thread, and comes back when the sandbox has its request.
template <typename Work> std::future<Failure> begun(const Server &server, Work work)
{
    const std::int64_t before = server.count("requests");
    std::future<Failure> call = std::async(std::launch::async, [work] { return failure_of(work); });
    CHECK(server.waits_for_requests(before + 1));
    return call;
}

inline bool is_cancelled(const Failure &failure, ecgrid::Outcome outcome)
{
    return failure.status == ecgrid::Status::cancelled && failure.outcome == outcome;
}

#endif
