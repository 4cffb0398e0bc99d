"""How kernels are compiled, chosen and run on several cores."""

import subprocess
import sys

import numba
import numpy as np
import pytest

from explorer.kernels import compile_kernels, kernels, on_numba
from explorer.kernels.jit import compiled, read_only
from explorer.kernels.threads import blocks, for_each


def double(value):
    return 2 * value


def test_a_kernel_compiles_where_nothing_can_be_kept(monkeypatch):
    compile_ = numba.njit

    def refuse(*functions, cache=False, **options):
        if cache:
            raise RuntimeError("no locator available")
        return compile_(*functions, **options)

    monkeypatch.setattr(numba, "njit", refuse)
    assert compiled(double)(21) == 42


def test_a_read_only_view_shares_memory_and_refuses_writing():
    array = np.zeros(3)
    view = read_only(array)
    array[1] = 7
    assert view[1] == 7
    with pytest.raises(ValueError, match="read-only"):
        view[0] = 1


def test_results_come_in_order_from_all_cores():
    assert for_each(double, range(100)) == [2 * i for i in range(100)]


def test_an_error_in_a_thread_reaches_the_caller():
    with pytest.raises(ZeroDivisionError):
        for_each(lambda value: 1 // value, [2, 1, 0])


def test_blocks_cover_everything_once():
    assert [i for block in blocks(23, 5) for i in range(23)[block]] == list(range(23))


def test_every_kernel_can_be_compiled_ahead():
    compile_kernels()
    assert len({kernels(), on_numba}) == 1 or kernels().__name__.endswith("on_torch")


def test_the_engine_loads_without_torch_and_without_a_compiler():
    code = "import explorer.color, explorer.average, explorer.linear, explorer.hog, sys; "
    code += "sys.exit(any(name in sys.modules for name in ('torch', 'numba', 'cv2')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
