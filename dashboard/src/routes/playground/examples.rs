//! Programs to start from.

use leptos::prelude::*;

use crate::parts::announce::Announcer;
use crate::parts::editor::write;
use crate::routes::playground::EDITOR;

const EXAMPLES: [(&str, &str); 3] = [
    (
        "Table",
        r#"import pandas as pd

sales = pd.DataFrame({
    "city": ["Oslo", "Lima", "Pune", "Oslo", "Lima", "Pune"],
    "month": ["Jan", "Jan", "Jan", "Feb", "Feb", "Feb"],
    "units": [120, 80, 210, 95, 130, 240],
})

print(f"{len(sales)} rows")
sales.pivot_table(index="city", columns="month", values="units", margins=True)
"#,
    ),
    (
        "Figure",
        r#"import matplotlib.pyplot as plt
import numpy as np

x = np.linspace(0, 4 * np.pi, 400)
fig, ax = plt.subplots(figsize=(7, 3.5))
for damping in (0.05, 0.15, 0.4):
    ax.plot(x, np.exp(-damping * x) * np.cos(2 * x), label=f"damping {damping}")
ax.set_xlabel("time")
ax.legend()
plt.show()
"#,
    ),
    (
        "Files",
        r#"from pathlib import Path

# Files stay in the session: run this twice.
log = Path("visits.csv")
visits = log.read_text().splitlines() if log.exists() else ["visit"]
visits.append(str(len(visits)))
log.write_text("\n".join(visits) + "\n")

for path in sorted(Path(".").iterdir()):
    print(f"{path.stat().st_size:>8}  {path}")
"#,
    ),
];

#[component]
pub(super) fn Examples() -> impl IntoView {
    let announcer = Announcer::of_page();
    let buttons = EXAMPLES.map(|(name, program)| {
        let start = move |_| {
            write(EDITOR, program);
            announcer.say(format!(
                "{name}: an example. Undo brings back what was there."
            ));
        };
        view! { <button type="button" class="button button-chip" on:click=start>{name}</button> }
    });
    view! {
        <div class="examples" role="group" aria-label="Examples">
            <span class="muted" aria-hidden="true">"Start from"</span>
            {buttons}
        </div>
    }
}
