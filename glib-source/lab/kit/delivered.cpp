// SPDX-License-Identifier: MIT
#include <nestling-lab/plugin.h>
#include <nestling-lab/kit.hpp>

void nestling_lab_delivered() {
    nestling::lab::delivered();
}
