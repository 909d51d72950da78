// Places and settings, as the table names them.
#ifndef CONFORMANCE_CONFIG_HPP
#define CONFORMANCE_CONFIG_HPP

#include <ecgrid.hpp>

#include <cctype>
#include <chrono>
#include <cstdlib>
#include <string>

#include "conformance_table.hpp"

// A mistake in the table, or what was found wrong: ends the case.
struct Wrong {
    std::string why;
};

inline std::string environment(const std::string &name)
{
    const char *const value = std::getenv(name.c_str());
    if (!value) throw Wrong{"the environment has no " + name};
    return value;
}

inline std::string url_of(const std::string &place)
{
    std::string name = "SANDBOX_";
    for (const char letter : place) name += letter == '-' ? '_' : static_cast<char>(std::toupper(letter));
    return environment(name);
}

inline void set(ecgrid::Config &config, const std::string &word)
{
    using std::chrono::milliseconds;
    const auto number = [](const std::string &value) { return std::stoll(value); };
    if (const auto text = value_of(word, "base_url")) config.set_base_url(*text);
    else if (const auto key = value_of(word, "api_key")) config.set_api_key(*key);
    else if (const auto path = value_of(word, "ca_file")) config.set_ca_file(*path);
    else if (const auto proxy = value_of(word, "proxy")) config.set_proxy(*proxy);
    else if (const auto product = value_of(word, "user_agent")) config.set_user_agent(*product);
    else if (const auto total = value_of(word, "timeout_ms")) config.set_timeout(milliseconds(number(*total)));
    else if (const auto connect = value_of(word, "connect_timeout_ms")) config.set_connect_timeout(milliseconds(number(*connect)));
    else if (const auto bytes = value_of(word, "max_response_bytes")) config.set_max_response_bytes(number(*bytes));
    else if (const auto attempts = value_of(word, "max_attempts")) config.set_max_attempts(std::stoi(*attempts));
    else if (const auto keep = value_of(word, "keep_password")) config.set_keep_password(*keep == "1");
    else if (const auto alive = value_of(word, "keep_alive")) config.set_keep_alive(*alive == "1");
    else throw Wrong{"there is no setting " + word};
}

#endif
