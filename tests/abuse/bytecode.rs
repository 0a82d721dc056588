//! Code objects that no compiler would make. CPython does not check them: they may crash the interpreter,
//! which is theirs alone, and never the host.

use super::{Breaks, Prints, Raises, attempts};

attempts! {
    a_code_object_of_its_own_is_allowed:
        "f = lambda: 1; print((lambda: 2).__code__.replace(co_name='x').co_name)" => Prints("x\n");

    an_opcode_that_does_not_exist:
        "exec((lambda: 0).__code__.replace(co_code=bytes([255, 0] * 50)))" => Breaks;
    a_local_that_does_not_exist:
        "import dis\ncode = (lambda: 0).__code__\nexec(code.replace(co_code=bytes([dis.opmap['RESUME'], 0, dis.opmap['LOAD_FAST'], 250, dis.opmap['RETURN_VALUE'], 0])))" => Breaks;
    // A gigabyte on, where no memory is: what is nearer may happen to be an object. `RESUME` has a cache behind it.
    a_constant_that_does_not_exist:
        "import dis\ncode = (lambda: 0).__code__\nexec(code.replace(co_code=bytes([dis.opmap['RESUME'], 0, 0, 0, dis.opmap['EXTENDED_ARG'], 16, dis.opmap['EXTENDED_ARG'], 0, dis.opmap['EXTENDED_ARG'], 0, dis.opmap['LOAD_CONST'], 0, dis.opmap['RETURN_VALUE'], 0])))" => Breaks;
    taking_from_an_empty_stack:
        "import dis\ncode = (lambda: 0).__code__\nexec(code.replace(co_code=bytes([dis.opmap['RESUME'], 0] + [dis.opmap['POP_TOP'], 0] * 1000)))" => Breaks;
    a_jump_out_of_the_code:
        "import dis\ncode = (lambda: 0).__code__\nexec(code.replace(co_code=bytes([dis.opmap['RESUME'], 0, dis.opmap['EXTENDED_ARG'], 255, dis.opmap['JUMP_FORWARD'], 255])))" => Breaks;
    no_code_at_all:
        "exec((lambda: 0).__code__.replace(co_code=b''))" => Breaks;
    marshalled_garbage:
        "import marshal; print(sorted({denied(marshal.loads, bytes([kind]) + b'\\xff' * 20) for kind in range(256)} - {'allowed: None'})[0] != '')" => Prints("True\n");
    marshal_nested_too_deep:
        "import marshal; marshal.loads(b'(\\x01\\x00\\x00\\x00' * 10**5)" => Raises("ValueError: recursion limit exceeded");
    a_pickle_that_runs_code_runs_it_inside:
        "import pickle
class A:\n    def __reduce__(self): return (print, ('inside',))
pickle.loads(pickle.dumps(A()))"
        => Prints("inside\n");
    a_pickle_that_starts_a_shell:
        "import pickle; pickle.loads(b'cos\\nsystem\\n(S\"id\"\\ntR.')" => Raises("AttributeError: module 'os' has no attribute 'system'");
}
