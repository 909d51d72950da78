// Parcels, one at a time and in folders.
#include "calls.hpp"
#include "scratch.hpp"

#include <fstream>
#include <sstream>

namespace {

using ecgrid::Outcome;
using ecgrid::Status;

std::string read(const fs::path &path)
{
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

void a_parcel_goes_and_comes_as_it_was(const char *url)
{
    const Scratch scratch;
    const ecgrid::Session session = client_for(url).login_session(user, password);
    const std::string content("ISA*\0\xff*00", 9);
    ecgrid::Route route;
    route.to = 20101;
    const std::int64_t id = session.upload(content, "a.edi", route);
    const ecgrid::Parcel parcel = session.download(id, 20s);
    CHECK(parcel.content() == content && parcel.file_name() == "a.edi");
    CHECK_INT(parcel.id(), id);
    session.download(id, scratch / "a.edi");
    CHECK(read(scratch / "a.edi") == content);
    const Failure taken = failure_of([&] { session.download(id, scratch / "a.edi"); });
    CHECK(taken.status == Status::file && taken.outcome == Outcome::not_sent);
    const std::int64_t again = session.upload_file(scratch / "a.edi", route);
    CHECK(session.download(again).file_name() == "a.edi");
    CHECK(session.download(session.upload_file(scratch / "a.edi", "b.edi", route)).file_name() == "b.edi");
    const auto before = session.pending().count();
    session.confirm(id);
    session.confirm(id);
    CHECK_INT(session.pending(101).count(), before - 1);
}

void what_cannot_be_is_refused(const char *url)
{
    const ecgrid::Session session = client_for(url).login_session(user, password);
    ecgrid::Route route;
    route.from = -1;
    for (const Failure &refused : {
             failure_of([&] { session.upload("x", "a.edi", route); }),
             failure_of([&] { session.upload("x", std::string_view("a\0b", 3)); }),
             failure_of([&] { session.upload("x", ""); }),
             failure_of([&] { (void)session.outbox("/", route); }),
             failure_of([&] { (void)session.download(0); }),
             failure_of([&] { (void)session.pending(-1); }),
         }) {
        CHECK(refused.status == Status::invalid_argument && refused.outcome == Outcome::not_sent);
    }
    CHECK(failure_of([&] { (void)session.inbox("/no/such/folder"); }).status == Status::file);
}

void folders_receive_and_send(const char *url)
{
    const Scratch scratch;
    const ecgrid::Session session = client_for(url).login_session(user, password);
    ecgrid::Inbox inbox = session.inbox(scratch.make("in"));
    const ecgrid::Outbox outbox = session.outbox(scratch.make("out"));
    std::ofstream(scratch / "out/a.edi") << "ISA*00";
    outbox.set_settle(10min);
    CHECK_INT(outbox.send(), 1);
    CHECK(inbox.receive() >= 1);
    CHECK_INT(inbox.receive(), 0);
    std::size_t files = 0;
    for (const auto &entry : fs::directory_iterator(scratch / "in")) files += entry.is_regular_file();
    CHECK(files >= 1 && fs::is_directory(scratch / "out/sent"));
    CHECK(failure_of([&] { (void)session.inbox(scratch / "out"); }).status == Status::invalid_state);
    ecgrid::Inbox clone = inbox.clone();
    clone.stop();
    CHECK(failure_of([&] { clone.receive(); }).status == Status::cancelled);
    CHECK_INT(inbox.receive(20s), 0);
    outbox.stop();
    const ecgrid::Round round = outbox.try_send();
    CHECK(round.count == 0 && round.error && round.error->status() == Status::cancelled);
    inbox.cancel();
    inbox.close();
    clone.close();
    CHECK(!inbox.is_open() && failure_of([&] { inbox.receive(); }).status == Status::invalid_state);
    CHECK(session.inbox(scratch / "in").try_receive().error == std::nullopt);
}

} // namespace

int main()
{
    for (const char *place : {"SANDBOX_HTTP", "SANDBOX_HTTPS"}) {
        const char *const url = said(place);
        a_parcel_goes_and_comes_as_it_was(url);
        what_cannot_be_is_refused(url);
        folders_receive_and_send(url);
    }
    return check_done();
}
