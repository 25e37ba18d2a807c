#include "slopes.hpp"

#include <atomic>

#include "dispatch.hpp"
#include "memory.hpp"
#include "pool.hpp"
#include "probabilities.hpp"

namespace kullback {
namespace {

constexpr std::int64_t segment = 64 * tile;
constexpr std::int64_t worth_a_thread = 1 << 15;

template <class T, class Term>
KB_CLONES bool slopes_of_p(Term term, const T* p, const T* q, std::int64_t n, T up, T* grad) {
    T least = infinity<T>;
#pragma omp simd reduction(min : least)
    for (std::int64_t i = 0; i < n; ++i) {
        T a = p[i], b = q[i], smaller = a < b ? a : b;
        grad[i] = up * slopes(term, a, b).p;
        least = smaller < least ? smaller : least;
    }
    return least >= Float<T>::min_normal;
}

template <class T, class Term>
KB_CLONES bool slopes_of_q(Term term, const T* p, const T* q, std::int64_t n, T up, T* grad) {
    T least = infinity<T>;
#pragma omp simd reduction(min : least)
    for (std::int64_t i = 0; i < n; ++i) {
        T a = p[i], b = q[i], smaller = a < b ? a : b;
        grad[i] = up * slopes(term, a, b).q;
        least = smaller < least ? smaller : least;
    }
    return least >= Float<T>::min_normal;
}

}  // namespace

template <class T>
bool divergence_slopes(Question of, double parameter, const Batch& batch, const Operand& p, const Operand& q,
                       const T* upstream, T* grad_p, T* grad_q, int threads) {
    for (T* grad : {grad_p, grad_q})
        if (grad) about_to_fill(grad, sizeof(T) * batch.rows * batch.k);
    std::int64_t parts = (batch.k + segment - 1) / segment;
    std::int64_t per_task = batch.k < worth_a_thread ? worth_a_thread / batch.k + 1 : 1;
    std::atomic<bool> normal{true};
    with_terms(of, parameter, [&](auto term) {
        auto part = [&](std::int64_t row, std::int64_t s) {
            T buffer_p[tile], buffer_q[tile], up = upstream[row];
            std::int64_t at_p = batch.offset(p, row), at_q = batch.offset(q, row);
            std::int64_t end = (s + 1) * segment < batch.k ? (s + 1) * segment : batch.k;
            for (std::int64_t i = s * segment; i < end && normal; i += tile) {
                std::int64_t n = end - i < tile ? end - i : tile;
                const T* a = read<T>(p, at_p + i * p.step, n, buffer_p);
                const T* b = read<T>(q, at_q + i * q.step, n, buffer_q);
                bool fine = true;
                if (grad_p) fine = slopes_of_p(term, a, b, n, up, grad_p + row * batch.k + i);
                if (grad_q) fine = slopes_of_q(term, a, b, n, up, grad_q + row * batch.k + i) && fine;
                if (!fine) normal = false;
            }
        };
        parallel(batch.rows * batch.k < 2 * worth_a_thread ? 1 : threads,
                 (batch.rows * parts + per_task - 1) / per_task, [&](std::int64_t task) {
                     for (std::int64_t i = task * per_task; i < (task + 1) * per_task && i < batch.rows * parts; ++i)
                         part(i / parts, i % parts);
                 });
    });
    return normal;
}

template bool divergence_slopes<double>(Question, double, const Batch&, const Operand&, const Operand&, const double*, double*,
                                        double*, int);
template bool divergence_slopes<float>(Question, double, const Batch&, const Operand&, const Operand&, const float*, float*,
                                       float*, int);

}  // namespace kullback
