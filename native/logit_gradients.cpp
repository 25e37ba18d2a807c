#include "logit_slopes.hpp"
#include "memory.hpp"

namespace kullback {

template <class T>
void logit_gradients(LogitAsked asked, const Batch& batch, const Operand& a, const Operand& b, const double* kept,
                     const T* upstream, T* grad_a, T* grad_b, int threads) {
    for (T* grad : {grad_a, grad_b})
        if (grad) about_to_fill(grad, sizeof(T) * batch.rows * batch.k);
    std::int64_t parts = (batch.k + segment - 1) / segment;
    std::int64_t per_task = batch.k < worth_a_thread ? worth_a_thread / batch.k + 1 : 1;
    auto part = [&](std::int64_t row, std::int64_t s) {
        std::int64_t begin = s * segment, end = begin + segment < batch.k ? begin + segment : batch.k;
        RowAnswer r = RowAnswer::kept(kept + row * kept_per_row);
        Row<T> pair{a, b, batch.offset(a, row), batch.offset(b, row), batch.k};
        pair.tiles(begin, end, [&](const T* x, const T* y, std::int64_t n, std::int64_t at) {
            T* ga = grad_a ? grad_a + row * batch.k + at : nullptr;
            T* gb = grad_b ? grad_b + row * batch.k + at : nullptr;
            slopes_into(asked, r, x, y, n, upstream[row], ga, gb);
        });
    };
    std::int64_t work = batch.rows * batch.k;
    parallel(work < 2 * worth_a_thread ? 1 : threads, (batch.rows * parts + per_task - 1) / per_task, [&](std::int64_t task) {
        for (std::int64_t i = task * per_task; i < (task + 1) * per_task && i < batch.rows * parts; ++i)
            part(i / parts, i % parts);
    });
}

template void logit_gradients<double>(LogitAsked, const Batch&, const Operand&, const Operand&, const double*, const double*,
                                      double*, double*, int);
template void logit_gradients<float>(LogitAsked, const Batch&, const Operand&, const Operand&, const double*, const float*,
                                     float*, float*, int);

}  // namespace kullback
