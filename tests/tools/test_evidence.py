"""Slides show what cells printed, in larger letters: never a number that is not stored."""

from bs4 import BeautifulSoup
import pytest

from tools.publish import PublishError
from tools.publish.evidence import shown_as

TEXT = "untrained: test loss 0.6964, test accuracy 0.5160\n83.5% <praise>, -1\n"


def html(text: str, show: dict, code: str = "") -> BeautifulSoup:
    return BeautifulSoup(shown_as(text, show, code) or "", "html.parser")


@pytest.mark.parametrize("kind", ["cards", "bars"])
def test_numbers_are_those_that_were_printed(kind: str) -> None:
    """In the order of the text, which JSON does not change, beside the metadata's names."""
    page = html(TEXT, {kind: {"accuracy < 1": r"accuracy ([\d.]+)", "loss": r"loss ([\d.]+)"}})
    assert [name.text for name in page("dt")] == ["loss", "accuracy < 1"]
    assert [value.text for value in page("dd")] == ["0.6964", "0.5160"]


def test_minus_and_powers_of_cards_are_set_as_such() -> None:
    page = html("10^-3 -0.5 low-key", {"cards": {n: f"({n}\\S+)" for n in ("10", "-0", "low")}})
    assert [value.decode_contents() for value in page("dd")] == [
        "10<sup>−3</sup>",
        "−0.5",
        "low-key",
    ]


def test_bars_are_as_long_as_their_numbers() -> None:
    """Fractions and percentages: to 1 and 100; other numbers, and small ones: to the largest."""
    for text, whole, lengths in (
        ("0.5 0.25", "1", ["0.5", "0.25"]),
        ("50% 25%", "100", ["50", "25"]),
        ("5,000 250", "5000", ["5000", "250"]),
        ("0.02 0.01", "0.02", ["0.02", "0.01"]),
    ):
        bars = html(text, {"bars": {"a": r"^(\S+)", "b": r"(\S+)$"}})("meter")
        assert [bar["max"] for bar in bars] == [whole] * 2
        assert [bar["value"] for bar in bars] == lengths


def test_printed_table_is_a_table_with_its_numbers_to_the_right() -> None:
    page = html("model      median  spread\nstacked RNN  0.504  0.49 to 0.51\n", {"table": True})
    assert [cell.text for cell in page("th")] == ["model", "median", "spread"]
    assert [cell.text for cell in page("td")] == ["stacked RNN", "0.504", "0.49 to 0.51"]
    assert [cell.get("class") for cell in page("td")] == [None, ["number"], ["number"]]


def test_quoted_paragraphs_end_where_the_metadata_say() -> None:
    """At a word's end, with three dots; blank lines between them are no quotations."""
    page = html("many people <judge> it\n\nlabel: 1\n", {"quote": 15})
    assert [quote.text for quote in page("blockquote")] == ["many people …", "label: 1"]


def test_answer_to_a_question_is_a_sentence_with_its_option() -> None:
    page = html("1.q8: right. One row\nfor <all>.\n", {}, 'check("1.q8", "d")\n')
    assert page.p["data-option"] == "d"
    assert page.p.text == "d One row for <all>."
    assert shown_as("1.q8: not yet.", {}, 'check("1.q8", "a")') is None
    assert shown_as("4", {}, "print(4)") is None


@pytest.mark.parametrize(
    ("show", "message"),
    [
        ({"cards": {"gain": r"gain ([\d.]+)"}}, "its card 'gain' looks for"),
        ({"cards": {"loss": r"loss [\d.]+"}}, "finds no group in the stored text"),
        ({"bars": {"loss": r"(loss)"}}, "its bar shall be as long as 'loss', which is no number"),
        ({"table": True}, "its lines have [1, 1] columns"),
        ({"bars": {"below": r"(-\d)"}}, "bars begin at 0"),
    ],
)
def test_what_the_text_does_not_hold_is_refused(show: dict, message: str) -> None:
    """A card must not outlive its number: the deck is not built."""
    with pytest.raises(PublishError) as raised:
        shown_as(TEXT, show, "")
    assert message in str(raised.value)
