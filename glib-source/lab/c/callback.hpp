// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

#include <memory>

namespace nestling::lab::c {

/// A C function with its data, which is destroyed with the last copy.
template <typename Function>
class Callback {
public:
    Callback(Function function, gpointer data, GDestroyNotify destroy)
        : function_(function), data_(data, [destroy](gpointer given) {
              if (destroy != nullptr) {
                  destroy(given);
              }
          }) {}

    template <typename... Arguments>
    auto operator()(Arguments... arguments) const {
        return function_(arguments..., data_.get());
    }

private:
    Function function_;
    std::shared_ptr<void> data_;
};

}  // namespace nestling::lab::c
