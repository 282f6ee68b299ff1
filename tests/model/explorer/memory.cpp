// SPDX-License-Identifier: MIT
#include "model/explorer/memory.hpp"

#include "model/explorer/failure.hpp"
#include "model/explorer/hash.hpp"

namespace nestling::model {

namespace {

constexpr Stamp gap = Stamp{1} << 24U;

using Places = std::array<std::uint8_t, max_messages + 1>;

}  // namespace

void Memory::reset(unsigned threads) noexcept {
    for (unsigned thread = 0; thread < threads; ++thread) {
        eyes_[thread] = {};
        eyes_[thread].now.clock(thread) = 1;
    }
    fenced_ = {};
    fences_ = 0;
    threads_ = threads;
    atom_count_ = 0;
    used_ = 0;
    lanes_ = View::lanes_for(0);
}

void Memory::fork(unsigned thread) noexcept {
    learn(thread, eyes_[0].now);
}

void Memory::join(unsigned thread) noexcept {
    tick(thread);
    learn(0, eyes_[thread].now);
}

unsigned Memory::add(unsigned thread, std::uint64_t value) noexcept {
    if (atom_count_ == max_atoms) {
        give_up("too many atomic objects");
    }
    const unsigned atom = atom_count_++;
    lanes_ = View::lanes_for(atom_count_);
    atoms_[atom].count = 0;
    write(thread, atom, 0, std::memory_order_relaxed, value, nullptr);
    return atom;
}

unsigned Memory::first_readable(const Eyes& eyes, unsigned atom) const noexcept {
    const Stamp seen = eyes.now.seen(atom);
    const Stamp floor = eyes.floor.seen(atom);
    const Stamp oldest = seen < floor ? floor : seen;
    unsigned place = atoms_[atom].count - 1;
    while (place != 0 && atoms_[atom].order[place - 1].stamp >= oldest) {
        --place;
    }
    return place;
}

const Memory::Message& Memory::read(Eyes& eyes, unsigned atom, unsigned place, std::memory_order order,
                                    Access& access) noexcept {
    const Place& at = atoms_[atom].order[place];
    const Message& message = pool_[at.message];
    if (eyes.now.seen(atom) < at.stamp) {
        eyes.now.seen(atom) = at.stamp;
    }
    (acquires(order) ? eyes.now : eyes.pending).join(message.view, message.lanes);
    eyes.history = mix(eyes.history, message.id);
    access.read = message.value;
    access.newer = static_cast<std::uint16_t>(atoms_[atom].count - 1 - place);
    return message;
}

void Memory::write(unsigned thread, unsigned atom, unsigned place, std::memory_order order, std::uint64_t value,
                   const Message* after) noexcept {
    Atom& target = atoms_[atom];
    if (target.count == max_messages || used_ == max_pool) {
        fail(Failure::livelock, "too many stores");
    }
    // The first message has stamp 0, which is what a view that knows nothing asks for.
    const Stamp before = place == 0 ? 0 : target.order[place - 1].stamp;
    const Stamp stamp =
        place == 0 ? 0 : (place == target.count ? before + gap : before + (target.order[place].stamp - before) / 2);
    if (place != 0 && stamp <= before) {
        give_up("too many stores in one place of the modification order");
    }
    for (unsigned i = target.count; i > place; --i) {
        target.order[i] = target.order[i - 1];
    }
    target.order[place] = {stamp, static_cast<std::uint16_t>(used_), after != nullptr};
    ++target.count;
    target.hash_known = false;

    Eyes& eyes = eyes_[thread];
    eyes.now.seen(atom) = stamp;
    Message& message = pool_[used_++];
    message.view.copy(releases(order) ? eyes.now : eyes.released, lanes_);
    if (after != nullptr) {
        message.view.join(after->view, after->lanes);
    }
    message.view.seen(atom) = stamp;
    message.value = value;
    message.lanes = lanes_;
    message.id = (thread << 16U) | ++eyes.written;
    tick(thread);
}

Access Memory::load(unsigned thread, unsigned atom, std::memory_order order) {
    if (order == std::memory_order_seq_cst) {
        fence(thread, order);
    }
    Access access;
    Eyes& eyes = eyes_[thread];
    const unsigned newest = atoms_[atom].count - 1;
    const unsigned options = newest - first_readable(eyes, atom) + 1;
    read(eyes, atom, newest - choices_.choose(Choices::Cost::weak, options), order, access);
    return access;
}

Access Memory::store(unsigned thread, unsigned atom, std::memory_order order, std::uint64_t value) {
    if (order == std::memory_order_seq_cst) {
        fence(thread, order);
    }
    Access access{.written = value, .wrote = true};
    const Atom& target = atoms_[atom];
    Places places{};
    unsigned options = 0;
    places[options++] = static_cast<std::uint8_t>(target.count);
    for (unsigned place = target.count - 1; place > 0 && target.order[place].stamp > eyes_[thread].now.seen(atom);
         --place) {
        if (!target.order[place].glued) {
            places[options++] = static_cast<std::uint8_t>(place);
        }
    }
    const unsigned place = places[choices_.choose(Choices::Cost::weak, options)];
    access.later = static_cast<std::uint16_t>(target.count - place);
    write(thread, atom, place, order, value, nullptr);
    return access;
}

Access Memory::modify(unsigned thread, unsigned atom, std::memory_order order, Change change, std::uint64_t operand) {
    if (order == std::memory_order_seq_cst) {
        fence(thread, order);
    }
    Access access{.wrote = true};
    Eyes& eyes = eyes_[thread];
    const Atom& target = atoms_[atom];
    Places places{};
    unsigned options = 0;
    const unsigned first = first_readable(eyes, atom);
    for (unsigned place = target.count; place-- > first;) {
        if (!followed(target, place)) {
            places[options++] = static_cast<std::uint8_t>(place);
        }
    }
    const unsigned place = places[choices_.choose(Choices::Cost::weak, options)];
    const Message& old = read(eyes, atom, place, order, access);
    access.written = change(old.value, operand);
    access.later = access.newer;
    write(thread, atom, place + 1, order, access.written, &old);
    return access;
}

Access Memory::compare_exchange(unsigned thread, unsigned atom, const Expectation& wish) {
    if (wish.success == std::memory_order_seq_cst || wish.failure == std::memory_order_seq_cst) {
        fence(thread, std::memory_order_seq_cst);
    }
    Access access;
    Eyes& eyes = eyes_[thread];
    const Atom& target = atoms_[atom];
    const auto matches = [&](unsigned place) { return pool_[target.order[place].message].value == wish.expected; };
    Places places{};
    unsigned options = 0;
    const unsigned first = first_readable(eyes, atom);
    for (unsigned place = target.count; place-- > first;) {
        if (!matches(place) || !followed(target, place)) {
            places[options++] = static_cast<std::uint8_t>(place);
        }
    }
    const unsigned honest = options;
    if (wish.strength == Strength::weak && matches(target.count - 1) && choices_.may_fail_spuriously()) {
        places[options++] = static_cast<std::uint8_t>(target.count - 1);
    }
    const unsigned taken = choices_.choose(Choices::Cost::weak, options);
    const unsigned place = places[taken];
    if (taken >= honest) {
        choices_.spend_spurious();
        access.spurious = true;
        eyes.history = mix(eyes.history, 1);
    }
    if (access.spurious || !matches(place)) {
        read(eyes, atom, place, wish.failure, access);
        return access;
    }
    const Message& old = read(eyes, atom, place, wish.success, access);
    access.wrote = true;
    access.written = wish.desired;
    access.later = access.newer;
    write(thread, atom, place + 1, wish.success, wish.desired, &old);
    return access;
}

void Memory::fence(unsigned thread, std::memory_order order) noexcept {
    Eyes& eyes = eyes_[thread];
    if (acquires(order)) {
        eyes.now.join(eyes.pending, lanes_);
    }
    if (order == std::memory_order_seq_cst) {
        eyes.now.join_seen(fenced_, lanes_);
        fenced_.join_seen(eyes.now, lanes_);
        fences_ = mix(fences_, (thread << 16U) | ++eyes.written);
    }
    if (releases(order)) {
        eyes.released.copy(eyes.now, lanes_);
        tick(thread);
    }
}

void Memory::catch_up(unsigned thread) noexcept {
    for (unsigned atom = 0; atom < atom_count_; ++atom) {
        eyes_[thread].floor.seen(atom) = atoms_[atom].order[atoms_[atom].count - 1].stamp;
    }
}

std::uint64_t Memory::hash() noexcept {
    std::uint64_t hash = fences_;
    for (unsigned thread = 0; thread < threads_; ++thread) {
        hash = mix(hash, eyes_[thread].history);
    }
    for (unsigned i = 0; i < atom_count_; ++i) {
        Atom& atom = atoms_[i];
        if (!atom.hash_known) {
            atom.hash = 0;
            for (unsigned place = 0; place < atom.count; ++place) {
                atom.hash = mix(atom.hash, pool_[atom.order[place].message].id);
            }
            atom.hash_known = true;
        }
        hash = mix(hash, atom.hash);
    }
    return hash;
}

}  // namespace nestling::model
