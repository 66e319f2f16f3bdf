"""Colours, letters and measures that charts and maps share; importing it draws nothing."""

WIDTH = 360  # points
TEXT = 10.5  # points; the smallest letters are SMALL
SMALL = 10
INK = "#1A1A1A"
SOFT = "#595959"  # 7:1 on white
LINE = "#C9CDD2"
ACCENT = "#00507D"
BAND = "#CFE3F1"
REST = "#8A9199"
EFFORT = "#A33B00"
LETTERS = "Arial,'Liberation Sans',Roboto,Helvetica,sans-serif"


def pick(lang: str, indonesian: str, english: str) -> str:
    return indonesian if lang == "id" else english


def wrap(text: str, width: int) -> str:
    """The text with line breaks, at most `width` letters a line."""
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + len(word) >= width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "\n".join([*lines, line])
