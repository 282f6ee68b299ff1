// SPDX-License-Identifier: MIT
#pragma once

/// A task awaits a child that does not suspend.
void await_child(int count);
/// A task lets the others run.
void yield(int count);
/// A task sleeps for no time.
void sleep_no_time(int count);
/// An item goes from one task to another, and back.
void channel_round(int count);
/// A task moves to another context, and back; one thread runs both.
void hop_round(int count);
/// A task is spawned, runs, and ends.
void spawn_one(int count);
