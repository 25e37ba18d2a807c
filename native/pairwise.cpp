#include <vector>

#include "dispatch.hpp"
#include "pool.hpp"
#include "sums.hpp"

namespace kullback {
namespace {

constexpr std::int64_t block = 32;  // rows of P and of Q that stay in the cache together

template <class T, class Term>
double row_sum(Term term, const T* p, const T* q, std::int64_t k, bool& careful) {
    double total = 0;
    for (std::int64_t i = 0; i < k; i += tile)
        total += sum_tile(term, p + i, q + i, k - i < tile ? k - i : tile, careful).terms;
    return total;
}

// −m log m of the even mixture.
struct MixtureEntropy {
    static constexpr bool careful_when_zero = true;
    template <class T>
    KB_INLINE T fast(T p, T q) const {
        T m = T(0.5) * (p + q);
        return -m * log_of(ratio(T(1), m));
    }
    template <class T>
    KB_INLINE T careful(T p, T q) const {
        T m = T(0.5) * (p + q), value = -m * log_ratio(T(1), m);
        return m == T(0) ? T(0) : value;
    }
};

template <class T>
std::vector<double> entropies(const T* P, std::int64_t n, std::int64_t k) {
    std::vector<double> h(n);
    bool careful = false;
    for (std::int64_t i = 0; i < n; ++i) h[i] = row_sum(MixtureEntropy{}, P + i * k, P + i * k, k, careful);
    return h;
}

template <class T, class Pair>
void over_blocks(std::int64_t n, std::int64_t m, bool symmetric, T* out, int threads, Pair&& pair) {
    std::int64_t down = (n + block - 1) / block, across = (m + block - 1) / block;
    parallel(threads, down * across, [&](std::int64_t task) {
        std::int64_t i0 = task / across * block, j0 = task % across * block;
        if (symmetric && j0 < i0) return;
        bool careful = false;
        for (std::int64_t i = i0; i < n && i < i0 + block; ++i)
            for (std::int64_t j = symmetric && j0 == i0 ? i : j0; j < m && j < j0 + block; ++j) {
                out[i * m + j] = static_cast<T>(pair(i, j, careful));
                if (symmetric) out[j * m + i] = out[i * m + j];
            }
    });
}

// JS = H(m) − ½ H(p) − ½ H(q): one logarithm a term instead of two, wherever that leaves enough digits.
template <class T>
void even_js_pairs(const T* P, std::int64_t n, const T* Q, std::int64_t m, std::int64_t k, bool symmetric, T* out,
                   int threads) {
    const double enough = sizeof(T) == 8 ? 1.0 / 64 : 1.0 / 4;
    std::vector<double> h_p = entropies(P, n, k), h_q = symmetric ? h_p : entropies(Q, m, k);
    over_blocks(n, m, symmetric, out, threads, [&](std::int64_t i, std::int64_t j, bool& careful) {
        const T *p = P + i * k, *q = Q + j * k;
        double js = row_sum(MixtureEntropy{}, p, q, k, careful) - 0.5 * (h_p[i] + h_q[j]);
        return js > enough ? js : row_sum(EvenJensenShannon{}, p, q, k, careful);
    });
}

}  // namespace

template <class T>
void all_pairs(Question of, double parameter, const T* P, std::int64_t n, const T* Q, std::int64_t m, std::int64_t k,
               bool symmetric, T* out, int threads) {
    if (of == Question::js && parameter == 0.5) return even_js_pairs(P, n, Q, m, k, symmetric, out, threads);
    with_terms(of, parameter, [&](auto term) {
        over_blocks(n, m, symmetric, out, threads, [&](std::int64_t i, std::int64_t j, bool& careful) {
            return row_sum(term, P + i * k, Q + j * k, k, careful);
        });
    });
}

template void all_pairs<double>(Question, double, const double*, std::int64_t, const double*, std::int64_t, std::int64_t, bool, double*, int);
template void all_pairs<float>(Question, double, const float*, std::int64_t, const float*, std::int64_t, std::int64_t, bool, float*, int);

}  // namespace kullback
