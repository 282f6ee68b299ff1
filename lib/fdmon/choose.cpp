// SPDX-License-Identifier: MIT
#include "fdmon/choose.hpp"

namespace nestling::fdmon {

std::string Chosen::reason() const {
    if (error == 0) {
        return why;
    }
    const std::string message = std::generic_category().message(error);
    return std::string(why) + ": " + (detail == nullptr ? message : std::string(detail) + " (" + message + ")");
}

}  // namespace nestling::fdmon
