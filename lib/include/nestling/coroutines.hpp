// SPDX-License-Identifier: MIT
#pragma once

// Everything for coroutines. Not part of <nestling/nestling.hpp>: who needs none need not compile it.
#include <nestling/async_event.hpp>
#include <nestling/async_fd.hpp>
#include <nestling/async_mutex.hpp>
#include <nestling/async_semaphore.hpp>
#include <nestling/channel.hpp>
#include <nestling/coroutine.hpp>
#include <nestling/fd_ready.hpp>
#include <nestling/resume_on.hpp>
#include <nestling/run_in_pool.hpp>
#include <nestling/sleep.hpp>
#include <nestling/spawn.hpp>
#include <nestling/task.hpp>
#include <nestling/this_task.hpp>
#include <nestling/when_all.hpp>
#include <nestling/when_any.hpp>
#include <nestling/with_timeout.hpp>

#if !defined(_WIN32)
#include <nestling/perform.hpp>
#endif
