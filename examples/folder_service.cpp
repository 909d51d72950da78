// Receive and send EDI files, for ever: what is pending appears in one folder, and what lies in the other is sent, each once.
//   c++ -std=c++17 folder_service.cpp -I bindings/cpp/include $(pkg-config --cflags --libs ecgrid) -o folder_service
//   ECGRID_LOGIN=you@example.com ECGRID_PASSWORD=... ./folder_service INBOX OUTBOX [seconds between rounds]
#include <ecgrid.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <thread>

static volatile std::sig_atomic_t ending = 0;

// Tells what went wrong in a round. False when no other round can help.
static bool goes_on(const ecgrid::Round &round, const char *what)
{
    if (round.count > 0) std::cout << round.count << ' ' << what << std::endl;
    if (!round.error) return true;
    std::cerr << round.error->what() << (round.error->trace_id().empty() ? "" : " trace id ") << round.error->trace_id() << '\n';
    // Where there is a time, the session logs in again by itself by then.
    return round.error->status() != ecgrid::Status::unauthenticated || round.error->retry_after();
}

int main(int argc, char **argv)
{
    const char *const login = std::getenv("ECGRID_LOGIN"), *const password = std::getenv("ECGRID_PASSWORD");
    if (!login || !password || argc < 3) return std::cerr << "set ECGRID_LOGIN and ECGRID_PASSWORD; name two folders\n", 2;
    const auto pause = std::chrono::duration<double>(argc > 3 ? std::atof(argv[3]) : 60);
    for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, [](int) { ending = 1; });
    try {
        ecgrid::Config config = ecgrid::Config::from_env();
        config.set_keep_password(true); // tokens die in long outages
        const ecgrid::Session session = ecgrid::Client(config).login_session(login, password);
        const ecgrid::Inbox inbox = session.inbox(argv[1]);
        const ecgrid::Outbox outbox = session.outbox(argv[2]);
        bool good = true;
        while (good && !ending) {
            good = goes_on(inbox.try_receive(), "received") && goes_on(outbox.try_send(), "sent");
            const auto until = std::chrono::steady_clock::now() + pause;
            while (good && !ending && std::chrono::steady_clock::now() < until) {
                std::this_thread::sleep_for(std::chrono::milliseconds(50));
            }
        }
        session.logout(); // what is under way the next start goes on with
        return good ? 0 : 1;
    } catch (const ecgrid::Error &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
