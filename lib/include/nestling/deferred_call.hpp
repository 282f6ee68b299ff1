// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include <nestling/annotations.hpp>
#include <nestling/callback.hpp>
#include <nestling/context.hpp>

namespace nestling {

namespace loop {
struct DeferredNode;
class DeferredCalls;
}  // namespace loop

/// While it lives, what DeferredCall::call() asks for is put off to its end: many requests that each would cost a
/// system call become one. Sections nest, and only the end of the outermost one calls. The library opens one around the
/// completions that a pool or an IoQueue delivers together.
///
/// A poll() inside a section calls first what was put off so far, because it may sleep, and runs its callbacks outside
/// of any section.
class NESTLING_API DeferSection {
public:
    /// Home thread. Throws std::bad_alloc.
    explicit DeferSection(Context& context);
    DeferSection(const DeferSection&) = delete;
    DeferSection& operator=(const DeferSection&) = delete;
    /// Home thread. The last one calls what was put off, in the order of the first requests.
    ~DeferSection();

private:
    loop::DeferredCalls& calls_;
};

/// A named function that is worth calling once for many requests: to submit, to flush, to ring a doorbell.
///
/// To put it off to the next iteration instead, without sections, is what a BottomHalf does.
class NESTLING_API DeferredCall {
public:
    /// Home thread. `name` must outlive the handle, usually a literal. Throws std::bad_alloc.
    DeferredCall(Context& context, const char* name, Callback<void()> callback);
    DeferredCall(const DeferredCall&) = delete;
    DeferredCall& operator=(const DeferredCall&) = delete;
    /// Home thread. What was put off is not called any more. In its own call: the callback goes when that returns.
    ~DeferredCall();

    /// Home thread. Outside of any section: calls now. Inside: once, at the end, however often this is called. What is
    /// asked for while the calls of a section are made is made with them. Allocates nothing. O(1).
    void call();

private:
    std::unique_ptr<loop::DeferredNode> node_;
};

}  // namespace nestling
