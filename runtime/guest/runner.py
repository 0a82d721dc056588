"""Runs one program as a script and as a notebook cell at once.

This module is part of the image: it is imported while the image is built, and `run` is called once in
each fresh instance. What the program did is told to the host through the door (`_host.call`), one JSON
frame a message; standard output and error go to the host as they are written.

The program shares the interpreter with this module and may break it, on purpose or not. That harms
nobody else: the host trusts nothing that comes through the door, and names are bound here early only so
that an honest program which replaces `print` or `json` still gets its result.
"""

import _host
import ast
import atexit
import base64
import builtins
import gc
import io
import json
import linecache
import os
import random
import site
import sys
import tempfile
import time
import traceback
import types
from asyncio.selector_events import BaseSelectorEventLoop

try:
    import numpy
    from matplotlib import pyplot
    from matplotlib.figure import Figure
except ImportError:  # an image of the standard library alone
    numpy = pyplot = None
    Figure = type("Figure", (), {})

__all__ = ["run"]

# A traceback or a repr longer than this helps nobody, least of all a model.
MAX_TEXT = 64 * 1024

_dumps, _loads, _call = json.dumps, json.loads, _host.call
_THIS_FILE = __file__ = "<vivarium>"


def install(environment):
    """Makes the interpreter a program's, as far as that is the same in every run. Part of the image."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir("/workspace")
    sys.path.insert(0, "/workspace")
    # As `python -u`: what is written leaves at once, also without a newline.
    sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)), encoding="utf-8", errors="replace")
    sys.stdout = _stream(1, "<stdout>")
    sys.stderr = _stream(2, "<stderr>")
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr
    # An event loop wakes itself through a socket; there is none here, and no thread that would wake it.
    BaseSelectorEventLoop._make_self_pipe = BaseSelectorEventLoop._close_self_pipe = lambda loop: None
    # A program that prints its own stack sees its own frames.
    traceback.walk_stack = _users_stack
    if pyplot:
        pyplot.show = _figures.show
        Figure.show = lambda figure, *args, **kwargs: _figures.show_one(figure)
    builtins.display = _display
    # What `site` gives every script: `exit`, `quit`, `help`.
    site.setquit()
    site.sethelper()


def _stream(descriptor, name):
    raw = io.FileIO(descriptor, "w", closefd=False)
    raw.name = name
    return io.TextIOWrapper(raw, encoding="utf-8", errors="backslashreplace", newline="\n", write_through=True)


def renew():
    """Makes the randomness this instance's own, which the image froze. Called before the program is known."""
    random.seed()
    if numpy:
        # What `numpy.random.seed()` does, without its detours.
        words = numpy.frombuffer(os.urandom(624 * 4), dtype=numpy.uint32)
        numpy.random.set_state(("MT19937", words, 624, 0, 0.0))
    tempfile._name_sequence = None


def run(spec_json):
    """Runs the program that the host describes, and reports how it ended."""
    spec = _loads(spec_json)
    sys.argv = [spec["script"]]
    _figures.prefix = spec["figure_prefix"]
    module = _main_module(spec["script"])
    program = []
    ending = _guarded(_compile, spec, program)
    if program:
        ending = _guarded(_execute, *program, module)
    else:
        ending["compiled"] = False
    after = _guarded(_wind_down, module)
    if ending["outcome"] == "ok":
        ending = after
    _send({"type": "finished", **ending})


def _main_module(script):
    module = types.ModuleType("__main__")
    module.__file__ = script
    module.__builtins__ = builtins
    sys.modules["__main__"] = module
    return module


def _compile(spec, program):
    """Puts the statements into `program`, and the expression that they end with, if they do.

    Both are compiled before either runs: some errors are found only now, as `return` outside a function.
    """
    # A byte order mark is allowed at the beginning of a file.
    source, script = spec["code"].removeprefix("\ufeff"), spec["script"]
    # The file may be changed or deleted by the time a traceback wants its lines.
    linecache.cache[script] = (len(source), None, source.splitlines(keepends=True), script)
    tree = compile(source, script, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not source.rstrip().endswith(";"):
        last = ast.Expression(tree.body.pop().value)
    statements = compile(tree, script, "exec", dont_inherit=True)
    program += statements, last and compile(last, script, "eval", dont_inherit=True)


def _execute(statements, last, module):
    namespace = module.__dict__
    exec(statements, namespace)
    if last is not None:
        value = eval(last, namespace)
        if value is not None:
            namespace["_"] = value
            _display(value)


def _wind_down(module):
    """What a process does at its end, and a notebook at the end of a cell."""
    _figures.show()
    atexit._run_exitfuncs()
    _flush_files()
    # Finalizers run, as they would: the program's names go, then what only they held.
    namespace = module.__dict__
    for name in list(namespace):
        if name != "__builtins__":
            namespace[name] = None
    gc.collect()


def _flush_files():
    """Writes out every file that the program left open: CPython does so when it finalizes."""
    writers = [o for o in gc.get_objects() if isinstance(o, (io.TextIOWrapper, io.BufferedWriter, io.BufferedRandom))]
    for writer in sorted(writers, key=lambda w: not isinstance(w, io.TextIOWrapper)):
        try:
            if not writer.closed and writer.writable():
                writer.flush()
        except (OSError, ValueError):
            traceback.print_exc()


def _guarded(function, *arguments):
    """Calls it, and says how it ended in the host's terms."""
    try:
        function(*arguments)
    except SystemExit as exit:
        return _exit(exit.code)
    except BaseException as error:
        return _failure(error)
    return {"outcome": "ok", "returncode": 0}


def _exit(code):
    if code is None or code == 0:
        return {"outcome": "ok", "returncode": 0}
    value = _bounded(str(code))
    if not isinstance(code, int):
        print(value, file=sys.stderr)
        code = 1
    return {"outcome": "exit", "returncode": code & 0xFF, "name": "SystemExit", "value": value}


def _failure(error):
    hook = sys.excepthook
    if hook is not sys.__excepthook__:
        # The program chose how its errors are shown; what it shows is its standard error.
        try:
            hook(type(error), error, _users_part(error.__traceback__))
        except SystemExit as exit:
            return _exit(exit.code)
        except Exception:
            traceback.print_exc()
    try:
        value = str(error)
    except Exception:
        value = "<exception str() failed>"
    ending = {
        "outcome": "exception",
        "returncode": 1,
        "name": type(error).__name__,
        "value": _bounded(value),
        "traceback": _bounded(_format(error)),
    }
    if isinstance(error, OSError):
        ending["errno"] = error.errno
    if isinstance(error, (KeyError, AttributeError)):
        ending["context"] = _context(error)
    return ending


def _format(error):
    try:
        report = traceback.TracebackException(type(error), error, error.__traceback__, compact=True)
        _strip(report, set())
        return "".join(report.format()).replace(_NO_SITE, "")
    except MemoryError:
        return f"{type(error).__name__}\n"
    except Exception:
        return f"{type(error).__name__}: the traceback could not be made\n"


# What Python adds to a missing module's name here, though there are no site-packages to enable.
_NO_SITE = (
    ". Site initialization is disabled, did you forget to add the site-packages directory to sys.path"
    " or to enable your virtual environment?"
)


def _strip(report, seen):
    """Drops this module's frames from a report and from everything it was caused by."""
    if report is None or id(report) in seen:
        return
    seen.add(id(report))
    report.stack[:] = [frame for frame in report.stack if frame.filename != _THIS_FILE]
    _strip(report.__cause__, seen)
    _strip(report.__context__, seen)
    for inner in report.exceptions or ():
        _strip(inner, seen)


_walk_stack = traceback.walk_stack
# What is on the stack below every program: this module, and the interpreter's own beginning.
_OURS = (_THIS_FILE, "<turn", "<reactor>")


def _users_stack(frame):
    if frame is None:
        frame = sys._getframe(1)
    for frame, line in _walk_stack(frame):
        if not frame.f_code.co_filename.startswith(_OURS):
            yield frame, line


def _users_part(tb):
    while tb is not None and tb.tb_frame.f_code.co_filename == _THIS_FILE:
        tb = tb.tb_next
    return tb


# More helps nobody who looks for the column that is missing.
_MAX_FRAMES, _MAX_COLUMNS, _MAX_CONTEXT = 5, 40, 4096


def _context(error):
    """Which columns there are, where pandas found one missing. Whatever goes wrong here, there is just no context."""
    try:
        frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
        DataFrame = sys.modules["pandas"].DataFrame
        if isinstance(error, KeyError):
            is_of_pandas = any(frame.f_globals.get("__name__", "").partition(".")[0] == "pandas" for frame in frames)
        else:
            is_of_pandas = issubclass(type(error.obj), DataFrame)
        return _describe_frames(DataFrame, frames) if is_of_pandas else ""
    except BaseException:
        return ""


def _describe_frames(DataFrame, frames):
    """A line for each DataFrame that the user's part of the traceback holds, the innermost first."""
    users = [frame for frame in frames if frame.f_code.co_filename.startswith("/workspace/")]
    found = {}
    for frame in users[: -_MAX_FRAMES - 1 : -1]:
        for scope in (frame.f_locals, frame.f_globals):
            for name, value in list(scope.items()):
                # `isinstance` would ask a stranger for its `__class__`, which may be a program's own code.
                if issubclass(type(value), DataFrame) and len(found) < _MAX_FRAMES:
                    found.setdefault(id(value), (name, value))
    text = ""
    for name, value in found.values():
        names = [c if type(c) in (int, float, bool) else str(c)[:200] for c in value.columns[:_MAX_COLUMNS].tolist()]
        more = f" and {len(value.columns) - len(names)} more" if len(value.columns) > len(names) else ""
        line = f"the DataFrame `{name}` has the columns {names}{more} ({len(value)} rows)\n"
        if len(text) + len(line) <= _MAX_CONTEXT:
            text += line
    return text


def _bounded(text):
    if len(text) <= MAX_TEXT:
        return text
    half = MAX_TEXT // 2
    return f"{text[:half]}\n... {len(text) - MAX_TEXT} characters left out ...\n{text[-half:]}"


# Results


_REPRESENTATIONS = (
    ("_repr_html_", "text/html"),
    ("_repr_markdown_", "text/markdown"),
    ("_repr_latex_", "text/latex"),
    ("_repr_svg_", "image/svg+xml"),
    ("_repr_png_", "image/png"),
    ("_repr_jpeg_", "image/jpeg"),
    ("_repr_json_", "application/json"),
)


def _display(*objects):
    """Shows objects as a notebook does. `display` in every program."""
    for value in objects:
        if isinstance(value, Figure):
            continue  # every open figure is shown when the program ends
        bundle = {"text/plain": repr(value)}
        if not isinstance(value, type):
            for method, media_type in _REPRESENTATIONS:
                shown = _representation(value, method)
                if shown is not None:
                    bundle[media_type] = shown
        _send({"type": "result", "bundle": bundle})


def _representation(value, method):
    try:
        shown = getattr(value, method, None)
        shown = shown() if callable(shown) else None
        if isinstance(shown, tuple):
            shown = shown[0]
        if isinstance(shown, bytes):
            return base64.b64encode(shown).decode("ascii")
        if shown is None or isinstance(shown, str):
            return shown
        return _dumps(shown)
    except Exception:
        return None  # as IPython does: a failing representation is one that the object lacks


class _Figures:
    """Turns open matplotlib figures into PNG results, and into files of the workspace."""

    prefix = "figure"
    _count = 0

    def show(self, *args, **kwargs):
        for number in pyplot.get_fignums() if pyplot else ():
            self.show_one(pyplot.figure(number))

    def show_one(self, figure):
        self._count += 1
        name = f"{self.prefix}_{self._count}.png"
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png")
        png = buffer.getvalue()
        pyplot.close(figure)
        _send({"type": "result", "bundle": {"text/plain": repr(figure), "image/png": base64.b64encode(png).decode("ascii")}})
        with open(os.path.join("/workspace", name), "wb") as file:
            file.write(png)


_figures = _Figures()


def _send(message):
    _call(_dumps(message).encode("utf-8", "backslashreplace"))
