// The header is included by two units of one program: also by one with and one without exceptions.
#include "support.hpp"
#include "two_units.hpp"

std::string log_in_here(const char *login)
{
    try {
        return std::to_string(ecgrid::login(login, password).user_id());
    } catch (const ecgrid::Error &error) {
        return error.what();
    }
}

int main()
{
    setenv("ECGRID_BASE_URL", said("SANDBOX_HTTP"), 1);
    CHECK_STR(log_in_here("jsmith@example.com").c_str(), "4821");
    CHECK_STR(log_in_there("jsmith@example.com").c_str(), "4821");
    CHECK_HAS(log_in_here("fault-403@example.com").c_str(), "HTTP 403");
    CHECK_HAS(log_in_there("fault-403@example.com").c_str(), "HTTP 403");
    return check_done();
}
