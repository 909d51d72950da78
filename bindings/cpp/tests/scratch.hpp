// Folders for a test.
#ifndef SCRATCH_HPP
#define SCRATCH_HPP

#include <cstdlib>
#include <filesystem>
#include <string>

#include "support.hpp"

namespace fs = std::filesystem;

// A folder that goes with its object.
class Scratch {
public:
    Scratch() : path_((fs::temp_directory_path() / "ecgrid-cpp-XXXXXX").string()) { CHECK(mkdtemp(path_.data()) != nullptr); }
    ~Scratch() { fs::remove_all(path_); }
    Scratch(const Scratch &) = delete;
    Scratch &operator=(const Scratch &) = delete;

    [[nodiscard]] fs::path operator/(const char *name) const { return fs::path(path_) / name; }
    [[nodiscard]] fs::path make(const char *name) const
    {
        fs::create_directory(*this / name);
        return *this / name;
    }

private:
    std::string path_;
};

#endif
