// Plays the conformance table through the C++ binding. bindings/conformance/README.md explains the table.
#include <ecgrid.hpp>

#include <cctype>
#include <chrono>
#include <cstdio>
#include <future>
#include <map>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "conformance_expect.hpp"
#include "conformance_table.hpp"

namespace {

using namespace std::chrono_literals;

// A mistake in the table, or what was found wrong: ends the case.
struct Wrong {
    std::string why;
};

std::string environment(const std::string &name)
{
    const char *const value = std::getenv(name.c_str());
    if (!value) throw Wrong{"the environment has no " + name};
    return value;
}

std::string url_of(const std::string &place)
{
    std::string name = "SANDBOX_";
    for (const char letter : place) name += letter == '-' ? '_' : static_cast<char>(std::toupper(letter));
    return environment(name);
}

void set(ecgrid::Config &config, const std::string &word)
{
    const auto number = [](const std::string &value) { return std::stoll(value); };
    if (const auto text = value_of(word, "base_url")) config.set_base_url(*text);
    else if (const auto key = value_of(word, "api_key")) config.set_api_key(*key);
    else if (const auto path = value_of(word, "ca_file")) config.set_ca_file(*path);
    else if (const auto proxy = value_of(word, "proxy")) config.set_proxy(*proxy);
    else if (const auto product = value_of(word, "user_agent")) config.set_user_agent(*product);
    else if (const auto total = value_of(word, "timeout_ms")) config.set_timeout(number(*total) * 1ms);
    else if (const auto connect = value_of(word, "connect_timeout_ms")) config.set_connect_timeout(number(*connect) * 1ms);
    else if (const auto bytes = value_of(word, "max_response_bytes")) config.set_max_response_bytes(number(*bytes));
    else if (const auto attempts = value_of(word, "max_attempts")) config.set_max_attempts(std::stoi(*attempts));
    else if (const auto keep = value_of(word, "keep_password")) config.set_keep_password(*keep == "1");
    else if (const auto alive = value_of(word, "keep_alive")) config.set_keep_alive(*alive == "1");
    else throw Wrong{"there is no setting " + word};
}

// One case: what it has made, and what is running.
class Case {
public:
    void play(const Step &step)
    {
        const std::string verb = step.word(0);
        if (verb == "start") start(step.rest(), false);
        else if (verb == "start-cancellable") start(step.rest(), true);
        else if (verb == "finish") conclude(started_, step.expected, call_.get());
        else if (verb == "cancelled") play_cancelled(step.rest());
        else if (verb == "within") play_within(step.rest());
        else if (verb == "close") close(step.word(1));
        else if (verb == "look") look(step);
        else if (verb == "pause") std::this_thread::sleep_for(std::stoi(step.word(1)) * 1ms);
        else if (verb == "server") compare_counters(step);
        else if (verb == "cancel" && step.word(1) == "client") the(client_).cancel();
        else if (verb == "cancel" && step.word(1) == "session") the(session_).cancel();
        else if (verb == "cancel") stop_.request_stop();
        else conclude(step, step.expected, made_by(step, {}));
    }

    void end() const
    {
        if (call_.valid()) throw Wrong{"a step was started and not finished"};
    }

private:
    template <typename T> static T &the(std::optional<T> &slot)
    {
        if (!slot) throw Wrong{"what the step needs was never made"};
        return *slot;
    }

    Made made_by(const Step &step, const ecgrid::CallOptions &options)
    {
        Made made;
        try {
            perform(step, options, made);
        } catch (const ecgrid::Error &error) {
            made.error = error;
        }
        return made;
    }

    void perform(const Step &step, const ecgrid::CallOptions &options, Made &made)
    {
        const std::string verb = step.word(0), first = step.word(1), second = step.word(2);
        if (verb == "client") made.value = make_client(step);
        else if (verb == "login") made.value = the(client_).login(first, second, options);
        else if (verb == "default-login") made.value = ecgrid::login(first, second);
        else if (verb == "version") made.value = the(client_).server_version(options);
        else if (verb == "session") made.value = the(client_).login_session(first, second, options);
        else if (verb == "key-session") made.value = the(client_).session_with_api_key(first);
        else if (verb == "token") made.value = the(session_).token(options);
        else if (verb == "refused") the(session_).refused(the(token_));
        else if (verb == "refresh") the(session_).refresh(options);
        else if (verb == "logout") the(session_).logout(options);
        else if (verb == "info") made.value = the(session_).info(options);
        else if (verb == "change-password") the(session_).change_password(first, second, options);
        else if (verb == "generate-key") made.value = the(session_).generate_api_key(std::stoll(first), options);
        else if (verb == "call" && step.words.size() < 4) made.value = the(session_).call(first, second, options);
        else if (verb == "call") made.value = the(session_).call(first, second, step.word(3), options);
        else throw Wrong{"there is no step " + verb};
    }

    ecgrid::Client make_client(const Step &step)
    {
        if (step.word(1) == "environment") {
            take_control(environment("SANDBOX_HTTPS"));
            return client_with(ecgrid::Config::from_env(), step);
        }
        ecgrid::Config config;
        config.set_ca_file(environment("SANDBOX_CA"));
        const std::string url = url_of(step.word(1));
        take_control(url);
        config.set_base_url(url);
        return client_with(std::move(config), step);
    }

    static ecgrid::Client client_with(ecgrid::Config config, const Step &step)
    {
        for (std::size_t at = 2; at < step.words.size(); at++) set(config, step.words[at]);
        return ecgrid::Client(config);
    }

    // Through this the runner asks the server how much it was asked. Where there is none, nothing needs it.
    void take_control(const std::string &url)
    {
        ecgrid::Config config;
        config.set_base_url(url).set_ca_file(environment("SANDBOX_CA")).set_max_attempts(1);
        control_ = ecgrid::Client(config).session_with_api_key("control");
        const auto counters = control_->try_call("GET", "/v2/sandbox/counters");
        for (auto &[name, number] : counted_) number = counters ? counters->integer('/' + name) : 0;
    }

    std::int64_t counter(const std::string &name)
    {
        return the(control_).call("GET", "/v2/sandbox/counters").integer('/' + name, -1);
    }

    void compare_counters(const Step &step)
    {
        for (std::size_t at = 1; at < step.words.size(); at++) {
            const std::string &word = step.words[at];
            const std::string name = word.substr(0, word.find('='));
            if (!counted_.count(name)) throw Wrong{"there is no counter " + name};
            const Complaint complaint = is_number(word, value_of(word, name).value_or(""), counter(name) - counted_[name]);
            if (!complaint.empty()) throw Wrong{"the server counted " + complaint};
        }
    }

    void conclude(const Step &step, const std::vector<std::string> &expected, Made made)
    {
        const Complaint complaint = is_as_expected(step, expected, made, token_value_);
        if (!complaint.empty()) throw Wrong{complaint};
        if (auto *const client = std::get_if<ecgrid::Client>(&made.value)) client_ = std::move(*client);
        if (auto *const session = std::get_if<ecgrid::Session>(&made.value)) session_ = std::move(*session);
        if (auto *const response = std::get_if<ecgrid::Response>(&made.value)) response_ = std::move(*response);
        if (auto *const token = std::get_if<ecgrid::Token>(&made.value)) {
            token_value_ = token->value();
            token_ = std::move(*token);
        }
    }

    void start(const Step &step, bool is_cancellable)
    {
        const std::int64_t before = counter("requests");
        started_ = step;
        if (is_cancellable) stop_ = std::stop_source();
        const std::stop_token stop = is_cancellable ? stop_.get_token() : std::stop_token();
        call_ = std::async(std::launch::async, [this, step, stop] { return made_by(step, stop); });
        for (int tries = 0; counter("requests") <= before; tries++) {
            if (tries == 10000) throw Wrong{step.word(0) + " did not reach the server"};
            std::this_thread::sleep_for(1ms);
        }
    }

    void play_cancelled(const Step &step)
    {
        std::stop_source source;
        source.request_stop();
        conclude(step, step.expected, made_by(step, source.get_token()));
    }

    void play_within(const Step &step)
    {
        const auto limit = std::stoll(step.word(0)) * 1ms;
        conclude(step.rest(), step.expected, made_by(step.rest(), limit));
    }

    void close(const std::string &slot)
    {
        if (slot == "client") the(client_).close();
        else if (slot == "session") the(session_).close();
        else if (slot == "token") the(token_).close();
        else if (slot == "response") the(response_).close();
        else throw Wrong{"there is no slot " + slot};
    }

    // Borrows what is in the slot, so that it is compared like what a step makes.
    void look(const Step &step)
    {
        const bool is_token = step.word(1) == "token";
        Made made;
        try {
            if (is_token) (void)the(token_).value();
            else (void)the(response_).body();
        } catch (const ecgrid::Error &error) {
            made.error = error;
        }
        if (!made.error && is_token) made.value = std::move(the(token_));
        else if (!made.error) made.value = std::move(the(response_));
        conclude(step, step.expected, std::move(made));
    }

    std::optional<ecgrid::Client> client_;
    std::optional<ecgrid::Session> session_;
    std::optional<ecgrid::Token> token_;
    std::optional<ecgrid::Response> response_;
    std::optional<ecgrid::Session> control_;
    std::string token_value_;
    std::map<std::string, std::int64_t> counted_ = {{"logins", 0},  {"refreshes", 0},    {"refusedRefreshes", 0},
                                                    {"logouts", 0}, {"unauthorized", 0}, {"requests", 0}};
    Step started_;
    std::stop_source stop_;
    // The last to be made and the first to go: it uses the others.
    std::future<Made> call_;
};

bool passes(const std::string &name, const std::vector<Step> &steps)
{
    Case now;
    try {
        for (const Step &step : steps) now.play(step);
        now.end();
        return true;
    } catch (const Wrong &wrong) {
        std::printf("FAILED %s: %s\n", name.c_str(), wrong.why.c_str());
    } catch (const std::exception &error) {
        std::printf("FAILED %s: %s\n", name.c_str(), error.what());
    }
    return false;
}

} // namespace

int main()
{
    const char *const path = std::getenv("ECGRID_CASES");
    if (!path) return std::fputs("ECGRID_CASES does not name the table\n", stderr), 2;
    std::vector<std::pair<std::string, std::vector<Step>>> cases;
    for (const std::string &line : lines_of(path)) {
        if (line.rfind("case ", 0) == 0) cases.emplace_back(line.substr(5), std::vector<Step>());
        else if (!cases.empty()) cases.back().second.push_back(step_of(line));
    }
    int counts[2] = {0, 0};
    for (const auto &[name, steps] : cases) counts[passes(name, steps) ? 0 : 1]++;
    std::printf("%d passed, %d failed\n", counts[0], counts[1]);
    return counts[1] > 0 || counts[0] == 0;
}
