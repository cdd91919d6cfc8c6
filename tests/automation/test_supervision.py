"""Children are kept alive, and none outlives its parent."""

import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import psutil
import pytest

from automation.supervision import Child, supervise
from tests.running import wait_until

pytestmark = pytest.mark.program
OBEDIENT = textwrap.dedent(
    """
    import sys, threading, time
    from automation.supervision import stop_with_parent
    done = threading.Event()
    stop_with_parent(done.set)
    open(sys.argv[1], "a").write("started\\n")
    done.wait()
    """
)


def started(path: Path) -> int:
    return path.read_text().count("started") if path.exists() else 0


def test_a_child_that_dies_is_started_again_and_all_end_when_told(tmp_path: Path) -> None:
    path = tmp_path / "log"
    child = Child("uji", [sys.executable, "-c", OBEDIENT, str(path)])
    stop = threading.Event()
    thread = threading.Thread(target=supervise, args=([child], stop))
    thread.start()
    try:
        wait_until(lambda: started(path) == 1, 10, "the child starts")
        assert child.process is not None
        child.process.kill()
        wait_until(lambda: started(path) == 2, 10, "it is started again")
    finally:
        stop.set()
        thread.join(15)
    assert not thread.is_alive()
    assert child.process is not None
    assert child.process.poll() == 0


def test_a_child_that_keeps_failing_is_not_started_in_a_frenzy(tmp_path: Path) -> None:
    path = tmp_path / "log"
    child = Child("uji", [sys.executable, "-c", f"open({str(path)!r}, 'a').write('started\\n'); raise SystemExit(3)"])
    stop = threading.Event()
    thread = threading.Thread(target=supervise, args=([child], stop))
    thread.start()
    time.sleep(3.0)
    stop.set()
    thread.join(15)
    assert 1 <= started(path) <= 3


def test_children_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "log"
    program = textwrap.dedent(
        f"""
        import sys, threading
        from automation.supervision import Child, supervise
        supervise([Child("uji", [sys.executable, "-c", {OBEDIENT!r}, {str(path)!r}])], threading.Event())
        """
    )
    parent = subprocess.Popen([sys.executable, "-c", program])
    try:
        wait_until(lambda: started(path) == 1, 15, "the child starts")
        (child,) = psutil.Process(parent.pid).children()
        parent.kill()
        parent.wait()
        child.wait(timeout=10)
    finally:
        parent.kill()
        parent.wait()
