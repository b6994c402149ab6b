"""Formulas of Markdown cells as MathML, which browsers draw without a script."""

from functools import lru_cache
from html import escape, unescape
import re

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from tools.publish import PublishError
from tools.publish.mathml import to_mathml


class _MathMLRenderer(IPythonRenderer):
    def sanitize_url(self, url: str) -> str:
        """Return an address as it is: a page's policy lets none run or fetch anything."""
        return url

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Return a picture; `manuscript.py` takes those inside that are elsewhere."""
        alt = unescape(re.sub("<[^>]*>", "", text))
        return f'<img src="{escape(url)}" alt="{escape(alt)}" title="{escape(title or "")}">'

    def inline_math(self, body: str) -> str:
        return _mathml(body, "inline")

    def block_math(self, body: str) -> str:
        return _mathml(body, "block")

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(rf"\begin{{{name}}}{body}\end{{{name}}}")


@lru_cache(maxsize=512)
def markdown_to_html(source: str) -> str:
    """Return Markdown as HTML, its formulas as MathML; raises PublishError for a broken one."""
    renderer = _MathMLRenderer(escape=False, exclude_anchor_links=True)
    html = MarkdownWithMath(renderer=renderer).render(source).replace("<th></th>", "<td></td>")
    return re.sub(r"<table.*?</table>", r'<div class="wide">\g<0></div>', html, flags=re.DOTALL)


def _mathml(latex: str, display: str) -> str:
    """Return a formula as MathML; raises PublishError for a broken one."""
    try:
        return to_mathml(latex, display)
    except ValueError as error:
        raise PublishError(f"the equation {latex!r} does not parse: mend it.") from error
