"""Which of two series drives the other, and after how long?

Rain upstream and a river's level, hour by hour, simulated so that the truth is known: the level
remembers its past, and rises with the square of what fell three hours ago. The two are not
correlated at any delay. Transfer entropy still finds the direction, the information given the
river's own past finds the delay, and both say how sure they are.

Run it: python examples/lag_of_influence.py
"""

import numpy as np

import kullback as kb

HOURS, DELAY = 1000, 3
PLAIN = kb.KSG(resamples=40, permutations=39)


def observed(rng):
    """Rain (its deviation from the season's mean) and level, an hour a row."""
    rain, level = rng.normal(size=(2, HOURS))
    for t in range(DELAY, HOURS):
        rain[t] += 0.3 * rain[t - 1]
        level[t] = 0.6 * level[t - 1] + 0.6 * rain[t - DELAY] ** 2 + 0.5 * level[t]
    return rain, level


def after(hours, cause, effect):
    """The effect, its cause so many hours before, and what the effect was an hour ago."""
    now = np.arange(max(hours, 1), HOURS)
    return kb.Samples(effect[now], cause[now - hours], effect[now - 1])


def line(words, answer):
    """One line of a table: the value, its interval and its p-value."""
    low, high = answer.interval()
    bounds = f"{low:6.3f} to {high:6.3f}"
    return f"  {words:28} {answer.value:6.3f}   {bounds}   p = {answer.p_value:.2f}"


def main():
    rain, level = observed(np.random.default_rng(4))
    delays = [abs(np.corrcoef(rain[: HOURS - d], level[d:])[0, 1]) for d in range(1, 6)]
    print(f"Largest correlation at delays of 1 to 5 hours: {max(delays):.2f}")

    print("\nTransfer entropy, nats (95 % interval; p-value against no influence):")
    for lag in (1, 2, 3):
        of = kb.TransferEntropy(lag)
        there = kb.measure(kb.Samples(rain, level), of=of, by=PLAIN, rng=0)
        back = kb.measure(kb.Samples(level, rain), of=of, by=PLAIN, rng=0)
        print(line(f"rain → level, last {lag} known", there))
        print(line(f"level → rain, last {lag} known", back))

    print("\nI(level; rain so many hours before | level an hour before), nats:")
    of, found = kb.ConditionalMutualInformation(), {}
    for hours in range(1, 6):
        answer = kb.measure(after(hours, rain, level), of=of, by=PLAIN, rng=0)
        found[hours] = float(answer.value)
        print(line(f"{hours} before", answer))
    best = max(found, key=found.get)
    print(f"\nThe level follows the rain after {best} hours.")


if __name__ == "__main__":
    main()
