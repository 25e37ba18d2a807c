#include "neighbours.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "elementary.hpp"
#include "pool.hpp"

namespace kullback {
namespace {

constexpr int group = 16;          // rows of a leaf that are compared at a time, in registers
constexpr std::int64_t chunk = 64;  // rows searched for by one task
constexpr double loose = 1e-13;     // what rounding can make of a box: d differences, squared and summed

std::int64_t leaf_rows(std::int64_t d) { return d <= 4 ? group : d <= 8 ? 2 * group : 8 * group; }

std::int64_t groups_of(std::int64_t rows) { return (rows + group - 1) / group; }

// Squared distances to rows that lie in groups, column by column.
KB_CLONES void squares(const double* leaf, std::int64_t groups, std::int64_t d, const double* x, double* out) {
    for (std::int64_t g = 0; g < groups; ++g, out += group) {
        double sum[group] = {};
        for (std::int64_t c = 0; c < d; ++c, leaf += group) {
            double at = x[c];
#pragma omp simd
            for (int j = 0; j < group; ++j) {
                double apart = leaf[j] - at;
                sum[j] += apart * apart;
            }
        }
        for (int j = 0; j < group; ++j) out[j] = sum[j];
    }
}

KB_CLONES void largest(const double* leaf, std::int64_t groups, std::int64_t d, const double* x, double* out) {
    for (std::int64_t g = 0; g < groups; ++g, out += group) {
        double most[group] = {};
        for (std::int64_t c = 0; c < d; ++c, leaf += group) {
            double at = x[c];
#pragma omp simd
            for (int j = 0; j < group; ++j) {
                double apart = std::fabs(leaf[j] - at);
                most[j] = apart > most[j] ? apart : most[j];
            }
        }
        for (int j = 0; j < group; ++j) out[j] = most[j];
    }
}

KB_CLONES std::int64_t at_most(const double* values, std::int64_t n, double reach) {
    std::int64_t count = 0;
#pragma omp simd reduction(+ : count)
    for (std::int64_t j = 0; j < n; ++j) count += values[j] <= reach ? 1 : 0;
    return count;
}

// Puts a distance among the k least, in order; the largest of them goes.
void insert(double value, double* best, std::int64_t k) {
    std::int64_t place = k - 1;
    for (; place > 0 && best[place - 1] > value; --place) best[place] = best[place - 1];
    best[place] = value;
}

// One instruction and no branch, which std::max of references is not.
double larger(double a, double b) { return a > b ? a : b; }

// Distances to a box (squared, where Euclidean); D is how many dimensions there are where that is known here, or 0.
template <Distance distance, int D>
struct Box {
    std::int64_t d;
    const double* boxes;

    std::int64_t dimensions() const { return D > 0 ? D : d; }
    const double* low(std::int64_t node) const { return boxes + 2 * dimensions() * node; }

    static double with(double total, double apart) {
        return distance == Distance::euclidean ? total + apart * apart : larger(total, apart);
    }

    double nearest(std::int64_t node, const double* x) const {
        const double *least = low(node), *most = least + dimensions();
        double total = 0;
        for (std::int64_t c = 0; c < dimensions(); ++c)
            total = with(total, larger(larger(least[c] - x[c], x[c] - most[c]), 0.0));
        return distance == Distance::euclidean ? total * (1 - loose) : total;
    }

    double farthest(std::int64_t node, const double* x) const {
        const double *least = low(node), *most = least + dimensions();
        double total = 0;
        for (std::int64_t c = 0; c < dimensions(); ++c) total = with(total, larger(x[c] - least[c], most[c] - x[c]));
        return distance == Distance::euclidean ? total * (1 + loose) : total;
    }
};

// Calls work with the box that fits.
template <Distance distance, class Work>
void with_box_of(std::int64_t d, const double* boxes, const Work& work) {
    switch (d) {
        case 2: return work(Box<distance, 2>{d, boxes});
        case 3: return work(Box<distance, 3>{d, boxes});
        case 4: return work(Box<distance, 4>{d, boxes});
        default: return work(Box<distance, 0>{d, boxes});
    }
}

template <class Work>
void with_box(Distance distance, std::int64_t d, const double* boxes, const Work& work) {
    if (distance == Distance::euclidean)
        with_box_of<Distance::euclidean>(d, boxes, work);
    else
        with_box_of<Distance::chebyshev>(d, boxes, work);
}

}  // namespace

Tree::Tree(const double* rows, std::int64_t n, std::int64_t d, Distance distance) : d_(d), distance_(distance), order_(n) {
    std::iota(order_.begin(), order_.end(), std::int64_t{0});
    if (n == 0) return;
    std::vector<double> cell(2 * d);
    for (std::int64_t c = 0; c < d; ++c) cell[c] = cell[d + c] = rows[c];
    for (std::int64_t i = 1; i < n; ++i)
        for (std::int64_t c = 0; c < d; ++c) {
            cell[c] = std::min(cell[c], rows[i * d + c]);
            cell[d + c] = std::max(cell[d + c], rows[i * d + c]);
        }
    std::vector<Placed> line(n);
    std::int64_t leaves = 2 * n / leaf_rows(d) + 1;
    nodes_.reserve(2 * leaves);
    boxes_.reserve(4 * leaves * d);
    leaves_.reserve(groups_of(n + n / 4) * group * d);
    build(rows, 0, n, line.data(), cell.data());
}

// `cell` bounds the rows of a node loosely, by where its ancestors were cut; their box is known once its leaves are.
std::int64_t Tree::build(const double* rows, std::int64_t begin, std::int64_t end, Placed* line, double* cell) {
    std::int64_t at = static_cast<std::int64_t>(nodes_.size());
    nodes_.push_back({begin, end});
    std::size_t box = boxes_.size();
    boxes_.resize(box + 2 * d_);
    if (end - begin <= leaf_rows(d_)) {
        fill_leaf(rows, at);
        return at;
    }
    std::int64_t widest = 0;
    for (std::int64_t c = 1; c < d_; ++c)
        if (cell[d_ + c] - cell[c] > cell[d_ + widest] - cell[widest]) widest = c;
    std::int64_t middle = begin + (groups_of(end - begin) + 1) / 2 * group;  // full groups on the left
    if (middle >= end) middle = begin + (end - begin) / 2;
    for (std::int64_t i = begin; i < end; ++i) line[i] = {rows[order_[i] * d_ + widest], order_[i]};
    std::nth_element(line + begin, line + middle, line + end, [](const Placed& a, const Placed& b) { return a.at < b.at; });
    for (std::int64_t i = begin; i < end; ++i) order_[i] = line[i].row;
    double cut = line[middle].at, low = cell[widest], high = cell[d_ + widest];
    cell[d_ + widest] = cut;
    std::int64_t left = build(rows, begin, middle, line, cell);
    cell[d_ + widest] = high;
    cell[widest] = cut;
    std::int64_t right = build(rows, middle, end, line, cell);
    cell[widest] = low;
    nodes_[at].left = left;
    nodes_[at].right = right;
    double *own = &boxes_[box], *one = &boxes_[2 * d_ * left], *other = &boxes_[2 * d_ * right];
    for (std::int64_t c = 0; c < d_; ++c) {
        own[c] = std::min(one[c], other[c]);
        own[d_ + c] = std::max(one[d_ + c], other[d_ + c]);
    }
    return at;
}

void Tree::fill_leaf(const double* rows, std::int64_t at) {
    std::int64_t begin = nodes_[at].begin, size = nodes_[at].end - begin, start = static_cast<std::int64_t>(leaves_.size());
    nodes_[at].leaf = start;
    leaves_.resize(start + groups_of(size) * group * d_, std::numeric_limits<double>::infinity());
    double *low = &boxes_[2 * d_ * at], *high = low + d_;
    for (std::int64_t c = 0; c < d_; ++c) low[c] = high[c] = rows[order_[begin] * d_ + c];
    for (std::int64_t i = 0; i < size; ++i) {
        const double* row = rows + order_[begin + i] * d_;
        double* place = &leaves_[start + i / group * d_ * group + i % group];
        for (std::int64_t c = 0; c < d_; ++c) {
            place[c * group] = row[c];
            low[c] = std::min(low[c], row[c]);
            high[c] = std::max(high[c], row[c]);
        }
    }
}

void Tree::distances(const Node& node, const double* x, double* out) const {
    std::int64_t groups = groups_of(node.end - node.begin);
    if (distance_ == Distance::euclidean)
        squares(&leaves_[node.leaf], groups, d_, x, out);
    else
        largest(&leaves_[node.leaf], groups, d_, x, out);
}

// best: the k least distances (squared, where Euclidean) so far, in order.
template <class Box>
void Tree::search(Box box, const double* x, std::int64_t k, double* best) const {
    struct Visit {
        std::int64_t node;
        double least;
    };
    Visit stack[128];  // twice the depth of a tree of halves
    double apart[8 * group];
    std::fill(best, best + k, std::numeric_limits<double>::infinity());
    int top = 0;
    stack[top++] = {0, box.nearest(0, x)};
    while (top > 0) {
        Visit visit = stack[--top];
        if (visit.least >= best[k - 1]) continue;
        const Node* node = &nodes_[visit.node];
        while (node->leaf < 0) {
            double left = box.nearest(node->left, x), right = box.nearest(node->right, x);
            bool first = left <= right;
            if ((first ? right : left) < best[k - 1]) stack[top++] = {first ? node->right : node->left, first ? right : left};
            node = &nodes_[first ? node->left : node->right];
        }
        distances(*node, x, apart);
        std::int64_t rows = node->end - node->begin;
        for (std::int64_t j = 0; j < rows; ++j)
            if (apart[j] < best[k - 1]) insert(apart[j], best, k);
    }
}

template <class Box>
std::int64_t Tree::held(Box box, const double* x, double reach) const {
    std::int64_t stack[128], count = 0;
    double apart[8 * group];
    int top = 0;
    stack[top++] = 0;
    while (top > 0) {
        std::int64_t at = stack[--top];
        if (box.nearest(at, x) > reach) continue;
        const Node& node = nodes_[at];
        if (box.farthest(at, x) <= reach) {
            count += node.end - node.begin;
        } else if (node.leaf < 0) {
            stack[top++] = node.right;
            stack[top++] = node.left;
        } else {
            distances(node, x, apart);
            count += at_most(apart, node.end - node.begin, reach);
        }
    }
    return count;
}

void Tree::nearest(const double* x, std::int64_t n, std::int64_t k, double* out, int threads) const {
    with_box(distance_, d_, boxes_.data(), [&](auto box) {
        parallel(threads, (n + chunk - 1) / chunk, [&](std::int64_t task) {
            for (std::int64_t i = task * chunk; i < std::min(n, (task + 1) * chunk); ++i) {
                double* best = out + i * k;
                search(box, x + i * d_, k, best);
                if (distance_ == Distance::euclidean)
                    for (std::int64_t j = 0; j < k; ++j) best[j] = std::sqrt(best[j]);
            }
        });
    });
}

void Tree::count(const double* x, std::int64_t n, const double* radius, std::int64_t* out, int threads) const {
    with_box(distance_, d_, boxes_.data(), [&](auto box) {
        parallel(threads, (n + chunk - 1) / chunk, [&](std::int64_t task) {
            for (std::int64_t i = task * chunk; i < std::min(n, (task + 1) * chunk); ++i) {
                double r = radius[i];
                out[i] = r < 0 ? 0 : held(box, x + i * d_, distance_ == Distance::euclidean ? r * r : r);
            }
        });
    });
}

}  // namespace kullback
