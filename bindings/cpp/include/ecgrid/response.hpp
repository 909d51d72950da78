/// One answer of the API.
#ifndef ECGRID_RESPONSE_HPP
#define ECGRID_RESPONSE_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "detail/base.hpp"
#include "detail/handle.hpp"
#include "detail/text.hpp"

ECGRID_HPP_BEGIN

namespace detail {

template <> struct Functions<ecgrid_response> {
    static constexpr const char *name = "response";
    static void give_back(ecgrid_response *response) noexcept { ecgrid_response_free(response); }
};

} // namespace detail

/// One answer of the API. Immutable, for any number of threads; wiped when it is destroyed or closed.
///
/// A `pointer` is an RFC 6901 JSON pointer into the answer's `data`, such as "/version" or "/0/parcelId"; "" is `data`
/// itself. <ecgrid.h>, at "Response", has the rules for names, and for the three shapes that ECGrid's lists come in.
///
/// Accessors of a response that was closed or moved from throw Error (Status::invalid_state); without exceptions they
/// answer with the empty value.
class Response {
public:
    using native_type = ecgrid_response;

    /// Takes a handle of the C API, which it frees.
    explicit Response(ecgrid_response *owned) noexcept : handle_(owned) {}

    /// The HTTP status of the answer, 200 to 299.
    [[nodiscard]] std::int32_t http_status() const { return detail::read(handle_, ecgrid_response_http_status); }

    /// The whole answer as received: JSON, UTF-8. Borrowed: good until this response, or the one it was moved to, is
    /// closed, assigned to or destroyed.
    [[nodiscard]] std::string_view body() const ECGRID_HPP_BORROWED { return text(ecgrid_response_body); }

    /// The JSON text of `data`, exactly as received; "null" if the answer has none. Borrowed, as body() is.
    [[nodiscard]] std::string_view data() const ECGRID_HPP_BORROWED { return text(ecgrid_response_data); }

    /// A string, number or boolean of `data` as text; "" when the pointer leads to none of these, is malformed, or has a
    /// NUL in it. Borrowed, as body() is.
    [[nodiscard]] std::string_view string(std::string_view pointer) const ECGRID_HPP_BORROWED
    {
        const detail::Text path(pointer);
        return detail::read(handle_, [&](const ecgrid_response *response) {
            return std::string_view(ecgrid_response_string(response, path.has_nul() ? nullptr : path.c_str()));
        });
    }

    /// A whole number of `data`, also one in a string; `fallback` when the pointer leads to none that fits 64 bits, is
    /// malformed, or has a NUL in it.
    [[nodiscard]] std::int64_t integer(std::string_view pointer, std::int64_t fallback = 0) const
    {
        const detail::Text path(pointer);
        return detail::read(handle_, [&](const ecgrid_response *response) {
            return ecgrid_response_int(response, path.has_nul() ? nullptr : path.c_str(), fallback);
        });
    }

    /// Frees and wipes it now; a second close does nothing. Any thread.
    void close() noexcept { handle_.close(); }

    /// False once it was closed or moved from.
    [[nodiscard]] bool is_open() const noexcept { return handle_.is_open(); }

private:
    [[nodiscard]] std::string_view text(const char *(*accessor)(const ecgrid_response *, std::size_t *)) const
    {
        return detail::read(handle_, [accessor](const ecgrid_response *response) {
            std::size_t length = 0;
            const char *const begin = accessor(response, &length);
            return std::string_view(begin, length);
        });
    }

    detail::Handle<ecgrid_response> handle_;
};

ECGRID_HPP_END

#endif
