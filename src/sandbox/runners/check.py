"""Static checks of a tool's code. Runs as a call itself; `source` is parsed, never executed."""

import ast
import warnings


def main(source):
    warnings.simplefilter("ignore")
    return {"message": "checked", "rawData": problems_of(source)}


def problems_of(source):
    try:
        tree = ast.parse(source, "tool.py")
        compile(tree, "tool.py", "exec", dont_inherit=True)
    except SyntaxError as error:
        return [problem(f"Syntax error: {error.msg}.", error.lineno)]
    except (RecursionError, MemoryError):
        return [problem("The code is nested too deep to be parsed.", None)]
    except ValueError as error:
        return [problem(f"The code cannot be parsed: {error}.", None)]
    main_node = None
    for statement in tree.body:
        if defines_main(statement):
            main_node = statement
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
