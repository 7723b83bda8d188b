"""Generated functions: code that functions of one shape share, with names and constants of their own."""

import linecache

from toolkit.validator.source import Namespace, Writer


def limited(space, least):
    """Return a function written for the limit *least*."""
    name, value, limit = space.name("check"), space.name("value"), space.bind(least, "limit")
    names = space.bind([least], "names")
    writer = Writer()
    writer.line(f"{value} = instance + 0")
    writer.line(f"{names}.append([{value} for {value} in {names}][-1])")
    writer.line(f"return {value} >= {limit}")
    return space.define(name, "instance", writer), name, names


def test_functions_of_one_shape_keep_their_own_constants_and_names():
    space = Namespace()
    (first, first_name, first_list), (second, second_name, second_list) = limited(space, 3), limited(space, 5)
    assert (first(3), first(2), second(5), second(4)) == (True, False, True, False)
    assert (space.values[first_list], space.values[second_list]) == ([3, 3, 3], [5, 5, 5])
    assert (first.__name__, second.__name__) == (first_name, second_name)
    assert first.__code__.co_code == second.__code__.co_code
    assert first.__code__.co_filename != second.__code__.co_filename
    assert linecache.getline(second.__code__.co_filename, 1) == f"def {second_name}(instance):\n"
