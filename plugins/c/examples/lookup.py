"""Looks up a sentence in a memory, checks what is suggested, and finds terms, from Python, with nothing but its own library:

    python3 lookup.py libchancery_c.so ministry.chancery "La séance est levée." glossary.tbx
"""

import ctypes
import sys
from ctypes import byref, c_double, c_size_t, c_uint64

library = ctypes.CDLL(sys.argv[1])
for name in (
    "match_source", "match_suggestion", "hit_term", "hit_translation", "finding_words",
    "line_text", "line_translation", "error_message",
):
    getattr(library, "chancery_" + name).restype = ctypes.c_void_p
for name in ("matches_count", "hits_count", "hit_translations", "findings_count", "lines_count"):
    getattr(library, "chancery_" + name).restype = c_size_t
library.chancery_match_rank_score.restype = c_double


def text(function, *arguments):
    """A text that a function gives."""
    length = c_size_t()
    place = function(*arguments, byref(length))
    return ctypes.string_at(place, length.value).decode() if place else None


def given(*texts):
    """Texts as the library takes them: bytes, and how many."""
    for each in texts:
        data = each.encode()
        yield data
        yield c_size_t(len(data))


def call(function, *arguments):
    """Calls what can fail."""
    error = c_uint64()
    if function(*arguments, byref(error)):
        message = text(library.chancery_error_message, error)
        library.chancery_close(error)
        raise RuntimeError(message)


def each(count, handle):
    """The indexes of what was found."""
    return map(c_size_t, range(count(handle)))


def main(path, query, glossary):
    assert library.chancery_abi_version() == 1
    memory, matches, revision = c_uint64(), c_uint64(), c_uint64()
    terms, hits, findings, lines = c_uint64(), c_uint64(), c_uint64(), c_uint64()
    call(library.chancery_open, *given(path, "python"), 0, byref(memory))

    unit = c_uint64()
    call(library.chancery_unit_new, byref(unit))
    for lang, content in (("fr", "Point d’ordre"), ("en", "Point of order")):
        call(library.chancery_unit_segment, unit, *given(lang, content))
    call(library.chancery_add, memory, unit, byref(revision))
    print("added, to be undone as revision", revision.value)
    call(library.chancery_undo, memory, revision, None)
    library.chancery_close(unit)

    call(library.chancery_lookup, memory, *given(query, "fr", "en"), None, byref(matches))
    call(library.chancery_termbase_new, byref(terms))
    call(library.chancery_termbase_glossary, terms, *given(glossary), None)
    for index in each(library.chancery_matches_count, matches):
        print(library.chancery_match_rank_score(matches, index))
        print(text(library.chancery_match_source, matches, index))
        suggestion = text(library.chancery_match_suggestion, matches, index)
        print(suggestion)
        call(library.chancery_check, terms, *given(query, suggestion, "fr", "en"), byref(findings))
        for nth in each(library.chancery_findings_count, findings):
            print("!", text(library.chancery_finding_words, findings, nth))
        library.chancery_close(findings)
    call(library.chancery_terms, terms, *given(query, "fr", "en"), 0, byref(hits))
    for index in each(library.chancery_hits_count, hits):
        term = text(library.chancery_hit_term, hits, index)
        for choice in map(c_size_t, range(library.chancery_hit_translations(hits, index))):
            print(f"{term}: {text(library.chancery_hit_translation, hits, index, choice)}")
        asked = given(f'"{term}"', "fr", "en")
        call(library.chancery_concordance, memory, *asked, 0, c_size_t(50), byref(lines))
        for nth in each(library.chancery_lines_count, lines):
            print(" ", text(library.chancery_line_text, lines, nth))
            print(" ", text(library.chancery_line_translation, lines, nth))
        library.chancery_close(lines)
    for handle in (hits, terms, matches, memory):
        library.chancery_close(handle)


try:
    main(*sys.argv[2:])
except RuntimeError as error:
    sys.exit(f"lookup: {error}")
