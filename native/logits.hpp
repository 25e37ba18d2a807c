// Divergences of rows of logits: the softmax is never written down.
#pragma once
#include "rows.hpp"

namespace kullback {

enum class LogitQuestion { kl, js, cross_entropy, entropy };

struct LogitAsked {
    LogitQuestion of;
    double weight = 0.5;  // of p in the mixture of js
};

constexpr int kept_per_row = 8;  // what a row's gradient is made of: see RowAnswer

// out[row] from rows of logits a (of p) and b (of q). Returns the first row that holds NaN or +∞, or −∞ alone; −1 if none.
// kept: (rows, kept_per_row) or null, what logit_gradients needs.
template <class T>
std::int64_t logit_divergences(LogitAsked asked, const Batch& batch, const Operand& a, const Operand& b, T* out,
                               double* kept, int threads);

// grad_a, grad_b (dense rows, either may be null) = upstream[row] · ∂ out[row]/∂a, ∂b.
template <class T>
void logit_gradients(LogitAsked asked, const Batch& batch, const Operand& a, const Operand& b, const double* kept,
                     const T* upstream, T* grad_a, T* grad_b, int threads);

// Both at once, of logits a/temperature and b/temperature: out[row], and grad = upstream[row] · ∂ out[row]/∂a (of_p) or ∂b,
// while the row is still in cache; grad may be null. A row whose upstream is 0 is not read: its answer and gradient are 0.
template <class T>
std::int64_t logit_losses(LogitAsked asked, const Batch& batch, const Operand& a, const Operand& b, double temperature,
                          const T* upstream, bool of_p, T* out, T* grad, int threads);

// out[row] = −log softmax(b)[label], 0 where the label is `ignore`. Returns the first bad row, as above or for a label
// outside 0 … k − 1; −1 if none. kept: (rows, 2) or null, the maximum and log Σ e^(b − max).
template <class T>
std::int64_t label_cross_entropy(const Batch& batch, const std::int64_t* labels, const Operand& b, std::int64_t ignore,
                                 T* out, double* kept, int threads);

template <class T>
void label_gradients(const Batch& batch, const std::int64_t* labels, const Operand& b, std::int64_t ignore,
                     const double* kept, const T* upstream, T* grad, int threads);

}  // namespace kullback
