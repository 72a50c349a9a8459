"""Amazon DynamoDB."""
from __future__ import annotations

from typing import Any, Iterator, Mapping, Optional, Sequence

from icecat._base import Base
from icecat._call import Call, Cancel
from icecat._icecat import ffi, lib
from icecat._native import owned, raw
from icecat.errors import PreconditionError
from icecat.items import Item, Value, to_dict, to_dicts, to_native

Names = Optional[Mapping[str, str]]
Values = Optional[Mapping[str, Value]]


def _options(call: Call, names: Names, values: Values, **fields: Any) -> Any:
    pairs, count = call.arena.pairs(names)
    native = to_native(values) if values else None
    return call.arena.struct("icecat_dynamodb_options", call=call.options, names=pairs, names_count=count,
                             values=native, **fields)


def _taken(out: Any) -> Optional[Item]:
    """The item that a call gave to its caller, freed."""
    native = owned(out, lib.icecat_item_free)
    return None if native is None else to_dict(native)


class DynamoDB(Base):
    """Items, as dicts: str, bool, int and Decimal can be written; TypeError for others, float too. `names` are ExpressionAttributeNames ({"#s":
    "op_status"}), `values` ExpressionAttributeValues ({":s": "pending"}). Every call takes `timeout`, seconds for the
    whole call with its retries (None: no limit), and `cancel`, a token that ends it; every call raises the exceptions
    of icecat.errors, NotFoundError for a table that does not exist."""

    def put_item(self, table: str, item: Mapping[str, Value], *, condition: Optional[str] = None, names: Names = None,
                 values: Values = None, timeout: Optional[float] = None, cancel: Optional[Cancel] = None) -> None:
        """Write a whole item. PreconditionError, with `item` as it is there, when `condition`, a ConditionExpression,
        was false."""
        call = self._begin(timeout, cancel)
        options = _options(call, names, values, condition=condition)
        out = ffi.new("icecat_item **")
        self._run(call, out, lib.icecat_dynamodb_put_item, self._c, raw(table), to_native(item), options,
                    out)

    def update_item(self, table: str, key: Mapping[str, Value], update: str, *, condition: Optional[str] = None,
                    names: Names = None, values: Values = None, timeout: Optional[float] = None,
                    cancel: Optional[Cancel] = None) -> Item:
        """Change attributes of one item by `update`, an UpdateExpression, and give the item as it is then.
        PreconditionError, with `item` as it is there, when `condition`, a ConditionExpression, was false."""
        call = self._begin(timeout, cancel)
        options = _options(call, names, values, condition=condition)
        out = ffi.new("icecat_item **")
        return self._run(call, out, lib.icecat_dynamodb_update_item, self._c, raw(table), to_native(key),
                           raw(update), options, out) or {}

    @staticmethod
    def _run(call: Call, out: Any, function: Any, *arguments: Any) -> Optional[Item]:
        """Run a call that gives one item or none."""
        try:
            call.run(function, *arguments)
        except PreconditionError as error:
            error.item = _taken(out)
            raise
        except BaseException:
            _taken(out)
            raise
        return _taken(out)

    def get_item(self, table: str, key: Mapping[str, Value], *, projection: Optional[str] = None, names: Names = None,
                 consistent: bool = False, timeout: Optional[float] = None,
                 cancel: Optional[Cancel] = None) -> Optional[Item]:
        """Read one item; None when no item has this key.

        Args:
            projection: a ProjectionExpression: only these attributes.
            consistent: see every write that has ended; costs twice as much.
        """
        call = self._begin(timeout, cancel)
        options = _options(call, names, None, projection=projection, consistent=consistent)
        out = ffi.new("icecat_item **")
        return self._run(call, out, lib.icecat_dynamodb_get_item, self._c, raw(table), to_native(key), options, out)

    def delete_item(self, table: str, key: Mapping[str, Value], *, condition: Optional[str] = None,
                    names: Names = None, values: Values = None, timeout: Optional[float] = None,
                    cancel: Optional[Cancel] = None) -> None:
        """Remove one item. No item is a success; PreconditionError when `condition` was false."""
        call = self._begin(timeout, cancel)
        options = _options(call, names, values, condition=condition)
        call.run(lib.icecat_dynamodb_delete_item, self._c, raw(table), to_native(key), options)

    def query(self, table: str, key_condition: str, *, values: Values = None, names: Names = None,
              index: Optional[str] = None, filter: Optional[str] = None, projection: Optional[str] = None,
              max_items: Optional[int] = None, page_items: Optional[int] = None, consistent: bool = False,
              descending: bool = False, timeout: Optional[float] = None,
              cancel: Optional[Cancel] = None) -> Iterator[Item]:
        """All items under one partition key, read over as many pages as it takes before this returns.

        Args:
            key_condition: a KeyConditionExpression.
            index: name of a secondary index; the table itself.
            filter: a FilterExpression; what it leaves out is read and paid for all the same.
            projection: a ProjectionExpression: only these attributes.
            max_items: stop after so many; all.
            page_items: ask for so many at a time; as many as DynamoDB gives.
            consistent: see every write that has ended; not of an index.
            descending: by the sort key.
        """
        call = self._begin(timeout, cancel)
        options = _options(call, names, values, index=index, filter=filter, projection=projection,
                           max_items=max_items, page_items=page_items, consistent=consistent,
                           descending=descending)
        return to_dicts(self._fetch(call, "icecat_items", lib.icecat_dynamodb_query, self._c, raw(table),
                                    raw(key_condition), options))

    def batch_get(self, table: str, keys: Sequence[Mapping[str, Value]], *, projection: Optional[str] = None,
                  names: Names = None, consistent: bool = False, timeout: Optional[float] = None,
                  cancel: Optional[Cancel] = None) -> Iterator[Item]:
        """Items by their `keys`, in no order; those without an item are left out.

        Args:
            projection: a ProjectionExpression: only these attributes.
            consistent: see every write that has ended; costs twice as much.
        """
        call = self._begin(timeout, cancel)
        options = _options(call, names, None, projection=projection, consistent=consistent)
        native = call.arena.keep([to_native(key) for key in keys])
        return to_dicts(self._fetch(call, "icecat_items", lib.icecat_dynamodb_batch_get, self._c,
                                    raw(table), ffi.new("icecat_item *[]", native), len(native), options))
