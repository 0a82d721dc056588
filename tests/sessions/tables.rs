//! A look at a table without downloading it.

use api::files::Table;
use serde_json::json;

use crate::harness::{Reply, Server, Session, until};

fn session() -> Session<'static> {
    Server::shared().session()
}

/// A table of these lines, all that there is of it.
fn whole(columns: &[&str], rows: &[&[&str]]) -> Table {
    let line = |cells: &[&str]| cells.iter().map(ToString::to_string).collect();
    Table {
        columns: line(columns),
        rows: rows.iter().map(|row| line(row)).collect(),
        ..Table::default()
    }
}

#[track_caller]
fn table(reply: Reply) -> Table {
    reply.expect(200).json()
}

/// What comes of a text.
#[track_caller]
fn of_text(name: &str, content: impl AsRef<[u8]>) -> Table {
    let session = session();
    session.put(&format!("files/{name}"), content).expect(201);
    table(session.get(&format!("tables/{name}")))
}

#[test]
fn texts_are_read_whatever_their_delimiter_and_encoding() {
    let plain = whole(&["name", "n"], &[&["ä", "1"], &["b", "2"]]);
    for (name, content) in [
        ("a.csv", "name,n\nä,1\nb,2\n".as_bytes()),
        ("crlf.csv", "name,n\r\nä,1\r\n\r\nb,2".as_bytes()),
        ("mark.csv", "\u{feff}name,n\nä,1\nb,2\n".as_bytes()),
        ("latin.csv", b"name,n\n\xe4,1\nb,2\n"),
        ("semicolons.csv", "name;n\nä;1\nb;2\n".as_bytes()),
        ("bars.txt", "name|n\nä|1\nb|2\n".as_bytes()),
        ("a.tsv", "name\tn\nä\t1\nb\t2\n".as_bytes()),
        ("quoted.csv", "\"name\",\"n\"\n\"ä\",1\nb,2\n".as_bytes()),
        ("folder/a.csv", "name,n\nä,1\nb,2\n".as_bytes()),
    ] {
        assert_eq!(of_text(name, content), plain, "{name}");
    }
    let utf_16: Vec<u8> = "\u{feff}name\tn\nä\t1\nb\t2\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(of_text("from-excel.txt", utf_16), plain);
}

#[test]
fn what_is_quoted_stays_whole_and_lines_are_as_long_as_the_longest() {
    assert_eq!(
        of_text("a.csv", "a,b\n\"x, \"\"y\"\"\nz\",1\n2\n3,4,5\n"),
        whole(
            &["a", "b", ""],
            &[&["x, \"y\"\nz", "1", ""], &["2", "", ""], &["3", "4", "5"]]
        )
    );
    // Decimal commas.
    assert_eq!(
        of_text("b.csv", "a;b\n1,5;2,5\n3,5;4,5\n"),
        whole(&["a", "b"], &[&["1,5", "2,5"], &["3,5", "4,5"]])
    );
    assert_eq!(
        of_text("c.csv", "only\nx y\n"),
        whole(&["only"], &[&["x y"]])
    );
    assert_eq!(of_text("empty.csv", ""), whole(&[], &[]));
    assert_eq!(
        of_text("a.tsv", "a, b\n1, 2\n"),
        whole(&["a, b"], &[&["1, 2"]])
    );
}

#[test]
fn as_many_rows_as_asked_for_and_whether_there_are_more() {
    let session = session();
    let lines: String = (0..150).map(|n| format!("{n}\n")).collect();
    session
        .put("files/a.csv", format!("n\n{lines}"))
        .expect(201);
    for (query, rows, more_rows) in [
        ("", 100, true),
        ("?rows=1", 1, true),
        ("?rows=149", 149, true),
        ("?rows=150", 150, false),
        ("?rows=1000", 150, false),
    ] {
        let table = table(session.get(&format!("tables/a.csv{query}")));
        assert_eq!(
            (table.rows.len(), table.more_rows, table.more_columns),
            (rows, more_rows, false),
            "{query}"
        );
    }
    for rows in ["0", "1001", "-1", "x", ""] {
        session
            .get(&format!("tables/a.csv?rows={rows}"))
            .refused(400, "bad_request");
    }
}

#[test]
fn columns_and_cells_are_bounded() {
    for (columns, shown, more_columns) in [(64, 64, false), (65, 64, true)] {
        let line = vec!["x"; columns].join(",");
        let table = of_text("wide.csv", format!("{line}\n{line}\n"));
        assert_eq!(
            (table.columns.len(), table.rows[0].len(), table.more_columns),
            (shown, shown, more_columns)
        );
    }
    for (length, ends) in [(200, "é"), (201, "…")] {
        let table = of_text("long.csv", format!("a\n{}\n", "é".repeat(length)));
        let cell = &table.rows[0][0];
        assert_eq!(cell.chars().count(), 200);
        assert!(cell.ends_with(ends), "{cell}");
    }
}

#[test]
fn a_large_file_is_read_no_further_than_needed() {
    let session = session();
    session
        .run(
            "with open('large.csv', 'w') as file:\n    file.write('a,b\\n')\n    for _ in range(30):\n        file.write('1,2\\n' * 1_000_000)\nopen('line.csv', 'w').write('x' * (20 << 20))",
        )
        .succeeded();
    let large = table(session.get("tables/large.csv?rows=2"));
    assert_eq!(
        large,
        Table {
            more_rows: true,
            ..whole(&["a", "b"], &[&["1", "2"], &["1", "2"]])
        }
    );
    let line = table(session.get("tables/line.csv"));
    assert_eq!((line.columns.len(), line.more_rows), (1, true));
}

const WORKBOOK: &str = "
import datetime, openpyxl
book = openpyxl.Workbook()
sheet = book.active
sheet.title = 'First'
sheet.append([])
sheet.append(['when', 'n', 'ok', 'later'])
sheet.append([datetime.datetime(2024, 1, 2), 1.5, True, None])
sheet.append([datetime.datetime(2024, 1, 2, 3, 4, 5), 2.0, False, datetime.time(6, 7)])
book.create_sheet('The second')['A1'] = 'other'
book.save('a.xlsx')

# As Excel writes a formula: with the value that it had.
import xlsxwriter
book = xlsxwriter.Workbook('formula.xlsx')
sheet = book.add_worksheet()
sheet.write_row(0, 0, ['sum'])
sheet.write_formula(1, 0, '=1+1', None, 2)
book.close()
";

#[test]
fn a_workbook_is_shown_as_it_looks() {
    let session = session();
    session.run(WORKBOOK).succeeded();
    let sheets = vec!["First".to_owned(), "The second".to_owned()];
    let first = Table {
        sheets: sheets.clone(),
        sheet: Some("First".to_owned()),
        ..whole(
            &["when", "n", "ok", "later"],
            &[
                &["2024-01-02", "1.5", "TRUE", ""],
                &["2024-01-02 03:04:05", "2", "FALSE", "06:07:00"],
            ],
        )
    };
    assert_eq!(table(session.get("tables/a.xlsx")), first);
    assert_eq!(table(session.get("tables/a.xlsx?sheet=First")), first);
    let second = table(session.get("tables/a.xlsx?sheet=The%20second"));
    assert_eq!(
        second,
        Table {
            sheets,
            sheet: Some("The second".to_owned()),
            ..whole(&["other"], &[])
        }
    );
    let formula = table(session.get("tables/formula.xlsx"));
    assert_eq!(formula.rows, [["2"]]);

    let reply = session.get("tables/a.xlsx?sheet=Third");
    let reply = reply.refused(404, "not_found");
    assert!(
        reply.text().contains("it has `First`, `The second`"),
        "\n{reply}"
    );
    session.put("files/a.csv", "a\n").expect(201);
    session
        .get("tables/a.csv?sheet=First")
        .refused(404, "not_found");
}

/// The file format of Excel 5, in the smallest compound document.
const OLD_WORKBOOK: &str = "
import struct
record = lambda kind, data=b'': struct.pack('<HH', kind, len(data)) + data
begin = lambda kind: record(0x0809, struct.pack('<HHHH', 0x0500, kind, 0, 0))
label = lambda row, column, text: record(0x0204, struct.pack('<HHHH', row, column, 0, len(text)) + text)
number = lambda row, column, value: record(0x0203, struct.pack('<HHHd', row, column, 0, value))
book = lambda at: begin(5) + record(0x0085, struct.pack('<IBBB', at, 0, 0, 3) + b'Old') + record(10)
sheet = begin(16) + label(0, 0, b'name') + label(0, 1, b'n') + label(1, 0, b'x') + number(1, 1, 1.5) + record(10)
stream = (book(len(book(0))) + sheet).ljust(4096, b'\\0')

def entry(name, kind, start, size, child=-1):
    name = (name + '\\0').encode('utf-16-le')
    links = struct.pack('<HBBiii', len(name), kind, 1, -1, -1, child)
    return name.ljust(64, b'\\0') + links + bytes(36) + struct.pack('<iII', start, size, 0)

head = struct.pack('<HHHHH6xIIiIIiIiI', 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, -2, 0, -2, 0)
sectors = [-3, -2, *range(3, 10), -2]
with open('a.xls', 'wb') as file:
    file.write(bytes.fromhex('d0cf11e0a1b11ae1') + bytes(16) + head + struct.pack('<109i', 0, *[-1] * 108))
    file.write(struct.pack('<128i', *sectors, *[-1] * (128 - len(sectors))))
    file.write(entry('Root Entry', 5, -2, 0, 1) + entry('Book', 2, 2, len(stream)) + bytes(256) + stream)
";

#[test]
fn an_old_workbook_is_shown_too() {
    let session = session();
    session.run(OLD_WORKBOOK).succeeded();
    assert_eq!(
        table(session.get("tables/a.xls")),
        Table {
            sheets: vec!["Old".to_owned()],
            sheet: Some("Old".to_owned()),
            ..whole(&["name", "n"], &[&["x", "1.5"]])
        }
    );
}

#[test]
fn what_is_no_table_is_refused_with_the_reason() {
    let session = session();
    session.put("files/a.csv", [0u8, 1, 2, 255]).expect(201);
    session
        .put("files/b.xlsx", b"PK\x03\x04 and no more")
        .expect(201);
    session
        .run("import zipfile, os\nzipfile.ZipFile('c.xlsx', 'w').writestr('a.txt', 'x')\nos.mkdir('folder')")
        .succeeded();
    std::os::unix::fs::symlink("/etc/passwd", session.folder().join("link.csv")).unwrap();
    for (name, why) in [
        ("a.csv", "neither text nor an Excel file"),
        ("b.xlsx", "BadZipFile"),
        ("c.xlsx", "no table that can be read"),
        ("folder", "`folder` can't be read"),
        ("link.csv", "`link.csv` can't be read"),
    ] {
        let reply = session.get(&format!("tables/{name}"));
        let reply = reply.refused(400, "bad_request");
        assert!(reply.text().contains(why), "{name}\n{reply}");
    }
    for name in ["missing.csv", "a.csv/b"] {
        session
            .get(&format!("tables/{name}"))
            .refused(404, "not_found");
    }
    for name in ["..%2fb", "a%5cb"] {
        session
            .get(&format!("tables/{name}"))
            .refused(400, "bad_request");
    }
    Server::shared()
        .http()
        .get("/api/sessions/never-heard-of/tables/a.csv")
        .refused(404, "not_found");
}

/// A sheet whose only cell, or only row, does not end.
const BOMB: &str = "
import openpyxl, zipfile
openpyxl.Workbook().save('/tmp/a.xlsx')

def bomb(name, piece, times):
    with zipfile.ZipFile('/tmp/a.xlsx') as whole, zipfile.ZipFile(name, 'w', zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        for part in whole.namelist():
            if 'sheet1' not in part:
                out.writestr(part, whole.read(part))
        with out.open('xl/worksheets/sheet1.xml', 'w') as sheet:
            sheet.write(b'<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row r=\"1\"><c t=\"inlineStr\"><is><t>')
            for _ in range(times):
                sheet.write(piece)
            sheet.write(b'</t></is></c></row></sheetData></worksheet>')

bomb('large.xlsx', b'x' * 1_000_000, 200)
bomb('long.xlsx', b'</t></is></c><c><is><t>' * 100_000, 40)
";

#[test]
fn a_file_that_takes_too_much_is_given_up() {
    let server = Server::with()
        .variable("python_executor_memory", 300 << 20)
        .start();
    let session = server.session();
    session.run(BOMB).succeeded();
    let large = session.get("tables/large.xlsx").refused(400, "bad_request");
    assert!(
        large.text().contains("`python_executor_memory` allows")
            && large.text().contains("download the file"),
        "\n{large}"
    );
    let server = Server::shared();
    let session = server.session();
    session.run(BOMB).succeeded();
    let long = session.get("tables/long.xlsx").refused(400, "bad_request");
    assert!(
        long.text().contains("takes longer to read than 5 s"),
        "\n{long}"
    );
}

#[test]
fn a_look_changes_nothing_and_is_in_no_history() {
    let server = Server::with().start();
    let session = server.session();
    // What a program left must not run when somebody looks.
    for module in [
        "csv",
        "json",
        "codecs",
        "openpyxl",
        "encodings",
        "sitecustomize",
    ] {
        let code = "open('/workspace/ran', 'w')\nraise SystemExit('a stranger')";
        session.put(&format!("files/{module}.py"), code).expect(201);
    }
    session.put("files/a.csv", "a\n1\n").expect(201);
    let before = session.get("files").expect(200).text().to_owned();
    assert_eq!(table(session.get("tables/a.csv")), whole(&["a"], &[&["1"]]));
    assert_eq!(session.get("files").expect(200).text(), before);
    let executions: serde_json::Value = session.get("executions").expect(200).json();
    assert_eq!(executions["items"], json!([]));
    until("the run's own folders to be gone", || {
        let left = std::fs::read_dir(server.data_file("tmp")).unwrap();
        (left.count() == 0).then_some(())
    });
}
