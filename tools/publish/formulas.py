"""Formulas of Markdown cells as MathML, which browsers draw without a script."""

from html import unescape
import re
from typing import Any

from jinja2 import pass_context
from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from tools.publish import PublishError


class MathMLMixin:
    """Turns the formulas of Markdown cells into MathML, which browsers draw without a script."""

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        """Return the text of a Markdown cell as HTML."""
        return markdown_to_html(source)


class _MathMLRenderer(IPythonRenderer):
    def inline_math(self, body: str) -> str:
        return _mathml(body, "inline")

    def block_math(self, body: str) -> str:
        return _mathml(body, "block")

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(rf"\begin{{{name}}}{body}\end{{{name}}}")


def markdown_to_html(source: str) -> str:
    """Return Markdown as HTML, its formulas as MathML; raises PublishError for a broken one."""
    html = MarkdownWithMath(renderer=_MathMLRenderer(escape=False)).render(source)
    return html.replace("<th></th>", "<td></td>")


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
