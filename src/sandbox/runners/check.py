"""Static checks of a tool's code. Runs as a call itself; `source` is parsed, never executed."""

import ast
import warnings


def main(source):
    warnings.simplefilter("ignore")
    try:
        tree = ast.parse(source, "tool.py")
        compile(tree, "tool.py", "exec", dont_inherit=True)
    except SyntaxError as error:
        return refused(problem(f"Syntax error: {error.msg}.", error.lineno))
    except (RecursionError, MemoryError):
        return refused(problem("The code is nested too deep to be parsed.", None))
    except ValueError as error:
        return refused(problem(f"The code cannot be parsed: {error}.", None))
    main_node = None
    for statement in tree.body:
        if defines_main(statement):
            main_node = statement
    parameters = {"found": {}, "unmapped": []}
    if isinstance(main_node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        parameters = parameters_of(tree, main_node)
    return {
        "message": "checked",
        "rawData": {"problems": problems_of(main_node), "imports": imports_of(tree), "parameters": parameters},
    }


def refused(found):
    nothing = {"found": {}, "unmapped": []}
    return {"message": "checked", "rawData": {"problems": [found], "imports": [], "parameters": nothing}}


def problems_of(main_node):
    if main_node is None:
        return [problem(
            "The code defines no function `main` at its top level. "
            'Add: def main(**params): return {"message": "..."}',
            None,
        )]
    if isinstance(main_node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return problems_of_main(main_node)
    if isinstance(main_node, ast.Assign) and isinstance(main_node.value, ast.Constant):
        return [problem("`main` must be a function.", main_node.lineno)]
    return []


def defines_main(statement):
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return statement.name == "main"
    if isinstance(statement, ast.Assign):
        return any(isinstance(target, ast.Name) and target.id == "main" for target in statement.targets)
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return any((alias.asname or alias.name) == "main" for alias in statement.names)
    return False


def imports_of(tree):
    """Modules that the code names outright; guarded where a `try` or a condition is around it. No recursion."""
    found = {}
    waiting = [(tree, False)]
    while waiting:
        node, guarded = waiting.pop()
        for name in imported_by(node):
            top = name.split(".")[0]
            if found.get(top, {"isGuarded": True})["isGuarded"]:
                found[top] = {"name": top, "line": node.lineno, "isGuarded": guarded}
        guarded = guarded or isinstance(node, (ast.If, ast.Try)) or type(node).__name__ == "TryStar"
        waiting.extend((child, guarded) for child in ast.iter_child_nodes(node))
    return list(found.values())


def imported_by(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module] if node.module and not node.level else []
    if isinstance(node, ast.Call) and name_of(node.func) in ("import_module", "__import__") and node.args:
        name = node.args[0]
        if isinstance(name, ast.Constant) and isinstance(name.value, str) and name.value[:1] != ".":
            return [name.value[:200]]
    return []


def problems_of_main(function):
    found = []
    kinds = [type(node) for node in own_nodes(function)]
    if ast.Yield in kinds or ast.YieldFrom in kinds:
        found.append(problem("`main` must not be a generator: use `return`, not `yield`.", function.lineno))
    elif ast.Return not in kinds:
        found.append(problem(
            '`main` has no `return`. End it with: return {"message": "..."}', function.lineno
        ))
    if function.args.posonlyargs:
        found.append(problem(
            "`main` is called with keyword arguments: remove the `/` from its parameters.",
            function.lineno,
        ))
    return found


def own_nodes(function):
    """Nodes of the function's own body, without those of functions and classes inside it."""
    waiting = list(function.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            waiting.extend(ast.iter_child_nodes(node))


def problem(message, line):
    return {"message": message, "line": line}
