// A row's softmax, kept as two numbers, and log(q/p) between two rows with every digit that their logits hold.
#pragma once
#include "rows.hpp"

namespace kullback {
namespace {

// A row's softmax: p = e^((a − top) − total).
struct Scale {
    double top = 0, total = 0;  // the maximum, and log Σ e^(a − top)

    double log() const { return top + total; }
    template <class T>
    KB_INLINE T log_of(T a) const {
        return (a - static_cast<T>(top)) - static_cast<T>(total);
    }
};

// What log(q/p) = (b − a) − (top_b − top_a) − (total_b − total_a) subtracts, each part as exact as T allows.
template <class T>
struct Shift {
    T top, total, low;
    Shift(const Scale& a, const Scale& b, double slip) {
        double tops = b.top - a.top, back = b.top - tops;
        double lost = (b.top - (tops + back)) + (back - a.top), totals = b.total - a.total;
        top = static_cast<T>(tops);
        total = static_cast<T>(totals);
        low = static_cast<T>((tops - static_cast<double>(top)) + (totals - static_cast<double>(total)) + (lost + slip));
    }
};

// log(q/p), with b − a as an exact sum of two numbers.
template <class T>
KB_INLINE T log_ratio_of(T a, T b, const Shift<T>& shift) {
    T t = b - a, back = b - t;
    T error = (b - (t + back)) + (back - a);
    T x = ((t - shift.top) - shift.total) + ((error == error ? error : T(0)) - shift.low);
    return a == b ? (-shift.top - shift.total) - shift.low : x;  // also where both are −∞
}

constexpr double near_equality = 1.0 / 16;  // a KL below which a row's terms go by series

}  // namespace
}  // namespace kullback
