/// Cancelling one call.
#ifndef ECGRID_STOP_TOKEN_HPP
#define ECGRID_STOP_TOKEN_HPP

#include "detail/base.hpp"

// Not <version>: C++17 has none, and a file of that name may be on the include path. <stop_token> defines the macro too.
#if (__cplusplus > 201703L || (defined(_MSVC_LANG) && _MSVC_LANG > 201703L)) && defined(__has_include)
#if __has_include(<stop_token>)
#include <stop_token>
#endif
#endif

ECGRID_HPP_BEGIN

/// What a call takes where C++ has no std::stop_token: it never stops.
struct NoStopToken {
    [[nodiscard]] static constexpr bool stop_possible() noexcept { return false; }
};

/// The last argument of every call that waits for ECGrid: std::stop_token from C++20 on, so that a std::jthread's token can
/// be handed through. A stop ends that call and no other, also if it is requested before the call begins: it fails
/// with Status::cancelled, and its outcome says whether it may have been done. What needs no request any more, such as a token
/// that is not due, may still succeed. Costs nothing while no stop is possible, as with the default.
#if defined(__cpp_lib_jthread)
using StopToken = std::stop_token;
#else
using StopToken = NoStopToken;
#endif

ECGRID_HPP_END

#endif
