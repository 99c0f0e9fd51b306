"""Looks up a sentence in a memory, from Python, with nothing but its own library:

    python3 lookup.py libchancery_c.so ministry.chancery "La séance est levée."
"""

import ctypes
import sys
from ctypes import byref, c_double, c_size_t, c_uint64

library = ctypes.CDLL(sys.argv[1])
for name in ("chancery_match_source", "chancery_match_suggestion", "chancery_error_message"):
    getattr(library, name).restype = ctypes.c_void_p
library.chancery_match_rank_score.restype = c_double
library.chancery_matches_count.restype = c_size_t


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


def main(path, query):
    assert library.chancery_abi_version() == 1
    memory, matches, revision = c_uint64(), c_uint64(), c_uint64()
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
    for index in map(c_size_t, range(library.chancery_matches_count(matches))):
        print(library.chancery_match_rank_score(matches, index))
        print(text(library.chancery_match_source, matches, index))
        print(text(library.chancery_match_suggestion, matches, index))
    library.chancery_close(matches)
    library.chancery_close(memory)


try:
    main(*sys.argv[2:])
except RuntimeError as error:
    sys.exit(f"lookup: {error}")
