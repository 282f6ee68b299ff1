// SPDX-License-Identifier: MIT
// A Dispatcher that is deleted in its own signal handler.
#include <glibmm.h>
#include <stdio.h>

int main() {
    Glib::init();
    auto* const dispatcher = new Glib::Dispatcher;
    dispatcher->connect([dispatcher] { delete dispatcher; });
    dispatcher->emit();
    g_main_context_iteration(nullptr, FALSE);
    puts("survived");
}
