// What a question answers of two rows of logits, and what the slopes of that answer are made of.
#pragma once
#include "logit_kl.hpp"
#include "logit_mixture.hpp"
#include "logit_rows.hpp"
#include "logits.hpp"

namespace kullback {
namespace {

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

struct RowAnswer {
    double value = 0;
    Scale a, b;
    double mean_a = 0, mean_b = 0;
    double slip = 0;     // by how much b.total − a.total is off, below what either can hold
    bool plain = false;  // unmasked and far apart as a whole
    bool proper = true;

    template <class T>
    Shift<T> shift() const {
        return {a, b, slip};
    }

    void keep(double* kept) const {
        const double fields[kept_per_row] = {a.top, a.total, b.top, b.total, mean_a, mean_b, slip, plain ? 1.0 : 0.0};
        std::memcpy(kept, fields, sizeof fields);
    }
    static RowAnswer kept(const double* k) { return {0, {k[0], k[1]}, {k[2], k[3]}, k[4], k[5], k[6], k[7] != 0}; }
};

template <class T>
MixtureSums mixture_of(const Row<T>& row, const RowAnswer& r, double weight, bool with_slopes, int threads) {
    Shift<T> shift = r.template shift<T>();
    Tilt<T> tilt(weight);
    bool even = r.plain && weight == 0.5 && !with_slopes;
    return row.template sum<MixtureSums>(threads, [&](const T* x, const T* y, std::int64_t n) {
        if (even) return even_sums(x, y, n, r.a, r.b);
        return r.plain ? plain_mixture_sums(x, y, n, r.a, r.b, tilt) : mixture_sums(x, y, n, r.a, r.b, shift, tilt);
    });
}

template <class T>
RowAnswer answer(LogitAsked asked, const Row<T>& row, bool with_slopes, int threads) {
    LogitQuestion of = asked.of;
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
    r.plain = kl > near_equality && !m.masked;
    if (of == LogitQuestion::cross_entropy) r.value = r.mean_a = kl + m.entropy();
    if (of == LogitQuestion::js) {
        MixtureSums s = mixture_of(row, r, asked.weight, with_slopes, threads);
        r.value = s.js, r.mean_a = s.from_p, r.mean_b = s.from_q;
    }
    return r;
}

}  // namespace
}  // namespace kullback
