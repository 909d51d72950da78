// The files of a case, and what has become of them.
#ifndef CONFORMANCE_FILES_HPP
#define CONFORMANCE_FILES_HPP

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "conformance_expect.hpp"

// Those that are not hidden, in the order of their bytes.
inline std::vector<std::string> names_in(const std::filesystem::path &folder)
{
    std::vector<std::string> names;
    for (const auto &entry : std::filesystem::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        if (name[0] != '.') names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

// A star at the beginning stands for a number.
inline bool is_named(const std::string &name, const std::string &pattern)
{
    if (pattern[0] != '*') return name == pattern;
    const std::size_t behind = name.find_first_not_of("0123456789");
    return behind != 0 && behind != std::string::npos && name.substr(behind) == pattern.substr(1);
}

inline Complaint write_file(const std::filesystem::path &path, const std::string &content)
{
    std::ofstream file(path, std::ios::binary);
    return file << content << std::flush ? Complaint() : path.string() + " cannot be written";
}

// The names are those behind the verb and the folder.
inline Complaint holds(const std::filesystem::path &folder, const std::vector<std::string> &words)
{
    const std::vector<std::string> names = names_in(folder);
    if (std::equal(names.begin(), names.end(), words.begin() + 2, words.end(), is_named)) return {};
    Complaint complaint = folder.string() + " holds something else:";
    for (const std::string &name : names) complaint += ' ' + name;
    return complaint;
}

inline Complaint reads(const std::filesystem::path &pattern, const std::string &content)
{
    for (const std::string &name : names_in(pattern.parent_path())) {
        if (!is_named(name, pattern.filename().string())) continue;
        std::ifstream file(pattern.parent_path() / name, std::ios::binary);
        const std::string found{std::istreambuf_iterator<char>(file), {}};
        return found == content ? Complaint() : name + " has another content";
    }
    return "there is no " + pattern.string();
}

#endif
