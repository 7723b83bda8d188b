"""
A plain interpreter of the keywords of 2020-12, written to be read: the yardstick of the generated functions.

It knows nothing of references to other documents, of dynamic ones, and of formats. ``evaluate`` returns what an instance's
fields and items were evaluated by, or None where the schema refuses it.
"""

import re
from fractions import Fraction

TYPES = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: TYPES["number"](value) and value == value // 1,
}


def equal(left, right):
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(equal(left[key], right[key]) for key in left)
    return (type(left) in (int, float) and type(right) in (int, float) and left == right) or (
        type(left) is type(right) and left == right
    )


def is_valid(schema, instance, root):
    return evaluate(schema, instance, root) is not None


def evaluate(schema, instance, root):
    """Return the set of evaluated fields and indexes, or None."""
    if isinstance(schema, bool):
        return set() if schema else None
    evaluated = set()
    for applied in in_place(schema, instance, root):
        if applied is None:
            return None
        evaluated |= applied
    if not asserts(schema, instance):
        return None
    children = objects if isinstance(instance, dict) else items if isinstance(instance, list) else None
    if children and not children(schema, instance, root, evaluated):
        return None
    return evaluated


def in_place(schema, instance, root):
    if "$ref" in schema:
        yield evaluate(root["$defs"][schema["$ref"].removeprefix("#/$defs/")], instance, root)
    for branch in schema.get("allOf", ()):
        yield evaluate(branch, instance, root)
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema:
            found = [evaluate(branch, instance, root) for branch in schema[keyword]]
            accepted = [one for one in found if one is not None]
            fits = len(accepted) == 1 if keyword == "oneOf" else accepted
            yield set().union(*accepted) if fits else None
    if "not" in schema:
        yield None if is_valid(schema["not"], instance, root) else set()
    if "if" in schema:
        condition = evaluate(schema["if"], instance, root)
        yield condition or set()
        yield evaluate(schema.get("else" if condition is None else "then", True), instance, root)
    if isinstance(instance, dict):
        for key, dependent in schema.get("dependentSchemas", {}).items():
            if key in instance:
                yield evaluate(dependent, instance, root)


def asserts(schema, instance):
    types = schema.get("type", list(TYPES))
    tests = [any(TYPES[name](instance) for name in ([types] if isinstance(types, str) else types))]
    if "enum" in schema:
        tests.append(any(equal(instance, choice) for choice in schema["enum"]))
    if "const" in schema:
        tests.append(equal(instance, schema["const"]))
    if TYPES["number"](instance):
        tests += [instance >= schema.get("minimum", instance), instance <= schema.get("maximum", instance)]
        tests += [instance > schema["exclusiveMinimum"]] if "exclusiveMinimum" in schema else []
        if "multipleOf" in schema:
            tests.append(Fraction(repr(instance)) % Fraction(repr(schema["multipleOf"])) == 0)
    if isinstance(instance, str):
        tests += [schema.get("minLength", 0) <= len(instance) <= schema.get("maxLength", len(instance))]
        tests += [re.search(schema.get("pattern", ""), instance) is not None]
    if isinstance(instance, list):
        tests += [schema.get("minItems", 0) <= len(instance) <= schema.get("maxItems", len(instance))]
        if schema.get("uniqueItems"):
            tests += [not equal(one, other) for index, one in enumerate(instance) for other in instance[:index]]
    if isinstance(instance, dict):
        tests += [schema.get("minProperties", 0) <= len(instance) <= schema.get("maxProperties", len(instance))]
        tests += [key in instance for key in schema.get("required", ())]
        tests += [
            name in instance
            for key, names in schema.get("dependentRequired", {}).items()
            if key in instance
            for name in names
        ]
    return all(tests)


def objects(schema, instance, root, evaluated):
    here = set()
    for key, value in instance.items():
        below = [schema["properties"][key]] if key in schema.get("properties", {}) else []
        below += [sub for pattern, sub in schema.get("patternProperties", {}).items() if re.search(pattern, key)]
        if not below and "additionalProperties" in schema:
            below = [schema["additionalProperties"]]
        if not all(is_valid(sub, value, root) for sub in below):
            return False
        here |= {key} if below else set()
        if "propertyNames" in schema and not is_valid(schema["propertyNames"], key, root):
            return False
    evaluated |= here
    if "unevaluatedProperties" in schema:
        for key in instance.keys() - evaluated:
            if not is_valid(schema["unevaluatedProperties"], instance[key], root):
                return False
        evaluated.update(instance)
    return True


def items(schema, instance, root, evaluated):
    prefix = schema.get("prefixItems", [])
    for index, value in enumerate(instance):
        sub = prefix[index] if index < len(prefix) else schema.get("items")
        if sub is not None:
            if not is_valid(sub, value, root):
                return False
            evaluated.add(index)
    if "contains" in schema:
        matching = {index for index, value in enumerate(instance) if is_valid(schema["contains"], value, root)}
        if not schema.get("minContains", 1) <= len(matching) <= schema.get("maxContains", len(matching)):
            return False
        evaluated |= matching
    if "unevaluatedItems" in schema:
        if not all(
            is_valid(schema["unevaluatedItems"], instance[index], root)
            for index in range(len(instance))
            if index not in evaluated
        ):
            return False
        evaluated |= set(range(len(instance)))
    return True


# Strict mode


def is_strictly_valid(schema, instance, root):
    return is_valid(schema, instance, root) and not list(undeclared([schema], instance, root))


def undeclared(schemas, instance, root):
    """Yield the pointer of each field of *instance*, valid by all *schemas*, that none declares at its place."""
    active = [applied for schema in schemas for applied in applying(schema, instance, root)]
    if all(says_nothing(schema) for schema in active) or any({"const", "enum"} & set(schema) for schema in active):
        return
    children = {}
    if isinstance(instance, dict):
        children = {key: (value, list(fields_below(active, key, instance, root))) for key, value in instance.items()}
    elif isinstance(instance, list):
        children = {
            index: (value, list(items_below(active, index, instance, root))) for index, value in enumerate(instance)
        }
    for token, (value, below) in children.items():
        if not below and isinstance(instance, dict):
            yield f"/{token}"
        for pointer in undeclared(below, value, root):
            yield f"/{token}{pointer}"


def says_nothing(schema):
    return not set(schema) - {"$schema", "$defs", "$ref", "allOf", "description"}


def applying(schema, instance, root):
    """Yield *schema* and what it applies in place, where that accepts; booleans say nothing."""
    if isinstance(schema, bool):
        return
    yield schema
    applied = list(schema.get("allOf", ()))
    if "$ref" in schema:
        applied.append(root["$defs"][schema["$ref"].removeprefix("#/$defs/")])
    for keyword in ("anyOf", "oneOf"):
        applied += [branch for branch in schema.get(keyword, ()) if is_valid(branch, instance, root)]
    if "if" in schema:
        accepted = is_valid(schema["if"], instance, root)
        applied += [schema["if"], schema.get("then", True)] if accepted else [schema.get("else", True)]
    if isinstance(instance, dict):
        applied += [dependent for key, dependent in schema.get("dependentSchemas", {}).items() if key in instance]
    for below in applied:
        yield from applying(below, instance, root)


def fields_below(active, key, instance, root):
    for schema in active:
        named = [schema["properties"][key]] if key in schema.get("properties", {}) else []
        named += [sub for pattern, sub in schema.get("patternProperties", {}).items() if re.search(pattern, key)]
        yield from named
        if not named and "additionalProperties" in schema:
            yield schema["additionalProperties"]
        if "unevaluatedProperties" in schema and key not in evaluated_beside(schema, "Properties", instance, root):
            yield schema["unevaluatedProperties"]


def items_below(active, index, instance, root):
    for schema in active:
        prefix = schema.get("prefixItems", [])
        if index < len(prefix):
            yield prefix[index]
        elif "items" in schema:
            yield schema["items"]
        if "contains" in schema and is_valid(schema["contains"], instance[index], root):
            yield schema["contains"]
        if "unevaluatedItems" in schema and index not in evaluated_beside(schema, "Items", instance, root):
            yield schema["unevaluatedItems"]


def evaluated_beside(schema, kind, instance, root):
    return (
        evaluate({key: value for key, value in schema.items() if key != f"unevaluated{kind}"}, instance, root) or set()
    )
