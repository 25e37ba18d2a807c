#include "probabilities.hpp"

#include <atomic>
#include <vector>

#include "dispatch.hpp"
#include "pool.hpp"
#include "sums.hpp"

namespace kullback {
namespace {

constexpr std::int64_t segment = 64 * tile;  // a row's sum is made of these, so it does not depend on the threads
constexpr std::int64_t short_row = tile / 4;
constexpr std::int64_t worth_a_thread = 1 << 15;

struct RowSums {
    double terms = 0, p = 0, q = 0, least = infinity<double>;

    template <class T>
    void add(const Sums<T>& s) {
        add(RowSums{s.terms, s.p, s.q, s.least});
    }
    void add(const RowSums& s) {
        terms += s.terms;
        p += s.p;
        q += s.q;
        least = s.least < least ? s.least : least;
    }
    bool proper(double tolerance) const {  // false for NaN too
        return std::fabs(p - 1) <= tolerance && std::fabs(q - 1) <= tolerance && least >= 0;
    }
};

class FirstFailure {
   public:
    void report(std::int64_t row) {
        std::int64_t seen = row_.load();
        while ((seen < 0 || row < seen) && !row_.compare_exchange_weak(seen, row)) {
        }
    }
    std::int64_t row() const { return row_.load(); }

   private:
    std::atomic<std::int64_t> row_{-1};
};

template <class T, class Term>
struct Rows {
    Term term;
    const Batch& batch;
    const Operand &p, &q;
    T* out;
    double tolerance;
    FirstFailure failure;

    void finish(std::int64_t row, const RowSums& sums) {
        out[row] = static_cast<T>(sums.terms);
        if (!sums.proper(tolerance)) failure.report(row);
    }

    RowSums sum(std::int64_t at_p, std::int64_t at_q, std::int64_t begin, std::int64_t end) {
        T buffer_p[tile], buffer_q[tile];
        RowSums total;
        bool careful = false;
        for (std::int64_t i = begin; i < end; i += tile) {
            std::int64_t n = end - i < tile ? end - i : tile;
            const T* a = read<T>(p, at_p + i * p.step, n, buffer_p);
            const T* b = read<T>(q, at_q + i * q.step, n, buffer_q);
            total.add(sum_tile(term, a, b, n, careful));
        }
        return total;
    }

    void long_rows(std::int64_t first, std::int64_t last) {
        for (std::int64_t row = first; row < last; ++row) {
            std::int64_t at_p = batch.offset(p, row), at_q = batch.offset(q, row);
            RowSums total;
            for (std::int64_t i = 0; i < batch.k; i += segment)
                total.add(sum(at_p, at_q, i, i + segment < batch.k ? i + segment : batch.k));
            finish(row, total);
        }
    }

    const T* several(const Operand& a, bool dense, std::int64_t row, std::int64_t rows, T* buffer) {
        if (dense) return static_cast<const T*>(a.data) + row * batch.k;
        for (std::int64_t r = 0; r < rows; ++r) {
            T* to = buffer + r * batch.k;
            const T* from = read<T>(a, batch.offset(a, row + r), batch.k, to);
            if (from != to) std::memcpy(to, from, sizeof(T) * batch.k);
        }
        return buffer;
    }

    // Several rows to a tile: the terms as vectors, then a few scalar additions a row.
    void short_rows(std::int64_t first, std::int64_t last) {
        T buffer_p[tile], buffer_q[tile], terms[tile];
        bool dense_p = batch.dense(p), dense_q = batch.dense(q), careful = false;
        std::int64_t k = batch.k, per_tile = tile / k;
        for (std::int64_t row = first; row < last; row += per_tile) {
            std::int64_t rows = last - row < per_tile ? last - row : per_tile;
            const T* a = several(p, dense_p, row, rows, buffer_p);
            const T* b = several(q, dense_q, row, rows, buffer_q);
            double least = map_tile(term, a, b, rows * k, terms, careful);
            for (std::int64_t r = 0; r < rows; ++r) {
                T sum = 0, sum_p = 0, sum_q = 0;
                for (std::int64_t i = r * k; i < (r + 1) * k; ++i) {
                    sum += terms[i];
                    sum_p += a[i];
                    sum_q += b[i];
                }
                finish(row + r, RowSums{sum, sum_p, sum_q, least >= 0 ? least : least_of(a + r * k, b + r * k)});
            }
        }
    }

    double least_of(const T* a, const T* b) const {
        double least = infinity<double>;
        for (std::int64_t i = 0; i < batch.k; ++i) {
            if (a[i] < least) least = a[i];
            if (b[i] < least) least = b[i];
        }
        return least;
    }

    void split_rows(int threads) {  // few long rows: threads share each one
        std::int64_t per_row = (batch.k + segment - 1) / segment;
        std::vector<RowSums> parts(batch.rows * per_row);
        parallel(threads, batch.rows * per_row, [&](std::int64_t i) {
            std::int64_t row = i / per_row, begin = (i % per_row) * segment;
            std::int64_t end = begin + segment < batch.k ? begin + segment : batch.k;
            parts[i] = sum(batch.offset(p, row), batch.offset(q, row), begin, end);
        });
        for (std::int64_t row = 0; row < batch.rows; ++row) {
            RowSums total;
            for (std::int64_t s = 0; s < per_row; ++s) total.add(parts[row * per_row + s]);
            finish(row, total);
        }
    }

    void run(int threads) {
        std::int64_t work = batch.rows * batch.k;
        if (work < 2 * worth_a_thread) threads = 1;
        if (threads > 1 && batch.rows < 4 * threads && batch.k > segment) return split_rows(threads);
        bool several_to_a_tile = batch.k <= short_row;
        std::int64_t per_task = worth_a_thread / batch.k + 1;
        parallel(threads, (batch.rows + per_task - 1) / per_task, [&](std::int64_t i) {
            std::int64_t first = i * per_task;
            std::int64_t last = first + per_task < batch.rows ? first + per_task : batch.rows;
            several_to_a_tile ? short_rows(first, last) : long_rows(first, last);
        });
    }
};

}  // namespace

template <class T>
std::int64_t divergences(Question of, double parameter, const Batch& batch, const Operand& p, const Operand& q,
                         T* out, double tolerance, int threads) {
    return with_terms(of, parameter, [&](auto term) {
        Rows<T, decltype(term)> rows{term, batch, p, q, out, tolerance, {}};
        rows.run(threads);
        return rows.failure.row();
    });
}

template std::int64_t divergences<double>(Question, double, const Batch&, const Operand&, const Operand&, double*, double, int);
template std::int64_t divergences<float>(Question, double, const Batch&, const Operand&, const Operand&, float*, double, int);

}  // namespace kullback
