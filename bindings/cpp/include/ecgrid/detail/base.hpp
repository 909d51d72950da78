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

// Inline functions differ with and without exceptions, so their names do: a program may have units of both kinds.
#if ECGRID_HPP_EXCEPTIONS
#define ECGRID_HPP_BEGIN namespace ecgrid {
#define ECGRID_HPP_END }
#else
#define ECGRID_HPP_BEGIN namespace ecgrid { inline namespace without_exceptions {
#define ECGRID_HPP_END } }
#endif

#endif
