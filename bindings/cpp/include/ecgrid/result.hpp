/// What was asked for, or why not: errors without exceptions.
#ifndef ECGRID_RESULT_HPP
#define ECGRID_RESULT_HPP

#include <cstdlib>
#include <optional>
#include <utility>
#include <variant>

#include "detail/base.hpp"
#include "error.hpp"

ECGRID_HPP_BEGIN

/// A T, or the Error that came instead, in the manner of std::expected.
///
///     if (auto token = client.try_login(login, password)) use(token->value());
///     else report(token.error().message());
///
/// To ask a failure for its value with `*` or `->`, or a success for its error, ends the program (std::abort).
template <typename T> class [[nodiscard]] Result {
public:
    Result(T value) noexcept : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) noexcept : state_(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }

    [[nodiscard]] T &operator*() & noexcept { return *there(std::get_if<0>(&state_)); }
    [[nodiscard]] const T &operator*() const & noexcept { return *there(std::get_if<0>(&state_)); }
    [[nodiscard]] T &&operator*() && noexcept { return std::move(**this); }
    [[nodiscard]] T *operator->() noexcept { return there(std::get_if<0>(&state_)); }
    [[nodiscard]] const T *operator->() const noexcept { return there(std::get_if<0>(&state_)); }

    /// Why there is no value. Lives as long as this result.
    [[nodiscard]] const Error &error() const & noexcept { return *there(std::get_if<1>(&state_)); }
    [[nodiscard]] Error error() && noexcept { return std::move(*there(std::get_if<1>(&state_))); }

#if ECGRID_HPP_EXCEPTIONS
    /// The value; throws the error if there is none.
    [[nodiscard]] T &value() &
    {
        if (!has_value()) throw error();
        return **this;
    }
    [[nodiscard]] const T &value() const &
    {
        if (!has_value()) throw error();
        return **this;
    }
    [[nodiscard]] T value() &&
    {
        if (!has_value()) throw std::move(*this).error();
        return *std::move(*this);
    }
#endif

private:
    template <typename Part> static Part *there(Part *part) noexcept
    {
        if (!part) std::abort();
        return part;
    }

    std::variant<T, Error> state_;
};

/// Success, or the Error that came instead.
template <> class [[nodiscard]] Result<void> {
public:
    Result() noexcept = default;
    Result(Error error) noexcept : error_(std::move(error)) {}

    [[nodiscard]] bool has_value() const noexcept { return !error_; }
    explicit operator bool() const noexcept { return has_value(); }

    /// Why it failed. Lives as long as this result.
    [[nodiscard]] const Error &error() const & noexcept
    {
        if (!error_) std::abort();
        return *error_;
    }
    [[nodiscard]] Error error() && noexcept
    {
        if (!error_) std::abort();
        return std::move(*error_);
    }

#if ECGRID_HPP_EXCEPTIONS
    /// Throws the error if there is one.
    void value() const
    {
        if (error_) throw *error_;
    }
#endif

private:
    std::optional<Error> error_;
};

ECGRID_HPP_END

#endif
