// up · ∂ answer/∂ logits over one tile of two rows.
#pragma once
#include "logit_answer.hpp"

namespace kullback {
namespace {

template <class T>
void slopes_into(LogitAsked asked, const RowAnswer& r, const T* x, const T* y, std::int64_t n, T up, T* ga, T* gb) {
    if (up == T(0)) {  // a row that does not count passes nothing, not 0 · ∞
        if (ga) std::memset(ga, 0, sizeof(T) * n);
        if (gb) std::memset(gb, 0, sizeof(T) * n);
        return;
    }
    T mean_a = static_cast<T>(r.mean_a), mean_b = static_cast<T>(r.mean_b);
    Shift<T> shift = r.template shift<T>();
    Tilt<T> tilt(asked.weight);
    bool far = r.mean_a > near_equality;
    switch (asked.of) {
        case LogitQuestion::kl:
            if (ga) kl_gradient_p(x, y, n, r.a, shift, mean_a, up, ga);
            if (gb && far) plain_gradient_q(x, y, n, r.a, r.b, up, gb);
            if (gb && !far) kl_gradient_q(x, y, n, r.a, r.b, shift, up, gb);
            return;
        case LogitQuestion::js:
            if (ga && r.plain) plain_mixture_gradient<true>(x, y, n, r.a, r.b, tilt, mean_a, up, ga);
            if (ga && !r.plain) mixture_gradient<true>(x, y, n, r.a, r.b, shift, tilt, mean_a, up, ga);
            if (gb && r.plain) plain_mixture_gradient<false>(x, y, n, r.a, r.b, tilt, mean_b, up, gb);
            if (gb && !r.plain) mixture_gradient<false>(x, y, n, r.a, r.b, shift, tilt, mean_b, up, gb);
            return;
        case LogitQuestion::cross_entropy:
            if (ga) cross_entropy_gradient_p(x, y, n, r.a, r.b, mean_a, up, ga);
            if (gb) plain_gradient_q(x, y, n, r.a, r.b, up, gb);
            return;
        case LogitQuestion::entropy: return cross_entropy_gradient_p(x, x, n, r.a, r.a, mean_a, up, ga);
    }
}

}  // namespace
}  // namespace kullback
