/// What the library tells of its work.
#ifndef ECGRID_LOG_HPP
#define ECGRID_LOG_HPP

#include <cstdint>
#include <functional>
#include <string_view>

#include "detail/base.hpp"

ECGRID_HPP_BEGIN

/// How much is told: each level tells what those before it do. docs/log.md has the events of each.
enum class LogLevel : std::int32_t {
    off = ECGRID_LOG_OFF,
    /// Calls that failed, sessions that are over.
    error = ECGRID_LOG_ERROR,
    /// And refreshes that failed, variables that look misspelt.
    warn = ECGRID_LOG_WARN,
    /// And each login, refresh and retry.
    info = ECGRID_LOG_INFO,
    /// And each step: settings, connections, requests and answers.
    debug = ECGRID_LOG_DEBUG,
};

/// Gets one event: its level, and its line, `event key=value key=value`, which is borrowed for the call. Any thread may call
/// it, several at once. It may use the library; what it does there is not told. What it throws is caught and forgotten.
using LogFunction = std::function<void(LogLevel level, std::string_view line)>;

namespace detail {

inline void log_line(void *function, std::int32_t level, const char *line) noexcept
{
    const auto &call = *static_cast<const LogFunction *>(function);
#if ECGRID_HPP_EXCEPTIONS
    try {
        call(static_cast<LogLevel>(level), line);
    } catch (...) {
        // There is nobody to throw it to.
    }
#else
    call(static_cast<LogLevel>(level), line);
#endif
}

inline void log_release(void *function) noexcept
{
    delete static_cast<LogFunction *>(function);
}

} // namespace detail
ECGRID_HPP_END

#endif
