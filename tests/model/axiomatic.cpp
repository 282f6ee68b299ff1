// SPDX-License-Identifier: MIT
#include "model/axiomatic.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

namespace nestling::model {

namespace {

constexpr std::size_t variables = 4;
constexpr std::size_t most = 32;  // events

/// A relation of events.
class Relation {
public:
    void add(std::size_t from, std::size_t to) { rows_[from] |= 1U << to; }
    [[nodiscard]] bool has(std::size_t from, std::size_t to) const { return (rows_[from] >> to & 1U) != 0; }

    [[nodiscard]] Relation operator|(const Relation& other) const {
        Relation result = *this;
        for (std::size_t i = 0; i < most; ++i) {
            result.rows_[i] |= other.rows_[i];
        }
        return result;
    }

    /// First this, then `other`.
    [[nodiscard]] Relation then(const Relation& other) const {
        Relation result;
        for (std::size_t i = 0; i < most; ++i) {
            for (std::uint32_t left = rows_[i]; left != 0; left &= left - 1) {
                result.rows_[i] |= other.rows_[static_cast<std::size_t>(std::countr_zero(left))];
            }
        }
        return result;
    }

    [[nodiscard]] Relation closure() const {
        Relation result = *this;
        for (std::size_t k = 0; k < most; ++k) {
            for (std::size_t i = 0; i < most; ++i) {
                result.rows_[i] |= result.has(i, k) ? result.rows_[k] : 0;
            }
        }
        return result;
    }

    [[nodiscard]] bool reflexive_somewhere() const {
        for (std::size_t i = 0; i < most; ++i) {
            if (has(i, i)) {
                return true;
            }
        }
        return false;
    }
    [[nodiscard]] bool cyclic() const { return closure().reflexive_somewhere(); }

private:
    std::array<std::uint32_t, most> rows_{};
};

struct Happening {
    std::size_t thread;  // 0: the initial stores
    LitmusStatement what;
    [[nodiscard]] bool is(LitmusStatement::Kind kind) const { return what.kind == kind; }
    [[nodiscard]] bool fence() const { return is(LitmusStatement::Kind::fence); }
    [[nodiscard]] bool modifies() const { return is(LitmusStatement::Kind::fetch_add); }
    [[nodiscard]] bool reads() const { return is(LitmusStatement::Kind::load) || modifies(); }
    [[nodiscard]] bool writes() const { return is(LitmusStatement::Kind::store) || modifies(); }
    [[nodiscard]] bool acquires() const { return !is(LitmusStatement::Kind::store) && model::acquires(what.order); }
    [[nodiscard]] bool releases() const { return !is(LitmusStatement::Kind::load) && model::releases(what.order); }
    [[nodiscard]] bool seq_cst() const { return fence() && what.order == std::memory_order_seq_cst; }
};

class Candidates {
public:
    explicit Candidates(const std::vector<std::vector<LitmusStatement>>& threads) {
        for (std::size_t i = 0; i < variables; ++i) {
            events_.push_back({0, {LitmusStatement::Kind::store, i, 0, 0, std::memory_order_relaxed}});
        }
        for (std::size_t thread = 0; thread < threads.size(); ++thread) {
            for (const LitmusStatement& statement : threads[thread]) {
                events_.push_back({thread + 1, statement});
            }
        }
        for (std::size_t i = 0; i < events_.size(); ++i) {
            for (std::size_t j = i + 1; j < events_.size(); ++j) {
                if ((events_[i].thread == 0 && events_[j].thread != 0) || events_[i].thread == events_[j].thread) {
                    program_order_.add(i, j);
                }
            }
        }
        source_.resize(events_.size());
    }

    AxiomaticOutcomes run() {
        choose_source(variables);
        return std::move(outcomes_);
    }

private:
    void choose_source(std::size_t reader) {
        if (reader == events_.size()) {
            look_at_orders();
            return;
        }
        if (!events_[reader].reads()) {
            choose_source(reader + 1);
            return;
        }
        for (std::size_t writer = 0; writer < events_.size(); ++writer) {
            if (writer != reader && events_[writer].writes() &&
                events_[writer].what.variable == events_[reader].what.variable) {
                source_[reader] = writer;
                choose_source(reader + 1);
            }
        }
    }

    void look_at_orders() {
        reads_from_ = {};
        for (std::size_t i = 0; i < events_.size(); ++i) {
            if (events_[i].reads()) {
                reads_from_.add(source_[i], i);
            }
        }
        if ((program_order_ | reads_from_).cyclic()) {
            return;
        }
        happens_before_ = (program_order_ | synchronises()).closure();
        if (happens_before_.reflexive_somewhere()) {
            return;
        }
        for (std::size_t variable = 0; variable < variables; ++variable) {
            order_[variable].clear();
            for (std::size_t i = variables; i < events_.size(); ++i) {
                if (events_[i].writes() && events_[i].what.variable == variable) {
                    order_[variable].push_back(i);
                }
            }
        }
        choose_order(0);
    }

    void choose_order(std::size_t variable) {
        if (variable == variables) {
            judge();
            return;
        }
        std::vector<std::size_t>& order = order_[variable];
        std::sort(order.begin(), order.end());
        do {
            if (respects_happens_before(order)) {
                choose_order(variable + 1);
            }
        } while (std::next_permutation(order.begin(), order.end()));
    }

    [[nodiscard]] bool respects_happens_before(const std::vector<std::size_t>& order) const {
        for (std::size_t i = 0; i < order.size(); ++i) {
            for (std::size_t j = i + 1; j < order.size(); ++j) {
                if (happens_before_.has(order[j], order[i])) {
                    return false;
                }
            }
        }
        return true;
    }

    [[nodiscard]] Relation synchronises() const {
        Relation result;
        for (std::size_t reader = 0; reader < events_.size(); ++reader) {
            if (!events_[reader].reads()) {
                continue;
            }
            // Along the read-modify-writes that the message comes from.
            for (std::size_t writer = source_[reader];; writer = source_[writer]) {
                for (std::size_t from = 0; from < events_.size(); ++from) {
                    for (std::size_t to = 0; to < events_.size(); ++to) {
                        const bool released =
                            from == writer || (events_[from].fence() && program_order_.has(from, writer));
                        const bool acquired = to == reader || (events_[to].fence() && program_order_.has(reader, to));
                        if (released && acquired && events_[from].releases() && events_[to].acquires()) {
                            result.add(from, to);
                        }
                    }
                }
                if (!events_[writer].modifies()) {
                    break;
                }
            }
        }
        return result;
    }

    void judge() {
        Relation modification;
        std::vector<std::size_t> before(events_.size());  // in modification order
        for (std::size_t variable = 0; variable < variables; ++variable) {
            std::vector<std::size_t> all{variable};
            all.insert(all.end(), order_[variable].begin(), order_[variable].end());
            for (std::size_t i = 0; i < all.size(); ++i) {
                before[all[i]] = i == 0 ? all[i] : all[i - 1];
                for (std::size_t j = i + 1; j < all.size(); ++j) {
                    modification.add(all[i], all[j]);
                }
            }
        }
        Relation reads_before;
        for (std::size_t i = 0; i < events_.size(); ++i) {
            if (events_[i].modifies() && before[i] != source_[i]) {
                return;
            }
            for (std::size_t j = 0; j < events_.size(); ++j) {
                if (events_[i].reads() && i != j && modification.has(source_[i], j)) {
                    reads_before.add(i, j);
                }
            }
        }
        const Relation communication = (reads_from_ | modification | reads_before).closure();
        if (communication.reflexive_somewhere() || happens_before_.then(communication).reflexive_somewhere()) {
            return;
        }
        const Relation between = happens_before_ | happens_before_.then(communication).then(happens_before_);
        Relation fences;
        for (std::size_t i = 0; i < events_.size(); ++i) {
            for (std::size_t j = 0; j < events_.size(); ++j) {
                if (events_[i].seq_cst() && events_[j].seq_cst() && between.has(i, j)) {
                    fences.add(i, j);
                }
            }
        }
        if (fences.cyclic()) {
            return;
        }
        const std::string outcome = describe();
        outcomes_.rc11.insert(outcome);
        if (!(program_order_ | reads_from_ | fences).cyclic()) {
            outcomes_.in_steps.insert(outcome);
        }
    }

    /// No circle in reads-from, so this ends.
    [[nodiscard]] int value_of(std::size_t writer) const {
        const int own = events_[writer].what.value;
        return events_[writer].modifies() ? value_of(source_[writer]) + own : own;
    }

    [[nodiscard]] std::string describe() const {
        std::string text;
        for (std::size_t i = 0; i < variables; ++i) {
            text += std::to_string(value_of(order_[i].empty() ? i : order_[i].back())) + " ";
        }
        std::array<int, 8> registers{};
        for (std::size_t i = 0; i < events_.size(); ++i) {
            if (events_[i].reads()) {
                registers[events_[i].what.target] = value_of(source_[i]);
            }
        }
        for (const int value : registers) {
            text += std::to_string(value) + " ";
        }
        return text;
    }

    std::vector<Happening> events_;
    Relation program_order_;
    Relation reads_from_;
    Relation happens_before_;
    std::vector<std::size_t> source_;
    std::array<std::vector<std::size_t>, variables> order_;
    AxiomaticOutcomes outcomes_;
};

}  // namespace

AxiomaticOutcomes axiomatic_outcomes(const std::vector<std::vector<LitmusStatement>>& threads) {
    return Candidates(threads).run();
}

}  // namespace nestling::model
