"""That tests which take turns between the databases leave nothing out."""

from tests.turns import waiting


def test_one_of_each_pair_waits_and_nothing_that_is_alone():
    pairs = [f"a.py::test_{n}[{name}-x]" for n in range(40) for name in ("sqlite", "postgresql")]
    alone = ["a.py::test_alone[sqlite]"]
    names = {name: name.partition("[")[2].rstrip("]").removesuffix("-x") for name in pairs + alone}
    others = waiting(names)
    assert {name.partition("[")[0] for name in others} == {f"a.py::test_{n}" for n in range(40)}
    assert len(others) == 40
    assert {names[name] for name in others} == {"sqlite", "postgresql"}, "they take turns"


def test_who_waits_is_the_same_in_each_run():
    names = {"a.py::test_one[sqlite]": "sqlite", "a.py::test_one[postgresql]": "postgresql"}
    assert waiting(names) == waiting(dict(reversed(names.items())))
