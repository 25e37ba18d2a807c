// One row of logits in a numerically safe shape: its maximum m, how many reach it, and Σ e^(a − m) of the rest.
#pragma once
#include "rows.hpp"

namespace kullback {

struct LogSum {
    double max = -infinity<double>, at_max = 0, rest = 0;

    double total() const { return at_max + rest; }
    double log_total() const { return std::log(at_max) + std::log1p(rest / at_max); }  // exact for a peaked row
    double log() const { return max + log_total(); }
    bool proper() const { return at_max > 0 && max < infinity<double> && rest >= 0; }  // false for NaN

    void add(const LogSum& s) {
        if (s.max == max) {
            at_max += s.at_max;
            rest += s.rest;
        } else if (s.max > max) {
            double scale = std::exp(max - s.max);
            rest = s.rest + scale * (at_max > 0 ? total() : 0);
            at_max = s.at_max;
            max = s.max;
        } else if (s.at_max > 0) {
            rest += std::exp(s.max - max) * s.total();
        } else if (s.rest != 0) {
            rest = s.rest;  // a NaN: keep it
        }
    }
};

namespace {

template <class T>
struct Extremes {
    T max, min;
};

template <class T>
KB_CLONES Extremes<T> extremes(const T* a, std::int64_t n) {
    T max = -infinity<T>, min = infinity<T>;
#pragma omp simd reduction(max : max) reduction(min : min)
    for (std::int64_t i = 0; i < n; ++i) {
        max = a[i] > max ? a[i] : max;
        min = a[i] < min ? a[i] : min;
    }
    return {max, min};
}

template <class T>
KB_CLONES LogSum log_sum(const T* a, std::int64_t n) {
    T m = extremes(a, n).max, base = m == -infinity<T> ? T(0) : m;
    T at_max = 0, rest = 0;
#pragma omp simd reduction(+ : at_max, rest)
    for (std::int64_t i = 0; i < n; ++i) {
        T x = a[i] - base, e = exponential(x);
        at_max += x == T(0) ? T(1) : T(0);
        rest += x == T(0) ? T(0) : e;
    }
    return {m, m == -infinity<T> ? 0 : static_cast<double>(at_max), static_cast<double>(rest)};
}

}  // namespace
}  // namespace kullback
