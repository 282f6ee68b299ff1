// SPDX-License-Identifier: MIT
#include "os/afd.hpp"

#include <mswsock.h>
#include <winternl.h>

#include <atomic>
#include <iterator>
#include <limits>

#include "os/system_function_win32.hpp"

namespace nestling::os {

namespace {

constexpr LONG status_success = 0;
constexpr LONG status_pending = 0x103;
/// IOCTL_AFD_POLL.
constexpr ULONG poll_code = 0x00012024;
/// STATUS_INVALID_HANDLE and STATUS_OBJECT_TYPE_MISMATCH, as the system gives them.
constexpr auto status_invalid_handle = static_cast<LONG>(0xC0000008U);
constexpr auto status_type_mismatch = static_cast<LONG>(0xC0000024U);

/// Functions of ntdll that no import library is certain to have.
struct Native {
    using CreateFile = LONG(NTAPI*)(HANDLE*, ACCESS_MASK, OBJECT_ATTRIBUTES*, void*, LARGE_INTEGER*, ULONG, ULONG,
                                    ULONG, ULONG, void*, ULONG);
    using DeviceIoControlFile = LONG(NTAPI*)(HANDLE, HANDLE, void*, void*, void*, ULONG, void*, ULONG, void*, ULONG);
    using CancelIoFileEx = LONG(NTAPI*)(HANDLE, void*, void*);

    Native() noexcept
        : create_file(find<CreateFile>("NtCreateFile")),
          device_io_control_file(find<DeviceIoControlFile>("NtDeviceIoControlFile")),
          cancel_io_file_ex(find<CancelIoFileEx>("NtCancelIoFileEx")) {}

    [[nodiscard]] bool is_complete() const noexcept {
        return create_file != nullptr && device_io_control_file != nullptr && cancel_io_file_ex != nullptr;
    }

    CreateFile create_file;
    DeviceIoControlFile device_io_control_file;
    CancelIoFileEx cancel_io_file_ex;

private:
    template <class Function>
    static Function find(const char* name) noexcept {
        return system_function<Function>(L"ntdll.dll", name);
    }
};

const Native& native() noexcept {
    static const Native functions;
    return functions;
}

}  // namespace

bool Afd::Question::is_over() const noexcept {
    // The system writes it last, from its own side.
    return std::atomic_ref<LONG>(const_cast<LONG&>(status_.status)).load() != status_pending;
}

std::uint32_t Afd::Question::answer() const noexcept {
    return status_.status == status_success && info_.count != 0 ? info_.handle.conditions : 0;
}

std::unique_ptr<Afd> Afd::open(std::error_code& error) {
    if (!native().is_complete()) {
        error = std::make_error_code(std::errc::function_not_supported);
        return nullptr;
    }
    // Whatever follows the name of the device is for tools that show who has opened it.
    wchar_t name[] = L"\\Device\\Afd\\Nestling";
    UNICODE_STRING text{};
    text.Length = static_cast<USHORT>(sizeof name - sizeof name[0]);
    text.MaximumLength = static_cast<USHORT>(sizeof name);
    text.Buffer = std::data(name);
    OBJECT_ATTRIBUTES attributes{};
    attributes.Length = sizeof attributes;
    attributes.ObjectName = &text;
    Question::Status status{};
    HANDLE device = nullptr;
    const LONG result = native().create_file(&device, SYNCHRONIZE, &attributes, &status, nullptr, 0,
                                             FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_OPEN, 0, nullptr, 0);
    if (result != status_success) {
        error = std::make_error_code(std::errc::function_not_supported);
        return nullptr;
    }
    return std::unique_ptr<Afd>(new Afd(OwnedFd(fd_of(device))));
}

Afd::Asked Afd::ask(Question& question, SOCKET socket, std::uint32_t conditions, HANDLE event) const noexcept {
    question.info_.timeout.QuadPart = std::numeric_limits<LONGLONG>::max();
    question.info_.count = 1;
    question.info_.exclusive = 0;
    question.info_.handle = {handle_of(fd_of_socket(socket)), conditions, 0};
    question.status_.status = status_pending;
    const LONG result =
        native().device_io_control_file(handle_of(device_.get()), event, nullptr, nullptr, &question.status_, poll_code,
                                        &question.info_, sizeof question.info_, &question.info_, sizeof question.info_);
    if (result == status_pending) {
        return Asked::pending;
    }
    question.status_.status = result;
    if (result == status_success) {
        return Asked::answered;
    }
    return result == status_invalid_handle || result == status_type_mismatch ? Asked::closed : Asked::refused;
}

void Afd::cancel(Question& question) const noexcept {
    Question::Status status{};
    native().cancel_io_file_ex(handle_of(device_.get()), &question.status_, &status);
}

SOCKET base_socket(SOCKET socket) noexcept {
    SOCKET base = INVALID_SOCKET;
    DWORD size = 0;
    const int failed = ::WSAIoctl(socket, SIO_BASE_HANDLE, nullptr, 0, &base, sizeof base, &size, nullptr, nullptr);
    return failed == 0 && base != INVALID_SOCKET ? base : socket;
}

bool is_socket(int fd) noexcept {
    int type = 0;
    int size = sizeof type;
    return ::getsockopt(socket_of(fd), SOL_SOCKET, SO_TYPE, reinterpret_cast<char*>(&type), &size) == 0;
}

Winsock::Winsock() {
    WSADATA data;
    if (const int error = ::WSAStartup(MAKEWORD(2, 2), &data); error != 0) {
        throw std::system_error(error, std::system_category(), "nestling: no sockets");
    }
}

Winsock::~Winsock() {
    ::WSACleanup();
}

}  // namespace nestling::os
