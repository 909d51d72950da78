// Reads the conformance table: steps as words, words decoded. bindings/conformance/README.md explains the form.
#ifndef CONFORMANCE_TABLE_HPP
#define CONFORMANCE_TABLE_HPP

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What to do, and what comes of it.
struct Step {
    std::vector<std::string> words;
    std::vector<std::string> expected;

    [[nodiscard]] std::string word(std::size_t at) const { return at < words.size() ? words[at] : std::string(); }

    // The step without its first word.
    [[nodiscard]] Step rest() const { return {{words.begin() + 1, words.end()}, expected}; }
};

// The part of a word behind a name, as in `http=401`; none if it is another.
inline std::optional<std::string> value_of(const std::string &word, const std::string &name)
{
    if (word.compare(0, name.size() + 1, name + '=') != 0) return std::nullopt;
    return word.substr(name.size() + 1);
}

inline std::string decoded(const std::string &word)
{
    if (word == "%") return {};
    if (word.size() > 4 && word[0] == '{' && word[2] == '*') return std::string(std::stoul(word.substr(3)), word[1]);
    std::string text;
    for (std::size_t at = 0; at < word.size(); at++) {
        if (word.compare(at, 9, "{api-key}") == 0) {
            const char *const key = std::getenv("SANDBOX_API_KEY");
            text += key ? key : "";
            at += 8;
        } else if (word[at] == '%') {
            text += static_cast<char>(std::stoi(word.substr(at + 1, 2), nullptr, 16));
            at += 2;
        } else {
            text += word[at];
        }
    }
    return text;
}

inline Step step_of(const std::string &line)
{
    Step step;
    bool is_behind = false;
    for (std::size_t begin = 0; begin < line.size();) {
        const std::size_t end = std::min(line.find(' ', begin), line.size());
        const std::string word = line.substr(begin, end - begin);
        if (word == "=>") is_behind = true;
        else if (!word.empty()) (is_behind ? step.expected : step.words).push_back(decoded(word));
        begin = end + 1;
    }
    return step;
}

// The lines that say something.
inline std::vector<std::string> lines_of(const char *path)
{
    std::vector<std::string> lines;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        if (!line.empty() && line[0] != '#') lines.push_back(line);
    }
    return lines;
}

#endif
