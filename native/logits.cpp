#include "logits.hpp"

#include <atomic>
#include <vector>

#include "memory.hpp"
#include "pool.hpp"
#include "softmax.hpp"
#include "sums.hpp"

namespace kullback {
namespace {

constexpr std::int64_t segment = 32 * tile;
constexpr std::int64_t worth_a_thread = 1 << 14;
constexpr double near_equality = 1.0 / 16;

// ---------------------------------------------------------------- loops over one tile

// Sums under weights e^(a − m_a): of t = (b − m_b) − (a − m_a), and of a − m_a; outcomes with a = −∞ count nothing.
template <class T>
struct Moments {
    T at_max_a = 0, rest_a = 0, at_max_b = 0, rest_b = 0, ratio = 0, log_p = 0;
    bool lost = false;  // some b is −∞ where a is not
};

template <class T>
KB_CLONES Moments<T> moments(const T* a, const T* b, std::int64_t n, T base_a, T base_b) {
    T at_max_a = 0, rest_a = 0, at_max_b = 0, rest_b = 0, ratio = 0, log_p = 0, lost = 0;
#pragma omp simd reduction(+ : at_max_a, rest_a, at_max_b, rest_b, ratio, log_p, lost)
    for (std::int64_t i = 0; i < n; ++i) {
        T la = a[i] - base_a, lb = b[i] - base_b;
        T p = exponential(la), q = exponential(lb);
        bool gone_p = la == -infinity<T>, gone_q = lb == -infinity<T>;
        at_max_a += la == T(0) ? T(1) : T(0);
        rest_a += la == T(0) ? T(0) : p;
        at_max_b += lb == T(0) ? T(1) : T(0);
        rest_b += lb == T(0) ? T(0) : q;
        ratio += gone_p | gone_q ? T(0) : p * (lb - la);
        log_p += gone_p ? T(0) : p * la;
        lost += gone_q & !gone_p ? T(1) : T(0);
    }
    return {at_max_a, rest_a, at_max_b, rest_b, ratio, log_p, lost != 0};
}

// The same for KL and JS of unmasked rows, which need neither the entropy nor the digits of a small `rest`.
template <class T>
KB_CLONES Moments<T> plain_moments(const T* a, const T* b, std::int64_t n, T base_a, T base_b) {
    T rest_a[tile], power_a[tile], rest_b[tile], power_b[tile];
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i) {
        Reduced<T> x = reduced(a[i] - base_a), y = reduced(b[i] - base_b);
        rest_a[i] = x.r, power_a[i] = x.power;
        rest_b[i] = y.r, power_b[i] = y.power;
    }
    T sum_a = 0, sum_b = 0, ratio = 0;
#pragma omp simd reduction(+ : sum_a, sum_b, ratio)
    for (std::int64_t i = 0; i < n; ++i) {
        T p = exponential(Reduced<T>{rest_a[i], power_a[i]});
        sum_a += p;
        sum_b += exponential(Reduced<T>{rest_b[i], power_b[i]});
        ratio += p * ((b[i] - base_b) - (a[i] - base_a));
    }
    return {T(1), sum_a - T(1), T(1), sum_b - T(1), ratio, T(0), false};
}

// A row's softmax: p = e^((a − top) − total).
struct Scale {
    double top = 0, total = 0;  // the maximum, and log Σ e^(a − top)

    double log() const { return top + total; }
    template <class T>
    KB_INLINE T log_of(T a) const {
        return (a - static_cast<T>(top)) - static_cast<T>(total);
    }
};

// What log(q/p) = (b − a) − (top_b − top_a) − (total_b − total_a) subtracts, each part as exact as T allows.
template <class T>
struct Shift {
    T top, total, low;
    Shift(const Scale& a, const Scale& b, double slip) {
        double tops = b.top - a.top, back = b.top - tops;
        double lost = (b.top - (tops + back)) + (back - a.top), totals = b.total - a.total;
        top = static_cast<T>(tops);
        total = static_cast<T>(totals);
        low = static_cast<T>((tops - static_cast<double>(top)) + (totals - static_cast<double>(total)) + (lost + slip));
    }
};

// log(q/p), with b − a as an exact sum of two numbers.
template <class T>
KB_INLINE T log_ratio_of(T a, T b, const Shift<T>& shift) {
    T t = b - a, back = b - t;
    T error = (b - (t + back)) + (back - a);
    T x = ((t - shift.top) - shift.total) + ((error == error ? error : T(0)) - shift.low);
    return a == b ? (-shift.top - shift.total) - shift.low : x;  // also where both are −∞
}

template <class T>
struct Near {
    T psi = 0, mean = 0;
};

// Σ p ψ(x) and Σ p x, with x = log(q/p) up to a shared constant.
template <class T>
KB_CLONES Near<T> near_sums(const T* a, const T* b, std::int64_t n, Scale sa, Scale sb, Shift<T> shift) {
    T psi_sum = 0, mean = 0;
#pragma omp simd reduction(+ : psi_sum, mean)
    for (std::int64_t i = 0; i < n; ++i) {
        T x = log_ratio_of(a[i], b[i], shift);
        T p = exponential(sa.log_of(a[i])), q = exponential(sb.log_of(b[i]));
        bool near = (x < T(0.5)) & (x > T(-0.5));
        T y = near ? x : T(0);
        T px = p == T(0) ? T(0) : p * x;
        // p (eˣ − 1) shares p's rounding, which q − p does not
        T d = x < T(20) ? p * (exponential(x < T(20) ? x : T(0)) - T(1)) : q - p;
        psi_sum += near ? p * (y * y * psi_series(y)) : d - px;
        mean += px;
    }
    return {psi_sum, mean};
}

// JS of one outcome over p, ½ (eˣ x − (1 + eˣ) log ½(1 + eˣ)), divided by x²; minimax on |x| ≤ ½.
KB_INLINE double mixture_series(double x) {
    double g = 4.5915826629824720313e-10;
    g = g * x - 4.2609712418386326228e-10;
    g = g * x - 6.3171762035899984295e-9;
    g = g * x + 7.8852210874149599617e-9;
    g = g * x + 9.4726407074734308979e-8;
    g = g * x - 2.583349506042075556e-8;
    g = g * x - 2.583497040320687113e-7;
    g = g * x + 0.00001085069431433997373;
    g = g * x + 0.00008680555554874943715;
    g = g * x + 0.00043402777778318887666;
    g = g * x + 0.0026041666666667728994;
    g = g * x + 0.015624999999999915529;
    g = g * x + 0.062499999999999999729;
    return g * x + 0.12500000000000000022;
}
KB_INLINE float mixture_series(float x) {
    float g = 0.000010840454197568380566f;
    g = g * x + 0.000086705245381132131349f;
    g = g * x + 0.00043402901823535600563f;
    g = g * x + 0.0026041787323211390345f;
    g = g * x + 0.015624999961646945792f;
    g = g * x + 0.062499999627862988605f;
    return g * x + 0.125f;
}

// log(1 + e) for 0 ≤ e ≤ 1.
KB_INLINE double log1p_of(double e) { return log_of(ratio(1.0, 1.0 + e)); }
KB_INLINE float log1p_of(float e) {
    float g = 0.0051261021409669133968f;
    g = g * e - 0.029074064677494201278f;
    g = g * e + 0.077516086740369412391f;
    g = g * e - 0.13602247622479404963f;
    g = g * e + 0.19076880735747794135f;
    g = g * e - 0.2483539898851554413f;
    g = g * e + 0.33318121707533190711f;
    g = g * e - 0.49999444976340094893f;
    return e * (g * e + 0.9999999659255096339f);
}

template <class T>
struct Mixture {
    T js = 0, from_p = 0, from_q = 0;  // the share of each outcome, and of KL(p ‖ m), KL(q ‖ m)
};

// x = log(q/p): log(p/m) = log 2 − log(1 + eˣ), log(q/m) = log 2 − log(1 + e⁻ˣ).
template <class T>
KB_INLINE void log_to_mixture(T x, T& to_p, T& to_q) {
    T l = ln2<T> - log1p_of(exponential(x < T(0) ? x : -x));
    to_p = x > T(0) ? l - x : l;
    to_q = x < T(0) ? l + x : l;
}

template <class T>
KB_CLONES Mixture<T> mixture_sums(const T* a, const T* b, std::int64_t n, Scale sa, Scale sb, Shift<T> shift) {
    T js = 0, from_p = 0, from_q = 0;
#pragma omp simd reduction(+ : js, from_p, from_q)
    for (std::int64_t i = 0; i < n; ++i) {
        T x = log_ratio_of(a[i], b[i], shift);
        T p = exponential(sa.log_of(a[i])), q = exponential(sb.log_of(b[i])), to_p, to_q;
        log_to_mixture(x, to_p, to_q);
        T kl_p = p == T(0) ? T(0) : p * to_p, kl_q = q == T(0) ? T(0) : q * to_q;
        bool near = (x < T(0.5)) & (x > T(-0.5));
        T y = near ? x : T(0);
        js += near ? p * (y * y * mixture_series(y)) : T(0.5) * (kl_p + kl_q);
        from_p += kl_p;
        from_q += kl_q;
    }
    return {js, from_p, from_q};
}

// JS alone, of unmasked rows far apart as a whole: from the probabilities themselves.
template <class T>
KB_CLONES Mixture<T> plain_mixture_sums(const T* a, const T* b, std::int64_t n, Scale sa, Scale sb) {
    constexpr T floor = Float<T>::exp_floor;  // its exponential is a normal number, which the sum of terms needs
    T p[tile], q[tile];
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i) {
        T la = sa.log_of(a[i]), lb = sb.log_of(b[i]);
        p[i] = exponential(la > floor ? la : floor);
        q[i] = exponential(lb > floor ? lb : floor);
    }
    return {two_step_loop(EvenJensenShannon{}, p, q, n).terms, T(0), T(0)};
}

// Where q has no mass and p has, the slope points towards q's support, however far.
template <class T>
KB_INLINE T bounded_slope(T log_ratio_to_p, T mean) {
    return log_ratio_to_p == infinity<T> ? infinity<T> : log_ratio_to_p - mean;
}

template <class T>
KB_CLONES void kl_gradient_p(const T* a, const T* b, std::int64_t n, Scale sa, Shift<T> shift, T kl, T up, T* grad) {
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i) {
        T slope = bounded_slope(-log_ratio_of(a[i], b[i], shift), kl), p = exponential(sa.log_of(a[i]));
        grad[i] = p == T(0) ? T(0) : up * (p * slope);
    }
}

// q − p, where p and q are far enough apart for a plain difference.
template <class T>
KB_CLONES void plain_gradient_q(const T* a, const T* b, std::int64_t n, Scale sa, Scale sb, T up, T* grad) {
    constexpr T nothing = 2 * Float<T>::exp_floor;  // finite, and its exponential is 0
    T rest_a[tile], power_a[tile], rest_b[tile], power_b[tile];
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i) {
        T la = sa.log_of(a[i]), lb = sb.log_of(b[i]);
        Reduced<T> x = reduced(la > nothing ? la : nothing), y = reduced(lb > nothing ? lb : nothing);
        rest_a[i] = x.r, power_a[i] = x.power;
        rest_b[i] = y.r, power_b[i] = y.power;
    }
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i)
        grad[i] = up * (exponential(Reduced<T>{rest_b[i], power_b[i]}) - exponential(Reduced<T>{rest_a[i], power_a[i]}));
}

template <class T>
KB_CLONES void kl_gradient_q(const T* a, const T* b, std::int64_t n, Scale sa, Scale sb, Shift<T> shift, T up, T* grad) {
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i) {
        T x = log_ratio_of(a[i], b[i], shift), p = exponential(sa.log_of(a[i])), q = exponential(sb.log_of(b[i]));
        bool near = (x < T(0.5)) & (x > T(-0.5));
        T y = near ? x : T(0);
        grad[i] = up * (near ? p * (y + y * y * psi_series(y)) : q - p);
    }
}

template <class T>
KB_CLONES void js_gradient(const T* a, const T* b, std::int64_t n, Scale sa, Scale sb, Shift<T> shift, T kl_p, T kl_q, T up,
                           bool of_p, T* grad) {
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i) {
        T x = log_ratio_of(a[i], b[i], shift), to_p, to_q;
        log_to_mixture(x, to_p, to_q);
        T mass = exponential(of_p ? sa.log_of(a[i]) : sb.log_of(b[i])), slope = of_p ? to_p - kl_p : to_q - kl_q;
        grad[i] = mass == T(0) ? T(0) : T(0.5) * up * (mass * slope);
    }
}

template <class T>
KB_CLONES void cross_entropy_gradient_p(const T* a, const T* b, std::int64_t n, Scale sa, Scale sb, T mean, T up, T* grad) {
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i) {
        T slope = bounded_slope(-sb.log_of(b[i]), mean), p = exponential(sa.log_of(a[i]));
        grad[i] = p == T(0) ? T(0) : up * (p * slope);
    }
}

template <class T>
KB_CLONES void softmax_into(const T* b, std::int64_t n, Scale sb, T up, T* out) {
    for (std::int64_t i = 0; i < n; ++i) out[i] = up * exponential(sb.log_of(b[i]));
}

// ---------------------------------------------------------------- one row

struct RowMoments {
    LogSum a, b;
    double ratio = 0, log_p = 0;  // sums under e^(a − a.max): of (b − b.max) − (a − a.max), and of a − a.max
    bool lost = false, masked = false;

    void add(RowMoments s) {
        double top_a = a.max > s.a.max ? a.max : s.a.max, top_b = b.max > s.b.max ? b.max : s.b.max;
        shift(top_a, top_b);
        s.shift(top_a, top_b);
        ratio += s.ratio;
        log_p += s.log_p;
        lost = lost || s.lost;
        masked = masked || s.masked;
        a.add(s.a);
        b.add(s.b);
    }

    double cross() const { return -ratio / a.total() + (b.log_total() - a.log_total()); }  // the textbook KL
    double entropy() const { return a.log_total() - log_p / a.total(); }

   private:
    // Re-expresses both sums under the maxima top_a, top_b; the masses themselves are left to LogSum.
    void shift(double top_a, double top_b) {
        if (a.at_max == 0) return;
        double down_a = top_a - a.max, down_b = b.at_max > 0 ? top_b - b.max : 0, scale = std::exp(-down_a);
        ratio = scale == 0 ? 0 : scale * (ratio + (down_a - down_b) * a.total());
        log_p = scale == 0 ? 0 : scale * (log_p - down_a * a.total());
    }
};

template <class T>
struct Row {
    const Operand &a, &b;
    std::int64_t at_a, at_b, k;

    // f(tile of a, tile of b, n) over [begin, end)
    template <class F>
    void tiles(std::int64_t begin, std::int64_t end, F&& f) const {
        T buffer_a[tile], buffer_b[tile];
        for (std::int64_t i = begin; i < end; i += tile) {
            std::int64_t n = end - i < tile ? end - i : tile;
            f(read<T>(a, at_a + i * a.step, n, buffer_a), read<T>(b, at_b + i * b.step, n, buffer_b), n, i);
        }
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

struct NearSums {
    double psi = 0, mean = 0;
    template <class T>
    void add(const Near<T>& s) { psi += s.psi, mean += s.mean; }
    void add(const NearSums& s) { psi += s.psi, mean += s.mean; }
};

struct MixtureSums {
    double js = 0, from_p = 0, from_q = 0;
    template <class T>
    void add(const Mixture<T>& s) { js += s.js, from_p += s.from_p, from_q += s.from_q; }
    void add(const MixtureSums& s) { js += s.js, from_p += s.from_p, from_q += s.from_q; }
};

// y − log(1 + y) for small y, without cancellation.
double log1p_excess(double y) {
    if (std::fabs(y) > 0.3) return y - std::log1p(y);
    double s = y / (2 + y);
    return s * (y - log_remainder(s * s));
}

// What a row's answer and its gradient are made of.
struct RowAnswer {
    double value = 0;
    Scale a, b;
    double mean_a = 0, mean_b = 0;
    double slip = 0;  // by how much b.total − a.total is off, below what either can hold
    bool proper = true;

    template <class T>
    Shift<T> shift() const {
        return {a, b, slip};
    }

    void keep(double* kept) const {
        const double fields[kept_per_row] = {a.top, a.total, b.top, b.total, mean_a, mean_b, slip};
        std::memcpy(kept, fields, sizeof fields);
    }
    static RowAnswer kept(const double* k) { return {0, {k[0], k[1]}, {k[2], k[3]}, k[4], k[5], k[6]}; }
};

template <class T>
RowAnswer answer(LogitQuestion of, const Row<T>& row, bool with_slopes, int threads) {
    RowMoments m = row.row_moments(of == LogitQuestion::entropy || of == LogitQuestion::cross_entropy, threads);
    RowAnswer r;
    r.proper = m.a.proper() && m.b.proper();
    if (!r.proper) return r;
    r.a = {m.a.max, m.a.log_total()};
    r.b = {m.b.max, m.b.log_total()};
    if (of == LogitQuestion::entropy) {
        r.value = r.mean_a = m.entropy();
        return r;
    }
    double kl = m.cross();
    if (m.lost) {
        kl = infinity<double>;
    } else if (!(kl > near_equality)) {
        Shift<T> shift = r.template shift<T>();
        auto s = row.template sum<NearSums>(threads, [&](const T* x, const T* y, std::int64_t n) {
            return near_sums(x, y, n, r.a, r.b, shift);
        });
        double y = s.psi + s.mean;  // Σ p e^x − 1: how far the shift was from log Σeᵇ − log Σeᵃ
        kl = s.psi - log1p_excess(y);
        r.slip = std::log1p(y);
    }
    r.value = r.mean_a = kl;
    if (of == LogitQuestion::cross_entropy) r.value = r.mean_a = kl + m.entropy();
    if (of == LogitQuestion::js) {
        Shift<T> shift = r.template shift<T>();
        bool plain = kl > near_equality && !m.masked && !with_slopes;
        auto s = row.template sum<MixtureSums>(threads, [&](const T* x, const T* y, std::int64_t n) {
            return plain ? plain_mixture_sums(x, y, n, r.a, r.b) : mixture_sums(x, y, n, r.a, r.b, shift);
        });
        r.value = s.js, r.mean_a = s.from_p, r.mean_b = s.from_q;
    }
    return r;
}

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

void keep_first(std::atomic<std::int64_t>& first, std::int64_t row) {
    std::int64_t seen = first.load();
    while ((seen < 0 || row < seen) && !first.compare_exchange_weak(seen, row)) {
    }
}

}  // namespace

template <class T>
std::int64_t logit_divergences(LogitQuestion of, const Batch& batch, const Operand& a, const Operand& b, T* out,
                               double* kept, int threads) {
    std::atomic<std::int64_t> bad{-1};
    over_rows(batch, threads, [&](std::int64_t row, int row_threads) {
        RowAnswer r = answer(of, Row<T>{a, b, batch.offset(a, row), batch.offset(b, row), batch.k}, kept != nullptr, row_threads);
        out[row] = static_cast<T>(r.value);
        if (!r.proper) keep_first(bad, row);
        if (kept) r.keep(kept + row * kept_per_row);
    });
    return bad.load();
}

template <class T>
void logit_gradients(LogitQuestion of, const Batch& batch, const Operand& a, const Operand& b, const double* kept,
                     const T* upstream, T* grad_a, T* grad_b, int threads) {
    for (T* grad : {grad_a, grad_b})
        if (grad) about_to_fill(grad, sizeof(T) * batch.rows * batch.k);
    std::int64_t parts = (batch.k + segment - 1) / segment;
    std::int64_t per_task = batch.k < worth_a_thread ? worth_a_thread / batch.k + 1 : 1;
    auto part = [&](std::int64_t row, std::int64_t s) {
        std::int64_t begin = s * segment, end = begin + segment < batch.k ? begin + segment : batch.k;
        RowAnswer k = RowAnswer::kept(kept + row * kept_per_row);
        T mean_a = static_cast<T>(k.mean_a), mean_b = static_cast<T>(k.mean_b), up = upstream[row];
        Shift<T> shift = k.template shift<T>();
        bool far = k.mean_a > near_equality;
        Row<T> r{a, b, batch.offset(a, row), batch.offset(b, row), batch.k};
        r.tiles(begin, end, [&](const T* x, const T* y, std::int64_t n, std::int64_t at) {
            T* ga = grad_a ? grad_a + row * batch.k + at : nullptr;
            T* gb = grad_b ? grad_b + row * batch.k + at : nullptr;
            if (up == T(0)) {  // a row that does not count passes nothing, not 0 · ∞
                if (ga) std::memset(ga, 0, sizeof(T) * n);
                if (gb) std::memset(gb, 0, sizeof(T) * n);
                return;
            }
            switch (of) {
                case LogitQuestion::kl:
                    if (ga) kl_gradient_p(x, y, n, k.a, shift, mean_a, up, ga);
                    if (gb && far) plain_gradient_q(x, y, n, k.a, k.b, up, gb);
                    if (gb && !far) kl_gradient_q(x, y, n, k.a, k.b, shift, up, gb);
                    return;
                case LogitQuestion::js:
                    if (ga) js_gradient(x, y, n, k.a, k.b, shift, mean_a, mean_b, up, true, ga);
                    if (gb) js_gradient(x, y, n, k.a, k.b, shift, mean_a, mean_b, up, false, gb);
                    return;
                case LogitQuestion::cross_entropy:
                    if (ga) cross_entropy_gradient_p(x, y, n, k.a, k.b, mean_a, up, ga);
                    if (gb) plain_gradient_q(x, y, n, k.a, k.b, up, gb);
                    return;
                case LogitQuestion::entropy: return cross_entropy_gradient_p(x, x, n, k.a, k.a, mean_a, up, ga);
            }
        });
    };
    std::int64_t work = batch.rows * batch.k;
    parallel(work < 2 * worth_a_thread ? 1 : threads, (batch.rows * parts + per_task - 1) / per_task, [&](std::int64_t task) {
        for (std::int64_t i = task * per_task; i < (task + 1) * per_task && i < batch.rows * parts; ++i)
            part(i / parts, i % parts);
    });
}

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
    template std::int64_t logit_divergences<T>(LogitQuestion, const Batch&, const Operand&, const Operand&, T*,       \
                                               double*, int);                                                         \
    template void logit_gradients<T>(LogitQuestion, const Batch&, const Operand&, const Operand&, const double*,      \
                                     const T*, T*, T*, int);                                                          \
    template std::int64_t label_cross_entropy<T>(const Batch&, const std::int64_t*, const Operand&, std::int64_t, T*, \
                                                 double*, int);                                                       \
    template void label_gradients<T>(const Batch&, const std::int64_t*, const Operand&, std::int64_t, const double*,  \
                                     const T*, T*, int);
KB_INSTANTIATE(double)
KB_INSTANTIATE(float)

}  // namespace kullback
