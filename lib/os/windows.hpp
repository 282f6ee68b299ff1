// SPDX-License-Identifier: MIT
#pragma once

// The system's headers, in the order that they need, and without their macros for min and max.
#if !defined(NOMINMAX)
#define NOMINMAX
#endif
#include <winsock2.h>
// After winsock2.h.
#include <windows.h>

#include <nestling/win32.hpp>
