// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace bench {

/// Where and how this was measured; nothing that names the machine itself.
struct Machine {
    std::string cpu;
    std::string cpus;
    std::string kernel;
    std::string compiler;
    std::string build;
    std::string load;  ///< of the last minute, when asked
    std::string date;
};

Machine this_machine();

}  // namespace bench
