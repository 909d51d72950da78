/// One answer of the API.
#ifndef ECGRID_RESPONSE_HPP
#define ECGRID_RESPONSE_HPP

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "detail/base.hpp"
#include "detail/handle.hpp"
#include "detail/text.hpp"
#include "error.hpp"

ECGRID_HPP_BEGIN

/// What kind of JSON a pointer leads to.
enum class Kind : std::int32_t {
    missing = ECGRID_KIND_MISSING,
    null = ECGRID_KIND_NULL,
    boolean = ECGRID_KIND_BOOLEAN,
    number = ECGRID_KIND_NUMBER,
    string = ECGRID_KIND_STRING,
    array = ECGRID_KIND_ARRAY,
    object = ECGRID_KIND_OBJECT,
};

namespace detail {

template <> struct Functions<ecgrid_response> {
    static constexpr const char *name = "response";
    static void give_back(ecgrid_response *response) noexcept { ecgrid_response_free(response); }
};

/// What an accessor that found no memory says. The call itself was done, so it is not to be sent again.
inline Error no_memory_for_value(std::int32_t http_status)
{
    return Error(Status::out_of_memory, Outcome::unknown, http_status, {}, std::nullopt,
                 "there was no memory to read the answer (HTTP " + std::to_string(http_status) +
                     "): the call was done, but not all of the answer can be read");
}

} // namespace detail

/// One answer of the API. Immutable, for any number of threads; wiped when it is destroyed or closed.
///
/// A `pointer` is an RFC 6901 JSON pointer into the answer's `data`, such as "/version" or "/0/parcelId"; "" is `data`
/// itself. <ecgrid.h>, at "Response", has the rules for names, and for the three shapes that ECGrid's lists come in.
///
/// An accessor throws Error where it has no value to answer with and cannot know that there is none: of a response that was
/// closed or moved from (Status::invalid_state), and when memory for the value has run out (Status::out_of_memory,
/// Outcome::unknown, since the call itself was done). Without exceptions it answers with the empty value, and status()
/// tells: ask it after a walk through a list.
class Response {
public:
    using native_type = ecgrid_response;

    /// Takes a handle of the C API, which it frees.
    explicit Response(ecgrid_response *owned) noexcept : handle_(owned) {}

    /// The HTTP status of the answer, 200 to 299.
    [[nodiscard]] std::int32_t http_status() const { return detail::read(handle_, ecgrid_response_http_status); }

    /// Status::ok, or why an accessor had no value to answer with: Status::out_of_memory once memory for one has run out,
    /// Status::invalid_state of a response that was closed or moved from.
    [[nodiscard]] Status status() const noexcept
    {
        const detail::Handle<ecgrid_response>::Use use(handle_);
        return use ? Status(ecgrid_response_status(use.get())) : Status::invalid_state;
    }

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
            const std::string_view text = ecgrid_response_string(response, c_str(response, path));
            return text.empty() ? sure(response, text) : text;
        });
    }

    /// A whole number of `data`, also one in a string; `fallback` when the pointer leads to none that fits 64 bits, is
    /// malformed, or has a NUL in it.
    [[nodiscard]] std::int64_t integer(std::string_view pointer, std::int64_t fallback = 0) const
    {
        const detail::Text path(pointer);
        return detail::read(handle_, [&](const ecgrid_response *response) {
            const std::int64_t number = ecgrid_response_int(response, c_str(response, path), fallback);
            return number == fallback ? sure(response, number) : number;
        });
    }

    /// How many elements the array has, or members the object, that the pointer leads to; -1 when it leads to neither, is
    /// malformed, or has a NUL in it. "" counts the rows of a list in each of its three shapes.
    [[nodiscard]] std::int64_t count(std::string_view pointer = {}) const
    {
        const detail::Text path(pointer);
        return detail::read(handle_, [&](const ecgrid_response *response) {
            const std::int64_t count = ecgrid_response_count(response, c_str(response, path));
            return count < 0 ? sure(response, count) : count;
        });
    }

    /// What kind of value the pointer leads to: tells an empty string from null and from nothing. Kind::missing also when
    /// it is malformed, or has a NUL in it.
    [[nodiscard]] Kind kind(std::string_view pointer) const
    {
        const detail::Text path(pointer);
        return detail::read(handle_, [&](const ecgrid_response *response) {
            const Kind kind = Kind(ecgrid_response_kind(response, c_str(response, path)));
            return kind == Kind::missing ? sure(response, kind) : kind;
        });
    }

    /// The value of a header of the answer, its name in any case; "" without one, or when it is not UTF-8. Of several of
    /// one name it is the first. Borrowed, as body() is.
    [[nodiscard]] std::string_view header(std::string_view name) const ECGRID_HPP_BORROWED
    {
        const detail::Text text(name);
        return detail::read(handle_, [&](const ecgrid_response *response) {
            return std::string_view(ecgrid_response_header(response, c_str(response, text)));
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
            const std::string_view text(begin, length);
            return text.empty() ? sure(response, text) : text;
        });
    }

    /// The pointer, or NULL for one that leads nowhere. One that there was no memory to copy cannot be answered at all.
    static const char *c_str([[maybe_unused]] const ecgrid_response *response, const detail::Text &pointer)
    {
        if (pointer.lacks_memory()) {
#if ECGRID_HPP_EXCEPTIONS
            throw detail::no_memory_for_value(ecgrid_response_http_status(response));
#else
            std::abort();
#endif
        }
        return pointer.has_nul() ? nullptr : pointer.c_str();
    }

    /// The empty value, unless it is empty for want of memory.
    template <typename Value> static Value sure([[maybe_unused]] const ecgrid_response *response, Value empty)
    {
#if ECGRID_HPP_EXCEPTIONS
        if (ecgrid_response_status(response) != ECGRID_OK) {
            throw detail::no_memory_for_value(ecgrid_response_http_status(response));
        }
#endif
        return empty;
    }

    detail::Handle<ecgrid_response> handle_;
};

ECGRID_HPP_END

#endif
