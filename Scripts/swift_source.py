"""Reads Swift source just well enough for the checks: code without comments and strings, and the extent of functions."""

import re
from pathlib import Path


def swift_files(*roots):
    """Every Swift file under the given folders, in a stable order."""
    return sorted(path for root in roots for path in Path(root).rglob("*.swift") if ".build" not in path.parts)


def blank(text, keep_comments=False):
    """Returns the text with strings (and comments) replaced by spaces; line breaks and positions stay.

    Interpolations inside strings are blanked as well: nothing that the checks look for belongs into one.
    """
    out, index, size = list(text), 0, len(text)

    def wipe(start, end):
        for position in range(start, min(end, size)):
            if out[position] != "\n":
                out[position] = " "

    while index < size:
        if text.startswith("//", index):
            end = text.find("\n", index)
            end = size if end < 0 else end
            if not keep_comments:
                wipe(index, end)
        elif text.startswith("/*", index):
            end = text.find("*/", index)
            end = size if end < 0 else end + 2
            if not keep_comments:
                wipe(index, end)
        elif text[index] in '"#' and (opening := re.compile(r'(#*)("""|")').match(text, index)):
            end = _string_end(text, opening)
            wipe(index, end)
        else:
            end = index + 1
        index = end
    return "".join(out)


def _string_end(text, opening):
    hashes, quote = opening.group(1), opening.group(2)
    escape, closing = "\\" + hashes, quote + hashes
    index = opening.end()
    while index < len(text):
        if text.startswith(escape + "(", index):
            index = _interpolation_end(text, index + len(escape) + 1)
        elif text.startswith(escape, index):
            index += len(escape) + 1
        elif text.startswith(closing, index):
            return index + len(closing)
        elif quote == '"' and text[index] == "\n":
            return index
        else:
            index += 1
    return len(text)


def _interpolation_end(text, index):
    depth = 1
    while index < len(text) and depth:
        inner = re.compile(r'(#*)("""|")').match(text, index)
        if inner:
            index = _string_end(text, inner)
            continue
        depth += {"(": 1, ")": -1}.get(text[index], 0)
        index += 1
    return index


_START = re.compile(r"(?<![\w.`])(?:func\s+[^\s(<]+|init[?!]?(?=\s*[(<])|deinit(?=\s*\{)|subscript(?=\s*[(<]))")
_STOP = re.compile(r"\n\s*(?:@|#|(?:public|package|internal|private|fileprivate|static|class|mutating|func|init|var|let|"
                   r"case|struct|enum|extension|protocol|associatedtype|typealias|subscript|deinit)\b)")


def functions(text):
    """Yields (name, first line, last line) of every function body; lines are those from `{` to its `}`."""
    code = blank(text)
    for match in _START.finditer(code):
        opening = _body_start(code, match.end())
        if opening is None:
            continue
        closing = _matching_brace(code, opening)
        yield match.group(0), code.count("\n", 0, opening) + 1, code.count("\n", 0, closing) + 1


def _body_start(code, index):
    """The position of the body's brace, or nil where the declaration has none (a protocol's requirement, a call)."""
    depth = 0
    while index < len(code):
        character = code[index]
        if character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
            if depth < 0:
                return None
        elif depth == 0:
            if character == "{":
                return index
            if character in "};=,":
                return None
            if character == "\n" and _STOP.match(code, index):
                return None
        index += 1
    return None


def _matching_brace(code, index):
    depth = 0
    while index < len(code):
        depth += {"{": 1, "}": -1}.get(code[index], 0)
        if depth == 0:
            return index
        index += 1
    return len(code) - 1
