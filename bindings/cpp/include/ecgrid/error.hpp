/// Why a call failed, whether it may have been done, and what to do.
#ifndef ECGRID_ERROR_HPP
#define ECGRID_ERROR_HPP

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "detail/base.hpp"
#include "status.hpp"

ECGRID_HPP_BEGIN

/// Why a call failed. Thrown by the functions that throw, held by the Result of the others. Owns all it has, refers to
/// no handle; copying it does not throw. Any thread may read it.
class Error : public std::runtime_error {
public:
    /// An error with these facts, for a program's own tests.
    Error(Status status, Outcome outcome, std::int32_t http_status, const std::string &code,
          std::optional<std::chrono::milliseconds> retry_after, const std::string &message,
          const std::string &trace_id = {})
        : std::runtime_error(message), code_(code), trace_id_(trace_id), retry_after_(retry_after), status_(status),
          outcome_(outcome), http_status_(http_status)
    {
    }

    [[nodiscard]] Status status() const noexcept { return status_; }

    /// May it be sent again?
    [[nodiscard]] Outcome outcome() const noexcept { return outcome_; }

    /// The status of the HTTP answer; 0 when there was none.
    [[nodiscard]] std::int32_t http_status() const noexcept { return http_status_; }

    /// ECGrid's errorCode, such as "InvalidSession"; "" if the server sent none. Lives as long as this error.
    [[nodiscard]] std::string_view code() const noexcept ECGRID_HPP_BORROWED { return code_.what(); }

    /// What the server gave to find the request by: quote it when you ask ECGrid's support. "" if it gave nothing. Lives as
    /// long as this error.
    [[nodiscard]] std::string_view trace_id() const noexcept ECGRID_HPP_BORROWED { return trace_id_.what(); }

    /// How long to wait before the next try, as the server asks or until the session tries again by itself; if there is such
    /// a time. A session's Status::unauthenticated that has it is not the end: the session logs in again by itself by then.
    [[nodiscard]] std::optional<std::chrono::milliseconds> retry_after() const noexcept { return retry_after_; }

    /// One line for a person, as what(): English, UTF-8, without passwords, tokens or keys. Lives as long as this error.
    [[nodiscard]] std::string_view message() const noexcept ECGRID_HPP_BORROWED { return what(); }

private:
    // Texts that, unlike a std::string, are copied without throwing, as they must be in an exception.
    std::runtime_error code_;
    std::runtime_error trace_id_;
    std::optional<std::chrono::milliseconds> retry_after_;
    Status status_;
    Outcome outcome_;
    std::int32_t http_status_;
};

namespace detail {

/// An error before anything was sent, as the library's own are.
inline Error not_sent(Status status, const std::string &message)
{
    return Error(status, Outcome::not_sent, 0, {}, std::nullopt, message);
}

struct FreeError {
    void operator()(ecgrid_error *error) const noexcept { ecgrid_error_free(error); }
};

/// Copies an error of the library, and frees it in any case.
inline Error take(ecgrid_status status, ecgrid_error *error)
{
    const std::unique_ptr<ecgrid_error, FreeError> owned(error);
    // Only when memory has run out is there a status without its error.
    if (!error) return Error(Status(status), Outcome::unknown, 0, {}, std::nullopt, ecgrid_status_name(status));
    const std::int64_t retry_after = ecgrid_error_retry_after_ms(error);
    return Error(Status(ecgrid_error_status(error)), Outcome(ecgrid_error_outcome(error)),
                 ecgrid_error_http_status(error), ecgrid_error_code(error),
                 retry_after < 0 ? std::nullopt : std::optional(std::chrono::milliseconds(retry_after)),
                 ecgrid_error_message(error), ecgrid_error_trace_id(error));
}

} // namespace detail

ECGRID_HPP_END

#endif
