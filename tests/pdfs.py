"""What stands in a PDF that Chromium printed: its pages' texts, its outline, its marks."""

from pathlib import Path
import re
import zlib


class Pdf:
    """A printed file, read by what its objects say."""

    def __init__(self, path: Path) -> None:
        found = re.findall(
            rb"^(\d+) 0 obj(.*?)^endobj", path.read_bytes(), re.DOTALL | re.MULTILINE
        )
        self._objects = {int(number): body for number, body in found}
        (self._catalog,) = self._of_type("Catalog")
        self.tagged = b"/Marked true" in self._catalog and b"/StructTreeRoot" in self._catalog
        self.size = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", path.read_bytes())[0]

    def texts(self) -> list[str]:
        """Return the text of each page, without blanks."""
        return [self._text(page) for page in self._of_type("Page")]

    def drawn(self) -> list[str]:
        """Return the commands that draw each page."""
        pages = self._of_type("Page")
        return [self._stream(re.search(rb"/Contents (\d+)", page)[1]) for page in pages]

    def outline(self) -> list[str]:
        """Return the titles of the outline, in their order."""
        (outlines,) = self._of_type("Outlines")
        titles, at = [], re.search(rb"/First (\d+)", outlines)
        while at:
            entry = self._objects[int(at[1])]
            titles.append(_string(re.search(rb"/Title (<[^>]*>|\((?:\\.|[^\\)])*\))", entry)[1]))
            at = re.search(rb"/Next (\d+)", entry)
        return titles

    def _of_type(self, name: str) -> list[bytes]:
        return [
            one for one in self._objects.values() if one.startswith(f"\n<</Type /{name}\n".encode())
        ]

    def _stream(self, number: bytes) -> str:
        stream = re.search(rb"stream\r?\n(.*)\nendstream", self._objects[int(number)], re.DOTALL)[1]
        return zlib.decompress(stream).decode("latin-1")

    def _text(self, page: bytes) -> str:
        fonts = {
            name.decode(): self._letters(
                re.search(rb"/ToUnicode (\d+)", self._objects[int(font)])[1]
            )
            for name, font in re.findall(rb"/(F\d+) (\d+) 0 R", page)
        }
        text, letters = "", {}
        for font, line in re.findall(
            r"/(F\d+) [\d.]+ Tf|(<\w+> Tj|\[.*?\] TJ)",
            self._stream(re.search(rb"/Contents (\d+)", page)[1]),
        ):
            letters = fonts[font] if font else letters
            for glyphs in re.findall(r"<(\w+)>", line):
                text += "".join(letters.get(glyph, "") for glyph in re.findall("....", glyphs))
        return re.sub(r"\s", "", text)

    def _letters(self, number: bytes) -> dict[str, str]:
        """Return the letter of each glyph of a font, named by four hexadecimal digits."""
        table, letters = self._stream(number), {}
        for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
            for glyph, letter in re.findall(r"<(\w+)> <(\w+)>", block):
                letters[glyph] = bytes.fromhex(letter).decode("utf-16-be")
        for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
            for first, last, letter in re.findall(r"<(\w+)> <(\w+)> <(\w+)>", block):
                start = ord(bytes.fromhex(letter).decode("utf-16-be"))
                for index in range(int(last, 16) - int(first, 16) + 1):
                    letters[f"{int(first, 16) + index:04X}"] = chr(start + index)
        return letters


def _string(written: bytes) -> str:
    if written.startswith(b"<"):
        return bytes.fromhex(written[1:-1].decode()).decode("utf-16")
    return re.sub(rb"\\(.)", rb"\1", written[1:-1]).decode("latin-1")
