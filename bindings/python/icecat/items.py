"""DynamoDB items as dicts: str, bool, int and Decimal in; also bytes, None, lists, dicts and sets out."""
from __future__ import annotations

import base64
import json
from decimal import Decimal
from typing import Any, Dict, Iterator, Mapping, Union

from icecat._icecat import ffi, lib
from icecat._native import new_error, raw, text
from icecat.errors import OutOfMemoryError, from_record

Value = Union[str, bool, int, Decimal]
Item = Dict[str, Any]


def to_native(item: Mapping[str, Value]) -> Any:
    """An icecat_item that is freed with the value. Raises TypeError for other types, float too: DynamoDB's numbers
    are decimal."""
    native = lib.icecat_item_new(ffi.NULL)
    if not native:
        raise OutOfMemoryError("no memory for an item")
    native = ffi.gc(native, lib.icecat_item_free)
    error = new_error()
    for name, value in item.items():
        if _set(native, name, value, error):
            raise from_record(error)
    return native


def _set(native: Any, name: str, value: Value, error: Any) -> int:
    c_name = raw(name)
    if isinstance(value, str):
        return int(lib.icecat_item_set_string(native, c_name, raw(value), error))
    if isinstance(value, bool):
        return int(lib.icecat_item_set_bool(native, c_name, value, error))
    if isinstance(value, int) and -2**63 <= value < 2**63:
        return int(lib.icecat_item_set_int(native, c_name, value, error))
    if isinstance(value, (int, Decimal)):
        return int(lib.icecat_item_set_number(native, c_name, raw(str(value)), error))
    raise TypeError(f"{name} is {type(value).__name__}: str, bool, int and Decimal can be written")


def to_dict(native: Any) -> Item:
    """The attributes of an icecat_item."""
    found: Item = {}
    for index in range(lib.icecat_item_count(native)):
        name = lib.icecat_item_name(native, index)
        kind, value = text(lib.icecat_item_type(native, name)), text(lib.icecat_item_get(native, name))
        if kind == "BOOL":
            found[text(name)] = value == "true"
        elif kind in ("L", "M", "SS", "NS", "BS"):
            found[text(name)] = _inner(kind, json.loads(value))
        else:
            found[text(name)] = _inner(kind, value)
    return found


def _inner(kind: str, value: Any) -> Any:
    """DynamoDB JSON of one type as Python has it."""
    if kind == "N":
        number = Decimal(value)
        return int(number) if number == number.to_integral_value() and "E" not in value.upper() else number
    if kind == "B":
        return base64.b64decode(value)
    if kind == "NULL":
        return None
    if kind == "L":
        return [_typed(each) for each in value]
    if kind == "M":
        return {name: _typed(each) for name, each in value.items()}
    if kind in ("SS", "NS", "BS"):
        return {_inner(kind[0], each) for each in value}
    return value


def _typed(value: Dict[str, Any]) -> Any:
    (kind, inner), = value.items()
    return _inner(kind, inner)


def to_dicts(native: Any) -> Iterator[Item]:
    """All items of a list, which lives as long as the iterator."""
    return (to_dict(lib.icecat_items_at(native, index)) for index in range(lib.icecat_items_count(native)))
