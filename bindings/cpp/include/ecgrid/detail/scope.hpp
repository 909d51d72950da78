/// A handle whose calls can be cancelled, and the calls that have a handle of their own.
#ifndef ECGRID_DETAIL_SCOPE_HPP
#define ECGRID_DETAIL_SCOPE_HPP

#include <mutex>
#include <utility>

#include "../result.hpp"
#include "../stop_token.hpp"
#include "base.hpp"
#include "handle.hpp"

ECGRID_HPP_BEGIN
namespace detail {

/// A call with a stop token runs through a clone of the handle, which is stopped with it. The library knows nothing of
/// whose clone that is, so the scope keeps a list: its own cancel and stop reach these calls too.
template <typename Native> class Scope {
public:
    using Use = typename Handle<Native>::Use;

    explicit Scope(Native *native) noexcept : handle_(native) {}

    Scope(Scope &&other) noexcept : handle_(std::move(other.handle_)), stopped_(other.stopped_) {}

    Scope &operator=(Scope &&other) noexcept
    {
        handle_ = std::move(other.handle_);
        stopped_ = other.stopped_;
        return *this;
    }

    ~Scope() = default;

    [[nodiscard]] const Handle<Native> &handle() const noexcept { return handle_; }
    [[nodiscard]] bool is_open() const noexcept { return handle_.is_open(); }
    void close() noexcept { handle_.close(); }

    void cancel() const { end_all(Functions<Native>::cancel); }

    void stop() const
    {
        {
            const std::lock_guard<std::mutex> lock(mutex_);
            stopped_ = true;
        }
        end_all(Functions<Native>::stop);
    }

    /// A handle for one call, on the list of its scope; freed at the end. The caller is a user of the scope meanwhile.
    class Clone {
    public:
        Clone(const Scope &scope, Native *owned) noexcept : native(owned), scope_(scope)
        {
            const std::lock_guard<std::mutex> lock(scope_.mutex_);
            if (scope_.stopped_) Functions<Native>::stop(native);
            next_ = scope_.first_;
            if (next_) next_->before_ = &next_;
            scope_.first_ = this;
        }
        ~Clone()
        {
            {
                const std::lock_guard<std::mutex> lock(scope_.mutex_);
                *before_ = next_;
                if (next_) next_->before_ = before_;
            }
            Functions<Native>::give_back(native);
        }
        Clone(const Clone &) = delete;
        Clone &operator=(const Clone &) = delete;

        Native *const native;

    private:
        friend class Scope;

        const Scope &scope_;
        Clone *next_;
        Clone **before_ = &scope_.first_;
    };

private:
    void end_all(void (*end)(const Native *)) const
    {
        const Use use(handle_);
        if (!use) return;
        end(use.get());
        const std::lock_guard<std::mutex> lock(mutex_);
        for (Clone *call = first_; call; call = call->next_) end(call->native);
    }

    Handle<Native> handle_;
    mutable std::mutex mutex_;
    mutable Clone *first_ = nullptr;
    mutable bool stopped_ = false;
};

/// Runs `work` with the scope's handle.
template <typename Native, typename Work>
ecgrid_status run(const Scope<Native> &, Native *native, NoStopToken, ecgrid_error **, Work work)
{
    return work(native);
}

#if defined(__cpp_lib_jthread)
/// Runs `work`; if that may be asked to stop, with a handle that `stop` stops.
template <typename Native, typename Work>
ecgrid_status run(const Scope<Native> &scope, Native *native, const std::stop_token &stop, ecgrid_error **error, Work work)
{
    if (!stop.stop_possible()) return work(native);
    Native *clone = nullptr;
    const ecgrid_status status = Functions<Native>::clone(native, &clone, error);
    if (status != ECGRID_OK) return status;
    const typename Scope<Native>::Clone own(scope, clone);
    // Gone before the clone is: its destructor waits for a stop that is under way.
    const std::stop_callback on_stop(stop, [clone]() noexcept { Functions<Native>::stop(clone); });
    return work(clone);
}
#endif

/// A call that brings a T.
template <typename T, typename Native, typename Stop, typename Work>
Result<T> make(const Scope<Native> &scope, const Stop &stop, Work work)
{
    const typename Scope<Native>::Use use(scope.handle());
    if (!use) return closed_error<Native>();
    typename T::native_type *made = nullptr;
    ecgrid_error *error = nullptr;
    const ecgrid_status status =
        detail::run(scope, use.get(), stop, &error, [&](const Native *native) { return work(native, &made, &error); });
    if (status != ECGRID_OK) return detail::take(status, error);
    return T(made);
}

/// A call that brings nothing but its success.
template <typename Native, typename Stop, typename Work>
Result<void> act(const Scope<Native> &scope, const Stop &stop, Work work)
{
    const typename Scope<Native>::Use use(scope.handle());
    if (!use) return closed_error<Native>();
    ecgrid_error *error = nullptr;
    const ecgrid_status status =
        detail::run(scope, use.get(), stop, &error, [&](const Native *native) { return work(native, &error); });
    if (status != ECGRID_OK) return detail::take(status, error);
    return {};
}

} // namespace detail
ECGRID_HPP_END

#endif
