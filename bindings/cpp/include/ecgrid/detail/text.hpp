/// Text on its way to C.
#ifndef ECGRID_DETAIL_TEXT_HPP
#define ECGRID_DETAIL_TEXT_HPP

#include <cstddef>
#include <cstring>
#include <memory>
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
            long_.reset(new char[length_ + 1]);
            copy_ = long_.get();
        }
        if (length_ > 0) std::memcpy(copy_, text.data(), length_);
        copy_[length_] = '\0';
    }

    ~Text() { wipe(copy_, length_); }

    Text(const Text &) = delete;
    Text &operator=(const Text &) = delete;

    /// There was a NUL in it, and so nothing was copied.
    [[nodiscard]] bool has_nul() const noexcept { return has_nul_; }
    [[nodiscard]] const char *c_str() const noexcept { return copy_; }

private:
    std::size_t length_;
    bool has_nul_ = false;
    std::unique_ptr<char[]> long_;
    char short_[128];
    char *copy_ = short_;
};

/// Why a text cannot be handed over, if so. It would be cut at the NUL, silently.
inline std::optional<Error> refusal(const Text &text, const char *what)
{
    if (!text.has_nul()) return std::nullopt;
    return not_sent(Status::invalid_argument, std::string(what) + " has a NUL character in it, which would end it there");
}

/// The same for two texts that go together.
inline std::optional<Error> refusal(const Text &first, const char *what, const Text &second, const char *other)
{
    return first.has_nul() ? refusal(first, what) : refusal(second, other);
}

} // namespace detail
ECGRID_HPP_END

#endif
