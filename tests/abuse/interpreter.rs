//! The interpreter's own internals: native code, frames, limits of the stack.

use api::python::Outcome;

use super::{Ends, Prints, Raises, attempts};

attempts! {
    native_code_by_ctypes:
        "import ctypes; print({denied(attempt) for attempt in (lambda: ctypes.CDLL(None), lambda: ctypes.CDLL('libc.so.6'), lambda: ctypes.string_at(0, 16), lambda: ctypes.memset(0, 0, 1), lambda: ctypes.c_int.from_address(0))}, denied(lambda: ctypes.pythonapi))"
        => Prints("{'OSError'} AttributeError\n");
    native_code_by_a_library:
        "import _imp; open('a.so', 'wb').write(b'\\x7fELF'); print(denied(lambda: _imp.create_dynamic(None)), denied(lambda: __import__('importlib.machinery').machinery.ExtensionFileLoader('a', 'a.so').create_module(None)))"
        => Prints("AttributeError AttributeError\n");
    native_code_by_cffi:
        "print(denied(lambda: __import__('cffi').FFI().dlopen(None)))" => Prints("ModuleNotFoundError\n");
    walking_the_frames:
        "import sys
frame, files = sys._getframe(), set()
while frame: files.add(frame.f_code.co_filename); frame = frame.f_back
print(denied(lambda: next(name for name in files if 'secret' in name)))"
        => Prints("StopIteration\n");
    breaking_what_runs_it_harms_only_itself:
        "import sys
frame = sys._getframe()
while frame.f_back: frame = frame.f_back
frame.f_globals.clear()
frame.f_builtins.clear()"
        => Ends(Outcome::Crashed, 134);
    emptying_every_module:
        "import sys
for name, module in list(sys.modules.items()):
    if name not in ('__main__',):
        try: module.__dict__.clear()
        except Exception: pass"
        => Ends(Outcome::Crashed, 134);
    leaving_at_once_pretending_success:
        "import os; os._exit(0)" => Prints("");
    leaving_at_once_with_a_status:
        "import os; os._exit(7)" => Ends(Outcome::Exit, 7);
    recursion:
        "def f(): f()\nf()" => Raises("RecursionError: maximum recursion depth exceeded");
    recursion_without_a_limit:
        "import sys; sys.setrecursionlimit(2**31 - 1)\ndef f(): return f()\nf()" => Ends(Outcome::Memory, 137);
    recursion_in_c:
        "x = []\nfor _ in range(10**5): x = [x]\nrepr(x)" => Raises("RecursionError: Stack overflow (used 112 kB) while getting the repr of an object");
    recursion_while_comparing:
        "a, b = [], []\nfor _ in range(10**5): a, b = [a], [b]\na == b" => Raises("RecursionError: Stack overflow (used 112 kB) in comparison");
    recursion_while_pickling:
        "import pickle\nx = []\nfor _ in range(10**5): x = [x]\ntry: pickle.dumps(x)\nexcept RecursionError as error: print(error)" => Prints("Stack overflow (used 112 kB) while pickling an object\n");
    recursion_while_parsing_json:
        "import json; json.loads('[' * 10**6)" => Raises("RecursionError: Stack overflow (used 112 kB) while decoding a JSON array from a unicode string");
    recursion_in_a_regular_expression:
        "import re; re.compile('(' * 10**5 + ')' * 10**5)" => Raises("RecursionError: maximum recursion depth exceeded");
    deeply_nested_parentheses:
        "eval('(' * 10**5 + ')' * 10**5)" => Raises("MemoryError: Parser stack overflowed - Python source too complex to parse");
    deeply_nested_source:
        "compile('-' * 10**6 + '1', 'x', 'eval')" => Raises("MemoryError: Parser stack overflowed - Python source too complex to parse");
    deeply_nested_blocks:
        "compile(''.join(' ' * i + 'if 1:\\n' for i in range(200)) + ' ' * 200 + 'pass', 'x', 'exec')" => Raises("IndentationError: too many levels of indentation");
    nested_attributes:
        "compile('a' + '.a' * 10**4, 'x', 'eval')" => Raises("RecursionError: Stack overflow (used 112 kB) during compilation");
    deeply_nested_attributes:
        "compile('a' + '.a' * 10**6, 'x', 'eval')" => Ends(Outcome::Crashed, 134);
    destroying_a_long_list_is_allowed:
        "class Node:\n    def __init__(self, next): self.next = next\nhead = None\nfor _ in range(10**5): head = Node(head)\ndel head\nprint('gone')" => Prints("gone\n");
    destroying_a_deep_structure_is_allowed:
        "x = None\nfor _ in range(10**5): x = (x,)\ndel x\nprint('gone')" => Prints("gone\n");
    destroying_a_structure_that_is_too_deep:
        "x = []\nfor _ in range(10**6): x = [x]\ndel x\nprint('gone')" => Ends(Outcome::Crashed, 134);
    an_endless_chain_of_exceptions:
        "error = None\nfor _ in range(10**5):\n    new = ValueError()\n    new.__cause__ = error\n    error = new\nraise error" => Raises("ValueError: the traceback could not be made");
    a_number_with_too_many_digits:
        "str(10**5000)" => Raises("ValueError: Exceeds the limit (4300 digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit");
    crashing_on_purpose:
        "import faulthandler; faulthandler._sigsegv()" => Ends(Outcome::Crashed, 134);
    tracing_itself:
        "import sys
def trace(*_): raise KeyboardInterrupt
sys.settrace(trace)
def f(): pass
f()"
        => Raises("KeyboardInterrupt");
    replacing_its_outputs:
        "import sys, os
os.close(1); os.close(2)
print('lost')"
        => Raises("OSError: [Errno 8] Bad file descriptor");
    hooks_for_the_end:
        "import atexit, sys, threading
def boom(*_): raise SystemExit(9)
atexit.register(boom)
sys.excepthook = sys.unraisablehook = boom
raise ValueError('x')"
        => Ends(Outcome::Exit, 9);
    debugging_a_process:
        "import sys; open('a.py', 'w').write('1'); sys.remote_exec(1, 'a.py')" => Raises("RuntimeError: Remote debugging is not supported on this platform");
}
