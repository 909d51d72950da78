// An error says all that the library's does, and outlives what it came from.
#include "support.hpp"

#include <csignal>
#include <sys/wait.h>
#include <type_traits>
#include <unistd.h>

namespace {

using ecgrid::Error;
using ecgrid::Outcome;
using ecgrid::Status;

static_assert(std::is_base_of_v<std::runtime_error, Error>);
static_assert(std::is_nothrow_copy_constructible_v<Error>, "an exception must not throw while it is copied");
static_assert(std::is_nothrow_copy_assignable_v<Error>);

Error error_of(const char *url, std::string_view login)
{
    ecgrid::Config config;
    config.set_base_url(url).set_ca_file(said("SANDBOX_CA")).set_max_attempts(1).set_timeout(5s);
    const auto token = ecgrid::Client(config).try_login(login, "any-password");
    CHECK(!token);
    return token ? Error(Status::ok, Outcome::not_sent, 0, "", {}, "") : token.error();
}

void an_error_has_its_facts(const char *url)
{
    const Error refused = error_of(url, user);
    CHECK(refused.status() == Status::unauthenticated && refused.outcome() == Outcome::refused);
    CHECK_INT(refused.http_status(), 401);
    CHECK(refused.code() == "InvalidSession");
    CHECK(!refused.retry_after());
    CHECK_HAS(refused.what(), "HTTP 401");
    CHECK(refused.message() == refused.what());
    CHECK(refused.message().find("any-password") == std::string_view::npos);

    const Error later = error_of(url, "retry-after-2-429@example.com");
    CHECK(later.status() == Status::rate_limited && later.retry_after() == 2s);
    CHECK(error_of(url, "retry-long-429@example.com").retry_after() == 99999999999s);

    const Error lost = error_of(url, "close@example.com");
    CHECK(lost.status() == Status::connection_lost && lost.outcome() == Outcome::unknown);
    CHECK_INT(lost.http_status(), 0);
    CHECK(lost.code().empty());
}

void a_copy_is_like_its_original(const char *url)
{
    Error copy(Status::ok, Outcome::not_sent, 0, "", {}, "");
    {
        const Error original = error_of(url, "retry-after-2-429@example.com");
        copy = original;
    }
    CHECK(copy.status() == Status::rate_limited && copy.outcome() == Outcome::refused);
    CHECK(copy.code() == "RateLimitExceeded" && copy.retry_after() == 2s);
    CHECK_HAS(copy.what(), "HTTP 429");
}

void exceptions_can_be_caught_as_what_they_are(const char *url)
{
    const ecgrid::Client client = client_for(url);
    bool caught = false;
    try {
        (void)client.login("fault-403@example.com", "any-password");
    } catch (const std::exception &error) {
        caught = std::string_view(error.what()).find("HTTP 403") != std::string_view::npos;
    }
    CHECK(caught);
}

void a_nul_is_refused_with_the_library_s_own_error(const char *url)
{
    const ecgrid::Client client = client_for(url);
    const Server server(url);
    const ecgrid::Session session = client.login_session(user, password);
    const std::int64_t requests = server.count("requests");
    const std::string_view nul("Sup3r$ecret!\0tail", 17);
    ecgrid::Config config;
    const auto refused = [](const auto &result, const char *what) {
        if (!CHECK(!result)) return;
        const Error &error = result.error();
        CHECK(error.status() == Status::invalid_argument && error.outcome() == Outcome::not_sent);
        CHECK(error.http_status() == 0 && error.code().empty() && !error.retry_after());
        CHECK_HAS(error.what(), what);
        CHECK_HAS(error.what(), "NUL");
        CHECK(error.message().find("Sup3r") == std::string_view::npos);
    };
    refused(client.try_login(nul, password), "the user name");
    refused(client.try_login(user, nul), "the password");
    refused(ecgrid::try_login(user, nul), "the password");
    refused(client.try_login_session(nul, nul), "the user name");
    refused(client.try_session_with_api_key(nul), "the API key");
    refused(session.try_call(nul, "/v2/users/me"), "the method");
    refused(session.try_call("GET", nul), "the path");
    refused(session.try_change_password(nul, password), "the current password");
    refused(session.try_change_password(password, nul), "the new password");
    refused(config.try_set_base_url(nul), "the base URL");
    refused(config.try_set_api_key(nul), "the API key");
    refused(config.try_set_ca_file(nul), "the path of the CA file");
    refused(config.try_set_proxy(nul), "the proxy URL");
    refused(config.try_set_user_agent(nul), "the user agent");
    CHECK_INT(server.count("requests"), requests);

    const auto body = session.try_call("POST", "/v2/mailboxes/list", std::string_view("{}\0", 3));
    CHECK(!body && body.error().status() == Status::invalid_argument);
    CHECK(!body && body.error().message().find("JSON") != std::string_view::npos);
}

void texts_of_any_length_arrive_whole(const char *url)
{
    const ecgrid::Session session = client_for(url).login_session(user, password);
    // Around the length up to which a copy stays on the stack.
    for (const std::size_t length : {20u, 126u, 127u, 128u, 129u, 300u, 5000u}) {
        std::string path = "/v2/no/such/";
        path.append(length - path.size(), 'x');
        const auto answer = session.try_call("GET", path);
        CHECK(!answer && answer.error().status() == Status::not_found);
    }
    const ecgrid::Client client = client_for(url);
    const auto login = client.try_login(user, std::string(std::size_t{1} << 19, 'x'));
    CHECK(!login && login.error().status() == Status::unauthenticated);
    const auto empty = client.try_login(std::string_view(), std::string_view());
    CHECK(!empty && empty.error().status() == Status::invalid_argument);
}

void an_unknown_number_survives()
{
    const Error error(Status(4711), Outcome(47), 0, "", {}, "a later library's");
    CHECK_INT(static_cast<std::int32_t>(error.status()), 4711);
    CHECK_INT(static_cast<std::int32_t>(error.outcome()), 47);
    CHECK(ecgrid::to_string(error.status()) == "ECGRID_UNKNOWN");
    CHECK(ecgrid::to_string(Status::timeout) == "ECGRID_TIMEOUT");
}

// A status without an error object, as the library returns it when memory has run out.
void a_failure_without_an_error_is_one_all_the_same()
{
    const Error error = ecgrid::detail::take(ECGRID_INTERNAL, nullptr);
    CHECK(error.status() == Status::internal && error.outcome() == Outcome::unknown);
    CHECK_STR(error.what(), "ECGRID_INTERNAL");
}

template <typename Work> bool aborts(Work work)
{
    const pid_t child = fork();
    if (child == 0) {
        std::signal(SIGABRT, SIG_DFL);
        work();
        _exit(0);
    }
    int status = 0;
    return waitpid(child, &status, 0) == child && WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

void a_result_is_one_or_the_other(const char *url)
{
    const ecgrid::Client client = client_for(url);
    auto good = client.try_login(user, password);
    CHECK(good && good.has_value() && good->user_id() == 4821 && (*good).user_id() == 4821);
    CHECK_INT(good.value().user_id(), 4821);
    auto bad = client.try_login(user, "wrong");
    CHECK(!bad && !bad.has_value() && bad.error().http_status() == 401);
    CHECK(failure_of([&] { (void)bad.value(); }).status == Status::unauthenticated);
    CHECK(failure_of([&] { (void)std::move(bad).value(); }).status == Status::unauthenticated);
    const ecgrid::Token token = *std::move(good);
    CHECK(token.is_open() && good && !good->is_open());

    CHECK(aborts([] { (void)*ecgrid::Config().try_set_timeout(0ms).error().what(); }) == false);
    CHECK(aborts([] { (void)ecgrid::Config().try_set_timeout(1s).error(); }));
    CHECK(aborts([] { (void)ecgrid::Result<int>(7).error(); }));
    CHECK(aborts([] { (void)*ecgrid::Result<int>(Error(Status::tls, Outcome::not_sent, 0, "", {}, "no")); }));
}

} // namespace

int main()
{
    for (const char *place : {"SANDBOX_HTTP", "SANDBOX_HTTPS"}) {
        const char *const url = said(place);
        an_error_has_its_facts(url);
        a_copy_is_like_its_original(url);
        exceptions_can_be_caught_as_what_they_are(url);
        a_nul_is_refused_with_the_library_s_own_error(url);
        texts_of_any_length_arrive_whole(url);
        a_result_is_one_or_the_other(url);
    }
    an_unknown_number_survives();
    a_failure_without_an_error_is_one_all_the_same();
    return check_done();
}
