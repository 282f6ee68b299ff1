// SPDX-License-Identifier: MIT
#pragma once

// The only way in which tests include what Windows declares: it takes two words that tests use.
// clang-format off
#include <winsock2.h>
#include <windows.h>
// clang-format on

#undef near
#undef far
