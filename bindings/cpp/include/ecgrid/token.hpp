/// A credential: the token of a login, or an API key.
#ifndef ECGRID_TOKEN_HPP
#define ECGRID_TOKEN_HPP

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "detail/base.hpp"
#include "detail/handle.hpp"

ECGRID_HPP_BEGIN

namespace detail {

template <> struct Functions<ecgrid_token> {
    static constexpr const char *name = "token";
    static void give_back(ecgrid_token *token) noexcept { ecgrid_token_free(token); }
};

} // namespace detail

/// The token of a login, or the API key of a session: a secret. Immutable, for any number of threads; wiped when it is destroyed or closed, with its
/// session if that has it too. Does not log out.
///
/// Accessors of a token that was closed or moved from throw Error (Status::invalid_state); without exceptions they answer
/// with the empty value.
class Token {
public:
    using native_type = ecgrid_token;

    /// Takes a handle of the C API, which it frees.
    explicit Token(ecgrid_token *owned) noexcept : handle_(owned) {}

    /// The JWT or the key itself. Borrowed: good until this token, or the one it was moved to, is closed, assigned to or destroyed.
    [[nodiscard]] std::string_view value() const ECGRID_HPP_BORROWED
    {
        return detail::read(handle_, [](const ecgrid_token *token) { return std::string_view(ecgrid_token_value(token)); });
    }

    /// The name of the header that shows it to ECGrid: "Authorization", or "X-API-Key". Borrowed, as value() is.
    [[nodiscard]] std::string_view header_name() const ECGRID_HPP_BORROWED
    {
        return detail::read(
            handle_, [](const ecgrid_token *token) { return std::string_view(ecgrid_token_header_name(token)); });
    }

    /// The value of that header, ready to send to ECGrid and to no other host: "Bearer <JWT>", or the key. Borrowed, as
    /// value() is.
    [[nodiscard]] std::string_view header_value() const ECGRID_HPP_BORROWED
    {
        return detail::read(
            handle_, [](const ecgrid_token *token) { return std::string_view(ecgrid_token_header_value(token)); });
    }

    /// The account's internal ECGrid user id; 0 when the server did not say, and for a key.
    [[nodiscard]] std::int64_t user_id() const { return detail::read(handle_, ecgrid_token_user_id); }

    /// When the token expires, by the server's clock; none when that is not known. To know how long it lasts, use
    /// expires_in().
    [[nodiscard]] std::optional<std::chrono::time_point<std::chrono::system_clock, std::chrono::seconds>>
    expires_at() const
    {
        using Seconds = std::chrono::time_point<std::chrono::system_clock, std::chrono::seconds>;
        const std::int64_t at = detail::read(handle_, ecgrid_token_expires_at);
        if (at == -1) return std::nullopt;
        return Seconds(std::chrono::seconds(at));
    }

    /// How long it lasts from now; 0 once it is over, none when that is not known. Right even when this machine's clock
    /// is wrong or is set meanwhile.
    [[nodiscard]] std::optional<std::chrono::seconds> expires_in() const
    {
        const std::int64_t left = detail::read(handle_, ecgrid_token_expires_in);
        if (left < 0) return std::nullopt;
        return std::chrono::seconds(left);
    }

    /// Frees and wipes it now; a second close does nothing. Any thread.
    void close() noexcept { handle_.close(); }

    /// False once it was closed or moved from.
    [[nodiscard]] bool is_open() const noexcept { return handle_.is_open(); }

private:
    friend class Session;

    detail::Handle<ecgrid_token> handle_;
};

ECGRID_HPP_END

#endif
