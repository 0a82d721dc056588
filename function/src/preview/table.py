"""Reads the beginning of a table, whatever kind of file it is in.

Reads `{"path", "sheet", "rows"}` from standard input, and prints `{"table"}` or `{"refused"}`. It runs in a sandbox that
sees the session's files and can change none of them, under limits of its own: a file may be made to harm its reader.
"""

import sys

# What a program left there is data; here it is no module.
sys.path[:] = [folder for folder in sys.path if folder not in ("", "/workspace")]

import codecs
import collections
import csv
import datetime
import io
import itertools
import json
import os
import warnings

# What is shown: columns, characters of a cell and of all cells.
MAX_COLUMNS, MAX_CELL, MAX_CHARS = 64, 200, 1_000_000
# What is looked at: bytes of a text, rows (blank ones are passed over), names of sheets.
MAX_TEXT_BYTES, MAX_SCANNED, MAX_SHEETS = 8 << 20, 20_000, 200
# By what of its beginning a text's delimiter is judged.
SAMPLE_CHARS, SAMPLE_ROWS = 16_384, 20
# Bytes that no text has.
CONTROL = frozenset(range(32)) - frozenset(b"\t\n\v\f\r\x1a\x1b")


class Refused(Exception):
    """The file is missing, or is no table."""

    def __init__(self, error, missing=False):
        super().__init__(error)
        self.missing = missing


def read(path, sheet, rows):
    try:
        file = open(os.path.join("/workspace", path), "rb")
    except (FileNotFoundError, NotADirectoryError):
        raise Refused(f"the workspace has no file `{path}`", missing=True) from None
    except OSError as error:
        raise Refused(f"`{path}` can't be read: {error.strerror}") from None
    with file:
        magic = file.read(8)
        file.seek(0)
        kind = xlsx if magic.startswith(b"PK") else xls if magic == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" else text
        try:
            sheets, sheet, lines, is_cut = kind(file, path, sheet)
            return table(lines, rows, is_cut) | {"sheets": sheets[:MAX_SHEETS], "sheet": sheet}
        except (Refused, MemoryError):
            raise
        except Exception as error:
            what = cut(f"{type(error).__name__}: {error}")
            raise Refused(f"`{path}` is no table that can be read ({what})") from None


def table(lines, rows, is_cut):
    """The first lines, as wide as the widest; the very first names the columns."""
    found, more_rows, more_columns, chars = [], is_cut, False, 0
    for scanned, line in enumerate(lines):
        if len(found) > rows and any(line) or chars > MAX_CHARS or scanned >= MAX_SCANNED:
            more_rows = True
            break
        if not any(value not in (None, "") for value in line) or len(found) > rows:
            continue
        more_columns |= len(line) > MAX_COLUMNS
        found.append([shown(value) for value in line[:MAX_COLUMNS]])
        chars += sum(map(len, found[-1]))
    width = max(map(len, found), default=0)
    columns, *rest = [line + [""] * (width - len(line)) for line in found] or [[]]
    return {"columns": columns, "rows": rest, "more_rows": more_rows, "more_columns": more_columns}


def shown(value):
    match value:
        case None:
            text = ""
        case bool():
            text = str(value).upper()
        case datetime.datetime():
            text = value.isoformat(" ").removesuffix(" 00:00:00")
        case float() if value.is_integer() and abs(value) < 1e15:
            text = str(int(value))
        case _:
            text = str(value)
    return cut(text)


def cut(text):
    text = text if len(text) <= MAX_CELL else text[: MAX_CELL - 1] + "…"
    # Half a character can't be sent.
    return text.encode(errors="replace").decode()


# Text


def text(file, path, sheet):
    if sheet is not None:
        raise Refused(f"`{path}` is a text and has no sheets", missing=True)
    data = file.read(MAX_TEXT_BYTES + 1)
    is_cut = len(data) > MAX_TEXT_BYTES
    content = decoded(data[:MAX_TEXT_BYTES], is_cut, path)
    csv.field_size_limit(MAX_TEXT_BYTES)
    lines = parsed(content, delimiter(content, path))
    return [], None, without_last(lines) if is_cut else lines, is_cut


def decoded(data, is_cut, path):
    encodings = ["utf-8-sig", "latin-1"]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif CONTROL.intersection(data[:SAMPLE_CHARS]):
        raise Refused(f"`{path}` is no table: it is neither text nor an Excel file")
    for encoding in encodings:
        try:
            return codecs.getincrementaldecoder(encoding)().decode(data, final=not is_cut)
        except UnicodeDecodeError:
            if encoding == encodings[-1]:
                raise


def parsed(content, delimiter):
    return csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)


def without_last(lines):
    """What was cut off may have been in the last line; all of it, if that is the only one."""
    for number, (line, following) in enumerate(itertools.pairwise(itertools.chain(lines, [None]))):
        if following is not None or number == 0:
            yield line


def delimiter(content, path):
    """The one by which most lines have as many fields as the others, the first line among them, and the most fields."""
    if path.lower().endswith((".tsv", ".tab")):
        return "\t"
    best, most = ",", (0, False, 0)
    for candidate in ",;\t|":
        lines = itertools.islice(parsed(content[:SAMPLE_CHARS], candidate), SAMPLE_ROWS)
        widths = [len(line) for line in lines if line]
        width, agree = max(collections.Counter(widths).items(), key=lambda item: item[::-1], default=(0, 0))
        if width > 1 and (score := (agree / len(widths), widths[0] == width, width)) > most:
            best, most = candidate, score
    return best


# Excel


def chosen(names, sheet, path):
    if not names:
        raise Refused(f"`{path}` has no sheet with cells")
    if sheet is not None and sheet not in names:
        there = ", ".join(f"`{cut(name)}`" for name in names[:20])
        raise Refused(f"`{path}` has no sheet `{cut(sheet)}`; it has {there}", missing=True)
    return sheet if sheet is not None else names[0]


def without_trailing(line):
    width = max((number for number, value in enumerate(line, 1) if value not in (None, "")), default=0)
    return line[:width]


def xlsx(file, path, sheet):
    import openpyxl

    book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    names = [cells.title for cells in book.worksheets]
    sheet = chosen(names, sheet, path)
    cells = book.worksheets[names.index(sheet)]
    # What a file says of its size need not be so.
    cells.reset_dimensions()
    lines = cells.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True)
    return [cut(name) for name in names], sheet, map(without_trailing, lines), False


def xls(file, path, sheet):
    import xlrd

    book = xlrd.open_workbook(file_contents=file.read(), on_demand=True, logfile=io.StringIO())
    sheet = chosen(book.sheet_names(), sheet, path)
    cells = book.sheet_by_name(sheet)

    def value(cell):
        match cell.ctype:
            case xlrd.XL_CELL_DATE:
                return xlrd.xldate_as_datetime(cell.value, book.datemode)
            case xlrd.XL_CELL_BOOLEAN:
                return bool(cell.value)
            case xlrd.XL_CELL_ERROR:
                return xlrd.error_text_from_code.get(cell.value, "#ERROR")
            case _:
                return cell.value

    lines = ([value(cell) for cell in cells.row(row)[: MAX_COLUMNS + 1]] for row in range(cells.nrows))
    return [cut(name) for name in book.sheet_names()], sheet, map(without_trailing, lines), False


def main():
    warnings.simplefilter("ignore")
    try:
        answer = {"table": read(**json.loads(sys.stdin.buffer.read()))}
    except Refused as refused:
        answer = {"refused": {"error": str(refused), "missing": refused.missing}}
    print(json.dumps(answer, ensure_ascii=False))


if __name__ == "__main__":
    main()
