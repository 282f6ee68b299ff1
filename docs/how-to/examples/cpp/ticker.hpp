#pragma once

#include <glib.h>

/// A source that calls back every `period` microseconds.
GSource* ticker_new(gint64 period);
