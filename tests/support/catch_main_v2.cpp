// SPDX-License-Identifier: MIT

// Catch2 2 is one header, and most of it is compiled here, once for all test programs. Version 3 brings its own main.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
