// SPDX-License-Identifier: MIT
const {GLib} = imports.gi;

/** Calls `action` once things have been quiet for `delay` milliseconds. */
var Debouncer = class {
    constructor(delay, action) {
        this._delay = delay;
        this._action = action;
        this._source = null;
    }

    trigger() {
        this.cancel();
        this._source = GLib.timeout_source_new(this._delay);
        this._source.set_name('debouncer');
        this._source.set_callback(() => {
            this._source = null;
            this._action();
            return GLib.SOURCE_REMOVE;
        });
        this._source.attach(GLib.MainContext.get_thread_default());
    }

    cancel() {
        this._source?.destroy();
        this._source = null;
    }
};
