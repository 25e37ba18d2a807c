#include "logit_rows.hpp"
#include "logit_scale.hpp"
#include "logits.hpp"
#include "memory.hpp"

namespace kullback {
namespace {

template <class T>
KB_CLONES void softmax_into(const T* b, std::int64_t n, Scale sb, T up, T* out) {
    for (std::int64_t i = 0; i < n; ++i) out[i] = up * exponential(sb.log_of(b[i]));
}

}  // namespace

template <class T>
std::int64_t label_cross_entropy(const Batch& batch, const std::int64_t* labels, const Operand& b, std::int64_t ignore,
                                 T* out, double* kept, int threads) {
    std::atomic<std::int64_t> bad{-1};
    over_rows(batch, threads, [&](std::int64_t row, int row_threads) {
        std::int64_t label = labels[row], at = batch.offset(b, row);
        LogSum s = Row<T>{b, b, at, at, batch.k}.template sum<LogSum>(
            row_threads, [](const T* x, const T*, std::int64_t n) { return log_sum(x, n); });
        if (kept) kept[2 * row] = s.max, kept[2 * row + 1] = s.log_total();
        bool ignored = label == ignore;
        if (!s.proper() || (!ignored && (label < 0 || label >= batch.k))) {
            keep_first(bad, row);
            return;
        }
        T buffer;
        out[row] = ignored ? T(0) : static_cast<T>((s.max - *read<T>(b, at + label * b.step, 1, &buffer)) + s.log_total());
    });
    return bad.load();
}

template <class T>
void label_gradients(const Batch& batch, const std::int64_t* labels, const Operand& b, std::int64_t ignore,
                     const double* kept, const T* upstream, T* grad, int threads) {
    about_to_fill(grad, sizeof(T) * batch.rows * batch.k);
    over_rows(batch, threads, [&](std::int64_t row, int) {
        T* g = grad + row * batch.k;
        if (labels[row] == ignore) {
            std::memset(g, 0, sizeof(T) * batch.k);
            return;
        }
        T up = upstream[row];
        Scale scale{kept[2 * row], kept[2 * row + 1]};
        std::int64_t at = batch.offset(b, row);
        Row<T>{b, b, at, at, batch.k}.tiles(0, batch.k, [&](const T* x, const T*, std::int64_t n, std::int64_t i) {
            softmax_into(x, n, scale, up, g + i);
        });
        g[labels[row]] -= up;
    });
}

#define KB_INSTANTIATE(T)                                                                                              \
    template std::int64_t label_cross_entropy<T>(const Batch&, const std::int64_t*, const Operand&, std::int64_t, T*, \
                                                 double*, int);                                                       \
    template void label_gradients<T>(const Batch&, const std::int64_t*, const Operand&, std::int64_t, const double*,  \
                                     const T*, T*, int);
KB_INSTANTIATE(double)
KB_INSTANTIATE(float)

}  // namespace kullback
