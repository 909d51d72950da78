// What was copied to end with a NUL is wiped before its memory goes.
#include "support.hpp"

#include <atomic>
#include <malloc.h>
#include <new>

namespace {

constexpr std::string_view canary = "canary-Pa55word!";
std::atomic<int> left_behind{0};

bool has_canary(const void *memory, std::size_t length)
{
    return memmem(memory, length, canary.data(), canary.size()) != nullptr;
}

void free_watched(void *memory) noexcept
{
    if (memory && has_canary(memory, malloc_usable_size(memory))) left_behind++;
    std::free(memory);
}

} // namespace

void *operator new(std::size_t length)
{
    void *const memory = std::malloc(length);
    if (!memory) std::abort();
    return memory;
}

void *operator new[](std::size_t length)
{
    return operator new(length);
}

void *operator new(std::size_t length, const std::nothrow_t &) noexcept
{
    return std::malloc(length);
}

void *operator new[](std::size_t length, const std::nothrow_t &) noexcept
{
    return std::malloc(length);
}

void operator delete(void *memory) noexcept
{
    free_watched(memory);
}

void operator delete[](void *memory) noexcept
{
    free_watched(memory);
}

void operator delete(void *memory, std::size_t) noexcept
{
    free_watched(memory);
}

void operator delete[](void *memory, std::size_t) noexcept
{
    free_watched(memory);
}

namespace {

std::string long_secret()
{
    // In one piece of memory, which is wiped by whoever asked.
    std::string secret;
    secret.reserve(2000);
    secret.append(canary).append(1000, 'x');
    return secret;
}

// Without this, a watch that sees nothing would pass.
void the_watch_sees_what_is_left()
{
    char *const memory = static_cast<char *>(operator new(200));
    std::memcpy(memory, canary.data(), canary.size());
    // A compiler may leave out what nobody reads before the delete.
    __asm__ __volatile__("" : : "r"(memory) : "memory");
    operator delete(memory);
    CHECK_INT(left_behind.exchange(0), 1);
}

void a_short_copy_is_wiped()
{
    alignas(ecgrid::detail::Text) static unsigned char place[sizeof(ecgrid::detail::Text)];
    auto *const text = new (place) ecgrid::detail::Text(canary);
    CHECK(text->c_str() == canary);
    CHECK(has_canary(place, sizeof place));
    text->~Text();
    // What is there now is nobody's, to a compiler; here it counts.
    __asm__ __volatile__("" : : "r"(&place) : "memory");
    CHECK(!has_canary(place, sizeof place));
}

void a_long_copy_is_wiped()
{
    std::string secret = long_secret();
    {
        const ecgrid::detail::Text text(secret);
        CHECK_STR(text.c_str(), secret.c_str());
    }
    CHECK_INT(left_behind, 0);
    ecgrid::detail::wipe(secret.data(), secret.size());
}

void calls_leave_nothing_and_tell_nothing(const char *url)
{
    std::atomic<int> lines{0};
    ecgrid::Config config;
    config.set_base_url(url).set_ca_file(said("SANDBOX_CA"));
    config.set_log(ecgrid::LogLevel::debug, [&lines](ecgrid::LogLevel, std::string_view line) {
        lines++;
        if (!CHECK(line.find("canary") == std::string_view::npos)) std::printf("  %s\n", line.data());
    });
    const ecgrid::Client client(config);
    const ecgrid::Session session = client.login_session(user, password);
    std::string secret = long_secret();
    for (const std::string_view one : {canary, std::string_view(secret)}) {
        CHECK(failure_of([&] { (void)client.login(user, one); }).status == ecgrid::Status::unauthenticated);
        CHECK(failure_of([&] { (void)client.login_session(user, one); }).status == ecgrid::Status::unauthenticated);
        CHECK(failure_of([&] { session.change_password(one, password); }).status == ecgrid::Status::rejected);
        CHECK(client.session_with_api_key(one).is_open());
        ecgrid::Config().set_api_key(one);
    }
    CHECK(lines > 20);
    CHECK_INT(left_behind, 0);
    ecgrid::detail::wipe(secret.data(), secret.size());
}

} // namespace

int main()
{
    the_watch_sees_what_is_left();
    a_short_copy_is_wiped();
    a_long_copy_is_wiped();
    for (const char *place : {"SANDBOX_HTTP", "SANDBOX_HTTPS"}) calls_leave_nothing_and_tell_nothing(said(place));
    return check_done();
}
