// SPDX-License-Identifier: MIT
#include "trace/timeline.hpp"

#include <algorithm>
#include <cstring>

#include "lab_core.hpp"

namespace nestling::lab {

namespace {

std::string conditions(unsigned short bits) {
    struct Name {
        int bit;
        const char* text;
    };
    std::string text;
    for (const Name name : {Name{G_IO_IN, "IN"}, Name{G_IO_PRI, "PRI"}, Name{G_IO_OUT, "OUT"}, Name{G_IO_ERR, "ERR"},
                            Name{G_IO_HUP, "HUP"}, Name{G_IO_NVAL, "NVAL"}}) {
        if ((bits & name.bit) != 0) {
            text += text.empty() ? "" : "|";
            text += name.text;
        }
    }
    return text.empty() ? "-" : text;
}

std::string milliseconds(std::chrono::nanoseconds time) {
    constexpr std::int64_t millisecond = 1'000'000;
    std::string text = std::to_string(time.count() / millisecond);
    if (const std::int64_t rest = time.count() % millisecond; rest != 0) {
        std::string digits = std::to_string(millisecond + rest);
        digits.erase(digits.find_last_not_of('0') + 1);
        text += "." + digits.substr(1);
    }
    return text + " ms";
}

std::string limit(int timeout) {
    return timeout < 0 ? "no limit" : std::to_string(timeout) + " ms";
}

class Writer {
public:
    explicit Writer(LabCore& core) : core_(core) {}

    void step(const Step& step) {
        indent_.assign(std::size_t{4} * step.depth, ' ');
        std::string head = "step " + std::to_string(step.number) + "  at " + milliseconds(step.begin);
        if (step.has_polled) {
            head += "  polls for " + limit(step.timeout);
            head += step.would_sleep          ? ", would sleep for ever"
                    : step.slept.count() == 0 ? ", does not sleep"
                                              : ", sleeps " + milliseconds(step.slept);
        }
        if (step.wakeups != 0) {
            head += "  wake-ups written: " + std::to_string(step.wakeups);
        }
        line(head);
        bool has_told_poll = false;
        for (const TraceEvent& event : step.events) {
            const bool is_after_poll = event.what != TraceEvent::What::prepare &&
                                       event.what != TraceEvent::What::attach && event.what != TraceEvent::What::act;
            if (is_after_poll && !has_told_poll) {
                has_told_poll = true;
                poll(step);
            }
            this->event(event);
        }
        if (!has_told_poll) {
            poll(step);
        }
    }

    [[nodiscard]] std::string text() const { return text_; }

private:
    void line(const std::string& words) { text_ += indent_ + words + "\n"; }

    void poll(const Step& step) {
        if (step.poll_error != 0) {
            line(std::string("  poll      fails: ") + std::strerror(step.poll_error));
            return;
        }
        for (const PolledFd& polled : step.polled) {
            const std::string name = polled.is_wakeup     ? "wake-up"
                                     : polled.is_scripted ? "fd " + std::to_string(polled.fd) + " (scripted)"
                                                          : "fd " + std::to_string(polled.fd);
            line("  poll      " + name + "  " + conditions(polled.events) + " -> " + conditions(polled.revents));
        }
    }

    void event(const TraceEvent& event) {
        const std::string source = event.source == 0 ? "" : core_.watch().records()[event.source - 1]->label();
        switch (event.what) {
            case TraceEvent::What::attach:
                return line("  attach    " + source);
            case TraceEvent::What::prepare:
                return line("  prepare   " + source + (event.answer ? "  ready" : "  " + limit(event.timeout)) +
                            (event.is_asked ? "" : "  (not asked)"));
            case TraceEvent::What::check:
                return line("  check     " + source + (event.answer ? "  ready" : "  not ready") +
                            (event.is_asked ? "" : "  (not asked)"));
            case TraceEvent::What::dispatch:
                return line("  dispatch  " + source + "  at " + milliseconds(event.at));
            case TraceEvent::What::dispatched:
                return line("            " + source + (event.answer ? "  stays" : "  is removed"));
            case TraceEvent::What::finalize:
                return line("  finalize  " + source);
            case TraceEvent::What::act:
                return line("  the test acts");
        }
    }

    LabCore& core_;
    std::string indent_;
    std::string text_;
};

}  // namespace

std::string timeline(LabCore& core, std::size_t last) {
    const std::vector<const Step*> steps = core.tracer().kept();
    Writer writer(core);
    for (std::size_t at = steps.size() - std::min(last, steps.size()); at != steps.size(); ++at) {
        writer.step(*steps[at]);
    }
    return writer.text();
}

}  // namespace nestling::lab
