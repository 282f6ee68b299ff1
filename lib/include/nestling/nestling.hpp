// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/bottom_half.hpp>
#include <nestling/busy_polling.hpp>
#include <nestling/call_in.hpp>
#include <nestling/callback.hpp>
#include <nestling/context.hpp>
#include <nestling/deferred_call.hpp>
#include <nestling/event_notifier.hpp>
#include <nestling/external_loop.hpp>
#include <nestling/fd_handler.hpp>
#include <nestling/handler_class.hpp>
#include <nestling/io_thread.hpp>
#include <nestling/loop_doctor.hpp>
#include <nestling/monitor.hpp>
#include <nestling/outcome.hpp>
#include <nestling/statistics.hpp>
#include <nestling/thread_pool.hpp>
#include <nestling/timer.hpp>
#include <nestling/version.hpp>
#include <nestling/wait.hpp>

#if defined(_WIN32)
#include <nestling/win32.hpp>
#else
#include <nestling/child_watch.hpp>
#include <nestling/io_operation.hpp>
#include <nestling/io_queue.hpp>
#include <nestling/signal_watch.hpp>
#include <nestling/signals.hpp>
#endif
