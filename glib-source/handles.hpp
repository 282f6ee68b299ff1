// SPDX-License-Identifier: MIT
#pragma once

#include "adapter.hpp"

/// The handles of a nested context in GLib's poll. On the thread that iterates.
namespace nestling::glib {

/// Takes the handles out of GLib's poll, where they would keep a loop awake that may not dispatch them.
void mute(GSource* source, Adapter& adapter);
void unmute(GSource* source, Adapter& adapter);
/// Tells GLib of other handles than before.
void follow_handles(GSource* source, Adapter& adapter);
/// Gives the context what GLib found. True if that has errors in it.
bool hand_in_revents(GSource* source, Adapter& adapter);
/// A dispatch is over, and the errors in what was handed in led to nothing, or there were none. When that happens again
/// and again, the handles that report them are no longer polled, and GLib logs a critical.
void note_errors(GSource* source, Adapter& adapter, bool in_vain);

}  // namespace nestling::glib
