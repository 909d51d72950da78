// What the two units of one program say to each other.
#ifndef TWO_UNITS_HPP
#define TWO_UNITS_HPP

#include <string>

// Both log in by the environment's settings: the user id, or what the failure says.
std::string log_in_here(const char *login);
std::string log_in_there(const char *login);

#endif
