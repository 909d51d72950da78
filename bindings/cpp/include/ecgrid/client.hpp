/// Connections, trust and settings.
#ifndef ECGRID_CLIENT_HPP
#define ECGRID_CLIENT_HPP

#include <string_view>
#include <utility>

#include "config.hpp"
#include "detail/base.hpp"
#include "detail/scope.hpp"
#include "detail/text.hpp"
#include "response.hpp"
#include "result.hpp"
#include "session.hpp"
#include "stop_token.hpp"
#include "token.hpp"
#include "version.hpp"

ECGRID_HPP_BEGIN

namespace detail {

template <> struct Functions<ecgrid_client> {
    static constexpr const char *name = "client";
    static void give_back(ecgrid_client *client) noexcept { ecgrid_client_free(client); }
    static void cancel(const ecgrid_client *client) noexcept { ecgrid_client_cancel(client); }
    static void stop(const ecgrid_client *client) noexcept { ecgrid_client_stop(client); }
    static ecgrid_status clone(const ecgrid_client *client, ecgrid_client **clone, ecgrid_error **error) noexcept
    {
        return ecgrid_client_clone(client, clone, error);
    }
};

} // namespace detail

/// Connections, trust and settings. Keeps its connections open between calls: make one, keep it, share it with any number
/// of threads.
///
/// Calls block until there is a result, at most for the timeout, and may fail with any status. The last argument is for
/// cancelling that one call; see StopToken.
class Client {
public:
    using native_type = ecgrid_client;

    /// A client with all defaults; the environment is not looked at. Opens no connection.
    static Result<Client> try_make() { return made_from(nullptr); }

    /// A client with these settings, which may go or change afterwards. A CA file is read here, once. Opens no connection.
    /// Fails with Status::invalid_argument or invalid_configuration.
    static Result<Client> try_make(const Config &config)
    {
        const detail::Handle<ecgrid_config>::Use settings(config.handle_);
        if (!settings) return detail::closed_error<ecgrid_config>();
        return made_from(settings.get());
    }

    /// Takes a handle of the C API, which it frees.
    explicit Client(ecgrid_client *owned) noexcept : scope_(owned) {}

#if ECGRID_HPP_EXCEPTIONS
    /// As try_make(), but throws Error.
    Client() : Client(try_make().value()) {}
    explicit Client(const Config &config) : Client(try_make(config).value()) {}
#endif

    /// Logs in (POST /v2/auth/login). `login` and `password` are UTF-8 and not empty; they are not kept. Every login opens
    /// a session at ECGrid, and an account may have few: log in once and use the token while it lasts.
    Result<Token> try_login(std::string_view login, std::string_view password, StopToken stop = {}) const
    {
        return log_in<Token>(ecgrid_client_login, login, password, stop);
    }

    /// Asks ECGrid for its version, "/version" of the response: the health check. Needs no credential.
    Result<Response> try_server_version(StopToken stop = {}) const
    {
        return detail::make<Response>(scope_, stop, ecgrid_client_server_version);
    }

    /// Logs in, once, and makes a session of it. Login and password are kept only if the client's configuration says so.
    /// A session that was made with a stop token is not reached by this client's cancel().
    Result<Session> try_login_session(std::string_view login, std::string_view password, StopToken stop = {}) const
    {
        return log_in<Session>(ecgrid_session_login, login, password, stop);
    }

    /// Makes a session with an API key, which does not expire. No request is made: whether ECGrid knows the key, the first
    /// call tells. Visible ASCII.
    Result<Session> try_session_with_api_key(std::string_view key) const
    {
        const detail::Text text(key);
        if (auto error = detail::refusal(text, "the API key")) return *std::move(error);
        return detail::make<Session>(
            scope_, NoStopToken(), [&](const ecgrid_client *client, ecgrid_session **session, ecgrid_error **error) {
                return ecgrid_session_with_api_key(client, text.c_str(), session, error);
            });
    }

    /// Another object for the same connections, trust and settings, with a cancel and a close of its own. Cheap.
    Result<Client> try_clone() const { return detail::make<Client>(scope_, NoStopToken(), ecgrid_client_clone); }

#if ECGRID_HPP_EXCEPTIONS
    /// As the function of the same name with try_ in front, but throws Error. So are all below.
    [[nodiscard]] Token login(std::string_view login, std::string_view password, StopToken stop = {}) const
    {
        return try_login(login, password, std::move(stop)).value();
    }
    [[nodiscard]] Response server_version(StopToken stop = {}) const
    {
        return try_server_version(std::move(stop)).value();
    }
    [[nodiscard]] Session login_session(std::string_view login, std::string_view password, StopToken stop = {}) const
    {
        return try_login_session(login, password, std::move(stop)).value();
    }
    [[nodiscard]] Session session_with_api_key(std::string_view key) const
    {
        return try_session_with_api_key(key).value();
    }
    [[nodiscard]] Client clone() const { return try_clone().value(); }
#endif

    /// Ends the calls that run through this object now, or through a session made from it, with Status::cancelled; clones go
    /// on, and so does a session whose login was given a token that can stop. Does nothing after a close. Any thread; not from a signal handler.
    void cancel() const { scope_.cancel(); }

    /// Ends the calls of this object itself, for good: later ones fail with Status::cancelled too, and are not sent. Sessions
    /// made from it go on, also with the calls that run now.
    void stop() const { scope_.stop(); }

    /// Frees the handle, as soon as no call runs through it; a second close does nothing. With the last handle of a client
    /// its connections are closed. Any thread.
    void close() noexcept { scope_.close(); }

    /// False once it was closed or moved from.
    [[nodiscard]] bool is_open() const noexcept { return scope_.is_open(); }

private:
    static Result<Client> made_from(const ecgrid_config *config)
    {
        if (auto error = detail::misfit()) return *std::move(error);
        ecgrid_client *client = nullptr;
        ecgrid_error *error = nullptr;
        const ecgrid_status status = ecgrid_client_new(config, &client, &error);
        if (status != ECGRID_OK) return detail::take(status, error);
        return Client(client);
    }

    template <typename T>
    Result<T> log_in(ecgrid_status (*login_function)(const ecgrid_client *, const char *, const char *,
                                                     typename T::native_type **, ecgrid_error **),
                     std::string_view login, std::string_view password, const StopToken &stop) const
    {
        const detail::Text user(login), secret(password);
        if (auto error = detail::refusal(user, "the user name", secret, "the password")) return *std::move(error);
        return detail::make<T>(
            scope_, stop, [&](const ecgrid_client *client, typename T::native_type **made, ecgrid_error **error) {
                return login_function(client, user.c_str(), secret.c_str(), made, error);
            });
    }

    detail::Scope<ecgrid_client> scope_;
};

ECGRID_HPP_END

#endif
