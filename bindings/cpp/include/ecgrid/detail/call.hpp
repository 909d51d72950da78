/// Calls through a handle.
#ifndef ECGRID_DETAIL_CALL_HPP
#define ECGRID_DETAIL_CALL_HPP

#include <cstdint>

#include "../call_options.hpp"
#include "../result.hpp"
#include "base.hpp"
#include "handle.hpp"

ECGRID_HPP_BEGIN
namespace detail {

/// A child of a handle, for one call.
template <typename Native> class Clone {
public:
    explicit Clone(Native *owned) noexcept : native(owned) {}
    ~Clone() { Functions<Native>::give_back(native); }
    Clone(const Clone &) = delete;
    Clone &operator=(const Clone &) = delete;

    Native *const native;
};

/// Runs `work` with the handle, or where the call has limits of its own, with a clone that has these.
template <typename Native, typename Work>
ecgrid_status run(Native *native, const CallOptions &options, ecgrid_error **error, Work work)
{
    const std::int64_t timeout{options.timeout().count()};
    if (timeout == 0 && !options.stop().stop_possible()) return work(native);
    Native *made = nullptr;
    ecgrid_status status = Functions<Native>::clone(native, &made, error);
    if (status != ECGRID_OK) return status;
    const Clone<Native> clone(made);
    if (timeout != 0) status = Functions<Native>::set_timeout(made, timeout, error);
    if (status != ECGRID_OK) return status;
#if defined(__cpp_lib_jthread)
    // Gone before the clone is: its destructor waits for a stop that is under way.
    const std::stop_callback on_stop(options.stop(), [made]() noexcept { Functions<Native>::stop(made); });
#endif
    return work(made);
}

/// A call that brings a T.
template <typename T, typename Native, typename Work>
Result<T> make(const Handle<Native> &handle, const CallOptions &options, Work work)
{
    const typename Handle<Native>::Use use(handle);
    if (!use) return closed_error<Native>();
    typename T::native_type *made = nullptr;
    ecgrid_error *error = nullptr;
    const ecgrid_status status = detail::run(use.get(), options, &error,
                                             [&](const Native *native) { return work(native, &made, &error); });
    if (status != ECGRID_OK) return detail::take(status, error);
    return T(made);
}

/// A call that brings nothing but its success.
template <typename Native, typename Work>
Result<void> act(const Handle<Native> &handle, const CallOptions &options, Work work)
{
    const typename Handle<Native>::Use use(handle);
    if (!use) return closed_error<Native>();
    ecgrid_error *error = nullptr;
    const ecgrid_status status =
        detail::run(use.get(), options, &error, [&](const Native *native) { return work(native, &error); });
    if (status != ECGRID_OK) return detail::take(status, error);
    return {};
}

/// The same for a handle whose calls have no limits of their own.
template <typename Native, typename Work> Result<void> act(const Handle<Native> &handle, Work work)
{
    const typename Handle<Native>::Use use(handle);
    if (!use) return closed_error<Native>();
    ecgrid_error *error = nullptr;
    const ecgrid_status status = work(use.get(), &error);
    if (status != ECGRID_OK) return detail::take(status, error);
    return {};
}

/// A call that brings a number.
template <typename Native, typename Work>
Result<std::int64_t> number(const Handle<Native> &handle, const CallOptions &options, Work work)
{
    std::int64_t number = 0;
    auto result = act(handle, options, [&](const Native *native, ecgrid_error **error) { return work(native, &number, error); });
    if (!result) return std::move(result).error();
    return number;
}

/// Does something at once with a handle that is open.
template <typename Native> void poke(const Handle<Native> &handle, void (*function)(const Native *)) noexcept
{
    const typename Handle<Native>::Use use(handle);
    if (use) function(use.get());
}

} // namespace detail
ECGRID_HPP_END

#endif
