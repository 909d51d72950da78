/// Folders of parcels: an inbox gets every parcel of a mailbox once, the files of an outbox are each sent once.
#ifndef ECGRID_FOLDER_HPP
#define ECGRID_FOLDER_HPP

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

#include "detail/base.hpp"
#include "detail/call.hpp"
#include "detail/handle.hpp"
#include "result.hpp"

ECGRID_HPP_BEGIN

namespace detail {

template <> struct Functions<ecgrid_inbox> {
    static constexpr const char *name = "inbox";
    static void give_back(ecgrid_inbox *inbox) noexcept { ecgrid_inbox_free(inbox); }
    static void stop(const ecgrid_inbox *inbox) noexcept { ecgrid_inbox_stop(inbox); }
    static ecgrid_status clone(const ecgrid_inbox *inbox, ecgrid_inbox **clone, ecgrid_error **error) noexcept
    {
        return ecgrid_inbox_clone(inbox, clone, error);
    }
    static ecgrid_status set_timeout(const ecgrid_inbox *inbox, std::int64_t timeout, ecgrid_error **error) noexcept
    {
        return ecgrid_inbox_set_timeout_ms(inbox, timeout, error);
    }
};

template <> struct Functions<ecgrid_outbox> {
    static constexpr const char *name = "outbox";
    static void give_back(ecgrid_outbox *outbox) noexcept { ecgrid_outbox_free(outbox); }
    static void stop(const ecgrid_outbox *outbox) noexcept { ecgrid_outbox_stop(outbox); }
    static ecgrid_status clone(const ecgrid_outbox *outbox, ecgrid_outbox **clone, ecgrid_error **error) noexcept
    {
        return ecgrid_outbox_clone(outbox, clone, error);
    }
    static ecgrid_status set_timeout(const ecgrid_outbox *outbox, std::int64_t timeout, ecgrid_error **error) noexcept
    {
        return ecgrid_outbox_set_timeout_ms(outbox, timeout, error);
    }
};

} // namespace detail

/// What came of a round: how many parcels went through, also when some did not; and the first error, with the most careful
/// outcome of all.
struct Round {
    std::int64_t count = 0;
    std::optional<Error> error;
};

namespace detail {

template <typename Native, typename Work> Round round(const Handle<Native> &handle, const CallOptions &options, Work work)
{
    Round round;
    const typename Handle<Native>::Use use(handle);
    if (!use) {
        round.error = closed_error<Native>();
        return round;
    }
    ecgrid_error *error = nullptr;
    const ecgrid_status status = detail::run(use.get(), options, &error, [&](const Native *native) {
        return work(native, &round.count, &error);
    });
    if (status != ECGRID_OK) round.error = detail::take(status, error);
    return round;
}

#if ECGRID_HPP_EXCEPTIONS
inline std::int64_t count_of(Round &&round)
{
    if (round.error) throw *std::move(round.error);
    return round.count;
}
#endif

} // namespace detail

/// A folder that gets the parcels of a mailbox. Made by Session::inbox; outlives its session. docs/parcels.md has what is
/// promised, and what a program has to keep to. Any number of threads; of two rounds at once the second waits.
class Inbox {
public:
    using native_type = ecgrid_inbox;

    /// Takes a handle of the C API, which it frees.
    explicit Inbox(ecgrid_inbox *owned) noexcept : handle_(owned) {}

    /// One round: everything that is pending now appears as files, and is confirmed. Whatever comes of it, call it again.
    Round try_receive(const CallOptions &options = {}) const { return detail::round(handle_, options, ecgrid_inbox_receive); }

    /// A child of this object: the same folder, with a cancel, stop and close of its own. Cheap.
    Result<Inbox> try_clone() const { return detail::make<Inbox>(handle_, CallOptions(), ecgrid_inbox_clone); }

#if ECGRID_HPP_EXCEPTIONS
    /// The same, but throws the error of the round; then nobody knows how many files have appeared.
    std::int64_t receive(const CallOptions &options = {}) const { return detail::count_of(try_receive(options)); }
    [[nodiscard]] Inbox clone() const { return try_clone().value(); }
#endif

    /// Ends the rounds that run or wait now, through this object and its clones, with Status::cancelled. What they have begun,
    /// the next one finishes.
    void cancel() const noexcept { detail::poke(handle_, ecgrid_inbox_cancel); }

    /// As cancel(), and for good.
    void stop() const noexcept { detail::poke(handle_, ecgrid_inbox_stop); }

    /// Frees the handle as soon as no round runs; when its clones are closed too, another one may open the folder. A second
    /// close does nothing.
    void close() noexcept { handle_.close(); }

    /// False once it was closed or moved from.
    [[nodiscard]] bool is_open() const noexcept { return handle_.is_open(); }

private:
    detail::Handle<ecgrid_inbox> handle_;
};

/// A folder whose files are sent. Made by Session::outbox; outlives its session. docs/parcels.md has what is promised, and
/// how a program drops a file in. Any number of threads; of two rounds at once the second waits.
class Outbox {
public:
    using native_type = ecgrid_outbox;

    /// Takes a handle of the C API, which it frees.
    explicit Outbox(ecgrid_outbox *owned) noexcept : handle_(owned) {}

    /// How long ECGrid may take to show an upload in its outbox list; ten minutes at first. A file that may have been sent
    /// is sent again no sooner.
    Result<void> try_set_settle(std::chrono::milliseconds time) const
    {
        return detail::act(handle_, [&](const ecgrid_outbox *outbox, ecgrid_error **error) {
            return ecgrid_outbox_set_settle_ms(outbox, time.count(), error);
        });
    }

    /// One round: every file that lies there now is sent, and moved to sent/, refused/ or unclear/. Whatever comes of it,
    /// call it again.
    Round try_send(const CallOptions &options = {}) const { return detail::round(handle_, options, ecgrid_outbox_send); }

    /// A child of this object: the same folder, with a cancel, stop and close of its own. Cheap.
    Result<Outbox> try_clone() const { return detail::make<Outbox>(handle_, CallOptions(), ecgrid_outbox_clone); }

#if ECGRID_HPP_EXCEPTIONS
    void set_settle(std::chrono::milliseconds time) const { try_set_settle(time).value(); }
    /// As try_send(), but throws the error of the round; then nobody knows how many files were sent.
    std::int64_t send(const CallOptions &options = {}) const { return detail::count_of(try_send(options)); }
    [[nodiscard]] Outbox clone() const { return try_clone().value(); }
#endif

    /// Ends the rounds that run or wait now, through this object and its clones, with Status::cancelled. What they have begun,
    /// the next one finishes.
    void cancel() const noexcept { detail::poke(handle_, ecgrid_outbox_cancel); }

    /// As cancel(), and for good.
    void stop() const noexcept { detail::poke(handle_, ecgrid_outbox_stop); }

    /// Frees the handle as soon as no round runs; when its clones are closed too, another one may open the folder. A second
    /// close does nothing.
    void close() noexcept { handle_.close(); }

    /// False once it was closed or moved from.
    [[nodiscard]] bool is_open() const noexcept { return handle_.is_open(); }

private:
    detail::Handle<ecgrid_outbox> handle_;
};

ECGRID_HPP_END

#endif
