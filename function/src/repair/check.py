"""Looks for what an operator forbids in a program, without running any of it.

Reads `{"code", "policy"}` from standard input, both as text, and prints `{"valid", "error", "findings"}`. It finds what
a program says plainly, under whatever name it says it. It is no wall, and need not be: the sandbox is.
"""

import ast
import fnmatch
import json
import sys
import warnings

KINDS = ("imports", "names", "methods", "attributes")
MAX_FINDINGS = 50
# How often a name may stand for another name, and for how many at once.
MAX_DEPTH, MAX_TARGETS = 20, 50
# The last parts of a dotted name that are looked at: a program may nest them by the thousand.
MAX_PARTS = 20
UNKNOWN = "it is only known when the program runs what this takes"


class Policy:
    """The rules, by what they forbid."""

    def __init__(self, text):
        policy = json.loads(text)
        if set(policy) != {"rules"}:
            raise ValueError("a policy has `rules` and nothing else")
        for kind in KINDS:
            setattr(self, kind, {})
        for rule in policy["rules"]:
            if not set(rule) <= {"reason", *KINDS} or not isinstance(rule["reason"], str):
                raise ValueError(f"a rule has a `reason` and some of {KINDS}, not {sorted(rule)}")
            for kind in KINDS:
                for item in rule.get(kind, ()):
                    getattr(self, kind).setdefault(item, rule["reason"])
        self.patterns = [name for name in self.names if "*" in name]
        # Modules of which something is forbidden, and not all.
        self.guarded = {name.rpartition(".")[0] for name in self.names} - {""} | {"builtins"}
        self.known = {}

    def of_module(self, module):
        """The forbidden module that this is, or is in."""
        parts = module.split(".")
        heads = (".".join(parts[:length]) for length in range(1, len(parts) + 1))
        return next((head for head in heads if head in self.imports), None)

    def of_name(self, name):
        """The forbidden name that this one is; `shutil.os.remove` is `os.remove`."""
        if name not in self.known:
            self.known[name] = self._of_name(name.removeprefix("builtins."))
        return self.known[name]

    def _of_name(self, name):
        parts = name.split(".")
        # A name without a dot is a builtin, and no other thing's attribute.
        tails = [name] + [".".join(parts[start:]) for start in range(1, len(parts) - 1)]
        for tail in tails:
            if tail in self.names:
                return tail
            if any(fnmatch.fnmatchcase(tail, pattern) for pattern in self.patterns):
                return tail
        return None

    def reason(self, name):
        if name in self.names:
            return self.names[name]
        return next(self.names[pattern] for pattern in self.patterns if fnmatch.fnmatchcase(name, pattern))


class Checker:
    """Walks a program twice: for what its names stand for, and for what it does."""

    def __init__(self, policy):
        self.policy = policy
        self.aliases = {}
        self.imported = set()
        self.stars = set()
        self.reported = set()
        self.findings = {}
        self.known = {}

    def check(self, tree):
        nodes = list(ast.walk(tree))
        for node in nodes:
            self.learn(node)
        for node in nodes:
            self.judge(node)
        return [dict(zip(("line", "what", "reason"), (*key, reason))) for key, reason in sorted(self.findings.items())]

    # What names stand for

    def learn(self, node):
        match node:
            case ast.Import():
                for item in node.names:
                    root = item.name.partition(".")[0]
                    self.name(item.asname or root, item.name if item.asname else root)
                    self.imported.add(item.asname or root)
            case ast.ImportFrom(level=0):
                for item in node.names:
                    if item.name == "*":
                        self.stars.add(node.module)
                    else:
                        self.name(item.asname or item.name, f"{node.module}.{item.name}")
                        self.imported.add(item.asname or item.name)
            case ast.Assign():
                for target in node.targets:
                    self.assign(target, node.value)
            case ast.AnnAssign() | ast.NamedExpr() if node.value is not None:
                self.assign(node.target, node.value)
            case ast.arguments():
                positional = [*node.posonlyargs, *node.args]
                defaults = [*zip(positional[len(positional) - len(node.defaults) :], node.defaults)]
                for argument, value in defaults + [*zip(node.kwonlyargs, node.kw_defaults)]:
                    self.assign(ast.Name(argument.arg), value)

    def assign(self, target, value):
        if isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List)):
            for one, its in zip(target.elts, value.elts):
                self.assign(one, its)
        elif isinstance(target, ast.Name):
            if isinstance(value, ast.NamedExpr):
                value = value.value
            chain = dotted(value)
            if chain is None and (taken := self.taken(value)):
                chain = f"{taken[0]}.{taken[1]}" if taken[0] and taken[1] else None
            if chain:
                self.name(target.id, chain)

    def name(self, name, target):
        if name != target:
            self.aliases.setdefault(name, set()).add(target)

    def meanings(self, chain):
        """What a dotted name may stand for, itself included: which of it holds where is not looked at."""
        found, new = {chain}, [chain]
        for _ in range(MAX_DEPTH):
            old, new = new, []
            for name in old:
                root, dot, rest = name.partition(".")
                targets = {target + dot + rest for target in self.aliases.get(root, ())}
                targets |= {f"{module}.{name}" for module in self.stars}
                targets = {target for target in targets - found if target.count(".") < MAX_DEPTH}
                found |= targets
                new += targets
                # What it stands for at first hand is in there, however much that is.
                if len(found) > MAX_TARGETS:
                    return found
        return found

    def forbidden(self, chain):
        """The forbidden names and modules that a dotted name may stand for, once all aliases are known."""
        if chain not in self.known:
            meanings = self.meanings(chain)
            names = {self.policy.of_name(meaning) for meaning in meanings}
            modules = {self.policy.of_module(meaning) for meaning in meanings}
            self.known[chain] = names - {None}, modules - {None}
        return self.known[chain]

    # What the program does

    def judge(self, node):
        match node:
            case ast.Import():
                for item in node.names:
                    self.module(node, item.name)
            case ast.ImportFrom(level=0):
                self.module(node, node.module)
                for item in node.names:
                    self.module(node, f"{node.module}.{item.name}")
                    self.names(node, {self.policy.of_name(f"{node.module}.{item.name}")} - {None})
            case ast.Name(ctx=ast.Load()):
                self.attribute(node, node.id)
                self.names(node, self.forbidden(node.id)[0])
            case ast.Attribute():
                self.attribute(node, node.attr)
                if isinstance(node.ctx, ast.Load):
                    self.member(node, dotted(node.value), node.attr)
            case ast.Constant(value=str()):
                # As for `operator.attrgetter`.
                self.attribute(node, node.value)
            case ast.Call() | ast.Subscript():
                if taken := self.taken(node):
                    base, attr = taken
                    if attr is not None:
                        self.member(node, base, attr)
                    elif base and (guarded := self.meanings(base) & self.policy.guarded):
                        self.add(node, f"{min(guarded)}.?", UNKNOWN)

    def module(self, node, module):
        if forbidden := self.policy.of_module(module):
            self.modules(node, {forbidden})

    def modules(self, node, forbidden):
        # What is done with a module is no news once it is known.
        for module in forbidden - self.reported:
            self.reported.add(module)
            self.add(node, module, self.policy.imports[module])

    def names(self, node, forbidden):
        for name in forbidden:
            self.add(node, name, self.policy.reason(name))

    def attribute(self, node, name):
        if name in self.policy.attributes:
            self.add(node, name, self.policy.attributes[name])

    def member(self, node, base, attr):
        """An attribute of something, which is a dotted name or is not known."""
        names, modules = self.forbidden(f"{base or '?'}.{attr}")
        self.names(node, names)
        if base and base.partition(".")[0] in self.imported:
            self.modules(node, modules)
        if attr in self.policy.methods and not names:
            self.add(node, f".{attr}()", self.policy.methods[attr])

    def taken(self, node):
        """What `getattr(os, "remove")`, `vars(os)["remove"]` and `os.__dict__["remove"]` take from where."""
        match node:
            case ast.Call(func=ast.Name() | ast.Attribute() as func, args=[base, attr, *_]):
                if not self.meanings(dotted(func) or "?") & {"getattr", "builtins.getattr"}:
                    return None
            case ast.Subscript(value=ast.Call(func=ast.Name(id="vars"), args=[base]), slice=attr):
                pass
            case ast.Subscript(value=ast.Attribute(value=base, attr="__dict__"), slice=attr):
                pass
            case _:
                return None
        return dotted(base), attr.value if isinstance(attr, ast.Constant) and isinstance(attr.value, str) else None

    def add(self, node, what, reason):
        self.findings.setdefault((node.lineno, what), reason)


def dotted(node):
    """`a.b.c`, with `?` for what is no name; nothing where there is none at all."""
    parts = []
    while isinstance(node, ast.Attribute) and len(parts) < MAX_PARTS:
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        parts.append(node.id)
    elif parts:
        parts.append("?")
    return ".".join(reversed(parts)) or None


def check(code, policy):
    policy = Policy(policy)
    try:
        # As the program will be read.
        tree = ast.parse(code.removeprefix("\ufeff"))
        return {"valid": True, "error": None, "findings": Checker(policy).check(tree)[:MAX_FINDINGS]}
    except SyntaxError as error:
        line = f" (line {error.lineno})" if error.lineno else ""
        error = f"{type(error).__name__}: {error.msg}{line}"
        return {"valid": False, "error": error, "findings": []}
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        # `MemoryError` may say nothing.
        error = f"{type(error).__name__}: {error}".removesuffix(": ")
        return {"valid": False, "error": error, "findings": []}


def main():
    warnings.simplefilter("ignore")
    asked = json.loads(sys.stdin.buffer.read())
    print(json.dumps(check(asked["code"], asked["policy"])))


if __name__ == "__main__":
    main()
