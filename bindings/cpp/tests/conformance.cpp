// Plays the conformance table through the C++ binding. bindings/conformance/README.md explains the table.
#include <ecgrid.hpp>

#include <chrono>
#include <cstdio>
#include <future>
#include <map>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "conformance_config.hpp"
#include "conformance_expect.hpp"
#include "conformance_files.hpp"
#include "conformance_table.hpp"

namespace {

using namespace std::chrono_literals;

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
        else if (verb == "cancel" && step.word(1) == "inbox") the(inbox_).cancel();
        else if (verb == "cancel" && step.word(1) == "outbox") the(outbox_).cancel();
        else if (verb == "cancel") stop_.request_stop();
        else if (verb == "route") route_ = route_of(step);
        else if (verb == "file") must_be_so(write_file(step.word(1), step.word(2)));
        else if (verb == "holds") must_be_so(holds(step.word(1), step.words));
        else if (verb == "reads") must_be_so(reads(step.word(1), step.word(2)));
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

    static void must_be_so(const Complaint &complaint)
    {
        if (!complaint.empty()) throw Wrong{complaint};
    }

    static ecgrid::Route route_of(const Step &step)
    {
        ecgrid::Route route;
        for (std::size_t at = 1; at < step.words.size(); at++) {
            const std::string &word = step.words[at];
            if (const auto from = value_of(word, "from")) route.from = std::stoll(*from);
            else if (const auto to = value_of(word, "to")) route.to = std::stoll(*to);
            else if (const auto mailbox = value_of(word, "mailbox")) route.mailbox = std::stoll(*mailbox);
            else throw Wrong{"nothing of a route is " + word};
        }
        return route;
    }

    // A number; `id`, that of the last upload; or one in the response that was made last, by its pointer.
    std::int64_t parcel_id(const std::string &word)
    {
        if (word == "id") return id_;
        return word[0] == '/' ? the(response_).integer(word, -7) : std::stoll(word);
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
        else perform_parcels(step, options, made);
    }

    void perform_parcels(const Step &step, const ecgrid::CallOptions &options, Made &made)
    {
        const std::string verb = step.word(0), first = step.word(1), second = step.word(2);
        if (verb == "pending" && first.empty()) made.value = the(session_).pending(0, options);
        else if (verb == "pending") made.value = the(session_).pending(std::stoll(first), options);
        else if (verb == "download") made.value = downloaded(parcel_id(first), options);
        else if (verb == "download-file") the(session_).download(parcel_id(first), std::filesystem::path(second), options);
        else if (verb == "confirm") the(session_).confirm(parcel_id(first), options);
        else if (verb == "upload") id_ = the(session_).upload(second, first, route_, options);
        else if (verb == "upload-file" && step.words.size() < 3) id_ = the(session_).upload_file(first, route_, options);
        else if (verb == "upload-file") id_ = the(session_).upload_file(first, second, route_, options);
        else if (verb == "inbox") made.value = the(session_).inbox(first, second.empty() ? 0 : std::stoll(second));
        else if (verb == "outbox") made.value = the(session_).outbox(first, route_);
        else if (verb == "settle") the(outbox_).set_settle(std::stoll(first) * 1ms);
        else if (verb == "receive") made.end(the(inbox_).try_receive(options));
        else if (verb == "send") made.end(the(outbox_).try_send(options));
        else throw Wrong{"there is no step " + verb};
    }

    ecgrid::Parcel downloaded(std::int64_t id, const ecgrid::CallOptions &options)
    {
        ecgrid::Parcel parcel = the(session_).download(id, options);
        if (parcel.id() != id) throw Wrong{"it is another parcel"};
        return parcel;
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
        must_be_so(is_as_expected(step, expected, made, token_value_));
        if (auto *const client = std::get_if<ecgrid::Client>(&made.value)) client_ = std::move(*client);
        if (auto *const session = std::get_if<ecgrid::Session>(&made.value)) session_ = std::move(*session);
        if (auto *const response = std::get_if<ecgrid::Response>(&made.value)) response_ = std::move(*response);
        if (auto *const parcel = std::get_if<ecgrid::Parcel>(&made.value)) parcel_ = std::move(*parcel);
        if (auto *const inbox = std::get_if<ecgrid::Inbox>(&made.value)) inbox_ = std::move(*inbox);
        if (auto *const outbox = std::get_if<ecgrid::Outbox>(&made.value)) outbox_ = std::move(*outbox);
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
        else if (slot == "parcel") the(parcel_).close();
        else if (slot == "inbox") the(inbox_).close();
        else if (slot == "outbox") the(outbox_).close();
        else throw Wrong{"there is no slot " + slot};
    }

    // Borrows what is in the slot, so that it is compared like what a step makes.
    void look(const Step &step)
    {
        const std::string slot = step.word(1);
        Made made;
        try {
            if (slot == "token") (void)the(token_).value();
            else if (slot == "parcel") (void)the(parcel_).content();
            else (void)the(response_).body();
        } catch (const ecgrid::Error &error) {
            made.error = error;
        }
        if (!made.error && slot == "token") made.value = std::move(the(token_));
        else if (!made.error && slot == "parcel") made.value = std::move(the(parcel_));
        else if (!made.error) made.value = std::move(the(response_));
        conclude(step, step.expected, std::move(made));
    }

    std::optional<ecgrid::Client> client_;
    std::optional<ecgrid::Session> session_;
    std::optional<ecgrid::Token> token_;
    std::optional<ecgrid::Response> response_;
    std::optional<ecgrid::Parcel> parcel_;
    std::optional<ecgrid::Inbox> inbox_;
    std::optional<ecgrid::Outbox> outbox_;
    ecgrid::Route route_;
    std::int64_t id_ = 0;
    std::optional<ecgrid::Session> control_;
    std::string token_value_;
    std::map<std::string, std::int64_t> counted_ = {{"logins", 0},  {"refreshes", 0},    {"refusedRefreshes", 0},
                                                    {"logouts", 0}, {"unauthorized", 0}, {"requests", 0},
                                                    {"uploads", 0}, {"downloads", 0},    {"confirmations", 0},
                                                    {"repeatedConfirmations", 0}};
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
