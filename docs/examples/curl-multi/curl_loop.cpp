// SPDX-License-Identifier: MIT
#include "curl_loop.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace example {

struct CurlLoop::Transfer {
    std::string url;
    Done done;
    Fetched result;

    static std::size_t on_data(char* data, std::size_t size, std::size_t count, void* transfer) {
        static_cast<Transfer*>(transfer)->result.body.append(data, size * count);
        return size * count;
    }
};

CurlLoop::CurlLoop(nestling::Context& context)
    : context_(context),
      multi_(curl_multi_init()),
      timeout_(context, "curl timeout", [this] { act(CURL_SOCKET_TIMEOUT, 0); }),
      // Not in act(): libcurl must not be asked for ends while it calls us.
      ended_(context, "curl ended", [this] { take_ended(); }) {
    if (multi_ == nullptr) {
        throw std::runtime_error("curl_multi_init() failed");
    }
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlLoop::on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlLoop::on_timeout);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
}

CurlLoop::~CurlLoop() {
    for (const auto& [easy, transfer] : transfers_) {
        curl_multi_remove_handle(multi_, easy);
        curl_easy_cleanup(easy);
    }
    // Closes connections that are kept, and so takes their sockets from us.
    curl_multi_cleanup(multi_);
}

void CurlLoop::fetch(const std::string& url, Done done) {
    CURL* easy = curl_easy_init();
    if (easy == nullptr) {
        throw std::runtime_error("curl_easy_init() failed");
    }
    auto transfer = std::make_unique<Transfer>(Transfer{url, std::move(done), {}});
    curl_easy_setopt(easy, CURLOPT_URL, transfer->url.c_str());
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Transfer::on_data);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer.get());
    // Resolving names with a signal is for programs without threads.
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    transfers_.emplace(easy, std::move(transfer));
    curl_multi_add_handle(multi_, easy);
}

int CurlLoop::on_timeout(CURLM*, long milliseconds, void* loop) {
    auto& self = *static_cast<CurlLoop*>(loop);
    if (milliseconds < 0) {
        self.timeout_.cancel();
    } else {
        // Also for 0: libcurl must not be called while it calls us.
        self.timeout_.arm_after(std::chrono::milliseconds(milliseconds));
    }
    return 0;
}

int CurlLoop::on_socket(CURL*, curl_socket_t fd, int what, void* loop, void*) {
    static_cast<CurlLoop*>(loop)->watch(fd, what);
    return 0;
}

void CurlLoop::watch(curl_socket_t fd, int what) {
    if (what == CURL_POLL_REMOVE) {
        // Before libcurl closes it. This may be inside the handler's own callback.
        sockets_.erase(fd);
        return;
    }
    nestling::FdHandler& handler = sockets_[fd];
    if (!handler) {
        handler = nestling::FdHandler(context_, fd, "curl socket",
                                      {.read = [this, fd] { act(fd, CURL_CSELECT_IN); },
                                       .write = [this, fd] { act(fd, CURL_CSELECT_OUT); },
                                       .poll = {},
                                       .poll_ready = {}});
    }
    static_assert(CURL_POLL_IN == static_cast<int>(nestling::Interest::read) &&
                  CURL_POLL_OUT == static_cast<int>(nestling::Interest::write));
    static_cast<void>(handler.watch(static_cast<nestling::Interest>(what)));
}

void CurlLoop::act(curl_socket_t fd, int events) {
    int running = 0;
    curl_multi_socket_action(multi_, fd, events, &running);
    if (static_cast<std::size_t>(running) != transfers_.size()) {
        ended_.schedule();
    }
}

void CurlLoop::take_ended() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
        if (message->msg != CURLMSG_DONE) {
            continue;
        }
        CURL* easy = message->easy_handle;
        const CURLcode code = message->data.result;
        const auto at = transfers_.find(easy);
        const std::unique_ptr<Transfer> transfer = std::move(at->second);
        transfers_.erase(at);
        transfer->result.code = code;
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &transfer->result.status);
        curl_multi_remove_handle(multi_, easy);
        curl_easy_cleanup(easy);
        transfer->done(std::move(transfer->result));
    }
}

}  // namespace example
