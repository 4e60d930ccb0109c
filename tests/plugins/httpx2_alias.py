"""A pytest plugin that makes ``import httpx`` mean ``httpx2``.

Loaded with ``-p httpx2_alias``: pytest loads such plugins before those of installed packages; respx's and ours import
httpx.
"""

import httpx2

httpx2.alias_httpx()
