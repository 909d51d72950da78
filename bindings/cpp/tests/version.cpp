// A library of another version is told at the first use. This program stands in for the library's version number, so it has
// to be linked with the shared library.
#include "support.hpp"

static std::uint32_t pretended = ECGRID_VERSION_NUMBER;

extern "C" std::uint32_t ecgrid_version_number(void)
{
    return pretended;
}

namespace {

using ecgrid::detail::fits;

static_assert(fits(0x000100, 0x000100) && fits(0x000103, 0x000102));
static_assert(!fits(0x000101, 0x000102), "a patch too old may lack what the headers use");
static_assert(!fits(0x000200, 0x000100) && !fits(0x000100, 0x000200) && !fits(0x010100, 0x000100));
static_assert(fits(0x010200, 0x010105) && !fits(0x010104, 0x010105) && !fits(0x020000, 0x010000));

void is_a_misfit(const ecgrid::Error &error)
{
    CHECK(error.status() == ecgrid::Status::invalid_configuration && error.outcome() == ecgrid::Outcome::not_sent);
    CHECK_HAS(error.what(), ecgrid::detail::version_text(ecgrid::header_version_number).c_str());
    CHECK_HAS(error.what(), "libecgrid 0.2.7");
    CHECK_HAS(error.what(), "install");
}

} // namespace

int main()
{
    CHECK(ecgrid::Client::try_make());
    pretended = 0x000207;
    is_a_misfit(ecgrid::Client::try_make().error());
    is_a_misfit(ecgrid::Config::try_from_env().error());
    is_a_misfit(ecgrid::try_login(user, password).error());
    bool caught = false;
    try {
        ecgrid::Config config;
    } catch (const ecgrid::Error &error) {
        is_a_misfit(error);
        caught = true;
    }
    CHECK(caught);
    pretended = ECGRID_VERSION_NUMBER;
    CHECK(ecgrid::Client::try_make());
    return check_done();
}
