"""Checks of the project, each in an environment of its own, which constraints.txt pins by version and hash."""

import os
import shutil
import sys
from pathlib import Path

import nox

nox.needs_version = ">=2026.8.10"
nox.options.allow_parallel = True  # with --parallel or NOX_PARALLEL
nox.options.default_venv_backend = "uv"
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = False  # under CI too: the one that runs nox is always there
nox.options.sessions = ["tests", "lint", "types", "docs", "package"]

# As pip does: behind a proxy that has a certificate of its own, only the system's store knows it.
os.environ.setdefault("UV_SYSTEM_CERTS", "true")

# Where it is set, each process that a test starts would compile all that it imports again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

CURRENT = f"{sys.version_info.major}.{sys.version_info.minor}"
PYTHONS = list(dict.fromkeys([CURRENT, *nox.project.python_versions(nox.project.load_toml())]))

OLDEST = nox.project.python_versions(nox.project.load_toml())[0]

DISTRIBUTIONS = Path("dist").resolve()
CONSTRAINTS = "constraints.txt"
BUILD = ("--require-hashes", "--build-constraints", CONSTRAINTS)
INSTALL = (*BUILD, "--require-build-hashes", "--constraints", CONSTRAINTS)
RUNTIME = ("-r", "pyproject.toml")
EVERYTHING = (*RUNTIME, "--all-extras")
UNIVERSAL = ("--universal", "--python-version", OLDEST)

# conftest.py sees to it that the code blocks of a document, which share their names, stay in one process.
# More than cores: tests mostly wait.
ON_ALL_CORES = ("-n", "4")
# Built into check-jsonschema: nothing is fetched.
SCHEMAS = {
    "vendor.github-workflows": [".github/workflows/test.yml", ".github/workflows/release.yml"],
    "vendor.github-issue-config": [".github/ISSUE_TEMPLATE/config.yml"],
    "vendor.github-issue-forms": [".github/ISSUE_TEMPLATE/bug.yml", ".github/ISSUE_TEMPLATE/feature.yml"],
    "vendor.dependabot": [".github/dependabot.yml"],
    "vendor.readthedocs": [".readthedocs.yaml"],
}

# Run where nothing but the runtime dependencies is installed.
IMPORT_ALONE = """
import importlib.util

import musement_async

for name in musement_async.__all__:
    getattr(musement_async, name)
strangers = [name for name in ("cyclopts", "rich", "starlette", "trio", "uvicorn") if importlib.util.find_spec(name)]
raise SystemExit(f"installed, and should not be: {strangers}" if strangers else 0)
"""


@nox.session
def build(session: nox.Session) -> None:
    """Build the source distribution, and from it the wheel that the other sessions install."""
    shutil.rmtree(DISTRIBUTIONS, ignore_errors=True)
    session.run("uv", "build", *BUILD, "--quiet", "--out-dir", str(DISTRIBUTIONS))


@nox.session(python=PYTHONS, requires=["build"])
def tests(session: nox.Session) -> None:
    """Run the quick tests against the wheel; on the Python that runs nox, count branches, and miss none."""
    session.install(*INSTALL, *EVERYTHING, "--group", "test")
    _install_wheel(session)
    if session.python != CURRENT:
        session.run("pytest", *ON_ALL_CORES, *session.posargs)
        return
    session.env["COVERAGE_FILE"] = str(session.env_dir / "coverage")
    session.run("coverage", "erase")
    # By its path: "-m pytest" would put the checkout before the installed wheel.
    session.run("coverage", "run", str(Path(session.bin, "pytest")), *ON_ALL_CORES, *session.posargs)
    session.run("coverage", "combine", "--quiet")
    session.run("coverage", "report", *(["--fail-under=0"] if session.posargs else []))


@nox.session(requires=["build"], default=False)
def stress(session: nox.Session) -> None:
    """Run the tests that repeat for certainty what the quick ones show once."""
    session.install(*INSTALL, *EVERYTHING, "--group", "test")
    _install_wheel(session)
    session.run("pytest", "-m", "stress", *ON_ALL_CORES, *session.posargs)


@nox.session(requires=["build"])
def tests_httpx2(session: nox.Session) -> None:
    """Run the quick tests with httpx2 in the place of httpx."""
    session.install(*INSTALL, *EVERYTHING, "--group", "httpx2")
    _install_wheel(session)
    alias = ("-p", "httpx2_alias")
    session.run("pytest", *alias, *ON_ALL_CORES, *session.posargs, env={"PYTHONPATH": "tests/plugins"})


@nox.session(python=OLDEST, requires=["build"], default=False)
def lowest(session: nox.Session) -> None:
    """Run the quick tests with the lowest version of each dependency that the library says it works with.

    The examples and the documents are left out: their workers ask for a newer taskiq than the lowest redis allows.
    """
    pins = _pin_lowest(session)
    session.install(*BUILD, "--require-build-hashes", "--constraints", pins, *EVERYTHING, "--group", "test")
    _install_wheel(session)
    session.run("pytest", *ON_ALL_CORES, *(session.posargs or ("tests", "--ignore", "tests/examples")))


@nox.session
def lint(session: nox.Session) -> None:
    """Check rules, format, the order of imports, the house rules, and what the hosting service reads."""
    session.install(*INSTALL, "--group", "lint")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("lint-imports")
    session.run("python", "tests/house_check.py")
    session.run("shellcheck", ".ci/run")
    session.run("zizmor", "--offline", "--quiet", ".github")
    for schema, files in SCHEMAS.items():
        session.run("check-jsonschema", "--quiet", "--builtin-schema", schema, *files)


@nox.session(requires=["build"])
def types(session: nox.Session) -> None:
    """Check the types: ours, those of the tests, and those that a user's type checker sees."""
    session.install(*INSTALL, *EVERYTHING, "--group", "types")
    _install_wheel(session)
    session.run("mypy")
    session.run("pyright")
    session.run("python", "tests/examples_check.py")
    # Elsewhere, or the checkout would be found before the installed wheel.
    with session.chdir(session.env_dir):
        session.run("pyright", "--verifytypes", "musement_async", "--ignoreexternal")


@nox.session(requires=["build"])
def docs(session: nox.Session) -> None:
    """Build the documentation; a warning is an error, and so is a reference that leads nowhere."""
    session.install(*INSTALL, *EVERYTHING, "--group", "docs")
    _install_wheel(session)
    session.run("sphinx-build", "--fail-on-warning", "--keep-going", "--nitpicky", "--fresh-env", "docs", "docs/_build")
    session.run("python", "docs/extensions/search_check.py", "docs/_build")


@nox.session(requires=["build"])
def package(session: nox.Session) -> None:
    """Check what would be published, and that the library works without its extras."""
    session.install(*INSTALL, *RUNTIME)
    _install_wheel(session)
    session.run("python", "-c", IMPORT_ALONE)
    said = session.run("musement", "demo", silent=True, success_codes=[1, 2]) or ""
    if len(said.splitlines()) != 1 or "the extra 'cli'" not in said:
        session.error(f"Without its extra the command should say in one line what to install, not: {said}")
    session.install(*INSTALL, "--group", "package")
    session.run("twine", "check", "--strict", *map(str, DISTRIBUTIONS.glob("musement_async-*")))
    session.run("check-wheel-contents", str(DISTRIBUTIONS))


@nox.session(requires=["build"], default=False)
def bench(session: nox.Session) -> None:
    """Print the benchmarks' ratios; ``-- --quick`` checks that each section runs."""
    session.install(*INSTALL, *EVERYTHING, "--group", "bench")
    _install_wheel(session)
    session.run("python", "benchmarks", *session.posargs)


@nox.session(requires=["build"], default=False)
def soak(session: nox.Session) -> None:
    """Make 100,000 calls under faults and cancellations, and look for what they leave behind; ``-- --calls N``."""
    session.install(*INSTALL, *EVERYTHING)
    _install_wheel(session)
    session.run("python", "tests/soak", *session.posargs)


@nox.session(requires=["build"], default=False)
def mutants(session: nox.Session) -> None:
    """Put 60 deliberate defects into the library, one at a time, and print those that no test notices."""
    session.install(*INSTALL, *EVERYTHING, "--group", "test")
    _install_wheel(session)
    session.run("python", "tests/mutants.py", *session.posargs)


@nox.session(requires=["build"], default=False)
def payloads(session: nox.Session) -> None:
    """Decode responses captured from the API: ``nox -s payloads -- FOLDER``."""
    if not session.posargs or not Path(session.posargs[0]).is_dir():
        session.skip("LEFT OUT: no folder of captured responses was given, or it is not there")
    session.install(*INSTALL, *RUNTIME)
    _install_wheel(session)
    session.run("python", "tests/payloads_check.py", *session.posargs)


@nox.session(requires=["build"], default=False)
def contract(session: nox.Session) -> None:
    """Hold the client and the local Musement against the API's description: ``nox -s contract -- openapi.json``."""
    if not session.posargs or not Path(session.posargs[0]).is_file():
        session.skip("LEFT OUT: no OpenAPI description was given, or it is not there")
    session.install(*INSTALL, *EVERYTHING, "--group", "contract")
    _install_wheel(session)
    session.run("python", "tests/contract", *session.posargs)


@nox.session(default=False)
def audit(session: nox.Session) -> None:
    """Look for known vulnerabilities in the pins and in the lower bounds; say so where no service answers."""
    session.install(*INSTALL, "--group", "audit")
    said = str(session.run("python", "tests/audit_check.py", CONSTRAINTS, _pin_lowest(session), silent=True)).strip()
    if said.startswith("LEFT OUT"):
        session.skip(said)
    session.log(said)


@nox.session(default=False)
def constraints(session: nox.Session) -> None:
    """Pin the newest versions of everything."""
    _compile(session, "--group", "dev", "--upgrade", "--output-file", CONSTRAINTS)


def _pin_lowest(session: nox.Session) -> str:
    """Pin what the library needs to its lower bounds, the rest as it is in constraints.txt; return the file's name."""
    bounds, pins = session.env_dir / "lower-bounds.txt", session.env_dir / "lowest.txt"
    session.run_install(
        *("uv", "pip", "compile", "pyproject.toml", "--all-extras", *UNIVERSAL, "--quiet", "--no-deps"),
        *("--resolution", "lowest-direct", "--output-file", str(bounds)),
    )
    # uv keeps versions and hashes that are in the output file already, wherever the bounds allow it.
    shutil.copyfile(CONSTRAINTS, pins)
    _compile(session, "--group", "test", "--constraints", str(bounds), "--output-file", str(pins))
    return str(pins)


def _compile(session: nox.Session, *options: str) -> None:
    session.run_install(
        *("uv", "pip", "compile", "pyproject.toml", "--all-extras", *UNIVERSAL, "--fork-strategy", "fewest"),
        *("--generate-hashes", "--custom-compile-command", "nox -s constraints", "--quiet", *options),
    )


def _install_wheel(session: nox.Session) -> None:
    (wheel,) = DISTRIBUTIONS.glob("*.whl")
    session.install("--no-deps", "--reinstall", str(wheel))
    session.run_install("uv", "pip", "check", silent=True)
