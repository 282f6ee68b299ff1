// SPDX-License-Identifier: MIT
#pragma once

#include <curl/curl.h>
#include <nestling/nestling.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace example {

/// What became of a transfer.
struct Fetched {
    CURLcode code = CURLE_OK;
    long status = 0;
    std::string body;
};

/// libcurl's multi interface on a context: its sockets are FdHandlers, its one timeout is a Timer. All of it is for the
/// home thread.
class CurlLoop {
public:
    using Done = std::function<void(Fetched)>;

    explicit CurlLoop(nestling::Context& context);
    CurlLoop(const CurlLoop&) = delete;
    CurlLoop& operator=(const CurlLoop&) = delete;
    /// Transfers that have not ended are dropped: their `done` is not called.
    ~CurlLoop();

    /// Never calls `done` before it returns.
    void fetch(const std::string& url, Done done);
    [[nodiscard]] std::size_t running() const noexcept { return transfers_.size(); }

private:
    struct Transfer;

    // What libcurl calls.
    static int on_socket(CURL* easy, curl_socket_t fd, int what, void* loop, void* socket);
    static int on_timeout(CURLM* multi, long milliseconds, void* loop);

    void watch(curl_socket_t fd, int what);
    void act(curl_socket_t fd, int events);
    void take_ended();

    nestling::Context& context_;
    CURLM* multi_;
    nestling::Timer timeout_;
    nestling::BottomHalf ended_;
    std::map<curl_socket_t, nestling::FdHandler> sockets_;
    std::map<CURL*, std::unique_ptr<Transfer>> transfers_;
};

}  // namespace example
