import re
import sys
from datetime import datetime, time
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from musement_async import __version__
from musement_async.models import _base

sys.path.append(str(Path(__file__).with_name("extensions")))

project = "musement_async"
author = "The musement_async authors"
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "reference_pages"]
exclude_patterns = ["_build", "examples", "extensions"]
html_theme = "furo"
html_title = f"{project} {version}"
html_static_path = ["_static"]
html_css_files = ["brand.css"]
html_show_copyright = False  # LICENSE says it

autodoc_default_options = {"members": True}
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True  # as written: their values may be long
napoleon_numpy_docstring = False
napoleon_use_ivar = True

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

suppress_warnings = ["ref.python"]  # Python's own `type` is found in every model that has a field of that name
nitpick_ignore_regex = [
    # Other projects' names are not looked up: building needs no network.
    (r"py:.*", r"(?!musement_async\b).*"),
    # What signatures show and nobody makes.
    (
        r"py:.*",
        r"musement_async\.([\w.]+\.)?(R|T|V|_Work|ClientOptions|OrderOptions|Polling|Unset|Sellable|BinaryFile)",
    ),
]

# Fields are shown with the types their values have, not with those that tell the codec how to read them.
vars(_base).update(DateTime=datetime, Time=time, Real=float)

NOT_MADE_BY_HAND = re.compile(
    r"musement_async\.(models|resources)\..*"
    r"|musement_async\.(Checkout|Exchange|ListCall|Mirror|Page|TokenStore|WholeListCall)"
)
DEFAULT_AS_ATTRS_WRITES_IT = re.compile(r"attr_dict\['\w+'\]\.default")


def tidy_signature(
    _app: Sphinx, what: str, name: str, _obj: object, _options: object, signature: str | None, returns: str | None
) -> tuple[str | None, str | None]:
    """Leave out the signature of what only the library makes, and the code in those that attrs makes."""
    if what == "class" and NOT_MADE_BY_HAND.fullmatch(name):
        return "", returns
    return signature and DEFAULT_AS_ATTRS_WRITES_IT.sub("...", signature), returns


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("autodoc-process-signature", tidy_signature)
    return {"parallel_read_safe": True}
