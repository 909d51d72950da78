// libecgrid through its C++ binding: one client, shared by all threads.
extern "C" {
#include "../bench.h"
}
#include <ecgrid.hpp>
#include <optional>

static std::optional<ecgrid::Client> client;
static volatile std::int64_t seen;

extern "C" {

const char *contestant_version(void) { return ecgrid::version().data(); }

void contestant_start(const struct target *target)
{
    ecgrid::Config config;
    config.set_base_url(target->url);
    if (target->ca) config.set_ca_file(target->ca);
    client.emplace(config);
}

void contestant_stop(void) { client.reset(); }

void *contestant_open(void) { return nullptr; }

void contestant_close(void *) {}

void contestant_login(void *)
{
    const ecgrid::Token token = client->login(LOGIN, PASSWORD);
    if (token.value().empty() || !token.expires_at()) die("ecgrid.hpp", "no token");
    seen = token.user_id();
}

// Only logins are compared here.
void contestant_call(void *) { die("ecgrid.hpp", "no such mode"); }
}
