/// Parcels: files on their way from one mailbox to another.
#ifndef ECGRID_PARCEL_HPP
#define ECGRID_PARCEL_HPP

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "detail/base.hpp"
#include "detail/handle.hpp"
#include "result.hpp"

ECGRID_HPP_BEGIN

/// From whom and to whom a parcel goes: ECGrid IDs, and the mailbox whose outbox it is to be in. What is 0 ECGrid reads from
/// the envelope of the content, or takes from the account.
struct Route {
    std::int64_t from = 0;
    std::int64_t to = 0;
    std::int64_t mailbox = 0;
};

namespace detail {

template <> struct Functions<ecgrid_parcel> {
    static constexpr const char *name = "parcel";
    static void give_back(ecgrid_parcel *parcel) noexcept { ecgrid_parcel_free(parcel); }
};

/// A route for one call.
class NativeRoute {
public:
    explicit NativeRoute(const Route &route) noexcept
    {
        if (route.from == 0 && route.to == 0 && route.mailbox == 0) return;
        status_ = ecgrid_route_new(&native_, &error_);
        if (status_ == ECGRID_OK) status_ = ecgrid_route_set_from(native_, route.from, &error_);
        if (status_ == ECGRID_OK) status_ = ecgrid_route_set_to(native_, route.to, &error_);
        if (status_ == ECGRID_OK) status_ = ecgrid_route_set_mailbox(native_, route.mailbox, &error_);
    }
    ~NativeRoute()
    {
        ecgrid_route_free(native_);
        ecgrid_error_free(error_);
    }
    NativeRoute(const NativeRoute &) = delete;
    NativeRoute &operator=(const NativeRoute &) = delete;

    /// A status that is not ECGRID_OK comes with the error of the setter, which is the caller's then.
    ecgrid_status check(ecgrid_error **error) const noexcept
    {
        *error = std::exchange(error_, nullptr);
        return status_;
    }
    [[nodiscard]] const ecgrid_route *get() const noexcept { return native_; }

private:
    ecgrid_route *native_ = nullptr;
    mutable ecgrid_error *error_ = nullptr;
    ecgrid_status status_ = ECGRID_OK;
};

/// A path as the library takes it: the bytes of the system; on Windows UTF-8.
inline std::string path_text(const std::filesystem::path &path)
{
#if defined(_WIN32)
    const auto text = path.u8string();
    return std::string(text.begin(), text.end());
#else
    return path.native();
#endif
}

} // namespace detail

/// A parcel that was downloaded into memory. Immutable, for any number of threads; wiped when it is destroyed or closed.
class Parcel {
public:
    using native_type = ecgrid_parcel;

    /// Takes a handle of the C API, which it frees.
    explicit Parcel(ecgrid_parcel *owned) noexcept : handle_(owned) {}

    /// Any bytes. Borrowed: good until this parcel, or the one it was moved to, is closed, assigned to or destroyed.
    [[nodiscard]] std::string_view content() const ECGRID_HPP_BORROWED
    {
        return detail::read(handle_, [](const ecgrid_parcel *parcel) {
            return std::string_view(static_cast<const char *>(ecgrid_parcel_content(parcel)), ecgrid_parcel_length(parcel));
        });
    }

    [[nodiscard]] std::int64_t id() const { return detail::read(handle_, ecgrid_parcel_id); }

    /// As ECGrid says it; "" when there is none. The sender's word, which may lead anywhere: do not make a path of it.
    /// Borrowed, as content() is.
    [[nodiscard]] std::string_view file_name() const ECGRID_HPP_BORROWED
    {
        return detail::read(
            handle_, [](const ecgrid_parcel *parcel) { return std::string_view(ecgrid_parcel_file_name(parcel)); });
    }

    /// Frees and wipes it now; a second close does nothing. Any thread.
    void close() noexcept { handle_.close(); }

    /// False once it was closed or moved from.
    [[nodiscard]] bool is_open() const noexcept { return handle_.is_open(); }

private:
    detail::Handle<ecgrid_parcel> handle_;
};

ECGRID_HPP_END

#endif
