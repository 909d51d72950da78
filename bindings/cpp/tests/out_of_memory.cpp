// What there is no memory for is told, and never taken for what is not there. This program stands in for the library's word
// on a response's memory, so it has to be linked with the shared library.
#include "support.hpp"

#include <new>

static ecgrid_status pretended = ECGRID_OK;
static int asked = 0;

extern "C" ecgrid_status ecgrid_response_status(const ecgrid_response *)
{
    asked++;
    return pretended;
}

namespace {

using ecgrid::Outcome;
using ecgrid::Status;

// As when there is none for a long text.
bool no_long_texts = false;

template <typename Work> void lacks_memory(Work work)
{
    bool caught = false;
    try {
        work();
    } catch (const ecgrid::Error &error) {
        caught = true;
        CHECK(error.status() == Status::out_of_memory && error.outcome() == Outcome::unknown);
        CHECK_INT(error.http_status(), 200);
        CHECK_HAS(error.what(), "memory");
        CHECK_HAS(error.what(), "the call was done");
    }
    CHECK(caught);
}

int rows(const ecgrid::Response &list)
{
    int row = 0;
    while (!list.string('/' + std::to_string(row) + "/parcelId").empty()) row++;
    return row;
}

void a_walk_does_not_end_early(const ecgrid::Session &session)
{
    const ecgrid::Response inbox = session.call("POST", "/v2/parcels/pending-inbox-list", "{}");
    CHECK_INT(rows(inbox), 3);
    CHECK(inbox.status() == Status::ok);
    pretended = ECGRID_OUT_OF_MEMORY;
    lacks_memory([&] { (void)rows(inbox); });
    lacks_memory([&] { (void)inbox.string("/3/parcelId"); });
    lacks_memory([&] { (void)inbox.integer("/3/parcelId", -7); });
    lacks_memory([&] { (void)inbox.kind("/3"); });
    lacks_memory([&] { (void)inbox.count("/3"); });
    CHECK(inbox.status() == Status::out_of_memory);
    pretended = ECGRID_OK;
    CHECK(inbox.string("/3/parcelId").empty() && inbox.integer("/3/parcelId", -7) == -7);
}

void what_is_there_is_not_asked_about(const ecgrid::Session &session)
{
    const ecgrid::Response me = session.call("GET", "/v2/users/me");
    pretended = ECGRID_OUT_OF_MEMORY;
    asked = 0;
    CHECK(me.string("/email") == user && me.integer("/userId", -7) == 4821 && me.count() > 0 && !me.data().empty() && !me.body().empty());
    CHECK_INT(asked, 0);
    pretended = ECGRID_OK;
}

void a_text_that_there_is_no_memory_to_copy_is_not_sent(const char *url, const ecgrid::Session &session)
{
    const ecgrid::Client client = client_for(url);
    const std::string long_text(1000, 'x');
    no_long_texts = true;
    const auto login = client.try_login(user, long_text);
    const auto call = session.try_call("GET", "/v2/" + long_text);
    ecgrid::Config config;
    const auto setting = config.try_set_user_agent(long_text);
    const ecgrid::Response me = session.call("GET", "/v2/users/me");
    lacks_memory([&] { (void)me.string('/' + long_text); });
    lacks_memory([&] { (void)me.integer('/' + long_text); });
    no_long_texts = false;
    for (const ecgrid::Error *error : {&login.error(), &call.error(), &setting.error()}) {
        CHECK(error->status() == Status::out_of_memory && error->outcome() == Outcome::not_sent);
    }
    CHECK_HAS(login.error().what(), "the password");
}

} // namespace

// Only the binding's own copies ask for memory so; the rest of the program goes on.
void *operator new[](std::size_t size, const std::nothrow_t &) noexcept
{
    return no_long_texts ? nullptr : ::operator new(size);
}

void operator delete[](void *memory) noexcept
{
    ::operator delete(memory);
}

void operator delete[](void *memory, std::size_t) noexcept
{
    ::operator delete(memory);
}

int main()
{
    const char *const url = said("SANDBOX_HTTP");
    const ecgrid::Session session = client_for(url).login_session(user, password);
    a_walk_does_not_end_early(session);
    what_is_there_is_not_asked_about(session);
    a_text_that_there_is_no_memory_to_copy_is_not_sent(url, session);
    return check_done();
}
