/// What ends one call early: a stop token, a timeout.
#ifndef ECGRID_CALL_OPTIONS_HPP
#define ECGRID_CALL_OPTIONS_HPP

#include <chrono>
#include <type_traits>
#include <utility>

#include "detail/base.hpp"

// Not <version>: C++17 has none, and a file of that name may be on the include path. <stop_token> defines the macro too.
#if (__cplusplus > 201703L || (defined(_MSVC_LANG) && _MSVC_LANG > 201703L)) && defined(__has_include)
#if __has_include(<stop_token>)
#include <stop_token>
#endif
#endif

ECGRID_HPP_BEGIN

/// What stands for a stop token where C++ has no std::stop_token: it never stops.
struct NoStopToken {
    [[nodiscard]] static constexpr bool stop_possible() noexcept { return false; }
};

/// The last argument of every call that waits for ECGrid: a stop token, a timeout, both as {stop, timeout}, or nothing.
///
/// A stop ends that call and no other, also if it is requested before the call begins: the call fails with
/// Status::cancelled, and its outcome says whether it may have been done. What needs no request any more, such as a token
/// that is not due, may still succeed. A timeout takes the place of the configuration's for that call; 0 is none of its own,
/// and one below 0 is Status::invalid_argument. The default costs nothing.
template <typename StopToken> class BasicCallOptions {
public:
    BasicCallOptions() noexcept = default;

    BasicCallOptions(StopToken stop, std::chrono::milliseconds timeout = {}) noexcept
        : stop_(std::move(stop)), timeout_(timeout)
    {
    }

    template <typename Rep, typename Period,
              typename = std::enable_if_t<
                  std::is_convertible_v<std::chrono::duration<Rep, Period>, std::chrono::milliseconds>>>
    BasicCallOptions(std::chrono::duration<Rep, Period> timeout) noexcept : timeout_(timeout)
    {
    }

    [[nodiscard]] const StopToken &stop() const noexcept { return stop_; }
    [[nodiscard]] std::chrono::milliseconds timeout() const noexcept { return timeout_; }

private:
    StopToken stop_{};
    std::chrono::milliseconds timeout_{};
};

// Another type in C++17, so that a program may have units of both.
#if defined(__cpp_lib_jthread)
using CallOptions = BasicCallOptions<std::stop_token>;
#else
using CallOptions = BasicCallOptions<NoStopToken>;
#endif

ECGRID_HPP_END

#endif
