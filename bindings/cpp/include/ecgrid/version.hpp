/// Which library the program runs with, and whether these headers fit it.
#ifndef ECGRID_VERSION_HPP
#define ECGRID_VERSION_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "detail/base.hpp"
#include "error.hpp"

ECGRID_HPP_BEGIN

/// The version of these headers: major << 16 | minor << 8 | patch.
inline constexpr std::uint32_t header_version_number = ECGRID_VERSION_NUMBER;

/// The version of the library, such as "0.1.0". Static text. Any thread.
[[nodiscard]] inline std::string_view version() noexcept
{
    return ecgrid_version();
}

/// The version of the library as a number, as above. Any thread.
[[nodiscard]] inline std::uint32_t version_number() noexcept
{
    return ecgrid_version_number();
}

namespace detail {

/// Before 1.0.0 each minor version is an interface of its own.
constexpr bool fits(std::uint32_t library, std::uint32_t headers) noexcept
{
    const std::uint32_t interface_of = headers >> 16 == 0 ? 8 : 16;
    return library >> interface_of == headers >> interface_of && library >= headers;
}

inline std::string version_text(std::uint32_t number)
{
    return std::to_string(number >> 16) + '.' + std::to_string(number >> 8 & 0xff) + '.' + std::to_string(number & 0xff);
}

/// Compares two numbers, so it is done at every beginning.
inline std::optional<Error> misfit()
{
    const std::uint32_t library = ecgrid_version_number();
    if (fits(library, header_version_number)) return std::nullopt;
    const std::string headers = version_text(header_version_number);
    return not_sent(Status::invalid_configuration,
                    "this program was compiled with ecgrid.hpp " + headers + " but runs with libecgrid " +
                        version_text(library) + ", which does not fit: install libecgrid " + headers +
                        ", or compile the program again with the headers of the library that is installed");
}

} // namespace detail

ECGRID_HPP_END

#endif
