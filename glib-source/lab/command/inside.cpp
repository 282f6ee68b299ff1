// SPDX-License-Identifier: MIT
#include "inside.hpp"

#include <unistd.h>

#include <exception>

#include <nestling-lab/kit.hpp>

#include "child.hpp"
#include "library.hpp"
#include "options.hpp"

namespace nestling::lab::command {

namespace {

std::string field(const GLogField* fields, gsize count, const char* key) {
    for (const GLogField* at = fields; at != fields + count; ++at) {
        if (std::string(at->key) == key && at->length < 0) {
            return static_cast<const char*>(at->value);
        }
    }
    return "";
}

/// As GLib's own, without time and process: the same words in each run.
GLogWriterOutput write_log(GLogLevelFlags, const GLogField* fields, gsize count, gpointer) {
    const std::string domain = field(fields, count, "GLIB_DOMAIN");
    const std::string line = (domain.empty() ? "" : domain + ": ") + field(fields, count, "MESSAGE") + "\n";
    return write(STDERR_FILENO, line.data(), line.size()) < 0 ? G_LOG_WRITER_UNHANDLED : G_LOG_WRITER_HANDLED;
}

std::string words_of(const Subject& subject) {
    std::string words;
    const auto add = [&words](bool holds, const char* word) {
        if (holds) {
            words += (words.empty() ? "" : ", ") + std::string(word);
        }
    };
    add(has(subject.traits, Traits::one_shot), "one shot");
    add(has(subject.traits, Traits::repeats), "repeats");
    add(has(subject.traits, Traits::posts), "posts");
    add(!subject.stimulate, "events come with time");
    add(static_cast<bool>(subject.arm), "can be armed");
    add(static_cast<bool>(subject.fd), "watches a descriptor of others");
    return words;
}

const char* word_of(Outcome outcome) noexcept {
    switch (outcome) {
        case Outcome::passed:
            return "passed";
        case Outcome::failed:
            return "failed";
        case Outcome::not_applicable:
            break;
    }
    return "n/a";
}

template <typename Work>
[[noreturn]] void tell(const Work& work) {
    g_log_set_writer_func(write_log, nullptr, nullptr);
    Message message;
    try {
        message = work();
    } catch (const std::exception& error) {
        message = {"no", error.what()};
    }
    tell_and_end(message);
}

}  // namespace

void tell_subjects(const std::string& library) {
    tell([&] {
        Message message{"ok"};
        for (const Subject& subject : load_library(library)) {
            message.push_back(subject.name);
            message.push_back(words_of(subject));
        }
        return message;
    });
}

void tell_case(const std::string& library, std::size_t subject, unsigned number) {
    tell([&] {
        const std::vector<Subject> subjects = load_library(library);
        const CaseResult result = check_case(subjects.at(subject), number);
        return Message{"ok", word_of(result.outcome), result.words, result.trace};
    });
}

}  // namespace nestling::lab::command
