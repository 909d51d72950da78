/// The short way: one call, configured by the environment.
#ifndef ECGRID_LOGIN_HPP
#define ECGRID_LOGIN_HPP

#include <string_view>
#include <utility>

#include "detail/base.hpp"
#include "detail/text.hpp"
#include "result.hpp"
#include "token.hpp"
#include "version.hpp"

ECGRID_HPP_BEGIN

/// Logs in with the process-wide client, which is made at the first call from the environment as it is then (see
/// Config::try_from_env), and kept. `login` and `password` are UTF-8 and not empty; they are not kept. Blocks at most for
/// the timeout; to cancel it, use a Client. Any thread.
inline Result<Token> try_login(std::string_view login, std::string_view password)
{
    if (auto error = detail::misfit()) return *std::move(error);
    const detail::Text user(login), secret(password);
    if (auto error = detail::refusal(user, "the user name", secret, "the password")) return *std::move(error);
    ecgrid_token *token = nullptr;
    ecgrid_error *error = nullptr;
    const ecgrid_status status = ecgrid_login(user.c_str(), secret.c_str(), &token, &error);
    if (status != ECGRID_OK) return detail::take(status, error);
    return Token(token);
}

#if ECGRID_HPP_EXCEPTIONS
/// As try_login(), but throws Error.
[[nodiscard]] inline Token login(std::string_view login, std::string_view password)
{
    return try_login(login, password).value();
}
#endif

ECGRID_HPP_END

#endif
