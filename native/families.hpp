// Closed forms of families of laws, element by element.
#pragma once
#include "rows.hpp"

namespace kullback {

// Arguments are n numbers (step 1) or one for all (step 0); out holds n.
// ½ φ(2 log σ_p/σ_q) + ½ ((μ_p − μ_q)/σ_q)², φ(u) = eᵘ − 1 − u.
template <class T>
void normal_divergences(const Operand& mean_p, const Operand& scale_p, const Operand& mean_q, const Operand& scale_q,
                        std::int64_t n, T* out, int threads);

// G(a, b) of gamma.hpp; step is b − a, which may be known better than a and b say.
template <class T>
void gaps(const Operand& a, const Operand& b, const Operand& step, std::int64_t n, T* out, int threads);

}  // namespace kullback
