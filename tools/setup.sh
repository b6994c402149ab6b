#!/bin/sh
# Makes .venv equal to requirements.lock and adds this project; does nothing if that is done already.
# PYTHON names the interpreter to use; without it a suitable one is looked for.
set -eu

installed=.venv/installed
wanted() { pwd; cat requirements.lock; }
if [ -x .venv/bin/python ] && wanted | cmp -s - "$installed"; then exit 0; fi

suits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }
for python in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if suits "$python"; then break; fi
    python=
done
if [ -z "$python" ]; then
    found=$("${PYTHON:-python3}" --version 2>&1 || true)
    echo "TensorFlow needs Python 3.11, 3.12 or 3.13, but found here is: ${found:-no Python}." >&2
    echo "Install one of them, or name one: make setup PYTHON=/path/to/python3.13" >&2
    exit 1
fi

packages=$(grep -c '^[a-z0-9].*==' requirements.lock)
echo "Installing up to $packages packages into .venv with $("$python" --version), about a minute ..."
"$python" -m venv --clear .venv
python=.venv/bin/python
# uv, one of the packages, installs the others several times faster than pip; pip can do without. Both compile
# the packages: where Python may not store what it compiles, each start of TensorFlow would take 15 s, not 5.
sed -n '/^uv==/,/^    # via/p' requirements.lock > .venv/uv.lock
pip() { "$python" -m pip install --disable-pip-version-check --require-hashes -r "$1"; }
{ pip .venv/uv.lock && "$python" -m uv pip install --quiet --compile-bytecode --require-hashes -r requirements.lock; } ||
    pip requirements.lock || {
    echo "The packages could not be installed: the lines above say why. Nothing works without them yet." >&2
    echo "Once the package index can be reached, run the same command again." >&2
    exit 1
}
"$python" -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
"$python" -c 'import matplotlib.font_manager'
wanted > "$installed"
echo "Installed into .venv."
