// Closed forms of families of laws, element by element.
#pragma once
#include "rows.hpp"

namespace kullback {

// Arguments are n numbers (step 1) or one for all (step 0); out holds n.
// ½ φ(2 log σ_p/σ_q) + ½ ((μ_p − μ_q)/σ_q)², φ(u) = eᵘ − 1 − u.
template <class T>
void normal_divergences(const Operand& mean_p, const Operand& scale_p, const Operand& mean_q, const Operand& scale_q,
                        std::int64_t n, T* out, int threads);

// G(a, b) of gamma.hpp, of a, b and b − a, which may be known better than a and b say.
template <class T>
void gaps(const Operand (&operands)[3], std::int64_t n, T* out, int threads);

// KL(Gamma(a, β) ‖ Gamma(b, β′)) = b φ(log (a β′)/(b β)) + G(a, b), of a, b, b − a, β, β′ and β′ − β.
template <class T>
void gamma_divergences(const Operand (&operands)[6], std::int64_t n, T* out, int threads);

}  // namespace kullback
