// KL(p ‖ q) and the cross-entropy of two rows: the second pass where they are close, and the slopes.
#pragma once
#include "logit_scale.hpp"

namespace kullback {
namespace {

template <class T>
struct Near {
    T psi = 0, mean = 0;
};

// Σ p ψ(x) and Σ p x, with x = log(q/p) up to a shared constant.
template <class T>
KB_CLONES Near<T> near_sums(const T* a, const T* b, std::int64_t n, Scale sa, Scale sb, Shift<T> shift) {
    T psi_sum = 0, mean = 0;
#pragma omp simd reduction(+ : psi_sum, mean)
    for (std::int64_t i = 0; i < n; ++i) {
        T x = log_ratio_of(a[i], b[i], shift);
        T p = exponential(sa.log_of(a[i])), q = exponential(sb.log_of(b[i]));
        bool near = (x < T(0.5)) & (x > T(-0.5));
        T y = near ? x : T(0);
        T px = p == T(0) ? T(0) : p * x;
        // p (eˣ − 1) shares p's rounding, which q − p does not
        T d = x < T(20) ? p * (exponential(x < T(20) ? x : T(0)) - T(1)) : q - p;
        psi_sum += near ? p * (y * y * psi_series(y)) : d - px;
        mean += px;
    }
    return {psi_sum, mean};
}

// y − log(1 + y) for small y, without cancellation.
double log1p_excess(double y) {
    if (std::fabs(y) > 0.3) return y - std::log1p(y);
    double s = y / (2 + y);
    return s * (y - log_remainder(s * s));
}

// Where q has no mass and p has, the slope points towards q's support, however far.
template <class T>
KB_INLINE T bounded_slope(T log_ratio_to_p, T mean) {
    return log_ratio_to_p == infinity<T> ? infinity<T> : log_ratio_to_p - mean;
}

template <class T>
KB_CLONES void kl_gradient_p(const T* a, const T* b, std::int64_t n, Scale sa, Shift<T> shift, T kl, T up, T* grad) {
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i) {
        T slope = bounded_slope(-log_ratio_of(a[i], b[i], shift), kl), p = exponential(sa.log_of(a[i]));
        grad[i] = p == T(0) ? T(0) : up * (p * slope);
    }
}

// q − p, where p and q are far enough apart for a plain difference.
template <class T>
KB_CLONES void plain_gradient_q(const T* a, const T* b, std::int64_t n, Scale sa, Scale sb, T up, T* grad) {
    constexpr T nothing = 2 * Float<T>::exp_floor;  // finite, and its exponential is 0
    T rest_a[tile], power_a[tile], rest_b[tile], power_b[tile];
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i) {
        T la = sa.log_of(a[i]), lb = sb.log_of(b[i]);
        Reduced<T> x = reduced(la > nothing ? la : nothing), y = reduced(lb > nothing ? lb : nothing);
        rest_a[i] = x.r, power_a[i] = x.power;
        rest_b[i] = y.r, power_b[i] = y.power;
    }
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i)
        grad[i] = up * (exponential(Reduced<T>{rest_b[i], power_b[i]}) - exponential(Reduced<T>{rest_a[i], power_a[i]}));
}

template <class T>
KB_CLONES void kl_gradient_q(const T* a, const T* b, std::int64_t n, Scale sa, Scale sb, Shift<T> shift, T up, T* grad) {
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i) {
        T x = log_ratio_of(a[i], b[i], shift), p = exponential(sa.log_of(a[i])), q = exponential(sb.log_of(b[i]));
        bool near = (x < T(0.5)) & (x > T(-0.5));
        T y = near ? x : T(0);
        grad[i] = up * (near ? p * (y + y * y * psi_series(y)) : q - p);
    }
}

template <class T>
KB_CLONES void cross_entropy_gradient_p(const T* a, const T* b, std::int64_t n, Scale sa, Scale sb, T mean, T up, T* grad) {
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i) {
        T slope = bounded_slope(-sb.log_of(b[i]), mean), p = exponential(sa.log_of(a[i]));
        grad[i] = p == T(0) ? T(0) : up * (p * slope);
    }
}

}  // namespace
}  // namespace kullback
