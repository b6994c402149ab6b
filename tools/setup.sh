#!/bin/sh
# Makes .venv equal to requirements.lock and adds this project; does nothing if that is done already.
# PYTHON names the interpreter to use; without it a suitable one is looked for.
set -eu

installed=.venv/installed
wanted() { pwd; cat requirements.lock; }
is_done() { [ -x .venv/bin/python ] && wanted | cmp -s - "$installed"; }
if is_done; then exit 0; fi

# Of what pip, uv, conda and Python are told by variables, only the way to the packages counts here. All else could
# move the installation, or leave parts of it out.
for name in $(env | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/\1/p'); do
    case $name in
        PYTHON | *INDEX* | *FIND_LINKS | *CONFIG_FILE | *CACHE_DIR | *OFFLINE | *PROXY* | *CERT* | *TLS) ;;
        *HOST | *KEYRING* | *TIMEOUT | *RETRIES | *LINK_MODE | PIP_USE_*) ;;
        PIP_* | UV_* | CONDA_* | PYTHON* | VIRTUAL_ENV) unset "$name" ;;
    esac
done

if [ -n "${PYTHON:-}" ]; then set -- "$PYTHON"; else set -- python3 python3.13 python3.12 python3.11; fi
suits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }
for python; do
    if suits "$python"; then break; fi
    python=
done
if [ -z "$python" ]; then
    found=$("${PYTHON:-python3}" --version 2>&1 || true)
    echo "TensorFlow needs Python 3.11, 3.12 or 3.13, but found here is: ${found:-no Python}." >&2
    echo "Install one of them, or name one: make setup PYTHON=/path/to/python3.13" >&2
    exit 1
fi

if ! [ -w . ] || ! [ -w requirements.lock ]; then
    echo "$PWD cannot be written to: copy the project to a folder of your own, and run the same command there." >&2
    exit 1
fi
# One at a time: who comes second waits, and then finds it done. Some shared file systems know no such locks.
exec 9>> requirements.lock
"$python" - << 'END'
import contextlib, fcntl
try:
    fcntl.flock(9, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    print("Another make is installing into this folder: waiting for it ...", flush=True)
    fcntl.flock(9, fcntl.LOCK_EX)
except OSError:
    pass
END
if is_done; then exit 0; fi

# uv, one of the packages, installs the others several times faster than pip; pip can do without. Both compile
# the packages: where Python may not store what it compiles, each start of TensorFlow would take 15 s, not 5.
# Files of settings may move it, too. pip is told in full where to; where uv's have moved it, pip does it again.
here=.venv/bin/python
pip() {
    "$here" -m pip --python "$here" install --disable-pip-version-check \
        --no-user --target= --root=/ --prefix="$PWD/.venv" "$@"
}
uv() {
    "$here" -m uv pip install --python "$here" --quiet --compile-bytecode "$@" && "$here" -c 'import numpy' 2>/dev/null
}
install() {
    # venv does not say why its pip could not be installed.
    { "$python" -m venv --clear .venv || { "$here" -m ensurepip > /dev/null; false; }; } &&
        sed -n '/^uv==/,/^    # via/p' requirements.lock > .venv/uv.lock &&
        { { pip --require-hashes -r .venv/uv.lock && uv --require-hashes -r requirements.lock; } ||
            pip --require-hashes -r requirements.lock; } &&
        pip --quiet --no-deps --no-build-isolation -e . &&
        "$here" -m tools.doctor &&
        "$here" -c 'import matplotlib.font_manager'
}
shown() { while IFS= read -r line; do printf '%s\n' "$line" >&2; printf '%s\n' "$line"; done; }

trap 'rm -rf .venv' EXIT
trap 'exit 130' INT
trap 'exit 143' HUP TERM
packages=$(grep -c '^[a-z0-9].*==' requirements.lock)
echo "Installing up to $packages packages into .venv with $("$python" --version), about a minute ..."
exec 3>&1
failed="The packages could not be installed: the lines above say why. Nothing works without them yet."
said=$({ install >&3 || echo "$failed"; } 2>&1 | shown)
case $said in
    *"$failed") ;;
    *)
        wanted > "$installed"
        trap - EXIT
        echo "Installed into .venv."
        exit 0
        ;;
esac
case $said in
    *"No space left"* | *"quota exceeded"*)
        echo "The disk is full: make 3 GB free, then run the same command again." ;;
    *"Permission denied"* | *"Read-only file system"*)
        echo "Make the folder that they name writable, then run the same command again." ;;
    *[Hh]"ash mismatch"* | *"DO NOT MATCH THE HASHES"*)
        echo "The package index gave another file than requirements.lock names, perhaps half of it: run the same"
        echo "command again, and if that says the same, tell whoever runs the index." ;;
    *"No matching distribution"* | *onnection* | *"timed out"*)
        echo "Once the package index can be reached and has these packages, run the same command again." ;;
    *) echo "Mend what they say, then run the same command again." ;;
esac >&2
exit 1
