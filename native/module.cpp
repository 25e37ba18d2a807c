// The Python face of the kernels: arrays of numpy and torch are read in place, through the buffer protocol or DLPack.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>

#include "families.hpp"
#include "logits.hpp"
#include "neighbours.hpp"
#include "pool.hpp"
#include "probabilities.hpp"

namespace nb = nanobind;
using namespace kullback;

namespace {

using Input = nb::ndarray<nb::ro, nb::device::cpu>;
template <class T>
using Dense = nb::ndarray<T, nb::c_contig, nb::device::cpu>;
using Labels = nb::ndarray<const std::int64_t, nb::c_contig, nb::device::cpu>;

// Right-aligned broadcasting of all axes but the last, which every operand shares.
Batch batch_of(const Input& a, const Input& b) {
    Batch batch;
    batch.dims = static_cast<int>(std::max(a.ndim(), b.ndim())) - 1;
    if (batch.dims > max_batch) throw std::invalid_argument("too many batch dimensions");
    batch.k = static_cast<std::int64_t>(a.shape(a.ndim() - 1));
    for (int d = 0; d < batch.dims; ++d) {
        auto size = [&](const Input& x) {
            int own = d - (batch.dims - (static_cast<int>(x.ndim()) - 1));
            return own < 0 ? std::int64_t{1} : static_cast<std::int64_t>(x.shape(own));
        };
        std::int64_t n = size(a), m = size(b);
        batch.shape[d] = n == 1 ? m : n;
        batch.rows *= batch.shape[d];
    }
    return batch;
}

Operand operand(const Input& x, const Batch& batch) {
    Operand o;
    o.data = x.data();
    int last = static_cast<int>(x.ndim()) - 1;
    o.step = batch.k == 1 ? 1 : x.stride(last);
    for (int d = 0; d < batch.dims; ++d) {
        int own = d - (batch.dims - last);
        o.strides[d] = own < 0 || x.shape(own) == 1 ? 0 : x.stride(own);
    }
    if (x.dtype() == nb::dtype<float>() || x.dtype() == nb::dtype<double>()) return o;
    if (x.dtype().bits != 16) throw std::invalid_argument("unsupported dtype");
    o.storage = x.dtype().code == static_cast<std::uint8_t>(nb::dlpack::dtype_code::Bfloat) ? Storage::bfloat : Storage::half;
    return o;
}

int threads_or_all(int threads) { return threads > 0 ? threads : available_threads(); }

bool is_double(const Input& x) { return x.dtype() == nb::dtype<double>(); }

template <class T>
std::int64_t rows_into(Question of, double parameter, const Input& p, const Input& q, T* out, double tolerance, int threads) {
    Batch batch = batch_of(p, q);
    if (batch.rows == 0 || batch.k == 0) return batch.k == 0 ? 0 : -1;
    Operand op = operand(p, batch), oq = operand(q, batch);
    if (batch.rows * batch.k < 4096) return divergences<T>(of, parameter, batch, op, oq, out, tolerance, 1);
    nb::gil_scoped_release unlocked;
    return divergences<T>(of, parameter, batch, op, oq, out, tolerance, threads_or_all(threads));
}

// One row against one row: a number, or None where the row is not a pair of distributions.
nb::object one_row(int of, double parameter, const Input& p, const Input& q, double tolerance, int threads) {
    std::int64_t bad;
    double value;
    if (is_double(p)) {
        bad = rows_into<double>(static_cast<Question>(of), parameter, p, q, &value, tolerance, threads);
    } else {
        float single;
        bad = rows_into<float>(static_cast<Question>(of), parameter, p, q, &single, tolerance, threads);
        value = single;
    }
    return bad < 0 ? nb::object(nb::float_(value)) : nb::object(nb::none());
}

template <class T>
void bind(nb::module_& m, const char* suffix) {
    auto name = [&](const char* stem) { return std::string(stem) + suffix; };
    m.def(name("rows_").c_str(),
          [](int of, double parameter, const Input& p, const Input& q, Dense<T> out, double tolerance, int threads) {
              return rows_into<T>(static_cast<Question>(of), parameter, p, q, out.data(), tolerance, threads);
          });
    m.def(name("rows_gradient_").c_str(),
          [](int of, double parameter, const Input& p, const Input& q, Dense<const T> upstream,
             std::optional<Dense<T>> grad_p, std::optional<Dense<T>> grad_q, int threads) {
              Batch batch = batch_of(p, q);
              Operand op = operand(p, batch), oq = operand(q, batch);
              nb::gil_scoped_release unlocked;
              return divergence_slopes<T>(static_cast<Question>(of), parameter, batch, op, oq, upstream.data(),
                                          grad_p ? grad_p->data() : nullptr, grad_q ? grad_q->data() : nullptr,
                                          threads_or_all(threads));
          },
          nb::arg(), nb::arg(), nb::arg(), nb::arg(), nb::arg(), nb::arg().none(), nb::arg().none(), nb::arg());
    m.def(name("pairs_").c_str(),
          [](int of, double parameter, Dense<const T> P, Dense<const T> Q, bool symmetric, Dense<T> out, int threads) {
              nb::gil_scoped_release unlocked;
              all_pairs<T>(static_cast<Question>(of), parameter, P.data(), P.shape(0), Q.data(), Q.shape(0), P.shape(1),
                           symmetric, out.data(), threads_or_all(threads));
          });
    m.def(name("logits_").c_str(),
          [](int of, double weight, const Input& a, const Input& b, Dense<T> out, std::optional<Dense<double>> kept,
             int threads) {
              Batch batch = batch_of(a, b);
              Operand oa = operand(a, batch), ob = operand(b, batch);
              nb::gil_scoped_release unlocked;
              return logit_divergences<T>({static_cast<LogitQuestion>(of), weight}, batch, oa, ob, out.data(),
                                          kept ? kept->data() : nullptr, threads_or_all(threads));
          },
          nb::arg(), nb::arg(), nb::arg(), nb::arg(), nb::arg(), nb::arg().none(), nb::arg());
    m.def(name("logits_gradient_").c_str(),
          [](int of, double weight, const Input& a, const Input& b, Dense<const double> kept, Dense<const T> upstream,
             std::optional<Dense<T>> grad_a, std::optional<Dense<T>> grad_b, int threads) {
              Batch batch = batch_of(a, b);
              Operand oa = operand(a, batch), ob = operand(b, batch);
              nb::gil_scoped_release unlocked;
              logit_gradients<T>({static_cast<LogitQuestion>(of), weight}, batch, oa, ob, kept.data(), upstream.data(),
                                 grad_a ? grad_a->data() : nullptr, grad_b ? grad_b->data() : nullptr,
                                 threads_or_all(threads));
          },
          nb::arg(), nb::arg(), nb::arg(), nb::arg(), nb::arg(), nb::arg(), nb::arg().none(), nb::arg().none(), nb::arg());
    m.def(name("logits_loss_").c_str(),
          [](int of, double weight, const Input& a, const Input& b, double temperature, Dense<const T> upstream, bool of_p,
             Dense<T> out, std::optional<Dense<T>> grad, int threads) {
              Batch batch = batch_of(a, b);
              Operand oa = operand(a, batch), ob = operand(b, batch);
              nb::gil_scoped_release unlocked;
              return logit_losses<T>({static_cast<LogitQuestion>(of), weight}, batch, oa, ob, temperature, upstream.data(),
                                     of_p, out.data(), grad ? grad->data() : nullptr, threads_or_all(threads));
          },
          nb::arg(), nb::arg(), nb::arg(), nb::arg(), nb::arg(), nb::arg(), nb::arg(), nb::arg(), nb::arg().none(), nb::arg());
    m.def(name("labels_").c_str(),
          [](Labels labels, const Input& b, std::int64_t ignore, Dense<T> out, std::optional<Dense<double>> kept, int threads) {
              Batch batch = batch_of(b, b);
              Operand ob = operand(b, batch);
              nb::gil_scoped_release unlocked;
              return label_cross_entropy<T>(batch, labels.data(), ob, ignore, out.data(), kept ? kept->data() : nullptr,
                                            threads_or_all(threads));
          },
          nb::arg(), nb::arg(), nb::arg(), nb::arg(), nb::arg().none(), nb::arg());
    m.def(name("labels_gradient_").c_str(),
          [](Labels labels, const Input& b, std::int64_t ignore, Dense<const double> kept, Dense<const T> upstream,
             Dense<T> grad, int threads) {
              Batch batch = batch_of(b, b);
              Operand ob = operand(b, batch);
              nb::gil_scoped_release unlocked;
              label_gradients<T>(batch, labels.data(), ob, ignore, kept.data(), upstream.data(), grad.data(),
                                 threads_or_all(threads));
          });
}

// n numbers, or one for all.
template <class T>
Operand elements(const Dense<const T>& x, std::int64_t n) {
    Operand operand;
    operand.data = x.data();
    operand.step = static_cast<std::int64_t>(x.size()) == n ? 1 : 0;
    return operand;
}

template <class T>
void bind_families(nb::module_& m, const char* suffix) {
    auto name = [&](const char* stem) { return std::string(stem) + suffix; };
    m.def(name("normal_").c_str(), [](Dense<const T> mean_p, Dense<const T> scale_p, Dense<const T> mean_q,
                                      Dense<const T> scale_q, Dense<T> out, int threads) {
        std::int64_t n = static_cast<std::int64_t>(out.size());
        nb::gil_scoped_release unlocked;
        normal_divergences<T>(elements<T>(mean_p, n), elements<T>(scale_p, n), elements<T>(mean_q, n),
                              elements<T>(scale_q, n), n, out.data(), threads_or_all(threads));
    });
    m.def(name("gap_").c_str(), [](Dense<const T> a, Dense<const T> b, Dense<const T> step, Dense<T> out, int threads) {
        std::int64_t n = static_cast<std::int64_t>(out.size());
        nb::gil_scoped_release unlocked;
        gaps<T>({elements<T>(a, n), elements<T>(b, n), elements<T>(step, n)}, n, out.data(), threads_or_all(threads));
    });
    m.def(name("gamma_").c_str(), [](Dense<const T> a, Dense<const T> b, Dense<const T> step, Dense<const T> rate_p,
                                     Dense<const T> rate_q, Dense<const T> rate_step, Dense<T> out, int threads) {
        std::int64_t n = static_cast<std::int64_t>(out.size());
        nb::gil_scoped_release unlocked;
        gamma_divergences<T>({elements<T>(a, n), elements<T>(b, n), elements<T>(step, n), elements<T>(rate_p, n),
                              elements<T>(rate_q, n), elements<T>(rate_step, n)},
                             n, out.data(), threads_or_all(threads));
    });
}

using Rows = nb::ndarray<const double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

void bind_neighbours(nb::module_& m) {
    nb::class_<Tree>(m, "Tree")
        .def("__init__",
             [](Tree* tree, Rows rows, int distance) {
                 nb::gil_scoped_release unlocked;
                 new (tree) Tree(rows.data(), rows.shape(0), rows.shape(1), static_cast<Distance>(distance));
             })
        .def("nearest",
             [](const Tree& tree, Rows x, Dense<double> out, int threads) {
                 std::int64_t n = x.shape(0);
                 if (n == 0) return;
                 nb::gil_scoped_release unlocked;
                 tree.nearest(x.data(), n, out.size() / n, out.data(), threads_or_all(threads));
             })
        .def("count",
             [](const Tree& tree, Rows x, Dense<const double> radius, Dense<std::int64_t> out, int threads) {
                 nb::gil_scoped_release unlocked;
                 tree.count(x.data(), x.shape(0), radius.data(), out.data(), threads_or_all(threads));
             })
        .def("order", [](const Tree& tree, Dense<std::int64_t> out) {
            std::copy(tree.order().begin(), tree.order().end(), out.data());
        });
}

const char* simd() {
#if defined(__x86_64__) && defined(__GNUC__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) return "AVX-512";
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return "AVX2";
    return "SSE2";
#elif defined(__aarch64__)
    return "NEON";
#else
    return "baseline";
#endif
}

}  // namespace

NB_MODULE(_native, m) {
    nb::set_leak_warnings(false);
    m.def("one_row", &one_row);
    bind<double>(m, "float64");
    bind<float>(m, "float32");
    bind_families<double>(m, "float64");
    bind_families<float>(m, "float32");
    bind_neighbours(m);
    m.attr("kept_per_row") = kept_per_row;
    m.def("threads", &available_threads);
    m.def("simd", &simd);
}
