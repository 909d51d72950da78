/// Who frees a handle of the library, and when.
#ifndef ECGRID_DETAIL_HANDLE_HPP
#define ECGRID_DETAIL_HANDLE_HPP

#include <atomic>
#include <cassert>
#include <cstdint>
#include <string>
#include <utility>

#include "../error.hpp"
#include "base.hpp"

ECGRID_HPP_BEGIN
namespace detail {

/// The functions of a kind of handle: `name`, `give_back`, and for those with calls `clone`, `cancel`, `stop`.
template <typename Native> struct Functions;

/// Owns a handle. Whoever uses it counts as a user; after close() there are no new ones, and the last one out frees it.
template <typename Native> class Handle {
public:
    /// Takes the handle; NULL is closed.
    explicit Handle(Native *native) noexcept : native_(native), state_(native ? 0 : closed | freed) {}

    Handle(Handle &&other) noexcept : native_(other.native_), state_(other.leave_to_me()) {}

    Handle &operator=(Handle &&other) noexcept
    {
        if (this == &other) return *this;
        close();
        native_ = other.native_;
        state_.store(other.leave_to_me(), std::memory_order_release);
        return *this;
    }

    ~Handle() { close(); }

    void close() noexcept
    {
        if ((state_.fetch_or(closed, std::memory_order_acq_rel) | closed) == closed) free_once();
    }

    [[nodiscard]] bool is_open() const noexcept { return (state_.load(std::memory_order_acquire) & closed) == 0; }

    /// A use of the handle: as long as it lasts, nobody frees that.
    class Use {
    public:
        explicit Use(const Handle &handle) noexcept : handle_(handle)
        {
            open_ = (handle.state_.fetch_add(user, std::memory_order_acq_rel) & closed) == 0;
        }
        ~Use()
        {
            if (handle_.state_.fetch_sub(user, std::memory_order_acq_rel) == (closed | user)) handle_.free_once();
        }
        Use(const Use &) = delete;
        Use &operator=(const Use &) = delete;

        explicit operator bool() const noexcept { return open_; }

        /// NULL if the handle was closed before.
        [[nodiscard]] Native *get() const noexcept { return open_ ? handle_.native_ : nullptr; }

    private:
        const Handle &handle_;
        bool open_;
    };

private:
    static constexpr std::uint32_t closed = 1;
    static constexpr std::uint32_t freed = 2;
    static constexpr std::uint32_t user = 4;

    /// More than one may find that nobody is left, since those who come too late count for a moment; one frees.
    void free_once() const noexcept
    {
        std::uint32_t nobody = closed;
        if (state_.compare_exchange_strong(nobody, closed | freed, std::memory_order_acq_rel)) {
            Functions<Native>::give_back(native_);
        }
    }

    /// What `native_` then is to its new owner.
    std::uint32_t leave_to_me() noexcept
    {
        const std::uint32_t state = state_.exchange(closed | freed, std::memory_order_acq_rel);
        assert(state < user && "an object of ecgrid was moved while another thread used it");
        return state;
    }

    Native *native_;
    mutable std::atomic<std::uint32_t> state_;
};

/// What every use of a closed object gets.
template <typename Native> Error closed_error()
{
    return not_sent(Status::invalid_state,
                    std::string("this ") + Functions<Native>::name + " was closed or moved from, and can do nothing more");
}

/// Asks an accessor. Without exceptions a closed object answers as the accessor does for NULL: with the empty value.
template <typename Native, typename Read> auto read(const Handle<Native> &handle, Read read)
{
    const typename Handle<Native>::Use use(handle);
#if ECGRID_HPP_EXCEPTIONS
    if (!use) throw closed_error<Native>();
#endif
    return read(use.get());
}

} // namespace detail
ECGRID_HPP_END

#endif
