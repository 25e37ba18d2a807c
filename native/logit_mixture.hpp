// Jensen and Shannon's divergence of two rows with weights π and ω = 1 − π: π KL(p ‖ m) + ω KL(q ‖ m), m = π p + ω q.
// Each share keeps its digits as π goes to 0 or 1, where all of it goes to 0.
#pragma once
#include <cmath>

#include "logit_scale.hpp"
#include "sums.hpp"

namespace kullback {
namespace {

template <class T>
struct Tilt {
    T p, q, less_log_p, less_log_q, log_odds;  // π, ω, −log π, −log ω, log ω/π

    explicit Tilt(double weight)
        : p(static_cast<T>(weight)),
          q(static_cast<T>(1 - weight)),
          less_log_p(static_cast<T>(-std::log(weight))),
          less_log_q(static_cast<T>(-std::log1p(-weight))),
          log_odds(static_cast<T>(std::log1p(-weight) - std::log(weight))) {}
};

// log(1 + e) for 0 ≤ e ≤ 1.
KB_INLINE double log1p_of(double e) {
    double s = e / (2 + e);
    return s * (2 + wide_log_remainder(s * s));
}
KB_INLINE float log1p_of(float e) {
    float g = 0.0051261021409669133968f;
    g = g * e - 0.029074064677494201278f;
    g = g * e + 0.077516086740369412391f;
    g = g * e - 0.13602247622479404963f;
    g = g * e + 0.19076880735747794135f;
    g = g * e - 0.2483539898851554413f;
    g = g * e + 0.33318121707533190711f;
    g = g * e - 0.49999444976340094893f;
    return e * (g * e + 0.9999999659255096339f);
}

// x = log(q/p), y = x + log ω/π: log(p/m) = −log π − log(1 + eʸ), log(q/m) = −log ω − log(1 + e⁻ʸ).
template <class T>
KB_INLINE void log_to_mixture(T x, const Tilt<T>& tilt, T& to_p, T& to_q) {
    T y = x + tilt.log_odds;
    T l = (y > T(0) ? tilt.less_log_q : tilt.less_log_p) - log1p_of(exponential(y < T(0) ? y : -y));
    to_p = y > T(0) ? l - x : l;
    to_q = y > T(0) ? l : l + x;
}

template <class T>
struct NearMixture {
    T share, to_p, to_q;
};

// The same for |x| ≤ ½ from d = eˣ − 1 = q/p − 1: m/p − 1 = ω d, m/p − q/p = −π d. `share` is the outcome's, over p.
template <class T>
KB_INLINE NearMixture<T> near_mixture(T x, const Tilt<T>& tilt) {
    T d = x + x * x * psi_series(x), up = tilt.q * d, down = -tilt.p * d;
    T s = up / (T(2) + up), t = down / (T(2) + up + d);
    T rest_s = wide_log_remainder(s * s), rest_t = wide_log_remainder(t * t);
    T share = tilt.p * (s * (up - rest_s)) + tilt.q * (t * (down - (T(1) + d) * rest_t));
    return {share, -s * (T(2) + rest_s), -t * (T(2) + rest_t)};
}

template <class T>
struct Mixture {
    T js = 0, from_p = 0, from_q = 0;  // the share of each outcome, and of KL(p ‖ m), KL(q ‖ m)
};

template <class T>
KB_CLONES Mixture<T> mixture_sums(const T* a, const T* b, std::int64_t n, Scale sa, Scale sb, Shift<T> shift, Tilt<T> tilt) {
    T js = 0, from_p = 0, from_q = 0;
#pragma omp simd reduction(+ : js, from_p, from_q)
    for (std::int64_t i = 0; i < n; ++i) {
        T x = log_ratio_of(a[i], b[i], shift);
        T p = exponential(sa.log_of(a[i])), q = exponential(sb.log_of(b[i])), to_p, to_q;
        log_to_mixture(x, tilt, to_p, to_q);
        bool near = (x < T(0.5)) & (x > T(-0.5));
        NearMixture<T> close = near_mixture(near ? x : T(0), tilt);
        T kl_p = p == T(0) ? T(0) : p * (near ? close.to_p : to_p), kl_q = q == T(0) ? T(0) : q * (near ? close.to_q : to_q);
        js += near ? p * close.share : tilt.p * kl_p + tilt.q * kl_q;
        from_p += kl_p;
        from_q += kl_q;
    }
    return {js, from_p, from_q};
}

// Of unmasked rows far apart as a whole, where what is near adds little.
template <class T>
KB_CLONES Mixture<T> plain_mixture_sums(const T* a, const T* b, std::int64_t n, Scale sa, Scale sb, Tilt<T> tilt) {
    T from_p = 0, from_q = 0;
#pragma omp simd reduction(+ : from_p, from_q)
    for (std::int64_t i = 0; i < n; ++i) {
        T la = sa.log_of(a[i]), lb = sb.log_of(b[i]), to_p, to_q;
        log_to_mixture(lb - la, tilt, to_p, to_q);
        from_p += exponential(la) * to_p;
        from_q += exponential(lb) * to_q;
    }
    return {tilt.p * from_p + tilt.q * from_q, from_p, from_q};
}

// The same for equal weights, from the probabilities themselves, where no slopes are wanted.
template <class T>
KB_CLONES Mixture<T> even_sums(const T* a, const T* b, std::int64_t n, Scale sa, Scale sb) {
    constexpr T floor = Float<T>::exp_floor;  // its exponential is a normal number, which the sum of terms needs
    T p[tile], q[tile];
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i) {
        T la = sa.log_of(a[i]), lb = sb.log_of(b[i]);
        p[i] = exponential(la > floor ? la : floor);
        q[i] = exponential(lb > floor ? lb : floor);
    }
    return {two_step_loop(EvenJensenShannon{}, p, q, n).terms, T(0), T(0)};
}

template <bool of_p, class T>
KB_CLONES void mixture_gradient(const T* a, const T* b, std::int64_t n, Scale sa, Scale sb, Shift<T> shift, Tilt<T> tilt,
                             T mean, T up, T* grad) {
    T weight = up * (of_p ? tilt.p : tilt.q);
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i) {
        T x = log_ratio_of(a[i], b[i], shift), mass = exponential(of_p ? sa.log_of(a[i]) : sb.log_of(b[i])), to_p, to_q;
        log_to_mixture(x, tilt, to_p, to_q);
        bool near = (x < T(0.5)) & (x > T(-0.5));
        NearMixture<T> close = near_mixture(near ? x : T(0), tilt);
        T slope = of_p ? (near ? close.to_p : to_p) : (near ? close.to_q : to_q);
        grad[i] = mass == T(0) ? T(0) : weight * (mass * (slope - mean));
    }
}

template <bool of_p, class T>
KB_CLONES void plain_mixture_gradient(const T* a, const T* b, std::int64_t n, Scale sa, Scale sb, Tilt<T> tilt, T mean, T up,
                                   T* grad) {
    T weight = up * (of_p ? tilt.p : tilt.q);
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i) {
        T la = sa.log_of(a[i]), lb = sb.log_of(b[i]), to_p, to_q;
        log_to_mixture(lb - la, tilt, to_p, to_q);
        grad[i] = weight * (exponential(of_p ? la : lb) * ((of_p ? to_p : to_q) - mean));
    }
}

}  // namespace
}  // namespace kullback
