// Differences of log Γ that do not cancel.
#pragma once
#include "terms.hpp"

namespace kullback {

// Cₖ of log Γ(x) = (x − ½) log x − x + ½ log 2π + Σ Cₖ x⁻ᵏ, k = 1, 3, 5 …
constexpr int stirling_terms = 7;
constexpr double stirling[stirling_terms] = {1.0 / 12,   -1.0 / 360,      1.0 / 1260, -1.0 / 1680,
                                             1.0 / 1188, -691.0 / 360360, 1.0 / 156};
constexpr double large_argument = 12;

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

// G(a, b) = log Γ(b) − log Γ(a) − (b − a) ψ(a) − b log b/a + b − a ≥ 0, for a, b ≥ 12 and d = b − a. With t = log b/a,
// φ(t) = eᵗ − 1 − t and u = e⁻ᵗ: ½ φ(t) + Σ Cₖ a⁻ᵏ (φ(−k t) + k φ(t)), where φ(−k t) = k φ(−t) + (u − 1)² Uₖ and
// Uₖ = Σ_{j<k} (1 + u + … + uʲ⁻¹).
template <class T>
KB_INLINE T large_gap(T a, T b, T d) {
    Ratio<T> up = ratio(a, b, d), down = ratio(b, a, -d);
    T t = log_of(up), phi_up = kl_of(a, b, up) / a, phi_down = kl_of(b, a, down) / b;
    bool near = (t < T(1)) & (t > T(-1));
    T v = near ? -d / b : T(0), u = T(1) + v;
    T inverse = T(1) / a, w = inverse * inverse, power = inverse, both = phi_up + phi_down, v2 = v * v;
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
    return T(0.5) * phi_up + (near ? close : far);
}

// The same for all a, b > 0: log Γ(x) = log Γ(x + 12) − Σ log(x + j).
template <class T>
KB_INLINE T shifted_gap(T a, T b, T d) {
    constexpr int shifts = static_cast<int>(large_argument);
    T steps = T(0);
    for (int j = 0; j < shifts; ++j) {
        T x = a + T(j), y = b + T(j);
        steps += kl_of(x, y, ratio(x, y, d)) / x;
    }
    T high_a = a + static_cast<T>(large_argument), high_b = b + static_cast<T>(large_argument);
    T high = kl_of(high_b, high_a, ratio(high_b, high_a, -d)), low = kl_of(b, a, ratio(b, a, -d));
    return large_gap(high_a, high_b, d) + ((high - low) + steps);
}

// The same for a ≥ 12 and b < 12 far below it, where the steps of both would cancel: with log Γ(x) = (x − ½) log x − x +
// ½ log 2π + Q(x), it is ½ φ(t) + Q(b) − Q(a) − (b − a) Q′(a).
KB_INLINE double falling_gap(double a, double b) {
    double high = b + large_argument, product = b;
    for (int j = 1; j < static_cast<int>(large_argument); ++j) product *= b + j;
    double rest = stirling_rest(high) + (high - 0.5) * std::log(high) - large_argument - std::log(product) - (b - 0.5) * std::log(b);
    return 0.5 * KL{}.fast(a, b) / a + rest - stirling_rest(a) - (b - a) * stirling_slope(a);
}

}  // namespace kullback
