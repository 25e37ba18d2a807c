#include "families.hpp"

#include "gamma.hpp"
#include "pool.hpp"

namespace kullback {
namespace {

constexpr std::int64_t worth_a_thread = 1 << 14;
constexpr double large_rise = 1e3;  // from where rising_gap serves

template <class T>
KB_INLINE bool fits(T x) {
    return (x >= Float<T>::min_normal) & (x < infinity<T>);
}

template <class F>
void over_tiles(std::int64_t n, int threads, F&& f) {
    std::int64_t tasks = (n + worth_a_thread - 1) / worth_a_thread;
    parallel(tasks == 1 ? 1 : threads, tasks, [&](std::int64_t task) {
        std::int64_t end = (task + 1) * worth_a_thread < n ? (task + 1) * worth_a_thread : n;
        for (std::int64_t i = task * worth_a_thread; i < end; i += tile) f(i, end - i < tile ? end - i : tile);
    });
}

template <class T>
KB_CLONES void normal_tile(const T* mp, const T* sp, const T* mq, const T* sq, std::int64_t n, T* out) {
    int all_fit = 1;
#pragma omp simd reduction(& : all_fit)
    for (std::int64_t i = 0; i < n; ++i) {
        T a = sq[i] * sq[i], b = sp[i] * sp[i], inverse = T(1) / sq[i], z = (mp[i] - mq[i]) * inverse;
        all_fit &= fits(a) & fits(b);
        T spread = kl_of(a, b, ratio(a, b, (sp[i] - sq[i]) * (sp[i] + sq[i]))) * (inverse * inverse);
        out[i] = T(0.5) * (spread + z * z);
    }
    if (all_fit) return;
    for (std::int64_t i = 0; i < n; ++i) {
        if (fits(sq[i] * sq[i]) && fits(sp[i] * sp[i])) continue;
        T r = sp[i] / sq[i], z = (mp[i] - mq[i]) / sq[i];
        out[i] = T(0.5) * ((r * r - T(1) - T(2) * log_of(ratio(sq[i], sp[i]))) + z * z);
    }
}

KB_CLONES void gap_tile(const double* a, const double* b, const double* step, std::int64_t n, double* out) {
    double least = infinity<double>, most = 0;
#pragma omp simd reduction(min : least) reduction(max : most)
    for (std::int64_t i = 0; i < n; ++i) {
        double smaller = a[i] < b[i] ? a[i] : b[i], larger = a[i] < b[i] ? b[i] : a[i];
        least = smaller < least ? smaller : least;
        most = larger > most ? larger : most;
    }
    if (least < large_argument) {
#pragma omp simd
        for (std::int64_t i = 0; i < n; ++i) out[i] = shifted_gap(a[i], b[i], step[i]);
        if (most < large_argument) return;
        for (std::int64_t i = 0; i < n; ++i) {
            if (a[i] >= large_argument && b[i] < 0.25 * a[i]) out[i] = falling_gap(a[i], b[i]);
            if (a[i] < large_argument && b[i] > large_rise) out[i] = rising_gap(a[i], b[i]);
        }
    }
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i) {
        double value = large_gap(a[i], b[i], step[i]);
        out[i] = (a[i] >= large_argument) & (b[i] >= large_argument) ? value : out[i];
    }
}

KB_CLONES void rate_tile(const double* a, const double* b, const double* step, const double* rate_p, const double* rate_q,
                         const double* rate_step, std::int64_t n, double* out) {
    int all_fit = 1;
#pragma omp simd reduction(& : all_fit)
    for (std::int64_t i = 0; i < n; ++i) {
        double m = a[i] * (rate_q[i] / rate_p[i]);
        all_fit &= fits(m) & fits(b[i]);
        out[i] += rate_gap(a[i], b[i], step[i], rate_p[i], rate_q[i], rate_step[i]);
    }
    if (all_fit) return;
    gap_tile(a, b, step, n, out);
    for (std::int64_t i = 0; i < n; ++i) {
        bool fit = fits(a[i] * (rate_q[i] / rate_p[i])) && fits(b[i]);
        out[i] += fit ? rate_gap(a[i], b[i], step[i], rate_p[i], rate_q[i], rate_step[i]) : far_rate_gap(a[i], b[i], rate_p[i], rate_q[i]);
    }
}

// Float is too short for differences of log Γ: tiles are widened.
template <class T>
const double* widened(const T* from, std::int64_t n, double* buffer) {
    if constexpr (sizeof(T) == 8) return from;
    for (std::int64_t i = 0; i < n; ++i) buffer[i] = from[i];
    return buffer;
}

}  // namespace

template <class T>
void normal_divergences(const Operand& mean_p, const Operand& scale_p, const Operand& mean_q, const Operand& scale_q,
                        std::int64_t n, T* out, int threads) {
    over_tiles(n, threads, [&](std::int64_t i, std::int64_t size) {
        T buffers[4][tile];
        normal_tile(read<T>(mean_p, i * mean_p.step, size, buffers[0]), read<T>(scale_p, i * scale_p.step, size, buffers[1]),
                    read<T>(mean_q, i * mean_q.step, size, buffers[2]), read<T>(scale_q, i * scale_q.step, size, buffers[3]),
                    size, out + i);
    });
}

// The operands of one tile, in double.
template <class T, int count>
struct Tile {
    T narrow[count][tile];
    double wide[count][tile];
    const double* of[count];

    Tile(const Operand (&operands)[count], std::int64_t i, std::int64_t size) {
        for (int j = 0; j < count; ++j)
            of[j] = widened(read<T>(operands[j], i * operands[j].step, size, narrow[j]), size, wide[j]);
    }
};

template <class T>
void gaps(const Operand (&operands)[3], std::int64_t n, T* out, int threads) {
    over_tiles(n, threads, [&](std::int64_t i, std::int64_t size) {
        Tile<T, 3> x(operands, i, size);
        double values[tile];
        gap_tile(x.of[0], x.of[1], x.of[2], size, values);
        for (std::int64_t j = 0; j < size; ++j) out[i + j] = static_cast<T>(values[j]);
    });
}

template <class T>
void gamma_divergences(const Operand (&operands)[6], std::int64_t n, T* out, int threads) {
    over_tiles(n, threads, [&](std::int64_t i, std::int64_t size) {
        Tile<T, 6> x(operands, i, size);
        double values[tile];
        gap_tile(x.of[0], x.of[1], x.of[2], size, values);
        rate_tile(x.of[0], x.of[1], x.of[2], x.of[3], x.of[4], x.of[5], size, values);
        for (std::int64_t j = 0; j < size; ++j) out[i + j] = static_cast<T>(values[j]);
    });
}

template void normal_divergences<double>(const Operand&, const Operand&, const Operand&, const Operand&, std::int64_t, double*, int);
template void normal_divergences<float>(const Operand&, const Operand&, const Operand&, const Operand&, std::int64_t, float*, int);
template void gaps<double>(const Operand (&)[3], std::int64_t, double*, int);
template void gaps<float>(const Operand (&)[3], std::int64_t, float*, int);
template void gamma_divergences<double>(const Operand (&)[6], std::int64_t, double*, int);
template void gamma_divergences<float>(const Operand (&)[6], std::int64_t, float*, int);

}  // namespace kullback
