/// Text on its way to C.
#ifndef ECGRID_DETAIL_TEXT_HPP
#define ECGRID_DETAIL_TEXT_HPP

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>

#include "../error.hpp"
#include "base.hpp"

ECGRID_HPP_BEGIN
namespace detail {

/// Zeroes memory that is not read again, which a compiler would leave out.
inline void wipe(char *from, std::size_t length) noexcept
{
#if defined(__GNUC__)
    std::memset(from, 0, length);
    __asm__ __volatile__("" : : "r"(from) : "memory");
#else
    for (volatile char *at = from; length > 0; length--) *at++ = 0;
#endif
}

/// A copy that ends with a NUL, on the stack if it is short, and wiped: most texts here are secrets or stand by one.
class Text {
public:
    explicit Text(std::string_view text) : length_(text.size())
    {
        if (length_ > 0 && std::memchr(text.data(), '\0', length_)) {
            length_ = 0;
            has_nul_ = true;
        } else if (length_ >= sizeof short_) {
            long_.reset(new (std::nothrow) char[length_ + 1]);
            lacks_memory_ = !long_;
            if (lacks_memory_) length_ = 0;
            else copy_ = long_.get();
        }
        if (length_ > 0) std::memcpy(copy_, text.data(), length_);
        copy_[length_] = '\0';
    }

    ~Text() { wipe(copy_, length_); }

    Text(const Text &) = delete;
    Text &operator=(const Text &) = delete;

    /// There was a NUL in it, and so nothing was copied.
    [[nodiscard]] bool has_nul() const noexcept { return has_nul_; }

    /// There was no memory for the copy.
    [[nodiscard]] bool lacks_memory() const noexcept { return lacks_memory_; }

    [[nodiscard]] const char *c_str() const noexcept { return copy_; }

private:
    std::size_t length_;
    bool has_nul_ = false;
    bool lacks_memory_ = false;
    std::unique_ptr<char[]> long_;
    char short_[128];
    char *copy_ = short_;
};

/// Why a text cannot be handed over, if so. It would be cut at the NUL, silently.
inline std::optional<Error> refusal(const Text &text, const char *what)
{
    if (text.lacks_memory()) {
        return not_sent(Status::out_of_memory, "there is no memory for a copy of " + std::string(what));
    }
    if (!text.has_nul()) return std::nullopt;
    return not_sent(Status::invalid_argument, std::string(what) + " has a NUL character in it, which would end it there");
}

/// The same for two texts that go together.
inline std::optional<Error> refusal(const Text &first, const char *what, const Text &second, const char *other)
{
    auto error = refusal(first, what);
    return error ? error : refusal(second, other);
}

} // namespace detail
ECGRID_HPP_END

#endif
