"""A script line cut into words: quotes, escapes and comments, and the error that names file and line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from console.domain.text import BadInput, safe_line

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "0": "\0"}
_WORD = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"#]+))')
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)")


class BadScript(BadInput):
    """A script that cannot be played; names the file and the line, and says what was expected."""

    def __init__(self, file: str, line: int, problem: str) -> None:
        """Make the sentence."""
        where = f"{safe_line(file)}, line {line}" if line else safe_line(file)
        super().__init__(f"{where}: {problem} Nothing was played; correct the line and start again.")


@dataclass(frozen=True, slots=True)
class Word:
    """One word; ``quoted`` says whether it stood in quotes."""

    text: str
    quoted: bool = False


def _unescape(match: re.Match[str]) -> str:
    code = match.group(1)
    if code[0] in "ux" and len(code) > 1:
        return chr(int(code[1:], 16))
    return _ESCAPES.get(code, code)


def cut(text: str) -> tuple[Word, ...] | None:
    """Return the words of a line up to its ``#``, or None where a quote is left open."""
    words: list[Word] = []
    position = 0
    while match := _WORD.match(text, position):
        quoted = match.group(1)
        words.append(Word(match.group(2)) if quoted is None else Word(_ESCAPE.sub(_unescape, quoted), True))
        position = match.end()
    rest = text[position:].strip()
    return tuple(words) if not rest or rest.startswith("#") else None


@dataclass(slots=True)
class Reader:
    """Takes words one after the other; every refusal names the file and the line."""

    file: str
    line: int
    words: tuple[Word, ...]
    position: int = field(default=0)

    def fail(self, problem: str) -> BadScript:
        """Return the error to raise."""
        return BadScript(self.file, self.line, problem)

    def more(self) -> bool:
        """Say whether words are left."""
        return self.position < len(self.words)

    def peek(self) -> str:
        """Return the next unquoted word without taking it; empty at the end or before a quote."""
        if not self.more() or self.words[self.position].quoted:
            return ""
        return self.words[self.position].text

    def take(self, expected: str) -> str:
        """Take the next word; ``expected`` says in plain words what should stand there."""
        if not self.more():
            raise self.fail(f"the line ends where {expected} should follow.")
        self.position += 1
        return self.words[self.position - 1].text

    def skip(self, *words: str) -> bool:
        """Take ``words`` where they stand next; say whether they did."""
        ahead = self.words[self.position : self.position + len(words)]
        if tuple(w.text for w in ahead if not w.quoted) != words:
            return False
        self.position += len(words)
        return True

    def need(self, *words: str) -> None:
        """Take ``words``, which must stand next."""
        if not self.skip(*words):
            raise self.fail(f'"{" ".join(words)}" should stand {self._where()}.')

    def number(self) -> str:
        """Take a telephone number written in groups of digits; returns its digits and a leading +."""
        groups: list[str] = []
        while self.more() and re.fullmatch(r"\+?[0-9*]+", self.peek()):
            groups.append(self.take("a number"))
        if not groups:
            raise self.fail(f"a telephone number should stand {self._where()}.")
        return "".join(groups)

    def extension(self) -> str:
        """Take an extension such as 1001."""
        text = self.take("an extension such as 1001")
        if not re.fullmatch(r"[0-9]{2,6}", text):
            raise self.fail(f'"{safe_line(text, 40)}" is not an extension such as 1001.')
        return text

    def whole(self, what: str) -> int:
        """Take a whole number."""
        text = self.take(what)
        if not re.fullmatch(r"[0-9]{1,7}", text):
            raise self.fail(f'"{safe_line(text, 40)}" is not {what}.')
        return int(text)

    def end(self) -> None:
        """Refuse words that nothing has asked for."""
        if self.more():
            raise self.fail(f'nothing is known to do with "{safe_line(self.words[self.position].text, 40)}" here.')

    def _where(self) -> str:
        if not self.more():
            return "at the end of the line"
        return f'where "{safe_line(self.words[self.position].text, 40)}" stands'


def reader_of(file: str, number: int, text: str) -> Reader | None:
    """Return the reader of one line, None for an empty one; raises :class:`BadScript` for a quotation left open."""
    words = cut(text)
    if words is None:
        raise BadScript(file, number, "a quotation mark is not closed.")
    return Reader(file, number, words) if words else None
