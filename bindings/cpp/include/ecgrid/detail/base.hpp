/// What the other headers are wrapped in.
#ifndef ECGRID_DETAIL_BASE_HPP
#define ECGRID_DETAIL_BASE_HPP

#include <ecgrid.h>

#if !defined(__cplusplus) || (__cplusplus < 201703L && (!defined(_MSVC_LANG) || _MSVC_LANG < 201703L))
#error "ecgrid.hpp needs C++17 or later; from older C++ use <ecgrid.h>"
#endif

#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
#define ECGRID_HPP_EXCEPTIONS 1
#else
#define ECGRID_HPP_EXCEPTIONS 0
#endif

// On a function whose result is borrowed from its object: a compiler that knows it warns of a view of a temporary.
#if defined(__has_cpp_attribute)
#if __has_cpp_attribute(clang::lifetimebound)
#define ECGRID_HPP_BORROWED [[clang::lifetimebound]]
#endif
#endif
#if !defined(ECGRID_HPP_BORROWED)
#define ECGRID_HPP_BORROWED
#endif

// Inline functions differ from version to version, and with and without exceptions, so their names do: a program may have
// units, and plugins, of several kinds.
#if ECGRID_HPP_EXCEPTIONS
#define ECGRID_HPP_BEGIN namespace ecgrid { inline namespace v0_1 {
#else
#define ECGRID_HPP_BEGIN namespace ecgrid { inline namespace v0_1_without_exceptions {
#endif
#define ECGRID_HPP_END } }

#endif
