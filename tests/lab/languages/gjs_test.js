// SPDX-License-Identifier: MIT
// The Source Lab from gjs. Run by run_interpreted.py, which preloads the lab's library.
imports.gi.versions.NestlingLab = '0';
const {GLib, NestlingLab} = imports.gi;
const System = imports.system;

const {Lab, LabError, LabOutcome, LabPhase, LabTraits} = NestlingLab;
const SECOND = NestlingLab.LAB_SECOND;
const MILLISECOND = NestlingLab.LAB_MILLISECOND;

function assert(holds, words) {
    if (!holds)
        throw new Error(words);
}

function assertEqual(found, wanted) {
    assert(JSON.stringify(found) === JSON.stringify(wanted),
        `${JSON.stringify(found)} and not ${JSON.stringify(wanted)}`);
}

/** The message of the lab's error that `action` throws. */
function errorOf(code, action) {
    try {
        action();
    } catch (error) {
        assert(error instanceof GLib.Error && error.matches(Lab.error_quark(), code), `it threw ${error}`);
        return error.message;
    }
    throw new Error('it did not throw');
}

function timerOf(milliseconds, callback = () => GLib.SOURCE_CONTINUE) {
    const source = GLib.timeout_source_new(milliseconds);
    source.set_name('timer');
    source.set_callback(callback);
    return source;
}

const tests = {
    'a day is exact'(lab) {
        assert(lab.has_virtual_time(), lab.get_why_real_time());
        const timer = lab.adopt(timerOf(1000));
        lab.run_for(24 * NestlingLab.LAB_HOUR);
        const times = timer.get_dispatch_times();
        assertEqual(times.length, 86400);
        assert(times.every((time, at) => time === (at + 1) * SECOND), 'a dispatch came at another time');
        assert(lab.verify_fired_every(timer, SECOND, 0), 'not every second');
    },

    'there is one lab at a time'() {
        assert(errorOf(LabError.EXISTS, () => Lab.new()).includes('already'), 'says nothing');
    },

    'a failure tells and shows'(lab) {
        const timer = lab.adopt(timerOf(10));
        lab.run_for(20 * MILLISECOND);
        const text = errorOf(LabError.FAILED, () => lab.verify_dispatched_once(timer));
        assert(text.includes('timer#1 was dispatched 2 times'), text);
        assert(text.includes('\n  dispatch  timer#1  at 20 ms'), text);
        assert(lab.get_leftovers().includes('timer#1'), 'no leftovers');
    },

    'actions and conditions are functions'(lab) {
        const seen = [];
        const timer = lab.adopt(timerOf(1000));
        lab.at_call(1500 * MILLISECOND, () => seen.push(lab.now()));
        lab.before(LabPhase.DISPATCH, () => seen.push('before'));
        assert(lab.run_until(10 * SECOND, () => timer.get_dispatched() === 2), 'not dispatched');
        assertEqual(seen, ['before', 1500 * MILLISECOND]);
        const step = lab.step();
        assertEqual(step.get_dispatch_order(), [timer.get_number()]);
        assertEqual(step.get_slept(), SECOND);
    },

    'time of the language is the lab\'s'(lab) {
        const before = GLib.get_monotonic_time();
        lab.advance(3 * SECOND);
        assertEqual(GLib.get_monotonic_time() - before, 3000000);
    },

    'the trace is JSON'(lab) {
        lab.adopt(timerOf(10));
        lab.run_for(50 * MILLISECOND);
        const trace = JSON.parse(lab.get_json());
        assertEqual(trace.sources[0].name, 'timer');
        assertEqual(trace.steps.length, lab.get_steps().length);
    },

    'the kit runs all cases'(lab) {
        lab.close();
        const make = () => timerOf(20, () => {
            Lab.delivered();
            return GLib.SOURCE_CONTINUE;
        });
        // What gjs holds cannot be finalized.
        const report = Lab.check_source('timeout', LabTraits.REPEATS | LabTraits.HELD, make, null);
        assertEqual(report.get_n_cases(), 24);
        assertEqual(report.get_outcome(7), LabOutcome.PASSED);
        assert(report.has_passed(), report.get_text());
    },
};

let failed = 0;
let open = null;
for (const [name, test] of Object.entries(tests)) {
    try {
        open = Lab.new();
        test(open);
        print(`pass  ${name}`);
    } catch (error) {
        failed += 1;
        print(`FAIL  ${name}: ${error}\n${error.stack}`);
    }
    if (!name.startsWith('the kit'))
        open.close();
}
print(`${Object.keys(tests).length - failed} passed, ${failed} failed`);
System.exit(failed === 0 ? 0 : 1);
