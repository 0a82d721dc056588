//! What moved by itself: the layout shift that a browser measures.

use serde_json::Value;

use super::Browser;

/// What no eye sees. From 0.1 on a page counts as restless.
const MOST: f64 = 0.02;

impl Browser {
    /// Asserts that nothing moved since the page was opened, but for what a person had just done.
    #[track_caller]
    pub(crate) fn still(&self) -> &Self {
        let measure = "
            const done = arguments[0], shifts = [];
            const keep = (list) => shifts.push(...list.getEntries());
            new PerformanceObserver(keep).observe({ type: 'layout-shift', buffered: true });
            const told = (place) => `${place.node?.className || place.node?.nodeName}: `
                + `${Math.round(place.previousRect.y)} to ${Math.round(place.currentRect.y)}`;
            setTimeout(() => done(shifts.filter((shift) => !shift.hadRecentInput)
                .map((shift) => [shift.value, shift.sources.map(told).join(', ')])), 100);";
        let shifts = self.script_async(measure, &[]);
        let shifts = shifts.as_array().cloned().unwrap_or_default();
        let all: f64 = shifts.iter().filter_map(|shift| shift[0].as_f64()).sum();
        if all > MOST {
            self.fail(&format!(
                "the page moved by {all:.3}: {:#}",
                Value::Array(shifts)
            ));
        }
        self
    }
}
