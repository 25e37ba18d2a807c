#include "logit_slopes.hpp"
#include "memory.hpp"

namespace kullback {

template <class T>
std::int64_t logit_losses(LogitAsked asked, const Batch& batch, const Operand& a, const Operand& b, double temperature,
                          const T* upstream, bool of_p, T* out, T* grad, int threads) {
    if (grad) about_to_fill(grad, sizeof(T) * batch.rows * batch.k);
    std::atomic<std::int64_t> bad{-1};
    over_rows(batch, threads, [&](std::int64_t row, int row_threads) {
        T *g = grad ? grad + row * batch.k : nullptr, up = upstream[row];
        out[row] = 0;
        if (up == T(0)) {
            if (g) std::memset(g, 0, sizeof(T) * batch.k);
            return;
        }
        Row<T> pair{a, b, batch.offset(a, row), batch.offset(b, row), batch.k, static_cast<T>(temperature)};
        RowAnswer r = answer(asked, pair, g != nullptr, row_threads);
        if (!r.proper) {
            keep_first(bad, row);
            return;
        }
        out[row] = static_cast<T>(r.value);
        if (!g) return;
        pair.segments(row_threads, [&](std::int64_t begin, std::int64_t end) {
            pair.tiles(begin, end, [&](const T* x, const T* y, std::int64_t n, std::int64_t at) {
                slopes_into(asked, r, x, y, n, up, of_p ? g + at : nullptr, of_p ? nullptr : g + at);
            });
        });
    });
    return bad.load();
}

template std::int64_t logit_losses<double>(LogitAsked, const Batch&, const Operand&, const Operand&, double, const double*, bool,
                                           double*, double*, int);
template std::int64_t logit_losses<float>(LogitAsked, const Batch&, const Operand&, const Operand&, double, const float*, bool,
                                          float*, float*, int);

}  // namespace kullback
