// SPDX-License-Identifier: MIT
#include "report/run_report.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "finder/duplicate_finder.hpp"

namespace demo {

std::vector<ReportedGroup> reported_groups(const DuplicateFinder& finder) {
    std::vector<ReportedGroup> reported;
    reported.reserve(finder.groups().size());
    for (const Group& group : finder.groups()) {
        ReportedGroup one;
        one.size = group.size;
        one.digest = group.digest;
        one.wasted = group.wasted();
        for (const std::size_t copy : group.copies) {
            one.copies.push_back(finder.copy(copy).names);
            std::sort(one.copies.back().begin(), one.copies.back().end());
        }
        std::sort(one.copies.begin(), one.copies.end());
        reported.push_back(std::move(one));
    }
    std::sort(reported.begin(), reported.end(), [](const ReportedGroup& a, const ReportedGroup& b) {
        return std::tie(b.wasted, b.size, a.digest) < std::tie(a.wasted, a.size, b.digest);
    });
    return reported;
}

}  // namespace demo
