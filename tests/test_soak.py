"""The soak runs; its figures need more calls than a test has time for."""

import subprocess
import sys
from pathlib import Path

SOAK = Path(__file__).with_name("soak")


def test_a_short_soak_says_what_was_left_behind_by_the_client_and_by_httpx_alone() -> None:
    command = [sys.executable, str(SOAK), "--calls", "300", "--seconds", "20"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=55, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.startswith("MusementClient on httpcore\n  calls       300 in ")
    assert "\nMusementClient on aiohttp\n" in result.stdout
    assert "\nhttpx.AsyncClient, " in result.stdout
    assert result.stdout.count("  left behind ") == 3
