"""Reads a tool's parameters from the signature of `main`: its type hints, defaults and docstring.

Works on the syntax tree alone; nothing of the tool is executed. What cannot be said in the subset of JSON
Schema that parameters are written in is told by name, never guessed.
"""

import ast
import math
import re

SCALARS = {"str": "string", "int": "integer", "float": "number", "bool": "boolean"}
ARRAYS = {"list", "List", "Sequence", "MutableSequence", "Iterable", "Collection", "tuple", "Tuple"}
OBJECTS = {"dict", "Dict", "Mapping", "MutableMapping"}
WRAPPERS = {"Required", "NotRequired", "ReadOnly", "Final"}
MAX_DEPTH = 10
USABLE = "str, int, float, bool, list[...], dict, Literal[...], a TypedDict, and `| None` of these"


class Unmapped(Exception):
    pass


def parameters_of(tree, function):
    """`{"found": {name: definition}, "unmapped": [{"name", "message", "line"}]}`"""
    names = names_of(tree)
    descriptions = descriptions_of(ast.get_docstring(function))
    found, unmapped = {}, []
    for argument, default in arguments_of(function.args):
        try:
            definition = definition_of(argument.annotation, default, names)
        except Unmapped as error:
            unmapped.append({"name": argument.arg, "message": str(error), "line": argument.lineno})
            continue
        text = descriptions.get(argument.arg)
        if text and "description" not in definition:
            definition["description"] = text[:1024]
        found[argument.arg] = definition
    return {"found": found, "unmapped": unmapped}


def arguments_of(arguments):
    positional = arguments.args
    missing = len(positional) - len(arguments.defaults)
    defaults = [None] * max(0, missing) + list(arguments.defaults)[max(0, -missing):]
    return [*zip(positional, defaults), *zip(arguments.kwonlyargs, arguments.kw_defaults)]


def definition_of(annotation, default, names):
    value, has_value = literal(default)
    if annotation is None:
        if default is None:
            raise Unmapped("has no type: annotate it, for example `: str`")
        if not has_value or value is None:
            raise Unmapped("has no type, and its default does not tell one: annotate it")
        definition = type_of_value(value)
    else:
        definition = type_of(annotation, names, 0)
    if default is None:
        definition["required"] = True
    elif has_value and value is not None:
        definition["default"] = value
    return definition


def literal(node):
    """The JSON value that is written there, and whether one is."""
    if node is None:
        return None, False
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None, False
    return (as_json(value), True) if is_json(value) else (None, False)


def is_json(value):
    if value is None or isinstance(value, (str, bool)):
        return True
    if isinstance(value, int):
        return abs(value) < 2**53
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, (list, tuple)):
        return all(map(is_json, value))
    if isinstance(value, dict):
        return all(isinstance(key, str) and is_json(inner) for key, inner in value.items())
    return False


def as_json(value):
    if isinstance(value, (list, tuple)):
        return [as_json(inner) for inner in value]
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    return value


def type_of_value(value):
    if isinstance(value, bool):
        return {"type": "boolean"}
    for kind, name in ((str, "string"), (int, "integer"), (float, "number"), (list, "array")):
        if isinstance(value, kind):
            return {"type": name}
    return {"type": "object"}


def names_of(tree):
    """What annotations may name: aliases and classes at the top level of the code."""
    names = {}
    for statement in tree.body:
        if isinstance(statement, ast.ClassDef):
            names[statement.name] = statement
        elif isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
            if isinstance(target, ast.Name):
                names[target.id] = statement.value
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            names[statement.target.id] = statement.value
        elif type(statement).__name__ == "TypeAlias":
            names[statement.name.id] = statement.value
    return names


def type_of(node, names, depth):
    if depth > MAX_DEPTH:
        raise Unmapped("has a type that is nested too deep, or contains itself")
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            node = ast.parse(node.value, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise Unmapped(f"has a type that does not parse: {node.value[:100]!r}") from None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return union_of(alternatives(node), names, depth)
    if isinstance(node, ast.Subscript):
        return generic_of(name_of(node.value), node, names, depth)
    name = name_of(node)
    if name in names and isinstance(node, ast.Name):
        return type_of_own(names[name], name, names, depth)
    if name in SCALARS:
        return {"type": SCALARS[name]}
    if name in ARRAYS:
        return {"type": "array"}
    if name in OBJECTS:
        return {"type": "object"}
    raise unmapped(node)


def unmapped(node):
    return Unmapped(f"has the type `{ast.unparse(node)[:100]}`, which has no counterpart in JSON here; usable are {USABLE}")


def name_of(node):
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else None


def type_of_own(value, name, names, depth):
    if isinstance(value, ast.ClassDef):
        if not any(name_of(base) == "TypedDict" for base in value.bases):
            raise Unmapped(
                f"has the type `{name}`, a class; arguments come as JSON: use a TypedDict, a dict, or {USABLE}"
            )
        is_total = not any(
            word.arg == "total" and isinstance(word.value, ast.Constant) and word.value.value is False
            for word in value.keywords
        )
        return typed_dict(value, is_total, names, depth)
    if value is None:
        raise Unmapped(f"has the type `{name}`, which the code does not define")
    return type_of(value, names, depth + 1)


def typed_dict(node, is_total, names, depth):
    properties = {}
    for field in node.body:
        if not isinstance(field, ast.AnnAssign) or not isinstance(field.target, ast.Name):
            continue
        marker = name_of(field.annotation.value) if isinstance(field.annotation, ast.Subscript) else None
        definition = type_of(field.annotation, names, depth + 1)
        if marker == "Required" or (is_total and marker != "NotRequired"):
            definition["required"] = True
        properties[field.target.id] = definition
    return {"type": "object", "properties": properties}


def generic_of(name, node, names, depth):
    inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if name == "Optional":
        return union_of(inner, names, depth)
    if name == "Union":
        return union_of(inner, names, depth)
    if name == "Literal":
        return literal_of(inner)
    if name == "Annotated":
        return annotated_of(inner, names, depth)
    if name in WRAPPERS:
        return type_of(inner[0], names, depth + 1)
    if name in ARRAYS:
        kinds = [each for each in inner if not is_ellipsis(each)]
        if name in ("tuple", "Tuple") and len(kinds) != len(inner) - 1:
            raise unmapped(node)
        return {"type": "array", "items": type_of(kinds[0], names, depth + 1)}
    if name in OBJECTS:
        return {"type": "object"}
    raise unmapped(node)


def is_ellipsis(node):
    return isinstance(node, ast.Constant) and node.value is ...


def is_none(node):
    return isinstance(node, ast.Constant) and node.value is None


def alternatives(node):
    """Without recursion to the left, where long unions grow."""
    found = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        found.append(node.right)
        node = node.left
    return [node, *reversed(found)]


def union_of(nodes, names, depth):
    kinds = [type_of(node, names, depth + 1) for node in nodes if not is_none(node)]
    if not kinds:
        raise Unmapped("is only ever None")
    if all(kind == kinds[0] for kind in kinds):
        return kinds[0]
    if all(kind.keys() == {"type"} and kind["type"] in ("integer", "number") for kind in kinds):
        return {"type": "number"}
    raise Unmapped(
        "can be of several types, which parameters cannot say: choose one, or give `parameters`"
    )


def literal_of(nodes):
    values = [literal(node) for node in nodes if not is_none(node)]
    if not values or not all(has_value for _, has_value in values):
        raise Unmapped("has a Literal of values that JSON does not have")
    choices = [value for value, _ in values]
    kinds = {type_of_value(value)["type"] for value in choices}
    if len(kinds) != 1 or None in choices:
        raise Unmapped("has a Literal of values of several types")
    return {"type": kinds.pop(), "enum": choices}


def annotated_of(nodes, names, depth):
    definition = type_of(nodes[0], names, depth + 1)
    for note in nodes[1:]:
        text = note
        if isinstance(note, ast.Call):
            text = next((word.value for word in note.keywords if word.arg == "description"), None)
        if isinstance(text, ast.Constant) and isinstance(text.value, str):
            definition["description"] = " ".join(text.value.split())[:1024]
    return definition


REST = re.compile(r"^\s*:(?:param|parameter|arg|argument)\s+(?:[^:]*\s)?\*{0,2}(\w+)\s*:\s*(.*)$")
GOOGLE = re.compile(r"^(\s+)\*{0,2}(\w+)\s*(?:\([^)]*\))?\s*:\s+(.*)$")
NUMPY = re.compile(r"^\*{0,2}(\w+(?:\s*,\s*\w+)*)\s*(?::.*)?$")


def descriptions_of(docstring):
    """What the docstring says of each parameter, written the way of Google, NumPy or reST."""
    lines = (docstring or "").splitlines()[:2000]
    found = {}
    for index, line in enumerate(lines):
        rest = REST.match(line)
        if rest:
            found[rest[1]] = paragraph([rest[2]], lines[index + 1:], 0, ":")
        elif re.fullmatch(r"(Args|Arguments|Parameters|Params|Keyword Args)\s*:", line.strip()):
            read_google(lines[index + 1:], found)
        elif line.strip() == "Parameters" and index + 1 < len(lines):
            if re.fullmatch(r"-{3,}", lines[index + 1].strip()):
                read_numpy(lines[index + 2:], found)
    return found


def paragraph(parts, following, indent, stop):
    for line in following:
        text = line.strip()
        if not text or text.startswith(stop) or len(line) - len(line.lstrip()) <= indent:
            break
        parts.append(text)
    return " ".join(" ".join(parts).split())


def read_google(lines, found):
    indent = None
    for index, line in enumerate(lines):
        if line.strip() and not line[0].isspace():
            return
        match = GOOGLE.match(line)
        if not match:
            continue
        indent = indent or match[1]
        if match[1] == indent:
            found[match[2]] = paragraph([match[3]], lines[index + 1:], len(indent), "\0")


def read_numpy(lines, found):
    for index, line in enumerate(lines):
        if index + 1 < len(lines) and re.fullmatch(r"-{3,}", lines[index + 1].strip()):
            return
        match = NUMPY.match(line)
        if not match:
            continue
        text = paragraph([], lines[index + 1:], 0, "\0")
        for name in match[1].split(","):
            if text:
                found[name.strip()] = text
