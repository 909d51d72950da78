// The other unit; see two_units_a.cpp.
#include <ecgrid.hpp>

#include "two_units.hpp"

std::string log_in_there(const char *login)
{
    const ecgrid::Result<ecgrid::Token> token = ecgrid::try_login(login, "Sup3r$ecret!");
    return token ? std::to_string(token->user_id()) : token.error().what();
}
