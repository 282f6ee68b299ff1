// SPDX-License-Identifier: MIT
#include "kit/trial.hpp"

#include <atomic>
#include <utility>

namespace nestling::lab {

namespace {

std::atomic<std::uint64_t> reports{0};
/// Of the trial that goes on.
std::function<void()> callback_action;

}  // namespace

void delivered() {
    reports.fetch_add(1);
    if (callback_action) {
        std::exchange(callback_action, nullptr)();
    }
}

namespace kit {

using namespace std::chrono_literals;

Trial::Trial(const Bench& bench, Begin begin)
    : bench_(bench), reports_before_(reports.load()), criticals_before_(criticals()) {
    source_ = bench_.subject.make();
    if (source_ == nullptr) {
        throw Ended{Outcome::failed, "the factory returned no source", ""};
    }
    if (begin == Begin::attached) {
        attach();
    }
}

Trial::~Trial() {
    callback_action = nullptr;
    drop();
}

void Trial::attach() {
    record_ = &lab_.adopt(source_);
    // One whose only event comes at once has no rest to come to.
    if (!is(Traits::one_shot) || bench_.subject.stimulate) {
        settle();
    }
}

void Trial::stimulate() {
    if (bench_.subject.stimulate) {
        bench_.subject.stimulate(source_);
    }
}

std::uint64_t Trial::deliveries() const noexcept {
    if (bench_.has_reports) {
        return reports.load() - reports_before_;
    }
    return record_ == nullptr ? 0 : record_->dispatched;
}

void Trial::in_callback(std::function<void()> action) {
    callback_action = std::move(action);
}

GSource* Trial::release() noexcept {
    return std::exchange(source_, nullptr);
}

void Trial::destroy() {
    if (std::exchange(is_destroyed_, true)) {
        return;
    }
    if (bench_.subject.destroy) {
        bench_.subject.destroy(source_);
    } else {
        g_source_destroy(source_);
    }
}

void Trial::drop() {
    if (source_ != nullptr) {
        destroy();
        g_source_unref(release());
    }
}

const Step& Trial::look() {
    lab_.run_for(0ns);
    return *lab_.steps().back();
}

std::chrono::nanoseconds Trial::a_while() const noexcept {
    return lab_.has_virtual_time() ? 10s : std::chrono::nanoseconds(200ms);
}

void Trial::settle() {
    constexpr int most = 40;
    for (int step = 0; step != most; ++step) {
        const Step& last = look();
        if (last.dispatch_order().empty() && last.poll_result == 0 && (last.would_sleep || last.was_cut)) {
            return;
        }
    }
}

bool Trial::await(std::uint64_t wanted) {
    return lab_.run_until([&] { return deliveries() >= wanted; }, within(2s));
}

void Trial::expect_delivered(std::uint64_t before, std::uint64_t count, const char* circumstance) {
    if (!await(before + count)) {
        fail(std::string("an event was lost ") + circumstance);
    }
    settle();
    if (!is(Traits::repeats) && deliveries() != before + count) {
        fail("instead of " + std::to_string(count) + " there were " + std::to_string(deliveries() - before) + " " +
             circumstance);
    }
}

void Trial::expect(bool holds, const std::string& words) {
    if (!holds) {
        fail(words);
    }
}

void Trial::fail(const std::string& words) {
    throw Ended{Outcome::failed, words, lab_.timeline(12)};
}

void Trial::expect_finalized(const SourceRecord& record) {
    expect(is(Traits::held) || record.finalized.load(), "the source lives on after its last reference");
}

void Trial::expect_gone() {
    if (is(Traits::held)) {
        return;
    }
    if (record_ != nullptr) {
        expect_finalized(*record_);
    }
    const Leftovers left = lab_.leftovers();
    expect(left.empty(), "left behind: " + left.text());
}

void Trial::expect_no_criticals() {
    expect(criticals() == criticals_before_, "GLib logged a critical or a warning");
}

void not_applicable(const std::string& words) {
    throw Ended{Outcome::not_applicable, words, ""};
}

void needs_reports(const Bench& bench) {
    if (!bench.has_reports) {
        not_applicable("the callback does not call delivered()");
    }
}

void not_for(const Bench& bench, Traits trait, const char* words) {
    if (has(bench.subject.traits, trait)) {
        not_applicable(words);
    }
}

namespace {

gboolean rival_prepare(GSource*, gint* timeout) {
    *timeout = 0;
    return TRUE;
}

gboolean rival_check(GSource*) {
    return TRUE;
}

gboolean rival_dispatch(GSource*, GSourceFunc, gpointer) {
    return G_SOURCE_CONTINUE;
}

GSourceFuncs rival_functions{rival_prepare, rival_check, rival_dispatch, nullptr, nullptr, nullptr};

}  // namespace

Rival::Rival(Trial& trial, int priority) : source_(g_source_new(&rival_functions, sizeof(GSource))) {
    g_source_set_static_name(source_, "rival");
    g_source_set_priority(source_, priority);
    trial.lab().adopt(source_);
}

void Rival::end() {
    if (GSource* source = std::exchange(source_, nullptr); source != nullptr) {
        g_source_destroy(source);
        g_source_unref(source);
    }
}

}  // namespace kit

}  // namespace nestling::lab
