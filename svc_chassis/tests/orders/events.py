from svc_chassis.events.contract import Contract


class OrderPlaced(Contract, publisher="orders"):
    item: str


class GoodsArrived(Contract, publisher="stock"):
    item: str


class PriceChanged(Contract, publisher="prices"):
    amount: int


class PriceDropped(Contract, publisher="prices"):
    amount: int
