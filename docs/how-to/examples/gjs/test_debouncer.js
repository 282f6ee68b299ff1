// SPDX-License-Identifier: MIT
imports.gi.versions.NestlingLab = '0';
imports.searchPath.unshift('.');
const {NestlingLab} = imports.gi;
const {Debouncer} = imports.debouncer;
const System = imports.system;

const {Lab, LabTraits} = NestlingLab;
const MILLISECOND = NestlingLab.LAB_MILLISECOND;
const HOUR = NestlingLab.LAB_HOUR;

const tests = {
    'one trigger, one call'(lab) {
        const calls = [];
        const debouncer = new Debouncer(100, () => calls.push(lab.now()));
        debouncer.trigger();
        lab.run_for(HOUR);
        if (calls.toString() !== [100 * MILLISECOND].toString())
            throw new Error(`called at ${calls} ns`);
        lab.verify_left_nothing();
    },

    'three triggers, one call'(lab) {
        const calls = [];
        const debouncer = new Debouncer(100, () => calls.push(lab.now()));
        for (const time of [0, 50, 80])
            lab.at_call(time * MILLISECOND, () => debouncer.trigger());
        lab.run_for(HOUR);
        if (calls.toString() !== [180 * MILLISECOND].toString())
            throw new Error(`called at ${calls} ns\n${lab.get_timeline(4)}`);
    },

    'nothing is left after cancel()'(lab) {
        const debouncer = new Debouncer(100, () => {});
        debouncer.trigger();
        debouncer.trigger();
        debouncer.cancel();
        lab.verify_left_nothing();
    },
};

let failed = 0;
for (const [name, test] of Object.entries(tests)) {
    const lab = Lab.new();
    try {
        test(lab);
        print(`pass  ${name}`);
    } catch (error) {
        failed += 1;
        print(`FAIL  ${name}: ${error.message}`);
    }
    lab.close();
}
System.exit(failed);
