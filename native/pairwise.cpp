#include "dispatch.hpp"
#include "pool.hpp"
#include "sums.hpp"

namespace kullback {
namespace {

constexpr std::int64_t block = 32;  // rows of P and of Q that stay in the cache together

template <class T, class Term>
T one_pair(Term term, const T* p, const T* q, std::int64_t k, bool& careful) {
    double total = 0;
    for (std::int64_t i = 0; i < k; i += tile)
        total += sum_tile(term, p + i, q + i, k - i < tile ? k - i : tile, careful).terms;
    return static_cast<T>(total);
}

}  // namespace

template <class T>
void all_pairs(Question of, double parameter, const T* P, std::int64_t n, const T* Q, std::int64_t m, std::int64_t k,
               bool symmetric, T* out, int threads) {
    with_terms(of, parameter, [&](auto term) {
        std::int64_t down = (n + block - 1) / block, across = (m + block - 1) / block;
        parallel(threads, down * across, [&](std::int64_t task) {
            std::int64_t i0 = task / across * block, j0 = task % across * block;
            if (symmetric && j0 < i0) return;
            bool careful = false;
            for (std::int64_t i = i0; i < n && i < i0 + block; ++i)
                for (std::int64_t j = symmetric && j0 == i0 ? i : j0; j < m && j < j0 + block; ++j) {
                    out[i * m + j] = one_pair(term, P + i * k, Q + j * k, k, careful);
                    if (symmetric) out[j * m + i] = out[i * m + j];
                }
        });
    });
}

template void all_pairs<double>(Question, double, const double*, std::int64_t, const double*, std::int64_t, std::int64_t, bool, double*, int);
template void all_pairs<float>(Question, double, const float*, std::int64_t, const float*, std::int64_t, std::int64_t, bool, float*, int);

}  // namespace kullback
