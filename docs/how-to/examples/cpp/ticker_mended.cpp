#include "ticker.hpp"

namespace {

struct Ticker {
    GSource base;
    gint64 period;
    gint64 next;
};

Ticker* ticker_of(GSource* source) {
    return reinterpret_cast<Ticker*>(source);
}

gboolean prepare(GSource* source, gint* timeout) {
    const gint64 rest = ticker_of(source)->next - g_source_get_time(source);
    *timeout = rest > 0 ? static_cast<gint>((rest + 999) / 1000) : 0;
    return rest <= 0;
}

gboolean check(GSource* source) {
    return g_source_get_time(source) >= ticker_of(source)->next;
}

gboolean dispatch(GSource* source, GSourceFunc callback, gpointer data) {
    ticker_of(source)->next += ticker_of(source)->period;
    return callback(data);
}

GSourceFuncs functions{prepare, check, dispatch, nullptr, nullptr, nullptr};

}  // namespace

GSource* ticker_new(gint64 period) {
    GSource* source = g_source_new(&functions, sizeof(Ticker));
    g_source_set_static_name(source, "ticker");
    ticker_of(source)->period = period;
    ticker_of(source)->next = g_get_monotonic_time() + period;
    return source;
}
