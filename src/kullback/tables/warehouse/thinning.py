"""A fixed sample without row numbers: rows that are alike are counted, and the counts thinned.

Of n like rows ⌊n·rate + u⌋ are kept, u ∈ [0, 1) being a hash of what they hold. So the mean over
hashes is n·rate, no value's share is off by more than one row, and the same table gives the same
sample however it is stored or dealt to workers.
"""

from kullback.tables.warehouse.backend import Expression, ibis

MODULUS = 1 << 31  # hashes are taken modulo this: the least that systems agree on


def hashed(words: Expression) -> Expression:
    """A whole number from 0 to `MODULUS` that looks random and is the same each time."""
    return ((words.hash() % MODULUS + MODULUS) % MODULUS).cast("int64")


def thinned(counted: Expression, words: Expression, rate: float) -> Expression:
    """A table with counts `n`, thinned by the hash of `words`; lines without a row are dropped."""
    if rate >= 1:
        return counted
    u = hashed(words) / float(MODULUS)
    kept = counted.mutate(n=(counted.n * rate + u).floor().cast("int64"))
    return kept.filter(kept.n > 0)


def passing(counted: Expression, m: int) -> Expression:
    """Of a table (pair, x, n), the lines of each pair at which one of m equal shares is passed.

    `upto` counts the rows up to and with the line's, `total` all rows of the pair.
    """
    upto = ibis().window(group_by="pair", order_by="x", preceding=None, following=0)
    whole = ibis().window(group_by="pair")
    summed = counted.mutate(
        upto=counted.n.sum().over(upto).cast("int64"),
        total=counted.n.sum().over(whole).cast("int64"),
    )
    shares = [(rows * m / summed.total).floor() for rows in (summed.upto - summed.n, summed.upto)]
    return summed.filter(shares[1] > shares[0]).select("pair", "x", "upto", "total")
