// Compares what came of a step with what the table expects.
#ifndef CONFORMANCE_EXPECT_HPP
#define CONFORMANCE_EXPECT_HPP

#include <ecgrid.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "conformance_table.hpp"

// What a step made, if anything, or why it failed.
struct Made {
    std::variant<std::monostate, ecgrid::Client, ecgrid::Session, ecgrid::Token, ecgrid::Response, ecgrid::Parcel,
                 ecgrid::Inbox, ecgrid::Outbox>
        value;
    std::optional<ecgrid::Error> error;
    std::optional<std::int64_t> files;

    void end(const ecgrid::Round &round)
    {
        files = round.count;
        error = round.error;
    }
};

// Says what is wrong, in words; "" for nothing.
using Complaint = std::string;

inline bool is_within(const std::string &expected, std::optional<std::int64_t> value)
{
    if (expected == "none" || !value) return expected == "none" && !value;
    const std::size_t dots = expected.find("..");
    const std::int64_t low = std::stoll(expected);
    const std::int64_t high = dots == std::string::npos ? low : std::stoll(expected.substr(dots + 2));
    return *value >= low && *value <= high;
}

inline Complaint is_number(const std::string &word, const std::string &expected, std::optional<std::int64_t> value)
{
    if (is_within(expected, value)) return {};
    return word + ", but it is " + (value ? std::to_string(*value) : "none");
}

inline Complaint is_text(const std::string &word, std::string_view expected, std::string_view value)
{
    return expected == value ? Complaint() : word + ", but it is " + std::string(value);
}

inline std::string status_word(const std::optional<ecgrid::Error> &error)
{
    if (!error) return "OK";
    // The binding's own; the library says INVALID_STATE too, of other things.
    const bool is_refused = error->status() == ecgrid::Status::invalid_state && error->outcome() == ecgrid::Outcome::not_sent;
    if (is_refused && error->message().find("was closed or moved from") != std::string_view::npos) return "CLOSED";
    return std::string(ecgrid::to_string(error->status()).substr(7));
}

inline std::string outcome_word(ecgrid::Outcome outcome)
{
    switch (outcome) {
    case ecgrid::Outcome::not_sent: return "NOT_SENT";
    case ecgrid::Outcome::refused: return "REFUSED";
    case ecgrid::Outcome::unknown: return "UNKNOWN";
    }
    return "no outcome";
}

inline Complaint is_as_expected(const std::string &word, const ecgrid::Error &error)
{
    if (const auto value = value_of(word, "outcome")) return is_text(word, *value, outcome_word(error.outcome()));
    if (const auto value = value_of(word, "http")) return is_number(word, *value, error.http_status());
    if (const auto value = value_of(word, "code")) return is_text(word, *value, error.code());
    if (const auto value = value_of(word, "trace")) return is_text(word, *value, error.trace_id());
    if (const auto value = value_of(word, "retry")) {
        const auto after = error.retry_after();
        return is_number(word, *value, after ? std::optional<std::int64_t>(after->count()) : std::nullopt);
    }
    if (const auto value = value_of(word, "says")) {
        if (error.message().find(*value) != std::string_view::npos) return {};
        return word + ", but it says " + error.what();
    }
    return "nothing of an error is " + word;
}

inline Complaint is_as_expected(const std::string &word, const ecgrid::Token &token, const std::string &before)
{
    if (const auto value = value_of(word, "user")) {
        const std::int64_t id = token.user_id();
        return is_number(word, *value, id ? std::optional(id) : std::nullopt);
    }
    if (const auto value = value_of(word, "expires_in")) {
        const auto left = token.expires_in();
        return is_number(word, *value, left ? std::optional<std::int64_t>(left->count()) : std::nullopt);
    }
    if (const auto value = value_of(word, "expires_at")) {
        return is_text(word, *value, token.expires_at() ? "known" : "none");
    }
    if (const auto value = value_of(word, "header")) return is_text(word, *value, token.header_name());
    if (const auto value = value_of(word, "fresh")) return is_text(word, *value, token.value() == before ? "no" : "yes");
    return "nothing of a token is " + word;
}

inline Complaint is_as_expected(const std::string &word, const ecgrid::Parcel &parcel)
{
    if (const auto value = value_of(word, "name")) return is_text(word, *value, parcel.file_name());
    if (const auto value = value_of(word, "content")) return is_text(word, *value, parcel.content());
    if (const auto value = value_of(word, "length")) {
        return is_number(word, *value, static_cast<std::int64_t>(parcel.content().size()));
    }
    return "nothing of a parcel is " + word;
}

inline std::string kind_word(ecgrid::Kind kind)
{
    switch (kind) {
    case ecgrid::Kind::missing: return "missing";
    case ecgrid::Kind::null: return "null";
    case ecgrid::Kind::boolean: return "boolean";
    case ecgrid::Kind::number: return "number";
    case ecgrid::Kind::string: return "string";
    case ecgrid::Kind::array: return "array";
    case ecgrid::Kind::object: return "object";
    }
    return "no kind";
}

inline Complaint is_as_expected(const std::string &word, const ecgrid::Response &response)
{
    const std::size_t equals = word.find('=');
    if (const auto value = value_of(word, "http")) return is_number(word, *value, response.http_status());
    if (const auto value = value_of(word, "data")) return is_text(word, *value, response.data());
    if (const auto value = value_of(word, "body")) {
        const bool has = value->rfind("has:", 0) == 0 && response.body().find(value->substr(4)) != std::string_view::npos;
        return has ? Complaint() : word + ", but it is " + std::string(response.body());
    }
    if (equals == std::string::npos) return "nothing of a response is " + word;
    const std::string expected = word.substr(equals + 1), asked = word.substr(0, equals);
    const auto after = [&](const std::string &prefix) -> std::optional<std::string> {
        if (asked.rfind(prefix, 0) != 0) return std::nullopt;
        return asked.substr(prefix.size());
    };
    if (const auto name = after("header:")) return is_text(word, expected, response.header(*name));
    if (const auto pointer = after("kind:")) return is_text(word, expected, kind_word(response.kind(*pointer)));
    if (const auto pointer = after("int:")) return is_number(word, expected, response.integer(*pointer, -7));
    if (const auto pointer = after("count:")) return is_number(word, expected, response.count(*pointer));
    return is_text(word, expected, response.string(asked));
}

// A message is one line, and repeats no password and no key of its step.
inline Complaint is_good_message(const Step &step, std::string_view message)
{
    if (message.empty()) return "an error without a message";
    for (const char letter : message) {
        if (static_cast<unsigned char>(letter) < ' ') return "a message of several lines: " + std::string(message);
    }
    const std::string verb = step.word(0);
    const bool is_login = verb == "login" || verb == "default-login" || verb == "session";
    const std::size_t first = is_login ? 2 : verb == "key-session" || verb == "change-password" ? 1 : step.words.size();
    for (std::size_t at = first; at < step.words.size(); at++) {
        const std::string &secret = step.words[at];
        if (secret.size() >= 4 && message.find(secret) != std::string_view::npos) return "a message with a secret in it";
    }
    return {};
}

// `expected` is what comes of `step`, as the table has it; `before` the value of the token that was there.
inline Complaint is_as_expected(const Step &step, const std::vector<std::string> &expected, const Made &made,
                                const std::string &before)
{
    const std::string status = status_word(made.error), wanted = expected.empty() ? "OK" : expected[0];
    if (status != wanted) {
        return step.word(0) + ": " + status + ", not " + wanted + (made.error ? std::string(": ") + made.error->what() : "");
    }
    if (made.error) {
        Complaint complaint = is_good_message(step, made.error->message());
        if (!complaint.empty()) return complaint;
    }
    const auto *const token = std::get_if<ecgrid::Token>(&made.value);
    const auto *const response = std::get_if<ecgrid::Response>(&made.value);
    const auto *const parcel = std::get_if<ecgrid::Parcel>(&made.value);
    if (token) {
        const std::string scheme = token->header_name() == "Authorization" ? "Bearer " : "";
        if (token->header_value() != scheme + std::string(token->value())) return "the token is not what its header says";
    }
    for (std::size_t at = 1; at < expected.size(); at++) {
        const std::string &word = expected[at];
        const auto files = value_of(word, "files");
        const Complaint complaint = files        ? is_number(word, *files, made.files)
                                    : made.error ? is_as_expected(word, *made.error)
                                    : token      ? is_as_expected(word, *token, before)
                                    : response   ? is_as_expected(word, *response)
                                    : parcel     ? is_as_expected(word, *parcel)
                                                 : "nothing of this step is " + word;
        if (!complaint.empty()) return complaint;
    }
    return {};
}

#endif
