//! A CSV or Excel file as a table: its first rows, as the server reads them.

use api::files::Table;
use leptos::prelude::*;

use super::preview::Shown;
use super::shown::instead;
use crate::fetched::fetch;
use crate::parts::awaiting::Await;
use crate::text::address::Address;
use crate::text::name::visible;
use crate::text::numbers::count;
use crate::text::preview::number_columns;

/// Rows at first.
const ROWS: u32 = 100;
/// The most that the server gives.
const MOST_ROWS: u32 = 1000;

#[component]
pub(super) fn Sheet(file: Shown) -> impl IntoView {
    let address = file.address;
    let sheet = Memo::new(move |_| address.with(|address| address.sheet.clone()));
    // More rows are wanted of one sheet only.
    let wanted = RwSignal::new((String::new(), ROWS));
    let table = {
        let file = file.clone();
        fetch(move |client| {
            file.track();
            let (session, path) = (file.files.session(), file.path.clone());
            let sheet = sheet.get();
            let rows = wanted.with(|(of, rows)| if *of == sheet { *rows } else { ROWS });
            async move {
                let sheet = Some(sheet.as_str()).filter(|sheet| !sheet.is_empty());
                client.table(&session, &path, sheet, rows).await
            }
        })
    };
    let more = move || {
        wanted.set((sheet.get_untracked(), MOST_ROWS));
    };
    let shown = file.clone();
    let name = file.name();
    view! {
        <Await what=table let:table>
            <Sheets file=shown.clone() table />
            <Cells table label=name.clone() />
            <End table more />
        </Await>
        {instead(&file, table)}
    }
}

/// The sheets of a workbook, each with an address of its own.
#[component]
fn Sheets(file: Shown, table: Signal<Table>) -> impl IntoView {
    let address = file.address;
    let names = Memo::new(move |_| table.with(|table| table.sheets.clone()));
    let current = Memo::new(move |_| table.with(|table| table.sheet.clone()));
    move || {
        let names = names.get();
        if names.len() < 2 {
            return None;
        }
        let session = file.files.session();
        let links = names.into_iter().map(move |name| {
            let session = session.clone();
            let text = visible(&name);
            let is_current = {
                let name = name.clone();
                move || {
                    current
                        .with(|current| current.as_ref() == Some(&name))
                        .then_some("true")
                }
            };
            let href = move || {
                let address = Address {
                    sheet: name.clone(),
                    ..address.get()
                };
                address.of(session.as_str())
            };
            view! { <a class="session-tab" href=href data-noscroll="" aria-current=is_current>{text}</a> }
        });
        Some(view! { <nav class="session-tabs" aria-label="Sheets">{links.collect_view()}</nav> })
    }
}

#[component]
fn Cells(table: Signal<Table>, label: String) -> impl IntoView {
    let columns = Memo::new(move |_| table.with(|table| table.columns.clone()));
    let numbers =
        Memo::new(move |_| table.with(|table| number_columns(table.columns.len(), &table.rows)));
    let class = move |column: usize| {
        numbers
            .with(|numbers| numbers.get(column) == Some(&true))
            .then_some("number")
    };
    let head = move || {
        let columns = columns.get().into_iter().enumerate();
        columns
            .map(|(column, name)| view! { <th scope="col" class=class(column)>{heading(column, name)}</th> })
            .collect_view()
    };
    // A row is known by its place, what is in it, and how that is aligned.
    let rows = move || {
        let numbers = numbers.get();
        table.with(|table| {
            let rows = table.rows.iter().enumerate();
            rows.map(|(index, cells)| (index, cells.clone(), numbers.clone()))
                .collect::<Vec<_>>()
        })
    };
    let row = |(index, cells, numbers): (usize, Vec<String>, Vec<bool>)| {
        let cells = cells.into_iter().zip(numbers).map(|(cell, is_number)| {
            view! { <td class=is_number.then_some("number")>{cell}</td> }
        });
        view! { <tr><th scope="row" class="number">{count(index as u64 + 1)}</th>{cells.collect_view()}</tr> }
    };
    view! {
        <div class="table-scroll cells-scroll" role="region" aria-label=label tabindex="0">
            <table class="table cells">
                <thead><tr><th scope="col"><span class="hidden">"Row"</span></th>{head}</tr></thead>
                <tbody><For each=rows key=Clone::clone let:cells>{row(cells)}</For></tbody>
            </table>
        </div>
    }
}

/// What a column is called, which pandas gives its index no name for.
fn heading(column: usize, name: String) -> AnyView {
    match name.trim().is_empty() {
        true => view! { <span class="hidden">{format!("Column {}", column + 1)}</span> }.into_any(),
        false => name.into_any(),
    }
}

/// How much of it this is.
#[component]
fn End(table: Signal<Table>, more: impl Fn() + Copy + Send + Sync + 'static) -> impl IntoView {
    let state = Memo::new(move |_| {
        table.with(|table| (table.rows.len() as u64, table.more_rows, table.more_columns))
    });
    move || {
        let (rows, more_rows, more_columns) = state.get();
        let words = match (rows, more_rows) {
            (0, _) => "No rows but the first.".to_owned(),
            (1, false) => "1 row.".to_owned(),
            (rows, false) => format!("All {} rows.", count(rows)),
            (rows, true) => format!("The first {} rows. There are more.", count(rows)),
        };
        let columns = more_columns.then_some(" Not all columns are shown.");
        let can_have_more = more_rows && rows < u64::from(MOST_ROWS);
        let button = can_have_more.then(|| {
            view! { <button type="button" class="button" on:click=move |_| more()>"More rows"</button> }
        });
        view! { <div class="cells-end"><span class="muted tabular">{words}{columns}</span>{button}</div> }
    }
}
