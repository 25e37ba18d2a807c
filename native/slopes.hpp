// The derivatives of each term in p and in q, for normal positive numbers.
#pragma once
#include "terms.hpp"

namespace kullback {

template <class T>
struct Slopes {
    T p, q;
};

template <class T>
KB_INLINE Slopes<T> slopes(KL, T p, T q) {
    return {-log_of(ratio(p, q)), (q - p) / q};
}

template <class T>
KB_INLINE Slopes<T> slopes(JensenShannon of, T p, T q) {
    T a = static_cast<T>(of.weight), b = static_cast<T>(1 - of.weight);
    T to_p = b * (q - p), to_q = a * (p - q), m = p + to_p;
    return {-a * log_of(ratio(p, m, to_p)), -b * log_of(ratio(q, m, to_q))};
}

template <class T>
KB_INLINE Slopes<T> slopes(EvenJensenShannon, T p, T q) {
    return slopes(JensenShannon{0.5}, p, q);
}

template <class T>
KB_INLINE Slopes<T> slopes(Jeffreys, T p, T q) {
    T l = log_of(ratio(p, q)), d = q - p;
    return {-l - d / p, l + d / q};
}

template <class T>
KB_INLINE Slopes<T> slopes(TotalVariation, T p, T q) {
    T half = p > q ? T(0.5) : (p < q ? T(-0.5) : T(0));
    return {half, -half};
}

template <class T>
KB_INLINE Slopes<T> slopes(SquaredHellinger, T p, T q) {
    T root_p = std::sqrt(p), root_q = std::sqrt(q), d = (p - q) / (root_p + root_q);
    return {T(0.5) * d / root_p, T(-0.5) * d / root_q};
}

template <class T>
KB_INLINE Slopes<T> slopes(ChiSquare, T p, T q) {
    T d = (p - q) / q;
    return {T(2) * d, -d * (p / q + T(1))};
}

template <class T>
KB_INLINE Slopes<T> slopes(HockeyStick of, T p, T q) {
    T gamma = static_cast<T>(of.gamma);
    bool over = p > gamma * q;
    return {over ? T(1) : T(0), over ? -gamma : T(0)};
}

// eˣ − 1, ∞ where it does not fit.
template <class T>
KB_INLINE T power_minus_one(T x) {
    constexpr T ceiling = -Float<T>::exp_floor;
    bool near = (x < T(0.5)) & (x > T(-0.5));
    T y = near ? x : T(0);
    T far = x > ceiling ? infinity<T> : exponential(x > ceiling ? ceiling : x) - T(1);
    return near ? y + y * y * psi_series(y) : far;
}

template <class T>
KB_INLINE Slopes<T> slopes(Power of, T p, T q) {
    T a = static_cast<T>(of.alpha), c = static_cast<T>(1 - of.alpha), l = log_of(ratio(p, q));
    return {-power_minus_one(c * l) / c, -power_minus_one(-a * l) / a};
}

template <class T>
KB_INLINE Slopes<T> slopes(CrossEntropy, T p, T q) {
    return {-log_of(ratio(T(1), q)), -p / q};
}

}  // namespace kullback
