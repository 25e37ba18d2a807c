// Two rows of logits read tile by tile, and the rows of a batch shared among threads.
#pragma once
#include <atomic>
#include <vector>

#include "logit_moments.hpp"
#include "pool.hpp"

namespace kullback {
namespace {

constexpr std::int64_t segment = 32 * tile;
constexpr std::int64_t worth_a_thread = 1 << 14;

template <class T>
KB_CLONES void divide(const T* from, std::int64_t n, T by, T* to) {
    for (std::int64_t i = 0; i < n; ++i) to[i] = from[i] / by;
}

template <class T>
struct Row {
    const Operand &a, &b;
    std::int64_t at_a, at_b, k;
    T temperature = 1;  // both rows are divided by it

    // f(tile of a, tile of b, n, where it begins) over [begin, end)
    template <class F>
    void tiles(std::int64_t begin, std::int64_t end, F&& f) const {
        T buffer_a[tile], buffer_b[tile];
        for (std::int64_t i = begin; i < end; i += tile) {
            std::int64_t n = end - i < tile ? end - i : tile;
            const T *x = read<T>(a, at_a + i * a.step, n, buffer_a), *y = read<T>(b, at_b + i * b.step, n, buffer_b);
            if (temperature != T(1)) {
                divide(x, n, temperature, buffer_a);
                divide(y, n, temperature, buffer_b);
                x = buffer_a, y = buffer_b;
            }
            f(x, y, n, i);
        }
    }

    // f(begin, end) of each segment, shared by threads.
    template <class F>
    void segments(int threads, F&& f) const {
        parallel(threads, (k + segment - 1) / segment, [&](std::int64_t s) {
            f(s * segment, (s + 1) * segment < k ? (s + 1) * segment : k);
        });
    }

    // Σ over segments, shared by threads, added in order.
    template <class Part, class F>
    Part sum(int threads, F&& f) const {
        std::int64_t parts = (k + segment - 1) / segment;
        auto part = [&](std::int64_t s) {
            std::int64_t begin = s * segment, end = begin + segment < k ? begin + segment : k;
            Part total;
            tiles(begin, end, [&](const T* x, const T* y, std::int64_t n, std::int64_t) { total.add(f(x, y, n)); });
            return total;
        };
        if (parts == 1) return part(0);
        Part total;
        if (threads == 1) {
            for (std::int64_t s = 0; s < parts; ++s) total.add(part(s));
            return total;
        }
        std::vector<Part> all(parts);
        parallel(threads, parts, [&](std::int64_t s) { all[s] = part(s); });
        for (const Part& s : all) total.add(s);
        return total;
    }

    RowMoments row_moments(bool in_full, int threads) const {
        return sum<RowMoments>(threads, [in_full](const T* x, const T* y, std::int64_t n) {
            auto [max_a, min_a] = extremes(x, n);
            auto [max_b, min_b] = extremes(y, n);
            bool masked = min_a == -infinity<T> || min_b == -infinity<T>, full = in_full || masked;
            T base_a = max_a == -infinity<T> ? T(0) : max_a, base_b = max_b == -infinity<T> ? T(0) : max_b;
            auto m = full ? moments(x, y, n, base_a, base_b) : plain_moments(x, y, n, base_a, base_b);
            RowMoments r;
            r.a = {max_a, max_a == -infinity<T> ? 0.0 : m.at_max_a, m.rest_a};
            r.b = {max_b, max_b == -infinity<T> ? 0.0 : m.at_max_b, m.rest_b};
            r.ratio = m.ratio, r.log_p = m.log_p, r.lost = m.lost, r.masked = masked;
            return r;
        });
    }
};

template <class F>
void over_rows(const Batch& batch, int threads, F&& f) {
    if (batch.rows * batch.k < 2 * worth_a_thread) threads = 1;
    if (batch.rows < 2 * threads && batch.k > segment) {
        for (std::int64_t row = 0; row < batch.rows; ++row) f(row, threads);
        return;
    }
    std::int64_t per_task = worth_a_thread / batch.k + 1;
    parallel(threads, (batch.rows + per_task - 1) / per_task, [&](std::int64_t task) {
        std::int64_t last = (task + 1) * per_task < batch.rows ? (task + 1) * per_task : batch.rows;
        for (std::int64_t row = task * per_task; row < last; ++row) f(row, 1);
    });
}

inline void keep_first(std::atomic<std::int64_t>& first, std::int64_t row) {
    std::int64_t seen = first.load();
    while ((seen < 0 || row < seen) && !first.compare_exchange_weak(seen, row)) {
    }
}

}  // namespace
}  // namespace kullback
