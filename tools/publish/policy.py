"""What a page may do in a browser: run the scripts that it came with, and fetch nothing."""

from base64 import b64encode
from hashlib import sha256

from markupsafe import Markup


def policy(scripts: tuple[str, ...], frames: str = "'none'", connect: str = "'none'") -> Markup:
    """Return the element that tells a browser which scripts may run; all others may not.

    scripts: each as it stands in the page; frames: what the page may show within itself;
    connect: what its scripts may ask.
    A script in a text or an output of a notebook is not among them.
    """
    hashes = [b64encode(sha256(script.encode()).digest()).decode() for script in scripts]
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(f"'sha256-{one}'" for one in hashes),
        "style-src": "'unsafe-inline'",
        "img-src": "data:",
        "font-src": "data:",
        "worker-src": "blob:",
        "frame-src": frames,
        "connect-src": connect,
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    content = "; ".join(f"{name} {value}" for name, value in rules.items())
    return Markup(f'<meta http-equiv="Content-Security-Policy" content="{content}">')
