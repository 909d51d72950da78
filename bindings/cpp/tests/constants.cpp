// The numbers of the binding are those of the header, all of them. ECGRID_HEADER says where the header is.
#include "support.hpp"

#include <fstream>
#include <map>
#include <sstream>

namespace {

using ecgrid::Outcome;
using ecgrid::Status;

const std::map<std::string, Status> statuses = {
    {"OK", Status::ok},
    {"INVALID_ARGUMENT", Status::invalid_argument},
    {"INVALID_CONFIGURATION", Status::invalid_configuration},
    {"UNAUTHENTICATED", Status::unauthenticated},
    {"FORBIDDEN", Status::forbidden},
    {"NOT_FOUND", Status::not_found},
    {"REJECTED", Status::rejected},
    {"RATE_LIMITED", Status::rate_limited},
    {"SERVER_ERROR", Status::server_error},
    {"UNREACHABLE", Status::unreachable},
    {"TLS", Status::tls},
    {"TIMEOUT", Status::timeout},
    {"CONNECTION_LOST", Status::connection_lost},
    {"BAD_RESPONSE", Status::bad_response},
    {"CANCELLED", Status::cancelled},
    {"INVALID_STATE", Status::invalid_state},
    {"INTERNAL", Status::internal},
    {"OUT_OF_MEMORY", Status::out_of_memory},
    {"FILE", Status::file},
};

const std::map<std::string, Outcome> outcomes = {
    {"NOT_SENT", Outcome::not_sent},
    {"REFUSED", Outcome::refused},
    {"UNKNOWN", Outcome::unknown},
};

const std::map<std::string, ecgrid::LogLevel> levels = {
    {"OFF", ecgrid::LogLevel::off},
    {"ERROR", ecgrid::LogLevel::error},
    {"WARN", ecgrid::LogLevel::warn},
    {"INFO", ecgrid::LogLevel::info},
    {"DEBUG", ecgrid::LogLevel::debug},
};

const std::map<std::string, ecgrid::Kind> kinds = {
    {"MISSING", ecgrid::Kind::missing}, {"NULL", ecgrid::Kind::null},   {"BOOLEAN", ecgrid::Kind::boolean},
    {"NUMBER", ecgrid::Kind::number},   {"STRING", ecgrid::Kind::string}, {"ARRAY", ecgrid::Kind::array},
    {"OBJECT", ecgrid::Kind::object},
};

// The numbers that the header defines, by their names without ECGRID_.
std::map<std::string, std::int64_t> defined(const char *path)
{
    std::ifstream header(path);
    std::map<std::string, std::int64_t> numbers;
    for (std::string line; std::getline(header, line);) {
        std::istringstream words(line);
        std::string define, name, value;
        words >> define >> name >> value;
        if (define != "#define" || value.empty() || name.rfind("ECGRID_", 0) != 0) continue;
        numbers[name.substr(7)] = std::stoll(value, nullptr, 0);
    }
    return numbers;
}

// Takes what it compares out of `numbers`.
template <typename Enum>
void are_those_of_the_header(std::map<std::string, std::int64_t> &numbers, const std::string &prefix,
                             const std::map<std::string, Enum> &expected)
{
    for (const auto &[name, value] : expected) {
        const auto found = numbers.find(prefix + name);
        check_row = name.c_str();
        if (CHECK(found != numbers.end())) {
            CHECK_INT(static_cast<std::int32_t>(value), found->second);
            numbers.erase(found);
        }
    }
    check_row = "";
}

} // namespace

int main(int argc, char **argv)
{
    std::map<std::string, std::int64_t> numbers = defined(argc > 1 ? argv[1] : said("ECGRID_HEADER"));
    for (const auto &[name, status] : statuses) CHECK(ecgrid::to_string(status) == "ECGRID_" + name);
    are_those_of_the_header(numbers, "", statuses);
    are_those_of_the_header(numbers, "OUTCOME_", outcomes);
    are_those_of_the_header(numbers, "LOG_", levels);
    are_those_of_the_header(numbers, "KIND_", kinds);
    const std::int64_t composed = numbers["VERSION_MAJOR"] << 16 | numbers["VERSION_MINOR"] << 8 | numbers["VERSION_PATCH"];
    CHECK_INT(ecgrid::header_version_number, composed);
    CHECK_INT(numbers["VERSION_NUMBER"], composed);
    CHECK_INT(ecgrid::version_number(), composed);
    CHECK(ecgrid::version() == ecgrid::detail::version_text(ecgrid::header_version_number));
    for (const char *name : {"VERSION_MAJOR", "VERSION_MINOR", "VERSION_PATCH", "VERSION_NUMBER"}) numbers.erase(name);
    // What is left is a number that the binding does not have.
    for (const auto &[name, value] : numbers) std::printf("the binding has no %s\n", name.c_str());
    CHECK_INT(static_cast<std::int64_t>(numbers.size()), 0);
    return check_done();
}
