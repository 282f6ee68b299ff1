// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace demo {

using Digest = std::array<std::uint8_t, 32>;

/// SHA-256, by GLib.
class Checksum {
public:
    void add(std::span<const std::byte> bytes) {
        g_checksum_update(checksum_.get(), reinterpret_cast<const guchar*>(bytes.data()),
                          static_cast<gssize>(bytes.size()));
    }
    /// Nothing can be added afterwards.
    [[nodiscard]] Digest take() {
        Digest digest{};
        gsize length = digest.size();
        g_checksum_get_digest(checksum_.get(), digest.data(), &length);
        return digest;
    }

private:
    struct Free {
        void operator()(GChecksum* checksum) const noexcept { g_checksum_free(checksum); }
    };
    std::unique_ptr<GChecksum, Free> checksum_{g_checksum_new(G_CHECKSUM_SHA256)};
};

}  // namespace demo
