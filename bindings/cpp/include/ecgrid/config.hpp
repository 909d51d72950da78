/// Settings for a client.
#ifndef ECGRID_CONFIG_HPP
#define ECGRID_CONFIG_HPP

#include <chrono>
#include <cstdint>
#include <memory>
#include <new>
#include <string_view>
#include <utility>

#include "detail/base.hpp"
#include "detail/handle.hpp"
#include "detail/text.hpp"
#include "log.hpp"
#include "result.hpp"
#include "version.hpp"

ECGRID_HPP_BEGIN

namespace detail {

template <> struct Functions<ecgrid_config> {
    static constexpr const char *name = "configuration";
    static void give_back(ecgrid_config *config) noexcept { ecgrid_config_free(config); }
};

} // namespace detail

/// Settings being collected for a client. What a setting cannot take is refused at once, and the old value stays; what
/// turns out not to work is refused when a client is made. Text is UTF-8, copied, and wiped with the configuration.
///
/// The one class whose objects only one thread at a time may use. Setters return the object, so that they can be chained.
class Config {
public:
    using native_type = ecgrid_config;

    /// The defaults; of the environment only ECGRID_LOG and ECGRID_LOG_FILE are looked at, when a client is made. Throws Error when memory has run out, or when the library does not
    /// fit these headers; without exceptions the client made from it says so.
    Config() : handle_(ecgrid_config_new())
    {
#if ECGRID_HPP_EXCEPTIONS
        if (auto error = detail::misfit()) throw *std::move(error);
        if (!handle_.is_open()) throw detail::not_sent(Status::out_of_memory, "there is no memory for a client's settings");
#endif
    }

    /// Takes a handle of the C API, which it frees.
    explicit Config(ecgrid_config *owned) noexcept : handle_(owned) {}

    /// The defaults, changed by ECGRID_BASE_URL, ECGRID_API_KEY, ECGRID_CA_FILE, ECGRID_PROXY (else HTTPS_PROXY, ALL_PROXY,
    /// NO_PROXY) and ECGRID_TIMEOUT_MS as they are now. No other thread may change the environment meanwhile.
    /// Fails with Status::invalid_argument or invalid_configuration, naming the variable.
    static Result<Config> try_from_env()
    {
        if (auto error = detail::misfit()) return *std::move(error);
        ecgrid_config *config = nullptr;
        ecgrid_error *error = nullptr;
        const ecgrid_status status = ecgrid_config_from_env(&config, &error);
        if (status != ECGRID_OK) return detail::take(status, error);
        return Config(config);
    }

    /// Where ECGrid is: https://host[:port][/path]. Default https://rest.ecgrid.io. http:// is for this machine only.
    Result<void> try_set_base_url(std::string_view url) { return set(ecgrid_config_set_base_url, url, "the base URL"); }

    /// The API key that is sent as X-API-Key with a login. Default: none.
    Result<void> try_set_api_key(std::string_view key) { return set(ecgrid_config_set_api_key, key, "the API key"); }

    /// A PEM file with the authorities to trust instead of the machine's. Read when a client is made.
    Result<void> try_set_ca_file(std::string_view path)
    {
        return set(ecgrid_config_set_ca_file, path, "the path of the CA file");
    }

    /// An HTTP proxy: http://[user[:password]@]host[:port]. "" is no proxy at all.
    Result<void> try_set_proxy(std::string_view url) { return set(ecgrid_config_set_proxy, url, "the proxy URL"); }

    /// Your product, such as "acme-translator/4.2", to go before the library's own in User-Agent.
    Result<void> try_set_user_agent(std::string_view product)
    {
        return set(ecgrid_config_set_user_agent, product, "the user agent");
    }

    /// The time for a whole call, retries and pauses included. Default 30 s; at least 1 ms. There is no "for
    /// ever", and std::chrono::hours::max() does not fit.
    Result<void> try_set_timeout(std::chrono::milliseconds total)
    {
        return set(ecgrid_config_set_timeout_ms, std::int64_t{total.count()});
    }

    /// The time until a connection stands: name, TCP, proxy and TLS. Default 10 s; at least 1 ms.
    Result<void> try_set_connect_timeout(std::chrono::milliseconds connect)
    {
        return set(ecgrid_config_set_connect_timeout_ms, std::int64_t{connect.count()});
    }

    /// How often a call is tried at most, 1 to 10. Default 3; with 1 nothing is tried again, except a session's call
    /// that got 401: it is sent again with a newer token all the same.
    Result<void> try_set_max_attempts(std::int32_t attempts) { return set(ecgrid_config_set_max_attempts, attempts); }

    /// The largest answer to accept, in bytes. Default 67108864 (64 MiB); at least 1. A login's may have 1 MiB at most.
    Result<void> try_set_max_response_bytes(std::int64_t bytes)
    {
        return set(ecgrid_config_set_max_response_bytes, bytes);
    }

    /// Whether a session may keep login and password, in locked memory, to log in again by itself. Default: no.
    Result<void> try_set_keep_password(bool keep)
    {
        return set(ecgrid_config_set_keep_password, std::int32_t{keep ? 1 : 0});
    }

    /// Whether sessions stay logged in while nobody calls, by a thread of the library's own. Default: no. For programs that
    /// may sleep for longer than a token lives.
    Result<void> try_set_keep_alive(bool keep) { return set(ecgrid_config_set_keep_alive, std::int32_t{keep ? 1 : 0}); }

    /// Who is told what clients with this configuration do: every event up to `level`. Default: the file that the variables
    /// ECGRID_LOG and ECGRID_LOG_FILE ask for; from now on these do not count. The function lives until nothing will call it
    /// again: until all that was made from this configuration is gone, and perhaps a moment longer. It may be empty with
    /// LogLevel::off only.
    Result<void> try_set_log(LogLevel level, LogFunction function)
    {
        const detail::Handle<ecgrid_config>::Use use(handle_);
        if (!use) return detail::closed_error<ecgrid_config>();
        const bool is_given = static_cast<bool>(function);
        std::unique_ptr<LogFunction> kept(is_given ? new (std::nothrow) LogFunction(std::move(function)) : nullptr);
        if (is_given && !kept) return detail::not_sent(Status::out_of_memory, "there is no memory for the log's function");
        ecgrid_error *error = nullptr;
        const ecgrid_status status =
            ecgrid_config_set_log(use.get(), static_cast<std::int32_t>(level), kept ? detail::log_line : nullptr,
                                  kept.get(), kept ? detail::log_release : nullptr, &error);
        if (status != ECGRID_OK) return detail::take(status, error);
        (void)kept.release();
        return {};
    }

    /// A pointer, such as that to "false", would be true.
    template <typename T> Result<void> try_set_keep_password(T) = delete;
    template <typename T> Result<void> try_set_keep_alive(T) = delete;

#if ECGRID_HPP_EXCEPTIONS
    /// As the function of the same name with try_ in front, but throws Error. So are all below.
    static Config from_env() { return try_from_env().value(); }
    Config &set_base_url(std::string_view url) { return done(try_set_base_url(url)); }
    Config &set_api_key(std::string_view key) { return done(try_set_api_key(key)); }
    Config &set_ca_file(std::string_view path) { return done(try_set_ca_file(path)); }
    Config &set_proxy(std::string_view url) { return done(try_set_proxy(url)); }
    Config &set_user_agent(std::string_view product) { return done(try_set_user_agent(product)); }
    Config &set_timeout(std::chrono::milliseconds total) { return done(try_set_timeout(total)); }
    Config &set_connect_timeout(std::chrono::milliseconds connect) { return done(try_set_connect_timeout(connect)); }
    Config &set_max_attempts(std::int32_t attempts) { return done(try_set_max_attempts(attempts)); }
    Config &set_max_response_bytes(std::int64_t bytes) { return done(try_set_max_response_bytes(bytes)); }
    Config &set_keep_password(bool keep) { return done(try_set_keep_password(keep)); }
    Config &set_keep_alive(bool keep) { return done(try_set_keep_alive(keep)); }
    Config &set_log(LogLevel level, LogFunction function) { return done(try_set_log(level, std::move(function))); }
    template <typename T> Config &set_keep_password(T) = delete;
    template <typename T> Config &set_keep_alive(T) = delete;
#endif

    /// Frees and wipes the settings now; a second close does nothing. Clients made from them are not affected.
    void close() noexcept { handle_.close(); }

    /// False once it was closed or moved from.
    [[nodiscard]] bool is_open() const noexcept { return handle_.is_open(); }

private:
    friend class Client;

    Result<void> set(ecgrid_status (*setter)(ecgrid_config *, const char *, ecgrid_error **), std::string_view value,
                     const char *what)
    {
        const detail::Text text(value);
        if (auto error = detail::refusal(text, what)) return *std::move(error);
        return set(setter, text.c_str());
    }

    template <typename Value>
    Result<void> set(ecgrid_status (*setter)(ecgrid_config *, Value, ecgrid_error **), Value value)
    {
        const detail::Handle<ecgrid_config>::Use use(handle_);
        if (!use) return detail::closed_error<ecgrid_config>();
        ecgrid_error *error = nullptr;
        const ecgrid_status status = setter(use.get(), value, &error);
        if (status != ECGRID_OK) return detail::take(status, error);
        return {};
    }

#if ECGRID_HPP_EXCEPTIONS
    Config &done(const Result<void> &result)
    {
        result.value();
        return *this;
    }
#endif

    detail::Handle<ecgrid_config> handle_;
};

ECGRID_HPP_END

#endif
