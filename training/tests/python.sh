# The Python that training's tests use, as $python: $PYTHON, else training/.venv, else Debian's. To be sourced, with $here = training/.
# SPDX-License-Identifier: GPL-3.0-or-later
python=${PYTHON:-$here/.venv/bin/python}
[ -x "$python" ] || python=/usr/bin/python3
export PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
