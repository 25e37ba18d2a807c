// Logarithm of a ratio, exponential and their Taylor remainders, for loops that the compiler turns into vectors.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

#if defined(__GNUC__) || defined(__clang__)
#define KB_INLINE inline __attribute__((always_inline))
#else
#define KB_INLINE inline
#endif

// One binary for every x86-64: the loader picks the widest clone. ARM has NEON in its baseline.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__linux__)
#define KB_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define KB_CLONES
#endif

namespace kullback {

template <class T>
struct Float;

template <>
struct Float<double> {
    using U = std::uint64_t;
    static constexpr int mantissa = 52;
    static constexpr U one = 0x3FF0000000000000u;
    static constexpr double min_normal = 2.2250738585072014e-308;
    static constexpr double rescue = 0x1p60;  // lifts every subnormal into the normal range, exactly
    static constexpr double rescue_exponent = 60;
    static constexpr double exp_floor = -708.0;
    static constexpr double round_magic = 0x1.8p52;
};

template <>
struct Float<float> {
    using U = std::uint32_t;
    static constexpr int mantissa = 23;
    static constexpr U one = 0x3F800000u;
    static constexpr float min_normal = 1.17549435e-38f;
    static constexpr float rescue = 0x1p30f;
    static constexpr float rescue_exponent = 30;
    static constexpr float exp_floor = -87.0f;
    static constexpr float round_magic = 0x1.8p23f;
};

template <class T>
KB_INLINE typename Float<T>::U to_bits(T x) {
    typename Float<T>::U b;
    std::memcpy(&b, &x, sizeof b);
    return b;
}

template <class T>
KB_INLINE T from_bits(typename Float<T>::U b) {
    T x;
    std::memcpy(&x, &b, sizeof x);
    return x;
}

// R of log((1 + s)/(1 - s)) = s (2 + R(s²)), |s| ≤ 1/5; minimax, relative error of the logarithm below 1e-16 (3e-10).
KB_INLINE double log_remainder(double w) {
    double r = 0.15118487108724571415;
    r = r * w + 0.15283703752403146754;
    r = r * w + 0.18184610246294064559;
    r = r * w + 0.22222182776674481579;
    r = r * w + 0.28571428836045550352;
    r = r * w + 0.39999999999335555298;
    r = r * w + 0.66666666666666938646;
    return r * w;
}
KB_INLINE float log_remainder(float w) {
    float r = 0.23751341765880342246f;
    r = r * w + 0.28532545003481562517f;
    r = r * w + 0.40000313644683072112f;
    r = r * w + 0.66666666273212781761f;
    return r * w;
}

// The same on |s| ≤ 1/3.
KB_INLINE double wide_log_remainder(double w) {
    double r = 0.16871365088952447983;
    r = r * w + 0.10322392910387297391;
    r = r * w + 0.13502388950278759823;
    r = r * w + 0.15373270828087292062;
    r = r * w + 0.18182261302523660708;
    r = r * w + 0.22222212552913392528;
    r = r * w + 0.28571428676724091302;
    r = r * w + 0.39999999999559829649;
    r = r * w + 0.66666666666666968781;
    return r * w;
}
KB_INLINE float wide_log_remainder(float w) {
    float r = 0.23224803260157065032f;
    r = r * w + 0.21706483959161188344f;
    r = r * w + 0.28592363434891753974f;
    r = r * w + 0.39999706231849244698f;
    r = r * w + 0.66666667320802673247f;
    return r * w;
}

// q/p = 2ᵏ z/p with 2/3 ≤ z/p ≤ 3/2, and s = (z − p)/(z + p). p and q must be normal numbers.
template <class T>
struct Ratio {
    T z, k, s, d;
};

template <class T>
KB_INLINE T exponent_of(typename Float<T>::U e);
template <>
KB_INLINE double exponent_of<double>(std::uint64_t e) {  // AVX2 has no arithmetic shift of 64-bit integers
    std::uint64_t biased = (e + (std::uint64_t{2048} << 52)) >> 52;
    return from_bits<double>(biased | 0x4330000000000000u) - (0x1p52 + 2048.0);
}
template <>
KB_INLINE float exponent_of<float>(std::uint32_t e) {
    return static_cast<float>(static_cast<std::int32_t>(e) >> 23);
}

template <class T>
KB_INLINE typename Float<T>::U exponent_bits(T p, T q) {
    using F = Float<T>;
    using U = typename F::U;
    constexpr U fraction = (U{1} << F::mantissa) - 1;
    return (to_bits(q) - to_bits(p) + (U{1} << (F::mantissa - 1))) & ~fraction;
}

template <class T>
KB_INLINE Ratio<T> ratio(T p, T q) {
    auto e = exponent_bits(p, q);
    Ratio<T> r;
    r.z = from_bits<T>(to_bits(q) - e);
    r.k = exponent_of<T>(e);
    r.d = r.z - p;
    r.s = r.d / (r.z + p);
    return r;
}

// The same where q was rounded, and q − p is known better than by subtraction.
template <class T>
KB_INLINE Ratio<T> ratio(T p, T q, T difference) {
    auto e = exponent_bits(p, q);
    Ratio<T> r;
    r.z = from_bits<T>(to_bits(q) - e);
    r.k = exponent_of<T>(e);
    r.d = e == 0 ? difference : r.z - p;
    r.s = r.d / (r.z + p);
    return r;
}

template <class T>
constexpr T ln2 = static_cast<T>(0.69314718055994530942);

template <class T>
KB_INLINE T log_of(const Ratio<T>& r) {
    return r.k * ln2<T> + r.s * (T(2) + log_remainder(r.s * r.s));
}

// log(q/p) for p, q > 0, subnormal ones too.
template <class T>
KB_INLINE T log_ratio(T p, T q) {
    using F = Float<T>;
    bool tiny_p = p < F::min_normal, tiny_q = q < F::min_normal;
    Ratio<T> r = ratio(tiny_p ? p * F::rescue : p, tiny_q ? q * F::rescue : q);
    r.k += (tiny_p ? F::rescue_exponent : T(0)) - (tiny_q ? F::rescue_exponent : T(0));
    return log_of(r);
}

// (eˣ − 1 − x)/x²: minimax on |x| ≤ ½ for psi_series, on |x| ≤ ½ ln 2 for exp_series.
KB_INLINE double psi_series(double x) {
    double g = 2.0958960160535549536e-9;
    g = g * x + 2.5167224024451341846e-8;
    g = g * x + 2.7557105283206269892e-7;
    g = g * x + 2.755701959963802043e-6;
    g = g * x + 0.00002480158754510682624;
    g = g * x + 0.0001984127018233291344;
    g = g * x + 0.0013888888887775767015;
    g = g * x + 0.0083333333331748965066;
    g = g * x + 0.04166666666666681379;
    g = g * x + 0.16666666666666872727;
    return g * x + 0.5;
}
KB_INLINE float psi_series(float x) {
    float g = 0.00019949071210293820283f;
    g = g * x + 0.0013985967515996439912f;
    g = g * x + 0.0083332281071726897064f;
    g = g * x + 0.041665718912223845327f;
    g = g * x + 0.16666666818738424614f;
    return g * x + 0.50000001369724783712f;
}

KB_INLINE double exp_series(double r) {
    double g = 2.5100411082014901068e-8;
    g = g * r + 2.7620121717381935193e-7;
    g = g * r + 2.7557268406190795031e-6;
    g = g * r + 0.000024801521225986432477;
    g = g * r + 0.00019841269863088254418;
    g = g * r + 0.0013888888917258758256;
    g = g * r + 0.0083333333333300548955;
    g = g * r + 0.041666666666624037667;
    g = g * r + 0.16666666666666667455;
    return g * r + 0.50000000000000010248;
}
KB_INLINE float exp_series(float r) {
    float g = 0.0013926203361634337767f;
    g = g * r + 0.0083631948824190408229f;
    g = g * r + 0.041666554498413698648f;
    g = g * r + 0.16666576894606600624f;
    return g * r + 0.5f;
}

// eˣ = 2ᵏ eʳ, |r| ≤ ½ ln 2, power = 2ᵏ; for x ≤ some 700 (80 in float). Below the floor power is 0; −∞ is not for this.
template <class T>
struct Reduced {
    T r, power;
};

template <class T>
KB_INLINE Reduced<T> reduced(T x) {
    using F = Float<T>;
    T rounded = x * static_cast<T>(1.4426950408889634074) + F::round_magic;
    T k = rounded - F::round_magic;
    T r = sizeof(T) == 8 ? (x - k * static_cast<T>(0.693147180369123816490)) - k * static_cast<T>(1.90821492927058770002e-10)
                         : (x - k * static_cast<T>(0.693145751953125)) - k * static_cast<T>(1.428606765330187e-06);
    T power = from_bits<T>((to_bits(rounded) << F::mantissa) + F::one);
    return {r, x < F::exp_floor ? T(0) : power};
}

template <class T>
KB_INLINE T exponential(const Reduced<T>& x) {
    return ((exp_series(x.r) * x.r + T(1)) * x.r + T(1)) * x.power;
}

// eˣ, 0 below the floor, which includes −∞.
template <class T>
KB_INLINE T exponential(T x) {
    return x < Float<T>::exp_floor ? T(0) : exponential(reduced(x));
}

template <class T>
constexpr T infinity = std::numeric_limits<T>::infinity();

}  // namespace kullback
