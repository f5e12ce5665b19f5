"""The rules of the layout, as tests: a rule that nothing checks is a wish."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "netapp"
LOW_TO_HIGH = [
    *("kernel", "extensions", "web", "audit", "jobs", "mail", "vocabulary", "people"),
    *("organisations", "membership", "groups", "directory", "safeguarding", "events", "meetings"),
    *("cpd", "conference", "library", "practice", "taking_off", "feeds", "imports", "privacy"),
    *("workflows", "desk", "site", "demo"),
]
RANK = {"errors": 0, "models": 1, "policies": 2, "queries": 2, "operations": 3, "forms": 4}
RANK |= dict.fromkeys(
    ("personal_data", "holdings", "retention", "person_references"), 2
)  # They open what queries do.
EDGE = 5  # views, manage_views, cli, jobs
PLAIN = {"kernel": 0, "workflows": 3}  # Packages whose modules all have one rank.
SHARED = {"errors", "models", "policies", "queries", "operations", "session", "registry"}
SHARED |= {"addresses", "passwords", "second_factors"}  # What people offers about signing in,
SHARED |= {"sign_ins"}  # who is signed in with this browser,
SHARED |= {"access", "personal_data"}  # What helps to take part; what is kept about people,
SHARED |= {"person_references"}  # and what points at them.
SHARED |= {"plans", "pattern_plans", "question_plans", "access_facts"}  # Values operations take.
SHARED |= {"fields"}  # The parts of a profile.
SHARED |= {"words", "kinds"}  # What things are called.
BELOW_DOMAINS = {"kernel", "extensions", "web"}
OPEN = BELOW_DOMAINS | {"workflows"}  # Of these every module is for others.
EDGE_ONLY = {"flask", "flask_login", "flask_wtf", "wtforms", "werkzeug"}
RARE = {"typst", "webauthn", "css_inline"}  # Large, and few requests need them.
EDGE_NAMES = ("views", "cli", "jobs", "worker", "session", "sign_ins")


def rank_of(package: str, module: str) -> int:
    """Modules without a name of the scheme hold values and words: they rank with models."""
    if package in PLAIN:
        return PLAIN[package]
    if module.endswith(EDGE_NAMES) or package in {"web", "site"}:
        return EDGE
    if module.endswith("forms"):
        return RANK["forms"]
    return RANK.get(module, RANK["models"])


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, "write absolute imports"
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("*/**/*.py")), ids=lambda p: str(p.relative_to(ROOT))
)
def test_module_keeps_the_rules(path: Path) -> None:
    package, module = path.relative_to(ROOT).with_suffix("").parts[:2]
    tree = ast.parse(path.read_text())
    is_package_file = path.name == "__init__.py"
    if module == "__init__":
        assert tree.body == [], "the __init__ file of a package stays empty"
    rank = rank_of(package, module)
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            late = [name for node in ast.walk(function) for name in imported(node)]
            assert {name.partition(".")[0] for name in late} <= RARE, "import at the top"
    for name in [name for node in ast.walk(tree) for name in imported(node)]:
        top, other, part = ([*name.split("."), "", ""])[:3]
        if top in EDGE_ONLY:
            assert package == "web" or rank >= RANK["forms"], f"{name} belongs at the edge"
        if top != "netapp":
            continue
        if other == package:
            assert is_package_file or rank_of(package, part) <= rank, f"{name} points up"
            continue
        assert "._" not in name, f"{name} is private"
        assert LOW_TO_HIGH.index(other) < LOW_TO_HIGH.index(package), f"{name} points up"
        shared = part in SHARED or part.endswith("_models")
        assert other in OPEN or shared, f"{name} is private"
        assert other not in {"extensions", "web"} or rank >= RANK["forms"], (
            f"{name} belongs at the edge"
        )


def test_only_the_clock_tells_the_time() -> None:
    asking = [
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        if any(ask in path.read_text() for ask in ("datetime.now(", "date.today("))
    ]
    assert asking == ["kernel/clock.py"]


def test_only_the_settings_read_the_environment() -> None:
    asking = [str(p.relative_to(ROOT)) for p in ROOT.rglob("*.py") if "os.environ" in p.read_text()]
    assert asking == []
