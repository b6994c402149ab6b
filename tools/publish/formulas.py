"""Formulas of Markdown cells as MathML, which browsers draw without a script."""

from functools import lru_cache
from html import escape, unescape
import re

from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from tools.publish import PublishError


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
    """Return a formula as MathML; raises PublishError if latex2mathml fails or leaves a part out.

    Bars stand close to what they enclose: |a|. Functions stand apart from what follows, by TeX's
    thin space of 1/6 em: ln a.
    """
    braces = re.sub(r"\\.", "", latex)
    try:
        mathml = convert(latex, display=display)
    except Exception as error:
        raise PublishError(f"the equation {latex!r} does not parse: mend it.") from error
    if braces.count("{") != braces.count("}") or "\\" in unescape(mathml):
        raise PublishError(f"the equation {latex!r} does not parse: mend it.")
    bar = '<mo stretchy="false">&#x0007C;'
    mathml = mathml.replace(bar, bar.replace(">", ' lspace="0" rspace="0">'))
    return re.sub(r"(<mi>[a-z]{2,}</mi>)(?=<m(?!o|row))", r'\1<mspace width="0.167em"/>', mathml)
