"""The vouchers of an order, saved if wanted."""

import re
from os import PathLike
from pathlib import Path

import anyio
import attrs

from musement_async.checkout.results import SavedVoucher
from musement_async.errors import ArgumentError, MusementError
from musement_async.models.orders import Order
from musement_async.resources.orders import Orders


async def vouchers_of(orders: Orders, order: Order, folder: str | PathLike[str] | None) -> tuple[SavedVoucher, ...]:
    """The vouchers that an order has; saved in the folder, if one is given."""
    found = [SavedVoucher(item.uuid, voucher.url) for item in order.items for voucher in item.vouchers if voucher.url]
    if folder is None:
        return tuple(found)
    await anyio.Path(folder).mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w-]", "_", str(order.identifier or order.uuid), flags=re.ASCII)
    return tuple(
        [await _save(orders, voucher, Path(folder, f"{name}-{n}.pdf")) for n, voucher in enumerate(found, start=1)]
    )


async def _save(orders: Orders, voucher: SavedVoucher, path: Path) -> SavedVoucher:
    try:
        await orders.download(voucher.url, to=path)
    except ArgumentError as problem:
        raise MusementError(f"the API tells of a voucher whose URL cannot be used: {problem}") from problem
    return attrs.evolve(voucher, path=path)
