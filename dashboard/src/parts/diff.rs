//! A difference, line by line: signs and numbers say what the colours say.

use leptos::prelude::*;

use crate::parts::code::coloured;
use crate::text::diff::{Change, Line, lines};

#[component]
pub(crate) fn Diff(
    /// A unified diff.
    diff: String,
    /// What it is, for those who can't see it.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let rows = lines(&diff).into_iter().map(row).collect_view();
    view! {
        <div class="code diff" role="group" aria-label=label tabindex="0">
            <table class="diff-lines"><tbody>{rows}</tbody></table>
        </div>
    }
}

fn row(line: Line) -> impl IntoView {
    let (class, sign, said) = match line.change {
        Change::Same => ("", "", ""),
        Change::Added => ("diff-added", "+", "added"),
        Change::Removed => ("diff-removed", "\u{2212}", "removed"),
        Change::Gap => ("diff-gap", "\u{22ef}", "lines left out"),
    };
    let number = |number: Option<u32>| number.map(|number| number.to_string());
    view! {
        <tr class=class>
            <td class="diff-number">{number(line.old)}</td>
            <td class="diff-number">{number(line.new)}</td>
            <td class="diff-sign"><span aria-hidden="true">{sign}</span><span class="hidden">{said}</span></td>
            <td class="diff-text"><pre>{coloured(&line.text)}</pre></td>
        </tr>
    }
}
