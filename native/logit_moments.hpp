// The first pass over two rows of logits: both normalisers, and the sums that give KL and entropy without a second pass.
#pragma once
#include "softmax.hpp"

namespace kullback {
namespace {

// Sums under weights e^(a − m_a): of t = (b − m_b) − (a − m_a), and of a − m_a; outcomes with a = −∞ count nothing.
template <class T>
struct Moments {
    T at_max_a = 0, rest_a = 0, at_max_b = 0, rest_b = 0, ratio = 0, log_p = 0;
    bool lost = false;  // some b is −∞ where a is not
};

template <class T>
KB_CLONES Moments<T> moments(const T* a, const T* b, std::int64_t n, T base_a, T base_b) {
    T at_max_a = 0, rest_a = 0, at_max_b = 0, rest_b = 0, ratio = 0, log_p = 0, lost = 0;
#pragma omp simd reduction(+ : at_max_a, rest_a, at_max_b, rest_b, ratio, log_p, lost)
    for (std::int64_t i = 0; i < n; ++i) {
        T la = a[i] - base_a, lb = b[i] - base_b;
        T p = exponential(la), q = exponential(lb);
        bool gone_p = la == -infinity<T>, gone_q = lb == -infinity<T>;
        at_max_a += la == T(0) ? T(1) : T(0);
        rest_a += la == T(0) ? T(0) : p;
        at_max_b += lb == T(0) ? T(1) : T(0);
        rest_b += lb == T(0) ? T(0) : q;
        ratio += gone_p | gone_q ? T(0) : p * (lb - la);
        log_p += gone_p ? T(0) : p * la;
        lost += gone_q & !gone_p ? T(1) : T(0);
    }
    return {at_max_a, rest_a, at_max_b, rest_b, ratio, log_p, lost != 0};
}

// The same for KL and JS of unmasked rows, which need neither the entropy nor the digits of a small `rest`.
template <class T>
KB_CLONES Moments<T> plain_moments(const T* a, const T* b, std::int64_t n, T base_a, T base_b) {
    T rest_a[tile], power_a[tile], rest_b[tile], power_b[tile];
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i) {
        Reduced<T> x = reduced(a[i] - base_a), y = reduced(b[i] - base_b);
        rest_a[i] = x.r, power_a[i] = x.power;
        rest_b[i] = y.r, power_b[i] = y.power;
    }
    T sum_a = 0, sum_b = 0, ratio = 0;
#pragma omp simd reduction(+ : sum_a, sum_b, ratio)
    for (std::int64_t i = 0; i < n; ++i) {
        T p = exponential(Reduced<T>{rest_a[i], power_a[i]});
        sum_a += p;
        sum_b += exponential(Reduced<T>{rest_b[i], power_b[i]});
        ratio += p * ((b[i] - base_b) - (a[i] - base_a));
    }
    return {T(1), sum_a - T(1), T(1), sum_b - T(1), ratio, T(0), false};
}

struct RowMoments {
    LogSum a, b;
    double ratio = 0, log_p = 0;  // sums under e^(a − a.max): of (b − b.max) − (a − a.max), and of a − a.max
    bool lost = false, masked = false;

    void add(RowMoments s) {
        double top_a = a.max > s.a.max ? a.max : s.a.max, top_b = b.max > s.b.max ? b.max : s.b.max;
        shift(top_a, top_b);
        s.shift(top_a, top_b);
        ratio += s.ratio;
        log_p += s.log_p;
        lost = lost || s.lost;
        masked = masked || s.masked;
        a.add(s.a);
        b.add(s.b);
    }

    double cross() const { return -ratio / a.total() + (b.log_total() - a.log_total()); }  // the textbook KL
    double entropy() const { return a.log_total() - log_p / a.total(); }

   private:
    // Re-expresses both sums under the maxima top_a, top_b; the masses themselves are left to LogSum.
    void shift(double top_a, double top_b) {
        if (a.at_max == 0) return;
        double down_a = top_a - a.max, down_b = b.at_max > 0 ? top_b - b.max : 0, scale = std::exp(-down_a);
        ratio = scale == 0 ? 0 : scale * (ratio + (down_a - down_b) * a.total());
        log_p = scale == 0 ? 0 : scale * (log_p - down_a * a.total());
    }
};

}  // namespace
}  // namespace kullback
