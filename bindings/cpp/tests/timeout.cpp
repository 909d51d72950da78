// A call may have a timeout of its own, as its last argument.
#include "calls.hpp"

namespace {

using ecgrid::Outcome;
using ecgrid::Status;

void a_call_s_own_timeout_is_its_alone(const char *url)
{
    const ecgrid::Client client = client_for(url);
    const ecgrid::Session session = client.login_session("call-slow-600@example.com", "any", 20s);
    const Failure late = failure_of([&] { session.call("GET", "/v2/users/me", 100ms); });
    CHECK(late.status == Status::timeout && late.outcome == Outcome::unknown);
    CHECK_INT(session.call("GET", "/v2/users/me").http_status(), 200);
    CHECK_INT(session.call("POST", "/v2/mailboxes/list", "{}", 20s).http_status(), 200);
    CHECK(failure_of([&] { (void)client.login("hang@example.com", "any", 100ms); }).status == Status::timeout);
    CHECK_INT(client.server_version(std::chrono::minutes(1)).http_status(), 200);
}

void zero_is_the_configuration_s_and_less_is_refused(const char *url)
{
    const ecgrid::Client client = client_for(url);
    CHECK_INT(client.server_version(0ms).http_status(), 200);
    const Server server(url);
    const std::int64_t requests = server.count("requests");
    const Failure refused = failure_of([&] { (void)client.server_version(-1ms); });
    CHECK(refused.status == Status::invalid_argument && refused.outcome == Outcome::not_sent);
    CHECK_INT(server.count("requests"), requests);
}

} // namespace

int main()
{
    for (const char *place : {"SANDBOX_HTTP", "SANDBOX_HTTPS"}) {
        const char *const url = said(place);
        a_call_s_own_timeout_is_its_alone(url);
        zero_is_the_configuration_s_and_less_is_refused(url);
    }
    return check_done();
}
