/// What came of a call, in two numbers.
#ifndef ECGRID_STATUS_HPP
#define ECGRID_STATUS_HPP

#include <cstdint>
#include <string_view>

#include "detail/base.hpp"

ECGRID_HPP_BEGIN

/// Why a call failed. A later library may add numbers: treat one that is not here like `internal`.
enum class Status : std::int32_t {
    ok = ECGRID_OK,
    /// Empty where that is not allowed, a NUL in a text, not UTF-8, a number out of range, a bad method, path or body.
    invalid_argument = ECGRID_INVALID_ARGUMENT,
    /// A setting or variable that cannot work, or a library of another version than these headers.
    invalid_configuration = ECGRID_INVALID_CONFIGURATION,
    /// HTTP 401: wrong password, expired or revoked token, unknown key; a session that is over.
    unauthenticated = ECGRID_UNAUTHENTICATED,
    /// HTTP 403.
    forbidden = ECGRID_FORBIDDEN,
    /// HTTP 404.
    not_found = ECGRID_NOT_FOUND,
    /// Any other 4xx, or `success: false` in a 2xx.
    rejected = ECGRID_REJECTED,
    /// HTTP 429; see Error::retry_after.
    rate_limited = ECGRID_RATE_LIMITED,
    /// HTTP 5xx. The outcome says whether it may have been done.
    server_error = ECGRID_SERVER_ERROR,
    /// A name was not resolved, or a connection or the proxy refused; or this machine refused what a connection needs, such
    /// as one more open file.
    unreachable = ECGRID_UNREACHABLE,
    /// A certificate or the TLS handshake failed; or the server wants a certificate of its client.
    tls = ECGRID_TLS,
    /// The deadline passed.
    timeout = ECGRID_TIMEOUT,
    /// The connection was closed or reset after it was made.
    connection_lost = ECGRID_CONNECTION_LOST,
    /// An answer that is not what ECGrid documents.
    bad_response = ECGRID_BAD_RESPONSE,
    /// Ended by a cancel, a stop, or a stop token.
    cancelled = ECGRID_CANCELLED,
    /// An object that was closed or moved from; a session that was logged out; the token of a session that has an API
    /// key; an object used in a forked child of the process that made it.
    invalid_state = ECGRID_INVALID_STATE,
    /// A bug in the library, caught.
    internal = ECGRID_INTERNAL,
    /// There is no memory for what was asked for: a request, an answer, or a value in one.
    out_of_memory = ECGRID_OUT_OF_MEMORY,
    /// A file or folder: it cannot be read or written, the disk is full, the name is taken.
    file = ECGRID_FILE,
};

/// May the call be sent again? A later library may add numbers: treat one that is not here like `unknown`.
enum class Outcome : std::int32_t {
    /// The request never left: send it again when the cause is mended.
    not_sent = ECGRID_OUTCOME_NOT_SENT,
    /// ECGrid said no and nothing was done: send it again when it has a reason to say yes.
    refused = ECGRID_OUTCOME_REFUSED,
    /// It was sent and may have been done: find out before sending it again.
    unknown = ECGRID_OUTCOME_UNKNOWN,
};

/// The name of a status in C, such as "ECGRID_TIMEOUT"; "ECGRID_UNKNOWN" for a number that is none. Static text. Any
/// thread.
[[nodiscard]] inline std::string_view to_string(Status status) noexcept
{
    return ecgrid_status_name(static_cast<std::int32_t>(status));
}

ECGRID_HPP_END

#endif
