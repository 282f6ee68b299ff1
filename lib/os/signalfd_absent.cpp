// SPDX-License-Identifier: MIT
#include "os/signal_source.hpp"

namespace nestling::os {

std::unique_ptr<SignalSource> make_signalfd(const sigset_t&, std::error_code& error) {
    error = std::make_error_code(std::errc::function_not_supported);
    return nullptr;
}

}  // namespace nestling::os
