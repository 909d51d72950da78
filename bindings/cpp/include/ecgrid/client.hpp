/// Connections, trust and settings.
#ifndef ECGRID_CLIENT_HPP
#define ECGRID_CLIENT_HPP

#include <string_view>
#include <utility>

#include "call_options.hpp"
#include "config.hpp"
#include "detail/base.hpp"
#include "detail/call.hpp"
#include "detail/handle.hpp"
#include "detail/text.hpp"
#include "response.hpp"
#include "result.hpp"
#include "session.hpp"
#include "token.hpp"
#include "version.hpp"

ECGRID_HPP_BEGIN

namespace detail {

template <> struct Functions<ecgrid_client> {
    static constexpr const char *name = "client";
    static void give_back(ecgrid_client *client) noexcept { ecgrid_client_free(client); }
    static void stop(const ecgrid_client *client) noexcept { ecgrid_client_stop(client); }
    static ecgrid_status clone(const ecgrid_client *client, ecgrid_client **clone, ecgrid_error **error) noexcept
    {
        return ecgrid_client_clone(client, clone, error);
    }
    static ecgrid_status set_timeout(const ecgrid_client *client, std::int64_t timeout, ecgrid_error **error) noexcept
    {
        return ecgrid_client_set_timeout_ms(client, timeout, error);
    }
};

} // namespace detail

/// Connections, trust and settings. Keeps its connections open between calls: make one, keep it, share it with any number
/// of threads.
///
/// Calls block until there is a result, at most for the timeout, and may fail with any status. Their last argument is for
/// that call alone: CallOptions.
///
/// Objects are a tree: a clone is a child of the object that it was made from, and so is a session of its client. A cancel
/// reaches all that was made from an object, a stop its clones, and neither the object that it was made from.
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
    explicit Client(ecgrid_client *owned) noexcept : handle_(owned) {}

#if ECGRID_HPP_EXCEPTIONS
    /// As try_make(), but throws Error.
    Client() : Client(try_make().value()) {}
    explicit Client(const Config &config) : Client(try_make(config).value()) {}
#endif

    /// Logs in (POST /v2/auth/login). `login` and `password` are UTF-8 and not empty; they are not kept. Every login opens
    /// a session at ECGrid, and an account may have few: log in once and use the token while it lasts.
    Result<Token> try_login(std::string_view login, std::string_view password, const CallOptions &options = {}) const
    {
        return log_in<Token>(ecgrid_client_login, login, password, options);
    }

    /// Asks ECGrid for its version, "/version" of the response: the health check. Needs no credential.
    Result<Response> try_server_version(const CallOptions &options = {}) const
    {
        return detail::make<Response>(handle_, options, ecgrid_client_server_version);
    }

    /// Logs in, once, and makes a session of it. Login and password are kept only if the client's configuration says so.
    /// The options are the login's; later calls of the session have their own.
    Result<Session> try_login_session(std::string_view login, std::string_view password, const CallOptions &options = {}) const
    {
        return log_in<Session>(ecgrid_session_login, login, password, options);
    }

    /// Makes a session with an API key, which does not expire. No request is made: whether ECGrid knows the key, the first
    /// call tells. Visible ASCII.
    Result<Session> try_session_with_api_key(std::string_view key) const
    {
        const detail::Text text(key);
        if (auto error = detail::refusal(text, "the API key")) return *std::move(error);
        return detail::make<Session>(
            handle_, CallOptions(), [&](const ecgrid_client *client, ecgrid_session **session, ecgrid_error **error) {
                return ecgrid_session_with_api_key(client, text.c_str(), session, error);
            });
    }

    /// Where ECGrid is, without a slash at its end: requests that the program sends itself with a session's credential go
    /// there, and nowhere else. Borrowed: good until this client, or the one it was moved to, is closed, assigned to or
    /// destroyed. A client that was closed answers as a closed Token does.
    [[nodiscard]] std::string_view base_url() const ECGRID_HPP_BORROWED
    {
        return detail::read(
            handle_, [](const ecgrid_client *client) { return std::string_view(ecgrid_client_base_url(client)); });
    }

    /// A child of this object: the same connections, trust and settings, with a cancel, stop and close of its own. Cheap.
    Result<Client> try_clone() const { return detail::make<Client>(handle_, CallOptions(), ecgrid_client_clone); }

#if ECGRID_HPP_EXCEPTIONS
    /// As the function of the same name with try_ in front, but throws Error. So are all below.
    [[nodiscard]] Token login(std::string_view login, std::string_view password, const CallOptions &options = {}) const
    {
        return try_login(login, password, options).value();
    }
    [[nodiscard]] Response server_version(const CallOptions &options = {}) const
    {
        return try_server_version(options).value();
    }
    [[nodiscard]] Session login_session(std::string_view login, std::string_view password, const CallOptions &options = {}) const
    {
        return try_login_session(login, password, options).value();
    }
    [[nodiscard]] Session session_with_api_key(std::string_view key) const
    {
        return try_session_with_api_key(key).value();
    }
    [[nodiscard]] Client clone() const { return try_clone().value(); }
#endif

    /// Ends the calls that run now through this object and all that was made from it, sessions included, with
    /// Status::cancelled. Does nothing after a close. Any thread; not from a signal handler.
    void cancel() const noexcept { detail::poke(handle_, ecgrid_client_cancel); }

    /// Ends the calls of this object and its clones, for good: later ones fail with Status::cancelled too, and are not
    /// sent. Sessions made from it go on, also with the calls that run now.
    void stop() const noexcept { detail::poke(handle_, ecgrid_client_stop); }

    /// Frees the handle, as soon as no call runs through it; a second close does nothing. With the last handle of a client
    /// its connections are closed. Any thread.
    void close() noexcept { handle_.close(); }

    /// False once it was closed or moved from.
    [[nodiscard]] bool is_open() const noexcept { return handle_.is_open(); }

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
                     std::string_view login, std::string_view password, const CallOptions &options) const
    {
        const detail::Text user(login), secret(password);
        if (auto error = detail::refusal(user, "the user name", secret, "the password")) return *std::move(error);
        return detail::make<T>(
            handle_, options, [&](const ecgrid_client *client, typename T::native_type **made, ecgrid_error **error) {
                return login_function(client, user.c_str(), secret.c_str(), made, error);
            });
    }

    detail::Handle<ecgrid_client> handle_;
};

ECGRID_HPP_END

#endif
