// Differences of log Γ that do not cancel.
#pragma once
#include "terms.hpp"

namespace kullback {

// Cₖ of log Γ(x) = (x − ½) log x − x + ½ log 2π + Σ Cₖ x⁻ᵏ, k = 1, 3, 5 …
constexpr int stirling_terms = 7;
constexpr double stirling[stirling_terms] = {1.0 / 12,   -1.0 / 360,      1.0 / 1260, -1.0 / 1680,
                                             1.0 / 1188, -691.0 / 360360, 1.0 / 156};
constexpr double large_argument = 12;
constexpr double half_log_two_pi = 0.91893853320467274178;

// Σ Cₖ x⁻ᵏ, and its derivative.
template <class T>
KB_INLINE T stirling_rest(T x) {
    T inverse = T(1) / x, w = inverse * inverse, sum = static_cast<T>(stirling[stirling_terms - 1]);
    for (int i = stirling_terms - 2; i >= 0; --i) sum = sum * w + static_cast<T>(stirling[i]);
    return sum * inverse;
}
template <class T>
KB_INLINE T stirling_slope(T x) {
    T inverse = T(1) / x, w = inverse * inverse, sum = static_cast<T>(-(2 * stirling_terms - 1) * stirling[stirling_terms - 1]);
    for (int i = stirling_terms - 2; i >= 0; --i) sum = sum * w - static_cast<T>((2 * i + 1) * stirling[i]);
    return sum * w;
}

// G(a, b) = log Γ(b) − log Γ(a) − (b − a) ψ(a) − b log b/a + b − a ≥ 0, for a, b ≥ 12, d = b − a and up = ratio(a, b, d).
// With t = log b/a, φ(t) = eᵗ − 1 − t and u = e⁻ᵗ: ½ φ(t) + Σ Cₖ a⁻ᵏ (φ(−k t) + k φ(t)), where φ(−k t) = k φ(−t) +
// (u − 1)² Uₖ, Uₖ = Σ_{j<k} (1 + u + … + uʲ⁻¹), and φ(t) + φ(−t) = d²/(a b).
template <class T>
KB_INLINE T large_gap(T a, T b, T d, const Ratio<T>& up, T phi) {
    T t = log_of(up);
    bool near = (t < T(1)) & (t > T(-1));
    T v = near ? -d / b : T(0), u = T(1) + v;
    T inverse = T(1) / a, w = inverse * inverse, power = inverse, v2 = v * v, both = v2 / u;
    T s = T(1), sums = T(0), close = T(0);
    for (int i = 0; i < stirling_terms; ++i) {  // k = 2 i + 1, s = 1 + u + … + uᵏ⁻¹, sums = Uₖ
        close += static_cast<T>(stirling[i]) * power * (static_cast<T>(2 * i + 1) * both + v2 * sums);
        sums += s;
        s = s * u + T(1);
        sums += s;
        s = s * u + T(1);
        power *= w;
    }
    T far = stirling_rest(b) - stirling_rest(a) - d * stirling_slope(a);
    return T(0.5) * phi + (near ? close : far);
}
template <class T>
KB_INLINE T large_gap(T a, T b, T d) {
    Ratio<T> up = ratio(a, b, d);
    return large_gap(a, b, d, up, kl_of(a, b, up) / a);
}

// The same for all a, b > 0: log Γ(x) = log Γ(x + 12) − log P(x), P(x) = x (x + 1) … (x + 11). What the steps leave is
// Σ δⱼ − log P(b)/P(a), δⱼ = d/(a + j). Where they are short it comes from hⱼ = d/(2 (a + j) + d), log(1 + δⱼ) = hⱼ (2 + R):
// Σ δⱼ hⱼ − hⱼ R(hⱼ²); the fractions are added up over one denominator.
template <class T>
KB_INLINE T shifted_gap(T a, T b, T d) {
    constexpr int shifts = static_cast<int>(large_argument);
    T first = d / (a + b), bend = first * log_remainder(first * first);
    T product = a, other = b, slope = T(1), sum = T(0), common = T(1);
#pragma GCC unroll 16
    for (int j = 1; j < shifts; ++j) {
        T x = a + T(j), y = b + T(j), two = x + y, h = d / two, pair = x * two;
        bend += h * log_remainder(h * h);
        sum = sum * pair + common;
        common *= pair;
        slope = slope * x + product;
        product *= x;
        other *= y;
    }
    T close = ((d / a) * first + d * (d * (sum / common))) - bend;
    T far = d * (slope / product) - log_of(ratio(product, other));
    T steps = (first < T(0.2)) & (first > T(-0.2)) ? close : far;
    T high_a = a + static_cast<T>(large_argument), high_b = b + static_cast<T>(large_argument);
    Ratio<T> up = ratio(high_a, high_b, d);
    T phi = kl_of(high_a, high_b, up);
    T high = d * log_of(up) - phi, low = kl_of(b, a, ratio(b, a, -d));  // KL(b ‖ a) + KL(a ‖ b) = d log b/a
    return large_gap(high_a, high_b, d, up, phi / high_a) + ((high - low) + steps);
}

// The same for a ≥ 12 and b < 12 far below it, where the steps of both would cancel: with log Γ(x) = (x − ½) log x − x +
// ½ log 2π + Q(x), it is ½ φ(t) + Q(b) − Q(a) − (b − a) Q′(a).
KB_INLINE double falling_gap(double a, double b) {
    double high = b + large_argument, product = b;
    for (int j = 1; j < static_cast<int>(large_argument); ++j) product *= b + j;
    double rest = stirling_rest(high) + (high - 0.5) * std::log(high) - large_argument - std::log(product) - (b - 0.5) * std::log(b);
    return 0.5 * KL{}.fast(a, b) / a + rest - stirling_rest(a) - (b - a) * stirling_slope(a);
}

// The same for a < 12 and b far above it: b (log a − ψ(a)) + a ψ(a) − log Γ(a) − a + ½ log 2π/b + Q(b).
KB_INLINE double rising_gap(double a, double b) {
    double high = a + large_argument, product = a, slope = 1 / a;
    for (int j = 1; j < static_cast<int>(large_argument); ++j) {
        product *= a + j;
        slope += 1 / (a + j);
    }
    double above = slope - log_ratio(a, high) + 0.5 / high - stirling_slope(high);  // log a − ψ(a)
    double digamma = std::log(a) - above;
    double lgamma = (high - 0.5) * std::log(high) - high + half_log_two_pi + stirling_rest(high) - std::log(product);
    return b * above + ((a * digamma - lgamma - a) + (half_log_two_pi - 0.5 * std::log(b) + stirling_rest(b)));
}

// b φ(log m/b) of KL(Gamma(a, β) ‖ Gamma(b, β′)), m = a β′/β; in logarithms where m does not fit.
KB_INLINE double rate_gap(double a, double b, double step, double rate_p, double rate_q, double rate_step) {
    double m = a * (rate_q / rate_p);
    return kl_of(b, m, ratio(b, m, a * (rate_step / rate_p) - step));
}
KB_INLINE double far_rate_gap(double a, double b, double rate_p, double rate_q) {
    double v = log_ratio(rate_p, rate_q) + log_ratio(b, a), root = std::exp(0.5 * v);
    return (b * root) * root - b - b * v;
}

}  // namespace kullback
