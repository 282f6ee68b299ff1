// SPDX-License-Identifier: MIT
// How often a Dispatcher can be emitted while its thread is busy, until the emitting thread blocks.
#include <glibmm.h>
#include <stdio.h>
#include <unistd.h>

int main() {
    Glib::init();
    Glib::Dispatcher dispatcher;
    alarm(2);
    setvbuf(stdout, nullptr, _IONBF, 0);
    for (int emitted = 1;; ++emitted) {
        dispatcher.emit();
        printf("\r%d", emitted);
    }
}
