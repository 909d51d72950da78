/// libecgrid for C++17 and later: log in to ECGrid, the EDI network, and call its API.
///
///     #include <ecgrid.hpp>
///
///     ecgrid::Client client(ecgrid::Config().set_timeout(std::chrono::seconds(20)));
///     ecgrid::Session session = client.login_session(login, password);
///     ecgrid::Response me = session.call("GET", "/v2/users/me");
///     std::cout << me.string("/email") << '\n';
///     session.logout();
///
/// Header-only, over <ecgrid.h> and the library that comes with it (-lecgrid).
///
/// Errors: every function that can fail is there twice. `login` throws ecgrid::Error; `try_login` returns a Result, which
/// holds what was asked for or the Error. Without exceptions (-fno-exceptions) only the try_ functions are there.
///
/// Ownership: all classes with a handle are move-only, and free it when they are destroyed, closed or assigned to. They may
/// go in any order: each keeps what it needs of the others alive. A std::string_view that a function returns is borrowed
/// from its object, and ends when that is closed, assigned to or destroyed; a move leaves it good. What is handed in is
/// read during the call only.
///
/// Threads: any number may use one object, except a Config, which is for one at a time. close() may be called while other
/// threads are in calls: those end as they end, and the last one out frees the handle. Destroying, moving or assigning to
/// an object that another thread uses is a mistake, as with any object of C++.
///
/// Closed: an object that was closed, or moved from, answers every use with Status::invalid_state, Outcome::not_sent.
#ifndef ECGRID_HPP
#define ECGRID_HPP

#include "ecgrid/client.hpp"
#include "ecgrid/config.hpp"
#include "ecgrid/error.hpp"
#include "ecgrid/folder.hpp"
#include "ecgrid/log.hpp"
#include "ecgrid/login.hpp"
#include "ecgrid/parcel.hpp"
#include "ecgrid/response.hpp"
#include "ecgrid/result.hpp"
#include "ecgrid/session.hpp"
#include "ecgrid/status.hpp"
#include "ecgrid/call_options.hpp"
#include "ecgrid/token.hpp"
#include "ecgrid/version.hpp"

#endif
