// Nearest neighbours among rows: a KD-tree with tight boxes and leaves that are compared all at once.
#pragma once
#include <cstdint>
#include <vector>

namespace kullback {

enum class Distance : int { euclidean = 0, chebyshev = 1 };

class Tree {
   public:
    Tree(const double* rows, std::int64_t n, std::int64_t d, Distance distance);

    // out[i · k …]: the distances from row i of x to its k nearest rows, in order.
    void nearest(const double* x, std::int64_t n, std::int64_t k, double* out, int threads) const;

    // out[i]: how many rows lie at most radius[i] from row i of x.
    void count(const double* x, std::int64_t n, const double* radius, std::int64_t* out, int threads) const;

    // The rows in an order in which neighbours follow each other.
    const std::vector<std::int64_t>& order() const { return order_; }
    std::int64_t dimensions() const { return d_; }

   private:
    struct Node {
        std::int64_t begin, end;  // places in order_
        std::int64_t left = -1, right = -1;
        std::int64_t leaf = -1;  // where its rows start in leaves_
    };

    struct Placed {
        double at;  // in the widest column of a node
        std::int64_t row;
    };

    std::int64_t build(const double* rows, std::int64_t begin, std::int64_t end, Placed* line, double* cell);
    void fill_leaf(const double* rows, std::int64_t at);
    void distances(const Node& node, const double* x, double* out) const;
    template <class Box> void search(Box box, const double* x, std::int64_t k, double* best) const;
    template <class Box> std::int64_t held(Box box, const double* x, double reach) const;

    std::int64_t d_;
    Distance distance_;
    std::vector<std::int64_t> order_;
    std::vector<Node> nodes_;
    std::vector<double> boxes_;   // 2 d numbers a node: the least of each column, then the largest
    std::vector<double> leaves_;  // groups of `group` rows, column by column
};

}  // namespace kullback
