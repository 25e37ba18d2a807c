// Divergences of probability rows: one pass, validation included.
#pragma once
#include "rows.hpp"

namespace kullback {

enum class Question { kl, js, jeffreys, tv, hellinger, chi2, hockey_stick, power, cross_entropy, entropy };

// out[row] = Σ terms. Returns the first row that holds a negative number or a NaN, or whose sum is farther than `tolerance`
// from one, and −1 when there is none.
template <class T>
std::int64_t divergences(Question of, double parameter, const Batch& batch, const Operand& p, const Operand& q,
                         T* out, double tolerance, int threads);

// out[i, j] = Σ terms of row i of P against row j of Q; both dense.
template <class T>
void all_pairs(Question of, double parameter, const T* P, std::int64_t n, const T* Q, std::int64_t m, std::int64_t k,
               bool symmetric, T* out, int threads);

// grad = upstream[row] · the slope of each term, dense, shape (rows, k). Returns false, the arrays half written, where a
// number is zero or subnormal: those slopes are limits, which the array path knows.
template <class T>
bool divergence_slopes(Question of, double parameter, const Batch& batch, const Operand& p, const Operand& q,
                       const T* upstream, T* grad_p, T* grad_q, int threads);

}  // namespace kullback
