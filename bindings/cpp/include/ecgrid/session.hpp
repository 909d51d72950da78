/// A credential that is kept valid, and calls with it.
#ifndef ECGRID_SESSION_HPP
#define ECGRID_SESSION_HPP

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <utility>

#include "call_options.hpp"
#include "detail/base.hpp"
#include "detail/call.hpp"
#include "detail/handle.hpp"
#include "detail/text.hpp"
#include "folder.hpp"
#include "parcel.hpp"
#include "response.hpp"
#include "result.hpp"
#include "token.hpp"

ECGRID_HPP_BEGIN

namespace detail {

template <> struct Functions<ecgrid_session> {
    static constexpr const char *name = "session";
    static void give_back(ecgrid_session *session) noexcept { ecgrid_session_free(session); }
    static void stop(const ecgrid_session *session) noexcept { ecgrid_session_stop(session); }
    static ecgrid_status clone(const ecgrid_session *session, ecgrid_session **clone, ecgrid_error **error) noexcept
    {
        return ecgrid_session_clone(session, clone, error);
    }
    static ecgrid_status set_timeout(const ecgrid_session *session, std::int64_t timeout, ecgrid_error **error) noexcept
    {
        return ecgrid_session_set_timeout_ms(session, timeout, error);
    }
};

} // namespace detail

/// One credential, kept valid for months and for any number of threads: the token of one login, or an API key. Made by
/// Client::login_session and Client::session_with_api_key; outlives its client.
///
/// A token is refreshed by the first call that finds it due: when about 80 % of its lifetime are over, or earlier when what is
/// left would not last the next pause between calls, judged by the longest recent one. A program that may sleep for longer
/// than a token lives keeps its sessions alive (Config::set_keep_alive). When a token is dead
/// and no refresh can bring another, the session logs in again if it may keep the password
/// (Config::set_keep_password); else it is over: Status::unauthenticated, Outcome::not_sent, and only another
/// login helps. If such an error has a retry_after(), it is not over: it logs in again by itself by then.
///
/// Every call blocks until there is a result, at most for the client's timeout, retries included, and may fail with any
/// status. Its last argument is for that call alone: CallOptions. Any number of threads.
class Session {
public:
    using native_type = ecgrid_session;

    /// Takes a handle of the C API, which it frees.
    explicit Session(ecgrid_session *owned) noexcept : handle_(owned) {}

    /// A token that is good now, for requests that the program sends itself; of a session with an API key, the key. Costs
    /// no request while it is not due for a refresh. A later refresh makes it invalid: ask for each request, and after a
    /// 401 tell refused().
    Result<Token> try_token(const CallOptions &options = {}) const
    {
        return detail::make<Token>(handle_, options, ecgrid_session_token);
    }

    /// Tells the session that ECGrid answered 401 to a request of the program's own with that token. No request is made
    /// now: the next token() is a better one, or says why there is none; it is the same where ECGrid says that it is good.
    /// A token that is not, or no longer, the session's own changes nothing, nor does an API key.
    Result<void> try_refused(const Token &token) const
    {
        const detail::Handle<ecgrid_token>::Use refused(token.handle_);
        if (!refused) return detail::closed_error<ecgrid_token>();
        return detail::act(handle_, CallOptions(), [&](const ecgrid_session *session, ecgrid_error **error) {
            return ecgrid_session_refused(session, refused.get(), error);
        });
    }

    /// Gets a new token now, or joins in when that is under way. Not needed for calls, which see to it themselves. A
    /// cancel ends the waiting, not the refresh.
    Result<void> try_refresh(const CallOptions &options = {}) const { return detail::act(handle_, options, ecgrid_session_refresh); }

    /// Asks ECGrid about the session: "/userId", "/login", "/networkId", "/mailboxId", "/authLevel", "/expiresAt".
    Result<Response> try_info(const CallOptions &options = {}) const
    {
        return detail::make<Response>(handle_, options, ecgrid_session_info);
    }

    /// Changes the account's password. Tokens live on. ECGrid's policy is checked first: `replacement` needs a lower-case
    /// letter, an upper-case letter, a digit and another character. A kept password is replaced.
    Result<void> try_change_password(std::string_view current, std::string_view replacement, const CallOptions &options = {}) const
    {
        const detail::Text before(current), after(replacement);
        if (auto error = detail::refusal(before, "the current password", after, "the new password")) {
            return *std::move(error);
        }
        return detail::act(handle_, options, [&](const ecgrid_session *session, ecgrid_error **error) {
            return ecgrid_session_change_password(session, before.c_str(), after.c_str(), error);
        });
    }

    /// Makes a new API key for an account: a secret, string("") of the response. The account's old key is dead at once;
    /// after a failure with Outcome::unknown it may be, too. A session whose own key this replaces changes over.
    Result<Response> try_generate_api_key(std::int64_t user_id, const CallOptions &options = {}) const
    {
        return detail::make<Response>(
            handle_, options, [&](const ecgrid_session *session, ecgrid_response **response, ecgrid_error **error) {
                return ecgrid_session_generate_api_key(session, user_id, response, error);
            });
    }

    /// Calls any endpoint of the API without a body. `method` is one of GET, POST, PUT, PATCH, DELETE; `path` starts with
    /// /v2/, may have a query, and is sent as it is.
    Result<Response> try_call(std::string_view method, std::string_view path, const CallOptions &options = {}) const
    {
        return request(method, path, nullptr, 0, options);
    }

    /// The same with a body: JSON, UTF-8, which is checked before anything is sent. It is not copied.
    Result<Response> try_call(std::string_view method, std::string_view path, std::string_view body,
                              const CallOptions &options = {}) const
    {
        return request(method, path, body.data() ? body.data() : "", body.size(), options);
    }

    /// NULL, and so {}, is no body in C; here it would be a text that is not there. To send none, leave the argument out.
    Result<Response> try_call(std::string_view, std::string_view, std::nullptr_t leave_it_out,
                              const CallOptions & = {}) const = delete;

    /// Lists what is pending in a mailbox, or in the account's own: "/0/parcelId", "/0/fileName" and so on, count("") rows.
    Result<Response> try_pending(std::int64_t mailbox_id = 0, const CallOptions &options = {}) const
    {
        return detail::make<Response>(
            handle_, options, [&](const ecgrid_session *session, ecgrid_response **list, ecgrid_error **error) {
                return ecgrid_session_pending(session, mailbox_id, list, error);
            });
    }

    /// Downloads a parcel into memory, decoded.
    Result<Parcel> try_download(std::int64_t parcel_id, const CallOptions &options = {}) const
    {
        return detail::make<Parcel>(
            handle_, options, [&](const ecgrid_session *session, ecgrid_parcel **parcel, ecgrid_error **error) {
                return ecgrid_session_download(session, parcel_id, parcel, error);
            });
    }

    /// Downloads a parcel to a file that is not there yet: it is whole and on the disk, or nothing is there. The timeout is the
    /// longest time without a byte, and memory does not grow with the parcel.
    Result<void> try_download(std::int64_t parcel_id, const std::filesystem::path &to, const CallOptions &options = {}) const
    {
        const detail::Text path(detail::path_text(to));
        if (auto error = detail::refusal(path, "the path")) return *std::move(error);
        return detail::act(handle_, options, [&](const ecgrid_session *session, ecgrid_error **error) {
            return ecgrid_session_download_file(session, parcel_id, path.c_str(), error);
        });
    }

    /// Tells ECGrid that a parcel is safe. Twice is fine.
    Result<void> try_confirm(std::int64_t parcel_id, const CallOptions &options = {}) const
    {
        return detail::act(handle_, options, [&](const ecgrid_session *session, ecgrid_error **error) {
            return ecgrid_session_confirm(session, parcel_id, error);
        });
    }

    /// Sends a parcel from memory, and brings its id. With Outcome::unknown it may have been sent: look into the outbox.
    Result<std::int64_t> try_upload(std::string_view content, std::string_view file_name, const Route &route = {},
                                    const CallOptions &options = {}) const
    {
        const detail::Text name(file_name);
        const detail::NativeRoute native(route);
        if (auto error = detail::refusal(name, "the file name")) return *std::move(error);
        return detail::number(handle_, options, [&](const ecgrid_session *session, std::int64_t *id, ecgrid_error **error) {
            const ecgrid_status status = native.check(error);
            if (status != ECGRID_OK) return status;
            return ecgrid_session_upload(
                session, content.data(), content.size(), name.c_str(), native.get(), id, error);
        });
    }

    /// Sends a file, under its own name.
    Result<std::int64_t> try_upload_file(const std::filesystem::path &from, const Route &route = {},
                                         const CallOptions &options = {}) const
    {
        return upload_file(from, nullptr, route, options);
    }

    /// Sends a file, under another name.
    Result<std::int64_t> try_upload_file(const std::filesystem::path &from, std::string_view file_name, const Route &route = {},
                                         const CallOptions &options = {}) const
    {
        const detail::Text name(file_name);
        if (auto error = detail::refusal(name, "the file name")) return *std::move(error);
        return upload_file(from, name.c_str(), route, options);
    }

    /// Opens a folder as the inbox of a mailbox, or of the account's own. The folder must be there.
    Result<Inbox> try_inbox(const std::filesystem::path &folder, std::int64_t mailbox_id = 0) const
    {
        const detail::Text path(detail::path_text(folder));
        if (auto error = detail::refusal(path, "the folder")) return *std::move(error);
        return detail::make<Inbox>(
            handle_, CallOptions(), [&](const ecgrid_session *session, ecgrid_inbox **inbox, ecgrid_error **error) {
                return ecgrid_inbox_open(session, path.c_str(), mailbox_id, inbox, error);
            });
    }

    /// Opens a folder as an outbox. The folder must be there.
    Result<Outbox> try_outbox(const std::filesystem::path &folder, const Route &route = {}) const
    {
        const detail::Text path(detail::path_text(folder));
        const detail::NativeRoute native(route);
        if (auto error = detail::refusal(path, "the folder")) return *std::move(error);
        return detail::make<Outbox>(
            handle_, CallOptions(), [&](const ecgrid_session *session, ecgrid_outbox **outbox, ecgrid_error **error) {
                const ecgrid_status status = native.check(error);
                if (status != ECGRID_OK) return status;
                return ecgrid_outbox_open(session, path.c_str(), native.get(), outbox, error);
            });
    }

    /// Ends the session at ECGrid and here, for all its clones: every further call is Status::invalid_state. Logging out
    /// twice is fine. On failure the session goes on. An API key lives on.
    Result<void> try_logout(const CallOptions &options = {}) const { return detail::act(handle_, options, ecgrid_session_logout); }

    /// A child of this object: the same credential, with a cancel, stop and close of its own. Cheap.
    Result<Session> try_clone() const
    {
        return detail::make<Session>(handle_, CallOptions(), ecgrid_session_clone);
    }

#if ECGRID_HPP_EXCEPTIONS
    /// As the function of the same name with try_ in front, but throws Error. So are all below.
    [[nodiscard]] Token token(const CallOptions &options = {}) const { return try_token(options).value(); }
    void refused(const Token &token) const { try_refused(token).value(); }
    void refresh(const CallOptions &options = {}) const { try_refresh(options).value(); }
    [[nodiscard]] Response info(const CallOptions &options = {}) const { return try_info(options).value(); }
    void change_password(std::string_view current, std::string_view replacement, const CallOptions &options = {}) const
    {
        try_change_password(current, replacement, options).value();
    }
    [[nodiscard]] Response generate_api_key(std::int64_t user_id, const CallOptions &options = {}) const
    {
        return try_generate_api_key(user_id, options).value();
    }
    Response call(std::string_view method, std::string_view path, const CallOptions &options = {}) const
    {
        return try_call(method, path, options).value();
    }
    Response call(std::string_view method, std::string_view path, std::string_view body, const CallOptions &options = {}) const
    {
        return try_call(method, path, body, options).value();
    }
    Response call(std::string_view, std::string_view, std::nullptr_t leave_it_out,
                  const CallOptions & = {}) const = delete;
    [[nodiscard]] Response pending(std::int64_t mailbox_id = 0, const CallOptions &options = {}) const
    {
        return try_pending(mailbox_id, options).value();
    }
    [[nodiscard]] Parcel download(std::int64_t parcel_id, const CallOptions &options = {}) const
    {
        return try_download(parcel_id, options).value();
    }
    void download(std::int64_t parcel_id, const std::filesystem::path &to, const CallOptions &options = {}) const
    {
        try_download(parcel_id, to, options).value();
    }
    void confirm(std::int64_t parcel_id, const CallOptions &options = {}) const { try_confirm(parcel_id, options).value(); }
    std::int64_t upload(std::string_view content, std::string_view file_name, const Route &route = {},
                        const CallOptions &options = {}) const
    {
        return try_upload(content, file_name, route, options).value();
    }
    std::int64_t upload_file(const std::filesystem::path &from, const Route &route = {}, const CallOptions &options = {}) const
    {
        return try_upload_file(from, route, options).value();
    }
    std::int64_t upload_file(const std::filesystem::path &from, std::string_view file_name, const Route &route = {},
                             const CallOptions &options = {}) const
    {
        return try_upload_file(from, file_name, route, options).value();
    }
    [[nodiscard]] Inbox inbox(const std::filesystem::path &folder, std::int64_t mailbox_id = 0) const
    {
        return try_inbox(folder, mailbox_id).value();
    }
    [[nodiscard]] Outbox outbox(const std::filesystem::path &folder, const Route &route = {}) const
    {
        return try_outbox(folder, route).value();
    }
    void logout(const CallOptions &options = {}) const { try_logout(options).value(); }
    [[nodiscard]] Session clone() const { return try_clone().value(); }
#endif

    /// Ends the calls that run now through this object and its clones, with Status::cancelled; a refresh goes on. Does
    /// nothing after a close. Any thread; not from a signal handler.
    void cancel() const noexcept { detail::poke(handle_, ecgrid_session_cancel); }

    /// As cancel(), and for good: later calls fail with Status::cancelled too, and are not sent. A token that needs no
    /// refresh may still be handed out.
    void stop() const noexcept { detail::poke(handle_, ecgrid_session_stop); }

    /// Frees the handle, as soon as no call runs through it; a second close does nothing. Does not log out. Any thread.
    void close() noexcept { handle_.close(); }

    /// False once it was closed or moved from.
    [[nodiscard]] bool is_open() const noexcept { return handle_.is_open(); }

private:
    Result<Response> request(std::string_view method, std::string_view path, const char *body, std::size_t length,
                             const CallOptions &options) const
    {
        const detail::Text verb(method), target(path);
        if (auto error = detail::refusal(verb, "the method", target, "the path")) return *std::move(error);
        return detail::make<Response>(
            handle_, options, [&](const ecgrid_session *session, ecgrid_response **response, ecgrid_error **error) {
                return ecgrid_session_call(session, verb.c_str(), target.c_str(), body, length, response, error);
            });
    }

    Result<std::int64_t> upload_file(const std::filesystem::path &from, const char *name, const Route &route,
                                     const CallOptions &options) const
    {
        const detail::Text path(detail::path_text(from));
        const detail::NativeRoute native(route);
        if (auto error = detail::refusal(path, "the path")) return *std::move(error);
        return detail::number(handle_, options, [&](const ecgrid_session *session, std::int64_t *id, ecgrid_error **error) {
            const ecgrid_status status = native.check(error);
            if (status != ECGRID_OK) return status;
            return ecgrid_session_upload_file(session, path.c_str(), name, native.get(), id, error);
        });
    }

    detail::Handle<ecgrid_session> handle_;
};

ECGRID_HPP_END

#endif
