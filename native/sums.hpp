// Sums of terms over contiguous outcomes: the loops that become vectors.
#pragma once
#include <type_traits>

#include "rows.hpp"
#include "terms.hpp"

namespace kullback {
namespace {

template <class T>
struct Sums {
    T terms = 0, p = 0, q = 0, least = infinity<T>;
};

template <bool fast, class T, class Term>
KB_INLINE Sums<T> sum_loop(Term term, const T* p, const T* q, std::int64_t n) {
    T terms = 0, sum_p = 0, sum_q = 0, least = infinity<T>;
#pragma omp simd reduction(+ : terms, sum_p, sum_q) reduction(min : least)
    for (std::int64_t i = 0; i < n; ++i) {
        T a = p[i], b = q[i];
        terms += fast ? term.fast(a, b) : term.careful(a, b);
        sum_p += a;
        sum_q += b;
        T smaller = a < b ? a : b;
        least = smaller < least ? smaller : least;
    }
    return {terms, sum_p, sum_q, least};
}

constexpr std::int64_t stretch = tile / 2;  // a stretch's parts, its p and its q share the nearest cache

template <class Term, class = void>
constexpr int parts_of = 0;
template <class Term>
constexpr int parts_of<Term, std::void_t<decltype(Term::parts)>> = Term::parts;

// What a two-step sum adds up over its blocks.
template <class T>
struct Steps {
    T tails = 0, shift = 0, turns = 0, p = 0, q = 0, least = infinity<T>;
};

template <class T, class Term>
KB_INLINE void two_steps(Term term, const T* p, const T* q, std::int64_t n, Steps<T>& s) {
    constexpr int parts = parts_of<Term>;
    T kept[parts][stretch];
    T tails = 0, shift = 0, turns = 0, sum_p = 0, sum_q = 0, least = s.least;
#pragma omp simd reduction(+ : shift, turns, sum_p, sum_q) reduction(min : least)
    for (std::int64_t i = 0; i < n; ++i) {
        T a = p[i], b = q[i], h[parts];
        Exponents<T> e = term.head(a, b, h);
        for (int j = 0; j < parts; ++j) kept[j][i] = h[j];
        shift += e.shift;
        turns += e.turns;
        sum_p += a;
        sum_q += b;
        T smaller = a < b ? a : b;
        least = smaller < least ? smaller : least;
    }
#pragma omp simd reduction(+ : tails)
    for (std::int64_t i = 0; i < n; ++i) {
        T h[parts];
        for (int j = 0; j < parts; ++j) h[j] = kept[j][i];
        tails += term.tail(p[i], q[i], h);
    }
    s = {s.tails + tails, s.shift + shift, s.turns + turns, s.p + sum_p, s.q + sum_q, least};
}

template <class T, class Term>
KB_INLINE Sums<T> two_step_loop(Term term, const T* p, const T* q, std::int64_t n) {
    Steps<T> s;
    for (; n >= stretch; n -= stretch, p += stretch, q += stretch) two_steps(term, p, q, stretch, s);
    if (n > 0) two_steps(term, p, q, n, s);
    return {static_cast<T>(Term::scale) * (s.tails + (s.shift - s.turns * ln2<T>)), s.p, s.q, s.least};
}

template <class T, class Term>
KB_CLONES Sums<T> sum_fast(Term term, const T* p, const T* q, std::int64_t n) {
    if constexpr (parts_of<Term> > 0)
        return two_step_loop(term, p, q, n);
    else
        return sum_loop<true>(term, p, q, n);
}
template <class T, class Term>
KB_CLONES Sums<T> sum_careful(Term term, const T* p, const T* q, std::int64_t n) {
    return sum_loop<false>(term, p, q, n);
}

template <bool fast, class T, class Term>
KB_INLINE T map_loop(Term term, const T* p, const T* q, std::int64_t n, T* out) {
    T least = infinity<T>;
#pragma omp simd reduction(min : least)
    for (std::int64_t i = 0; i < n; ++i) {
        T a = p[i], b = q[i];
        out[i] = fast ? term.fast(a, b) : term.careful(a, b);
        T smaller = a < b ? a : b;
        least = smaller < least ? smaller : least;
    }
    return least;
}

template <class T, class Term>
KB_CLONES T map_fast(Term term, const T* p, const T* q, std::int64_t n, T* out) {
    return map_loop<true>(term, p, q, n, out);
}
template <class T, class Term>
KB_CLONES T map_careful(Term term, const T* p, const T* q, std::int64_t n, T* out) {
    return map_loop<false>(term, p, q, n, out);
}

// Zeros and subnormal numbers come in runs, so one tile's kind is the guess for the next.
template <class T, class Term>
Sums<T> sum_tile(Term term, const T* p, const T* q, std::int64_t n, bool& careful) {
    if (!Term::careful_when_zero) return sum_fast(term, p, q, n);
    if (!careful) {
        Sums<T> s = sum_fast(term, p, q, n);
        careful = !(s.least >= Float<T>::min_normal);
        if (!careful) return s;
    }
    Sums<T> s = sum_careful(term, p, q, n);
    careful = !(s.least >= Float<T>::min_normal);
    return s;
}

template <class T, class Term>
T map_tile(Term term, const T* p, const T* q, std::int64_t n, T* out, bool& careful) {
    T least;
    if (!careful || !Term::careful_when_zero) {
        least = map_fast(term, p, q, n, out);
        careful = !(least >= Float<T>::min_normal);
        if (!careful || !Term::careful_when_zero) return least;
    }
    least = map_careful(term, p, q, n, out);
    careful = !(least >= Float<T>::min_normal);
    return least;
}

}  // namespace
}  // namespace kullback
