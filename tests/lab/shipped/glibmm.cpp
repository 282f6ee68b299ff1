// SPDX-License-Identifier: MIT
// glibmm's sources, and its Dispatcher, which attaches one itself.
#include <glibmm.h>

#include <memory>
#include <utility>

#include "support.hpp"

namespace {

using namespace shipped;

bool on_event() {
    nestling_lab_delivered();
    return true;
}

GSource* take(const Glib::RefPtr<Glib::Source>& source) {
    return g_source_ref(source->gobj());
}

constexpr unsigned period = 10;

GSource* make_timeout(gpointer) {
    const auto source = Glib::TimeoutSource::create(period);
    source->connect(sigc::ptr_fun(on_event));
    return take(source);
}

GSource* make_idle(gpointer) {
    const auto source = Glib::IdleSource::create();
    source->connect(sigc::ptr_fun(on_event));
    return take(source);
}

GSource* make_io(gpointer) {
    // The slot goes with the source, and the pipe with the slot.
    const auto pipe = std::make_shared<Pipe>();
    current<Pipe>() = pipe.get();
    const auto source = Glib::IOSource::create(pipe->out(), Glib::IOCondition::IO_IN | Glib::IOCondition::IO_HUP |
                                                                Glib::IOCondition::IO_ERR | Glib::IOCondition::IO_NVAL);
    source->connect([pipe](Glib::IOCondition condition) {
        return pipe->deliver((condition & ~Glib::IOCondition::IO_IN) != Glib::IOCondition{});
    });
    return take(source);
}

void send_byte(GSource*, gpointer) {
    current<Pipe>()->send();
}

int pipe_fd(GSource*, gpointer) {
    return current<Pipe>()->out();
}

void destroy_dispatcher(GSource*, gpointer) {
    delete std::exchange(current<Glib::Dispatcher>(), nullptr);
}

GSource* make_dispatcher(gpointer) {
    return fish([](GMainContext* context) {
        auto* const dispatcher = new Glib::Dispatcher(Glib::wrap(context, true));
        current<Glib::Dispatcher>() = dispatcher;
        dispatcher->connect([] { nestling_lab_delivered(); });
    });
}

void emit(GSource*, gpointer) {
    current<Glib::Dispatcher>()->emit();
}

}  // namespace

const NestlingLabPlugin* nestling_lab_plugin() {
    Glib::init();
    static const std::array plugins{
        plugin("glibmm, TimeoutSource", NESTLING_LAB_REPEATS, make_timeout),
        plugin("glibmm, IdleSource", NESTLING_LAB_REPEATS, make_idle),
        plugin("glibmm, IOSource", 0, make_io, send_byte, nullptr, pipe_fd),
        plugin("glibmm, Dispatcher", NESTLING_LAB_POSTS, make_dispatcher, emit, nullptr, nullptr, destroy_dispatcher),
        NestlingLabPlugin{}};
    return plugins.data();
}
