// Log in to ECGrid and print what came back.
//   c++ -std=c++17 login.cpp -I bindings/cpp/include $(pkg-config --cflags --libs ecgrid) -o login
//   ECGRID_LOGIN=you@example.com ECGRID_PASSWORD=... ./login     (other users can see a command line)
#include <ecgrid.hpp>
#include <cstdlib>
#include <ctime>
#include <iostream>

static const char *again(ecgrid::Outcome outcome)
{
    switch (outcome) {
    case ecgrid::Outcome::not_sent: return "it was never sent: you may send it again";
    case ecgrid::Outcome::refused: return "ECGrid refused, nothing was done: put it right before you send it again";
    default: return "it may have been done: find out before you send it again";
    }
}

int main()
{
    const char *const login = std::getenv("ECGRID_LOGIN"), *const password = std::getenv("ECGRID_PASSWORD");
    if (!login || !password) return std::cerr << "set ECGRID_LOGIN and ECGRID_PASSWORD\n", 2;
    try {
        const ecgrid::Token token = ecgrid::login(login, password);
        const auto at = token.expires_at();
        const std::time_t seconds = at ? static_cast<std::time_t>(at->time_since_epoch().count()) : 0;
        char expires[64] = "unknown";
        if (at) std::strftime(expires, sizeof expires, "%A, %d %B %Y, %H:%M:%S UTC", std::gmtime(&seconds));
        std::cout << "user id: " << token.user_id() << "\nexpires: " << expires << ", in "
                  << token.expires_in().value_or(std::chrono::seconds(-1)).count() << " seconds\ntoken:   "
                  << token.value().substr(0, 12) << "...\n";
    } catch (const ecgrid::Error &error) {
        std::cerr << "error:   " << error.what() << "\nstatus:  " << ecgrid::to_string(error.status()) << ", HTTP "
                  << error.http_status() << "\ncode:    " << (error.code().empty() ? "none" : error.code()) << ", trace id "
                  << (error.trace_id().empty() ? "none" : error.trace_id()) << "\noutcome: " << again(error.outcome()) << '\n';
        return 1;
    }
}
