#include "logit_answer.hpp"

namespace kullback {

template <class T>
std::int64_t logit_divergences(LogitAsked asked, const Batch& batch, const Operand& a, const Operand& b, T* out,
                               double* kept, int threads) {
    std::atomic<std::int64_t> bad{-1};
    over_rows(batch, threads, [&](std::int64_t row, int row_threads) {
        Row<T> pair{a, b, batch.offset(a, row), batch.offset(b, row), batch.k};
        RowAnswer r = answer(asked, pair, kept != nullptr, row_threads);
        out[row] = static_cast<T>(r.value);
        if (!r.proper) keep_first(bad, row);
        if (kept) r.keep(kept + row * kept_per_row);
    });
    return bad.load();
}

template std::int64_t logit_divergences<double>(LogitAsked, const Batch&, const Operand&, const Operand&, double*, double*, int);
template std::int64_t logit_divergences<float>(LogitAsked, const Batch&, const Operand&, const Operand&, float*, double*, int);

}  // namespace kullback
