// Rows of outcomes in somebody else's memory: any batch shape, any strides, half precision read as float.
#pragma once
#include <cstdint>
#include <cstring>

#include "elementary.hpp"

namespace kullback {

constexpr int max_batch = 8;
constexpr int tile = 512;

enum class Storage { same, half, bfloat };

struct Operand {
    const void* data = nullptr;
    std::int64_t step = 1;               // between outcomes, in elements
    std::int64_t strides[max_batch]{};   // between rows, per batch dimension, in elements
    Storage storage = Storage::same;
};

struct Batch {
    int dims = 0;
    std::int64_t shape[max_batch]{};
    std::int64_t rows = 1;
    std::int64_t k = 0;

    std::int64_t offset(const Operand& a, std::int64_t row) const {
        std::int64_t at = 0;
        for (int d = dims - 1; d >= 0; --d) {
            at += (row % shape[d]) * a.strides[d];
            row /= shape[d];
        }
        return at;
    }
    bool dense(const Operand& a) const {  // rows lie one after the other
        if (a.step != 1 || a.storage != Storage::same) return false;
        std::int64_t expected = k;
        for (int d = dims - 1; d >= 0; --d) {
            if (shape[d] != 1 && a.strides[d] != expected) return false;
            expected *= shape[d];
        }
        return true;
    }
};

KB_INLINE float half_to_float(std::uint16_t h) {
    std::uint32_t magnitude = static_cast<std::uint32_t>(h & 0x7FFFu) << 13;
    float scaled = from_bits<float>(magnitude) * 0x1p112f;  // exact, subnormals too
    std::uint32_t bits = (h & 0x7C00u) == 0x7C00u ? magnitude | 0x7F800000u : to_bits(scaled);
    return from_bits<float>(bits | (static_cast<std::uint32_t>(h & 0x8000u) << 16));
}
KB_INLINE float bfloat_to_float(std::uint16_t h) {
    return from_bits<float>(static_cast<std::uint32_t>(h) << 16);
}

namespace {

template <class T>
void gather(const T* from, std::int64_t step, std::int64_t n, T* to) {
    for (std::int64_t i = 0; i < n; ++i) to[i] = from[i * step];
}

KB_CLONES void widen_half(const std::uint16_t* from, std::int64_t step, std::int64_t n, float* to) {
    if (step == 1)
        for (std::int64_t i = 0; i < n; ++i) to[i] = half_to_float(from[i]);
    else
        for (std::int64_t i = 0; i < n; ++i) to[i] = half_to_float(from[i * step]);
}
KB_CLONES void widen_bfloat(const std::uint16_t* from, std::int64_t step, std::int64_t n, float* to) {
    if (step == 1)
        for (std::int64_t i = 0; i < n; ++i) to[i] = bfloat_to_float(from[i]);
    else
        for (std::int64_t i = 0; i < n; ++i) to[i] = bfloat_to_float(from[i * step]);
}

// n outcomes from element `at` on, as contiguous T: a pointer into the caller's memory, or into buffer.
template <class T>
const T* read(const Operand& a, std::int64_t at, std::int64_t n, T* buffer) {
    if constexpr (sizeof(T) == 4) {
        const auto* halves = static_cast<const std::uint16_t*>(a.data) + at;
        if (a.storage == Storage::half) {
            widen_half(halves, a.step, n, buffer);
            return buffer;
        }
        if (a.storage == Storage::bfloat) {
            widen_bfloat(halves, a.step, n, buffer);
            return buffer;
        }
    }
    const T* from = static_cast<const T*>(a.data) + at;
    if (a.step == 1) return from;
    gather(from, a.step, n, buffer);
    return buffer;
}

}  // namespace
}  // namespace kullback
