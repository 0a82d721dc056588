"""Runs once, while the image is built: imports what programs use, and warms what is slow the first time.

The host puts `PRELOAD` (names of modules), `RUNNER` (the source of runner.py) and `ENVIRONMENT` before it,
and reads what it prints.
"""

import array
import atexit
import functools
import gc
import importlib
import importlib.metadata
import io
import json
import sys
import types
import warnings

import _host


def _import():
    for name in PRELOAD:
        importlib.import_module(name)


def _open_font(path, mode="r", *args, **kwargs):
    """Reads a font into memory: matplotlib keeps a font's file open, and no descriptor outlives the image."""
    file = _open(path, mode, *args, **kwargs)
    if mode != "rb" or not str(path).endswith(".ttf"):
        return file
    with file:
        font = _Font(file.read())
    font.name = path
    return font


class _Font(io.BytesIO):
    """Has room for a name, as a file has one."""


_open = io.open


def _draw():
    """A real figure, with text, ticks, a legend and mathematics: fonts are found, glyphs are cached."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(2, 2, figsize=(8, 6))
    axes[0][0].plot([1, 2, 3], [1, 4, 9], "o-", label="line")
    axes[0][0].legend()
    axes[0][0].set(title="Title", xlabel="x label", ylabel=r"$\alpha^2$ (units)")
    axes[0][1].bar(["a", "b"], [3, 5])
    axes[1][0].scatter([1, 2, 3], [3, 1, 2], c=[1, 2, 3])
    axes[1][1].imshow([[0, 1], [1, 0]])
    axes[1][1].grid(True)
    figure.suptitle("0123456789.-+ abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    figure.tight_layout()
    for extension in ("png", "svg", "pdf"):
        figure.savefig(io.BytesIO(), format=extension)
    plt.close("all")


def _quicken():
    """Saves half of the time of a figure, which matplotlib spends on what a short program gains nothing by."""
    from matplotlib import pyplot
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.ft2font import FT2Font

    # A font's heights are read from its file anew whenever a text is laid out.
    FT2Font.get_sfnt_table = functools.lru_cache(maxsize=256)(FT2Font.get_sfnt_table)

    print_png = FigureCanvasAgg.print_png

    @functools.wraps(print_png)
    def print_png_quickly(canvas, file, *, metadata=None, pil_kwargs=None):
        # A sixth larger than with zlib's default level.
        print_png(canvas, file, metadata=metadata, pil_kwargs={"compress_level": 1, **(pil_kwargs or {})})

    FigureCanvasAgg.print_png = print_png_quickly

    @functools.wraps(pyplot.savefig)
    def savefig_quickly(*args, **kwargs):
        # Once saved, it is drawn anew for the screen; here that waits until a program asks for the pixels.
        figure = pyplot.gcf()
        result = figure.savefig(*args, **kwargs)
        figure.canvas._is_to_be_drawn = True
        return result

    pyplot.savefig = savefig_quickly
    for name in ("buffer_rgba", "tostring_argb"):
        setattr(FigureCanvasAgg, name, _drawn_first(getattr(FigureCanvasAgg, name)))


def _drawn_first(pixels):
    @functools.wraps(pixels)
    def drawn_pixels(canvas):
        if canvas.__dict__.pop("_is_to_be_drawn", False):
            canvas.draw()
        return pixels(canvas)

    return drawn_pixels


def _calculate():
    """The first use of a DataFrame builds tables inside pandas and numpy."""
    import numpy as np
    import pandas as pd

    frame = pd.DataFrame({"a": [1, 2, 3], "b": list("xyx"), "t": pd.date_range("2024-01-01", periods=3)})
    frame.groupby("b")["a"].agg(["mean", "sum"])
    frame.describe()
    frame.merge(frame, on="b")
    repr(frame)
    frame._repr_html_()
    pd.read_csv(io.StringIO(frame.to_csv()))
    pd.read_json(io.StringIO(frame.to_json()))
    np.linalg.inv(np.eye(3)) @ np.random.default_rng(0).random((3, 3))


def _install_runner():
    runner = types.ModuleType("_vivarium")
    sys.modules["_vivarium"] = runner
    exec(compile(RUNNER, "<vivarium>", "exec"), runner.__dict__)


def _make_immortal():
    """Has the host make every object immortal.

    Counting references writes to objects, and an instance pays for each page that it writes to. The
    objects of the image live as long as any run, so nothing is lost by not counting.
    """
    # Each is kept until it is immortal: freed before, its memory would be another's.
    kept = []

    def take(value, depth=0):
        kept.append(value)
        if len(kept) >= 1 << 18:
            flush()
        # What the collector does not track it does not list either.
        referents = (value.co_consts, value.co_names) if isinstance(value, types.CodeType) else gc.get_referents(value)
        if depth < 8:
            for referent in referents:
                if not gc.is_tracked(referent):
                    take(referent, depth + 1)

    def flush():
        _host.call(b"immortals" + array.array("I", map(id, kept)).tobytes())
        kept.clear()

    for value in gc.get_objects():
        take(value)
    flush()


def _forget():
    """What the imports left behind must not be in every run: exit handlers, warnings already given."""
    atexit._clear()
    for module in list(sys.modules.values()):
        if registry := getattr(module, "__warningregistry__", None):
            registry.clear()


# The filters that packages set are gone with the block: a run begins with Python's own.
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    _import()
    if "matplotlib.pyplot" in PRELOAD:
        _quicken()
        io.open = _open_font
        _draw()
        io.open = _open
    if "pandas" in PRELOAD:
        _calculate()
    _install_runner()
_forget()

_left_open = [o for o in gc.get_objects() if isinstance(o, io.FileIO) and not o.closed and o.fileno() > 2]
assert not _left_open, f"a run would find these files open, and their descriptors gone: {_left_open}"

_packages = {d.metadata["Name"]: d.version for d in importlib.metadata.distributions()}
print(json.dumps({"python_version": sys.version.split()[0], "packages": _packages, "preloaded": sorted(PRELOAD)}), flush=True)

sys.modules["_vivarium"].install(ENVIRONMENT)

# Programs are short: what they would free by collecting more often is not worth the time.
gc.set_threshold(10_000, *gc.get_threshold()[1:])
# Everything so far is permanent: a collection in a run looks only at what the run made.
gc.unfreeze()
gc.collect()
_make_immortal()
gc.freeze()
